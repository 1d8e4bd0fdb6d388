"""What every live budget of a board is raised to from a day, worked out for an uplift (domain.md §4.4). Asks no leave:
``uplifts`` has."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import col

from phbportal.domain.budget_sums import LineIn
from phbportal.domain.budgets import BudgetStatus
from phbportal.domain.decisions import DecisionKind, DecisionStatus
from phbportal.domain.errors import Refusal
from phbportal.domain.plan_year import PlanYear
from phbportal.domain.rate_book import RateBook
from phbportal.domain.streams import Method, StreamStatus
from phbportal.domain.uplifts import RAISES, ItemStatus, Raised, StreamAt, Why, a_year, raise_streams, why_not
from phbportal.domain.workings import answers_of
from phbportal.services.many_rows import is_among, parts_of
from phbportal.services.policies import plan_year
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.workings import line_in, rate_book
from phbportal.tables.base import new_id
from phbportal.tables.budgets import BudgetLine, BudgetVersion, Stream
from phbportal.tables.decisions import Decision
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.uplifts import Uplift, UpliftItem
from phbportal.tables.workers import Worker

LIVE = (
    StreamStatus.AGREED.value, StreamStatus.READY.value, StreamStatus.ACTIVE.value, StreamStatus.SUSPENDED.value,
    StreamStatus.STOPPING.value,
)  # fmt: skip


@dataclass
class _Budget:
    """A live budget as it is worked out: its streams, the lines of its last version, and who is paid by them."""

    streams: list[Stream] = field(default_factory=list[Stream])
    lines: list[LineIn] = field(default_factory=list[LineIn])
    born: dict[str, date | None] = field(default_factory=dict[str, date | None])


def work_out_uplift(uow: UnitOfWork, uplift: Uplift) -> Iterator[list[dict[str, Any]]]:
    """A row for each stream that is raised or excepted; those that stay the same are left away. A thousand budgets at
    a time: a board's whole caseload is never held at once."""
    book, due = rate_book(uow), _due(uplift)
    phbs = uow.session.execute(select(col(Stream.phb_id)).where(*due).distinct().order_by(col(Stream.phb_id)))
    for part in parts_of(list(phbs.scalars())):
        yield _rows_of(uow, uplift, part, book)


def _due(uplift: Uplift) -> tuple[ColumnElement[bool], ...]:
    living = select(col(Phb.id)).join(Person, col(Person.id) == col(Phb.person_id)).where(col(Person.died_on).is_(None))
    return (
        col(Stream.icb_id) == uplift.icb_id, col(Stream.status).in_(LIVE), col(Stream.weekly_pence) > 0,
        col(Stream.starts_on) < uplift.effective_on, col(Stream.phb_id).in_(living),
    )  # fmt: skip


def _rows_of(uow: UnitOfWork, uplift: Uplift, phb_ids: Sequence[UUID], book: RateBook) -> list[dict[str, Any]]:
    on = uplift.effective_on
    mine = is_among(uow.session, col(Stream.phb_id), phb_ids)
    streams = uow.session.execute(select(Stream).where(mine, *_due(uplift)).order_by(col(Stream.id))).scalars().all()
    raised_already, other = _other_changes(uow, [stream.id for stream in streams], on)
    budgets: dict[UUID, _Budget] = {}
    for stream in streams:
        budgets.setdefault(stream.phb_id, _Budget()).streams.append(stream)
    _read_lines(uow, budgets)
    made = {"created_at": uow.now, "created_by": uow.actor.user_id, "updated_at": uow.now,
            "updated_by": uow.actor.user_id, "row_version": 1}  # fmt: skip
    rows: list[dict[str, Any]] = []
    year = plan_year(uow, uplift.icb_id, on)
    for phb_id, budget in budgets.items():
        about = {"uplift_id": uplift.id, "icb_id": uplift.icb_id, "phb_id": phb_id, "effective_on": on,
                 "version_id": None, **made}  # fmt: skip
        mine = [stream for stream in budget.streams if stream.id not in raised_already]
        for item in _items_of(budget, mine, other, uplift.basis_points, on, book, year):
            rows.append({"id": new_id(), **about, **item})
    return rows


