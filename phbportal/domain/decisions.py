"""Decisions that go against somebody, or give somebody a place: refuse, omit, reduce, stop, suspend, appoint, except
(SI 2013/1617 regs 7, 8, 13 and 17; domain.md §1.6, §1.14, §9.4, §9.5).

One person prepares, another approves; from then it is issued, and on its day it is in effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from phbportal.domain.eligibility import Right
from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.phbs import ENDED, MONEY_AGREED, PhbStatus
from phbportal.domain.streams import GOES_ON, Method, StreamStatus
from phbportal.domain.text import long_date, plural

SHORTEST_REASONS = 20
"""Letters a reason has at least (invariant I23): "not eligible" is no reason anybody could answer."""
FURTHEST_DAYS = 366


class DecisionKind(StrEnum):
    REFUSE_PHB = "REFUSE_PHB"
    REFUSE_DP = "REFUSE_DP"
    OMIT_SERVICE = "OMIT_SERVICE"
    REDUCE = "REDUCE"
    STOP = "STOP"
    SUSPEND = "SUSPEND"
    APPOINT = "APPOINT"
    REFUSE_APPOINT = "REFUSE_APPOINT"
    ALLOW_EXCEPTION = "ALLOW_EXCEPTION"
    REFUSE_EXCEPTION = "REFUSE_EXCEPTION"


KIND_WORDS: dict[DecisionKind, str] = {
    DecisionKind.REFUSE_PHB: "Refuse a personal health budget",
    DecisionKind.REFUSE_DP: "Refuse a direct payment",
    DecisionKind.OMIT_SERVICE: "Leave something out of the plan",
    DecisionKind.REDUCE: "Reduce the money",
    DecisionKind.STOP: "Stop the money",
    DecisionKind.SUSPEND: "Suspend the money",
    DecisionKind.APPOINT: "Appoint a representative or nominee",
    DecisionKind.REFUSE_APPOINT: "Refuse a representative or nominee",
    DecisionKind.ALLOW_EXCEPTION: "Allow care from somebody in the household",
    DecisionKind.REFUSE_EXCEPTION: "Refuse care from somebody in the household",
}

AGAINST = frozenset(
    {
        DecisionKind.REFUSE_PHB, DecisionKind.REFUSE_DP, DecisionKind.OMIT_SERVICE, DecisionKind.REDUCE,
        DecisionKind.STOP, DecisionKind.SUSPEND, DecisionKind.REFUSE_APPOINT, DecisionKind.REFUSE_EXCEPTION,
    }
)  # fmt: skip
"""What the person, or whoever acts for them, may ask to be reconsidered."""
REFUSALS = frozenset(
    {DecisionKind.REFUSE_PHB, DecisionKind.REFUSE_DP, DecisionKind.OMIT_SERVICE, DecisionKind.REFUSE_APPOINT,
     DecisionKind.REFUSE_EXCEPTION}
)  # fmt: skip
OF_MONEY = frozenset({DecisionKind.REDUCE, DecisionKind.STOP, DecisionKind.SUSPEND})
"""What needs notice, and reaches whoever is paid."""
CARE_MUST_GO_ON = frozenset({DecisionKind.STOP, DecisionKind.SUSPEND})
OF_A_PART = frozenset({DecisionKind.APPOINT, DecisionKind.REFUSE_APPOINT})
SAYS_WHAT = frozenset({DecisionKind.OMIT_SERVICE, DecisionKind.ALLOW_EXCEPTION, DecisionKind.REFUSE_EXCEPTION})
"""What cannot be understood without saying what, or who, it is about."""


class Ground(StrEnum):
    """Grounds the law, or the guidance to it, lists: for a refusal, a reduction (reg 13), a stop (reg 17)."""

    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    NOT_APPROPRIATE = "NOT_APPROPRIATE"
    NOT_LOCAL_OFFER = "NOT_LOCAL_OFFER"
    NO_CONSENT = "NO_CONSENT"
    EXCLUDED = "EXCLUDED"
    CANNOT_MANAGE = "CANNOT_MANAGE"
    NOT_VALUE = "NOT_VALUE"
    NOT_BEST_INTERESTS = "NOT_BEST_INTERESTS"
    STILL_ENOUGH = "STILL_ENOUGH"
    UNSPENT = "UNSPENT"
    HEALTH_CHANGED = "HEALTH_CHANGED"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"
    REPRESENTATIVE_WITHDREW = "REPRESENTATIVE_WITHDREW"
    YOUNG_PERSON_NO = "YOUNG_PERSON_NO"
    REGAINED_CAPACITY_NO = "REGAINED_CAPACITY_NO"
    NOT_A_PATIENT = "NOT_A_PATIENT"
    PAYEE_UNSUITABLE = "PAYEE_UNSUITABLE"
    NOMINEE_WITHDREW = "NOMINEE_WITHDREW"
    NOMINATION_WITHDRAWN = "NOMINATION_WITHDRAWN"
    OUTSIDE_PLAN = "OUTSIDE_PLAN"
    SUSPECTED_OFFENCE = "SUSPECTED_OFFENCE"
    NEEDS_NOT_MET = "NEEDS_NOT_MET"


GROUND_WORDS: dict[Ground, str] = {
    Ground.NOT_ELIGIBLE: "The person is not in a group that has a right to a budget",
    Ground.NOT_APPROPRIATE: "A budget, or a direct payment, is not appropriate to secure the care",
    Ground.NOT_LOCAL_OFFER: "The board does not offer a budget for this, and there is no right to have one",
    Ground.NO_CONSENT: "There is no consent to a direct payment",
    Ground.EXCLUDED: "The person cannot have a direct payment under the Schedule to the regulations",
    Ground.CANNOT_MANAGE: "Whoever would be paid cannot manage the money, even with help",
    Ground.NOT_VALUE: "It is not good value for money",
    Ground.NOT_BEST_INTERESTS: "It is not in the best interests of the person, who lacks capacity",
    Ground.STILL_ENOUGH: "A smaller amount pays for everything in the plan",
    Ground.UNSPENT: "Money has built up that has not been spent",
    Ground.HEALTH_CHANGED: "The person’s health has changed",
    Ground.CONSENT_WITHDRAWN: "The person does not consent any more",
    Ground.REPRESENTATIVE_WITHDREW: "The representative withdrew their consent and nobody else consents",
    Ground.YOUNG_PERSON_NO: "The young person is 16 now and does not consent",
    Ground.REGAINED_CAPACITY_NO: "The person has capacity again and does not consent",
    Ground.NOT_A_PATIENT: "The board is not responsible for the person’s care any more",
    Ground.PAYEE_UNSUITABLE: "The representative or nominee is not suitable",
    Ground.NOMINEE_WITHDREW: "The nominee does not agree any more",
    Ground.NOMINATION_WITHDRAWN: "The nomination was withdrawn",
    Ground.OUTSIDE_PLAN: "Money was spent on what is not in the plan",
    Ground.SUSPECTED_OFFENCE: "Theft, fraud or another offence is suspected",
    Ground.NEEDS_NOT_MET: "The person’s needs cannot be met, or are not being met",
}
_REFUSE_PHB = (Ground.NOT_ELIGIBLE, Ground.NOT_APPROPRIATE, Ground.NOT_LOCAL_OFFER)
_REFUSE_DP = (
    Ground.NO_CONSENT, Ground.EXCLUDED, Ground.NOT_APPROPRIATE, Ground.CANNOT_MANAGE, Ground.NOT_VALUE,
    Ground.NOT_BEST_INTERESTS,
)  # fmt: skip
MUST_STOP = (
    Ground.CONSENT_WITHDRAWN, Ground.REPRESENTATIVE_WITHDREW, Ground.YOUNG_PERSON_NO, Ground.REGAINED_CAPACITY_NO,
)  # fmt: skip
"""Where the law leaves the board no choice, and no notice is owed (reg 17)."""
_MAY_STOP = (
    Ground.NOT_A_PATIENT, Ground.PAYEE_UNSUITABLE, Ground.NOMINEE_WITHDREW, Ground.NOMINATION_WITHDRAWN,
    Ground.OUTSIDE_PLAN, Ground.SUSPECTED_OFFENCE, Ground.NEEDS_NOT_MET, Ground.EXCLUDED,
)  # fmt: skip
GROUNDS: dict[DecisionKind, tuple[Ground, ...]] = {
    DecisionKind.REFUSE_PHB: _REFUSE_PHB,
    DecisionKind.REFUSE_DP: _REFUSE_DP,
    DecisionKind.REDUCE: (Ground.STILL_ENOUGH, Ground.UNSPENT, Ground.HEALTH_CHANGED),
    DecisionKind.STOP: (*MUST_STOP, *_MAY_STOP),
    DecisionKind.SUSPEND: _MAY_STOP,
}
"""A kind that is not here has no grounds in the law."""


class Early(StrEnum):
    """Why notice is not waited for."""

    FRAUD = "FRAUD"
    SAFETY = "SAFETY"


EARLY_WORDS: dict[Early, str] = {
    Early.FRAUD: "Money would be lost to fraud or theft",
    Early.SAFETY: "Somebody would not be safe",
}


class DecisionStatus(StrEnum):
    PREPARED = "PREPARED"
    RETURNED = "RETURNED"
    WITHDRAWN = "WITHDRAWN"
    ISSUED = "ISSUED"
    IN_EFFECT = "IN_EFFECT"
    LIFTED = "LIFTED"
    CHANGED = "CHANGED"
    REVERSED = "REVERSED"


DECISION_STATUS_WORDS: dict[DecisionStatus, str] = {
    DecisionStatus.PREPARED: "Waiting for a second person",
    DecisionStatus.RETURNED: "Returned",
    DecisionStatus.WITHDRAWN: "Withdrawn",
    DecisionStatus.ISSUED: "Issued, not in effect yet",
    DecisionStatus.IN_EFFECT: "In effect",
    DecisionStatus.LIFTED: "Lifted",
    DecisionStatus.CHANGED: "Changed after reconsideration",
    DecisionStatus.REVERSED: "Reversed after reconsideration",
}
TOLD = frozenset(
    {
        DecisionStatus.ISSUED, DecisionStatus.IN_EFFECT, DecisionStatus.LIFTED, DecisionStatus.CHANGED,
        DecisionStatus.REVERSED,
    }
)  # fmt: skip
"""From when the person, and whoever acts for them, sees it."""
IN_FORCE = (DecisionStatus.ISSUED, DecisionStatus.IN_EFFECT)

_STEPS: dict[tuple[DecisionStatus, str], DecisionStatus] = {
    (DecisionStatus.PREPARED, "approve"): DecisionStatus.ISSUED,
    (DecisionStatus.PREPARED, "return"): DecisionStatus.RETURNED,
    (DecisionStatus.PREPARED, "withdraw"): DecisionStatus.WITHDRAWN,
    (DecisionStatus.RETURNED, "withdraw"): DecisionStatus.WITHDRAWN,
    (DecisionStatus.RETURNED, "prepare"): DecisionStatus.PREPARED,
    (DecisionStatus.ISSUED, "take effect"): DecisionStatus.IN_EFFECT,
    (DecisionStatus.IN_EFFECT, "lift"): DecisionStatus.LIFTED,
    **{(status, "change"): DecisionStatus.CHANGED for status in IN_FORCE},
    **{(status, "reverse"): DecisionStatus.REVERSED for status in IN_FORCE},
}
_VERBS: dict[str, str] = {
    "approve": "approve", "return": "return", "withdraw": "withdraw", "prepare": "prepare again",
    "take effect": "carry out", "lift": "lift", "change": "change", "reverse": "reverse",
}  # fmt: skip


def step(status: DecisionStatus, verb: str) -> DecisionStatus:
    """The status after an act, by its verb ("approve", "take effect"). Refuses what does not follow."""
    after = _STEPS.get((status, verb))
    if after is None:
        raise Refusal(f"You cannot {_VERBS[verb]} this decision: it is “{DECISION_STATUS_WORDS[status]}”.")
    return after


@dataclass(frozen=True, slots=True)
class StreamAt:
    """A stream as a decision about it sees it."""

    id: str
    method: Method
    status: StreamStatus
    weekly_pence: int
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class About:
    """What a decision is about: the case, the stream it names (None: the whole budget), the care that takes its place.

    ``right`` is the person's right to a budget, None where no eligibility is recorded.
    """

    phb_status: PhbStatus
    died_on: date | None = None
    right: Right | None = None
    stream: StreamAt | None = None
    replacement: StreamAt | None = None


@dataclass(frozen=True, slots=True)
class DecisionFact:
    """A decision as it is prepared. ``notice_days`` is what the board's setting asks for the kind."""

    kind: DecisionKind
    reasons: str
    ground: Ground | None
    effective_on: date
    notice_days: int
    early: Early | None = None
    early_words: str = ""
    subject: str = ""
    weekly_pence: int | None = None
    has_part: bool = False
    no_replacement: str = ""


