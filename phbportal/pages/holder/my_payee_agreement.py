"""A holder's agreements about how their money is managed: to read and to sign."""

from __future__ import annotations

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import holder_page
from phbportal.domain.payee_agreement import AgreementStatus, Signer
from phbportal.edge.markers import reads
from phbportal.edge.outcomes import new_form
from phbportal.pages.shared.payee_agreement import SigningPage, other_agreements, to_sign, whole_agreement
from phbportal.policy.permissions import Permission
from phbportal.queries.payee_agreements import PayeeAgreementView, payee_agreements
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.links import back_link
from phbportal.ui.text import columns, heading, loading, paragraph
from phbportal.ui.values import when


class MyPayeeAgreementState(SigningPage, rx.State):
    """The agreement that waits, else the one in force."""

    others: list[PayeeAgreementView] = []

    @reads(Permission.OWN_BUDGET_READ)
    def load(self, uow: UnitOfWork) -> None:
        self._show(uow)
        new_form(self)
        self.ready = True

    def _show(self, uow: UnitOfWork) -> None:
        found = payee_agreements(uow.session, uow.actor, uow.today)
        waiting = [one for one in found if one.status is AgreementStatus.OPEN and Signer.PERSON not in one.signed]
        shown = (waiting or found)[:1]
        self.agreement = shown[0].view if shown else PayeeAgreementView()
        self.others = [one.view for one in found if one not in shown]
        self.may_sign = bool(waiting)


def my_payee_agreement() -> rx.Component:
    """Read it first, then sign."""
    s = MyPayeeAgreementState
    body = rx.cond(
        s.agreement.id,
        rx.fragment(
            paragraph("This is about how your money is looked after. Ask your team if it is not clear."),
            when(s.may_sign, paragraph("You do not have to sign here. You can also sign on paper with your team.")),
            heading(s.agreement.title),
            whole_agreement(s.agreement),
            to_sign(s, words="I have read this and I agree", press="Sign"),
            other_agreements(s.others),
        ),
        paragraph("There is no agreement about the money yet."),
    )
    return holder_page(
        "Agreements about my money",
        rx.cond(s.ready, columns(body), loading()),
        state=s,
        before=back_link(routes.MY_BUDGET, "My budget"),
    )
