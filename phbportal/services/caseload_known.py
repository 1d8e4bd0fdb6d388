"""What the portal already has of the people, budgets and streams that a caseload file names, in a few set-based reads.

Only what belongs to the board is read, but for two things that belong to everybody: whether an NHS number or a budget
reference is taken.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlmodel import col

from phbportal.domain.budgets import BudgetKind
from phbportal.domain.ledger import Verb
from phbportal.domain.roles import Role
from phbportal.domain.text import search_key
from phbportal.gateways.caseload_file import CaseRow
from phbportal.queries.scope import responsible_today
from phbportal.services.many_rows import parts_of
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.audit import AuditEvent
from phbportal.tables.budgets import BudgetVersion, PayeeAccount, Stream
from phbportal.tables.eligibility import Eligibility
from phbportal.tables.ledger import LedgerAccount, LedgerJournal, LedgerPosting
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Review
from phbportal.tables.users import Assignment, User

T = TypeVar("T")
SOURCE = "caseload"
"""Marks, in the details of an audit event, what a file said and not a person at a screen."""


@dataclass
class People:
    """People a file may mean: all with one of its NHS numbers, and the board's by reference and by name."""

    by_number: dict[str, Person] = field(default_factory=dict[str, Person])
    here: set[UUID] = field(default_factory=set[UUID])
    """Those the board answers for today."""
    by_reference: dict[str, list[Person]] = field(default_factory=lambda: defaultdict[str, list[Person]](list))
    by_name: dict[str, list[Person]] = field(default_factory=lambda: defaultdict[str, list[Person]](list))


@dataclass
class StandingStream:
    """A stream as it stands, with what was posted as its opening balance and the e-mail address its payee was given."""

    stream: Stream
    organisation: Organisation | None
    opening: tuple[int, date] | None = None
    """Pence, below nought where more was spent than paid, and the day they were held."""
    email: str = ""


@dataclass
class StandingBudget:
    """A budget as it stands, with all a caseload row may say of it."""

    phb: Phb
    brought_in: bool = False
    eligible_from: date | None = None
    streams: list[StandingStream] = field(default_factory=list[StandingStream])
    accounts: set[tuple[str, str, str]] = field(default_factory=set[tuple[str, str, str]])
    """Name, sort code and number of every account there has been."""
    reviews: list[Review] = field(default_factory=list[Review])
    case_manager_said: UUID | None = None
    """Whom a file last named, whoever it is now."""


def names_key(row: CaseRow) -> str:
    """A row's names as ``Person.search_name`` keeps them."""
    return search_key(f"{row.family_name} {row.given_name}")[:200]


def read_people(uow: UnitOfWork, icb_id: UUID, rows: Collection[CaseRow], *, lock: bool) -> People:
    """The people the rows may mean. ``lock`` holds them until the unit ends: what is decided must still be true."""
    people = People()
    ours = responsible_today(icb_id, uow.today)
    person = select(Person).order_by(col(Person.id))
    if lock:
        # Not the stronger lock: it would hold up everybody who adds something to one of these people.
        person = person.with_for_update(of=Person, key_share=True).execution_options(populate_existing=True)
    for found in _among(uow, person, col(Person.nhs_number), {row.nhs_number for row in rows if row.nhs_number}):
        people.by_number[found.nhs_number or ""] = found
    here = select(col(Person.id)).where(ours)
    people.here.update(_among(uow, here, col(Person.id), {found.id for found in people.by_number.values()}))
    board = person.where(ours)
    references = {row.local_reference for row in rows if row.local_reference}
    for found in _among(uow, board, col(Person.local_reference), references):
        people.by_reference[found.local_reference or ""].append(found)
    for found in _among(uow, board, col(Person.search_name), {names_key(row) for row in rows}):
        people.by_name[found.search_name].append(found)
    return people


def read_budgets(uow: UnitOfWork, person_ids: Collection[UUID], *, lock: bool) -> dict[UUID, list[StandingBudget]]:
    """Every budget of these people, whichever board's, by person."""
    phbs = select(Phb).order_by(col(Phb.id))
    if lock:
        phbs = phbs.with_for_update(of=Phb, key_share=True).execution_options(populate_existing=True)
    standing = {phb.id: StandingBudget(phb) for phb in _among(uow, phbs, col(Phb.person_id), set(person_ids))}
    for phb_id in _among(
        uow, select(col(BudgetVersion.phb_id)).where(col(BudgetVersion.kind) == BudgetKind.OPENING.value),
        col(BudgetVersion.phb_id), standing,
    ):  # fmt: skip
        standing[phb_id].brought_in = True
    eligible = {budget.phb.eligibility_id for budget in standing.values() if budget.phb.eligibility_id}
    since = {row.id: row.starts_on for row in _among(uow, select(Eligibility), col(Eligibility.id), eligible)}
    for budget in standing.values():
        budget.eligible_from = since.get(budget.phb.eligibility_id or UUID(int=0))
    for account in _among(uow, select(PayeeAccount), col(PayeeAccount.phb_id), standing):
        standing[account.phb_id].accounts.add((account.name_on_account, account.sort_code, account.account_number))
    for review in _among(uow, select(Review), col(Review.phb_id), standing):
        standing[review.phb_id].reviews.append(review)
    _add_streams(uow, standing)
    by_person: dict[UUID, list[StandingBudget]] = defaultdict(list)
    for budget in standing.values():
        by_person[budget.phb.person_id].append(budget)
    return by_person


