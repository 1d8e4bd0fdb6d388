"""How somebody who acts for a person gets letters about them: by post or by e-mail, as they choose."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.admin.frame import acting_page
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.pages.shared.letters_choice import SAVED, LettersPage, letters_form
from phbportal.policy.permissions import Permission
from phbportal.queries.acted_for import part_of
from phbportal.queries.ids import given_id
from phbportal.queries.letter_choices import letters_of_part
from phbportal.services.letter_choices import choose_letters_of_part, read_letter_choice
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.links import back_link
from phbportal.ui.text import columns, loading
from phbportal.ui.values import pick


class ActingLettersState(LettersPage, rx.State):
    """The choice for one part."""

    whose: str = ""
    part_href: str = ""

    @reads(Permission.ACTED_FOR_READ)
    def load(self, uow: UnitOfWork) -> None:
        part, _person = part_of(uow.session, uow.actor, uow.today, self._id())
        self.whose, self.part_href = part.whose, part.href
        self._show(letters_of_part(uow.session, uow.actor, uow.today, self._id()))
        self.ready = True

    @writes(Permission.ACTED_FOR_ANSWER, step_up=True)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        choose_letters_of_part(uow, self._id(), read_letter_choice(form))
        self.notice = SAVED

    def _id(self) -> Any:
        return given_id(params_of(self).get("part", ""))


def letters() -> rx.Component:
    """One question."""
    s: Any = ActingLettersState
    return acting_page(
        pick(s.whose, "How you get letters about " + s.whose, "How you get letters"),
        rx.cond(s.ready, columns(letters_form(s)), loading()),
        state=s,
        before=back_link(s.part_href, "Your part"),
    )
