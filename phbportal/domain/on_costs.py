"""What an employer pays on top of wages: National Insurance, Employment Allowance, pension (domain.md §4.3).

The sums are by worker and year, each rounded once, half up. The allowance is one employer's, not one worker's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from phbportal.domain.money import pounds, round_half_up
from phbportal.domain.rate_book import RateBook
from phbportal.domain.rates import WHOLE_BASIS_POINTS, RateUnit, show_rate


@dataclass(frozen=True, slots=True)
class Earnings:
    """What one worker of an employer earns in a year, in pence; ``opts_in`` to a pension below the trigger."""

    who: str
    annual_pence: int
    opts_in: bool = False


@dataclass(frozen=True, slots=True)
class Worked:
    """An amount in pence, and how it was worked out, in words that end with it."""

    pence: int
    words: str


def employer_ni(staff: Sequence[Earnings], book: RateBook, on: date, *, claims_allowance: bool) -> Worked:
    """A year's employer's National Insurance: of each worker what they earn above the threshold, less the allowance.

    The Employment Allowance is taken off once for the employer, and never below nought. Of personal assistants it may
    be claimed where all their duties are for the person who needs the care (domain.md §4.2).
    """
    percent, threshold = book.on("employer_ni", on), book.on("employer_ni_threshold", on)
    shown = show_rate(RateUnit.BASIS_POINTS, percent)
    parts = [
        _share_above(one, one.annual_pence, percent, threshold, shown)
        if one.annual_pence > threshold
        else Worked(0, f"{one.who}: nothing, because {pounds(one.annual_pence)} is not above {pounds(threshold)}")
        for one in staff
    ]
    whole = sum(part.pence for part in parts)
    words = _together(parts, whole)
    if claims_allowance:
        off = min(whole, book.on("employment_allowance", on))
        words += f" Less {pounds(off)} of Employment Allowance = {pounds(whole - off)} a year."
        whole -= off
    return Worked(whole, words)


def employer_pension(staff: Sequence[Earnings], book: RateBook, on: date) -> Worked:
    """A year's employer's pension: the least percentage of what lies within the band, of each worker enrolled.

    Enrolled is who earns above the trigger, and who earns above the lower limit and opts in.
    """
    percent, trigger = book.on("pension_employer", on), book.on("pension_trigger", on)
    lower, upper = book.on("pension_lower", on), book.on("pension_upper", on)
    shown = show_rate(RateUnit.BASIS_POINTS, percent)
    parts: list[Worked] = []
    for one in staff:
        if one.annual_pence > trigger or (one.opts_in and one.annual_pence > lower):
            parts.append(_share_above(one, min(one.annual_pence, upper), percent, lower, shown))
            continue
        least = lower if one.opts_in else trigger
        parts.append(Worked(0, f"{one.who}: nothing, because {pounds(one.annual_pence)} is not above {pounds(least)}"))
    whole = sum(part.pence for part in parts)
    return Worked(whole, _together(parts, whole))


def _share_above(one: Earnings, counted_pence: int, percent: int, above_pence: int, shown: str) -> Worked:
    part = round_half_up(percent * (counted_pence - above_pence), WHOLE_BASIS_POINTS)
    pay = pounds(counted_pence)
    return Worked(part, f"{one.who}: {shown} of what {pay} a year is above {pounds(above_pence)} = {pounds(part)}")


def _together(parts: Sequence[Worked], whole: int) -> str:
    if not parts:
        return "No personal assistant’s pay is in this budget yet, so there is nothing to pay."
    if len(parts) == 1:
        return parts[0].words + ("." if whole == 0 else " a year.")
    return "; ".join(part.words for part in parts) + f". Together {pounds(whole)} a year."
