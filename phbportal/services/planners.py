"""Asking somebody besides staff to write the draft of a plan: asked, handed in, taken back or declined."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlmodel import col

from phbportal.domain.acting import Acting, ActingStatus
from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.planners import InvitationStatus, Planner, assessed, assessed_needs, check_asked, conflict
from phbportal.domain.plans import PlanStatus, check_editable
from phbportal.domain.reading import Reading
from phbportal.domain.roles import Role
from phbportal.domain.tasks import PLAN_HANDED_IN
from phbportal.policy.permissions import Permission
from phbportal.services.open_plans import open_plan_of
from phbportal.services.organisation_roles import holds_isf_for
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.acting import PersonRole
from phbportal.tables.eligibility import Eligibility
from phbportal.tables.needs import NeedsAssessment
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Task
from phbportal.tables.plan_sharing import PlanInvitation
from phbportal.tables.plans import Plan
from phbportal.tables.users import Assignment, User


def invite_planner(uow: UnitOfWork, values: Mapping[str, Any]) -> UUID:
    """Ask somebody to write the draft of the plan that is being written for a budget. Returns the invitation's id.

    Refuses, in words: an organisation that holds, or is asked to hold, the person's money (§2.3); a planner one of
    whom recorded why the person may have a budget, or assessed their needs; somebody with no such part; a second
    planner beside a first.
    """
    phb = uow.find(Phb, values["phb_id"])
    uow.require(Permission.PLANNER_INVITE, phb)
    plan = open_plan_of(uow, phb.id)
    planner = Planner(values["planner"])
    waiting = select(col(PlanInvitation.id)).where(
        col(PlanInvitation.plan_id) == plan.id, col(PlanInvitation.status) == InvitationStatus.ASKED.value
    )
    if uow.session.execute(waiting).first() is not None:
        raise Refusal("Somebody is asked to write this plan already. Take that back first.")
    name, part_id, organisation_id = _named(uow, phb, planner, values.get("organisation_id"))
    if problem := assessed(found_them_eligible=_found_eligible(uow, phb, organisation_id, part_id)):
        raise Refusal(problem)
    if problem := assessed_needs(by_them=_assessed_needs(uow, phb, organisation_id, part_id)):
        raise Refusal(problem)
    row = uow.add(
        PlanInvitation, plan_id=plan.id, phb_id=phb.id, person_id=phb.person_id, icb_id=phb.icb_id,
        planner=planner.value, organisation_id=organisation_id, part_id=part_id, name=name,
        note=values.get("note") or "", status=InvitationStatus.ASKED.value, asked_on=uow.today,
    )  # fmt: skip
    uow.record("planner_asked", about=row, phb_id=phb.id, person_id=phb.person_id, name=name, version=plan.version)
    return row.id


def _named(
    uow: UnitOfWork, phb: Phb, planner: Planner, organisation_id: UUID | None
) -> tuple[str, UUID | None, UUID | None]:
    """Who is asked: their name, and the part or the organisation that says so."""
    if planner is Planner.ORGANISATION:
        if organisation_id is None:
            raise Refusal("Choose the organisation.", field="organisation_id")
        organisation = uow.find(Organisation, organisation_id)
        if organisation.valid_to is not None and organisation.valid_to < uow.today:
            raise Refusal(f"{organisation.name} has closed. Choose another.", field="organisation_id")
        if problem := conflict(holds_isf=holds_isf_for(uow, organisation.id, phb.person_id)):
            raise Refusal(problem)
        return organisation.name, None, organisation.id
    if organisation_id is not None:
        raise Refusal("Leave this empty, or choose that an organisation writes it.", field="organisation_id")
    if planner is Planner.PERSON:
        person = uow.session.get_one(Person, phb.person_id)
        if not person.sign_in_on:
            raise Refusal("This person does not sign in yet. Switch their sign-in on first.", field="planner")
        return f"{person.known_as or person.given_name} {person.family_name}", None, None
    wanted = Acting.REPRESENTATIVE if planner is Planner.REPRESENTATIVE else Acting.NOMINEE
    part = uow.session.execute(
        select(PersonRole)
        .where(
            col(PersonRole.person_id) == phb.person_id, col(PersonRole.role) == wanted.value,
            col(PersonRole.status) == ActingStatus.ACTIVE.value,
        )
        .order_by(col(PersonRole.id))
        .limit(1)
    ).scalar_one_or_none()  # fmt: skip
    if part is None:
        raise Refusal(f"No {wanted.value.lower()} acts for this person. Choose another planner.", field="planner")
    return part.name, part.id, None


def _found_eligible(uow: UnitOfWork, phb: Phb, organisation_id: UUID | None, part_id: UUID | None) -> bool:
    """Whether one of those who would write recorded why the person may have a budget."""
    recorded = select(col(Eligibility.created_by)).where(col(Eligibility.person_id) == phb.person_id)
    return _one_of_them(uow, phb, recorded, organisation_id, part_id)


def _assessed_needs(uow: UnitOfWork, phb: Phb, organisation_id: UUID | None, part_id: UUID | None) -> bool:
    """Whether those who would write assessed the person's needs: the organisation, or one of them recorded it."""
    n = NeedsAssessment
    theirs = select(col(n.id)).where(col(n.person_id) == phb.person_id, col(n.mistake) == "")
    if organisation_id is not None:
        by_it = theirs.where(col(n.organisation_id) == organisation_id)
        if uow.session.execute(by_it.limit(1)).first() is not None:
            return True
    recorded = select(col(n.created_by)).where(col(n.person_id) == phb.person_id, col(n.mistake) == "")
    return _one_of_them(uow, phb, recorded, organisation_id, part_id)


