"""Appointing whoever acts for a person: proposed, checked, agreed by a second person, put on hold, ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import col

from phbportal.domain.acting import (
    ACTING_WORDS,
    APPOINTED,
    Acting,
    ActingFact,
    ActingStatus,
    Basis,
    NominatedBy,
    appointment_problems,
    basis_problem,
    dbs_needed,
    step,
)
from phbportal.domain.errors import Refusal, refuse_if
from phbportal.domain.isf import conflict_problem
from phbportal.domain.reading import Reading, given
from phbportal.domain.relations import Relation
from phbportal.domain.streams import StreamStatus
from phbportal.domain.text import search_key
from phbportal.policy.permissions import Permission
from phbportal.queries.decided import suspended_by_decision
from phbportal.queries.payees import acted_for, acting_fact, appointed_fact, may_nominate, without_payee
from phbportal.services.acting_holds import hold_what_rests_on, streams_paid_to
from phbportal.services.acting_sign_ins import sign_out
from phbportal.services.organisation_roles import holds_isf_for
from phbportal.services.payee_agreements import end_agreements, settle_ready
from phbportal.services.review_setting import review_of_payee
from phbportal.services.tasks import done_with
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.acting import PersonRole
from phbportal.tables.budgets import Stream
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Task

SHORTEST_REASON = 5


@dataclass(frozen=True, slots=True)
class ActingEntry:
    """Who is to act, as what and why. ``organisation_code`` is an ODS code or a CQC location id, ``nominator`` the part
    of the representative who nominated them, where there is more than one who may."""

    role: Acting
    name: str
    relation: Relation
    basis: Basis | None = None
    nominated_by: NominatedBy | None = None
    contact: str = ""
    organisation_code: str = ""
    lives_in_household: bool = False
    involved_friend: bool = False
    nominator: UUID | None = None


@dataclass(frozen=True, slots=True)
class ChecksEntry:
    """What was checked: agreement given on paper, the date and reference of a certificate, and of an organisation who
    looks after the money from day to day: the certificate is theirs."""

    agreed_on: date | None = None
    dbs_on: date | None = None
    dbs_reference: str = ""
    individual: str = ""


def read_acting(form: Mapping[str, object]) -> ActingEntry:
    """Read the form for somebody who helps or acts; asks only what goes with the part chosen."""
    r = Reading(form)
    role = r.choice("role", Acting, needed="Choose what this person does.")
    basis = nominated = None
    if role is Acting.REPRESENTATIVE:
        basis = r.choice("basis", Basis, needed="Choose what makes this person a representative.")
    if role is Acting.NOMINEE:
        nominated = r.choice("nominated_by", NominatedBy, needed="Choose who nominated this person.")
    name = r.text("name", needed="Enter their name.")
    contact = r.text("contact", longest=300)
    relation = r.choice("relation", Relation, needed="Choose who they are to this person.")
    code = r.text("organisation_code", longest=20)
    if relation is Relation.ORGANISATION and not code:
        r.problem("Enter the code of the organisation, from its page under Providers.", "organisation_code")
    if code and relation and relation is not Relation.ORGANISATION:
        r.problem("Leave this empty, or choose that they are an organisation.", "organisation_code")
    nominator = r.take("nominator", _part_id) if nominated is NominatedBy.REPRESENTATIVE else None
    household, friend = r.yes("lives_in_household"), r.yes("involved_friend")
    if friend and relation and relation is not Relation.FRIEND:
        r.problem("Only a friend can be a friend involved in the care. Leave this empty.", "involved_friend")
    r.finish()
    return ActingEntry(
        given(role), name, given(relation), basis, nominated, contact, code, household, friend,
        nominator,
    )  # fmt: skip


def _part_id(text: str, field: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refusal("Choose a representative from the list.", field=field) from None


def propose(uow: UnitOfWork, person_id: UUID, entry: ActingEntry) -> UUID:
    """Propose a representative or a nominee for the board to agree; note anybody else who helps. Returns the id."""
    person = uow.find(Person, person_id)
    uow.require(Permission.ACTING_WRITE, person)
    organisation = _organisation(uow, entry.organisation_code) if entry.organisation_code else None
    appointed = entry.role in APPOINTED
    fact = ActingFact(entry.role, ActingStatus.PROPOSED, entry.basis, entry.nominated_by, entry.relation)
    if problem := basis_problem(fact, acted_for(uow.session, person), uow.today):
        raise Refusal(problem)
    nominator = _nominator(uow, person.id, entry)
    _refuse_twice(uow, person.id, entry)
    if organisation is not None:
        holds = holds_isf_for(uow, organisation.id, person.id)
        if problem := conflict_problem({entry.role.value}, holds_isf=holds):
            raise Refusal(problem.sentence, field="organisation_code")
    part = uow.add(
        PersonRole, person_id=person.id, icb_id=uow.actor.icb_id, role=entry.role.value, name=entry.name,
        contact=entry.contact, basis=entry.basis.value if entry.basis else "",
        nominated_by=entry.nominated_by.value if entry.nominated_by else "", relation=entry.relation.value,
        lives_in_household=entry.lives_in_household, involved_friend=entry.involved_friend,
        organisation_id=organisation.id if organisation else None, proposed_by=uow.actor.user_id,
        status=(ActingStatus.PROPOSED if appointed else ActingStatus.ACTIVE).value, nominator_id=nominator,
    )  # fmt: skip
    if appointed:
        uow.record("acting_proposed", about=part, person_id=person.id, name=part.name, acting=part.role)
    else:
        uow.record("acting_noted", about=part, person_id=person.id, name=part.name, acting=part.role)
    return part.id


def _nominator(uow: UnitOfWork, person_id: UUID, entry: ActingEntry) -> UUID | None:
    """The part of the representative who nominated a nominee, locked: the only one who may, or the one chosen."""
    if entry.nominated_by is not NominatedBy.REPRESENTATIVE:
        return None
    may = list(
        uow.session.execute(
            select(col(PersonRole.id))
            .where(may_nominate(person_id))
            .order_by(col(PersonRole.id))
            .with_for_update(key_share=True)
        ).scalars()
    )
    if entry.nominator is None and len(may) > 1:
        raise Refusal("More than one representative may nominate. Choose which of them did.", field="nominator")
    chosen = entry.nominator or may[0]
    if chosen not in may:
        raise Refusal("Choose a representative who acts for this person and may nominate.", field="nominator")
    return chosen


def _organisation(uow: UnitOfWork, code: str) -> Organisation:
    wanted = code.strip().upper()
    found = uow.session.execute(
        select(Organisation).where(
            or_(col(Organisation.ods_code) == wanted, col(Organisation.cqc_location_id) == code.strip())
        )
    ).scalars().first()  # fmt: skip
    if found is None:
        raise Refusal("No organisation has this code. Look it up under Providers.", field="organisation_code")
    if found.valid_to is not None and found.valid_to < uow.today:
        raise Refusal(f"{found.name} has closed. Choose another organisation.", field="organisation_code")
    return found


def _refuse_twice(uow: UnitOfWork, person_id: UUID, entry: ActingEntry) -> None:
    there = uow.session.execute(
        select(col(PersonRole.name)).where(
            col(PersonRole.person_id) == person_id,
            col(PersonRole.role) == entry.role.value,
            col(PersonRole.status) != ActingStatus.ENDED.value,
        )
    ).scalars()
    if search_key(entry.name) in {search_key(name) for name in there}:
        who = ACTING_WORDS[entry.role].lower()
        raise Refusal(f"{entry.name} is on this record as {who} already. Open that entry instead.", field="name")


def read_checks(form: Mapping[str, object], today: date) -> ChecksEntry:
    """Read what was checked."""
    r = Reading(form)
    agreed, dbs = r.day("agreed_on"), r.day("dbs_on")
    for field, on in (("agreed_on", agreed), ("dbs_on", dbs)):
        if on and on > today:
            r.problem("The date cannot be in the future.", field)
    reference = r.text("dbs_reference", needed="Enter the number of the certificate." if dbs else "", longest=40)
    if reference and not dbs:
        r.problem("Enter the date on the certificate.", "dbs_on")
    individual = r.text("individual")
    r.finish()
    return ChecksEntry(agreed, dbs, reference, individual)


def record_checks(uow: UnitOfWork, part_id: UUID, entry: ChecksEntry, *, seen_version: int) -> None:
    """Record what was checked; what was recorded before and is left empty now stays as it was."""
    part = uow.find(PersonRole, part_id, lock=True)
    uow.require(Permission.ACTING_WRITE, part)
    status = step(ActingStatus(part.status), "check")
    uow.check_version(part, seen_version, theirs={}, mine={})
    checked = certificate(uow, part, entry)
    uow.change(part, status=status.value, agreed_on=part.agreed_on or entry.agreed_on, **checked)
    if entry.agreed_on:
        uow.record(
            "acting_accepted",
            about=part,
            person_id=part.person_id,
            name=part.name,
            acting=part.role,
            on=entry.agreed_on,
        )
    uow.record("acting_checked", about=part, person_id=part.person_id, name=part.name, acting=part.role)
    done_with(uow, part)


def agree(uow: UnitOfWork, part_id: UUID) -> None:
    """An approver who did not propose them agrees (I06, §9.5); streams that were on hold for this go on."""
    _hold_their_budgets(uow, part_id)
    _lock_nominator(uow, part_id)
    part = uow.find(PersonRole, part_id, lock=True)
    uow.require(Permission.ACTING_AGREE, part)
    status = step(ActingStatus(part.status), "agree")
    person = uow.session.get_one(Person, part.person_id)
    refuse_if(appointment_problems(appointed_fact(uow.session, part), acted_for(uow.session, person), uow.today))
    uow.change(part, status=status.value, board_agreed_on=uow.today, board_agreed_by=uow.actor.user_id, end_reason="")
    uow.record("acting_agreed", about=part, person_id=part.person_id, name=part.name, acting=part.role)
    for stream in streams_paid_to(uow, part, StreamStatus.SUSPENDED):
        if suspended_by_decision(uow.session, stream.id, stream.phb_id):
            continue
        after = StreamStatus.ACTIVE if stream.first_payment_on else StreamStatus.AGREED
        uow.change(stream, status=after.value)
        uow.record("stream_resumed", about=stream, phb_id=stream.phb_id, person_id=part.person_id, method=stream.method,
                   starts_on=stream.starts_on)  # fmt: skip
        settle_ready(uow, stream)
    if part.role == Acting.NOMINEE:
        review_of_payee(uow, part)


def certificate(uow: UnitOfWork, part: PersonRole, entry: ChecksEntry) -> dict[str, Any]:
    """The columns of a check: of an organisation with who was checked, whose certificate nobody else stands on."""
    organisation = part.relation == Relation.ORGANISATION
    individual = (entry.individual or part.individual) if organisation else None
    needed = dbs_needed(acting_fact(part))
    if organisation and needed and not individual:
        raise Refusal(
            "Enter the name of whoever looks after the money at the organisation from day to day.", field="individual"
        )
    kept = part if individual == part.individual else None
    dbs_on = entry.dbs_on or (kept.dbs_on if kept else None)
    if needed and dbs_on is None:
        whose = f" of {individual}" if organisation else ""
        raise Refusal(f"An enhanced DBS certificate{whose} is needed. Enter the date on it.", field="dbs_on")
    return {
        "individual": individual, "dbs_on": dbs_on,
        "dbs_reference": entry.dbs_reference or (kept.dbs_reference if kept else ""),
        "dbs_checked_by": uow.actor.user_id if entry.dbs_on else kept.dbs_checked_by if kept else None,
    }  # fmt: skip


def _hold_their_budgets(uow: UnitOfWork, part_id: UUID) -> None:
    """What is paid to somebody goes with their part: the person's budgets are locked before it."""
    person = select(col(PersonRole.person_id)).where(col(PersonRole.id) == part_id).scalar_subquery()
    uow.hold_budgets(col(Phb.person_id) == person)


