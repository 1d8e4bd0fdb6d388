"""What a budget holder reads of whoever helps them: what they do, where it stands, what they can see."""

from __future__ import annotations

from phbportal.domain.acting import Acting, ActingStatus

DOES: dict[Acting, tuple[str, ...]] = {
    Acting.REPRESENTATIVE: ("They decide about your budget for you.", "They must do what is best for you."),
    Acting.NOMINEE: ("Your money is paid to them.", "They must spend it on what is in your plan."),
    Acting.ADVOCATE: ("They help you to say what you want.", "They decide nothing for you."),
    Acting.BROKER: ("They help you to plan and to find services.", "They decide nothing for you."),
    Acting.FAMILY: ("They help you.", "They decide nothing for you."),
}
HOLDS_MONEY = ("This organisation looks after money for you.", "They must spend it on what is in your plan.")
ASKED_TO_HOLD = ("This organisation is asked to look after money for you.", "They have not started yet.")

STANDS: dict[ActingStatus, tuple[str, ...]] = {
    ActingStatus.PROPOSED: ("They have not started yet.", "First they must say yes, and the NHS must agree."),
    ActingStatus.CHECKS: ("They have not started yet.", "Your team is doing its checks, then the NHS must agree."),
    ActingStatus.ACTIVE: (),
    ActingStatus.SUSPENDED: ("They are on hold.", "They do nothing for you now. Your team can tell you why."),
    ActingStatus.ENDED: ("They do not do this any more.",),
}

SEES_ALL = "They can see your details, your plan and your money."
SEES_THEIR_MONEY = "They can see the money that is paid to them."
SEES_NO_MONEY = "No money is paid to them yet, so they see none."
HOLDS_SEES = "They can see your name and the money they look after."
SEES_PARTS = "They can see these parts of your plan:"
SEES_NO_PARTS = "They see no part of your plan."
ASKED_SEES = "They can see that they are asked to help you. They see nothing else."
SIGNS_IN_NOT = "They do not use this service. They see only what you show them."


def does(role: Acting, status: ActingStatus, individual: str) -> tuple[str, ...]:
    """What somebody does and where that stands; of an organisation also who there looks after the money."""
    named = (f"{individual} looks after the money there.",) if individual else ()
    return (*DOES[role], *named, *STANDS[status])


def plan_sight(parts: int) -> str:
    """The words before the parts of a plan that are marked for somebody, or that none is."""
    return SEES_PARTS if parts else SEES_NO_PARTS
