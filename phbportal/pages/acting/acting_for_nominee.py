"""A representative proposes a nominee for the person they represent."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import acting_page
from phbportal.domain.errors import NotFound
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form
from phbportal.pages.shared.nomination import nomination_form
from phbportal.policy.permissions import Permission
from phbportal.queries.acted_for import part_of
from phbportal.queries.ids import given_id
from phbportal.services.nominations import nominate, read_nomination
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.links import back_link
from phbportal.ui.text import columns, loading
from phbportal.ui.values import pick


class ActingNomineeState(PageState, rx.State):
    """The form, for a representative who may choose."""

    whose: str = ""

    @reads(Permission.NOMINEE_PROPOSE)
    def load(self, uow: UnitOfWork) -> None:
        part, _person = part_of(uow.session, uow.actor, uow.today, self._id())
        if not part.may_nominate:
            raise NotFound()
        self.whose = part.whose
        new_form(self)
        self.ready = True

    @writes(Permission.NOMINEE_PROPOSE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        _part, person_id = part_of(uow.session, uow.actor, uow.today, self._id())
        entry = read_nomination(form)
        uow.once("nominee", self.form_key, form, lambda: str(nominate(uow, person_id, entry)))
        return rx.redirect(f"{routes.ACTING_FOR}?done=proposed")

    def _id(self) -> Any:
        return given_id(params_of(self).get("part", ""))


def nominee() -> rx.Component:
    """What a nominee does, and who it is to be."""
    s: Any = ActingNomineeState
    words = nomination_form(s, you=s.whose, your=s.whose + "’s", their="their")
    return acting_page(
        pick(s.whose, "Propose a nominee for " + s.whose, "Propose a nominee"),
        rx.cond(s.ready, columns(words), loading()),
        state=s,
        before=back_link(routes.ACTING_FOR, "People you act for"),
    )
