"""Statutory rates by day (domain.md §4.2): proposed by one person and written when another has approved.

A rate is a fact of the law: it holds from its day, whenever somebody writes it down, and a slip can be put right. What
was paid stays as it was paid. Of one name the days never overlap: each ends the day before the next begins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.change_requests import Shown, Values
from phbportal.domain.errors import NotFound, Refusal
from phbportal.domain.rates import RATES, RateUnit, parse_rate, show_rate
from phbportal.domain.reading import Reading, given
from phbportal.domain.text import long_date
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.services.change_requests import applies, propose
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.settings import Rate

SUBJECT, ADD, CHANGE = "rate", "add", "change"
_EVERY_BOARD = Subject(everybodys=True)


@dataclass(frozen=True, slots=True)
class RateEntry:
    """A rate as it was typed: pence or basis points, as its unit says; the day it holds from; where it stands."""

    amount: int
    starts_on: date
    source: str


def read_rate(form: Mapping[str, object], name: str) -> tuple[RateEntry, str]:
    """Read the form: the rate, and why it is proposed. Raises NotFound for a name that is none."""
    if name not in RATES:
        raise NotFound()
    r = Reading(form)
    amount = r.take("value", partial(parse_rate, RATES[name].unit), needed="Enter the rate.")
    starts_on = r.day("starts_on", needed="Enter the day it holds from.")
    source = r.text("source", needed="Say where it stands, such as GOV.UK, so that it can be checked.", longest=300)
    reason = r.text("reason", needed="Say why, so that the second person can judge it.", longest=500)
    r.finish()
    return RateEntry(given(amount), given(starts_on), source), reason


def propose_rate(
    uow: UnitOfWork, name: str, entry: RateEntry, reason: str, *, again: UUID | None = None
) -> UUID:  # fmt: skip
    """Propose a rate from a day on, or propose it anew. Returns the id of the change request."""
    uow.require(Permission.RATE_PROPOSE, _EVERY_BOARD)
    _refuse_same_day(uow, name, entry.starts_on)
    values = {"name": name, "amount": entry.amount, "starts_on": entry.starts_on, "source": entry.source}
    return propose(
        uow, subject=SUBJECT, act=ADD, title=f"{RATES[name].label}, from {long_date(entry.starts_on)}",
        before=_then(uow, None, values), after=_shown(name, entry.amount, entry.starts_on, entry.source),
        values=values, reason=reason, permission=Permission.RATE_PROPOSE, under=_EVERY_BOARD, national=True,
        slot=f"{name}:{entry.starts_on}", again=again,
    )  # fmt: skip


def propose_rate_change(
    uow: UnitOfWork, rate_id: UUID, entry: RateEntry, reason: str, *, seen_version: int, again: UUID | None = None
) -> UUID:  # fmt: skip
    """Propose that a rate is put right: its amount, its day or its source. Returns the id of the change request."""
    rate = uow.find(Rate, rate_id)
    uow.require(Permission.RATE_PROPOSE, rate)
    if rate.row_version != seen_version:
        raise Refusal("Somebody else changed this rate while you had it open. Reload the page, and look at it again.")
    _refuse_same_day(uow, rate.name, entry.starts_on, but=rate.id)
    return propose(
        uow, subject=SUBJECT, act=CHANGE, title=f"{RATES[rate.name].label}, from {long_date(rate.starts_on)}",
        before=_of(rate), after=_shown(rate.name, entry.amount, entry.starts_on, entry.source),
        values={"name": rate.name, "amount": entry.amount, "starts_on": entry.starts_on, "source": entry.source},
        reason=reason, permission=Permission.RATE_PROPOSE, row=rate, national=True, seen_version=seen_version,
        again=again,
    )  # fmt: skip


def _add_rate(uow: UnitOfWork, _row_id: UUID | None, values: Values, _seen_version: int | None) -> UUID:
    uow.require(Permission.RATE_PROPOSE, _EVERY_BOARD)
    name = values["name"]
    _refuse_same_day(uow, name, values["starts_on"])
    added = uow.add(Rate, unit=RATES[name].unit.value, **values)
    _end_each_before_the_next(uow, name)
    return added.id


def _change_rate(uow: UnitOfWork, row_id: UUID | None, values: Values, _seen_version: int | None) -> UUID:
    rate = uow.find(Rate, given(row_id), lock=True)
    uow.require(Permission.RATE_PROPOSE, rate)
    _refuse_same_day(uow, rate.name, values["starts_on"], but=rate.id)
    uow.change(rate, **values)
    _end_each_before_the_next(uow, rate.name)
    return rate.id


def _then(uow: UnitOfWork, _row_id: UUID | None, values: Values) -> Shown:
    """The rate that holds on the day a new one would begin, as things stand."""
    found = [rate for rate in _of_name(uow, values["name"]) if rate.starts_on <= values["starts_on"]]
    return _of(found[-1]) if found else {}


def _as_it_stands(uow: UnitOfWork, row_id: UUID | None, _values: Values) -> Shown:
    return _of(uow.find(Rate, given(row_id)))


def _of(rate: Rate) -> Shown:
    return _shown(rate.name, rate.amount, rate.starts_on, rate.source)


def _shown(name: str, amount: int, starts_on: date, source: str) -> Shown:
    return {"Rate": show_rate(RateUnit(RATES[name].unit), amount), "From": long_date(starts_on), "Source": source}


def _of_name(uow: UnitOfWork, name: str, *, lock: bool = False) -> list[Rate]:
    found = select(Rate).where(col(Rate.name) == name).order_by(col(Rate.starts_on))
    return list(uow.session.execute(found.with_for_update() if lock else found).scalars())


def _refuse_same_day(uow: UnitOfWork, name: str, starts_on: date, *, but: UUID | None = None) -> None:
    if any(rate.starts_on == starts_on and rate.id != but for rate in _of_name(uow, name)):
        raise Refusal("There is a rate from that day already. Change that one instead.", field="starts_on")


def _end_each_before_the_next(uow: UnitOfWork, name: str) -> None:
    rates = _of_name(uow, name, lock=True)
    for rate, following in zip(rates, [*rates[1:], None], strict=True):
        uow.change(rate, ends_on=following.starts_on - timedelta(days=1) if following else None)


applies(SUBJECT, ADD, what="A rate", decides=Permission.RATE_DECIDE, apply=_add_rate, now=_then)
applies(
    SUBJECT, CHANGE, what="A change to a rate", decides=Permission.RATE_DECIDE, apply=_change_rate, table=Rate,
    now=_as_it_stands,
)  # fmt: skip
