"""Personal wheelchair budgets: what the NHS pays, what the person pays, whose the chair is (domain.md §2.4, I40)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.money import pounds, round_half_up
from phbportal.domain.path import BEFORE_PLANNING, IN_PLANNING
from phbportal.domain.periods import months_after
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.streams import Method
from phbportal.domain.text import long_date, plural

VAT_BASIS_POINTS = 2_000
"""20%: what a person pays on extras, unless they declare the relief for disabled people (§2.4)."""


class WheelchairWay(StrEnum):
    NOTIONAL = "PWB_NOTIONAL"
    NOTIONAL_CONTRIBUTION = "PWB_NOTIONAL_CONTRIBUTION"
    THIRD_PARTY = "PWB_THIRD_PARTY"
    DIRECT_PAYMENT = "PWB_DIRECT_PAYMENT"


WAY_WORDS: dict[WheelchairWay, str] = {
    WheelchairWay.NOTIONAL: "The NHS provides the chair",
    WheelchairWay.NOTIONAL_CONTRIBUTION: "The NHS provides the chair, and somebody adds to it",
    WheelchairWay.THIRD_PARTY: "An approved supplier provides the chair",
    WheelchairWay.DIRECT_PAYMENT: "The person is paid and buys the chair",
}


class Cover(StrEnum):
    """What of a chair's upkeep the budget pays for."""

    REPAIRS_AND_MAINTENANCE = "REPAIRS_AND_MAINTENANCE"
    REPAIRS = "REPAIRS"
    MAINTENANCE = "MAINTENANCE"
    NOTHING = "NOTHING"


COVER_WORDS: dict[Cover, str] = {
    Cover.REPAIRS_AND_MAINTENANCE: "Repairs and maintenance",
    Cover.REPAIRS: "Repairs",
    Cover.MAINTENANCE: "Maintenance",
    Cover.NOTHING: "Neither repairs nor maintenance",
}


class Contributor(StrEnum):
    """Who adds to a wheelchair."""

    PERSON = "PERSON"
    CHARITY = "CHARITY"
    EDUCATION = "EDUCATION"
    SOCIAL_CARE = "SOCIAL_CARE"
    WORK = "WORK"
    OTHER = "OTHER"


CONTRIBUTOR_WORDS: dict[Contributor, str] = {
    Contributor.PERSON: "The person or their family",
    Contributor.CHARITY: "A charity",
    Contributor.EDUCATION: "A school or college",
    Contributor.SOCIAL_CARE: "Social care",
    Contributor.WORK: "An employer, or Access to Work",
    Contributor.OTHER: "Somebody else",
}
OWNED_BY_THE_NHS = frozenset({WheelchairWay.NOTIONAL, WheelchairWay.NOTIONAL_CONTRIBUTION})


@dataclass(frozen=True, slots=True)
class WheelchairOffer:
    """What was chosen, in pence: what a chair for the assessed need costs the NHS; with a contribution the extras
    before VAT; with a supplier the repairs element and the price of the chair."""

    way: WheelchairWay
    value_pence: int
    extras_pence: int = 0
    relieved_of_vat: bool = False
    repairs_pence: int = 0
    chair_pence: int = 0


@dataclass(frozen=True, slots=True)
class WheelchairBudget:
    """What it comes to, in pence: the budget, and what the person pays with the VAT in it."""

    budget_pence: int
    person_pays_pence: int
    vat_pence: int
    owned_by_person: bool


def wheelchair_budget(offer: WheelchairOffer) -> WheelchairBudget:
    """Work a wheelchair budget out (T12). The one place where a person may add to the NHS's money (§2.4).

    Refuses extras or a repairs element where the way chosen has none, and a budget of nothing.
    """
    if offer.value_pence <= 0:
        raise Refusal("Enter what a chair that meets the assessed need costs the NHS.", field="value_pence")
    if offer.extras_pence and offer.way is not WheelchairWay.NOTIONAL_CONTRIBUTION:
        raise Refusal(
            "Extras are paid for only where somebody adds to the chair the NHS provides.", field="extras_pence"
        )
    nhs = offer.way in OWNED_BY_THE_NHS
    if nhs and offer.repairs_pence:
        raise Refusal(
            "The NHS repairs its own chairs, so none for repairs belongs in this budget.", field="repairs_pence"
        )
    if nhs:
        vat = 0 if offer.relieved_of_vat else round_half_up(offer.extras_pence * VAT_BASIS_POINTS, 10_000)
        return WheelchairBudget(offer.value_pence, offer.extras_pence + vat, vat, owned_by_person=False)
    budget = offer.value_pence + offer.repairs_pence
    return WheelchairBudget(budget, max(0, offer.chair_pence - budget), 0, owned_by_person=True)


