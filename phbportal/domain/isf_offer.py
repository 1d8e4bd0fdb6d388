"""The offer to an organisation in plain words: its terms, the twelve lines, and the agreement made of them.

Money in pence, shares in basis points (500 is 5%), times in weeks and days as the names say.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from phbportal.domain.errors import Refusal
from phbportal.domain.money import pounds
from phbportal.domain.periods import MonthlyPay
from phbportal.domain.quantities import percent
from phbportal.domain.streams import FREQUENCY_WORDS, Frequency
from phbportal.domain.text import long_date, plural
from phbportal.domain.twelfths import month_words

TEMPLATE_VERSION = "ISF 1"
LAW_AS_OF = date(2026, 4, 1)
DEFAULT_FLEXIBILITY = (
    "Times, days and activities can change when the person asks, for the same outcomes and within the year’s budget."
)
EXIT_DAYS = 28


class FeeKind(StrEnum):
    NONE = "NONE"
    PERCENT = "PERCENT"
    FIXED_WEEKLY = "FIXED_WEEKLY"


FEE_WORDS: dict[FeeKind, str] = {
    FeeKind.NONE: "No management fee",
    FeeKind.PERCENT: "A percentage of the money",
    FeeKind.FIXED_WEEKLY: "A fixed amount a week",
}


class Timing(StrEnum):
    FIRST_DAY = "FIRST_DAY"
    ONE_WEEK_BEFORE = "ONE_WEEK_BEFORE"
    TWO_WEEKS_BEFORE = "TWO_WEEKS_BEFORE"


TIMING_WORDS: dict[Timing, str] = {
    Timing.FIRST_DAY: "on the first day of each payment period",
    Timing.ONE_WEEK_BEFORE: "1 week before each payment period",
    Timing.TWO_WEEKS_BEFORE: "2 weeks before each payment period",
}


class Reporting(StrEnum):
    MONTHLY = "MONTHLY"
    QUARTERLY = "QUARTERLY"


REPORTING_WORDS: dict[Reporting, str] = {Reporting.MONTHLY: "every month", Reporting.QUARTERLY: "every 3 months"}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a case manager chooses for an offer; amounts, dates and plan come from the stream and the plan."""

    hourly_pence: int
    other_rates: str
    fee_kind: FeeKind
    fee_bp: int
    fee_weekly_pence: int
    fee_covers: str
    timing: Timing
    bank_cap_weeks: int
    bank_period_weeks: int
    flexibility: str
    reporting: Reporting
    exit_days: int


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer as it was sent."""

    organisation: str
    person: str
    board: str
    reference: str
    plan_version: int
    plan_hash: str
    weekly_pence: int
    one_off_pence: int
    frequency: Frequency
    starts_on: date
    terms: Terms
    registration: str = ""
    monthly: MonthlyPay = MonthlyPay.BY_DAYS


_PERCENT = re.compile(r"(\d{1,2})(?:\.(\d{1,2}))?\s*%?")


def parse_percent(text: str, *, field: str | None = None) -> int:
    """A percentage as people write it ("5", "7.5%") in basis points; refuses what is not below 100."""
    found = _PERCENT.fullmatch(text.strip())
    if found is None:
        raise Refusal("Enter a percentage, such as 5 or 7.5.", field=field)
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def fee_above(terms: Terms, weekly_pence: int, default_percent: int) -> bool:
    """Whether the fee is above the board's usual one, which needs an approver (domain.md §9.5)."""
    if terms.fee_kind is FeeKind.PERCENT:
        return terms.fee_bp > default_percent * 100
    return terms.fee_kind is FeeKind.FIXED_WEEKLY and terms.fee_weekly_pence * 100 > default_percent * weekly_pence


def amount_words(
    weekly_pence: int, frequency: Frequency, one_off_pence: int = 0, monthly: MonthlyPay = MonthlyPay.BY_DAYS
) -> str:
    """The amount of a payment period and of a week; months are paid by their days, or as twelfths of 52 weeks."""
    if not weekly_pence and one_off_pence:
        return f"{pounds(one_off_pence)} once"
    a_week = f"{pounds(weekly_pence)} a week"
    if frequency is Frequency.FOUR_WEEKLY:
        words = f"{pounds(4 * weekly_pence)} every 4 weeks ({a_week})"
    elif frequency is Frequency.WEEKLY:
        words = f"{pounds(weekly_pence)} every week"
    elif monthly is MonthlyPay.TWELFTHS:
        words = (
            f"{month_words(weekly_pence)} every month (a twelfth of 52 weeks at {pounds(weekly_pence)}), a part of a "
            "month by its days"
        )
    else:
        words = f"{a_week}, paid {FREQUENCY_WORDS[frequency]} for its days"
    return words + (f", and {pounds(one_off_pence)} once with the first payment" if one_off_pence else "")


