"""What a board's money comes to: sums for its dashboards, read from what is kept beside the ledger."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, and_, cast, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.eligibility import COHORT_WORDS, Cohort
from phbportal.domain.figures import Figures, Series, by_label, by_month, last_months, since_the_first
from phbportal.domain.ledger import Place
from phbportal.domain.payments import PaymentStatus
from phbportal.domain.periods import financial_year
from phbportal.domain.streams import METHOD_WORDS, AccountStatus
from phbportal.policy.actors import Actor
from phbportal.queries.dashboard_counts import Whole, capped, number
from phbportal.queries.kept import by_shape
from phbportal.queries.scope import visible
from phbportal.tables.board_money import BoardMoney
from phbportal.tables.budgets import PayeeAccount
from phbportal.tables.payments import PaymentItem

_M = BoardMoney
Ways = tuple[tuple[Place, Place], ...]
Span = tuple[date, date] | None
"""The first and the last month, or all there are."""
_PAID: Ways = ((Place.RESERVED, Place.HELD), (Place.RESERVED, Place.SPENT))
_AGREED: Ways = ((Place.BOARD, Place.AVAILABLE),)
_BY: dict[str, Any] = {"month": col(_M.month), "method": col(_M.method), "cohort": col(_M.cohort)}
_WHERE_NOW: dict[str, Place] = {
    "Spent": Place.SPENT, "With payees": Place.HELD, "Set aside for payments": Place.RESERVED,
    "Left to pay out": Place.AVAILABLE,
}  # fmt: skip


def _both(ways: Ways) -> Ways:
    """Each way, and the way back: corrections and repayments."""
    return (*ways, *((to, source) for source, to in ways))


def _into(place: Place) -> Ways:
    """Every way into a place."""
    return tuple((other, place) for other in Place if other is not place)


@by_shape
def _sums(actor: Actor, today: date, ways: Ways, span: Span, *by: str) -> Whole:
    """What went each way in some months; said way by way, so that each is a range of the index."""
    source, to = col(_M.from_place), col(_M.to_place)
    way = or_(*(and_(source == a.value, to == b.value) for a, b in ways))
    when = () if span is None else (col(_M.month).between(*span),)
    parts = [_BY[name] for name in by]
    pence = cast(func.sum(col(_M.amount_pence)), BigInteger)
    return select(source, to, *parts, pence).where(visible(actor, _M, today), way, *when).group_by(source, to, *parts)


def _net(
    session: Session, actor: Actor, today: date, ways: Ways, span: Span, *by: str
) -> dict[tuple[Any, ...], int]:  # fmt: skip
    """Pence that went some ways less what came back by them, by what is asked for. One statement."""
    forth = {(source.value, to.value) for source, to in ways}
    found: defaultdict[tuple[Any, ...], int] = defaultdict(int)
    rows = session.connection().execute(_sums(actor, today, _both(ways), span, *by)).all()
    for source, to, *key, pence in rows:
        found[tuple(key)] += pence if (source, to) in forth else -pence
    return found


def paid_this_year(session: Session, actor: Actor, today: date) -> int:
    """Pence paid since 1 April, to payees and to providers' invoices, less what was taken back by corrections."""
    return _net(session, actor, today, _PAID, financial_year(today)).get((), 0)


def agreed_this_year(session: Session, actor: Actor, today: date) -> int:
    """Pence the board has given budgets for the year to 31 March, less what they gave back before it was paid."""
    return _net(session, actor, today, _AGREED, financial_year(today)).get((), 0)


def _there(session: Session, actor: Actor, today: date, place: Place) -> int:
    return _net(session, actor, today, _into(place), None).get((), 0)


def left_to_pay(session: Session, actor: Actor, today: date) -> int:
    """Pence in the board's budgets that nothing has been done with yet."""
    return _there(session, actor, today, Place.AVAILABLE)


def set_aside(session: Session, actor: Actor, today: date) -> int:
    """Pence set aside for payments that are not made yet."""
    return _there(session, actor, today, Place.RESERVED)