def cover_problem(offer: WheelchairOffer, covers: Cover) -> Problem | None:
    """What is wrong with what is said of a chair's upkeep: the NHS looks after its own chairs, and what a budget pays
    for repairs pays for something."""
    if offer.way in OWNED_BY_THE_NHS:
        if covers is not Cover.REPAIRS_AND_MAINTENANCE:
            return Problem("The NHS repairs and maintains its own chairs. Choose repairs and maintenance.", "covers")
    elif (covers is Cover.NOTHING) != (offer.repairs_pence == 0):
        return Problem("Money for upkeep and what it pays for belong together. Check both answers.", "covers")
    return None


def stream_problem(way: WheelchairWay, methods: frozenset[Method]) -> Problem | None:
    """Why the way a chair is provided does not go with how the money is managed (§2.4): only where the person buys
    the chair are they paid."""
    is_paid = way is WheelchairWay.DIRECT_PAYMENT
    if is_paid and methods != frozenset({Method.DIRECT_PAYMENT}):
        return Problem("The person buys this chair, so the budget is a direct payment. Change one or the other.")
    if not is_paid and Method.DIRECT_PAYMENT in methods:
        return Problem(
            "The NHS pays for this chair, so none of the budget is a direct payment. Change one or the other."
        )
    return None


def amount_problem(budget_pence: int, *, weekly_pence: int, one_off_pence: int) -> Problem | None:
    """Why a budget's lines are not the wheelchair budget that was worked out (I40)."""
    if weekly_pence == 0 and one_off_pence == budget_pence:
        return None
    lines = f"{pounds(one_off_pence)} once" + (f" and {pounds(weekly_pence)} a week" if weekly_pence else "")
    return Problem(
        f"The wheelchair budget comes to {pounds(budget_pence)}, and the budget lines to {lines}. Make them the same.",
        "lines",
    )


def check_still_open(status: PhbStatus) -> None:
    """Refuse to change the sums of a wheelchair budget once its plan has been sent."""
    if status not in BEFORE_PLANNING | IN_PLANNING:
        raise Refusal(
            "The plan of this budget has been sent, so its sums stand. Return the plan first, or say that the chair "
            "was replaced and write a new one."
        )


def contribution_problem(person_pays_pence: int, promised_pence: int, more_pence: int) -> Problem | None:
    """Why somebody cannot add this much: only what the budget leaves over is added to it (I40)."""
    left = person_pays_pence - promised_pence
    if more_pence <= left:
        return None
    said = f"{pounds(left)} is" if left > 0 else "nothing is"
    return Problem(f"The budget leaves {pounds(person_pays_pence)} to others, of which {said} still open.",
                   "amount_pence")  # fmt: skip


def unpromised_words(person_pays_pence: int, promised_pence: int) -> str:
    """What nobody has said they will pay, in a sentence; empty when nothing is left."""
    left = person_pays_pence - promised_pence
    return f"Nobody has said yet who pays {pounds(left)} of the {pounds(person_pays_pence)}." if left > 0 else ""


def working(offer: WheelchairOffer) -> tuple[str, ...]:
    """The sum in words, a sentence a step (T12)."""
    found = wheelchair_budget(offer)
    value, budget = pounds(offer.value_pence), pounds(found.budget_pence)
    said = [f"A chair that meets the assessed need costs the NHS {value}."]
    if offer.way in OWNED_BY_THE_NHS:
        said.append("That is the budget. The NHS owns the chair.")
        if offer.extras_pence:
            said.append(_extras(offer, found))
        return tuple(said)
    if offer.repairs_pence:
        said.append(f"{value} + {pounds(offer.repairs_pence)} towards upkeep = {budget}, the budget.")
    else:
        said.append("That is the budget.")
    said.append("The person owns the chair.")
    if offer.chair_pence > found.budget_pence:
        rest = pounds(found.person_pays_pence)
        said.append(f"The chair costs {pounds(offer.chair_pence)}: {pounds(offer.chair_pence)} − {budget} = {rest} is "
                    "paid by the person, or by others for them.")  # fmt: skip
    elif offer.chair_pence:
        said.append(f"The chair costs {pounds(offer.chair_pence)}, so the person pays nothing.")
    return tuple(said)


