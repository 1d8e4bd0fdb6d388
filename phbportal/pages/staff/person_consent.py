"""Recording a consent, and its withdrawal."""

from __future__ import annotations

import reflex as rx

from phbportal.domain.consents import CONSENT_KIND_WORDS, GIVEN_BY_WORDS, ConsentKind
from phbportal.edge.markers import reads, writes
from phbportal.pages.staff.person_form import AboutPerson, person_form_page
from phbportal.policy.permissions import Permission
from phbportal.queries.person_forms import consent_words
from phbportal.services.consents import read_consent, read_withdrawal, record_consent, withdraw_consent
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group
from phbportal.ui.choices import Choice, radios
from phbportal.ui.forms import date_input, form, text_input, textarea
from phbportal.ui.links import link
from phbportal.ui.notices import inset, warning
from phbportal.ui.text import paragraph
from phbportal.ui.values import pick

KINDS = [Choice(kind.value, words[0].upper() + words[1:]) for kind, words in CONSENT_KIND_WORDS.items()]
GIVERS = [Choice(giver.value, words) for giver, words in GIVEN_BY_WORDS.items()]


class ConsentState(AboutPerson, rx.State):
    """The form that records a consent."""

    representative: bool = False

    @reads(Permission.CONSENT_WRITE)
    def load(self, uow: UnitOfWork) -> None:
        self.representative = self._about(uow, "consent form").representative_consents
        self.ready = True

    @writes(Permission.CONSENT_WRITE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        entry = read_consent(form, uow.today)
        uow.once("consent", self.form_key, form, lambda: str(record_consent(uow, self._id(), entry)))
        return self._done("consent")


class WithdrawalState(AboutPerson, rx.State):
    """The form that records a withdrawal."""

    consent_words: str = ""

    @reads(Permission.CONSENT_WRITE)
    def load(self, uow: UnitOfWork) -> None:
        self._about(uow, "consent form")
        self.consent_words = consent_words(uow.session, uow.actor, uow.today, self._id(), self._id("consent"))
        self.ready = True

    @writes(Permission.CONSENT_WRITE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        withdraw_consent(uow, self._id("consent"), read_withdrawal(form, uow.today))
        return self._done("withdrawn")


def consent() -> rx.Component:
    """Who consented, when, and where that can be seen."""
    s = ConsentState
    return person_form_page(
        "Record a consent",
        pick(
            s.representative,
            inset("A representative must consent for this person: they are under 16, or lack capacity to decide."),
            inset("This person is 16 or over, so they consent themselves, unless they lack capacity to decide."),
        ),
        form(
            radios("kind", "What was consented to?", KINDS, value=ConsentKind.DIRECT_PAYMENT, error=s.errors["kind"]),
            radios("given_by", "Who gave the consent?", GIVERS, error=s.errors["given_by"]),
            text_input(
                "giver_name",
                "Name of the representative",
                error=s.errors["giver_name"],
                hint="Only if a representative consented",
                width="20",
                auto_complete="off",
            ),
            date_input("given_on", "When was it given?", error=s.errors["given_on"]),
            textarea(
                "evidence",
                "Where can it be seen?",
                error=s.errors["evidence"],
                hint="For example, the signed form in the shared folder, or a letter of 6 April 2026",
                rows=3,
            ),
            button_group(button("Record the consent"), link("Cancel", s.back)),
            on_submit=s.save,
        ),
        state=s,
    )


def withdrawal() -> rx.Component:
    """From which day nothing more is paid."""
    s = WithdrawalState
    return person_form_page(
        "Record that a consent was withdrawn",
        paragraph(s.consent_words),
        warning(
            "Nothing is paid by direct payment on or after the day of the withdrawal. This cannot be undone; a new "
            "consent can be recorded.",
        ),
        form(
            date_input("withdrawn_on", "When was it withdrawn?", error=s.errors["withdrawn_on"]),
            button_group(button("Record the withdrawal", kind="warning"), link("Cancel", s.back)),
            on_submit=s.save,
        ),
        state=s,
    )
