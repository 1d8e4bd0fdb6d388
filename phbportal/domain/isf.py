"""Third-party (ISF) arrangements: the offer's states, the organisation's answers, and when money may leave.

Rules: domain.md §2.2 (twelve lines), §2.3 (conflict of roles), §9.2 I10, §9.4; outcome by decisions.md §10.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.text import listed, long_date

ANSWER_DAYS = 14
REMIND_DAYS = 3


class IsfStatus(StrEnum):
    """Where one round of an offer stands. A new round is a row of its own, frozen as it was sent."""

    FEE_WAITS = "FEE_WAITS"
    SENT = "SENT"
    CONFIRMED = "CONFIRMED"
    CONFIRMED_WITH_CHANGES = "CONFIRMED_WITH_CHANGES"
    DECLINED = "DECLINED"
    EXPIRED = "EXPIRED"
    WITHDRAWN = "WITHDRAWN"
    REPLACED = "REPLACED"


ISF_STATUS_WORDS: dict[IsfStatus, str] = {
    IsfStatus.FEE_WAITS: "Fee waits for an approver",
    IsfStatus.SENT: "Waiting for the organisation",
    IsfStatus.CONFIRMED: "Confirmed",
    IsfStatus.CONFIRMED_WITH_CHANGES: "Changes asked for",
    IsfStatus.DECLINED: "Declined",
    IsfStatus.EXPIRED: "Ran out",
    IsfStatus.WITHDRAWN: "Withdrawn",
    IsfStatus.REPLACED: "Replaced by a later offer",
}


def status_words(status: IsfStatus, *, own: bool) -> str:
    """Where an offer stands; ``own`` is whether the organisation it was made to reads it."""
    return "Waiting for your answer" if own and status is IsfStatus.SENT else ISF_STATUS_WORDS[status]


IN_SIGHT = (IsfStatus.SENT, IsfStatus.CONFIRMED, IsfStatus.CONFIRMED_WITH_CHANGES)
"""An organisation sees a person's arrangement only while an offer to it is in one of these (I29, I31)."""

STEPS: dict[str, tuple[frozenset[IsfStatus], IsfStatus]] = {
    "approve the fee of": (frozenset({IsfStatus.FEE_WAITS}), IsfStatus.SENT),
    "turn down the fee of": (frozenset({IsfStatus.FEE_WAITS}), IsfStatus.WITHDRAWN),
    "withdraw": (frozenset({IsfStatus.FEE_WAITS, IsfStatus.SENT}), IsfStatus.WITHDRAWN),
    "confirm": (frozenset({IsfStatus.SENT}), IsfStatus.CONFIRMED),
    "ask for changes to": (frozenset({IsfStatus.SENT}), IsfStatus.CONFIRMED_WITH_CHANGES),
    "decline": (frozenset({IsfStatus.SENT}), IsfStatus.DECLINED),
    "end": (frozenset({IsfStatus.SENT}), IsfStatus.EXPIRED),
    "replace": (frozenset({IsfStatus.CONFIRMED, IsfStatus.CONFIRMED_WITH_CHANGES}), IsfStatus.REPLACED),
}


def step(status: IsfStatus, verb: str) -> IsfStatus:
    """The status after ``verb``, or a refusal that says where the offer stands."""
    allowed, after = STEPS[verb]
    if status not in allowed:
        raise Refusal(f"You cannot {verb} this offer: it is now “{ISF_STATUS_WORDS[status]}”. Reload the page.")
    return after


def check_answerable(status: IsfStatus, expires_on: date, today: date) -> None:
    """An offer is answered while it waits and up to its last day."""
    if status is IsfStatus.SENT and today > expires_on:
        raise Refusal(f"This offer ran out on {long_date(expires_on)}. Ask the case manager to send it again.")
    if status is not IsfStatus.SENT:
        raise Refusal(f"This offer can no longer be answered: it is now “{ISF_STATUS_WORDS[status]}”. Reload the page.")


def last_day(sent_on: date) -> date:
    """The last day on which an offer sent on a day can be answered."""
    return sent_on + timedelta(days=ANSWER_DAYS)


