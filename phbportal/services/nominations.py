"""A nominee proposed in the portal, by the budget holder or by a representative: the team checks, the board agrees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.acting import Acting, ActingFact, ActingStatus, Basis, NominatedBy, basis_problem
from phbportal.domain.errors import NotFound, Problem, Refusal, refuse_if
from phbportal.domain.nominations import holder_nominates_problem, representative_nominates_problem
from phbportal.domain.phbs import ENDED
from phbportal.domain.reading import Reading, given
from phbportal.domain.relations import Relation
from phbportal.domain.roles import Role
from phbportal.domain.tasks import NOMINEE_PROPOSED
from phbportal.domain.text import search_key
from phbportal.policy.permissions import Permission
from phbportal.queries.payees import acted_for
from phbportal.services.policies import whole_setting
from phbportal.services.subjects import boards_of
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.acting import PersonRole
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Task


@dataclass(frozen=True, slots=True)
class NominationEntry:
    """Whom somebody wants as a nominee, how to reach them, who they are to the person, and what for."""

    name: str
    contact: str
    relation: Relation
    wanted_for: str
    lives_in_household: bool = False
    involved_friend: bool = False


def read_nomination(form: Mapping[str, object]) -> NominationEntry:
    """Read the form of a proposal. An organisation is proposed by the team, who know its code."""
    r = Reading(form)
    name = r.text("name", needed="Enter their full name.")
    contact = r.text("contact", needed="Enter a telephone number, an e-mail address or an address.", longest=300)
    relation = r.choice("relation", Relation, needed="Choose who they are.")
    if relation is Relation.ORGANISATION:
        r.problem("Ask the team about an organisation. Here you can propose one person.", "relation")
    friend = r.yes("involved_friend")
    if friend and relation and relation is not Relation.FRIEND:
        r.problem("Only a friend can be a friend involved in the care. Leave this empty.", "involved_friend")
    wanted_for = r.text("wanted_for", needed="Say what you want them to do.", longest=300)
    r.finish()
    return NominationEntry(name, contact, given(relation), wanted_for, r.yes("lives_in_household"), friend)


def nominate(uow: UnitOfWork, person_id: UUID, entry: NominationEntry) -> UUID:
    """Propose a nominee, signed in as the holder or as their representative, and tell the case manager. Returns the id.

    Nobody is asked, checked or paid by this: the nominee accepts, the checks are recorded and an approver agrees, as
    for one the team proposed.
    """
    person = uow.find(Person, person_id, lock=True)
    uow.require(Permission.NOMINEE_PROPOSE, person)
    by, nominator = _whose_choice(uow, person)
    fact = ActingFact(Acting.NOMINEE, ActingStatus.PROPOSED, nominated_by=by, relation=entry.relation)
    problem = basis_problem(fact, acted_for(uow.session, person), uow.today)
    refuse_if([problem] if problem else [])
    _refuse_twice(uow, person.id, entry.name)
    boards = sorted(boards_of(uow.session, person.id, uow.today))
    if not boards:
        raise Refusal("No board answers for this person at the moment. Telephone the team before you propose somebody.")
    part = uow.add(
        PersonRole, person_id=person.id, icb_id=boards[0], role=Acting.NOMINEE.value, name=entry.name,
        contact=entry.contact, nominated_by=by.value, nominator_id=nominator, relation=entry.relation.value,
        lives_in_household=entry.lives_in_household, involved_friend=entry.involved_friend,
        wanted_for=entry.wanted_for, proposed_by=uow.actor.user_id, status=ActingStatus.PROPOSED.value,
    )  # fmt: skip
    uow.record("acting_proposed", about=part, icb_id=part.icb_id, person_id=person.id, name=part.name, acting=part.role)
    _tell_the_case_manager(uow, part)
    return part.id


def _whose_choice(uow: UnitOfWork, person: Person) -> tuple[NominatedBy, UUID | None]:
    """Who nominates: the holder, or the representative who is asking, by their part, locked."""
    about = acted_for(uow.session, person)
    if uow.actor.role is Role.HOLDER:
        _refuse(holder_nominates_problem(about, uow.today))
        return NominatedBy.HOLDER, None
    part = own_representation(uow, person.id, lock=True)
    _refuse(representative_nominates_problem(Basis(part.basis), about, uow.today))
    return NominatedBy.REPRESENTATIVE, part.id


def own_representation(uow: UnitOfWork, person_id: UUID, *, lock: bool = False) -> PersonRole:
    """The part by which the actor represents a person now. NotFound where they do not."""
    parties = [i for i in (uow.actor.user_id, uow.actor.organisation_id) if i is not None]
    found = uow.session.execute(
        select(col(PersonRole.id))
        .where(
            col(PersonRole.person_id) == person_id,
            col(PersonRole.role) == Acting.REPRESENTATIVE.value,
            col(PersonRole.status) == ActingStatus.ACTIVE.value,
            col(PersonRole.user_id).in_(parties) | col(PersonRole.organisation_id).in_(parties),
        )
        .order_by(col(PersonRole.id))
    ).scalars().first()  # fmt: skip
    if found is None:
        raise NotFound()
    return uow.find(PersonRole, found, lock=lock)


def _refuse(problem: Problem | None) -> None:
    refuse_if([problem] if problem else [])


def _refuse_twice(uow: UnitOfWork, person_id: UUID, name: str) -> None:
    there = uow.session.execute(
        select(col(PersonRole.name)).where(
            col(PersonRole.person_id) == person_id,
            col(PersonRole.role) == Acting.NOMINEE.value,
            col(PersonRole.status) != ActingStatus.ENDED.value,
        )
    ).scalars()
    if search_key(name) in {search_key(one) for one in there}:
        raise Refusal(f"{name} is proposed or acts as a nominee already. Ask the team how far it is.", field="name")


def _tell_the_case_manager(uow: UnitOfWork, part: PersonRole) -> None:
    """A task on the list of whoever looks after the person's latest open budget at the board; of all, where none is."""
    latest = uow.session.execute(
        select(Phb)
        .where(
            col(Phb.person_id) == part.person_id, col(Phb.icb_id) == part.icb_id,
            col(Phb.status).not_in([status.value for status in ENDED]),
        )
        .order_by(col(Phb.opened_on).desc(), col(Phb.id).desc())
        .limit(1)
    ).scalar_one_or_none()  # fmt: skip
    by = "The budget holder" if part.nominated_by == NominatedBy.HOLDER else "A representative"
    days = whole_setting(uow, part.icb_id, "nominee_review_days")
    uow.add(
        Task, icb_id=part.icb_id, kind=NOMINEE_PROPOSED, role=Role.CASE_MANAGER.value, part_id=part.id,
        phb_id=latest.id if latest else None, person_id=part.person_id, due_on=uow.today + timedelta(days=days),
        sentence=f"{by} proposes a nominee. Talk with both, give the nominee a code to accept with, and record the "
        "checks.",
    )  # fmt: skip