def _lock_nominator(uow: UnitOfWork, part_id: UUID) -> None:
    """Whoever nominated them is locked first, as by the act that ends a representative: of two at once one waits."""
    nominator = select(col(PersonRole.nominator_id)).where(col(PersonRole.id) == part_id).scalar_subquery()
    uow.session.execute(
        select(col(PersonRole.id)).where(col(PersonRole.id) == nominator).with_for_update(key_share=True)
    )


def read_reason(form: Mapping[str, object], field: str) -> str:
    """Read why somebody is put on hold or stops."""
    r = Reading(form)
    reason = r.text(field, needed="Say why.", longest=300)
    if reason and len(reason) < SHORTEST_REASON:
        r.problem("Say why in a few words more.", field)
    r.finish()
    return reason


def suspend(uow: UnitOfWork, part_id: UUID, reason: str) -> None:
    """Put somebody on hold: what is paid to them stops at once."""
    _hold_their_budgets(uow, part_id)
    part = uow.find(PersonRole, part_id, lock=True)
    uow.require(Permission.ACTING_WRITE, part)
    status = step(ActingStatus(part.status), "suspend")
    uow.change(part, status=status.value, end_reason=reason)
    uow.record(
        "acting_suspended", about=part, icb_id=part.icb_id, person_id=part.person_id, name=part.name, acting=part.role
    )
    hold_what_rests_on(uow, part)
    sign_out(uow, part)


