"""Letting a budget holder sign in, or stopping them."""

from __future__ import annotations

import reflex as rx

from phbportal.edge.markers import reads, writes
from phbportal.pages.staff.person_form import AboutPerson, person_form_page
from phbportal.policy.permissions import Permission
from phbportal.services.people import read_switch, switch_sign_in
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group
from phbportal.ui.choices import Choice, radios
from phbportal.ui.forms import form
from phbportal.ui.links import link
from phbportal.ui.text import paragraph

ANSWERS = [
    Choice("yes", "Yes", "They see their plan and their budget, and nobody else’s"),
    Choice("no", "No", "They are signed out at once if they are signed in"),
]


class SignInState(AboutPerson, rx.State):
    """The form."""

    now: str = ""

    @reads(Permission.PERSON_WRITE)
    def load(self, uow: UnitOfWork) -> None:
        self.now = "yes" if self._about(uow, "sign-in form").signs_in else "no"
        self.ready = True

    @writes(Permission.PERSON_WRITE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        switch_sign_in(uow, self._id(), on=read_switch(form))
        return self._done("sign-in")


def sign_in() -> rx.Component:
    """One question."""
    s = SignInState
    return person_form_page(
        "Sign-in for the budget holder",
        paragraph(
            "Budget holders sign in with NHS login. It tells the portal their NHS number, date of birth and family "
            "name; all three must match this record."
        ),
        form(
            radios("on", "Can this person sign in?", ANSWERS, value=s.now, error=s.errors["on"], size="m"),
            button_group(button("Save"), link("Cancel", s.back)),
            on_submit=s.save,
        ),
        state=s,
    )
