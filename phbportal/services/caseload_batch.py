"""A caseload as a file that is brought in on the screens, and how it is taken back.

The ledger forgets nothing: what was posted is reversed, entry by entry. The person, the budget and its streams stay
behind those entries as what they are then, a budget closed on the day it was taken back, of somebody nobody answers
for; NHS number and references are free again, so that the right file can be brought in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import col

from phbportal.domain.errors import NotAllowed
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.streams import AccountStatus, StreamStatus
from phbportal.gateways.caseload_file import Caseload, caseload_of
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.services.bringing_in import Brought, Given, Whole
from phbportal.services.caseload_import import decide_caseload, write_caseload
from phbportal.services.caseload_opening import draw_references
from phbportal.services.ledger import reverse_many
from phbportal.services.many_rows import is_among, parts_of, update_many
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb

WHY = "Brought in by mistake and taken back"
STAYS = frozenset({"ledger_journal", "phb", "stream", "person", "organisation", "eligibility", "payee_account"})


def read_caseload_table(whole: Whole, today: date) -> Caseload:
    """A caseload out of a table under our own columns."""
    return caseload_of(whole.taken(), today=today)


def bring_in_caseload_table(uow: UnitOfWork, given: Given) -> Brought:
    """Bring in a caseload that one person prepared and another agreed to, or say what would become of its rows."""
    caseload = given.taken()
    if uow.actor.icb_id is None or not isinstance(caseload, Caseload):
        raise NotAllowed("You do not act for a board.")
    board = uow.session.get_one(Organisation, uow.actor.icb_id)
    ready = decide_caseload(uow, caseload, board, given.approver, dry_run=given.dry_run, said=given.decided)
    del caseload  # from here on only what is still to be written is in memory, and less with every budget
    report = ready.report if given.dry_run else write_caseload(uow, ready, board, given.approver)
    notes = [note.reason for note in report.notes if not note.row]
    return Brought(report.came, report.made, " ".join(notes), report.new)


def take_back_caseload(uow: UnitOfWork, made: Mapping[str, Sequence[UUID]]) -> frozenset[str]:
    """Reverse what a caseload posted, close its budgets, and free its numbers. Asks the leave of the second person."""
    board = uow.actor.icb_id
    uow.require(Permission.CASELOAD_APPROVE, Subject(icbs=frozenset({board}) if board else frozenset()))
    entries = sorted(made.get("ledger_journal", ()), reverse=True)  # what was set aside last is let go first
    reverse_many(uow, entries, key=lambda entry: f"taken-back:{entry}", reason=WHY)
    _close_budgets(uow, made.get("phb", ()))
    stamp = {"updated_at": uow.now, "updated_by": uow.actor.user_id}
    for part in parts_of(made.get("stream", ())):
        uow.session.execute(
            update(Stream).where(col(Stream.id).in_(part)).values(status=StreamStatus.CLOSED.value, **stamp)
        )
    for part in parts_of(made.get("payee_account", ())):
        closed = update(PayeeAccount).where(col(PayeeAccount.id).in_(part))
        uow.session.execute(closed.values(status=AccountStatus.CLOSED.value, **stamp))
    for part in parts_of(made.get("person", ())):
        uow.session.execute(
            update(Person).where(col(Person.id).in_(part)).values(nhs_number=None, local_reference=None, **stamp)
        )
    return STAYS


def _close_budgets(uow: UnitOfWork, phb_ids: Sequence[UUID]) -> None:
    """Close budgets, each under a new reference: the one it had is free for the right file."""
    references = draw_references(uow, [], len(phb_ids))
    stamp = {"updated_at": uow.now, "updated_by": uow.actor.user_id}
    closed = {"status": PhbStatus.CLOSED.value, "end_reason": "Taken back", "case_manager_id": None, **stamp}
    for part in parts_of(sorted(phb_ids)):
        budgets = select(col(Phb.id), col(Phb.opened_on), col(Phb.row_version)).where(
            is_among(uow.session, col(Phb.id), part)
        )
        rows = uow.session.execute(budgets.order_by(col(Phb.id)).with_for_update()).all()
        changed = [
            {
                "id": row.id, "ended_on": max(uow.today, row.opened_on), "reference": next(references),
                "row_version": row.row_version + 1, **closed,
            }
            for row in rows
        ]  # fmt: skip
        update_many(uow.session, Phb, changed)
