"""Adding a budget line: what it is, the few questions of its kind, then the sum in words before it is saved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.domain.budgets import LINE_WORDS
from phbportal.domain.line_questions import QUESTIONS, Kind, Question
from phbportal.domain.money import pounds
from phbportal.domain.streams import StreamStatus
from phbportal.domain.workings import EMPLOYED, Basis
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import new_form
from phbportal.pages.staff.phb_frame import PhbPage, narrow_form, phb_page
from phbportal.policy.permissions import Permission
from phbportal.queries.budgets import BudgetView, budget_view
from phbportal.queries.ledger import balances_of
from phbportal.queries.plans import plan_id_of, plan_of
from phbportal.queries.streams import streams_of
from phbportal.queries.workers import WorkerChoice, worker_choices
from phbportal.services.budgets import LineEntry, add_line, preview_line
from phbportal.services.line_entries import LineKind, read_kind, read_line
from phbportal.services.policies import setting
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group, link_button
from phbportal.ui.choices import Choice, radios, select
from phbportal.ui.forms import money_input, text_input
from phbportal.ui.links import link
from phbportal.ui.notices import inset
from phbportal.ui.tables import Line, summary_list
from phbportal.ui.text import paragraph
from phbportal.ui.values import when

LINES = [Choice(kind, words) for kind, words in LINE_WORDS.items()]
YES_NO = [Choice("yes", "Yes"), Choice("no", "No")]
STEP = "line-step"
"""What is read out when the page goes on to its next step, or back."""
FIRST = {question.name: question.value for asked in QUESTIONS.values() for question in asked}


class LineState(PhbPage, rx.State):
    """A line being added. ``step`` is "kind", "answers" or "check"; ``basis`` says which questions are asked."""

    streams: list[Choice] = []
    services: list[Choice] = []
    workers: list[Choice] = []
    budget: BudgetView = BudgetView()
    step: str = "kind"
    basis: str = ""
    cost: str = ""
    may_type: bool = False
    typed: dict[str, str] = {}
    check: list[Line] = []
    working: str = ""
    _kind: dict[str, str] = {}
    _form: dict[str, str] = {}
    _people: list[WorkerChoice] = []
    _kept_weeks: str = ""

    @reads(Permission.BUDGET_WRITE)
    def load(self, uow: UnitOfWork) -> None:
        case = self._open(uow, "new line")
        about = (uow.session, uow.actor, uow.today, case.id)
        streams = streams_of(uow.session, uow.actor, uow.now, case, balances_of(uow.session, case.id))
        plan = plan_of(*about)
        self.streams = [Choice(s.view.id, s.view.name) for s in streams if s.status is StreamStatus.PROPOSED]
        self.services = [Choice(s.id, s.description) for s in plan.view.services] if plan else []
        self._people = worker_choices(*about)
        self._kept_weeks = setting(uow, case.icb_id, "contingency_weeks")
        self.workers = [Choice(one.id, one.name) for one in self._people]
        self.budget = budget_view(*about, plan.id if plan else None, streams)
        self.step, self.check, self._kind, self.typed = "kind", [], {}, dict(FIRST)
        new_form(self)
        self.ready = True

    @reads(Permission.BUDGET_WRITE)
    def choose(self, uow: UnitOfWork, form: dict[str, str]) -> Any:
        return self._ask(form, read_kind(form))

    @reads(Permission.BUDGET_WRITE)
    def type_amounts(self, uow: UnitOfWork) -> Any:
        return self._ask(self._kind | {"by_amount": "yes"}, read_kind(self._kind, by_amount=True))

    @reads(Permission.BUDGET_WRITE)
    def work_out(self, uow: UnitOfWork, form: dict[str, str]) -> Any:
        entry = read_line(self._of(), form)
        out, weekly, one_off = preview_line(uow, plan_id_of(*self._about(uow)), entry)
        self._form, self.typed, self.working = form, FIRST | form, out.words
        self.check = [
            Line("Cost", self.cost),
            *([Line("For", entry.description)] if entry.description else []),
            Line("A week", pounds(out.weekly_pence)), Line("One-off", pounds(out.one_off_pence)),
            Line("The budget with it", f"{pounds(weekly)} a week and {pounds(one_off)} one-off"),
        ]  # fmt: skip
        return self._go("check")

    @reads(Permission.BUDGET_WRITE)
    def change(self, uow: UnitOfWork) -> Any:
        return self._go("answers" if self.step == "check" else "kind")

    @writes(Permission.BUDGET_WRITE)
    def save(self, uow: UnitOfWork) -> object:
        entry: LineEntry = read_line(self._of(), self._form)
        plan = plan_id_of(*self._about(uow))
        uow.once("line", self.form_key, self._kind | self._form, lambda: str(add_line(uow, plan, entry)))
        return self._back(routes.STAFF_PHB_MONEY, "line")

    def _about(self, uow: UnitOfWork) -> Any:
        return uow.session, uow.actor, uow.today, self._param("phb")

    def _of(self) -> LineKind:
        return read_kind(self._kind, by_amount=self._kind.get("by_amount") == "yes")

    def _ask(self, form: dict[str, str], kind: LineKind) -> Any:
        self._kind, self.basis, self.cost = form, kind.basis.value, LINE_WORDS[kind.line_type]
        self.may_type = kind.basis is not Basis.AMOUNT and kind.line_type not in EMPLOYED
        who = next((one for one in self._people if one.id == str(kind.worker_id)), None)
        self.typed = dict(FIRST) | _asked(kind.basis)
        if who is not None and kind.basis in (Basis.HOURS, Basis.LEAVE_COVER):
            self.typed |= {"quantity": who.hours, "price": who.price}
        if kind.basis is Basis.WEEKS_KEPT:
            self.typed |= {"quantity": self._kept_weeks}
        return self._go("answers")

    def _go(self, step: str) -> Any:
        self.step = step
        return rx.set_focus(STEP)


def _asked(basis: Basis) -> dict[str, str]:
    return {question.name: question.value for question in QUESTIONS[basis]}


def line() -> rx.Component:
    """The three steps of a budget line."""
    s = LineState
    return phb_page(
        rx.match(s.step, ("answers", s.cost), ("check", "Check the budget line"), "Add a budget line"),
        rx.el.div(rx.match(s.step, ("answers", _questions(s)), ("check", _check(s)), _what(s)), id=STEP, tab_index=-1),
        state=s,
        up=("Money", s.head.money_href),
    )


def _what(s: Any) -> rx.Component:
    so_far = paragraph("So far the budget is ", s.budget.weekly, " a week and ", s.budget.one_off, " one-off.")
    none = paragraph(
        "A line is paid from a stream, and none is proposed. ",
        link("Add a stream first", s.head.money_href + "/stream"),
    )
    whom = select(
        "worker", "Whose pay is it? (optional)", s.workers, error=s.errors["worker"], blank="Nobody by name",
        hint="For personal assistants. A line that names nobody counts as one more of them.",
    )  # fmt: skip
    form = narrow_form(
        select("stream", "Which stream pays for it?", s.streams, error=s.errors["stream"], blank="Choose a stream"),
        select(
            "service", "Which service does it pay for? (optional)", s.services, error=s.errors["service"],
            blank="None of them", hint="Each service of the plan needs a line that pays for it.",
        ),
        select("line_type", "What kind of cost is it?", LINES, error=s.errors["line_type"], blank="Choose a kind"),
        when(s.workers, whom),
        text_input("description", "What is it for? (optional)", error=s.errors["description"]),
        button_group(button("Continue"), _leave(s)),
        on_submit=s.choose,
    )  # fmt: skip
    return rx.fragment(when(s.budget.shown, so_far), rx.cond(s.streams, form, none))


def _questions(s: Any) -> rx.Component:
    asked = rx.match(s.basis, *((basis.value, _fields(s, some)) for basis, some in QUESTIONS.items()), rx.fragment())
    instead = button("Enter the amounts instead", kind="secondary", on_click=s.type_amounts)
    back = button("Choose another kind of cost", kind="secondary", on_click=s.change)
    return rx.fragment(
        narrow_form(asked, button_group(button("Work it out"), _leave(s)), on_submit=s.work_out),
        button_group(when(s.may_type, instead), back),
    )


def _fields(s: Any, questions: Sequence[Question]) -> rx.Component:
    if not questions:
        return paragraph("This is worked out from the pay in this budget. There is nothing to enter.")
    return rx.fragment(*(_field(s, question) for question in questions))


def _field(s: Any, question: Question) -> rx.Component:
    name, common = question.name, {"error": s.errors[question.name], "hint": question.hint}
    value = s.typed[name]
    match question.kind:
        case Kind.MONEY:
            return money_input(name, question.label, value=value, **common)
        case Kind.YES_NO:
            return radios(name, question.label, YES_NO, value=value, **common)
        case Kind.PERCENTAGE:
            return text_input(name, question.label, value=value, width="5", suffix="%", input_mode="decimal", **common)
        case Kind.NUMBER:
            return text_input(name, question.label, value=value, width="5", input_mode="decimal", **common)


def _check(s: Any) -> rx.Component:
    return rx.fragment(
        when(s.working, inset(s.working)),
        summary_list(s.check),
        button_group(
            button("Add the line", on_click=s.save),
            button("Change the answers", kind="secondary", on_click=s.change),
            _leave(s),
        ),
    )


def _leave(s: Any) -> rx.Component:
    return link_button("Leave without saving", s.head.money_href, kind="secondary")
