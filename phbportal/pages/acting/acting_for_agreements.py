"""Agreements with organisations that hold money for somebody: a representative reads and signs for the person."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import acting_page
from phbportal.domain.errors import NotFound
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form
from phbportal.pages.shared.arrangement import ARRANGEMENT_COLOURS, agreement_words, signatures_table
from phbportal.policy.permissions import Permission
from phbportal.queries.acted_for import part_of
from phbportal.queries.arrangements import AgreementView, own_agreements, to_sign_and_others
from phbportal.queries.ids import given_id
from phbportal.services.agreements import read_agreed, sign_agreement
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group
from phbportal.ui.choices import checkbox
from phbportal.ui.forms import form
from phbportal.ui.links import back_link
from phbportal.ui.tags import status_tag
from phbportal.ui.text import columns, heading, loading, paragraph
from phbportal.ui.values import pick, when


class ActingAgreementsState(PageState, rx.State):
    """The agreement that waits for a signature for the person, if one does, and the others."""

    whose: str = ""
    to_sign: AgreementView = AgreementView()
    others: list[AgreementView] = []

    @reads(Permission.ACTED_FOR_READ)
    def load(self, uow: UnitOfWork) -> None:
        self._show(uow)
        new_form(self)
        self.ready = True

    @writes(Permission.AGREEMENT_SIGN)
    def sign(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        read_agreed(form)
        sign_agreement(uow, given_id(self.to_sign.id))
        self._show(uow)
        self.notice = f"You have signed the agreement for {self.whose}."

    def _show(self, uow: UnitOfWork) -> None:
        part_id = given_id(params_of(self).get("part", ""))
        part, person_id = part_of(uow.session, uow.actor, uow.today, part_id)
        if not part.represents:
            raise NotFound()
        found = own_agreements(uow.session, uow.actor, uow.today, person_id=person_id)
        self.whose = part.whose
        self.to_sign, self.others = to_sign_and_others(found)


def agreements() -> rx.Component:
    """The one to sign first, then the others."""
    s = ActingAgreementsState
    none = pick(s.to_sign.id, rx.fragment(), pick(s.others, rx.fragment(), paragraph("There are no agreements yet.")))
    return acting_page(
        pick(s.whose, "Agreements for " + s.whose, "Agreements"),
        rx.cond(s.ready, columns(_to_sign(s), rx.foreach(s.others, _other), none), loading()),
        state=s,
        before=back_link(routes.ACTING_FOR, "People you act for"),
    )


def _to_sign(s: Any) -> rx.Component:
    agreement = s.to_sign
    return when(
        agreement.id,
        heading(rx.el.span("Agreement with ", agreement.organisation)),
        paragraph(agreement.organisation, " will hold money for ", s.whose, ". Read this first. Ask the team if it is "
                  "not clear."),
        paragraph("You sign for ", s.whose, ", in their best interests. Your signature says so, and why you may. You "
                  "can also sign on paper with the team."),
        agreement_words(agreement),
        heading("Signatures", level=3),
        signatures_table(agreement),
        form(
            checkbox("agreed", "I have read this and I agree for " + s.whose, error=s.errors["agreed"]),
            button_group(button("Sign for " + s.whose)),
            on_submit=s.sign,
        ),
    )  # fmt: skip


def _other(agreement: Any) -> rx.Component:
    return rx.fragment(
        heading(rx.el.span("Agreement with ", agreement.organisation)),
        paragraph(status_tag(agreement.status, ARRANGEMENT_COLOURS)),
        agreement_words(agreement),
        heading("Signatures", level=3),
        signatures_table(agreement),
    )
