"""Consent to a direct payment, and the excluded-persons attestation (domain.md §1.3 to §1.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from phbportal.domain.errors import Problem
from phbportal.domain.people import is_child_for_direct_payments


class ConsentKind(StrEnum):
    DIRECT_PAYMENT = "DIRECT_PAYMENT"
    NOMINATION = "NOMINATION"
    DATA_SHARING = "DATA_SHARING"
    CONTACT = "CONTACT"


CONSENT_KIND_WORDS: dict[ConsentKind, str] = {
    ConsentKind.DIRECT_PAYMENT: "to a direct payment",
    ConsentKind.NOMINATION: "to the nomination of a nominee",
    ConsentKind.DATA_SHARING: "to the sharing of information",
    ConsentKind.CONTACT: "to being contacted",
}


class GivenBy(StrEnum):
    SELF = "SELF"
    REPRESENTATIVE = "REPRESENTATIVE"


GIVEN_BY_WORDS: dict[GivenBy, str] = {
    GivenBy.SELF: "The budget holder",
    GivenBy.REPRESENTATIVE: "A representative",
}


@dataclass(frozen=True, slots=True)
class ConsentFact:
    """A consent as the rules see it."""

    kind: ConsentKind
    given_by: GivenBy
    given_on: date
    withdrawn_on: date | None


def in_force(consent: ConsentFact, on: date) -> bool:
    """Given on or before the day and not withdrawn by it (no payment on or after ``withdrawn_on``, §1.4)."""
    return consent.given_on <= on and (consent.withdrawn_on is None or on < consent.withdrawn_on)


def direct_payment_consent_problem(
    consents: list[ConsentFact], *, date_of_birth: date, lacks_capacity: bool, on: date
) -> Problem | None:
    """Invariant I04: a consent from the right giver for age and capacity on the day, or a sentence.

    Under 16 a representative consents; from 16 with capacity the holder consents alone
    (SI 2013/1617 regs 3 to 5).
    """
    child = is_child_for_direct_payments(date_of_birth, on)
    right_giver = GivenBy.REPRESENTATIVE if child or lacks_capacity else GivenBy.SELF
    live = [c for c in consents if c.kind is ConsentKind.DIRECT_PAYMENT and in_force(c, on)]
    if any(c.given_by is right_giver for c in live):
        return None
    if live and lacks_capacity and not child:
        return Problem(
            "This person lacks capacity to decide about a direct payment, so a representative must consent.", "consent"
        )
    if live and child:
        return Problem("This person is under 16, so a representative must consent to the direct payment.", "consent")
    if live and right_giver is GivenBy.SELF:
        return Problem("This person is 16 or over, so they must consent to the direct payment themselves.", "consent")
    return Problem("There is no consent to a direct payment in force. Record it first.", "consent")


def giver_problem(
    kind: ConsentKind, given_by: GivenBy, *, date_of_birth: date, lacks_capacity: bool, on: date
) -> Problem | None:
    """Whether this is who may give such a consent on the day: the person from 16 with capacity, else a representative.

    A representative's consent for a person of 16 or more is recorded all the same: capacity may be assessed after it,
    and whether it counts is asked when money moves (``direct_payment_consent_problem``).
    """
    if given_by is GivenBy.REPRESENTATIVE:
        return None
    if is_child_for_direct_payments(date_of_birth, on):
        alone = CONSENT_KIND_WORDS[kind].removeprefix("to the ").removeprefix("to ")
        return Problem(
            "A person under 16 cannot consent to a direct payment alone. A representative must consent."
            if kind is ConsentKind.DIRECT_PAYMENT
            else f"A person under 16 cannot consent to {alone} alone. A representative must consent.",
            "given_by",
        )
    if lacks_capacity:
        return Problem(
            "This person lacks capacity to decide this, so they cannot consent themselves. A representative must.",
            "given_by",
        )
    return None


def rests_on_representative(
    consents: list[ConsentFact], *, date_of_birth: date, lacks_capacity: bool, on: date
) -> bool:
    """Whether a person of 16 or more, with capacity, has a direct payment on a representative's consent (I27)."""
    if is_child_for_direct_payments(date_of_birth, on) or lacks_capacity:
        return False
    live = {c.given_by for c in consents if c.kind is ConsentKind.DIRECT_PAYMENT and in_force(c, on)}
    return live == {GivenBy.REPRESENTATIVE}


def _answers_by(answers: list[tuple[date, bool]], on: date) -> list[tuple[date, bool]]:
    return sorted((a for a in answers if a[0] <= on), key=lambda answer: answer[0])


def is_excluded(answers: list[tuple[date, bool]], on: date) -> bool:
    """Whether the latest attestation by the day says "excluded"; where nobody has looked, nobody has said so."""
    known = _answers_by(answers, on)
    return bool(known) and known[-1][1]


def exclusion_problem(answers: list[tuple[date, bool]], on: date) -> Problem | None:
    """Invariant I05: the latest attestation by the day must say "not excluded" (SI 2013/1617 Schedule).

    ``answers`` come in the order they were given, which decides between two of one day.
    """
    known = _answers_by(answers, on)
    if not known:
        return Problem(
            "Nobody has checked whether this person is excluded from direct payments. Record the check first.",
            "exclusion",
        )
    if known[-1][1]:
        return Problem(
            "The regulations exclude this person from direct payments. Offer a notional or third-party budget instead.",
            "exclusion",
        )
    return None
