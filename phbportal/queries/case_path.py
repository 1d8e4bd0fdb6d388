"""What came before a plan, as a page shows it: the offers and answers, the indicative budget, who checked the plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.budget_offers import ANSWER_WORDS, HOW_WORDS, TELLER_WORDS, Answer, OfferHow, Teller
from phbportal.domain.indicative import TOOL_WORDS, Tool
from phbportal.domain.money import pounds
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.queries.kept import by_shape
from phbportal.queries.names import names_of
from phbportal.queries.scope import visible
from phbportal.tables.path import BudgetOffer, IndicativeBudget, PlanCheck


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One offer and its answer, as text."""

    offered: str
    how: str
    answer: str
    answered: str
    reason: str


@dataclass(frozen=True, slots=True)
class IndicativeView:
    """The latest indicative budget, as text; empty where none is recorded. ``shown`` is empty until it was."""

    amount: str = ""
    tool: str = ""
    inputs: str = ""
    worked_out: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class CasePath:
    """The way to a plan of one budget. ``checks`` are sentences: who checked the money, who approved first."""

    offers: tuple[OfferRow, ...] = ()
    indicative: IndicativeView = IndicativeView()
    checks: tuple[str, ...] = ()


def case_path(session: Session, actor: Actor, today: date, phb_id: UUID) -> CasePath:
    """What the actor may see of it. Four statements."""
    own = {"phb": phb_id}
    run = session.connection().execute
    offers = tuple(_offer(row) for row in run(_offers(actor, today), own))
    amount = run(_amount(actor, today), own).first()
    checks = run(_checks(actor, today), own).all()
    names = names_of(session, [row.made_by for row in checks])
    return CasePath(
        offers,
        _indicative(amount) if amount is not None else IndicativeView(),
        tuple(
            f"{'Money checked' if row.kind == 'FINANCE' else 'Approved first'} by {names.of(row.made_by)} on "
            f"{long_date(row.made_on)}: {row.note or 'no note'}"
            for row in checks
        ),
    )


def _offer(row: Any) -> OfferRow:
    who = TELLER_WORDS[Teller(row.answered_by)] if row.answered_by else ""
    by = f", by {who[:1].lower()}{who[1:]}" if who else ""
    named = f", {row.answered_name}" if row.answered_name and row.answered_by == Teller.REPRESENTATIVE else ""
    again = f"To be asked again on {long_date(row.again_on)}." if row.again_on else ""
    said = row.reason if not row.reason or row.reason[-1] in ".!?" or not again else f"{row.reason}."
    return OfferRow(
        long_date(row.offered_on),
        HOW_WORDS[OfferHow(row.how)],
        ANSWER_WORDS[Answer(row.answer)],
        f"{long_date(row.answered_on)}{by}{named}" if row.answered_on else "",
        f"{said} {again}".strip(),
    )


def _indicative(row: Any) -> IndicativeView:
    weekly = f"{pounds(row.weekly_pence)} a week" if row.weekly_pence else ""
    once = f"{pounds(row.one_off_pence)} once" if row.one_off_pence else ""
    to = TELLER_WORDS[Teller(row.shown_to)] if row.shown_to else ""
    named = f" ({row.shown_name})" if row.shown_name else ""
    return IndicativeView(
        " and ".join(part for part in (weekly, once) if part),
        TOOL_WORDS[Tool(row.tool)],
        row.inputs,
        long_date(row.worked_out_on),
        f"{long_date(row.shown_on)}, to {to[:1].lower()}{to[1:]}{named}" if row.shown_on else "",
    )


@by_shape
def _offers(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    o = BudgetOffer
    columns: list[Any] = [
        col(o.offered_on), col(o.how), col(o.answer), col(o.answered_on), col(o.answered_by), col(o.answered_name),
        col(o.reason), col(o.again_on),
    ]  # fmt: skip
    return (
        select(*columns)
        .where(col(o.phb_id) == bindparam("phb", type_=Uuid()), visible(actor, o, today))
        .order_by(col(o.id).desc())
    )


@by_shape
def _amount(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    i = IndicativeBudget
    columns: list[Any] = [
        col(i.weekly_pence), col(i.one_off_pence), col(i.tool), col(i.inputs), col(i.worked_out_on), col(i.shown_on),
        col(i.shown_to), col(i.shown_name),
    ]  # fmt: skip
    return (
        select(*columns)
        .where(col(i.phb_id) == bindparam("phb", type_=Uuid()), visible(actor, i, today))
        .order_by(col(i.id).desc())
        .limit(1)
    )


@by_shape
def _checks(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    c = PlanCheck
    columns: list[Any] = [col(c.kind), col(c.made_by), col(c.made_on), col(c.note)]
    return (
        select(*columns)
        .where(
            col(c.phb_id) == bindparam("phb", type_=Uuid()), col(c.standing).is_(True), visible(actor, c, today)
        )
        .order_by(col(c.id))
    )  # fmt: skip
