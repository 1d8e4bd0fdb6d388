"""What the portal already has of the people, budgets and streams that a caseload file names, in a few set-based reads.

Only what belongs to the board is read, but for two things that belong to everybody: whether an NHS number or a budget
reference is taken.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from itertools import starmap
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlmodel import col

from phbportal.domain.budgets import BudgetKind
from phbportal.domain.ledger import Verb
from phbportal.domain.roles import Role
from phbportal.domain.text import search_key
from phbportal.gateways.caseload_file import CaseRow
from phbportal.queries.scope import responsible_today
from phbportal.services.many_rows import is_among, parts_of
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.audit import AuditEvent
from phbportal.tables.budgets import BudgetVersion, PayeeAccount, Stream
from phbportal.tables.eligibility import Eligibility
from phbportal.tables.ledger import LedgerAccount, LedgerJournal, LedgerPosting
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Review
from phbportal.tables.users import Assignment, User

SOURCE = "caseload"
"""Marks, in the details of an audit event, what a file said and not a person at a screen."""


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """What a file may say of somebody, as the portal has it: not the whole row, of which there may be thousands."""

    id: UUID
    row_version: int
    given_name: str
    family_name: str
    search_name: str
    search_given: str
    date_of_birth: date
    nhs_number: str | None
    nhs_number_status: str
    local_reference: str | None
    postcode: str
    died_on: date | None


@dataclass(frozen=True, slots=True)
class KnownPhb:
    """The same of a budget."""

    id: UUID
    row_version: int
    person_id: UUID
    icb_id: UUID
    reference: str
    cohort: str
    kind: str
    status: str
    opened_on: date
    ended_on: date | None
    case_manager_id: UUID | None
    eligibility_id: UUID | None


@dataclass(frozen=True, slots=True)
class KnownStream:
    """The same of a stream, with the organisation that holds or gets its money."""

    id: UUID
    phb_id: UUID
    method: str
    payee_kind: str
    payee_name: str
    frequency: str
    weekly_pence: int
    one_off_pence: int
    starts_on: date
    first_payment_on: date | None
    paid_to_on: date | None
    created_at: datetime
    organisation_id: UUID | None
    cqc_location_id: str | None = None
    cqc_provider_id: str | None = None
    provider_search_name: str = ""


@dataclass
class People:
    """People a file may mean: all with one of its NHS numbers, and the board's by reference and by name."""

    by_number: dict[str, KnownPerson] = field(default_factory=dict[str, KnownPerson])
    here: set[UUID] = field(default_factory=set[UUID])
    """Those the board answers for today."""
    by_reference: dict[str, list[KnownPerson]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[str, list[KnownPerson]] = field(default_factory=lambda: defaultdict(list))


@dataclass(slots=True)
class StandingStream:
    """A stream as it stands, with what was posted as its opening balance and the e-mail address its payee was given."""

    stream: KnownStream
    opening: tuple[int, date] | None = None
    """Pence, below nought where more was spent than paid, and the day they were held."""
    email: str = ""


@dataclass(slots=True)
class StandingBudget:
    """A budget as it stands, with all a caseload row may say of it."""

    phb: KnownPhb
    brought_in: bool = False
    eligible_from: date | None = None
    streams: list[StandingStream] = field(default_factory=list[StandingStream])
    accounts: set[tuple[str, str, str]] = field(default_factory=set[tuple[str, str, str]])
    """Name, sort code and number of every account there has been."""
    reviews_due: set[date] = field(default_factory=set[date])
    reviews_held: set[date | None] = field(default_factory=set[date | None])
    case_manager_said: UUID | None = None
    """Whom a file last named, whoever it is now."""


def names_key(row: CaseRow) -> str:
    """A row's names as ``Person.search_name`` keeps them."""
    return search_key(f"{row.family_name} {row.given_name}")[:200]


def read_people(uow: UnitOfWork, icb_id: UUID, rows: Collection[CaseRow], *, lock: bool) -> People:
    """The people the rows may mean. ``lock`` holds them until the unit ends: what is decided must still be true."""
    people = People()
    ours = responsible_today(icb_id, uow.today)
    person = select(*_columns(Person, KnownPerson)).order_by(col(Person.id))
    if lock:
        # Not the stronger lock: it would hold up everybody who adds something to one of these people.
        person = person.with_for_update(of=Person, key_share=True)
    for found in _among(uow, person, col(Person.nhs_number), {row.nhs_number for row in rows if row.nhs_number}):
        one = KnownPerson(*found)
        people.by_number[one.nhs_number or ""] = one
    here = select(col(Person.id)).where(ours)
    people.here.update(
        found[0] for found in _among(uow, here, col(Person.id), {one.id for one in people.by_number.values()})
    )
    board = person.where(ours)
    references = {row.local_reference for row in rows if row.local_reference}
    for found in _among(uow, board, col(Person.local_reference), references):
        one = KnownPerson(*found)
        people.by_reference[one.local_reference or ""].append(one)
    for found in _among(uow, board, col(Person.search_name), {names_key(row) for row in rows}):
        one = KnownPerson(*found)
        people.by_name[one.search_name].append(one)
    return people


def read_budgets(uow: UnitOfWork, person_ids: Collection[UUID], *, lock: bool) -> dict[UUID, list[StandingBudget]]:
    """Every budget of these people, whichever board's, by person."""
    phbs = select(*_columns(Phb, KnownPhb)).order_by(col(Phb.id))
    if lock:
        phbs = phbs.with_for_update(of=Phb, key_share=True)
    found = _among(uow, phbs, col(Phb.person_id), person_ids)
    standing = {phb.id: StandingBudget(phb) for phb in starmap(KnownPhb, found)}
    opening = select(col(BudgetVersion.phb_id)).where(col(BudgetVersion.kind) == BudgetKind.OPENING.value)
    for (phb_id,) in _among(uow, opening, col(BudgetVersion.phb_id), standing):
        standing[phb_id].brought_in = True
    eligible = {budget.phb.eligibility_id for budget in standing.values() if budget.phb.eligibility_id}
    e, a, r = Eligibility, PayeeAccount, Review
    since = dict(map(tuple, _among(uow, select(col(e.id), col(e.starts_on)), col(e.id), eligible)))
    for budget in standing.values():
        budget.eligible_from = since.get(budget.phb.eligibility_id or UUID(int=0))
    accounts = select(col(a.phb_id), col(a.name_on_account), col(a.sort_code), col(a.account_number))
    for phb_id, *account in _among(uow, accounts, col(a.phb_id), standing):
        standing[phb_id].accounts.add((account[0], account[1], account[2]))
    for phb_id, due, held in _among(
        uow, select(col(r.phb_id), col(r.due_on), col(r.held_on)), col(r.phb_id), standing
    ):  # fmt: skip
        standing[phb_id].reviews_due.add(due)
        standing[phb_id].reviews_held.add(held)
    _add_streams(uow, standing)
    by_person: dict[UUID, list[StandingBudget]] = defaultdict(list)
    for budget in standing.values():
        by_person[budget.phb.person_id].append(budget)
    return by_person


def _add_streams(uow: UnitOfWork, standing: dict[UUID, StandingBudget]) -> None:
    streams: dict[UUID, StandingStream] = {}
    found = uow.session
    o = Organisation
    for part in parts_of(list(standing)):
        provider = (col(o.cqc_location_id), col(o.cqc_provider_id), func.coalesce(col(o.search_name), ""))
        rows = found.execute(
            select(*_columns(Stream, KnownStream), *provider)
            .outerjoin(Organisation, col(o.id) == col(Stream.organisation_id))
            .where(is_among(found, col(Stream.phb_id), part))
            .order_by(col(Stream.id))
        )
        for row in rows:
            stream = KnownStream(*row)
            streams[stream.id] = StandingStream(stream)
            standing[stream.phb_id].streams.append(streams[stream.id])
        openings = found.execute(
            select(
                col(LedgerJournal.stream_id), col(LedgerJournal.effective_on), col(LedgerPosting.amount_pence),
                col(LedgerAccount.stream_id),
            )
            .join(LedgerPosting, col(LedgerPosting.journal_id) == col(LedgerJournal.id))
            .join(LedgerAccount, col(LedgerAccount.id) == col(LedgerPosting.to_id))
            .where(
                col(LedgerJournal.verb) == Verb.OPENING.value, is_among(found, col(LedgerJournal.phb_id), part)
            )
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
            is_among(uow.session, col(AuditEvent.phb_id), list(phb_ids)),
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
    last: dict[UUID, str] = {}
    events = (
        select(col(AuditEvent.person_id), col(AuditEvent.details))
        .where(col(AuditEvent.kind).in_(["person_added", "person_changed"]))
        .order_by(col(AuditEvent.id))
    )
    for person_id, details in _among(uow, events, col(AuditEvent.person_id), person_ids):
        last[person_id] = details
    return {person_id for person_id, text in last.items() if json.loads(text).get("source") == SOURCE}


def read_eligibility(uow: UnitOfWork, icb_id: UUID, person_ids: Collection[UUID]) -> dict[tuple[UUID, str, date], UUID]:
    """What the board has recorded of these people's eligibility: by person, cohort and first day."""
    e = Eligibility
    ours = select(col(e.person_id), col(e.cohort), col(e.starts_on), col(e.id)).where(col(e.icb_id) == icb_id)
    return {(row[0], row[1], row[2]): row[3] for row in _among(uow, ours, col(e.person_id), person_ids)}


def read_references(uow: UnitOfWork, rows: Collection[CaseRow]) -> set[str]:
    """The budget references of the rows that are taken."""
    wanted = {row.phb_reference for row in rows if row.phb_reference}
    return {found[0] for found in _among(uow, select(col(Phb.reference)), col(Phb.reference), wanted)}


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
    email, u = func.lower(col(User.email)), User
    manages = {found[0] for found in _among(uow, select(col(u.id)).where(managing), email, wanted)}
    users = select(col(u.id), email, col(u.disabled_at)).order_by(col(u.id))
    for user_id, address, disabled_at in _among(uow, users, email, wanted):
        anybody[address].add(user_id)
        if user_id in manages and disabled_at is None:
            today.setdefault(address, user_id)
    return today, anybody


def _columns(table: Any, known: type[Any]) -> list[Any]:
    """The columns of a table that a record of what is known has, in its order."""
    return [col(getattr(table, one.name)) for one in fields(known) if hasattr(table, one.name)]


def _among(uow: UnitOfWork, statement: Select[*tuple[Any, ...]], column: Any, values: Collection[Any]) -> Iterator[Any]:
    """What a statement finds where a column is one of many values, however many."""
    for part in parts_of(sorted(values)):
        yield from uow.session.execute(statement.where(is_among(uow.session, column, part)))
