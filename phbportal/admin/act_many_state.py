"""The one state behind every action on the chosen rows of a list: how many, what it asks, and the button."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.admin import addresses
from phbportal.admin.act_state import asked_by, asked_inputs, button_words
from phbportal.admin.inputs import Input, read_form
from phbportal.admin.picking import PICKED, act_on_many, chosen_rows, picked_words
from phbportal.admin.resolve import action_on_many_here, action_steps_up, may_act, resource_here
from phbportal.admin.second import WORDS
from phbportal.domain.text import within
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form
from phbportal.services.unit_of_work import UnitOfWork

MOST_NAMED = 20


class ActManyState(PageState, rx.State):
    """An action of any resource on several rows."""

    title: str = ""
    caption: str = ""
    explains: str = ""
    button: str = ""
    second: str = ""
    names: list[str] = []
    more: str = ""
    back_href: str = ""
    inputs: list[Input] = []
    values: dict[str, str] = {}

    @reads(may_act)
    def load(self, uow: UnitOfWork) -> None:
        resource, action = resource_here(self), action_on_many_here(self)
        rows = chosen_rows(uow, resource, self._picked())
        names, more = list(rows.values()), len(rows) - MOST_NAMED
        self.title, self.explains, self.caption = action.label, action.explains, picked_words(resource, list(rows))
        self.names, self.more = names[:MOST_NAMED], f"and {more} more" if more > 0 else ""
        self.button, self.second = button_words(action), WORDS if action.second else ""
        self.back_href = addresses.list_address(resource, self._query())
        self.inputs, self.values = asked_inputs(action, self.draft), dict(self.draft)
        new_form(self)
        self.ready = True
        uow.saw(f"form about {within(resource.many)}", rows=len(rows))

    @writes(may_act, step_up=action_steps_up)
    def act(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        resource, action = resource_here(self), action_on_many_here(self)
        self.values = dict(form)
        rows, values = chosen_rows(uow, resource, self._picked()), read_form(asked_by(action), form)
        done = act_on_many(uow, resource, action, rows, values, self.form_key)
        query = {**self._query(), "done": action.code, "count": str(done)}
        return rx.redirect(addresses.list_address(resource, query))

    def _picked(self) -> str:
        return str(params_of(self).get(PICKED, ""))

    def _query(self) -> dict[str, str]:
        """The list one came from."""
        params: Any = params_of(self)
        return {name: str(value) for name, value in params.items() if name not in (PICKED, "resource", "action")}
