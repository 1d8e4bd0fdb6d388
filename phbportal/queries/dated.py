"""Values that hold from a day on: what holds today, what is to come, what was. Shared by rates and settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from phbportal.domain.text import long_date

IN_FORCE, COMING, PAST = "In force", "To come", "Past"


@dataclass(frozen=True, slots=True)
class DatedRow:
    """One value as text, with the days it holds; ``change_href`` is empty where it may not be changed.

    ``source`` says where it stands, or whose choice it is.
    """

    value: str
    starts: str
    ends: str
    status: str
    source: str = ""
    change_href: str = ""


@dataclass(frozen=True, slots=True)
class NamedRow:
    """A name in a list: what holds today and since when, and what is to come."""

    name: str
    href: str
    now: str
    since: str
    coming: str


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value before it is told; ``ends_on`` is None where nothing follows."""

    id: UUID | None
    shown: str
    starts_on: date
    ends_on: date | None
    source: str


def until_the_next(values: Sequence[tuple[UUID | None, str, date, str]]) -> list[DatedValue]:
    """Values of one name, the earliest first, each ending the day before the next begins."""
    ends = [following[2] - timedelta(days=1) for following in values[1:]]
    both = zip(values, [*ends, None], strict=False)  # of no values there is no end either
    return [DatedValue(i, shown, on, end, source) for (i, shown, on, source), end in both]


def status_on(value: DatedValue, today: date) -> str:
    """Whether it holds today, is to come or is past."""
    if value.starts_on > today:
        return COMING
    return PAST if value.ends_on is not None and value.ends_on < today else IN_FORCE


def named_row(name: str, href: str, values: Sequence[DatedValue], today: date, otherwise: str = "Not set") -> NamedRow:
    """A name in a list; ``otherwise`` is what holds where nothing was set."""
    here = next((v for v in values if status_on(v, today) == IN_FORCE), None)
    coming = [f"{v.shown} from {long_date(v.starts_on)}" for v in values if status_on(v, today) == COMING]
    since = long_date(here.starts_on) if here else ""
    return NamedRow(name, href, here.shown if here else otherwise, since, "; ".join(coming))


def dated_rows(
    values: Sequence[DatedValue], today: date, change_href: str, *, only_coming: bool
) -> tuple[DatedRow, ...]:
    """Every value of a name, the latest first. ``change_href`` with a row's id leads to its change, "" for nobody."""
    rows: list[DatedRow] = []
    for one in reversed(values):
        status = status_on(one, today)
        changes = change_href and one.id is not None and (status == COMING or not only_coming)
        rows.append(
            DatedRow(
                one.shown, long_date(one.starts_on), long_date(one.ends_on) if one.ends_on else "", status, one.source,
                f"{change_href}{one.id}" if changes else "",
            )
        )  # fmt: skip
    return tuple(rows)