def _extras(offer: WheelchairOffer, found: WheelchairBudget) -> str:
    extras, rest = pounds(offer.extras_pence), pounds(found.person_pays_pence)
    by = "is paid by the person, or by others for them."
    if offer.relieved_of_vat:
        return f"What is added costs {extras}. VAT relief is declared, so no VAT is paid: {rest} {by}"
    return f"What is added costs {extras}, and the VAT of 20% on it {pounds(found.vat_pence)}: {rest} {by}"


def holder_sentences(
    offer: WheelchairOffer, covers: Cover, *, chair: str, term_years: int, issued_on: date | None,
    expires: date | None, review_on: date | None, own: bool = True,
) -> tuple[str, ...]:  # fmt: skip
    """The same for whose chair it is, one idea a sentence; not their ``own``, for whoever represents them."""
    found = wheelchair_budget(offer)
    said = [f"The NHS pays {pounds(found.budget_pence)} for it."]
    if found.person_pays_pence:
        said.append(f"{pounds(found.person_pays_pence)} more is paid by you, or by others for you.")
    else:
        said.append("You pay nothing.")
    if offer.way in OWNED_BY_THE_NHS:
        said += ["The chair belongs to the NHS.", "The NHS repairs it. You pay for repairs to anything you added."
                 if offer.extras_pence else "The NHS repairs it."]  # fmt: skip
    else:
        said.append("The chair is yours.")
        said.append(_UPKEEP[covers])
    if issued_on and expires:
        said.append(f"You have had it since {long_date(issued_on)}.")
        said.append(f"You can have a new one from {long_date(expires)}, or before if your needs change.")
    else:
        said.append(f"It is meant to last {plural(term_years, 'year')}.")
    if review_on:
        said.append(f"We look at it with you again on {long_date(review_on)}.")
    first = f"{'Your' if own else 'Their'} chair: {chair.rstrip('.')}."
    return (first, *(said if own else map(_of_them, said)))


_THEM = (
    ("by you", "by them"), ("for you", "for them"), ("with you", "with them"), ("is yours", "is theirs"),
    ("yourself", "themselves"), ("Your ", "Their "), ("your ", "their "), ("You ", "They "), ("you ", "they "),
)  # fmt: skip


def _of_them(sentence: str) -> str:
    """A sentence to "you", about somebody else."""
    for you, them in _THEM:
        sentence = sentence.replace(you, them)
    return sentence


_UPKEEP: dict[Cover, str] = {
    Cover.REPAIRS_AND_MAINTENANCE: "Part of the money is for repairs and maintenance, which you see to.",
    Cover.REPAIRS: "Part of the money is for repairs. You see to repairs and maintenance.",
    Cover.MAINTENANCE: "Part of the money is for maintenance. You see to repairs and maintenance.",
    Cover.NOTHING: "You see to repairs and maintenance yourself.",
}


def handover_problems(issued_on: date, review_on: date, *, prescribed_on: date, today: date) -> list[Problem]:
    """What is wrong with the days of a handover."""
    problems: list[Problem] = []
    if issued_on > today:
        problems.append(Problem("The day it was handed over cannot be in the future.", "issued_on"))
    elif issued_on < prescribed_on:
        problems.append(
            Problem(f"It was prescribed on {long_date(prescribed_on)}. It cannot be handed over before.", "issued_on")
        )
    if review_on <= issued_on:
        problems.append(Problem("Choose a day after the handover.", "review_on"))
    return problems


def expires_on(issued_on: date, years: int) -> date:
    """The day a wheelchair budget runs out: some years (usually 5 for adults, 3 for children) after it was issued."""
    return months_after(issued_on, 12 * years)
