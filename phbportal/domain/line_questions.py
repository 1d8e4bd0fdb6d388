"""What is asked about a budget line, by how it is worked out; and reading the answers (domain.md §4.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from phbportal.domain.budgets import LineType
from phbportal.domain.errors import Refusal
from phbportal.domain.quantities import parse_hundredths
from phbportal.domain.rates import RateUnit, parse_rate
from phbportal.domain.reading import Reading
from phbportal.domain.workings import BASIS, EMPLOYED, Answers, Basis

FULL_YEAR = "52"


class Kind(StrEnum):
    """How a question is answered."""

    NUMBER = "NUMBER"
    MONEY = "MONEY"
    PERCENTAGE = "PERCENTAGE"
    YES_NO = "YES_NO"


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a form: its field, its words, what it starts from, and the least and most a number may be."""

    name: str
    label: str
    hint: str = ""
    kind: Kind = Kind.NUMBER
    value: str = ""
    most: int = 10_000


def _price(label: str, hint: str = "") -> Question:
    return Question("price", label, hint, Kind.MONEY)


_HOURS = Question("quantity", "How many hours a week?", "For example, 12 or 12.5", most=16_800)
_WEEKS = Question(
    "times", "How many weeks a year?", "52 for all year, paid holiday included", value=FULL_YEAR, most=5_200
)
_MANY = Question("quantity", "How many?", value="1")
QUESTIONS: dict[Basis, tuple[Question, ...]] = {
    Basis.AMOUNT: (
        Question("weekly", "Amount a week", "Leave empty if paid only once", Kind.MONEY),
        Question("one_off", "One-off amount", "For example, start-up costs", Kind.MONEY),
    ),
    Basis.HOURS: (_HOURS, _price("How much an hour?"), _WEEKS),
    Basis.LEAVE_COVER: (
        Question("quantity", "How many hours a week are covered?", "The hours of whoever is on holiday", most=16_800),
        _price("How much an hour?", "What whoever covers is paid"),
    ),
    Basis.TIMES_A_WEEK: (
        Question("quantity", "How many times a week?", "Nights, sessions, days or journeys, such as 2 or 0.5"),
        _price("How much each time?"), _WEEKS,
    ),
    Basis.BANK_HOLIDAYS: (
        Question("times", "How many bank holidays a year?", value="8", most=2_000),
        Question("quantity", "How many hours on each?", most=2_400),
        _price("How much more an hour?", "On top of the usual pay"),
    ),
    Basis.MONTHLY: (_MANY, _price("How much a month for each?")),
    Basis.YEARLY: (_MANY, _price("How much a year for each?")),
    Basis.ONCE: (_MANY, _price("How much for each?", "It is paid once")),
    Basis.EMPLOYER_NI: (
        Question(
            "claims_allowance", "Can the employer claim Employment Allowance?",
            "Yes if all that their personal assistants do is for the person who needs care", Kind.YES_NO,
        ),
    ),
    Basis.EMPLOYER_PENSION: (),
    Basis.SHARE_OF_FUND: (
        Question("basis_points", "What share of the whole fund is the fee?", "For example, 5", Kind.PERCENTAGE),
    ),
    Basis.WEEKS_KEPT: (Question("quantity", "How many weeks’ money is kept?", "For example, 1", most=800),),
}  # fmt: skip
"""The few questions of each way to work a line out, in the order they are asked."""


def basis_of(line_type: LineType, *, by_amount: bool = False) -> Basis:
    """How a line is worked out. Refuses amounts in the place of hours and pay for somebody employed (I19)."""
    if by_amount and line_type in EMPLOYED:
        raise Refusal("Enter the hours and the pay, so that the minimum wage can be checked.", field="line_type")
    return Basis.AMOUNT if by_amount else BASIS[line_type]


def read_answers(form: Mapping[str, object], basis: Basis) -> Answers:
    """Read what was answered; every problem beside its field. Not for typed amounts."""
    r = Reading(form)
    found: dict[str, int] = {}
    claims = False
    for one in QUESTIONS[basis]:
        match one.kind:
            case Kind.NUMBER:
                found[one.name] = r.take(one.name, _number(one), needed="Enter a number.") or 0
            case Kind.MONEY:
                found["price_pence"] = r.money(one.name, needed="Enter an amount.")
                if not r.problems and not found["price_pence"]:
                    r.problem("Enter an amount above £0.00.", one.name)
            case Kind.PERCENTAGE:
                found[one.name] = r.take(one.name, _percentage, needed="Enter a percentage.") or 0
            case Kind.YES_NO:
                if r.raw(one.name) not in ("yes", "no"):
                    r.problem("Choose yes or no.", one.name)
                claims = r.yes(one.name)
    r.finish()
    return Answers(basis, claims_allowance=claims, **found)


def _number(one: Question) -> Callable[..., int]:
    def parse(text: str, *, field: str) -> int:
        return parse_hundredths(text, most=one.most, field=field)

    return parse


def _percentage(text: str, *, field: str) -> int:
    basis_points = parse_rate(RateUnit.BASIS_POINTS, text, field=field)
    if basis_points > 5_000:
        raise Refusal("A fee of more than half the fund cannot be right. Check the figures.", field=field)
    return basis_points