def with_payees(session: Session, actor: Actor, today: date) -> int:
    """Pence payees hold and have not accounted for; what one of them overspent is taken off."""
    return _there(session, actor, today, Place.HELD)


def spent_by_month(session: Session, actor: Actor, today: date, first: date, last: date) -> dict[date, int]:
    """Pence spent in each month from a first day of a month to a last day, less what was taken back by corrections."""
    rows = _net(session, actor, today, _into(Place.SPENT), (first, last), "month")
    return {month: pence for (month,), pence in rows.items()}


def _year_back(today: date) -> tuple[date, date]:
    months = last_months(today)
    return months[0], months[-1]


def _months(session: Session, actor: Actor, today: date, ways: Ways) -> Figures:
    rows = _net(session, actor, today, ways, _year_back(today), "month")
    return by_month(last_months(today), {"": {month: pence for (month,), pence in rows.items()}}, "pence")


def paid_by_month(session: Session, actor: Actor, today: date) -> Figures:
    """Pence paid in each of the last twelve months."""
    return _months(session, actor, today, _PAID)


def agreed_by_month(session: Session, actor: Actor, today: date) -> Figures:
    """Pence the board gave its budgets in each of the last twelve months."""
    return _months(session, actor, today, _AGREED)


def paid_by_method(session: Session, actor: Actor, today: date) -> Figures:
    """Pence paid in each of the last twelve months, from the first with any, by the way the money is managed."""
    found: dict[str, dict[date, int]] = {method.value: {} for method in METHOD_WORDS}
    for (month, method), pence in _net(session, actor, today, _PAID, _year_back(today), "month", "method").items():
        if method in found:
            found[method][month] = pence
    runs = {words: found[method.value] for method, words in METHOD_WORDS.items()}
    return since_the_first(by_month(last_months(today), runs, "pence"))


def paid_by_cohort(session: Session, actor: Actor, today: date) -> Figures:
    """Pence paid since 1 April, by why people have a budget."""
    rows = _net(session, actor, today, _PAID, financial_year(today), "cohort")
    words = {cohort.value: said for cohort, said in COHORT_WORDS.items()}
    return by_label(words, {cohort: pence for (cohort,), pence in rows.items()}, "pence")


def where_money_is(session: Session, actor: Actor, today: date) -> Figures:
    """Pence that came into the board's budgets, by group of people and by where they are now; overdrawn is nought."""
    every = dict.fromkeys(way for place in _WHERE_NOW.values() for way in _both(_into(place)))
    there: defaultdict[tuple[str, str], int] = defaultdict(int)
    rows = session.connection().execute(_sums(actor, today, tuple(every), None, "cohort")).all()
    for source, to, cohort, pence in rows:
        there[cohort, to] += pence
        there[cohort, source] -= pence
    parts = {c: tuple(max(0, there[c.value, place.value]) for place in _WHERE_NOW.values()) for c in Cohort}
    order = sorted((c for c in Cohort if sum(parts[c])), key=lambda c: -sum(parts[c]))
    return Figures(
        tuple(COHORT_WORDS[c] for c in order),
        tuple(Series(name, tuple(parts[c][i] for c in order)) for i, name in enumerate(_WHERE_NOW)),
        "pence",
    )


@by_shape
def _payments(actor: Actor, today: date, status: str) -> Whole:
    p = PaymentItem
    return capped(select(col(p.id)).where(visible(actor, p, today), col(p.status) == status))


def payments_to_confirm(session: Session, actor: Actor, today: date) -> int:
    """Payments of the board that wait for a second officer, whoever recorded them."""
    return number(session, _payments(actor, today, PaymentStatus.PLANNED.value))


@by_shape
def _accounts(actor: Actor, today: date, status: str) -> Whole:
    a = PayeeAccount
    return capped(select(col(a.id)).where(visible(actor, a, today), col(a.status) == status))


def accounts_to_approve(session: Session, actor: Actor, today: date) -> int:
    """Bank details of the board that wait for a second person, whoever entered them."""
    return number(session, _accounts(actor, today, AccountStatus.PROPOSED.value))
