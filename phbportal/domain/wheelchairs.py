"""Personal wheelchair budgets: what the NHS pays, what the person pays, whose the chair is (domain.md §2.4, I40)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from phbportal.domain.errors import Refusal
from phbportal.domain.money import round_half_up
from phbportal.domain.periods import months_after

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
        raise Refusal("Enter what a chair that meets the assessed need costs the NHS.", field="value")
    if offer.extras_pence and offer.way is not WheelchairWay.NOTIONAL_CONTRIBUTION:
        raise Refusal("Extras are paid for only where somebody adds to the chair the NHS provides.", field="extras")
    nhs = offer.way in OWNED_BY_THE_NHS
    if nhs and offer.repairs_pence:
        raise Refusal("The NHS repairs its own chairs, so none for repairs belongs in this budget.", field="repairs")
    if nhs:
        vat = 0 if offer.relieved_of_vat else round_half_up(offer.extras_pence * VAT_BASIS_POINTS, 10_000)
        return WheelchairBudget(offer.value_pence, offer.extras_pence + vat, vat, owned_by_person=False)
    budget = offer.value_pence + offer.repairs_pence
    return WheelchairBudget(budget, max(0, offer.chair_pence - budget), 0, owned_by_person=True)


def expires_on(issued_on: date, years: int) -> date:
    """The day a wheelchair budget runs out: some years (usually 5 for adults, 3 for children) after it was issued."""
    return months_after(issued_on, 12 * years)
