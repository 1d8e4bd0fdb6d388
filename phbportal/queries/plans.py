"""A plan as a page shows it: its words, outcomes and services, and who wrote, sent, signed and approved it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Select, Uuid, bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.errors import NotFound
from phbportal.domain.moments import show_moment
from phbportal.domain.plans import BODY_WORDS, OUTCOME_WORDS, PLAN_STATUS_WORDS, OutcomeStatus, PlanStatus
from phbportal.domain.plans import RegistrationBody as Body
from phbportal.domain.regulated_care import NOT_SAID, Activity
from phbportal.domain.text import long_date, plural
from phbportal.policy.actors import Actor
from phbportal.queries.kept import at_most, by_shape
from phbportal.queries.names import Names, names_of
from phbportal.queries.regulated_care import care_of_services
from phbportal.queries.scope import visible
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Outcome, Plan, PlanService

WORDS = {"about_me": "About me", "what_matters": "What matters to me", "contingency": "If things go wrong"}
"""The written parts of a plan and what each is called on a page."""


@dataclass(frozen=True, slots=True)
class OutcomeView:
    id: str
    statement: str
    measure: str
    target: str
    status: str


@dataclass(frozen=True, slots=True)
class ServiceView:
    id: str
    description: str
    outcome: str
    who: str
    when: str
    care: str = ""


@dataclass(frozen=True, slots=True)
class PlanView:
    """A version of a plan as text, its words in paragraphs; who did what is empty until they did.

    ``version`` is empty where there is no plan.
    """

    version: str = ""
    status: str = ""
    about_me: tuple[str, ...] = ()
    what_matters: tuple[str, ...] = ()
    contingency: tuple[str, ...] = ()
    written: str = ""
    submitted: str = ""
    signed: str = ""
    sign_off_note: str = ""
    approved: str = ""
    approval_note: str = ""
    return_reason: str = ""
    outcomes: tuple[OutcomeView, ...] = ()
    services: tuple[ServiceView, ...] = ()
    summary: str = ""


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """A plan for the code: ids, where it stands, its words as they were typed, and its view."""

    id: UUID
    status: PlanStatus
    row_version: int
    version: int
    words: Mapping[str, str]
    view: PlanView
    assessment_id: UUID | None = None


def plan_id_of(session: Session, actor: Actor, today: date, reference: str) -> UUID:
    """The id of the latest plan of the budget with this reference; NotFound if there is none in sight."""
    found = session.execute(
        select(col(Plan.id))
        .join(Phb, col(Phb.id) == col(Plan.phb_id))
        .where(col(Phb.reference) == reference, visible(actor, Phb, today), visible(actor, Plan, today))
        .order_by(col(Plan.version).desc())
        .limit(1)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound()
    return found


def plan_of(
    session: Session, actor: Actor, today: date, phb_id: UUID, *, version: int | None = None
) -> PlanRecord | None:
    """The latest plan of a budget, or the version asked for, whole; None where there is none. Four statements, and two
    for regulated care."""
    wanted = {"phb": phb_id} if version is None else {"phb": phb_id, "version": version}
    plan: Plan | None = session.execute(_plan(actor, today, version is None), wanted).scalar_one_or_none()
    if plan is None:
        return None
    own = {"plan": plan.id}
    outcomes = session.connection().execute(_outcomes(actor, today), own).all()
    services = session.connection().execute(_services(actor, today), own).all()
    names = names_of(session, (plan.written_by, plan.submitted_by, plan.signed_by, plan.approved_by))
    regulated = [row.id for row in services if row.activity not in (None, Activity.NONE)]
    care = care_of_services(session, actor, today, regulated) if regulated else {}
    view = _view(plan, outcomes, services, names, care)
    words = {name: getattr(plan, name) for name in WORDS}
    return PlanRecord(plan.id, PlanStatus(plan.status), plan.row_version, plan.version, words, view,
                      plan.assessment_id)  # fmt: skip


@by_shape
def _plan(actor: Actor, today: date, latest: bool) -> Select[*tuple[Any, ...]]:
    statement = select(Plan).where(col(Plan.phb_id) == bindparam("phb", type_=Uuid()), visible(actor, Plan, today))
    if not latest:
        statement = statement.where(col(Plan.version) == bindparam("version", type_=Integer()))
    return statement.order_by(col(Plan.version).desc()).limit(at_most(1))


@by_shape
def _outcomes(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    o = Outcome
    return (
        select(col(o.id), col(o.statement), col(o.measure), col(o.target_on), col(o.status))
        .where(col(o.plan_id) == bindparam("plan", type_=Uuid()), visible(actor, o, today))
        .order_by(col(o.position))
    )


@by_shape
def _services(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    s = PlanService
    return (
        select(col(s.id), col(s.description), col(s.outcome_id), col(s.who), col(s.when), col(s.activity))
        .where(col(s.plan_id) == bindparam("plan", type_=Uuid()), visible(actor, s, today))
        .order_by(col(s.position))
    )


def _view(plan: Plan, outcomes: Any, services: Any, names: Names, care: Mapping[UUID, str]) -> PlanView:
    statements = {row.id: row.statement for row in outcomes}
    body = BODY_WORDS[Body(plan.signed_body)] if plan.signed_body else ""
    return PlanView(
        version=str(plan.version),
        status=PLAN_STATUS_WORDS[PlanStatus(plan.status)],
        about_me=_paragraphs(plan.about_me),
        what_matters=_paragraphs(plan.what_matters),
        contingency=_paragraphs(plan.contingency),
        written=f"Begun by {names.of(plan.written_by)}." if plan.written_by else "",
        submitted=(
            f"Sent for clinical sign-off by {names.of(plan.submitted_by)} on {show_moment(plan.submitted_at)}."
            if plan.submitted_at
            else ""
        ),
        signed=(
            f"Signed off by {plan.signed_name}, registered with the {body} as {plan.signed_pin}, "
            f"on {long_date(plan.signed_on)}."
            if plan.signed_on
            else ""
        ),
        sign_off_note=plan.sign_off_note,
        approved=(
            f"Approved by {names.of(plan.approved_by)} on {show_moment(plan.approved_at)}." if plan.approved_at else ""
        ),
        approval_note=plan.approval_note,
        return_reason=plan.return_reason,
        outcomes=tuple(
            OutcomeView(
                str(row.id), row.statement, row.measure, long_date(row.target_on) if row.target_on else "",
                OUTCOME_WORDS[OutcomeStatus(row.status)],
            )
            for row in outcomes
        ),
        services=tuple(
            ServiceView(
                str(row.id), row.description, statements.get(row.outcome_id, ""), row.who, row.when,
                care.get(row.id, "" if row.activity else NOT_SAID),
            )
            for row in services
        ),
        summary=f"{plural(len(outcomes), 'outcome')} and {plural(len(services), 'service')}",
    )  # fmt: skip


def _paragraphs(words: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in words.splitlines() if line.strip())


@dataclass(frozen=True, slots=True)
class VersionLink:
    """A version of a plan: its number, its words and its address."""

    version: str
    label: str
    href: str


def versions_of(session: Session, actor: Actor, today: date, phb_id: UUID, plan_href: str) -> tuple[VersionLink, ...]:
    """Every version of a budget's plan, newest first. One statement."""
    rows = session.execute(
        select(col(Plan.version), col(Plan.status))
        .where(col(Plan.phb_id) == phb_id, visible(actor, Plan, today))
        .order_by(col(Plan.version).desc())
    )
    return tuple(
        VersionLink(
            str(row.version),
            f"Version {row.version}: {PLAN_STATUS_WORDS[PlanStatus(row.status)]}",
            f"{plan_href}?version={row.version}",
        )
        for row in rows
    )
