"""An agreement about how money is managed drawn, the same for everybody who may see it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.edge.markers import writes
from phbportal.edge.outcomes import PageState
from phbportal.pages.shared.arrangement import agreement_words, signatures_table
from phbportal.policy.permissions import Permission
from phbportal.queries.ids import given_id
from phbportal.queries.payee_agreements import PayeeAgreementView
from phbportal.services.agreements import read_agreed
from phbportal.services.payee_agreements import sign
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group
from phbportal.ui.choices import checkbox
from phbportal.ui.details import details
from phbportal.ui.forms import form
from phbportal.ui.tags import Colour, status_tag
from phbportal.ui.text import heading, paragraph
from phbportal.ui.values import when

COLOURS: dict[str, Colour] = {"Signed by everybody": "green", "Waiting for signatures": "yellow"}


class SigningPage(PageState, mixin=True):
    """An agreement, and whether whoever reads it may sign it here."""

    agreement: PayeeAgreementView = PayeeAgreementView()
    may_sign: bool = False

    @writes(Permission.PAYEE_AGREEMENT_SIGN)
    def sign(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        read_agreed(form)
        sign(uow, given_id(self.agreement.id))
        self._show(uow)
        self.notice = self._signed()

    def _signed(self) -> str:
        """What is said once it is signed."""
        return "You have signed the agreement."

    def _show(self, uow: UnitOfWork) -> None:
        """Show the agreement as it stands."""
        raise NotImplementedError


def whole_agreement(agreement: Any) -> rx.Component:
    """Where it stands, its words, and who has signed."""
    return rx.fragment(
        paragraph(status_tag(agreement.status, COLOURS)),
        when(agreement.waits, paragraph("Still to sign: ", agreement.waits, ".")),
        agreement_words(agreement, level=2),
        heading("Signatures"),
        signatures_table(agreement),
    )


def other_agreements(agreements: Any) -> rx.Component:
    """The others, to be read: each behind its name."""
    return when(
        agreements,
        heading("Your other agreements"),
        rx.foreach(
            agreements,
            lambda one: details(one.title, paragraph(status_tag(one.status, COLOURS)), agreement_words(one, level=3)),
        ),
    )


def to_sign(s: Any, *, words: Any, press: Any) -> rx.Component:
    """The box to tick and the button, for whoever may sign now."""
    return when(
        s.may_sign,
        form(
            checkbox("agreed", words, error=s.errors["agreed"]),
            button_group(button(press)),
            on_submit=s.sign,
        ),
    )
