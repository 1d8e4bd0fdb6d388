"""What a holder reads of their own budget: short sentences, one idea each, in place of the words staff use."""

from __future__ import annotations

from phbportal.domain.budgets import LINE_WORDS, LineType
from phbportal.domain.ledger import Verb
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.plans import PlanStatus
from phbportal.domain.streams import Method

PHB_SENTENCES: dict[PhbStatus, tuple[str, ...]] = {
    PhbStatus.REFERRED: ("Somebody has asked for a personal health budget for you.", "Your team will contact you."),
    PhbStatus.OFFERED: (
        "The NHS has offered you a personal health budget.",
        "Tell your team if you want it, or if you want to know more.",
    ),
    PhbStatus.ACCEPTED: (
        "You said yes to a personal health budget.",
        "Next, your team finds out with you what you need.",
    ),
    PhbStatus.ASSESSING: ("Your team is finding out with you what you need.", "Next, you write your plan together."),
    PhbStatus.INDICATIVE_SET: (
        "You know about how much money there may be.",
        "Next, you and your team write your plan.",
    ),
    PhbStatus.PLANNING: ("You and your team are writing your plan.", "Next, the NHS checks the plan and agrees it."),
    PhbStatus.CLINICAL_REVIEW: (
        "Your plan is written.",
        "A nurse, a doctor or another health professional is checking it.",
    ),
    PhbStatus.FINANCE_REVIEW: ("Your plan is written.", "The NHS is checking the money."),
    PhbStatus.PANEL: ("Your plan is written and checked.", "Next, the NHS decides whether to agree it."),
    PhbStatus.APPROVED: ("Your plan and your budget are agreed.", "Your team is getting everything ready."),
    PhbStatus.RETURNED: ("Your plan needs some changes.", "Your team will talk about them with you."),
    PhbStatus.REFUSED: (
        "The NHS did not agree this budget.",
        "Your team can tell you why, and how to ask for the decision to be looked at again.",
    ),
    PhbStatus.DECLINED: ("You said no to this budget.", "You can change your mind. Tell your team."),
    PhbStatus.SETUP: ("Your plan and your budget are agreed.", "Your team is getting everything ready."),
    PhbStatus.ACTIVE: (),
    PhbStatus.CHANGE_PENDING: ("A change to your budget is being looked at.", "Nothing changes until it is agreed."),
    PhbStatus.SUSPENDED: ("Your budget is on hold.", "Your team can tell you why, and what happens next."),
    PhbStatus.STOPPING: ("Your budget is coming to an end.", "Your team will tell you what happens to your care."),
    PhbStatus.CLOSING: ("Your budget is coming to an end.", "Your team is working out what is left to pay."),
    PhbStatus.CLOSED: ("This budget has ended.",),
}
"""Where a budget stands and what happens next; nothing to say while all is as it should be."""

PLAN_SENTENCES: dict[PlanStatus, tuple[str, ...]] = {
    PlanStatus.DRAFT: ("You and your team are writing your plan.", "You will see it here when it is ready."),
    PlanStatus.SHARED: ("This is the plan so far.", "Tell your team what should change."),
    PlanStatus.SUBMITTED: (
        "This plan is not agreed yet.",
        "A nurse, a doctor or another health professional is checking it.",
    ),
    PlanStatus.CLINICALLY_SIGNED: ("This plan is not agreed yet.", "The NHS is deciding whether to agree it."),
    PlanStatus.APPROVED: (),
    PlanStatus.ACTIVE: (),
    PlanStatus.RETURNED: ("Your plan needs some changes.", "Your team will talk about them with you."),
    PlanStatus.SUPERSEDED: ("This is an old plan.",),
    PlanStatus.ENDED: ("This plan has ended.",),
}

METHOD_NAMES: dict[Method, str] = {
    Method.DIRECT_PAYMENT: "Money paid to you",
    Method.NOTIONAL: "Care the NHS pays for",
    Method.THIRD_PARTY: "Money another organisation looks after",
}
METHOD_SENTENCES: dict[Method, tuple[str, ...]] = {
    Method.DIRECT_PAYMENT: ("The NHS pays money into your account.", "You pay for what is in your plan."),
    Method.NOTIONAL: ("The NHS pays for this care.", "You do not handle the money."),
    Method.THIRD_PARTY: ("Another organisation holds the money.", "It pays for what is in your plan."),
}
METHOD_PAYS: dict[Method, str] = {
    Method.DIRECT_PAYMENT: "You pay for this from your budget",
    Method.NOTIONAL: "The NHS pays for this",
    Method.THIRD_PARTY: "The organisation that holds your budget pays for this",
}

_ENTRY: dict[Verb, str] = {
    Verb.ALLOCATE: "Agreed for your budget",
    Verb.RESERVE: "Set aside for a payment",
    Verb.RELEASE: "No longer set aside",
    Verb.PAY: "Paid to you",
    Verb.ACCOUNT_FOR: "Spent",
    Verb.REPAY: "Paid back to the NHS",
    Verb.OWN_MONEY: "Your own money added",
    Verb.INTEREST: "Interest",
    Verb.REFUND: "Money you got back",
    Verb.OPENING: "What you had when your budget came to this service",
    Verb.TRANSFER: "Moved to another part of your budget",
    Verb.REVERSE: "A mistake put right",
}


GIVEN_BACK = "Not needed, and the NHS has it again"


def entry_words(verb: Verb, line_type: LineType | None = None, method: Method | None = None) -> str:
    """One entry of the ledger, to a holder. ``line_type`` is the kind of cost when the money was spent on one,
    ``method`` that of its stream."""
    if method is Method.THIRD_PARTY and verb is Verb.PAY:
        return "Paid to the organisation that holds your money"
    if line_type is None:
        return _ENTRY[verb]
    cost = LINE_WORDS[line_type]
    cost = cost if cost[:2].isupper() else cost[0].lower() + cost[1:]
    if verb is Verb.PAY:
        return f"Paid by the NHS for {cost}"
    return f"Spent on {cost}" if verb is Verb.ACCOUNT_FOR else _ENTRY[verb]
