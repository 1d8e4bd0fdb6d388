"""What somebody who acts for a person reads: short sentences, one idea each."""

from __future__ import annotations

from datetime import date

from phbportal.domain.acting import Acting, ActingStatus, Basis
from phbportal.domain.money import pounds
from phbportal.domain.next_payment import NextPayment, Wait, sentences
from phbportal.domain.streams import Method

DUTIES: dict[Acting, tuple[str, ...]] = {
    Acting.NOMINEE: (
        "The money is paid to you, and you answer for it.",
        "You sign the contracts for the care, and you employ any personal assistants.",
        "You spend the money only on what is in the plan.",
        "You keep receipts and show them when you are asked.",
        "You can stop at any time. Tell us why, and the team makes sure that care goes on.",
    ),
    Acting.REPRESENTATIVE: (
        "You decide for this person about their budget, in their best interests.",
        "You say yes or no to a direct payment for them.",
        "If the money is paid to you, you answer for it and sign the contracts for the care.",
        "You spend the money only on what is in the plan.",
        "You can stop at any time. Tell us why, and the team makes sure that care goes on.",
    ),
}

STANDING: dict[ActingStatus, tuple[str, ...]] = {
    ActingStatus.PROPOSED: ("You have been asked to act.", "Read what it means, then say yes or no."),
    ActingStatus.CHECKS: ("The team is doing its checks.", "You will see the money here when the board has agreed."),
    ActingStatus.ACTIVE: (),
    ActingStatus.SUSPENDED: ("Your part is on hold.", "Nothing is paid to you. The team can tell you why."),
    ActingStatus.ENDED: ("Your part has ended.",),
}

AFTER_A_DEATH = (
    "We are sorry for your loss.",
    "Nothing more is paid.",
    "You can still see the accounts here, and the team settles them with you.",
)
"""What somebody who acted for a person reads when the person has died."""

SIGNS_AS: dict[Basis, str] = {
    Basis.DEPUTY: "as deputy",
    Basis.LPA: "by a lasting power of attorney",
    Basis.EPA: "by an enduring power of attorney",
    Basis.PARENT: "by parental responsibility",
    Basis.APPOINTED_BY_ICB: "as the board appointed them",
}
LONGEST_SIGNS_AS = 100


def signs_for(whose: str, basis: Basis) -> str:
    """On whose behalf a representative signs, and why they may; short enough to be kept with the signature."""
    said = f"for {whose}, {SIGNS_AS[basis]}"
    return said if len(said) <= LONGEST_SIGNS_AS else f"for the person, {SIGNS_AS[basis]}"


_WAITS: dict[Wait, tuple[str, ...]] = {
    Wait.NOT_AGREED: ("Nothing is paid at the moment.", "The budget has to be agreed first."),
    Wait.CONSENT: ("Nothing is paid at the moment.", "A direct payment has to be agreed to first."),
    Wait.CHECK: ("Nothing is paid at the moment.", "The team has something to settle first."),
    Wait.EXCLUDED: ("Nothing is paid at the moment.", "The team has something to settle first."),
    Wait.ON_HOLD: ("Payments are on hold.", "The team can tell you why."),
    Wait.AGREEMENT: (
        "Nothing is paid at the moment.",
        "The agreement about the money has to be signed by everybody first.",
    ),
}


METHOD_NAMES: dict[Method, str] = {
    Method.DIRECT_PAYMENT: "Direct payment",
    Method.NOTIONAL: "Care the NHS pays for",
    Method.THIRD_PARTY: "Money another organisation looks after",
}
"""One way the money is managed, where the reader is not the one who is paid."""


def standing(status: ActingStatus, *, accepted: bool) -> tuple[str, ...]:
    """Where a part stands; one that was accepted waits for the team whatever it has begun."""
    if status is ActingStatus.PROPOSED and accepted:
        return ("You said yes.", *STANDING[ActingStatus.CHECKS])
    return STANDING[status]


def coming(found: NextPayment | Wait, today: date, *, own: bool, stays: bool) -> tuple[str, ...]:
    """The next payment to somebody who acts, saying nothing of the person that is not theirs to know; ``own`` is
    whether they are the one who is paid, ``stays`` whether they may know of nights in hospital."""
    if isinstance(found, Wait) and found in _WAITS:
        return _WAITS[found]
    return sentences(found, today, own=own, stays=stays)


def balance(method: Method, held_pence: int, spent_pence: int, *, whose: str, own: bool) -> tuple[str, ...]:
    """What is left of one stream in words. ``whose`` is the person's name, ``own`` whether the reader is the payee."""
    if method is Method.NOTIONAL:
        return (f"The NHS pays for this care. It has paid {pounds(spent_pence)} so far.",)
    if held_pence < 0:
        return (f"The account is overdrawn by {pounds(-held_pence)}.", "Talk to the team about what to do.")
    where = f"You hold {pounds(held_pence)} for {whose}." if own else f"{pounds(held_pence)} is in the account."
    return (where, f"{pounds(spent_pence)} is spent so far.")