def end(uow: UnitOfWork, part_id: UUID, reason: str) -> None:
    """End somebody's part: they see nothing more at once, and what is paid to them stops (domain.md §9.4)."""
    _hold_their_budgets(uow, part_id)
    part = uow.find(PersonRole, part_id, lock=True)
    uow.require(Permission.ACTING_WRITE, part)
    _end(uow, part, reason)
    sign_out(uow, part)


def accept(uow: UnitOfWork, part_id: UUID) -> None:
    """The one who is named agrees to act, signed in as themselves."""
    part = uow.find(PersonRole, part_id, lock=True)
    uow.require(Permission.ACTED_FOR_ANSWER, part)
    if part.status not in (ActingStatus.PROPOSED, ActingStatus.CHECKS):
        raise Refusal("This has been decided already. Reload the page to see the outcome.")
    if part.agreed_on is not None:
        raise Refusal("You have agreed to this already.")
    uow.change(part, agreed_on=uow.today)
    uow.record("acting_accepted", about=part, icb_id=part.icb_id, person_id=part.person_id, name=part.name,
               acting=part.role, on=uow.today)  # fmt: skip


def stop(uow: UnitOfWork, part_id: UUID, reason: str) -> None:
    """The one who is named declines, or stops acting, with a reason (domain.md §1.14: may stop when a nominee does)."""
    _hold_their_budgets(uow, part_id)
    part = uow.find(PersonRole, part_id, lock=True)
    uow.require(Permission.ACTED_FOR_ANSWER, part)
    _end(uow, part, reason)


