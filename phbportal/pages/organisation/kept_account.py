"""The agreement about a managed account, for the organisation that keeps it: to read and to sign."""

from __future__ import annotations

from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import organisation_page
from phbportal.domain.payee_agreement import AgreementStatus, Signer
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads
from phbportal.edge.outcomes import new_form
from phbportal.pages.shared.payee_agreement import SigningPage, to_sign, whole_agreement
from phbportal.policy.permissions import Permission
from phbportal.queries.ids import given_id
from phbportal.queries.kept_accounts import kept_agreement
from phbportal.queries.payee_agreements import payee_agreements
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.links import back_link
from phbportal.ui.text import columns, loading, paragraph


class KeptAccountState(SigningPage, rx.State):
    """The agreement the address names."""

    person: str = ""

    @reads(Permission.OWN_ORGANISATION_READ)
    def load(self, uow: UnitOfWork) -> None:
        self._show(uow)
        new_form(self)
        self.ready = True

    def _signed(self) -> str:
        return "You have signed the agreement for your organisation."

    def _show(self, uow: UnitOfWork) -> None:
        found = kept_agreement(uow.session, uow.actor, uow.today, self._id())
        shown = payee_agreements(uow.session, uow.actor, uow.today, agreement_id=found.id)[0]
        self.person, self.agreement = found.person, shown.view
        self.may_sign = shown.status is AgreementStatus.OPEN and Signer.ORGANISATION not in shown.signed
        uow.saw("payee agreement", person_id=found.person_id, phb_id=found.phb_id, icb_id=found.icb_id)

    def _id(self) -> UUID:
        return given_id(params_of(self).get("agreement", ""))


def kept_account() -> rx.Component:
    """Read it first, then sign."""
    s = KeptAccountState
    body = rx.fragment(
        paragraph("You keep this account for the person, and pay what you are told to pay."),
        whole_agreement(s.agreement),
        to_sign(s, words="I have read this and sign it for my organisation", press="Sign for the organisation"),
    )
    return organisation_page(
        "Account kept for " + s.person,
        rx.cond(s.ready, columns(body), loading()),
        state=s,
        before=back_link(routes.ORGANISATION, "Arrangements"),
    )
