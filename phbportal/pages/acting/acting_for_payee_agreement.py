"""Agreements about how money is managed for whoever acts for somebody: a representative signs for the person, a nominee
for themselves."""

from __future__ import annotations

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import acting_page
from phbportal.domain.payee_agreement import AgreementStatus, Signer
from phbportal.domain.roles import Role
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads
from phbportal.edge.outcomes import new_form
from phbportal.pages.shared.payee_agreement import SigningPage, other_agreements, to_sign, whole_agreement
from phbportal.policy.permissions import Permission
from phbportal.queries.acted_for import part_of
from phbportal.queries.ids import given_id
from phbportal.queries.payee_agreements import PayeeAgreementView, payee_agreements
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.links import back_link
from phbportal.ui.text import columns, heading, loading, paragraph
from phbportal.ui.values import pick, when


class ActingPayeeAgreementState(SigningPage, rx.State):
    """The agreement that waits for them, else the latest in their sight."""

    whose: str = ""
    others: list[PayeeAgreementView] = []

    @reads(Permission.ACTED_FOR_READ)
    def load(self, uow: UnitOfWork) -> None:
        self._show(uow)
        new_form(self)
        self.ready = True

    def _show(self, uow: UnitOfWork) -> None:
        part_id = given_id(params_of(self).get("part", ""))
        part, person_id = part_of(uow.session, uow.actor, uow.today, part_id)
        self.whose = part.whose
        found = payee_agreements(uow.session, uow.actor, uow.today, person_id=person_id)
        own = Signer.NOMINEE if uow.actor.role is Role.NOMINEE else Signer.PERSON
        waiting = [one for one in found if one.status is AgreementStatus.OPEN and own in one.needed - one.signed]
        shown = (waiting or found)[:1]
        self.agreement = shown[0].view if shown else PayeeAgreementView()
        self.others = [one.view for one in found if one not in shown]
        self.may_sign = bool(waiting)


def agreement() -> rx.Component:
    """Read it first, then sign."""
    s = ActingPayeeAgreementState
    body = rx.cond(
        s.agreement.id,
        rx.fragment(
            paragraph("This is about how the money of ", s.whose, " is looked after. Ask the team if it is not clear."),
            when(s.may_sign, paragraph("You do not have to sign here. You can also sign on paper with the team.")),
            heading(s.agreement.title),
            whole_agreement(s.agreement),
            to_sign(s, words="I have read this and I agree", press="Sign"),
            other_agreements(s.others),
        ),
        paragraph("There is no agreement about the money yet."),
    )
    return acting_page(
        pick(s.whose, "Agreements about the money of " + s.whose, "Agreements about the money"),
        rx.cond(s.ready, columns(body), loading()),
        state=s,
        before=back_link(routes.ACTING_FOR, "People you act for"),
    )
