"""People who act for others: representatives and nominees, how they come to act and how it ends (domain.md §1.3, §9.4).

A representative decides and consents because the person cannot; a nominee only receives and answers for the money.
Advocates, brokers and family help and decide nothing: they are noted, not appointed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.people import ADULT_AGE, age_on, is_child_for_direct_payments
from phbportal.domain.relations import Relation, needs_check


class Acting(StrEnum):
    REPRESENTATIVE = "REPRESENTATIVE"
    NOMINEE = "NOMINEE"
    ADVOCATE = "ADVOCATE"
    BROKER = "BROKER"
    FAMILY = "FAMILY"


ACTING_WORDS: dict[Acting, str] = {
    Acting.REPRESENTATIVE: "Representative",
    Acting.NOMINEE: "Nominee",
    Acting.ADVOCATE: "Advocate",
    Acting.BROKER: "Broker",
    Acting.FAMILY: "Family or friend",
}
APPOINTED = frozenset({Acting.REPRESENTATIVE, Acting.NOMINEE})


class Basis(StrEnum):
    """What makes somebody a representative: kinds (a) to (e) of domain.md §1.3."""

    DEPUTY = "DEPUTY"
    LPA = "LPA"
    EPA = "EPA"
    PARENT = "PARENT"
    APPOINTED_BY_ICB = "APPOINTED_BY_ICB"


BASIS_WORDS: dict[Basis, str] = {
    Basis.DEPUTY: "Deputy appointed by the Court of Protection",
    Basis.LPA: "Lasting power of attorney",
    Basis.EPA: "Registered enduring power of attorney",
    Basis.PARENT: "Parental responsibility",
    Basis.APPOINTED_BY_ICB: "Appointed by the board, because there is nobody else",
}
# Whoever the board had to appoint may not hand the money on to somebody of their own choice.
MAY_NOMINATE = frozenset(Basis) - {Basis.APPOINTED_BY_ICB}


class NominatedBy(StrEnum):
    HOLDER = "HOLDER"
    REPRESENTATIVE = "REPRESENTATIVE"
    ICB = "ICB"
    IN_ADVANCE = "IN_ADVANCE"


NOMINATED_WORDS: dict[NominatedBy, str] = {
    NominatedBy.HOLDER: "The budget holder",
    NominatedBy.REPRESENTATIVE: "A representative",
    NominatedBy.ICB: "The board, because nobody else can",
    NominatedBy.IN_ADVANCE: "The budget holder in advance, before they lost capacity",
}


class ActingStatus(StrEnum):
    PROPOSED = "PROPOSED"
    CHECKS = "CHECKS"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    ENDED = "ENDED"


ACTING_STATUS_WORDS: dict[ActingStatus, str] = {
    ActingStatus.PROPOSED: "Proposed",
    ActingStatus.CHECKS: "Being checked",
    ActingStatus.ACTIVE: "Active",
    ActingStatus.SUSPENDED: "On hold",
    ActingStatus.ENDED: "Ended",
}

_STEPS: dict[tuple[ActingStatus, str], ActingStatus] = {
    (ActingStatus.PROPOSED, "check"): ActingStatus.CHECKS,
    (ActingStatus.CHECKS, "check"): ActingStatus.CHECKS,
    (ActingStatus.CHECKS, "agree"): ActingStatus.ACTIVE,
    (ActingStatus.ACTIVE, "suspend"): ActingStatus.SUSPENDED,
    (ActingStatus.SUSPENDED, "agree"): ActingStatus.ACTIVE,
    **{(status, "end"): ActingStatus.ENDED for status in ActingStatus if status is not ActingStatus.ENDED},
}
_NOT_NOW: dict[str, str] = {
    "check": "The checks belong before the board agrees, and it has already decided.",
    "agree": "There is nothing to agree: record the checks first, or see whether it has been agreed already.",
    "suspend": "Only somebody who is active can be put on hold.",
    "end": "This has already ended.",
}


def step(status: ActingStatus, verb: str) -> ActingStatus:
    """The status after an act (``check``, ``agree``, ``suspend``, ``end``). Refuses what does not follow."""
    after = _STEPS.get((status, verb))
    if after is None:
        raise Refusal(_NOT_NOW[verb])
    return after


@dataclass(frozen=True, slots=True)
class ActingFact:
    """Somebody who acts, or is to, as the rules see them. ``dbs_on`` is the date of the certificate, ``individual`` who
    at an organisation looks after the money, ``nominator`` where the representative who nominated them stands."""

    role: Acting
    status: ActingStatus
    basis: Basis | None = None
    nominated_by: NominatedBy | None = None
    relation: Relation = Relation.OTHER
    lives_in_household: bool = False
    involved_friend: bool = False
    agreed_on: date | None = None
    dbs_on: date | None = None
    board_agreed_on: date | None = None
    individual: str = ""
    nominator: ActingStatus | None = None


@dataclass(frozen=True, slots=True)
class ActedFor:
    """The person acted for, on the day that is asked about, and the bases of their active representatives."""

    date_of_birth: date
    lacks_capacity: bool
    representatives: frozenset[Basis] = frozenset()


def dbs_needed(fact: ActingFact) -> bool:
    """The rule of domain.md §1.3: of nominees, and of representatives the board itself appoints; never typed."""
    if fact.role is not Acting.NOMINEE and fact.basis is not Basis.APPOINTED_BY_ICB:
        return False
    return needs_check(fact.relation, lives_in_household=fact.lives_in_household, involved_friend=fact.involved_friend)


def basis_problem(fact: ActingFact, person: ActedFor, on: date) -> Problem | None:
    """Whether there may be such a representative, or such a nomination, for a person of this age and capacity."""
    if fact.role is Acting.REPRESENTATIVE:
        return _representative_problem(fact.basis, person, on)
    return _nomination_problem(fact.nominated_by, person, on) if fact.role is Acting.NOMINEE else None


def _representative_problem(basis: Basis | None, person: ActedFor, on: date) -> Problem | None:
    if basis is None:
        return Problem("Choose what makes this person a representative.", "basis")
    child = is_child_for_direct_payments(person.date_of_birth, on)
    if not child and not person.lacks_capacity:
        return Problem(
            "This person is 16 or over and can decide for themselves, so nobody represents them. "
            "They may choose a nominee instead.",
            "role",
        )
    if basis is Basis.PARENT and age_on(person.date_of_birth, on) >= ADULT_AGE:
        return Problem("Nobody has parental responsibility for an adult. Choose another basis.", "basis")
    if child and basis not in (Basis.PARENT, Basis.APPOINTED_BY_ICB):
        return Problem(
            "A child under 16 is represented by somebody with parental responsibility. Choose that basis.", "basis"
        )
    if basis is Basis.APPOINTED_BY_ICB and person.representatives & MAY_NOMINATE:
        return Problem(
            "This person already has a representative, so the board cannot appoint one. End the other first.", "basis"
        )
    return None


def _nomination_problem(by: NominatedBy | None, person: ActedFor, on: date) -> Problem | None:
    decides = not is_child_for_direct_payments(person.date_of_birth, on) and not person.lacks_capacity
    match by:
        case None:
            return Problem("Choose who nominated this person.", "nominated_by")
        case NominatedBy.HOLDER if not decides:
            return Problem(
                "This person is under 16 or lacks capacity, so they cannot nominate anybody now. "
                "Choose who nominated for them.",
                "nominated_by",
            )
        case NominatedBy.REPRESENTATIVE if not person.representatives & MAY_NOMINATE:
            return Problem(
                "Only a deputy, an attorney or a parent may nominate, and none is active for this person. "
                "Appoint the representative first.",
                "nominated_by",
            )
        case NominatedBy.ICB if decides or person.representatives & MAY_NOMINATE:
            return Problem(
                "The board nominates only where nobody else can. This person, or their representative, can.",
                "nominated_by",
            )
        case NominatedBy.IN_ADVANCE if not person.lacks_capacity:
            return Problem(
                "A nomination in advance counts only once the person lacks capacity. They can nominate now.",
                "nominated_by",
            )
        case _:
            return None


def appointment_problems(fact: ActingFact, person: ActedFor, on: date) -> list[Problem]:
    """What stands in the way of the board agreeing (I06): the basis, their own agreement, the certificate."""
    who = ACTING_WORDS[fact.role].lower()
    problems = [basis_problem(fact, person, on), _nominator_problem(fact.nominator)]
    if fact.agreed_on is None:
        problems.append(Problem(f"The {who} has not agreed to act yet. Ask them to accept first.", "agreed_on"))
    if fact.relation is Relation.ORGANISATION and dbs_needed(fact) and not fact.individual:
        problems.append(
            Problem(
                "Nobody at the organisation is named who looks after the money from day to day. They are the one who "
                "is checked. Record who it is.",
                "individual",
            )
        )
    if dbs_needed(fact) and fact.dbs_on is None:
        problems.append(
            Problem(
                f"This {who} is not close family, does not live with the person and is not a friend involved in their "
                "care, so an enhanced DBS certificate is needed. Record it first.",
                "dbs_on",
            )
        )
    return [p for p in problems if p is not None]


def _nominator_problem(nominator: ActingStatus | None) -> Problem | None:
    """A nomination stands on whoever made it: None where no representative did, or the record does not say which."""
    if nominator in (None, ActingStatus.ACTIVE):
        return None
    if nominator is ActingStatus.ENDED:
        return Problem(
            "The representative who nominated this nominee no longer acts. End this part and have them nominated anew.",
            "nominated_by",
        )
    return Problem(
        "The representative who nominated this nominee is on hold. Wait until the board agrees that they act.",
        "nominated_by",
    )


def payee_role_problem(fact: ActingFact | None, wanted: Acting) -> Problem | None:
    """Invariant I06: whoever is paid in the person's place is active, agreed by themselves and by the board."""
    who = ACTING_WORDS[wanted].lower()
    if fact is None or fact.role is not wanted:
        return Problem(f"No {who} is named for this stream. Propose one and have them agreed first.", "payee_kind")
    if fact.status in (ActingStatus.SUSPENDED, ActingStatus.ENDED):
        stopped = "is on hold" if fact.status is ActingStatus.SUSPENDED else "no longer acts"
        return Problem(f"The {who} this stream pays {stopped}, so nothing can be paid to them.", "payee_kind")
    if fact.agreed_on is None:
        return Problem(f"The {who} has not agreed to receive this money yet. They must accept first.", "payee_kind")
    if dbs_needed(fact) and fact.dbs_on is None:
        return Problem(
            f"The {who} needs an enhanced DBS certificate before they can be paid. Record it first.", "payee_kind"
        )
    if fact.status is not ActingStatus.ACTIVE or fact.board_agreed_on is None:
        return Problem(f"The board has not agreed the {who} yet. An approver must agree first.", "payee_kind")
    return None


def holder_payee_problem(person: ActedFor, on: date) -> Problem | None:
    """Whether a direct payment may go to the holder: not under 16, not without capacity (domain.md §1.3)."""
    if is_child_for_direct_payments(person.date_of_birth, on):
        return Problem(
            "A person under 16 cannot be paid a direct payment. Choose a representative or a nominee.", "payee_kind"
        )
    if person.lacks_capacity:
        return Problem(
            "This person lacks capacity to manage a direct payment. Choose a representative or a nominee.", "payee_kind"
        )
    return None
