"""A holder's agreements with organisations that hold their money: in plain words, to read and to sign."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import holder_page
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form
from phbportal.pages.shared.arrangement import ARRANGEMENT_COLOURS, agreement_words, signatures_table
from phbportal.policy.permissions import Permission
from phbportal.queries.arrangements import AgreementView, own_agreements, to_sign_and_others
from phbportal.queries.ids import given_id
from phbportal.queries.payee_agreements import payee_agreements
from phbportal.services.agreements import read_agreed, sign_agreement
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group
from phbportal.ui.choices import checkbox
from phbportal.ui.forms import form
from phbportal.ui.links import back_link, link
from phbportal.ui.tags import status_tag
from phbportal.ui.text import columns, heading, loading, paragraph
from phbportal.ui.values import when


class MyAgreementsState(PageState, rx.State):
    """The agreement that waits for the holder's signature, if one does, and the others."""

    to_sign: AgreementView = AgreementView()
    others: list[AgreementView] = []
    about_money: bool = False

    @reads(Permission.OWN_BUDGET_READ)
    def load(self, uow: UnitOfWork) -> None:
        self._show(uow)
        new_form(self)
        self.ready = True

    @writes(Permission.AGREEMENT_SIGN)
    def sign(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        read_agreed(form)
        sign_agreement(uow, given_id(self.to_sign.id))
        self._show(uow)
        self.notice = "You have signed the agreement."

    def _show(self, uow: UnitOfWork) -> None:
        found = own_agreements(uow.session, uow.actor, uow.today)
        self.to_sign, self.others = to_sign_and_others(found)
        self.about_money = bool(payee_agreements(uow.session, uow.actor, uow.today))


def my_agreements() -> rx.Component:
    """The one to sign first, then the others."""
    s = MyAgreementsState
    return holder_page(
        "My agreements",
        rx.cond(
            s.ready,
            columns(_to_sign(s), rx.foreach(s.others, _other), _none(s), when(s.about_money, _direct())),
            loading(),
        ),
        state=s,
        before=back_link(routes.MY_BUDGET, "My budget"),
    )


def _direct() -> rx.Component:
    return paragraph(link("Agreements about how my money is looked after", routes.MY_PAYEE_AGREEMENT))


def _to_sign(s: Any) -> rx.Component:
    agreement = s.to_sign
    return when(
        agreement.id,
        heading(rx.el.span("Agreement with ", agreement.organisation)),
        paragraph(
            agreement.organisation, " will hold money for you. Read this first. Ask your team if it is not clear."
        ),
        paragraph("You do not have to sign here. You can also sign on paper with your team."),
        agreement_words(agreement),
        heading("Signatures", level=3),
        signatures_table(agreement),
        form(
            checkbox("agreed", "I have read this and I agree", error=s.errors["agreed"]),
            button_group(button("Sign")),
            on_submit=s.sign,
        ),
    )


def _other(agreement: Any) -> rx.Component:
    return rx.fragment(
        heading(rx.el.span("Agreement with ", agreement.organisation)),
        paragraph(status_tag(agreement.status, ARRANGEMENT_COLOURS)),
        agreement_words(agreement),
        heading("Signatures", level=3),
        signatures_table(agreement),
    )


def _none(s: Any) -> rx.Component:
    return rx.cond(
        s.to_sign.id, rx.fragment(), rx.cond(s.others, rx.fragment(), paragraph("You have no agreements to sign."))
    )
