"""The way to a plan: offers of a budget and their answers, indicative budgets, and who checked a plan."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index

from phbportal.domain.budget_offers import Answer, OfferHow, Teller
from phbportal.domain.indicative import Tool
from phbportal.tables.base import (
    CheckConstraint,
    Record,
    bare_id,
    day,
    link,
    long_text,
    one_of,
    pence,
    positive,
    text,
    yes_no,
)


class BudgetOffer(Record, table=True):
    """One offer of a budget to a person. A declined offer is kept; a later one is a row of its own."""

    __tablename__ = "budget_offer"
    __table_args__ = (
        one_of("budget_offer", "how", OfferHow),
        one_of("budget_offer", "answer", Answer),
        one_of("budget_offer", "answered_by", (*(t.value for t in Teller), "")),
        CheckConstraint("answered_on IS NULL OR answered_on >= offered_on", name="ck_budget_offer_dates"),
        Index("ix_budget_offer_waiting", "icb_id", "answer", "offered_on"),
    )

    icb_id: UUID = link("organisation", index=False)
    phb_id: UUID = link("phb")
    offered_on: date = day()
    how: str = text(length=12)
    information_given: bool = yes_no()
    advocacy_offered: bool = yes_no()
    answer: str = text(length=12)
    answered_on: date | None = day(default=None)
    answered_by: str = text(length=16, default="")
    answered_name: str = text(personal=True, default="")
    reason: str = long_text(personal=True)
    again_on: date | None = day(default=None)


class IndicativeBudget(Record, table=True):
    """About how much there may be: how it was worked out, from what, and when the person was told."""

    __tablename__ = "indicative_budget"
    __table_args__ = (
        one_of("indicative_budget", "tool", Tool),
        one_of("indicative_budget", "shown_to", (*(t.value for t in Teller), "")),
        positive("indicative_budget", "weekly_pence"),
        positive("indicative_budget", "one_off_pence"),
        CheckConstraint("shown_on IS NULL OR shown_on >= worked_out_on", name="ck_indicative_budget_dates"),
    )

    icb_id: UUID = link("organisation", index=False)
    phb_id: UUID = link("phb")
    weekly_pence: int = pence()
    one_off_pence: int = pence()
    tool: str = text(length=20)
    inputs: str = long_text(personal=True)
    worked_out_on: date = day()
    shown_on: date | None = day(default=None)
    shown_to: str = text(length=16, default="")
    shown_name: str = text(personal=True, default="")
    choices_explained: bool = yes_no()
    spending_explained: bool = yes_no()


class PlanCheck(Record, table=True):
    """A finance check of a plan's money, or the first of a panel's two approvals. One that no longer stands was made
    before the plan was returned."""

    __tablename__ = "plan_check"
    __table_args__ = (
        one_of("plan_check", "kind", ("FINANCE", "APPROVAL")),
        positive("plan_check", "weekly_pence"),
        positive("plan_check", "one_off_pence"),
        Index("ix_plan_check_standing", "plan_id", "kind", "standing"),
    )

    icb_id: UUID = link("organisation", index=False)
    phb_id: UUID = link("phb")
    plan_id: UUID = link("plan", index=False)
    kind: str = text(length=10)
    standing: bool = yes_no(default=True)
    made_by: UUID | None = bare_id(default=None)
    made_on: date = day()
    weekly_pence: int = pence("what was checked, a week")
    one_off_pence: int = pence("what was checked, once")
    note: str = long_text(personal=True)
