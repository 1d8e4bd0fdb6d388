"""How a budget line is worked out: from what was answered to pence, with the sum in words (domain.md §4.1, §4.3).

A sum is exact until its end and rounded once, half up. Quantities are in hundredths: 1250 is 12.5 hours.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from phbportal.domain.budgets import LineType
from phbportal.domain.errors import Refusal
from phbportal.domain.money import LARGEST_PENCE, pounds, round_half_up
from phbportal.domain.quantities import WHOLE, counted, hundredths, percent
from phbportal.domain.rates import WHOLE_BASIS_POINTS

WEEKS = 52
"""The weeks a year's pay is counted in: 46.4 worked and 5.6 of paid holiday (domain.md §4.3)."""
LEAVE_HUNDREDTHS = 560
"""Weeks of paid leave a year, in hundredths: 5.6 by the Working Time Regulations (domain.md §4.2)."""


class Basis(StrEnum):
    """The shape of a sum. What is typed as an amount has no sum behind it."""

    AMOUNT = "AMOUNT"
    HOURS = "HOURS"
    LEAVE_COVER = "LEAVE_COVER"
    TIMES_A_WEEK = "TIMES_A_WEEK"
    BANK_HOLIDAYS = "BANK_HOLIDAYS"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"
    ONCE = "ONCE"
    EMPLOYER_NI = "EMPLOYER_NI"
    EMPLOYER_PENSION = "EMPLOYER_PENSION"
    SHARE_OF_FUND = "SHARE_OF_FUND"
    WEEKS_KEPT = "WEEKS_KEPT"


BASIS: dict[LineType, Basis] = {
    LineType.PA_WAGE: Basis.HOURS,
    LineType.PA_COVER: Basis.LEAVE_COVER,
    LineType.PA_SLEEP_NIGHT: Basis.TIMES_A_WEEK,
    LineType.PA_WAKING_NIGHT: Basis.HOURS,
    LineType.PA_BANK_HOLIDAY: Basis.BANK_HOLIDAYS,
    LineType.EMPLOYER_NI: Basis.EMPLOYER_NI,
    LineType.EMPLOYER_PENSION: Basis.EMPLOYER_PENSION,
    LineType.STATUTORY_PAY: Basis.YEARLY,
    LineType.PAYROLL: Basis.MONTHLY,
    LineType.INSURANCE: Basis.YEARLY,
    LineType.DBS: Basis.ONCE,
    LineType.RECRUITMENT: Basis.ONCE,
    LineType.TRAINING: Basis.ONCE,
    LineType.AGENCY: Basis.HOURS,
    LineType.ISF_FEE: Basis.SHARE_OF_FUND,
    LineType.THERAPY: Basis.TIMES_A_WEEK,
    LineType.ACTIVITY: Basis.TIMES_A_WEEK,
    LineType.SHORT_BREAK: Basis.TIMES_A_WEEK,
    LineType.TRANSPORT: Basis.TIMES_A_WEEK,
    LineType.EQUIPMENT: Basis.ONCE,
    LineType.ASSISTIVE_TECH: Basis.ONCE,
    LineType.CONSUMABLES: Basis.MONTHLY,
    LineType.CONTINGENCY: Basis.WEEKS_KEPT,
    LineType.REDUNDANCY_NOTICE: Basis.ONCE,
    LineType.CHARGES: Basis.MONTHLY,
    LineType.OTHER: Basis.AMOUNT,
}
"""How each kind of cost is usually worked out (domain.md §4.1)."""

EMPLOYED = frozenset(
    {LineType.PA_WAGE, LineType.PA_COVER, LineType.PA_SLEEP_NIGHT, LineType.PA_WAKING_NIGHT, LineType.PA_BANK_HOLIDAY}
)
"""Pay of somebody employed: always worked out, never typed as an amount, so that its rate can be checked (I19)."""
EARNED = EMPLOYED - {LineType.PA_COVER}
"""What counts as the earnings of the worker it names; cover is paid to whoever covers."""
BY_THE_HOUR = frozenset({LineType.PA_WAGE, LineType.PA_COVER, LineType.PA_WAKING_NIGHT})
"""Lines whose price is an hour's pay, held against the minimum wage. A sleeping night is not an hour of work, and a
bank holiday's price is what is added to the hour."""
ONE_OF_EACH_EMPLOYER = frozenset({LineType.EMPLOYER_NI, LineType.EMPLOYER_PENSION})