class Answer(StrEnum):
    ACCEPTED = "ACCEPTED"
    QUERIED = "QUERIED"
    DECLINED = "DECLINED"


ANSWER_WORDS: dict[Answer, str] = {
    Answer.ACCEPTED: "Accepted",
    Answer.QUERIED: "Queried",
    Answer.DECLINED: "Declined",
}

LINES: dict[int, str] = {
    1: "Our role, and the plan",
    2: "Amount, start and payment",
    3: "Hourly rates",
    4: "Management fee",
    5: "Money kept for this person only",
    6: "Unspent money and banked hours",
    7: "What can change without asking",
    8: "Reports",
    9: "Registration, insurance and contacts",
    10: "Paying others",
    11: "Ending the arrangement",
    12: "Complaints",
}
"""The twelve lines an organisation answers one by one (domain.md §2.2)."""

ROLE_LINE = 1


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """The latest answer to a line; ``comment`` says what is asked or why not."""

    answer: Answer
    comment: str = ""


def answer_problems(answers: Mapping[int, LineAnswer]) -> list[Problem]:
    """What is missing before the answers can be sent: every line, and words beside a query or a refusal."""
    problems: list[Problem] = []
    for number, title in LINES.items():
        given = answers.get(number)
        if given is None:
            problems.append(Problem(f"Line {number}, {_small(title)}: choose accept, query or decline.", f"a{number}"))
        elif given.answer is not Answer.ACCEPTED and not given.comment.strip():
            asked = "what you ask" if given.answer is Answer.QUERIED else "why you decline it"
            problems.append(Problem(f"Line {number}, {_small(title)}: write {asked}.", f"c{number}"))
    return problems


def _small(words: str) -> str:
    return words[0].lower() + words[1:]


def outcome_verb(answers: Mapping[int, Answer]) -> str:
    """What twelve answers come to, as a step of the machine (decisions.md §10)."""
    if answers[ROLE_LINE] is Answer.DECLINED:
        return "decline"
    return "confirm" if all(answer is Answer.ACCEPTED for answer in answers.values()) else "ask for changes to"


class Party(StrEnum):
    """Who signs a three-party agreement (domain.md §2.2)."""

    PERSON = "PERSON"
    ORGANISATION = "ORGANISATION"
    BOARD = "BOARD"


PARTY_WORDS: dict[Party, str] = {
    Party.PERSON: "the person",
    Party.ORGANISATION: "the organisation",
    Party.BOARD: "the board",
}


class AgreementStatus(StrEnum):
    OPEN = "OPEN"
    IN_FORCE = "IN_FORCE"
    REPLACED = "REPLACED"


AGREEMENT_STATUS_WORDS: dict[AgreementStatus, str] = {
    AgreementStatus.OPEN: "Waiting for signatures",
    AgreementStatus.IN_FORCE: "Signed by all three",
    AgreementStatus.REPLACED: "Replaced",
}


def missing(signed: Collection[Party]) -> list[Party]:
    """The parties that have not signed yet, in the order they are named."""
    return [party for party in Party if party not in signed]


@dataclass(frozen=True, slots=True)
class ThirdPartyFact:
    """What stands behind a third-party stream.

    ``latest`` is where its last offer stands (None: none was made). ``agreement`` is that of the agreement in force
    or, without one, of the last; ``signed`` are its signatures; ``same_terms`` whether organisation and amounts are
    still those it was signed for.
    """

    has_organisation: bool = False
    latest: IsfStatus | None = None
    agreement: AgreementStatus | None = None
    confirmed: bool = False
    signed: frozenset[Party] = frozenset()
    same_terms: bool = True


def third_party_start_problem(fact: ThirdPartyFact | None) -> Problem | None:
    """A third-party stream is approved with the organisation that is asked to hold the money."""
    if fact is None or not fact.has_organisation:
        return Problem("Choose the organisation that will hold the money of the third-party budget.", "organisation")
    return None


