"""What a board's money comes to: sums for its dashboards, read from what is kept beside the ledger."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.eligibility import COHORT_WORDS, Cohort
from phbportal.domain.figures import Figures, Series, by_label, by_month, last_months, since_the_first
from phbportal.domain.ledger import Place
from phbportal.domain.payments import PaymentStatus
from phbportal.domain.periods import financial_year
from phbportal.domain.streams import METHOD_WORDS, AccountStatus
from phbportal.policy.actors import Actor
from phbportal.queries.dashboard_counts import Whole, by_code, capped, number
from phbportal.queries.kept import by_shape
from phbportal.queries.scope import visible
from phbportal.tables.board_money import BoardMoney
from phbportal.tables.budgets import PayeeAccount
from phbportal.tables.payments import PaymentItem

_M = BoardMoney
_PAID = ((Place.RESERVED, Place.HELD), (Place.RESERVED, Place.SPENT))
_ALLOCATED = ((Place.BOARD, Place.AVAILABLE),)
Ways = tuple[tuple[Place, Place], ...]


def _went(ways: Ways, *, back: bool = False) -> ColumnElement[bool]:
    pairs = [(to, source) if back else (source, to) for source, to in ways]
    return or_(*(and_(col(_M.from_place) == a.value, col(_M.to_place) == b.value) for a, b in pairs))


def _net(forth: ColumnElement[bool], back: ColumnElement[bool]) -> ColumnElement[int]:
    """What went one way less what came back by it (corrections, repayments), in pence."""
    amount = col(_M.amount_pence)
    return func.coalesce(cast(func.sum(case((forth, amount), (back, -amount), else_=0)), BigInteger), 0)


def _moved(actor: Actor, today: date, ways: Ways, first: date, last: date, *by: Any) -> Whole:
    forth, back = _went(ways), _went(ways, back=True)
    return select(*by, _net(forth, back)).where(
        visible(actor, _M, today), or_(forth, back), col(_M.month).between(first, last)
    )


@by_shape
def _this_year(actor: Actor, today: date, ways: Ways) -> Whole:
    return _moved(actor, today, ways, *financial_year(today))


def paid_this_year(session: Session, actor: Actor, today: date) -> int:
    """Pence paid since 1 April, to payees and to providers' invoices, less what was taken back by corrections."""
    return number(session, _this_year(actor, today, _PAID))


def agreed_this_year(session: Session, actor: Actor, today: date) -> int:
    """Pence the board has given budgets since 1 April, less what budgets gave back before it was paid."""
    return number(session, _this_year(actor, today, _ALLOCATED))


@by_shape
def _there_now(actor: Actor, today: date, place: Place) -> Whole:
    to, source = col(_M.to_place) == place.value, col(_M.from_place) == place.value
    return select(_net(to & (col(_M.from_place) != place.value), source & (col(_M.to_place) != place.value))).where(
        visible(actor, _M, today), or_(to, source)
    )


def left_to_pay(session: Session, actor: Actor, today: date) -> int:
    """Pence in the board's budgets that nothing has been done with yet."""
    return number(session, _there_now(actor, today, Place.AVAILABLE))


def set_aside(session: Session, actor: Actor, today: date) -> int:
    """Pence set aside for payments that are not made yet."""
    return number(session, _there_now(actor, today, Place.RESERVED))


def with_payees(session: Session, actor: Actor, today: date) -> int:
    """Pence payees hold and have not accounted for; what one of them overspent is taken off."""
    return number(session, _there_now(actor, today, Place.HELD))


@by_shape
def _by_month(actor: Actor, today: date, ways: Ways, apart: bool) -> Whole:
    months = last_months(today)
    by = [col(_M.month), col(_M.method)] if apart else [col(_M.month)]
    return _moved(actor, today, ways, months[0], months[-1], *by).group_by(*by)


def paid_by_month(session: Session, actor: Actor, today: date) -> Figures:
    """Pence paid in each of the last twelve months."""
    rows = by_code(session, _by_month(actor, today, _PAID, False))
    return by_month(last_months(today), {"": rows}, "pence")


def agreed_by_month(session: Session, actor: Actor, today: date) -> Figures:
    """Pence the board gave its budgets in each of the last twelve months."""
    rows = by_code(session, _by_month(actor, today, _ALLOCATED, False))
    return by_month(last_months(today), {"": rows}, "pence")


def paid_by_method(session: Session, actor: Actor, today: date) -> Figures:
    """Pence paid in each of the last twelve months, from the first with any, by the way the money is managed."""
    found: dict[str, dict[date, int]] = {method.value: {} for method in METHOD_WORDS}
    for month, method, pence in session.connection().execute(_by_month(actor, today, _PAID, True)):
        if method in found:
            found[method][month] = pence
    return since_the_first(
        by_month(last_months(today), {METHOD_WORDS[m]: found[m.value] for m in METHOD_WORDS}, "pence")
    )


@by_shape
def _by_cohort(actor: Actor, today: date, ways: Ways) -> Whole:
    return _moved(actor, today, ways, *financial_year(today), col(_M.cohort)).group_by(col(_M.cohort))


def paid_by_cohort(session: Session, actor: Actor, today: date) -> Figures:
    """Pence paid since 1 April, by why people have a budget."""
    rows = by_code(session, _by_cohort(actor, today, _PAID))
    return by_label({c.value: words for c, words in COHORT_WORDS.items()}, rows, "pence")


@by_shape
def _where_now(actor: Actor, today: date) -> Whole:
    def there(place: Place) -> ColumnElement[int]:
        to, source = col(_M.to_place) == place.value, col(_M.from_place) == place.value
        return _net(to & ~source, source & ~to)

    places = [there(place) for place in (Place.SPENT, Place.HELD, Place.RESERVED, Place.AVAILABLE)]
    return select(col(_M.cohort), *places).where(visible(actor, _M, today)).group_by(col(_M.cohort))


def where_money_is(session: Session, actor: Actor, today: date) -> Figures:
    """Pence that came into the board's budgets, by group of people and by where they are now; overdrawn is nought."""
    rows = {cohort: amounts for cohort, *amounts in session.connection().execute(_where_now(actor, today))}
    order = sorted((c for c in Cohort if sum(rows.get(c.value, ())) > 0), key=lambda c: -sum(rows[c.value]))
    names = ("Spent", "With payees", "Set aside for payments", "Left to pay out")
    return Figures(
        tuple(COHORT_WORDS[c] for c in order),
        tuple(Series(name, tuple(max(0, rows[c.value][i]) for c in order)) for i, name in enumerate(names)),
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
