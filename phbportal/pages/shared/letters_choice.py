"""Choosing how one gets letters: the same form for a holder and for whoever acts for somebody."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.admin.confirming import confirm_hint
from phbportal.domain.letters import By
from phbportal.edge.outcomes import PageState
from phbportal.queries.letter_choices import ChosenLetters
from phbportal.ui.buttons import button, button_group
from phbportal.ui.choices import Choice, radios
from phbportal.ui.forms import form, text_input
from phbportal.ui.text import paragraph

SAVED = "Your choice is saved. Letters we write from now on come this way."
WAYS = [
    Choice(By.POST.value, "By post"),
    Choice(By.EMAIL.value, "By e-mail", "The whole letter is in the e-mail"),
    Choice(By.EMAIL_NOTE.value, "A short e-mail, and I read the letter here",
           "The e-mail only says that a letter waits. You sign in to read it"),
]  # fmt: skip


class LettersPage(PageState, mixin=True):
    """What was chosen before, or typed before a step-up."""

    by: str = ""
    email: str = ""
    again: str = ""

    def _show(self, chosen: ChosenLetters) -> None:
        self.by = self.draft.get("letters_by", chosen.by)
        self.email = self.draft.get("email", chosen.email)
        self.again = self.draft.get("email_again", chosen.email)


def letters_form(s: Any) -> rx.Component:
    """The ways, and where e-mails go."""
    return rx.fragment(
        paragraph("We write to you when something is decided. You can choose how these letters reach you."),
        form(
            radios("letters_by", "How do you want to get letters?", WAYS, value=s.by, error=s.errors["letters_by"],
                   hint="Anybody who can open your e-mails can read an e-mail from us."),
            text_input("email", "Your e-mail address", value=s.email, error=s.errors["email"], type="email",
                       auto_complete="email", spell_check=False, hint="Leave it empty if you want letters by post"),
            text_input("email_again", "Your e-mail address again", value=s.again, error=s.errors["email_again"],
                       type="email", auto_complete="off", spell_check=False,
                       hint="So that no letter goes to somebody else"),
            confirm_hint(s),
            button_group(button("Save my choice")),
            on_submit=s.save,
        ),
    )  # fmt: skip