def _add_streams(uow: UnitOfWork, standing: dict[UUID, StandingBudget]) -> None:
    streams: dict[UUID, StandingStream] = {}
    found = uow.session
    for part in parts_of(list(standing)):
        rows = found.execute(
            select(Stream, Organisation)
            .outerjoin(Organisation, col(Organisation.id) == col(Stream.organisation_id))
            .where(col(Stream.phb_id).in_(part))
            .order_by(col(Stream.id))
        )
        for stream, organisation in rows:
            streams[stream.id] = StandingStream(stream, organisation)
            standing[stream.phb_id].streams.append(streams[stream.id])
        openings = found.execute(
            select(
                col(LedgerJournal.stream_id), col(LedgerJournal.effective_on), col(LedgerPosting.amount_pence),
                col(LedgerAccount.stream_id),
            )
            .join(LedgerPosting, col(LedgerPosting.journal_id) == col(LedgerJournal.id))
            .join(LedgerAccount, col(LedgerAccount.id) == col(LedgerPosting.to_id))
            .where(col(LedgerJournal.verb) == Verb.OPENING.value, col(LedgerJournal.phb_id).in_(part))
        )  # fmt: skip
        for stream_id, on, pence, to_stream in openings:
            if stream_id is not None and stream_id in streams:
                streams[stream_id].opening = (pence if to_stream else -pence, on)
        _add_what_files_said(uow, part, standing, streams)


def _add_what_files_said(
    uow: UnitOfWork, phb_ids: Collection[UUID], standing: dict[UUID, StandingBudget],
    streams: dict[UUID, StandingStream],
) -> None:  # fmt: skip
    """What has no column of its own, and whose word stands: read from what was recorded of earlier files."""
    said = uow.session.execute(
        select(col(AuditEvent.phb_id), col(AuditEvent.details))
        .where(
            col(AuditEvent.kind).in_(["phb_brought_in", "case_manager_changed", "payee_email_noted"]),
            col(AuditEvent.phb_id).in_(phb_ids),
        )
        .order_by(col(AuditEvent.id))
    )
    for phb_id, text in said:
        if phb_id is None:
            continue
        details: dict[str, Any] = json.loads(text)
        if details.get("source") == SOURCE and "case_manager" in details:
            standing[phb_id].case_manager_said = UUID(details["case_manager"])
        for stream_id, email in details.get("emails", {}).items():
            streams[UUID(stream_id)].email = email


def last_written_by_file(uow: UnitOfWork, person_ids: Collection[UUID]) -> set[UUID]:
    """Which of these people's details were last written by a file, so that a file may write them again."""
    last: dict[UUID | None, str] = {}
    events = (
        select(AuditEvent)
        .where(col(AuditEvent.kind).in_(["person_added", "person_changed"]))
        .order_by(col(AuditEvent.id))
    )
    for event in _among(uow, events, col(AuditEvent.person_id), person_ids):
        last[event.person_id] = event.details
    return {person_id for person_id, text in last.items() if person_id and json.loads(text).get("source") == SOURCE}


def read_eligibility(uow: UnitOfWork, icb_id: UUID, person_ids: Collection[UUID]) -> dict[tuple[UUID, str, date], UUID]:
    """What the board has recorded of these people's eligibility: by person, cohort and first day."""
    ours = select(Eligibility).where(col(Eligibility.icb_id) == icb_id)
    rows = _among(uow, ours, col(Eligibility.person_id), person_ids)
    return {(row.person_id, row.cohort, row.starts_on): row.id for row in rows}


def read_references(uow: UnitOfWork, rows: Collection[CaseRow]) -> dict[str, UUID]:
    """The budget references of the rows that are taken, with the budget that has each."""
    wanted = {row.phb_reference for row in rows if row.phb_reference}
    return {phb.reference: phb.id for phb in _among(uow, select(Phb), col(Phb.reference), wanted)}


def read_case_managers(
    uow: UnitOfWork, icb_id: UUID, rows: Collection[CaseRow]
) -> tuple[dict[str, UUID], dict[str, set[UUID]]]:
    """Whom the rows name, by e-mail address in small letters: the board's case managers of today, and everybody."""
    wanted = {row.case_manager_email.lower() for row in rows}
    today: dict[str, UUID] = {}
    anybody: dict[str, set[UUID]] = defaultdict(set)
    managing = (
        select(1)
        .where(
            col(Assignment.user_id) == col(User.id),
            col(Assignment.role) == Role.CASE_MANAGER.value,
            col(Assignment.icb_id) == icb_id,
            col(Assignment.revoked_at).is_(None),
            col(Assignment.valid_from) <= uow.today,
            or_(col(Assignment.valid_to).is_(None), col(Assignment.valid_to) >= uow.today),
        )
        .exists()
    )
    manages = {user.id for user in _among(uow, select(User).where(managing), func.lower(col(User.email)), wanted)}
    for user in _among(uow, select(User).order_by(col(User.id)), func.lower(col(User.email)), wanted):
        email = (user.email or "").lower()
        anybody[email].add(user.id)
        if user.id in manages and user.disabled_at is None:
            today.setdefault(email, user.id)
    return today, anybody


def _among(uow: UnitOfWork, statement: Select[T], column: Any, values: Collection[Any]) -> Iterator[T]:
    """What a statement finds where a column is one of many values, however many."""
    for part in parts_of(sorted(values, key=str)):
        yield from uow.session.execute(statement.where(column.in_(part))).scalars()
