"""A budget version as a page shows it: its lines with running totals, and what it commits the board to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, and_, bindparam, or_, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.budgets import (
    BUDGET_KIND_WORDS,
    BUDGET_STATUS_WORDS,
    LINE_WORDS,
    BudgetKind,
    BudgetStatus,
    LineType,
    StreamAmount,
    year_commitment,
)
from phbportal.domain.money import pounds
from phbportal.domain.periods import MonthlyPay, financial_year
from phbportal.domain.streams import StreamStatus
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.queries.funding import FunderView, who_pays
from phbportal.queries.kept import at_most, by_shape
from phbportal.queries.scope import visible
from phbportal.queries.streams import StreamRecord
from phbportal.tables.budgets import BudgetLine, BudgetVersion
from phbportal.tables.plans import PlanService


@dataclass(frozen=True, slots=True)
class LineView:
    """One costed line as text; the running totals count every line down to this one."""

    id: str
    cost: str
    detail: str
    working: str
    stream: str
    weekly: str
    one_off: str
    running_weekly: str
    running_one_off: str


@dataclass(frozen=True, slots=True)
class BudgetView:
    """A budget version as text. ``shown`` is False where none has been written; ``goes_on`` says what
    runs beside what a draft adds ("" where nothing does), ``in_twelfths`` whether all of it is paid in twelfths."""

    shown: bool = False
    title: str = ""
    status: str = ""
    weekly: str = ""
    one_off: str = ""
    starts: str = ""
    commitment: str = ""
    goes_on: str = ""
    lines: tuple[LineView, ...] = ()
    funders: list[FunderView] = field(default_factory=list[FunderView])
    in_twelfths: bool = False


def budget_view(
    session: Session, actor: Actor, today: date, phb_id: UUID, plan_id: UUID | None, streams: Sequence[StreamRecord]
) -> BudgetView:
    """The budget being written with a plan, or else the approved one that holds today (the latest, if none does yet),
    with its lines and who pays. Three statements."""
    own: dict[str, Any] = {"phb": phb_id} | ({"plan": plan_id} if plan_id else {})
    budget = session.connection().execute(_budget(actor, today, plan_id is not None), own).one_or_none()
    if budget is None:
        return BudgetView()
    lines, in_lines = _lines(session, actor, today, budget.id, {s.id: s.view.name for s in streams})
    twelfths = _in_twelfths(streams)
    adds = budget.kind == BudgetKind.CHANGE and budget.status in _OPEN
    return BudgetView(
        shown=True,
        title=f"{BUDGET_KIND_WORDS[BudgetKind(budget.kind)]}, version {budget.version}",
        status=BUDGET_STATUS_WORDS[BudgetStatus(budget.status)],
        weekly=pounds(budget.weekly_pence),
        one_off=pounds(budget.one_off_pence),
        starts=long_date(budget.starts_on),
        commitment=commitment_sentence(streams, budget.starts_on, today),
        funders=who_pays(session, actor, today, budget.id, budget.weekly_pence, in_twelfths=twelfths),
        in_twelfths=twelfths,
        goes_on=_goes_on(budget.weekly_pence - in_lines) if adds else "",
        lines=lines,
    )


_OPEN = (BudgetStatus.DRAFT.value, BudgetStatus.SUBMITTED.value)


def _in_twelfths(streams: Sequence[StreamRecord]) -> bool:
    """Whether all that the streams pay is paid in twelfths."""
    paying = [stream for stream in streams if stream.weekly_pence and not stream.is_closed]
    return bool(paying) and all(stream.monthly is MonthlyPay.TWELFTHS for stream in paying)


def _goes_on(weekly_pence: int) -> str:
    """What a draft that adds to a running budget does not touch."""
    return f"{pounds(weekly_pence)} a week runs already. It goes on as it is, and is counted in. Add only what is new."


@by_shape
def _budget(actor: Actor, today: date, of_plan: bool) -> Select[*tuple[Any, ...]]:
    b = BudgetVersion
    of_this = col(b.plan_id) == bindparam("plan", type_=Uuid()) if of_plan else col(b.id).is_(None)
    approved = col(b.status) == BudgetStatus.APPROVED.value
    own = and_(of_this, col(b.status).in_(_OPEN))
    return (
        select(
            col(b.id), col(b.version), col(b.kind), col(b.status), col(b.weekly_pence), col(b.one_off_pence),
            col(b.starts_on),
        )
        .where(
            col(b.phb_id) == bindparam("phb", type_=Uuid()),
            visible(actor, b, today),
            or_(of_this, approved),
        )
        .order_by(sql_case((own, 0), (and_(approved, col(b.starts_on) <= today), 1), (approved, 2), else_=3),
                  col(b.version).desc())
        .limit(at_most(1))
    )  # fmt: skip


def commitment_sentence(streams: Sequence[StreamRecord], starts_on: date, today: date) -> str:
    """What approving the proposed streams allocates, in pounds; "" where nothing is proposed."""
    amounts = [
        StreamAmount(str(s.id), s.weekly_pence, s.one_off_pence, s.starts_on, s.ends_on, s.monthly)
        for s in streams
        if s.status is StreamStatus.PROPOSED
    ]
    if not amounts:
        return ""
    # As services/approvals.py allocates: this year, and the year before if the start was put back into it.
    on = max(today, starts_on)
    years = [on] if financial_year(on) == financial_year(starts_on) else [starts_on, on]
    pence = sum(year_commitment(amounts, year) for year in years)
    return f"Approving this commits {pounds(pence)} up to {long_date(financial_year(on)[1])}."


def _lines(
    session: Session, actor: Actor, today: date, budget_id: UUID, streams: dict[UUID, str]
) -> tuple[tuple[LineView, ...], int]:
    """The lines, and what they come to a week in pence."""
    rows = session.connection().execute(_lines_of(actor, today), {"budget": budget_id})
    views: list[LineView] = []
    weekly = one_off = 0
    for row in rows:
        weekly, one_off = weekly + row.weekly_pence, one_off + row.one_off_pence
        detail = ". ".join(words.rstrip(".") for words in (row.service, row.description) if words)
        views.append(
            LineView(
                str(row.id), LINE_WORDS[LineType(row.line_type)], detail, row.working or "",
                streams.get(row.stream_id, ""), pounds(row.weekly_pence), pounds(row.one_off_pence), pounds(weekly),
                pounds(one_off),
            )
        )  # fmt: skip
    return tuple(views), weekly


@by_shape
def _lines_of(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    line = BudgetLine
    more: list[Any] = [
        col(line.one_off_pence), col(line.working), col(PlanService.description).label("service"),
    ]  # fmt: skip
    return (
        select(
            col(line.id), col(line.stream_id), col(line.line_type), col(line.description), col(line.weekly_pence),
            *more,
        )
        .outerjoin(PlanService, col(PlanService.id) == col(line.plan_service_id))
        .where(col(line.budget_id) == bindparam("budget", type_=Uuid()), visible(actor, line, today))
        .order_by(col(line.position))
    )  # fmt: skip
