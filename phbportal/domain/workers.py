"""Personal assistants and others paid from a budget: who they are to the person, and when they may be paid (§1.9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.periods import months_after
from phbportal.domain.relations import CLOSE_FAMILY, Relation
from phbportal.domain.reviews import NEXT_MONTHS
from phbportal.domain.text import long_date

MOST_HOURS_HUNDREDTHS = 16_800
"""The hours of a week."""
YOUNGEST = 13
"""Nobody younger may be employed (Children and Young Persons Act 1933)."""


@dataclass(frozen=True, slots=True)
class WorkerFact:
    """What the rules of payment ask of a worker; ``excepted`` once a second person agreed to a household exception."""

    name: str
    relation: Relation
    same_household: bool
    excepted: bool


def is_connected(relation: Relation, *, same_household: bool) -> bool:
    """Whether somebody is a connected person by regulation 8: close family or a friend, in the same household."""
    return same_household and (relation in CLOSE_FAMILY or relation is Relation.FRIEND)


def payment_problem(worker: WorkerFact) -> Problem | None:
    """Why a worker may not be paid from the budget (I20, refusal 12)."""
    if not is_connected(worker.relation, same_household=worker.same_household) or worker.excepted:
        return None
    return Problem(
        f"{worker.name} lives with the person and is family or a friend. They can be paid only if it is necessary: "
        "ask for a household exception on their record, and have another person approve it.",
        "lines",
    )


def dates_problems(
    *, born_on: date | None, starts_on: date | None, ends_on: date | None, dbs_on: date | None,
    right_to_work_on: date | None, today: date,
) -> list[Problem]:  # fmt: skip
    """What is wrong with a worker's dates, each beside its field."""
    problems: list[Problem] = []
    if born_on is not None and born_on.year + YOUNGEST > today.year:
        problems.append(Problem(f"Nobody under {YOUNGEST} can be employed. Check the year.", "born_on"))
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        problems.append(Problem(f"They cannot leave before they start on {long_date(starts_on)}.", "ends_on"))
    if dbs_on is not None and dbs_on > today:
        problems.append(Problem("The date of the certificate cannot be in the future.", "dbs_on"))
    if right_to_work_on is not None and right_to_work_on > today:
        problems.append(Problem("The date of the check cannot be in the future.", "right_to_work_on"))
    return problems


def check_exception(worker: WorkerFact) -> None:
    """Refuse an exception for somebody who needs none, or has one."""
    if worker.excepted:
        raise Refusal("There is a household exception already.")
    if not is_connected(worker.relation, same_household=worker.same_household):
        raise Refusal("They need no exception: they do not live with the person, or are neither family nor a friend.")


def check_look(on: date, after: date, today: date) -> None:
    """Refuse a day to look at an exception again that is not later than ``after`` (today, or the day it was to be
    looked at by), or is later than a review can be (§1.12)."""
    if on <= after:
        raise Refusal(
            f"Choose a day later than {long_date(after)} to look at the exception again.", field="exception_review_on"
        )
    last = months_after(today, NEXT_MONTHS)
    if on > last:
        raise Refusal(
            f"An exception is looked at within a year. Choose a day up to {long_date(last)}.",
            field="exception_review_on",
        )
