"""Who gives the regulated care of a plan, and whether they are registered for it; an exemption by two people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.plans import EDITABLE, Share
from phbportal.domain.reading import given
from phbportal.domain.regulated_care import (
    NOT_FOR_AN_EXEMPTION,
    Activity,
    CareFact,
    Exemption,
    GivenBy,
    care_problem,
    gives,
    provider_problem,
)
from phbportal.domain.streams import GOES_ON, Method, StreamStatus
from phbportal.domain.tasks import CARE_UNREGISTERED
from phbportal.policy.permissions import Permission
from phbportal.queries.regulated_care import care_fact, provider_fact
from phbportal.services.change_requests import applies
from phbportal.services.open_plans import open_plan, unsign
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import BudgetLine, Stream
from phbportal.tables.organisations import Organisation
from phbportal.tables.phbs import Task
from phbportal.tables.plans import Plan, PlanService

NOT_YET = Problem(
    "This cannot be agreed now: whoever gives the care of the plan must be registered for it first. Ask the case "
    "manager."
)
HOLDS = (StreamStatus.PROPOSED.value, *(status.value for status in GOES_ON))


def check_provider(uow: UnitOfWork, activity: Activity | None, organisation_id: UUID | None) -> None:
    """Refuse, beside the field, an organisation that may not give such care."""
    if organisation_id is None:
        return
    found = uow.find(Organisation, organisation_id)
    if activity is None or activity is Activity.NONE:
        return
    if problem := provider_problem(activity, provider_fact(found), uow.today):
        raise Refusal(f"{problem.sentence} Choose another. {NOT_FOR_AN_EXEMPTION}", field="organisation")


def change_service(uow: UnitOfWork, service_id: UUID, values: Mapping[str, Any]) -> None:
    """Say of a service of a plan that is being written whether it must be registered care, who gives it, and who else
    may read of it. An exemption was for who gave it: somebody else needs another."""
    row = uow.find(PlanService, service_id, lock=True)
    plan = open_plan(uow, row.plan_id)
    activity = Activity(values["activity"])
    regulated = activity is not Activity.NONE
    by = GivenBy(values["given_by"]) if regulated and values.get("given_by") else None
    organisation = values.get("organisation_id") if by is not GivenBy.EMPLOYED and regulated else None
    try:
        check_provider(uow, activity, organisation)
    except Refusal as refusal:
        raise Refusal(refusal.problems[0].sentence, field="organisation_id") from None
    columns: dict[str, Any] = {
        "activity": activity.value, "given_by": (GivenBy.ORGANISATION if organisation else by), "share":
        Share(values["share"]).value, "organisation_id": organisation,
    }  # fmt: skip
    if (row.activity, row.given_by, row.organisation_id) != tuple(
        columns[name] for name in ("activity", "given_by", "organisation_id")
    ):
        columns |= {"exempt": None, "exempt_because": None, "exempt_on": None, "exempt_for": None}
    shared = columns["share"] != row.share
    if not (changed := uow.change(row, **columns)):
        return
    if set(changed) - {"share"}:
        unsign(uow, plan)
        uow.record("care_said", about=row, phb_id=plan.phb_id, version=plan.version)
    if shared:
        uow.record("part_shared", about=row, phb_id=plan.phb_id, version=plan.version)


def _exempt(uow: UnitOfWork, service_id: UUID | None, values: Mapping[str, Any], _seen: int | None) -> UUID:
    """An exemption from registration that a second person agreed on: what the law leaves, or what was looked up. It is
    for whoever gives the care now: another holder of the money is looked at anew."""
    row = uow.find(PlanService, given(service_id), lock=True)
    plan = uow.find(Plan, row.plan_id)
    uow.require(Permission.PLAN_WRITE, plan)
    if row.activity in (None, Activity.NONE.value):
        raise Refusal("This is not care that must be registered, so it needs no exemption.")
    (care,) = care_facts(uow, [row], _who_holds(uow, plan.phb_id, [row]))
    giver = gives(care)
    uow.change(row, exempt=Exemption(values["exempt"]).value, exempt_because=values["exempt_because"],
               exempt_on=uow.today, exempt_for=giver.id if giver else None)  # fmt: skip
    uow.record("care_exempted", about=row, phb_id=plan.phb_id, version=plan.version)
    waiting = select(Task).where(
        col(Task.part_id) == row.id, col(Task.kind) == CARE_UNREGISTERED, col(Task.done_at).is_(None)
    )
    for task in uow.session.execute(waiting).scalars().all():
        uow.change(task, done_at=uow.now, done_by=uow.actor.user_id)
    return row.id


EXEMPTION = applies(
    "plan_service", "care-exemption", what="An exemption from registration", decides=Permission.CARE_EXEMPT,
    apply=_exempt, table=PlanService,
)  # fmt: skip


def plan_care_problems(uow: UnitOfWork, plan: Plan) -> list[Problem]:
    """Why a plan's care cannot go on: not said, nobody named, or not registered today. Four statements at most."""
    services = _services(uow, plan.id)
    if all(one.activity == Activity.NONE for one in services):
        return []
    holders = _who_holds(uow, plan.phb_id, services)
    # What was sent before this was asked goes on: it is asked of what is still being written.
    return _problems(uow, care_facts(uow, services, holders), must_be_said=plan.status in EDITABLE)


