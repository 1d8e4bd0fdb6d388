"""Wheelchair budgets: worked out, changed while the plan is written, handed over, ended; and what others add to them.

The one place where somebody may add to the NHS's money for an assessed need (domain.md §2.4).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.eligibility import Cohort
from phbportal.domain.errors import Problem, Refusal, refuse_if
from phbportal.domain.people import is_child_for_continuing_care
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.streams import Method
from phbportal.domain.text import search_key
from phbportal.domain.wheelchairs import (
    OWNED_BY_THE_NHS,
    Cover,
    WheelchairOffer,
    WheelchairWay,
    amount_problem,
    check_still_open,
    contribution_problem,
    cover_problem,
    expires_on,
    handover_problems,
    stream_problem,
    wheelchair_budget,
)
from phbportal.policy.permissions import Permission
from phbportal.services.policies import whole_setting
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import BudgetVersion, Stream
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.wheelchairs import Wheelchair, WheelchairContribution

_UNTOLD = ("chair", "search_chair", "budget_pence", "person_pays_pence")
SUMS = ("way", "value_pence", "extras_pence", "relieved_of_vat", "repairs_pence", "chair_pence")


def wheelchair_of(uow: UnitOfWork, phb_id: UUID) -> Wheelchair | None:
    """The wheelchair of a budget that is in use, or to be bought. A fact for other services, not for a screen."""
    w = Wheelchair
    found = select(w).where(col(w.phb_id) == phb_id, col(w.ended_on).is_(None))
    return uow.session.execute(found).scalar_one_or_none()


def contributions_of(uow: UnitOfWork, wheelchair_id: UUID) -> list[WheelchairContribution]:
    """What others add to a wheelchair, in the order it was promised."""
    c = WheelchairContribution
    found = select(c).where(col(c.wheelchair_id) == wheelchair_id, col(c.dropped_on).is_(None)).order_by(col(c.id))
    return list(uow.session.execute(found).scalars())


def offer_of(row: Wheelchair) -> WheelchairOffer:
    """A wheelchair as the sums see it."""
    return WheelchairOffer(
        WheelchairWay(row.way), row.value_pence, row.extras_pence, row.relieved_of_vat, row.repairs_pence,
        row.chair_pence,
    )  # fmt: skip


def add_wheelchair(uow: UnitOfWork, values: Mapping[str, Any]) -> UUID:
    """Work a wheelchair budget out and keep it. Returns its id.

    Refuses a budget that is not a wheelchair user's, one that has a wheelchair already, sums that do not belong
    together, and a plan that has been sent.
    """
    phb = uow.find(Phb, values["phb_id"], lock=True)
    uow.require(Permission.WHEELCHAIR_WRITE, phb)
    if phb.cohort != Cohort.WHEELCHAIR:
        raise Refusal("This is not a wheelchair budget. Choose a budget of a wheelchair user.", field="phb_id")
    check_still_open(PhbStatus(phb.status))
    if wheelchair_of(uow, phb.id) is not None:
        raise Refusal("This budget has a wheelchair already. Change that one, or record first that it was replaced.",
                      field="phb_id")  # fmt: skip
    columns = _columns(uow, phb, values)
    row = uow.add(Wheelchair, icb_id=phb.icb_id, phb_id=phb.id, **columns)
    uow.record(
        "wheelchair_worked_out", about=row, phb_id=phb.id, person_id=phb.person_id, budget_pence=row.budget_pence,
        person_pays_pence=row.person_pays_pence,
    )  # fmt: skip
    return row.id


def change_wheelchair(uow: UnitOfWork, wheelchair_id: UUID, values: Mapping[str, Any]) -> None:
    """Change what is known of a wheelchair. Its sums stand once the plan was sent, and never fall below what others
    have promised to add."""
    row = uow.find(Wheelchair, wheelchair_id, lock=True)
    uow.require(Permission.WHEELCHAIR_WRITE, row)
    _check_in_use(row)
    phb = uow.find(Phb, row.phb_id)
    columns = _columns(uow, phb, values)
    if any(columns[name] != getattr(row, name) for name in (*SUMS, "covers")):
        check_still_open(PhbStatus(phb.status))
    promised = sum(one.amount_pence for one in contributions_of(uow, row.id))
    if problem := contribution_problem(columns["person_pays_pence"], 0, promised):
        raise Refusal(f"{problem.sentence} Take what was promised out first.")
    if row.issued_on is not None:
        columns["expires_on"] = expires_on(row.issued_on, columns["term_years"])
    if changed := uow.change(row, **columns):
        uow.record_change("wheelchair_changed", row, changed, untold=_UNTOLD, **_whose(phb))  # fmt: skip


def hand_over(uow: UnitOfWork, wheelchair_id: UUID, values: Mapping[str, Any]) -> None:
    """Record the day a chair was handed over: its term runs from then, and it is looked at again on a day."""
    row = uow.find(Wheelchair, wheelchair_id, lock=True)
    uow.require(Permission.WHEELCHAIR_WRITE, row)
    _check_in_use(row)
    if row.issued_on is not None:
        raise Refusal("This chair was handed over already. Reload the page.")
    phb = uow.find(Phb, row.phb_id)
    if phb.status != PhbStatus.ACTIVE:
        raise Refusal("This budget is not live yet. The chair is paid for first, then handed over.")
    issued, review = values["issued_on"], values["review_on"]
    refuse_if(handover_problems(issued, review, prescribed_on=row.prescribed_on, today=uow.today))
    uow.change(row, issued_on=issued, review_on=review, expires_on=expires_on(issued, row.term_years))
    uow.record("wheelchair_handed_over", about=row, on=issued, expires_on=row.expires_on, **_whose(phb))


def end_wheelchair(uow: UnitOfWork, wheelchair_id: UUID, values: Mapping[str, Any]) -> None:
    """Record that a chair was replaced, handed back or lost, and why."""
    row = uow.find(Wheelchair, wheelchair_id, lock=True)
    uow.require(Permission.WHEELCHAIR_WRITE, row)
    _check_in_use(row)
    on = values["ended_on"]
    if on > uow.today or on < (row.issued_on or row.prescribed_on):
        raise Refusal(
            "Choose the day it stopped being used: after it was given, and not in the future.", field="ended_on"
        )
    uow.change(row, ended_on=on, end_note=values["end_note"])
    uow.record("wheelchair_ended", about=row, on=on, **_whose(uow.find(Phb, row.phb_id)))


def add_contribution(uow: UnitOfWork, values: Mapping[str, Any]) -> UUID:
    """Write down what somebody adds to a wheelchair. Returns its id. Never more than the budget leaves over (I40)."""
    chair = uow.find(Wheelchair, values["wheelchair_id"], lock=True)
    uow.require(Permission.WHEELCHAIR_WRITE, chair)
    _check_in_use(chair)
    if values["promised_on"] > uow.today:
        raise Refusal("The day it was promised cannot be in the future.", field="promised_on")
    promised = sum(one.amount_pence for one in contributions_of(uow, chair.id))
    if values["amount_pence"] <= 0:
        raise Refusal("Enter how much they add.", field="amount_pence")
    if problem := contribution_problem(chair.person_pays_pence, promised, values["amount_pence"]):
        raise Refusal(problem)
    row = uow.add(
        WheelchairContribution, icb_id=chair.icb_id, phb_id=chair.phb_id, wheelchair_id=chair.id,
        source=values["source"], name=values["name"], amount_pence=values["amount_pence"],
        promised_on=values["promised_on"],
    )  # fmt: skip
    uow.record("wheelchair_added_to", about=row, name=row.name, amount_pence=row.amount_pence,
               **_whose(uow.find(Phb, chair.phb_id)))  # fmt: skip
    return row.id


def receive_contribution(uow: UnitOfWork, contribution_id: UUID, values: Mapping[str, Any]) -> None:
    """Record the day what was promised was paid to whoever supplies the chair."""
    row = uow.find(WheelchairContribution, contribution_id, lock=True)
    uow.require(Permission.WHEELCHAIR_WRITE, row)
    if row.received_on is not None or row.dropped_on is not None:
        raise Refusal("This was paid or taken back already. Reload the page.")
    on = values["received_on"]
    if on > uow.today or on < row.promised_on:
        raise Refusal("It is paid after it was promised, and not in the future.", field="received_on")
    uow.change(row, received_on=on)
    uow.record("wheelchair_addition_paid", about=row, name=row.name, amount_pence=row.amount_pence, on=on,
               **_whose(uow.find(Phb, row.phb_id)))  # fmt: skip


def drop_contribution(uow: UnitOfWork, contribution_id: UUID, _values: Mapping[str, Any]) -> None:
    """Take back a promise that was not kept, before anybody has signed for it."""
    row = uow.find(WheelchairContribution, contribution_id, lock=True)
    uow.require(Permission.WHEELCHAIR_WRITE, row)
    if row.received_on is not None or row.dropped_on is not None:
        raise Refusal("This was paid or taken back already. Reload the page.")
    phb = uow.find(Phb, row.phb_id)
    check_still_open(PhbStatus(phb.status))
    uow.change(row, dropped_on=uow.today)
    uow.record("wheelchair_addition_dropped", about=row, name=row.name, amount_pence=row.amount_pence, **_whose(phb))


def wheelchair_problems(uow: UnitOfWork, budget: BudgetVersion) -> list[Problem]:
    """Why a wheelchair user's budget is not what its wheelchair was worked out to; of other budgets nothing."""
    phb = uow.session.get_one(Phb, budget.phb_id)
    if phb.cohort != Cohort.WHEELCHAIR:
        return []
    chair = wheelchair_of(uow, phb.id)
    if chair is None:
        return [Problem("Work the wheelchair budget out first: what the chair costs, and who pays for it.", "lines")]
    methods = select(col(Stream.method)).where(col(Stream.phb_id) == phb.id, col(Stream.status) == "PROPOSED")
    found = [
        amount_problem(chair.budget_pence, weekly_pence=budget.weekly_pence, one_off_pence=budget.one_off_pence),
        stream_problem(
            WheelchairWay(chair.way), frozenset(Method(one) for one in uow.session.execute(methods).scalars())
        ),
    ]
    return [problem for problem in found if problem is not None]