_WAITS: dict[IsfStatus, str] = {
    IsfStatus.FEE_WAITS: "The organisation’s fee waits for an approver, so the offer has not been sent yet.",
    IsfStatus.SENT: "The organisation has not confirmed the arrangement yet. Nothing can be paid before it has.",
    IsfStatus.CONFIRMED_WITH_CHANGES: (
        "The organisation asked for changes. Change the offer and send it again before anything is paid."
    ),
    IsfStatus.DECLINED: "The organisation declined the arrangement. Make an offer to another one.",
    IsfStatus.EXPIRED: "The offer ran out before the organisation answered. Send it again.",
    IsfStatus.WITHDRAWN: "The offer to the organisation was withdrawn. Make a new one before anything is paid.",
    IsfStatus.REPLACED: "The offer to the organisation was replaced. Send the new one before anything is paid.",
}


def third_party_payment_problem(fact: ThirdPartyFact | None) -> Problem | None:
    """Invariant I10: no payment before the offer is CONFIRMED and all three have signed."""
    if fact is None or fact.latest is None:
        return Problem(
            "The organisation has not been asked yet. Send it the offer; nothing can be paid before it confirms."
        )
    if fact.agreement is None or not fact.confirmed:
        return Problem(_WAITS.get(fact.latest, _WAITS[IsfStatus.SENT]))
    if waiting := missing(fact.signed):
        still = listed([PARTY_WORDS[party] for party in waiting])
        return Problem(
            f"The agreement still has to be signed by {still}. Nothing can be paid before all three have signed."
        )
    if fact.agreement is not AgreementStatus.IN_FORCE:
        return Problem("The agreement is no longer in force. Send a new offer before anything is paid.")
    if not fact.same_terms:
        return Problem("The organisation or the amount has changed since the agreement was signed. Send a new offer.")
    return None


INDEPENDENT_ROLES = frozenset({"BROKER", "ADVOCATE"})


def conflict_problem(roles: Collection[str], *, holds_isf: bool) -> Problem | None:
    """An organisation is never both ISF holder and independent broker or advocate of one person's plan (§2.3).

    ``roles`` are codes of the roles it has for the person. Ask before an offer is sent, and before such a role begins.
    """
    if holds_isf and INDEPENDENT_ROLES & set(roles):
        return Problem(
            "This organisation is the person’s independent broker or advocate, so it cannot also hold their money. "
            "Choose another organisation, or end the other role first.",
            "organisation",
        )
    return None


NOT_INDEPENDENT = frozenset({"ICB", "SUB_ICB", "COUNCIL"})


@dataclass(frozen=True, slots=True)
class OrganisationFact:
    """An organisation as the rules see it; ``kind`` is a code of ``national.OrganisationKind``."""

    kind: str
    valid_to: date | None = None
    gone_from_directory_on: date | None = None


def organisation_problem(organisation: OrganisationFact, today: date) -> Problem | None:
    """A third-party holder is independent of commissioner and council (§2.1), and still exists."""
    if organisation.kind in NOT_INDEPENDENT:
        return Problem(
            "A board or a council cannot hold a third-party budget. Choose an independent organisation.", "organisation"
        )
    if organisation.valid_to is not None and organisation.valid_to < today:
        return Problem(
            f"This organisation ended on {long_date(organisation.valid_to)}. Choose another.", "organisation"
        )
    return None


def organisation_warning(organisation: OrganisationFact, today: date) -> str:
    """What to look into before relying on an organisation; "" when there is nothing."""
    if organisation.valid_to is not None and organisation.valid_to < today:
        return f"This organisation ended on {long_date(organisation.valid_to)}."
    if organisation.gone_from_directory_on is not None:
        return (
            "This organisation has gone from the Care Quality Commission’s directory since "
            f"{long_date(organisation.gone_from_directory_on)}. It may have closed: check before you rely on it."
        )
    return ""


def signer_problem(*, is_representative: bool, needs_representative: bool) -> Problem | None:
    """A person under 16, or one who lacks capacity to agree, does not sign alone."""
    if needs_representative and not is_representative:
        return Problem(
            "This person is under 16 or lacks capacity to agree, so a representative must sign for them.", "signer"
        )
    return None
