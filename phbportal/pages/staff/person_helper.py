"""Somebody who helps a person or acts for them: their checks, the board's agreement, a hold, the end, a code."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.edge.markers import reads, writes
from phbportal.pages.staff.person_form import AboutPerson, person_form_page
from phbportal.pages.staff.person_helper_forms import (
    agreeing,
    changing_individual,
    checking,
    inviting,
    naming,
    signing_in,
    stopping,
)
from phbportal.policy.permissions import Permission
from phbportal.queries.ids import given_id
from phbportal.queries.people_who_help import SignsInRow, helper_record
from phbportal.queries.person import Fact
from phbportal.services.acting import agree, end, name_payee, read_checks, read_reason, record_checks, suspend
from phbportal.services.acting_sign_ins import end_sign_in
from phbportal.services.individuals import change_individual
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.users import invite_to_act
from phbportal.ui.notices import inset
from phbportal.ui.tables import summary_list
from phbportal.ui.text import bullets, paragraph
from phbportal.ui.values import when


class HelperState(AboutPerson, rx.State):
    """One of the people who help, and what may be done."""

    helper: str = ""
    facts: list[Fact] = []
    still_needed: list[str] = []
    why_not: str = ""
    needs_dbs: bool = False
    may_check: bool = False
    may_agree: bool = False
    may_suspend: bool = False
    may_end: bool = False
    may_invite: bool = False
    may_name: bool = False
    people: list[SignsInRow] = []
    is_organisation: bool = False
    may_change_individual: bool = False
    code: str = ""
    _version: int = 0

    @reads(Permission.ACTING_READ)
    def load(self, uow: UnitOfWork) -> None:
        self._about(uow, "helper")
        self._show(uow, "")
        self.ready = True

    @writes(Permission.ACTING_WRITE)
    def check(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        entry = read_checks(form, uow.today)
        record_checks(uow, self._id("helper"), entry, seen_version=self._version)
        self._show(uow, "The checks were recorded.")

    @writes(Permission.ACTING_AGREE, step_up=True)
    def agree(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        agree(uow, self._id("helper"))
        self._show(uow, "The board agreed. They act from now on.")

    @writes(Permission.ACTING_WRITE)
    def hold(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        suspend(uow, self._id("helper"), read_reason(form, "hold_reason"))
        self._show(uow, "They are on hold. Nothing is paid to them.")

    @writes(Permission.ACTING_WRITE)
    def end(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        end(uow, self._id("helper"), read_reason(form, "end_reason"))
        self._show(uow, "Their part has ended. They see nothing more, and nothing is paid to them.")

    @writes(Permission.ACTING_WRITE)
    def invite(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        code = invite_to_act(uow, self._id("helper"))
        self._show(uow, "A code was made. An earlier code no longer works.")
        self.code = code

    @writes(Permission.ACTING_WRITE)
    def change_individual(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        entry = read_checks(form, uow.today)
        change_individual(uow, self._id("helper"), entry, seen_version=self._version)
        self._show(uow, "Who looks after the money was recorded.")

    @writes(Permission.ACTING_WRITE)
    def pay(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        name_payee(uow, self._id("helper"))
        self._show(uow, "The stream says who is paid now.")

    @writes(Permission.ACTING_WRITE)
    def end_one(self, uow: UnitOfWork, person: str) -> None:
        end_sign_in(uow, self._id("helper"), given_id(person))
        self._show(uow, "Their sign-in has ended.")

    def _show(self, uow: UnitOfWork, notice: str) -> None:
        found = helper_record(uow.session, uow.actor, uow.today, self._id(), self._id("helper"))
        self.helper, self.facts, self.still_needed = found.name, list(found.facts), list(found.missing)
        self.why_not, self.needs_dbs, self._version = found.why_not, found.needs_dbs, found.row_version
        self.may_check, self.may_agree, self.may_suspend = found.may_check, found.may_agree, found.may_suspend
        self.may_end, self.may_invite, self.may_name = found.may_end, found.may_invite, found.may_name
        self.is_organisation, self.may_change_individual = found.is_organisation, found.may_change_individual
        self.notice, self.code = notice, ""


def helper() -> rx.Component:
    """Who they are, what is missing, and what may be done now."""
    s: Any = HelperState
    return person_form_page(
        s.helper,
        summary_list(s.facts),
        when(s.still_needed, inset(paragraph("Before the board can agree:"), bullets(s.still_needed))),
        when(s.why_not, inset(s.why_not)),
        when(s.may_agree, agreeing(s)),
        when(s.may_check, checking(s)),
        when(s.may_change_individual, changing_individual(s)),
        when(s.may_name, naming(s)),
        when(s.may_invite, inviting(s)),
        when(s.people, signing_in(s)),
        when(s.may_suspend | s.may_end, stopping(s)),
        state=s,
    )
