"""A page of the tests' own, with a handler of each kind; it is there only where the tests' portal is."""

from __future__ import annotations

import reflex as rx

from phbportal.domain.errors import NotFound, Refusal
from phbportal.edge.markers import public, reads, writes
from phbportal.edge.outcomes import PageState, new_form
from phbportal.policy.permissions import Permission
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.organisations import Organisation

NAME = "reflex___state____state.tests___support___trial____trial"
SECRET = "Words that must not leave the handler, 999 000 0018"


class Trial(PageState, rx.State):
    """Shows what it was sent; ``kept`` is never sent to a browser."""

    shown: str = ""
    said: str = ""
    _kept: str = ""

    @public
    def say(self, text: str) -> None:
        self.said = text

    @reads(Permission.WORK_READ)
    def load(self, uow: UnitOfWork) -> None:
        self.ready, self.shown = True, f"The work of {uow.actor.display_name}"

    @reads(Permission.WORK_READ)
    def show(self, uow: UnitOfWork, text: str, number: int = 0, flag: bool = False) -> None:
        new_form(self)
        self.shown, self._kept = f"{text} {number} {flag}", text

    @reads(Permission.WORK_READ, passive=True)
    def poll(self, uow: UnitOfWork) -> None:
        self.shown = "polled"

    @writes(Permission.WORK_READ)
    def found(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        name = form.get("name", "")
        if not name:
            raise Refusal("Enter a name.", field="name")
        uow.add(Organisation, kind="SUPPLIER", name=name, search_name=name.lower())
        return rx.redirect("/staff?done=found")

    @writes(Permission.WORK_READ, step_up=True)
    def pay(self, uow: UnitOfWork) -> None:
        uow.add(Organisation, kind="SUPPLIER", name="Paid", search_name="paid")

    @writes(Permission.WORK_READ, step_up=True)
    def send(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        uow.add(Organisation, kind="SUPPLIER", name=form.get("note", "")[:20], search_name="sent")

    @writes(Permission.WORK_READ)
    def break_down(self, uow: UnitOfWork) -> None:
        uow.add(Organisation, kind="SUPPLIER", name="Broken", search_name="broken")
        self.shown = "half done"
        raise ValueError(SECRET)

    @reads(Permission.WORK_READ)
    def look_for(self, uow: UnitOfWork, reference: str) -> None:
        raise NotFound()
