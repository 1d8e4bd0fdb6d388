"""Reading the form of a budget line: first what it is, then its few questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from phbportal.domain.budgets import LineType
from phbportal.domain.line_questions import basis_of, read_answers
from phbportal.domain.reading import Reading, given
from phbportal.domain.workings import Basis
from phbportal.services.budgets import LineEntry


@dataclass(frozen=True, slots=True)
class LineKind:
    """What a line is, before anything is asked about its cost."""

    stream_id: UUID
    line_type: LineType
    basis: Basis
    plan_service_id: UUID | None = None
    worker_id: UUID | None = None
    description: str = ""


def read_kind(form: Mapping[str, object], *, by_amount: bool = False) -> LineKind:
    """Read which stream pays, for which service and whom, and what kind of cost it is."""
    r = Reading(form)
    ids: dict[str, UUID | None] = {}
    for name, needed in (("stream", "Choose which stream pays for this."), ("service", ""), ("worker", "")):
        chosen = r.text(name, needed=needed)
        try:
            ids[name] = UUID(chosen) if chosen else None
        except ValueError:
            r.problem("Choose one from the list.", name)
    line_type = r.choice("line_type", LineType, needed="Choose what kind of cost this is.")
    description = r.text("description", longest=300)
    if line_type is LineType.OTHER and not description:
        r.problem("Say what this cost is for.", "description")
    r.finish()
    basis = basis_of(given(line_type), by_amount=by_amount)
    return LineKind(given(ids["stream"]), given(line_type), basis, ids["service"], ids["worker"], description)


def read_line(kind: LineKind, form: Mapping[str, object]) -> LineEntry:
    """Read the questions of a line of this kind."""
    if kind.basis is Basis.AMOUNT:
        r = Reading(form)
        weekly, one_off = r.money("weekly"), r.money("one_off")
        if not r.problems and weekly == 0 and one_off == 0:
            r.problem("Enter an amount a week, a one-off amount, or both.", "weekly")
        r.finish()
        return LineEntry(kind.stream_id, kind.line_type, weekly, one_off, kind.plan_service_id, kind.description,
                         worker_id=kind.worker_id)  # fmt: skip
    answers = read_answers(form, kind.basis)
    return LineEntry(
        kind.stream_id, kind.line_type, 0, 0, kind.plan_service_id, kind.description, answers, kind.worker_id
    )