def _amount(offer: Offer) -> str:
    return amount_words(offer.weekly_pence, offer.frequency, offer.one_off_pence, offer.monthly)


def fee_words(terms: Terms) -> str:
    """The management fee in a sentence; it is never hidden inside an hourly rate (§2.2)."""
    if terms.fee_kind is FeeKind.NONE:
        return "There is no management fee, and none is hidden in an hourly rate."
    much = percent(terms.fee_bp) + " of the money" if terms.fee_kind is FeeKind.PERCENT else (
        pounds(terms.fee_weekly_pence) + " a week"
    )  # fmt: skip
    covers = f" It covers: {terms.fee_covers.rstrip('.')}." if terms.fee_covers else ""
    return f"The management fee is {much}. It is never hidden in an hourly rate.{covers}"


def line_words(offer: Offer) -> dict[int, str]:
    """What each of the twelve lines says of this offer."""
    t = offer.terms
    banked = (
        f"Up to {plural(t.bank_cap_weeks, 'week')} of the budget can be kept for up to "
        f"{plural(t.bank_period_weeks, 'week')}, or longer for a need the plan names. An hour counts as "
        f"{pounds(t.hourly_pence)}."
        if t.bank_cap_weeks
        else "No money is kept for later: what is unspent goes back to the board."
    )
    return {
        1: (
            f"{offer.organisation} holds the money for {offer.person} and has read version {offer.plan_version} of "
            f"the plan (code {offer.plan_hash[:12]})."
        ),
        2: (
            f"The board pays {_amount(offer)}, from {long_date(offer.starts_on)}, by bank transfer "
            f"{TIMING_WORDS[t.timing]}."
        ),
        3: (
            f"An hour of support costs {pounds(t.hourly_pence)}, all in: bank holidays, nights and travel too."
            + (f" Other rates: {t.other_rates.rstrip('.')}." if t.other_rates else "")
        ),
        4: fee_words(t),
        5: "The money is kept apart for this person. It is never pooled with other people’s.",
        6: banked,
        7: t.flexibility,
        8: (
            f"A statement goes to the person and to the board {REPORTING_WORDS[t.reporting]}: money in, fee, support "
            "by hours and rate, other spending, and what is left."
        ),
        9: (
            f"{offer.registration} The organisation is insured, and names its safeguarding lead and its data "
            "protection contact to the board."
        ).strip(),
        10: "The organisation tells the person who else is paid from the money. The person’s choice decides.",
        11: (
            f"Either side can end the arrangement with {plural(t.exit_days, 'day')} of notice. A closing statement "
            f"and what is left follow within {plural(EXIT_DAYS, 'day')}."
        ),
        12: (
            "Complaints go to the organisation first, then to the board, then to the Parliamentary and Health Service "
            "Ombudsman."
        ),
    }


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an agreement: its heading and its sentences."""

    heading: str
    sentences: tuple[str, ...]


def agreement_text(offer: Offer, titles: dict[int, str]) -> str:
    """The three-party agreement as it is signed: a heading line begins with "# ", every other line is a sentence."""
    words = line_words(offer)
    parts = [
        ("Who this agreement is between", (
            f"{offer.person}, whose money it is.", f"{offer.organisation}, which holds the money.",
            f"{offer.board}, which pays it.", f"It is about the personal health budget {offer.reference}.",
        )),
        *((titles[number], (words[number],)) for number in titles),
        ("What all three agree", (
            "The money is spent only on what the plan says.",
            f"{offer.person} says how the money is used. The organisation arranges it and answers for it.",
            "The board looks at the plan and the money again at each review.",
            "Nothing is paid before all three have signed.",
            f"This agreement follows the law as it stood on {long_date(LAW_AS_OF)} (wording {TEMPLATE_VERSION}).",
        )),
    ]  # fmt: skip
    return "\n".join(line for heading, said in parts for line in (f"# {heading}", *said))


def agreement_from_template(
    offer: Offer, titles: dict[int, str], title: str, words: str, version: int, law_as_of: date
) -> str:
    """The three-party agreement in a board's own words, filled in, with the twelve lines that were answered."""
    lines = line_words(offer)
    said = [" ".join(part.split()) for part in words.split("\n\n") if part.strip()]
    answered = [line for number in titles for line in (f"# {titles[number]}", lines[number])]
    law = f"This agreement follows the law as it stood on {long_date(law_as_of)} (wording {version})."
    return "\n".join(
        [f"# {title}", *said, *answered, "# What all three agree", "Nothing is paid before all three have signed.", law]
    )


def parts_of(text: str) -> tuple[Part, ...]:
    """An agreement's text, part by part, for a page."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("# "):
            found.append((line[2:], []))
        elif found:
            found[-1][1].append(line)
    return tuple(Part(heading, tuple(sentences)) for heading, sentences in found)


def content_hash(text: str) -> str:
    """What a signature is for: the SHA-256 of the words, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
