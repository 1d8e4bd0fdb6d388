"""The weekly amounts of a stream over time, when decisions have reduced it or a yearly uplift raised it
(SI 2013/1617 reg 13, domain.md §4.4, T03, T19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from phbportal.domain.periods import MonthlyPay, Rate


@dataclass(frozen=True, slots=True)
class AmountChange:
    """A change of amount that stands: what a stream pays before a day and from it on, in pence a week.

    ``in_effect`` is whether the stream itself has the new amount already; ``source`` the decision or the uplift.
    """

    effective_on: date
    before_pence: int
    after_pence: int
    in_effect: bool
    source: UUID | None = None


def rates(
    weekly_pence: int, starts_on: date, ends_on: date | None, changes: Sequence[AmountChange] = (), *,
    monthly: MonthlyPay,
) -> list[Rate]:  # fmt: skip
    """What a stream pays a week, from its first day to its last, each amount with its days.

    ``weekly_pence`` is what the stream has now, ``monthly`` how it was agreed that its months are worked out.
    """
    found: list[Rate] = []
    start, amount = starts_on, weekly_pence
    for one in sorted(changes, key=lambda one: one.effective_on):
        if one.effective_on > start:
            found.append(Rate(one.before_pence, start, one.effective_on - timedelta(days=1), monthly))
            start = one.effective_on
        amount = weekly_pence if one.in_effect else one.after_pence
    last = None if ends_on is None else ends_on
    if last is not None:
        found = [replace(r, ends_on=min(r.ends_on or last, last)) for r in found if r.starts_on <= last]
        if start > last:
            return found
    return [*found, Rate(amount, start, last, monthly)]
