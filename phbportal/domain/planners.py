"""Who writes the draft of a plan besides staff: asked by an invitation, apart from whoever found the person eligible.

A planner sees only the plan they are asked to write, and only until it is handed in or the invitation is taken back
(domain.md §2.3, §3.1 step 4; NHS England: planning is separate from eligibility).
"""

from __future__ import annotations

from enum import StrEnum

from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.roles import Role


class Planner(StrEnum):
    """Who is asked: the person, whoever represents them, their nominee, or an organisation (user-led, a broker)."""

    PERSON = "PERSON"
    REPRESENTATIVE = "REPRESENTATIVE"
    NOMINEE = "NOMINEE"
    ORGANISATION = "ORGANISATION"


PLANNER_WORDS: dict[Planner, str] = {
    Planner.PERSON: "The budget holder",
    Planner.REPRESENTATIVE: "Their representative",
    Planner.NOMINEE: "Their nominee",
    Planner.ORGANISATION: "A user-led organisation or a broker",
}
PLANNER_ROLES: dict[Planner, Role] = {
    Planner.PERSON: Role.HOLDER,
    Planner.REPRESENTATIVE: Role.REPRESENTATIVE,
    Planner.NOMINEE: Role.NOMINEE,
    Planner.ORGANISATION: Role.PROVIDER,
}


class InvitationStatus(StrEnum):
    ASKED = "ASKED"
    HANDED_IN = "HANDED_IN"
    WITHDRAWN = "WITHDRAWN"
    DECLINED = "DECLINED"


INVITATION_WORDS: dict[InvitationStatus, str] = {
    InvitationStatus.ASKED: "Writing",
    InvitationStatus.HANDED_IN: "Handed in",
    InvitationStatus.WITHDRAWN: "Taken back",
    InvitationStatus.DECLINED: "Declined",
}
STANDS_IN_THE_WAY = (InvitationStatus.ASKED, InvitationStatus.HANDED_IN)
"""Whoever writes, or wrote, somebody's plan is their independent broker as far as the conflict rule goes."""


def check_asked(status: InvitationStatus) -> None:
    """An invitation ends once, whichever way."""
    if status is not InvitationStatus.ASKED:
        raise Refusal(f"This invitation has ended: it is “{INVITATION_WORDS[status]}”. Reload the page.")


def conflict(*, holds_isf: bool) -> Problem | None:
    """An organisation never plans for somebody whose money it holds, or has been offered to hold (§2.3)."""
    if not holds_isf:
        return None
    return Problem(
        "This organisation holds, or is asked to hold, this person’s money, so it cannot plan for them as well. "
        "Choose another organisation.",
        "organisation_id",
    )


def assessed_needs(*, by_them: bool) -> Problem | None:
    """Whoever assessed the person's needs does not write the plan in the planner's place either (§2.3)."""
    if not by_them:
        return None
    return Problem(
        "This planner assessed the person’s needs, or somebody of it recorded the assessment. Planning is kept apart "
        "from that. Choose another planner.",
        "planner",
    )


def assessed(*, found_them_eligible: bool) -> Problem | None:
    """Whoever recorded why the person may have a budget does not write the plan in the planner's place."""
    if not found_them_eligible:
        return None
    return Problem(
        "Somebody of this planner recorded why the person may have a budget. Planning is kept apart from that. "
        "Choose another planner.",
        "planner",
    )
