"""The path of a case from referral to live: its steps, whose turn each is, and what every budget must have.

domain.md §3.1 (statuses 0 to 9), §9.4 (guards), §1.2 (the six features).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.phbs import STATUS_WORDS, PhbStatus
from phbportal.domain.plan_year import PlanYear, weeks
from phbportal.domain.roles import Role
from phbportal.domain.text import plural

S = PhbStatus

BEFORE_PLANNING = frozenset({S.REFERRED, S.OFFERED, S.ACCEPTED, S.ASSESSING, S.INDICATIVE_SET, S.DECLINED})
"""Nothing is planned yet."""
IN_PLANNING = frozenset({S.PLANNING, S.RETURNED})
IN_REVIEW = frozenset({S.CLINICAL_REVIEW, S.FINANCE_REVIEW, S.PANEL})

CASE_STEPS: dict[str, tuple[frozenset[PhbStatus], PhbStatus]] = {
    "offer": (frozenset({S.REFERRED, S.DECLINED}), S.OFFERED),
    "accept": (frozenset({S.OFFERED}), S.ACCEPTED),
    "decline": (frozenset({S.OFFERED}), S.DECLINED),
    "assess": (frozenset({S.ACCEPTED}), S.ASSESSING),
    "set the indicative budget of": (frozenset({S.ACCEPTED, S.ASSESSING, S.INDICATIVE_SET}), S.INDICATIVE_SET),
    "plan": (frozenset({S.INDICATIVE_SET}), S.PLANNING),
    "send": (IN_PLANNING, S.CLINICAL_REVIEW),
    "sign off": (frozenset({S.CLINICAL_REVIEW}), S.FINANCE_REVIEW),
    "check": (frozenset({S.FINANCE_REVIEW}), S.PANEL),
    "return": (IN_REVIEW, S.RETURNED),
    "approve": (frozenset({S.PANEL}), S.SETUP),
    "make live": (frozenset({S.SETUP}), S.ACTIVE),
}
"""Each verb: from which statuses, to which. APPROVED is the decision; the case goes on to SETUP in the same act."""

_WHY_NOT: dict[PhbStatus, str] = {
    S.REFERRED: "The budget has not been offered yet.",
    S.OFFERED: "The offer has not been answered yet.",
    S.DECLINED: "The person declined the offer. Make a new offer first.",
    S.ACCEPTED: "There is no indicative budget yet.",
    S.ASSESSING: "There is no indicative budget yet.",
}


def case_step(status: PhbStatus, verb: str) -> PhbStatus:
    """The status after ``verb``, or a refusal that says where the case stands and what comes first."""
    allowed, after = CASE_STEPS[verb]
    if status not in allowed:
        first = f" {_WHY_NOT[status]}" if status in _WHY_NOT else ""
        raise Refusal(f"You cannot {verb} this budget: it is now “{STATUS_WORDS[status]}”.{first}")
    return after


TURN: dict[PhbStatus, Role] = {
    S.REFERRED: Role.CASE_MANAGER,
    S.OFFERED: Role.HOLDER,
    S.ACCEPTED: Role.CASE_MANAGER,
    S.ASSESSING: Role.CASE_MANAGER,
    S.INDICATIVE_SET: Role.CASE_MANAGER,
    S.PLANNING: Role.CASE_MANAGER,
    S.RETURNED: Role.CASE_MANAGER,
    S.CLINICAL_REVIEW: Role.CLINICIAN,
    S.FINANCE_REVIEW: Role.FINANCE,
    S.PANEL: Role.APPROVER,
    S.APPROVED: Role.CASE_MANAGER,
    S.SETUP: Role.CASE_MANAGER,
}
"""Who must act for the case to go on; nobody once it is live, has ended, or is put on hold."""


@dataclass(frozen=True, slots=True)
class PathStep:
    """A step of the path: what it is called, and the statuses in which it is the present one."""

    words: str
    holder_words: str
    statuses: frozenset[PhbStatus]


PATH: tuple[PathStep, ...] = (
    PathStep("Referred", "Somebody asked for a budget for you", frozenset({S.REFERRED})),
    PathStep("Offered", "You are offered a budget", frozenset({S.OFFERED, S.DECLINED})),
    PathStep("Needs and indicative budget", "You learn about how much there may be",
             frozenset({S.ACCEPTED, S.ASSESSING, S.INDICATIVE_SET})),
    PathStep("Planning", "You and your team write your plan", IN_PLANNING),
    PathStep("Clinical sign-off", "A health professional checks the plan", frozenset({S.CLINICAL_REVIEW})),
    PathStep("Finance check", "The NHS checks the money", frozenset({S.FINANCE_REVIEW})),
    PathStep("Approval", "The NHS decides", frozenset({S.PANEL, S.REFUSED})),
    PathStep("Setting up", "Your team gets everything ready", frozenset({S.APPROVED, S.SETUP})),
    PathStep("Live", "Your budget begins",
             frozenset({S.ACTIVE, S.CHANGE_PENDING, S.SUSPENDED, S.STOPPING, S.CLOSING, S.CLOSED})),
)  # fmt: skip


def place_of(status: PhbStatus) -> int:
    """Which step of the path a status belongs to, from 0."""
    return next(place for place, step in enumerate(PATH) if status in step.statuses)


def measures(
    *, offered: date | None, accepted: date | None, worked_out: date | None, approved: date | None, paid: date | None
) -> tuple[str, ...]:
    """How long the parts of the way took, in days (domain.md §3.1: no law says how long, so each is measured)."""
    spans = (
        ("From the offer to yes", offered, accepted),
        ("From yes to the indicative budget", accepted, worked_out),
        ("From approval to the first payment", approved, paid),
    )
    return tuple(
        f"{words}: {plural(max(0, (end - start).days), 'day')}."
        for words, start, end in spans
        if start is not None and end is not None
    )


@dataclass(frozen=True, slots=True)
class FeatureFacts:
    """What the six features are judged by."""

    about_me: bool
    outcomes: int
    told_amount: bool
    covers_full_cost: bool
    choices_explained: bool
    spending_explained: bool


@dataclass(frozen=True, slots=True)
class Feature:
    """One of the six: what it is, whether the budget has it, and what to do where it has not."""

    words: str
    is_met: bool
    otherwise: str


TOLD_BEFORE = frozenset(
    {
        "The person knew an amount before planning", "The person may choose how the money is held",
        "The money can be used flexibly, as agreed",
    }
)  # fmt: skip
"""The features that are told, and recorded, with the indicative budget."""


def features(facts: FeatureFacts) -> tuple[Feature, ...]:
    """The six features every budget must have (domain.md §1.2), each with what is missing."""
    return (
        Feature("The person is at the centre of the plan", facts.about_me,
                "Write what matters to the person in the plan."),
        Feature("The outcomes are agreed", facts.outcomes > 0, "Add at least one outcome to the plan."),
        Feature("The person knew an amount before planning", facts.told_amount,
                "Record the indicative budget, and that it was shown to the person."),
        Feature("The money is enough for the agreed needs", facts.covers_full_cost,
                "Finance must check that the budget covers the full cost."),
        Feature("The person may choose how the money is held", facts.choices_explained,
                "Record that the ways to hold the money were explained."),
        Feature("The money can be used flexibly, as agreed", facts.spending_explained,
                "Record that it was explained how the money can be used."),
    )  # fmt: skip


def feature_problems(found: Sequence[Feature]) -> list[Problem]:
    """A sentence for each feature a budget lacks: it cannot be approved without all six."""
    return [Problem(f"{one.words}: this is missing. {one.otherwise}") for one in found if not one.is_met]


def approvers_needed(
    weekly_pence: int, one_off_pence: int, second_over_weekly_pence: int, year: PlanYear = PlanYear.WEEKS_52
) -> int:  # fmt: skip
    """One approver, or a panel of two for more than the board's limit a week; a one-off counts as a year's money."""
    many, of = weeks(year)
    above = weekly_pence > second_over_weekly_pence or one_off_pence * of > many * second_over_weekly_pence
    return 2 if above else 1