NOT_YET_PAID = frozenset(set(PhbStatus) - ENDED - MONEY_AGREED)
_NOT_BEGUN = (StreamStatus.PROPOSED, StreamStatus.AGREED, StreamStatus.READY)


def earliest(kind: DecisionKind, ground: Ground | None, early: Early | None, notice_days: int, issued_on: date) -> date:
    """The first day a decision may take effect: notice is waited for unless the law forbids the payment, or somebody
    would come to harm (domain.md §1.14, §4.9)."""
    owed = kind in OF_MONEY and early is None and ground not in MUST_STOP
    return issued_on + timedelta(days=notice_days if owed else 0)


def decision_problems(fact: DecisionFact, about: About, issued_on: date) -> list[Problem]:
    """Everything that stands in the way of issuing a decision on a day."""
    found = [
        *_reason_problems(fact, about),
        _status_problem(fact.kind, about),
        *_date_problems(fact, issued_on),
        _amount_problem(fact, about.stream),
        _replacement_problem(fact, about),
    ]
    if about.died_on is not None:
        found.append(Problem("This person has died, so nothing can be decided about their budget this way."))
    if fact.kind in SAYS_WHAT and not fact.subject.strip():
        found.append(Problem("Say what, or who, this is about, as the person would say it.", "subject"))
    if fact.kind in OF_A_PART and not fact.has_part:
        found.append(Problem("Choose who is to act, or was proposed.", "part"))
    return [problem for problem in found if problem is not None]