def holder_care_problems(uow: UnitOfWork, stream: Stream, organisation: Organisation) -> list[Problem]:
    """Why an organisation may not hold a third-party stream: it would give, or direct, unregistered care."""
    line = BudgetLine
    paid = select(col(line.plan_service_id)).where(
        col(line.stream_id) == stream.id, col(line.plan_service_id).is_not(None)
    )
    s = PlanService
    services = list(uow.session.execute(select(s).where(col(s.id).in_(paid)).order_by(col(s.position))).scalars())
    holders = {one.id: organisation for one in services}
    return _problems(uow, care_facts(uow, services, holders), must_be_said=False)


def refuse_unregistered(uow: UnitOfWork, plan: Plan) -> None:
    """Refuse to go on with a plan in force whose care is not given by somebody registered."""
    refuse_care(uow, plan_care_problems(uow, plan))


def refuse_care(uow: UnitOfWork, problems: Sequence[Problem]) -> None:
    """Refuse, if anything is wrong. Whoever signs or answers and is not staff is not told of which service: not all of
    the plan is shared with everybody who is paid."""
    if problems:
        raise Refusal(*(problems if uow.actor.is_staff else [NOT_YET]))


def care_facts(
    uow: UnitOfWork, services: Sequence[PlanService], holders: Mapping[UUID, Organisation]
) -> list[CareFact]:  # fmt: skip
    """Services as the rules see them. One statement."""
    ids = {one.organisation_id for one in services if one.organisation_id}
    o = Organisation
    named = {row.id: row for row in uow.session.execute(select(o).where(col(o.id).in_(ids))).scalars()} if ids else {}
    return [
        care_fact(one, named.get(one.organisation_id) if one.organisation_id else None, holders.get(one.id))
        for one in services
    ]


def _problems(uow: UnitOfWork, facts: Iterable[CareFact], *, must_be_said: bool) -> list[Problem]:
    found = (care_problem(fact, uow.today, must_be_said=must_be_said) for fact in facts)
    return [problem for problem in found if problem is not None]


def _services(uow: UnitOfWork, plan_id: UUID) -> list[PlanService]:
    s = PlanService
    return list(uow.session.execute(select(s).where(col(s.plan_id) == plan_id).order_by(col(s.position))).scalars())


def _who_holds(uow: UnitOfWork, phb_id: UUID, services: Sequence[PlanService]) -> dict[UUID, Organisation]:
    """By service the organisation that holds the money for it."""
    holders, otherwise = _holders(uow, phb_id, [one.id for one in services])
    for one in services:
        if one.given_by == GivenBy.ORGANISATION and one.id not in holders and otherwise is not None:
            holders[one.id] = otherwise  # taken over from the version before, whose lines pay for it
    return holders


def _holders(
    uow: UnitOfWork, phb_id: UUID, service_ids: Sequence[UUID]
) -> tuple[dict[UUID, Organisation], Organisation | None]:  # fmt: skip
    """By service the organisation whose third-party budget pays for it; and any that holds such a budget here."""
    streams = uow.session.execute(
        select(col(Stream.id), Organisation)
        .join(Organisation, col(Organisation.id) == col(Stream.organisation_id))
        .where(
            col(Stream.phb_id) == phb_id, col(Stream.method) == Method.THIRD_PARTY.value, col(Stream.status).in_(HOLDS)
        )
        .order_by(col(Stream.id))
    ).all()  # fmt: skip
    if not streams:
        return {}, None
    of: dict[UUID, Organisation] = {row[0]: row[1] for row in streams}
    line = BudgetLine
    lines = uow.session.execute(
        select(col(line.plan_service_id), col(line.stream_id)).where(
            col(line.plan_service_id).in_(service_ids), col(line.stream_id).in_(of)
        )
    )
    return {service_id: of[stream_id] for service_id, stream_id in lines if service_id}, next(iter(of.values()))