def _items_of(
    budget: _Budget, streams: Sequence[Stream], other: set[UUID], points: int, on: date, book: RateBook,
    year: PlanYear,
) -> list[dict[str, Any]]:  # fmt: skip
    found: list[dict[str, Any]] = []
    raised: dict[str, Stream] = {}
    for stream in streams:
        at = StreamAt(
            StreamStatus(stream.status), stream.weekly_pence, stream.ends_on, stream.price_agreed or "",
            stream.method == Method.THIRD_PARTY, stream.id in other,
        )  # fmt: skip
        why = why_not(at, on)
        if why is None:
            raised[str(stream.id)] = stream
        else:
            found.append(_exception(stream, why, stream.price_agreed or ""))
    if not raised:
        return found
    amounts = {key: stream.weekly_pence for key, stream in raised.items()}
    try:
        outs = raise_streams(amounts, budget.lines, budget.born, points, on, book)
    except Refusal as refusal:
        said = refusal.problems[0].sentence
        return [*found, *(_exception(stream, Why.NO_RATE, said) for stream in raised.values())]
    for key, stream in raised.items():
        out = outs[key]
        if out.weekly_pence < stream.weekly_pence:
            found.append(_exception(stream, Why.LESS, out.words))
        elif out.weekly_pence > stream.weekly_pence:
            found.append(_raised(stream, out, year))
    return found


def _exception(stream: Stream, why: Why, said: str) -> dict[str, Any]:
    return {
        "stream_id": stream.id, "before_pence": stream.weekly_pence, "after_pence": stream.weekly_pence,
        "more_yearly_pence": 0, "working": said, "lines_json": "", "status": ItemStatus.EXCEPTION.value,
        "why": why.value,
    }  # fmt: skip


def _raised(stream: Stream, out: Raised, year: PlanYear) -> dict[str, Any]:
    lines = {
        key: {"weekly_pence": line.weekly_pence, **({"answers": answers.kept(), "annual_pence": line.annual_pence,
              "working": line.words} if answers else {})}
        for key, (line, answers) in out.lines.items()
    }  # fmt: skip
    return {
        "stream_id": stream.id, "before_pence": stream.weekly_pence, "after_pence": out.weekly_pence,
        "more_yearly_pence": a_year(stream.weekly_pence, out.weekly_pence, year), "working": out.words,
        "lines_json": json.dumps(lines), "status": ItemStatus.CHOSEN.value, "why": "",
    }  # fmt: skip


def _other_changes(uow: UnitOfWork, stream_ids: Sequence[UUID], on: date) -> tuple[set[UUID], set[UUID]]:
    """The streams that are raised from this day already; and those another change of whose amount waits or comes
    later."""
    d, i = Decision, UpliftItem
    raises = [status.value for status in RAISES]
    done: set[UUID] = set()
    other: set[UUID] = set()
    waits = or_(
        col(d.status).in_([DecisionStatus.PREPARED.value, DecisionStatus.ISSUED.value]),
        and_(col(d.status) == DecisionStatus.IN_EFFECT.value, col(d.effective_on) > on),
    )
    for part in parts_of(stream_ids):
        mine = is_among(uow.session, col(i.stream_id), part)
        for stream_id, day, status in uow.session.execute(
            select(col(i.stream_id), col(i.effective_on), col(i.status)).where(mine, col(i.status).in_(raises))
        ):
            if day == on:
                done.add(stream_id)
            elif day > on or status == ItemStatus.WRITTEN:
                other.add(stream_id)
        decided = is_among(uow.session, col(d.stream_id), part)
        other |= {
            stream_id for stream_id in uow.session.execute(
                select(col(d.stream_id)).where(decided, col(d.kind) == DecisionKind.REDUCE.value, waits)
            ).scalars() if stream_id is not None
        }  # fmt: skip
    return done, other


def _read_lines(uow: UnitOfWork, budgets: Mapping[UUID, _Budget]) -> None:
    """The lines of each budget's last approved version, and the workers they pay."""
    b = BudgetVersion
    streams = {stream.id: stream for budget in budgets.values() for stream in budget.streams}
    for part in parts_of(list(budgets)):
        approved = col(b.status) == BudgetStatus.APPROVED.value
        last = (
            select(col(b.phb_id), func.max(col(b.version)).label("version"))
            .where(approved, is_among(uow.session, col(b.phb_id), part)).group_by(col(b.phb_id)).subquery()
        )  # fmt: skip
        rows = uow.session.execute(
            select(BudgetLine, col(b.phb_id), Worker)
            .join(b, col(b.id) == col(BudgetLine.budget_id))
            .join(last, and_(last.c.phb_id == col(b.phb_id), last.c.version == col(b.version)))
            .outerjoin(Worker, col(Worker.id) == col(BudgetLine.worker_id))
            .where(approved)
            .order_by(col(BudgetLine.budget_id), col(BudgetLine.position))
        )
        for line, phb_id, worker in rows:
            if line.stream_id not in streams:
                continue
            answers = answers_of(line.answers) if line.answers else None
            key = str(line.id)
            budgets[phb_id].lines.append(
                line_in(key, streams[line.stream_id], line.line_type, answers, line.weekly_pence, line.one_off_pence,
                        worker)
            )  # fmt: skip
            budgets[phb_id].born[key] = worker.born_on if worker else None