def reasons_problem(reasons: str, field: str = "reasons") -> Problem | None:
    """Invariant I23: reasons in words to the person, long enough to be answered."""
    if len(reasons.strip()) < SHORTEST_REASONS:
        return Problem("Write the reasons to the person, in a sentence or more.", field)
    return None


def _reason_problems(fact: DecisionFact, about: About) -> list[Problem | None]:
    grounds = GROUNDS.get(fact.kind, ())
    found = [reasons_problem(fact.reasons)]
    if grounds and fact.ground not in grounds:
        found.append(Problem("Choose the ground in the law.", "ground"))
    elif not grounds and fact.ground is not None:
        found.append(Problem("The law lists no grounds for this. Write the reasons.", "ground"))
    if fact.kind is DecisionKind.REFUSE_PHB and about.right is Right.HAVE and fact.ground is Ground.NOT_LOCAL_OFFER:
        found.append(
            Problem("This person has a right to have a budget. It can be refused only as not appropriate.", "ground")
        )
    if fact.early is not None and len(fact.early_words.strip()) < SHORTEST_REASONS:
        found.append(Problem("Say why notice cannot be waited for, in a sentence or more.", "early_words"))
    return found


def _status_problem(kind: DecisionKind, about: About) -> Problem | None:
    status, stream = about.phb_status, about.stream
    if status in ENDED:
        return Problem("This budget has ended, so there is nothing to decide about it.")
    if kind is DecisionKind.REFUSE_PHB and status not in NOT_YET_PAID:
        return Problem("This budget has been agreed. It can be stopped with notice, not refused.", "kind")
    if kind in OF_MONEY and status not in MONEY_AGREED:
        return Problem("No money has been agreed yet. It can be refused, not reduced, suspended or stopped.", "kind")
    if kind is DecisionKind.REDUCE and stream is None:
        return Problem("Choose which stream is reduced.", "stream")
    if kind is DecisionKind.REFUSE_DP and stream is not None:
        if stream.method is not Method.DIRECT_PAYMENT or stream.status not in _NOT_BEGUN:
            return Problem("Choose a direct payment that has not begun. One that has is stopped.", "stream")
        return None
    stops = kind is DecisionKind.SUSPEND and stream is not None and stream.status is StreamStatus.STOPPING
    if kind in OF_MONEY and stream is not None and stream.status not in GOES_ON and not stops:
        return Problem("Choose a stream that is agreed and goes on.", "stream")
    if kind is DecisionKind.SUSPEND and stream is not None and stream.status is StreamStatus.SUSPENDED:
        return Problem("This stream is on hold already.", "stream")
    return None


