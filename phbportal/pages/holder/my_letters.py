"""How a budget holder gets letters: by post or by e-mail, as they choose."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import holder_page
from phbportal.edge.markers import reads, writes
from phbportal.pages.shared.letters_choice import SAVED, LettersPage, letters_form
from phbportal.policy.permissions import Permission
from phbportal.queries.letter_choices import own_letters
from phbportal.services.letter_choices import choose_own_letters, read_letter_choice
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.links import back_link
from phbportal.ui.text import columns, loading


class MyLettersState(LettersPage, rx.State):
    """The holder's own choice."""

    @reads(Permission.OWN_BUDGET_READ)
    def load(self, uow: UnitOfWork) -> None:
        self._show(own_letters(uow.session, uow.actor, uow.today))
        self.ready = True

    @writes(Permission.OWN_SETTINGS_WRITE, step_up=True)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        choose_own_letters(uow, read_letter_choice(form))
        self.notice = SAVED


def my_letters() -> rx.Component:
    """One question."""
    s: Any = MyLettersState
    return holder_page(
        "How I get letters",
        rx.cond(s.ready, columns(letters_form(s)), loading()),
        state=s,
        before=back_link(routes.MY_DECISIONS, "Decisions"),
    )