_EACH: dict[LineType, tuple[str, str]] = {
    LineType.PA_SLEEP_NIGHT: ("night", "nights"),
    LineType.THERAPY: ("session", "sessions"),
    LineType.ACTIVITY: ("session", "sessions"),
    LineType.SHORT_BREAK: ("day", "days"),
    LineType.TRANSPORT: ("journey", "journeys"),
}


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered about a line, kept so that it can be worked out again.

    ``quantity`` in hundredths: hours or times a week, hours a day, how many, weeks kept. ``price_pence`` of one of
    them. ``times`` in hundredths: weeks, bank holidays or months in a year.
    """

    basis: Basis
    quantity: int = 0
    price_pence: int = 0
    times: int = 0
    basis_points: int = 0
    claims_allowance: bool = False

    def kept(self) -> str:
        """As it is written down with the line."""
        return json.dumps({name: value for name, value in asdict(self).items() if value}, sort_keys=True)


def answers_of(kept: str) -> Answers:
    """Read back what was written down."""
    found = json.loads(kept)
    return Answers(Basis(found.pop("basis")), **found)


@dataclass(frozen=True, slots=True)
class Sum:
    """What a line comes to: a year's pence, or pence once, and the sum in words that a person can check.

    ``annual_pence`` is None where the line is paid once or its weekly amount comes from the lines beside it.
    """

    words: str
    annual_pence: int | None = None
    one_off_pence: int = 0
    weekly_pence: int | None = None


def work_out(line_type: LineType, answers: Answers) -> Sum:
    """A line that stands on its own answers. Refuses what comes to nothing or to more than could be.

    Lines that stand on the lines beside them (National Insurance, pension, a fee, money kept for emergencies) are
    worked out by ``services/workings.py`` with the functions of this module and of ``on_costs``.
    """
    price, many = pounds(answers.price_pence), hundredths(answers.quantity)
    match answers.basis:
        case Basis.HOURS:
            whole = _yearly(answers.quantity * answers.price_pence * answers.times, WHOLE * WHOLE)
            weeks = hundredths(answers.times)
            return _annual(f"{counted(many, 'hour', 'hours')} a week × {price} × {weeks} weeks", whole)
        case Basis.LEAVE_COVER:
            whole = _yearly(answers.quantity * answers.price_pence * LEAVE_HUNDREDTHS, WHOLE * WHOLE)
            weeks = hundredths(LEAVE_HUNDREDTHS)
            hours = counted(many, "hour", "hours")
            return _annual(f"{hours} a week × {price} × {weeks} weeks of paid leave", whole)
        case Basis.TIMES_A_WEEK:
            whole = _yearly(answers.quantity * answers.price_pence * answers.times, WHOLE * WHOLE)
            times = counted(many, *_EACH.get(line_type, ("time", "times")))
            return _annual(f"{times} a week × {price} × {counted(hundredths(answers.times), 'week', 'weeks')}", whole)
        case Basis.BANK_HOLIDAYS:
            whole = _yearly(answers.quantity * answers.price_pence * answers.times, WHOLE * WHOLE)
            days = counted(hundredths(answers.times), "bank holiday", "bank holidays")
            return _annual(f"{days} × {counted(many, 'hour', 'hours')} × {price} more an hour", whole)
        case Basis.MONTHLY:
            whole = _yearly(answers.quantity * answers.price_pence * 12, WHOLE)
            return _annual(f"{_of_one(many)}{price} a month × 12 months", whole)
        case Basis.YEARLY:
            whole = _yearly(answers.quantity * answers.price_pence, WHOLE)
            return _annual(f"{_of_one(many)}{price}" if many != "1" else "", whole)
        case Basis.ONCE:
            whole = _yearly(answers.quantity * answers.price_pence, WHOLE)
            return Sum(f"{_of_one(many)}{price} = {pounds(whole)}, paid once." if many != "1" else
                       f"{pounds(whole)}, paid once.", one_off_pence=whole)  # fmt: skip
        case _:
            raise ValueError(f"{answers.basis} stands on the lines beside it")


def fee_of_fund(other_weekly_pence: int, basis_points: int) -> Sum:
    """A fee that is a share of the whole fund: with 5%, £855.00 of support takes a fee of £45.00 of £900.00 (§2.2)."""
    fee = round_half_up(other_weekly_pence * basis_points, WHOLE_BASIS_POINTS - basis_points)
    whole = other_weekly_pence + fee
    share = percent(basis_points)
    return Sum(
        f"{share} of the whole fund of {pounds(whole)} a week ({pounds(other_weekly_pence)} for everything else) "
        f"= {pounds(fee)} a week.",
        weekly_pence=fee,
    )  # fmt: skip


def kept_weeks(weekly_pence: int, weeks: int) -> Sum:
    """Money kept for emergencies: some weeks of what the stream pays, given once (§4.6). ``weeks`` in hundredths."""
    kept = round_half_up(weekly_pence * weeks, WHOLE)
    many = counted(hundredths(weeks), "week", "weeks")
    return Sum(f"{many} × {pounds(weekly_pence)} a week = {pounds(kept)}, kept for emergencies.", one_off_pence=kept)


def weekly_shares(annual_pence: Sequence[int]) -> tuple[int, ...]:
    """What yearly costs come to a week: together a year ÷ 52, rounded once (§4.3), and shared out over the lines by
    largest remainder, ties to the first, so that the lines come to it (I09) and none is a whole penny out."""
    shares = [yearly // WEEKS for yearly in annual_pence]
    by_remainder = sorted(range(len(shares)), key=lambda i: (-(annual_pence[i] % WEEKS), i))
    for i in by_remainder[: round_half_up(sum(annual_pence), WEEKS) - sum(shares)]:
        shares[i] += 1
    return tuple(shares)


def _of_one(many: str) -> str:
    return "" if many == "1" else f"{many} × "


def _yearly(numerator: int, denominator: int) -> int:
    whole = round_half_up(numerator, denominator)
    if whole > LARGEST_PENCE:
        raise Refusal(f"This comes to more than {pounds(LARGEST_PENCE)}. Check the figures.", field="quantity")
    if whole == 0:
        raise Refusal("This comes to nothing. Check the figures.", field="quantity")
    return whole


def _annual(sum_words: str, whole: int) -> Sum:
    words = f"{sum_words} = {pounds(whole)} a year." if sum_words else f"{pounds(whole)} a year."
    return Sum(words, annual_pence=whole)