def _one_of_them(
    uow: UnitOfWork, phb: Phb, recorded: Select[Any], organisation_id: UUID | None, part_id: UUID | None
) -> bool:
    """Whether one of those users signs in for the organisation, has the part, or is the person."""
    a = Assignment
    of_organisation = select(col(a.user_id)).where(
        col(a.organisation_id) == organisation_id, or_(col(a.valid_to).is_(None), col(a.valid_to) >= uow.today),
        col(a.revoked_at).is_(None),
    )  # fmt: skip
    of_part = select(col(PersonRole.user_id)).where(col(PersonRole.id) == part_id)
    themselves = select(col(User.id)).where(col(User.person_id) == phb.person_id)
    writers = of_organisation if organisation_id else of_part if part_id else themselves
    found = select(col(User.id)).where(col(User.id).in_(recorded), col(User.id).in_(writers))
    return uow.session.execute(found.limit(1)).first() is not None


def take_back_invitation(uow: UnitOfWork, invitation_id: UUID, values: Mapping[str, Any]) -> None:
    """Take an invitation to write a plan back: whoever was asked sees nothing of it any more. What they wrote stays."""
    row = uow.find(PlanInvitation, invitation_id, lock=True)
    uow.require(Permission.PLANNER_INVITE, row)
    check_asked(InvitationStatus(row.status))
    uow.change(row, status=InvitationStatus.WITHDRAWN.value, ended_on=uow.today, end_note=values.get("end_note") or "")
    uow.record("planner_taken_back", about=row, phb_id=row.phb_id, person_id=row.person_id, name=row.name)


def hand_in(uow: UnitOfWork, invitation_id: UUID, note: str) -> None:
    """Hand a draft in: the case manager goes on with it, and whoever wrote it sees it no more."""
    row = uow.find(PlanInvitation, invitation_id, lock=True)
    uow.require(Permission.PLAN_DRAFT, row)
    check_asked(InvitationStatus(row.status))
    plan = uow.session.execute(
        select(Plan).where(col(Plan.id) == row.plan_id).with_for_update(key_share=True)
    ).scalar_one()
    check_editable(PlanStatus(plan.status))
    if not plan.about_me.strip():
        raise Refusal(Problem("Write what matters to the person before you hand the plan in.", "about_me"))
    uow.change(row, status=InvitationStatus.HANDED_IN.value, ended_on=uow.today, end_note=note)
    uow.record("plan_handed_in", about=row, icb_id=row.icb_id, phb_id=row.phb_id, person_id=row.person_id,
               name=row.name, version=plan.version)  # fmt: skip
    uow.add(Task, icb_id=row.icb_id, kind=PLAN_HANDED_IN, role=Role.CASE_MANAGER.value, phb_id=row.phb_id,
            person_id=row.person_id, sentence="Read the plan that was handed in, and share it with the person.",
            part_id=row.id)  # fmt: skip


def decline_invitation(uow: UnitOfWork, invitation_id: UUID, note: str) -> None:
    """Say that one will not write the plan one was asked to write."""
    row = uow.find(PlanInvitation, invitation_id, lock=True)
    uow.require(Permission.PLAN_DRAFT, row)
    check_asked(InvitationStatus(row.status))
    uow.change(row, status=InvitationStatus.DECLINED.value, ended_on=uow.today, end_note=note)
    uow.record("planner_declined", about=row, icb_id=row.icb_id, phb_id=row.phb_id, person_id=row.person_id,
               name=row.name)  # fmt: skip


def read_note(form: Mapping[str, object], field: str) -> str:
    """Read what somebody says as they hand a plan in, or decline; it may be empty."""
    r = Reading(form)
    note = r.text(field, longest=500)
    r.finish()
    return note
