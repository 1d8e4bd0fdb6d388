"""A whole budget worked out from what was answered about each line (domain.md §4.3): some stand on the others.

Wages give National Insurance and pension, by employer; yearly costs give what a week comes to, by stream; what a week
comes to gives a fee, and money kept for emergencies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from phbportal.domain.budgets import LineType
from phbportal.domain.money import pounds, split
from phbportal.domain.on_costs import Earnings, Worked, employer_ni, employer_pension
from phbportal.domain.rate_book import RateBook
from phbportal.domain.workings import (
    EARNED,
    Answers,
    Basis,
    Sum,
    fee_of_fund,
    kept_weeks,
    weekly_shares,
    work_out,
)


@dataclass(frozen=True, slots=True)
class LineIn:
    """A line and what is known of it. ``employer`` is whoever the stream is paid to, who employs; ``day`` the one whose
    rates count. A line without ``answers`` keeps the amounts that were given."""

    key: str
    stream: str
    employer: str
    day: date
    line_type: LineType
    answers: Answers | None = None
    weekly_pence: int = 0
    one_off_pence: int = 0
    worker: str = ""
    who: str = ""
    opts_in: bool = False


@dataclass(frozen=True, slots=True)
class LineOut:
    """What a line comes to, in pence, and its sum in words ("" where only amounts were given)."""

    weekly_pence: int
    one_off_pence: int
    annual_pence: int | None = None
    words: str = ""


ON_TOP = (Basis.EMPLOYER_NI, Basis.EMPLOYER_PENSION)
_ALONE = frozenset({Basis.HOURS, Basis.LEAVE_COVER, Basis.TIMES_A_WEEK, Basis.BANK_HOLIDAYS, Basis.MONTHLY,
                    Basis.YEARLY, Basis.ONCE})  # fmt: skip


def work_all_out(lines: Sequence[LineIn], book: RateBook, runs: Sequence[LineIn] = ()) -> dict[str, LineOut]:
    """Every line of a budget by its key. Refuses a sum that cannot be, and a rate that has no value on its day.

    ``runs`` are the lines of what runs already, where these are added to it: of what an employer pays on top of wages
    a line that is added carries what it adds.
    """
    sums = {line.key: work_out(line.line_type, line.answers) for line in lines
            if line.answers is not None and line.answers.basis in _ALONE}  # fmt: skip
    for line in lines:
        if line.answers is not None and (found := _on_cost(line, line.answers, lines, sums, book, runs)):
            sums[line.key] = found
    sums |= _carried(lines, sums)
    weekly = _weekly(lines, sums)
    for line in lines:
        if line.answers is not None and line.answers.basis is Basis.SHARE_OF_FUND:
            others = sum(weekly[one.key] for one in lines if one.stream == line.stream and one.key != line.key)
            sums[line.key] = fee_of_fund(others, line.answers.basis_points)
            weekly[line.key] = sums[line.key].weekly_pence or 0
    for line in lines:
        if line.answers is not None and line.answers.basis is Basis.WEEKS_KEPT:
            stream = sum(weekly[one.key] for one in lines if one.stream == line.stream)
            sums[line.key] = kept_weeks(stream, line.answers.quantity)
    return {line.key: _out(line, sums.get(line.key), weekly[line.key]) for line in lines}


def _on_cost(
    line: LineIn, answers: Answers, lines: Sequence[LineIn], sums: dict[str, Sum], book: RateBook,
    runs: Sequence[LineIn],
) -> Sum | None:  # fmt: skip
    """What an employer pays on top of the wages in the budget, all streams of theirs together."""
    if answers.basis not in ON_TOP:
        return None

    def worked(of: Sequence[LineIn]) -> Worked:
        staff = staff_of(line.employer, of, sums)
        if answers.basis is Basis.EMPLOYER_NI:
            return employer_ni(staff, book, line.day, claims_allowance=answers.claims_allowance)
        return employer_pension(staff, book, line.day)

    whole = worked([*runs, *lines])
    if not staff_of(line.employer, runs, sums):
        return Sum(whole.words, annual_pence=whole.pence)
    # Thresholds and the allowance are a worker's and an employer's: they are not had a second time for what is added.
    before = worked(runs).pence
    words = f"{whole.words} Less {pounds(before)} a year for the pay that runs already."
    return Sum(words, annual_pence=max(0, whole.pence - before))


def _carried(lines: Sequence[LineIn], sums: Mapping[str, Sum]) -> dict[str, Sum]:
    """A budget that grew may have several lines of what is counted once for an employer: each carries a part of the
    whole, by what it came to before."""
    same: dict[tuple[str, Basis], list[LineIn]] = {}
    for line in lines:
        if line.answers is not None and line.answers.basis in ON_TOP:
            same.setdefault((line.employer, line.answers.basis), []).append(line)
    found: dict[str, Sum] = {}
    for each in same.values():
        weights = [line.weekly_pence for line in each]
        for number, line in enumerate(each if len(each) > 1 else ()):
            whole = sums[line.key]
            parts = split(whole.annual_pence or 0, weights if any(weights) else [1] * len(each))
            words = f"{whole.words} This line carries {pounds(parts[number])} of it."
            found[line.key] = Sum(words, annual_pence=parts[number])
    return found


def staff_of(employer: str, lines: Sequence[LineIn], sums: dict[str, Sum]) -> list[Earnings]:
    """What each worker of an employer earns in a year. A line that names nobody is one personal assistant's."""
    found: dict[str, Earnings] = {}
    for line in lines:
        earned = sums[line.key].annual_pence if line.key in sums else line.weekly_pence * 52
        if line.employer != employer or line.line_type not in EARNED or not earned:
            continue
        whose = line.worker or line.key
        before = found.get(whose)
        who = line.who or f"Personal assistant {len(found) + 1}"
        found[whose] = (
            replace(before, annual_pence=before.annual_pence + earned)
            if before
            else Earnings(who, earned, line.opts_in)
        )
    return list(found.values())


def _weekly(lines: Sequence[LineIn], sums: dict[str, Sum]) -> dict[str, int]:
    """Pence a week of each line, before fees: as it was given, or its share of its stream's year."""
    found = {line.key: 0 if line.answers is not None else line.weekly_pence for line in lines}
    for stream in dict.fromkeys(line.stream for line in lines):
        yearly = {line.key: annual for line in lines if line.stream == stream and line.key in sums
                  and (annual := sums[line.key].annual_pence) is not None}  # fmt: skip
        found |= dict(zip(yearly, weekly_shares(list(yearly.values())), strict=True))
    return found


def _out(line: LineIn, worked: Sum | None, weekly_pence: int) -> LineOut:
    if worked is None:
        return LineOut(line.weekly_pence, line.one_off_pence)
    return LineOut(weekly_pence, worked.one_off_pence, worked.annual_pence, worked.words)