def _date_problems(fact: DecisionFact, issued_on: date) -> list[Problem]:
    first = earliest(fact.kind, fact.ground, fact.early, fact.notice_days, issued_on)
    if fact.effective_on < first:
        if fact.effective_on < issued_on:
            return [Problem("This cannot take effect before today. Choose today or a later day.", "effective_on")]
        words = plural(fact.notice_days, "day")
        return [
            Problem(
                f"Notice of {words} is owed, so this can take effect on {long_date(first)} at the earliest. "
                "Choose a later day, or say why notice cannot be waited for.",
                "effective_on",
            )
        ]
    if fact.effective_on > issued_on + timedelta(days=FURTHEST_DAYS):
        return [Problem("The day is more than a year away. Check the year.", "effective_on")]
    if fact.kind not in OF_MONEY and fact.effective_on != issued_on:
        return [Problem("This takes effect on the day it is issued. Leave the day empty.", "effective_on")]
    return []


def _amount_problem(fact: DecisionFact, stream: StreamAt | None) -> Problem | None:
    if fact.kind is not DecisionKind.REDUCE or stream is None:
        return None
    if fact.weekly_pence is None or fact.weekly_pence <= 0:
        return Problem("Enter the new amount a week. To end the money, stop it.", "weekly")
    if fact.weekly_pence >= stream.weekly_pence:
        return Problem("The new amount must be less than the present one.", "weekly")
    return None


def _replacement_problem(fact: DecisionFact, about: About) -> Problem | None:
    """Invariant I25: care goes on. The board owes it still, whoever was paid for it."""
    if fact.kind not in CARE_MUST_GO_ON:
        return None
    other = about.replacement
    if other is None:
        if len(fact.no_replacement.strip()) < SHORTEST_REASONS:
            return Problem(
                "Care must go on. Choose the stream that takes its place, or say in a sentence how the care is "
                "given, or why none is needed.", "no_replacement",
            )  # fmt: skip
        return None
    if about.stream is None or other.id == about.stream.id or other.status not in GOES_ON:
        return Problem("Choose another stream of this budget, which is agreed and goes on.", "replacement")
    if other.status is StreamStatus.SUSPENDED:
        return Problem("The stream that is to take its place is on hold itself.", "replacement")
    if other.starts_on > fact.effective_on:
        return Problem(
            f"The stream that takes its place starts on {long_date(other.starts_on)}, after this takes effect. "
            "Nobody may be left without care in between.", "replacement",
        )  # fmt: skip
    if other.ends_on is not None and other.ends_on < fact.effective_on:
        return Problem("The stream that is to take its place ends before.", "replacement")
    return None
