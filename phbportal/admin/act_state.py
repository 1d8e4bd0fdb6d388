"""The one state behind every action on a row: what it asks, and the button."""

from __future__ import annotations

from collections.abc import Mapping

import reflex as rx

from phbportal import routes
from phbportal.admin import addresses
from phbportal.admin.again import proposed_before
from phbportal.admin.fields import Field
from phbportal.admin.inputs import Input, answers_so_far, inputs_of, read_form
from phbportal.admin.proposing import propose_act
from phbportal.admin.record import row_values
from phbportal.admin.resolve import action_here, action_steps_up, may_act, resource_here
from phbportal.admin.resource import Action
from phbportal.admin.second import PROPOSE, WORDS, asked
from phbportal.domain.errors import Refusal
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form
from phbportal.services.unit_of_work import UnitOfWork

CHANGED = "This has changed since you opened the page. Go back and look at it; if you still want this, press again."


def asked_by(action: Action) -> tuple[Field, ...]:
    """What an action asks; and why, where a second person decides and it does not ask that itself."""
    return (*action.asks, *asked(action.second, action.why))


def asked_inputs(action: Action, draft: Mapping[str, str]) -> list[Input]:
    """The controls of what an action asks."""
    return inputs_of(asked_by(action), draft, {}, {})


def button_words(action: Action) -> str:
    """The button of an action says what it does: where a second person decides, it proposes."""
    return PROPOSE if action.second else action.label


class ActState(PageState, rx.State):
    """An action of any resource on one row."""

    title: str = ""
    caption: str = ""
    explains: str = ""
    button: str = ""
    second: str = ""
    back_href: str = ""
    inputs: list[Input] = []
    values: dict[str, str] = {}
    answers: dict[str, str] = {}
    _version: int = 0

    @reads(may_act)
    def load(self, uow: UnitOfWork) -> None:
        resource, action, key = resource_here(self), action_here(self), self._key()
        row = row_values(uow.session, uow.actor, uow.today, resource, key, ())
        self.title, self.explains, self.caption = action.label, action.explains, row.title
        self.back_href = addresses.record_address(resource, key)
        self.button, self.second = button_words(action), WORDS if action.second else ""
        self.values = {**proposed_before(uow, resource, action, key, self._param("again")), **self.draft}
        self.inputs = asked_inputs(action, self.values)
        self.answers = answers_so_far(self.inputs, self.values)
        self._version = row.row_version
        new_form(self)
        self.ready = True
        uow.saw(f"form about {resource.one}", person_id=row.person_id, phb_id=row.phb_id)

    @reads(may_act, aside=True)
    def answer(self, uow: UnitOfWork, field: str, value: str) -> None:
        self.answers = {**self.answers, field: value}

    @writes(may_act, step_up=action_steps_up)
    def act(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        resource, action, key = resource_here(self), action_here(self), self._key()
        self.values = dict(form)
        values = read_form(asked_by(action), form)
        row = row_values(uow.session, uow.actor, uow.today, resource, key, ())

        def do() -> str:
            if row.row_version != self._version:
                self._version = row.row_version
                raise Refusal(CHANGED)
            if action.second:
                return str(propose_act(uow, resource, action, row.id, values, again=self._param("again")))
            action.act(uow, row.id, values)
            return key

        done = uow.once(f"{resource.code}/{action.code}", self.form_key, {**form, "row": key}, do)
        if action.second:
            return rx.redirect(f"{routes.staff_change(done)}?done=proposed")
        return rx.redirect(f"{addresses.record_address(resource, key)}?done={action.code}")

    def _key(self) -> str:
        return self._param("row")

    def _param(self, name: str) -> str:
        return str(params_of(self).get(name, ""))
