"""The personalised care and support plan: statuses and the steps between them (domain.md §9.4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from phbportal.domain.errors import Problem, Refusal


class PlanStatus(StrEnum):
    DRAFT = "DRAFT"
    SHARED = "SHARED"
    SUBMITTED = "SUBMITTED"
    CLINICALLY_SIGNED = "CLINICALLY_SIGNED"
    APPROVED = "APPROVED"
    ACTIVE = "ACTIVE"
    RETURNED = "RETURNED"
    SUPERSEDED = "SUPERSEDED"
    ENDED = "ENDED"


PLAN_STATUS_WORDS: dict[PlanStatus, str] = {
    PlanStatus.DRAFT: "Draft",
    PlanStatus.SHARED: "Shared with the person",
    PlanStatus.SUBMITTED: "Waiting for clinical sign-off",
    PlanStatus.CLINICALLY_SIGNED: "Signed off",
    PlanStatus.APPROVED: "Approved",
    PlanStatus.ACTIVE: "Active",
    PlanStatus.RETURNED: "Returned for changes",
    PlanStatus.SUPERSEDED: "Replaced by a later plan",
    PlanStatus.ENDED: "Ended",
}

EDITABLE = frozenset({PlanStatus.DRAFT, PlanStatus.SHARED, PlanStatus.RETURNED})
IN_THE_MAKING = EDITABLE | {PlanStatus.SUBMITTED, PlanStatus.CLINICALLY_SIGNED}

STEPS: dict[str, tuple[frozenset[PlanStatus], PlanStatus]] = {
    "share": (frozenset({PlanStatus.DRAFT, PlanStatus.RETURNED}), PlanStatus.SHARED),
    "send": (EDITABLE, PlanStatus.SUBMITTED),
    "sign off": (frozenset({PlanStatus.SUBMITTED}), PlanStatus.CLINICALLY_SIGNED),
    "return": (frozenset({PlanStatus.SUBMITTED, PlanStatus.CLINICALLY_SIGNED}), PlanStatus.RETURNED),
    "approve": (frozenset({PlanStatus.CLINICALLY_SIGNED}), PlanStatus.APPROVED),
    "start": (frozenset({PlanStatus.APPROVED}), PlanStatus.ACTIVE),
    "replace": (frozenset({PlanStatus.APPROVED, PlanStatus.ACTIVE}), PlanStatus.SUPERSEDED),
}


def step(status: PlanStatus, verb: str) -> PlanStatus:
    """The status after ``verb``, or a refusal that says where the plan stands."""
    allowed, after = STEPS[verb]
    if status not in allowed:
        raise Refusal(f"You cannot {verb} this plan: it is now “{PLAN_STATUS_WORDS[status]}”. Reload the page.")
    return after


def check_editable(status: PlanStatus) -> None:
    """Invariant I38: a plan others have begun to rely on is not changed; a new version is written."""
    if status not in EDITABLE:
        raise Refusal(
            f"This plan is “{PLAN_STATUS_WORDS[status]}” and can no longer be changed. "
            "Ask for it to be returned, or write a new version."
        )


@dataclass(frozen=True, slots=True)
class PlanContents:
    """What the plan must hold before it is submitted."""

    about_me: str
    outcomes: int
    services: int
    services_without_outcome: int
    services_without_line: int


def submit_problems(plan: PlanContents) -> list[Problem]:
    """What is missing before a plan can be submitted (reg 8; domain.md §9.4)."""
    problems: list[Problem] = []
    if not plan.about_me.strip():
        problems.append(Problem("Write what matters to the person before you send the plan.", "about_me"))
    if plan.outcomes == 0:
        problems.append(Problem("Add at least one outcome before you send the plan.", "outcomes"))
    if plan.services == 0:
        problems.append(Problem("Add at least one service before you send the plan.", "services"))
    if plan.services_without_outcome:
        problems.append(Problem("Each service must say which outcome it is for.", "services"))
    if plan.services_without_line:
        problems.append(Problem("Each service must have a budget line that pays for it.", "lines"))
    return problems


class OutcomeStatus(StrEnum):
    NOT_STARTED = "NOT_STARTED"
    WORKING = "WORKING"
    MET = "MET"
    PARTLY = "PARTLY"
    NOT_MET = "NOT_MET"
    CHANGED = "CHANGED"


OUTCOME_WORDS: dict[OutcomeStatus, str] = {
    OutcomeStatus.NOT_STARTED: "Not started",
    OutcomeStatus.WORKING: "Working towards it",
    OutcomeStatus.MET: "Met",
    OutcomeStatus.PARTLY: "Partly met",
    OutcomeStatus.NOT_MET: "Not met",
    OutcomeStatus.CHANGED: "Changed",
}


class Share(StrEnum):
    """Who else may read a part of the plan (decisions.md §2)."""

    NOBODY = "NOBODY"
    NOMINEE = "NOMINEE"
    PROVIDER = "PROVIDER"
    ALL = "ALL"


SHARE_WORDS: dict[Share, str] = {
    Share.NOBODY: "Nobody else",
    Share.NOMINEE: "The nominee",
    Share.PROVIDER: "The provider",
    Share.ALL: "The nominee and the provider",
}


class RegistrationBody(StrEnum):
    NMC = "NMC"
    GMC = "GMC"
    HCPC = "HCPC"
    SWE = "SWE"


BODY_WORDS: dict[RegistrationBody, str] = {
    RegistrationBody.NMC: "Nursing and Midwifery Council (NMC)",
    RegistrationBody.GMC: "General Medical Council (GMC)",
    RegistrationBody.HCPC: "Health and Care Professions Council (HCPC)",
    RegistrationBody.SWE: "Social Work England (SWE)",
}
