"""What a decision says to the person it is about: short sentences, one idea each, for the page and for the letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from phbportal.domain.decisions import AGAINST, OF_MONEY, DecisionKind, DecisionStatus
from phbportal.domain.money import pounds
from phbportal.domain.reconsiderations import Outcome
from phbportal.domain.streams import Method
from phbportal.domain.text import long_date, plural

METHOD_NAMES: dict[Method, str] = {
    Method.NOTIONAL: "budget that the NHS looks after",
    Method.THIRD_PARTY: "budget that an organisation looks after",
    Method.DIRECT_PAYMENT: "direct payment",
}


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision, to be put in words. ``method`` is None for the whole budget; ``subject`` is what, or who, it is
    about; ``replacement`` the way the care is paid for instead, ``no_replacement`` how it is given without one."""

    kind: DecisionKind
    effective_on: date
    method: Method | None = None
    subject: str = ""
    weekly_before_pence: int | None = None
    weekly_after_pence: int | None = None
    replacement: Method | None = None
    no_replacement: str = ""


def whose(name: str, *, own: bool) -> tuple[str, str]:
    """How the person is called: "your" and "you", or by name."""
    return ("your", "you") if own else (f"{name}’s", name)


def decision_sentence(found: Decided, name: str, *, own: bool) -> str:
    """What is decided, in a sentence that begins "We have decided"."""
    their, them = whose(name, own=own)
    money = f"{their} {METHOD_NAMES[found.method]}" if found.method else f"{their} personal health budget"
    day = long_date(found.effective_on)
    words = {
        DecisionKind.REFUSE_PHB: f"not to give {them} a personal health budget",
        DecisionKind.REFUSE_DP: f"not to pay {them} a direct payment",
        DecisionKind.OMIT_SERVICE: f"not to put this in {their} plan: {found.subject}",
        DecisionKind.REDUCE: f"to reduce {money} from {pounds(found.weekly_before_pence or 0)} a week to "
                             f"{pounds(found.weekly_after_pence or 0)} a week from {day}",
        DecisionKind.STOP: f"to stop {money} from {day}",
        DecisionKind.SUSPEND: f"to put {money} on hold from {day}",
        DecisionKind.APPOINT: f"that {found.subject} can act for {them}",
        DecisionKind.REFUSE_APPOINT: f"that {found.subject} cannot act for {them}",
        DecisionKind.ALLOW_EXCEPTION: f"that {their} budget can pay somebody who lives with {them}: {found.subject}",
        DecisionKind.REFUSE_EXCEPTION: f"that {their} budget cannot pay somebody who lives with {them}: "
                                       f"{found.subject}",
    }[found.kind]  # fmt: skip
    return f"We have decided {words.rstrip('.')}."


def care_sentences(found: Decided, name: str, *, own: bool, today: date) -> list[str]:
    """What happens to the care, and to the money until then; nothing where it does not change, or no day is left
    before it does."""
    their = whose(name, own=own)[0]
    if found.kind is DecisionKind.REFUSE_PHB:
        return [f"{their.capitalize() if own else their} care does not stop. The NHS still arranges it."]
    if found.kind is DecisionKind.REFUSE_DP:
        return [f"{'You' if own else name} can still have a budget that is managed in another way. Ask the team."]
    if found.kind not in OF_MONEY:
        return []
    day = long_date(found.effective_on)
    until = [f"Nothing changes before {day}. Until then the money is paid as it is now."]
    until = until if found.effective_on > today else []
    if found.kind is DecisionKind.REDUCE:
        return until
    told = [f"{their.capitalize() if own else their} care goes on."]
    if found.replacement:
        told.append(f"From that day it is paid for in another way: a {METHOD_NAMES[found.replacement]}.")
    elif found.no_replacement:
        told.append(found.no_replacement if found.no_replacement.endswith(".") else f"{found.no_replacement}.")
    return told + until


def disagree_sentences(kind: DecisionKind, days: int, *, own: bool) -> list[str]:
    """What somebody who disagrees can do, and by when it is answered; nothing about a decision in their favour."""
    if kind not in AGAINST:
        return []
    return [
        f"If {'you' if own else 'you or the person'} do not agree, you can ask us to look at this decision again.",
        "You can do it in the portal, by letter, by telephone, or in person. You can tell us something new.",
        "Somebody who had no part in the decision looks at it again.",
        f"We answer in writing within {plural(days, 'day')}, with our reasons.",
        "You can have somebody to help you. Ask the team for an advocate, who speaks up for you.",
        "You can also complain to us at any time. If you are not happy with the answer to a complaint, you can go to "
        "the Parliamentary and Health Service Ombudsman.",
    ]


def disagree_paragraphs(kind: DecisionKind, days: int, *, own: bool) -> list[str]:
    """The same for a letter, one thing a paragraph: what can be asked, who answers and by when, who helps, who else can
    be asked."""
    said = disagree_sentences(kind, days, own=own)
    return [" ".join(part) for part in (said[:2], said[2:4], said[4:5], said[5:]) if part]


def standing_sentence(status: DecisionStatus, effective_on: date, today: date) -> str:
    """Where a decision stands, as the person reads it."""
    day = long_date(effective_on)
    comes = f"It takes effect on {day}." if effective_on > today else f"It takes effect today, {day}."
    return {
        DecisionStatus.ISSUED: comes,
        DecisionStatus.IN_EFFECT: f"It took effect on {day}.",
        DecisionStatus.LIFTED: "It is over: the money is paid again.",
        DecisionStatus.CHANGED: "We looked at it again and changed it.",
        DecisionStatus.REVERSED: "We looked at it again. It was wrong, and does not count any more.",
    }.get(status, "")  # fmt: skip


def outcome_sentence(kind: DecisionKind, outcome: Outcome, *, day: date | None, weekly_pence: int | None) -> str:
    """What came of a reconsideration, in a sentence or two."""
    if outcome is Outcome.UPHELD:
        return "We looked at the decision again. It stays as it is."
    if outcome is Outcome.REVERSED:
        return "We looked at the decision again. It was wrong, and does not count any more."
    changed = [f"it takes effect on {long_date(day)}"] if day else []
    changed += [f"the amount is {pounds(weekly_pence)} a week"] if weekly_pence is not None else []
    if changed:
        return f"We looked at the decision again and changed it: {' and '.join(changed)}."
    return "We looked at the decision again and changed it. Our reasons say what happens now."
