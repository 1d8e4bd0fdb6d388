"""The yearly uplift: what each budget is raised to from a day, and why some are not (domain.md §4.4, §8.4).

Prices and amounts go up by the board's percentage; an hour's pay to the minimum wage at least; National Insurance,
pension, fees and the like are worked out again by the rates of the day. A budget is never lowered by it: a reduction is
a decision with notice and reasons (SI 2013/1617 reg 13).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from phbportal.domain.budget_sums import LineIn, LineOut, work_all_out
from phbportal.domain.budgets import LINE_WORDS
from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.minimum_wage import BY_AGE
from phbportal.domain.money import pounds, split
from phbportal.domain.periods import months_after, uplift
from phbportal.domain.plan_year import PlanYear, yearly
from phbportal.domain.quantities import percent
from phbportal.domain.rate_book import RateBook
from phbportal.domain.streams import StreamStatus
from phbportal.domain.text import long_date
from phbportal.domain.workings import BY_THE_HOUR, Answers, Basis

FURTHEST_AHEAD_DAYS, FURTHEST_BACK_DAYS = 366, 183


class UpliftStatus(StrEnum):
    DRAFT = "DRAFT"
    PROPOSED = "PROPOSED"
    RETURNED = "RETURNED"
    WITHDRAWN = "WITHDRAWN"
    APPROVED = "APPROVED"
    DONE = "DONE"


UPLIFT_STATUS_WORDS: dict[UpliftStatus, str] = {
    UpliftStatus.DRAFT: "Being prepared",
    UpliftStatus.PROPOSED: "Waiting for an approver",
    UpliftStatus.RETURNED: "Returned",
    UpliftStatus.WITHDRAWN: "Withdrawn",
    UpliftStatus.APPROVED: "Approved, being written",
    UpliftStatus.DONE: "Approved and written",
}
OPEN = (UpliftStatus.DRAFT, UpliftStatus.RETURNED)
"""While it may still be chosen which budgets are raised."""

_STEPS: dict[tuple[UpliftStatus, str], UpliftStatus] = {
    (UpliftStatus.DRAFT, "propose"): UpliftStatus.PROPOSED,
    (UpliftStatus.RETURNED, "propose"): UpliftStatus.PROPOSED,
    (UpliftStatus.PROPOSED, "return"): UpliftStatus.RETURNED,
    (UpliftStatus.PROPOSED, "approve"): UpliftStatus.APPROVED,
    (UpliftStatus.APPROVED, "finish"): UpliftStatus.DONE,
    **{(status, "withdraw"): UpliftStatus.WITHDRAWN for status in (*OPEN, UpliftStatus.PROPOSED)},
}


def step(status: UpliftStatus, verb: str) -> UpliftStatus:
    """The status after an act, by its verb. Refuses what does not follow."""
    after = _STEPS.get((status, verb))
    if after is None:
        raise Refusal(f"You cannot {verb} this uplift: it is “{UPLIFT_STATUS_WORDS[status]}”. Reload the page.")
    return after


class ItemStatus(StrEnum):
    CHOSEN = "CHOSEN"
    LEFT_OUT = "LEFT_OUT"
    EXCEPTION = "EXCEPTION"
    WRITTEN = "WRITTEN"
    IN_EFFECT = "IN_EFFECT"
    OVERTAKEN = "OVERTAKEN"


ITEM_STATUS_WORDS: dict[ItemStatus, str] = {
    ItemStatus.CHOSEN: "Chosen",
    ItemStatus.LEFT_OUT: "Left out",
    ItemStatus.EXCEPTION: "Exception",
    ItemStatus.WRITTEN: "Agreed, not in effect yet",
    ItemStatus.IN_EFFECT: "In effect",
    ItemStatus.OVERTAKEN: "Something changed first",
}
RAISES = (ItemStatus.WRITTEN, ItemStatus.IN_EFFECT)
"""What changes the amount of a stream from its day."""


class Why(StrEnum):
    """Why a stream is not raised with the others."""

    SUSPENDED = "SUSPENDED"
    ENDS = "ENDS"
    HAND_AGREED = "HAND_AGREED"
    ORGANISATION = "ORGANISATION"
    OTHER_CHANGE = "OTHER_CHANGE"
    NO_RATE = "NO_RATE"
    LESS = "LESS"


WHY_WORDS: dict[Why, str] = {
    Why.SUSPENDED: "The money is on hold",
    Why.ENDS: "It ends before the day",
    Why.HAND_AGREED: "The price was agreed by hand",
    Why.ORGANISATION: "The amount stands in the agreement with the organisation",
    Why.OTHER_CHANGE: "Another change of the amount waits or comes later",
    Why.NO_RATE: "A rate has no value on the day",
    Why.LESS: "It would be less, and a reduction is a decision",
}


@dataclass(frozen=True, slots=True)
class StreamAt:
    """A stream as the uplift sees it. ``price_agreed`` says what was agreed by hand, "" for nothing; ``has_contract``
    is whether a three-party agreement says its amount; ``other_change`` whether another change of it stands."""

    status: StreamStatus
    weekly_pence: int
    ends_on: date | None
    price_agreed: str = ""
    has_contract: bool = False
    other_change: bool = False


def why_not(stream: StreamAt, on: date) -> Why | None:
    """Why a stream is not raised with the others, before any sum; None where nothing stands in the way."""
    if (stream.ends_on is not None and stream.ends_on < on) or stream.status is StreamStatus.STOPPING:
        return Why.ENDS
    if stream.status is StreamStatus.SUSPENDED:
        return Why.SUSPENDED
    if stream.price_agreed:
        return Why.HAND_AGREED
    if stream.has_contract:
        return Why.ORGANISATION
    return Why.OTHER_CHANGE if stream.other_change else None


@dataclass(frozen=True, slots=True)
class Raised:
    """What a stream comes to from the day: pence a week, its lines by key with what was answered, the sum in words.

    ``lines`` is empty where the budget has no lines that come to the stream's amount.
    """

    weekly_pence: int
    lines: Mapping[str, tuple[LineOut, Answers | None]]
    words: str


def raise_streams(
    amounts: Mapping[str, int], lines: Sequence[LineIn], born: Mapping[str, date | None], points: int, on: date,
    book: RateBook,
) -> dict[str, Raised]:  # fmt: skip
    """What each stream of one budget comes to from a day; ``amounts`` are today's pence a week of those to be raised.

    ``points`` is the percentage in hundredths of one per cent, ``born`` the day of birth of each line's worker. Refuses
    a sum that needs a rate that has no value on the day. One rounding a price, half up (§4.4, T03).
    """
    whole = {key: [one for one in lines if one.stream == key] for key in amounts}
    sound = {key for key, own in whole.items() if own and sum(one.weekly_pence for one in own) == amounts[key]}
    said: dict[str, list[str]] = {key: [] for key in amounts}
    changed = [
        _raised_line(one, born.get(one.key), points, on, book, said[one.stream]) if one.stream in sound else one
        for one in lines
    ]
    typed = {key: [one for one in whole[key] if one.answers is None] for key in sound}
    more = {key: _typed(own, points) for key, own in typed.items()}
    changed = [
        replace(one, weekly_pence=more[one.stream][one.key]) if one.key in more.get(one.stream, {}) else one
        for one in changed
    ]
    worked = work_all_out(changed, book) if sound else {}
    answers = {one.key: one.answers for one in changed}
    found: dict[str, Raised] = {}
    for key, amount in amounts.items():
        if key not in sound:
            after = uplift(amount, points)
            found[key] = Raised(after, {}, _told([_percent(points, amount)] if points else [], amount, after))
            continue
        outs = {one.key: (worked[one.key], answers[one.key]) for one in whole[key]}
        after = sum(out.weekly_pence for out, _answers in outs.values())
        if points:
            said[key].insert(0, f"{percent(points)} more on prices and amounts.")
        said[key] += _on_costs(whole[key], outs, on)
        found[key] = Raised(after, outs, _told(said[key], amount, after))
    return found


def _raised_line(
    line: LineIn, born_on: date | None, points: int, on: date, book: RateBook, said: list[str]
) -> LineIn:  # fmt: skip
    """A line with the price and the rates of the day. What is paid once is left as it was."""
    answers = line.answers
    if answers is None or answers.basis is Basis.ONCE:
        return replace(line, day=on)
    price = uplift(answers.price_pence, points)
    if line.line_type in BY_THE_HOUR and answers.price_pence and (least := least_pay(born_on, on, book)) > price:
        who = line.who or LINE_WORDS[line.line_type].lower()
        said.append(
            f"The pay of {who}, {pounds(price)} an hour, becomes {pounds(least)}: the minimum wage from "
            f"{long_date(on)}."
        )
        price = least
    return replace(line, day=on, answers=replace(answers, price_pence=price))


def least_pay(born_on: date | None, on: date, book: RateBook) -> int:
    """The minimum wage of a worker on a day, in pence an hour; without a date of birth that of 21 and over."""
    names = [name for years, name, _whom in BY_AGE if born_on is None or months_after(born_on, 12 * years) <= on]
    return book.on(names[-1], on)


def _typed(lines: Sequence[LineIn], points: int) -> dict[str, int]:
    """Amounts that were typed: together raised and rounded once, and shared out again so that they come to it."""
    whole = sum(one.weekly_pence for one in lines)
    if not whole:
        return {}
    shares = split(uplift(whole, points), [one.weekly_pence for one in lines])
    return dict(zip((one.key for one in lines), shares, strict=True))


def _on_costs(
    lines: Sequence[LineIn], outs: Mapping[str, tuple[LineOut, Answers | None]], on: date
) -> list[str]:  # fmt: skip
    """The lines that stand on others and are other than they were, each in a sentence."""
    standing = (Basis.EMPLOYER_NI, Basis.EMPLOYER_PENSION, Basis.SHARE_OF_FUND)
    return [
        f"{LINE_WORDS[one.line_type]}: {pounds(one.weekly_pence)} a week becomes {pounds(out.weekly_pence)}, by what "
        f"is paid and the rates of {long_date(on)}."
        for one in lines
        if one.answers is not None and one.answers.basis in standing
        and (out := outs[one.key][0]).weekly_pence != one.weekly_pence
    ]  # fmt: skip


def _percent(points: int, amount: int) -> str:
    return f"{percent(points)} more on {pounds(amount)} a week."


def _told(said: Sequence[str], before: int, after: int) -> str:
    return " ".join([*said, f"{pounds(before)} a week becomes {pounds(after)}."])


def a_year(before_pence: int, after_pence: int, year: PlanYear = PlanYear.WEEKS_52) -> int:
    """What the difference comes to in a year as the board counts it (domain.md §4.9, plan_year_weeks)."""
    return yearly(after_pence - before_pence, year)


def day_problem(on: date, today: date) -> Problem | None:
    """Whether an uplift may hold from a day: a late one is paid as arrears (§4.4), but not for last year."""
    if (today - on).days > FURTHEST_BACK_DAYS or (on - today).days > FURTHEST_AHEAD_DAYS:
        return Problem("Choose a day within the last six months or the next year. Check the year.", "effective_on")
    return None


def next_first_of_april(today: date) -> date:
    """The 1 April that an uplift is prepared for: this year's until the end of June, then the next."""
    return date(today.year if today.month <= 6 else today.year + 1, 4, 1)
