"""Quarters of the financial year, and what was spent in each by whoever funds it (domain.md §4.7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from phbportal.domain.funding import Funder, Share, shared_on
from phbportal.domain.periods import financial_year, months_after
from phbportal.domain.text import MONTHS

Spent = Mapping[date, Mapping[Funder, int]]
"""Pence by the first day of the quarter and by funder."""


def quarter_of(day: date) -> date:
    """The first day of the quarter a day is in: April, July, October or January."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def last_quarters(today: date, count: int = 8) -> tuple[date, ...]:
    """The first days of the last quarters, the present one last."""
    first = quarter_of(today)
    return tuple(months_after(first, -3 * back) for back in reversed(range(count)))


def quarter_end(first: date) -> date:
    """The last day of a quarter."""
    return months_after(first, 3) - timedelta(days=1)


def quarter_words(first: date) -> str:
    """ "April to June 2026"."""
    last = quarter_end(first)
    return f"{MONTHS[first.month - 1]} to {MONTHS[last.month - 1]} {last.year}"


@dataclass(frozen=True, slots=True)
class Version:
    """Who pays for a budget from a day: the shares of one of its versions, in the order of the versions."""

    starts_on: date
    shares: tuple[Share, ...]


def in_force(versions: Sequence[Version], day: date) -> Version | None:
    """The version whose shares hold on a day: the last that had begun, or the first of all before any had."""
    begun = [one for one in versions if one.starts_on <= day]
    return begun[-1] if begun else versions[0] if versions else None


def by_funder(whole: Mapping[date, int], shared: Mapping[str, tuple[Sequence[Version], Mapping[date, int]]]) -> Spent:
    """What each funder's part of the spending of each quarter is; the parts of a quarter come to the whole of it.

    ``whole`` is what all budgets spent, by quarter. ``shared`` is of each budget that somebody else pays for too: its
    versions, and what it spent by day, from the first day of the financial year of the first quarter. A budget's
    spending is shared out as it runs through the year, under each version that was in force in it (I08, ADR 0036); what
    nobody shares is the board's.
    """
    found: dict[date, dict[Funder, int]] = {quarter: dict.fromkeys(Funder, 0) for quarter in whole}
    for versions, days in shared.values():
        before: dict[tuple[date, Version], int] = {}
        for (quarter, version), pence in sorted(_by_quarter(versions, days).items(), key=lambda part: part[0][0]):
            if not any(share.weight or share.pence for share in version.shares):
                continue
            year = financial_year(quarter)[0], version
            spent = before.get(year, 0)
            before[year] = spent + pence
            if quarter in found:
                for funder, part in shared_on(spent, pence, version.shares).items():
                    found[quarter][funder] += part
    for quarter, pence in whole.items():
        found[quarter][Funder.HEALTH] += pence - sum(found[quarter].values())
    return found


def _by_quarter(versions: Sequence[Version], days: Mapping[date, int]) -> dict[tuple[date, Version], int]:
    parts: dict[tuple[date, Version], int] = {}
    for day, pence in days.items():
        if (version := in_force(versions, day)) is not None:
            key = (quarter_of(day), version)
            parts[key] = parts.get(key, 0) + pence
    return parts
