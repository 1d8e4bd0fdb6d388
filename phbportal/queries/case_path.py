"""What came before a plan, as a page shows it: the offers and answers, the indicative budget, who checked the plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CompoundSelect, Uuid, bindparam, cast, label, literal, null, select, union_all
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

_OFFER, _AMOUNT, _CHECK = "offer", "amount", "check"


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
    """What the actor may see of it. Two statements."""
    rows = session.connection().execute(_path(actor, today), {"phb": phb_id}).all()
    offers = sorted((row for row in rows if row.what == _OFFER), key=lambda row: row.id, reverse=True)
    amounts = sorted((row for row in rows if row.what == _AMOUNT), key=lambda row: row.id)
    checks = sorted((row for row in rows if row.what == _CHECK), key=lambda row: row.id)
    names = names_of(session, [row.made_by for row in checks])
    return CasePath(
        tuple(_offer(row) for row in offers),
        _indicative(amounts[-1]) if amounts else IndicativeView(),
        tuple(
            f"{'Money checked' if row.kind == 'FINANCE' else 'Approved first'} by {names.of(row.made_by)} on "
            f"{long_date(row.on)}: {row.words or 'no note'}"
            for row in checks
        ),
    )


def _offer(row: Any) -> OfferRow:
    who = TELLER_WORDS[Teller(row.to)] if row.to else ""
    by = f", by {who[:1].lower()}{who[1:]}" if who else ""
    named = f", {row.name}" if row.name and row.to == Teller.REPRESENTATIVE else ""
    again = f"To be asked again on {long_date(row.again_on)}." if row.again_on else ""
    said = row.words if not row.words or row.words[-1] in ".!?" or not again else f"{row.words}."
    return OfferRow(
        long_date(row.on),
        HOW_WORDS[OfferHow(row.kind)],
        ANSWER_WORDS[Answer(row.answer)],
        f"{long_date(row.then_on)}{by}{named}" if row.then_on else "",
        f"{said} {again}".strip(),
    )


def _indicative(row: Any) -> IndicativeView:
    weekly = f"{pounds(row.weekly_pence)} a week" if row.weekly_pence else ""
    once = f"{pounds(row.one_off_pence)} once" if row.one_off_pence else ""
    to = TELLER_WORDS[Teller(row.to)] if row.to else ""
    named = f" ({row.name})" if row.name else ""
    return IndicativeView(
        " and ".join(part for part in (weekly, once) if part),
        TOOL_WORDS[Tool(row.kind)],
        row.words,
        long_date(row.on),
        f"{long_date(row.then_on)}, to {to[:1].lower()}{to[1:]}{named}" if row.then_on else "",
    )


@by_shape
def _path(actor: Actor, today: date) -> CompoundSelect[*tuple[Any, ...]]:
    """Offers, amounts and checks as rows of one shape: a page that shows all three asks once.

    ``on`` is the day of the offer, the sum or the check, ``then_on`` that of the answer or the showing, ``to`` who
    answered or was shown it, ``kind`` how it was offered, the tool, or what was checked.
    """
    phb = bindparam("phb", type_=Uuid())
    o, i, c = BudgetOffer, IndicativeBudget, PlanCheck
    no_pence, nobody = cast(null(), BigInteger()), cast(null(), Uuid())
    offers = select(
        label("what", literal(_OFFER)), col(o.id), label("on", col(o.offered_on)), label("kind", col(o.how)),
        label("words", col(o.reason)), label("then_on", col(o.answered_on)), label("to", col(o.answered_by)),
        label("name", col(o.answered_name)), col(o.answer), col(o.again_on), label("weekly_pence", no_pence),
        label("one_off_pence", no_pence), label("made_by", nobody),
    ).where(col(o.phb_id) == phb, visible(actor, o, today))  # fmt: skip
    amounts = select(
        literal(_AMOUNT), col(i.id), col(i.worked_out_on), col(i.tool), col(i.inputs), col(i.shown_on),
        col(i.shown_to), col(i.shown_name), null(), null(), col(i.weekly_pence), col(i.one_off_pence), null(),
    ).where(col(i.phb_id) == phb, visible(actor, i, today))  # fmt: skip
    checks = select(
        literal(_CHECK), col(c.id), col(c.made_on), col(c.kind), col(c.note), null(), null(), null(), null(), null(),
        null(), null(), col(c.made_by),
    ).where(col(c.phb_id) == phb, col(c.standing).is_(True), visible(actor, c, today))  # fmt: skip
    return union_all(offers, amounts, checks)