def name_payee(uow: UnitOfWork, part_id: UUID) -> int:
    """Say that somebody is paid what nobody is named for, as in a budget brought in, or whose payee has stopped.

    Returns how many streams. Whoever takes another's place needs bank details of their own, and what was on hold goes
    on only when an approver agrees the part; nothing is paid before (I06).
    """
    _hold_their_budgets(uow, part_id)
    part = uow.find(PersonRole, part_id, lock=True)
    uow.require(Permission.ACTING_WRITE, part)
    if part.role not in APPOINTED or part.status == ActingStatus.ENDED:
        raise Refusal("Only a representative or a nominee who acts, or is to act, can be paid.")
    streams = uow.session.execute(
        select(Stream).where(without_payee(part)).order_by(col(Stream.id)).with_for_update(key_share=True)
    ).scalars().all()  # fmt: skip
    if not streams:
        raise Refusal("Every stream of this person says who is paid already.")
    for stream in streams:
        replaces = stream.payee_role_id is not None
        uow.change(
            stream, payee_role_id=part.id, payee_name=part.name, payee_kind=part.role,
            account_id=None if replaces else stream.account_id,
        )  # fmt: skip
        if replaces:
            end_agreements(uow, stream)
        settle_ready(uow, stream)
        uow.record("payee_named", about=stream, phb_id=stream.phb_id, person_id=part.person_id, name=part.name,
                   starts_on=stream.starts_on)  # fmt: skip
        for task in uow.session.execute(
            select(Task).where(
                col(Task.phb_id) == stream.phb_id, col(Task.kind) == "record_payee", col(Task.done_at).is_(None)
            )
        ).scalars().all():  # fmt: skip
            uow.change(task, done_at=uow.now)
    return len(streams)


def _end(uow: UnitOfWork, part: PersonRole, reason: str) -> None:
    status = step(ActingStatus(part.status), "end")
    uow.change(part, status=status.value, ended_on=uow.today, end_reason=reason)
    uow.record(
        "acting_ended", about=part, icb_id=part.icb_id, person_id=part.person_id, name=part.name, acting=part.role
    )
    hold_what_rests_on(uow, part)
    done_with(uow, part)
