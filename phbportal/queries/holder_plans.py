"""A holder's own plans in words: what matters, what they want to achieve, what is in it, who agreed it.

A fixed number of statements, each beginning at what the person may see, however many budgets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.clock import london_date
from phbportal.domain.errors import NotFound
from phbportal.domain.phbs import ENDED, PhbStatus
from phbportal.domain.plans import BODY_WORDS, IN_THE_MAKING, OUTCOME_WORDS, OutcomeStatus, PlanStatus, RegistrationBody
from phbportal.domain.represented_words import budget_standing, pays, plan_standing, review_sentences
from phbportal.domain.streams import Method
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.queries.holder_facts import BudgetRow, budgets, own_person
from phbportal.queries.money_rules import rules_of_money
from phbportal.queries.needs import OwnNeeds, own_needs
from phbportal.queries.plan_parts import PlanParts, board_rules, parts_of_plans
from phbportal.queries.planners import PlanToWrite, plans_to_write
from phbportal.queries.scope import visible
from phbportal.tables.budgets import BudgetLine, Stream
from phbportal.tables.phbs import Review
from phbportal.tables.plans import Outcome, Plan, PlanService
from phbportal.tables.users import User

IN_FORCE = (PlanStatus.ACTIVE, PlanStatus.APPROVED)
READABLE = (*IN_FORCE, PlanStatus.CLINICALLY_SIGNED, PlanStatus.SUBMITTED, PlanStatus.SHARED, PlanStatus.ENDED)
"""What a person is shown of a plan: the one in force first, then one that was shared with them or is being decided."""
TALKED_ABOUT = (*IN_FORCE, PlanStatus.CLINICALLY_SIGNED, PlanStatus.SUBMITTED, PlanStatus.SHARED)
"""Of which something can be said (services/plan_sharing.py)."""


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """Something the person wants to achieve, how they will know, by when, and how it stands."""

    statement: str
    measure: str
    by: str
    status: str


@dataclass(frozen=True, slots=True)
class ServiceView:
    """One part of the plan: what, who helps, when, who pays."""

    what: str
    who: str
    when: str
    pays: str


@dataclass(frozen=True, slots=True)
class OwnPlan:
    """A plan as its holder reads it; ``has_plan`` is False when there is only something to say about one to come."""

    reference: str
    heading: str
    standing: list[str]
    has_plan: bool = False
    about_me: str = ""
    what_matters: str = ""
    contingency: str = ""
    outcomes: list[OutcomeView] = field(default_factory=list[OutcomeView])
    services: list[ServiceView] = field(default_factory=list[ServiceView])
    agreed: list[str] = field(default_factory=list[str])
    review: list[str] = field(default_factory=list[str])
    parts: PlanParts = field(default_factory=PlanParts)
    may_say: bool = False
    may_sign: bool = False
    row_version: int = 0
    plan_id: str = ""


@dataclass(frozen=True, slots=True)
class OwnPlans:
    """Everything on the page: whether they read easy read, and a plan for each budget."""

    easy_read: bool
    plans: list[OwnPlan] = field(default_factory=list[OwnPlan])
    rules: list[str] = field(default_factory=list[str])
    to_write: list[PlanToWrite] = field(default_factory=list[PlanToWrite])
    needs: OwnNeeds = field(default_factory=OwnNeeds)
    money_rules: list[str] = field(default_factory=list[str])


def own_plans(
    session: Session, actor: Actor, today: date, *, person_id: UUID | None = None, whose: str = ""
) -> OwnPlans:
    """The plans of the person asking, one for each of their budgets; to a representative, of the person named: both
    their id and, as ``whose``, what the sentences call them."""
    person = own_person(session, actor, today)
    if person is None and person_id is None:
        return OwnPlans(False)
    wanted = person_id or (person.id if person else None)
    found = [row for row in budgets(session, actor, today) if row.phb.person_id == wanted]
    phb_ids = [row.phb.id for row in found]
    plans = session.execute(
        select(Plan, col(User.display_name))
        .outerjoin(User, col(User.id) == col(Plan.approved_by))
        .where(visible(actor, Plan, today), col(Plan.phb_id).in_(phb_ids))
        .order_by(col(Plan.version).desc())
    ).all()
    shown = {row.phb.id: _shown([p for p, _ in plans if p.phb_id == row.phb.id]) for row in found}
    plan_ids = [plan.id for both in shown.values() for plan in both]
    outcomes = session.execute(
        select(Outcome)
        .where(visible(actor, Outcome, today), col(Outcome.plan_id).in_(plan_ids))
        .order_by(col(Outcome.position))
    ).scalars().all()  # fmt: skip
    services = session.execute(
        select(PlanService)
        .where(visible(actor, PlanService, today), col(PlanService.plan_id).in_(plan_ids))
        .order_by(col(PlanService.position))
    ).scalars().all()  # fmt: skip
    paid_by = _who_pays(session, actor, today, phb_ids)
    reviews = session.execute(
        select(Review)
        .where(visible(actor, Review, today), col(Review.phb_id).in_(phb_ids), col(Review.held_on).is_(None),
               col(Review.not_needed_on).is_(None))
        .order_by(col(Review.due_on))
    ).scalars().all()  # fmt: skip
    approvers = {plan.id: name or "" for plan, name in plans}
    parts = parts_of_plans(session, actor, today, plan_ids)
    views: list[OwnPlan] = []
    for row in found:
        newest = next((p for p, _ in plans if p.phb_id == row.phb.id), None)
        if not shown[row.phb.id]:
            views.append(_no_plan(row, newest, whose))
        views += [
            OwnPlan(
                row.phb.reference, _heading(row, plan, shown[row.phb.id]), _standing(row, plan, newest, whose), True,
                plan.about_me, plan.what_matters, plan.contingency,
                [_outcome(o) for o in outcomes if o.plan_id == plan.id],
                [_service(s, paid_by, row.phb.id, whose) for s in services if s.plan_id == plan.id],
                _agreed(plan, approvers[plan.id]),
                review_sentences(next((r.due_on for r in reviews if r.phb_id == row.phb.id), None), today, whose),
                _written(parts[plan.id]), plan.status in TALKED_ABOUT,
                plan.status in TALKED_ABOUT and plan.person_signed_on is None,
                plan.row_version, str(plan.id),
            )
            for plan in shown[row.phb.id]
        ]  # fmt: skip
    rules = board_rules(session, actor, today, person_id=wanted)
    needs = own_needs(session, actor, today, wanted, whose=whose) if wanted else OwnNeeds()
    money = rules_of_money(session, actor, today, person_id=wanted)
    to_write = plans_to_write(session, actor, today)
    return OwnPlans(bool(person and person.easy_read), views, rules, to_write, needs, money)


def own_plan(
    session: Session, actor: Actor, today: date, plan_id: str, *, person_id: UUID | None = None, whose: str = ""
) -> OwnPlan:
    """One plan as its holder reads it. Raises NotFound for one of which nothing can be said."""
    for one in own_plans(session, actor, today, person_id=person_id, whose=whose).plans:
        if one.plan_id == plan_id and one.may_say:
            return one
    raise NotFound()


def _written(parts: PlanParts) -> PlanParts:
    """The parts without the sections nobody has written."""
    return replace(parts, sections=[one for one in parts.sections if one.words])


def _shown(plans: Sequence[Plan]) -> list[Plan]:
    """Of a budget’s plans, latest first: the one that counts, and a later one that was shared or is being decided."""
    for status in READABLE:
        if plan := next((p for p in plans if p.status == status), None):
            later = [p for p in plans[:1] if p.version > plan.version and p.status in TALKED_ABOUT]
            return [plan, *later]
    return []


def _heading(row: BudgetRow, plan: Plan, both: Sequence[Plan]) -> str:
    return f"{'New plan' if plan is not both[0] else 'Plan'} for budget {row.phb.reference}"


def _no_plan(row: BudgetRow, newest: Plan | None, whose: str) -> OwnPlan:
    budget = PhbStatus(row.phb.status)
    said = plan_standing(PlanStatus(newest.status), whose) if newest else budget_standing(budget, whose)
    return OwnPlan(row.phb.reference, f"Plan for budget {row.phb.reference}", said)


def _standing(row: BudgetRow, plan: Plan, newest: Plan | None, whose: str) -> list[str]:
    if row.phb.status in ENDED:
        return ["This budget has ended. This was the plan."]
    said = plan_standing(PlanStatus(plan.status), whose)
    if newest is not None and newest.version > plan.version and newest.status in IN_THE_MAKING:
        said += ["A new plan is being written.", "This plan counts until the new one is agreed."]
    return said


def _outcome(outcome: Outcome) -> OutcomeView:
    by = f"By {long_date(outcome.target_on)}" if outcome.target_on else ""
    return OutcomeView(outcome.statement, outcome.measure, by, OUTCOME_WORDS[OutcomeStatus(outcome.status)])


def _who_pays(session: Session, actor: Actor, today: date, phb_ids: Sequence[UUID]) -> dict[UUID, Method]:
    """By service, how the money for it goes; by budget, the same where all of it goes one way. Two statements."""
    lines = session.execute(
        select(col(BudgetLine.plan_service_id), col(Stream.method))
        .join(Stream, col(Stream.id) == col(BudgetLine.stream_id))
        .where(
            visible(actor, BudgetLine, today), visible(actor, Stream, today),
            col(Stream.phb_id).in_(phb_ids), col(BudgetLine.plan_service_id).is_not(None),
        )
    )  # fmt: skip
    by_service = {service_id: Method(method) for service_id, method in lines if service_id is not None}
    methods: dict[UUID, set[Method]] = {}
    for phb_id, method in session.execute(
        select(col(Stream.phb_id), col(Stream.method)).where(
            visible(actor, Stream, today), col(Stream.phb_id).in_(phb_ids)
        )
    ):
        methods.setdefault(phb_id, set()).add(Method(method))
    return by_service | {phb_id: next(iter(used)) for phb_id, used in methods.items() if len(used) == 1}


def _service(service: PlanService, paid_by: dict[UUID, Method], phb_id: UUID, whose: str) -> ServiceView:
    method = paid_by.get(service.id, paid_by.get(phb_id))
    return ServiceView(service.description, service.who, service.when, pays(method, whose))


def _agreed(plan: Plan, approver: str) -> list[str]:
    """Who signed the plan and who approved it, and when."""
    said: list[str] = []
    if plan.person_signed_on and plan.person_signed_name:
        said.append(f"{plan.person_signed_name} signed that this is the plan, on {long_date(plan.person_signed_on)}.")
    if plan.signed_on and plan.signed_name:
        body = BODY_WORDS[RegistrationBody(plan.signed_body)]
        said.append(f"{plan.signed_name} signed this plan on {long_date(plan.signed_on)}.")
        said.append(f"They are registered with the {body}.")
    if plan.approved_at:
        said.append(f"{approver or 'The NHS'} approved it on {long_date(london_date(plan.approved_at))}.")
    return said or ["Nobody has signed this plan yet."]