def _check_in_use(row: Wheelchair) -> None:
    if row.ended_on is not None:
        raise Refusal("This chair is not in use any more. Reload the page.")


def usual_years(uow: UnitOfWork, phb: Phb, on: date) -> int:
    """How many years a chair is meant to last, as the board has set it for somebody of the person's age on a day."""
    child = is_child_for_continuing_care(uow.session.get_one(Person, phb.person_id).date_of_birth, on)
    return whole_setting(uow, phb.icb_id, "pwb_period_years_child" if child else "pwb_period_years_adult")


def _columns(uow: UnitOfWork, phb: Phb, values: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a form, with what it comes to; what the way does not ask for is not in it."""
    if values["prescribed_on"] > uow.today:
        raise Refusal("The day it was prescribed cannot be in the future.", field="prescribed_on")
    term = values.get("term_years") or usual_years(uow, phb, values["prescribed_on"])
    if not 1 <= term <= 10:
        raise Refusal("Enter a number of years from 1 to 10.", field="term_years")
    way = WheelchairWay(values["way"])
    asked = {name: values.get(name) or 0 for name in ("extras_pence", "repairs_pence", "chair_pence")}
    offer = WheelchairOffer(
        way, values["value_pence"], asked["extras_pence"], bool(values.get("relieved_of_vat")), asked["repairs_pence"],
        asked["chair_pence"],
    )  # fmt: skip
    found = wheelchair_budget(offer)
    nhs = way in OWNED_BY_THE_NHS
    if not nhs and not values.get("covers"):
        raise Refusal("Choose what upkeep is paid for.", field="covers")
    covers = Cover.REPAIRS_AND_MAINTENANCE if nhs else Cover(values["covers"])
    if problem := cover_problem(offer, covers):
        raise Refusal(problem)
    kept = {name: values[name] for name in ("way", "chair", "prescribed_on", "value_pence")}
    return kept | asked | {
        "term_years": term,
        "search_chair": search_key(values["chair"])[:200], "covers": covers.value,
        "relieved_of_vat": offer.relieved_of_vat, "supplier": values.get("supplier") or "",
        "budget_pence": found.budget_pence, "person_pays_pence": found.person_pays_pence,
    }  # fmt: skip


def _whose(phb: Phb) -> dict[str, Any]:
    return {"phb_id": phb.id, "person_id": phb.person_id}
