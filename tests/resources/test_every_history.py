"""Every row that a service made can say what happened to it, in sentences, with what changed before and after.

Nothing here names a service: one that writes and says of which row leaves that row without a history in the demo
world, and is found here by its table.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlmodel import SQLModel, col

from phbportal.admin.history import told
from phbportal.admin.resource import Resource
from phbportal.db import make_engine
from phbportal.demo.build import build
from phbportal.domain.roles import Role
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.queries.scope import visible
from phbportal.resources.everything import RESOURCES
from phbportal.services import unit_of_work
from phbportal.services.following import follow
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.tables.audit import AccessEvent, AuditEvent
from phbportal.tables.budgets import PayeeAccount
from phbportal.tables.ledger import LedgerJournal
from phbportal.tables.notes import Note
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Plan
from phbportal.tables.uplifts import UpliftItem
from tests.support.demo import ISSUER, staff

# Tables whose rows have no history of their own, and why.
TELLS_NOTHING: dict[type[SQLModel], str] = {
    AuditEvent: "is the history",
    AccessEvent: "is a look, which is never changed",
    LedgerJournal: "is itself what happened to some money; it is never changed, and names its payment",
    Note: "its history is that of the row it stands on: it is never changed, only put right by another",
    Organisation: "comes from the national directories, as a whole; the file is told, not its lines",
    UpliftItem: "is made by the thousand with its uplift, which tells so; what happens to one later it tells itself",
}
EVERY = pytest.mark.parametrize(
    "resource", [one for one in RESOURCES if one.table not in TELLS_NOTHING], ids=lambda one: one.code
)


@pytest.fixture(scope="module")
def demo(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The demo world: made by services alone, each called as somebody who may."""
    engine = make_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path_factory.mktemp('demo') / 'demo.sqlite3')}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unit_of_work, "follow", _followed)
        assert build(engine, ISSUER)
    yield engine
    engine.dispose()


UNTOLD: set[tuple[type[SQLModel], str]] = set()
"""What acts of the demo world changed of which tables, that neither they nor what follows told."""


def _followed(uow: UnitOfWork) -> None:
    follow(uow)
    for row, is_new in uow.unsaid.left():
        UNTOLD.update((type(row), "" if is_new else name) for name in _changed(uow, row))


def _changed(uow: UnitOfWork, row: Any) -> list[str]:
    return sorted(uow.unsaid.said(row)) or [""]


def without_history(uow: UnitOfWork, table: Any) -> list[Any]:
    said = select(col(AuditEvent.about_id)).where(col(AuditEvent.about_id) == table.id)
    return list(uow.session.execute(select(table).where(~said.exists())).scalars())


@EVERY
def test_every_row_that_a_service_made_says_what_happened_to_it(demo: Engine, resource: Resource) -> None:
    with open_unit(demo, SYSTEM, writes=False) as uow:
        silent = without_history(uow, resource.table)
        assert silent == [], (
            f"nothing is told of {len(silent)} rows of {resource.many}: give about= to uow.record in the service that "
            "makes them, add their table to services/following.py, or say in TELLS_NOTHING why they have no history"
        )


# What is changed and told elsewhere, and where.
TOLD_ELSEWHERE: dict[tuple[type[SQLModel], str], str] = {
    (Phb, "status"): "moves with its plan, its payments and its arrangements, which its own page tells",
    (Phb, "ended_on"): "moves with a declined offer, a decision or its ending, each of which tells itself",
    (Phb, "end_reason"): "moves with a declined offer, a decision or its ending, each of which tells itself",
    (Person, "lacks_capacity"): "moves with an assessment of capacity, which tells itself",
    (Person, "sign_in_on"): "the demo world itself lets people sign in with whom it begins",
}


def test_nothing_of_a_resource_s_rows_is_changed_and_not_told(demo: Engine) -> None:
    tables = {one.table for one in RESOURCES} - set(TELLS_NOTHING)
    assert {one for one in UNTOLD if one[0] in tables} == set(TOLD_ELSEWHERE)


def readers(engine: Engine, resource: Resource) -> list[Actor]:
    """Those of the first board who may read both the rows and their history."""
    people = [
        staff(engine, "case.manager", Role.CASE_MANAGER), staff(engine, "approver", Role.APPROVER),
        staff(engine, "yasmin", Role.AUDITOR),
    ]  # fmt: skip
    wanted = (resource.read, Permission.HISTORY_READ)
    return [one for one in people if all(could_ever(one, permission) for permission in wanted)]


@EVERY
def test_every_history_can_be_told_to_whoever_may_read_it(demo: Engine, resource: Resource) -> None:
    table: Any = resource.table
    for actor in readers(demo, resource):
        with open_unit(demo, actor, writes=False) as uow:
            ids = list(uow.session.execute(select(table.id).where(visible(actor, table, uow.today))).scalars())
            for row_id in ids:
                lines, _newer, _older = told(uow.session, uow.actor, uow.today, resource, row_id)
                assert lines, f"{actor.role} is told nothing of a row they may read"
                assert not any("{" in line.sentence or "None" in "".join(line.changes) for line in lines)


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("plans", "Status: from “Draft” to “Waiting for clinical sign-off”."),
        ("streams", "Status: from “Proposed” to “Agreed”."),
        ("budget-versions", "Status: from “Draft” to “Sent for sign-off”."),
        ("payments", "Status: from “Waiting to be confirmed” to “Paid”."),
        ("accounts", "Status: from “Waiting for a second person” to “Approved”."),
        ("agreements", "Status: from “Waiting for signatures” to “Signed by all three”."),
    ],
)
def test_what_changed_is_told_with_what_was_before(demo: Engine, code: str, change: str) -> None:
    resource = next(one for one in RESOURCES if one.code == code)
    table: Any = resource.table
    actor = staff(demo, "yasmin", Role.AUDITOR)
    found: set[str] = set()
    with open_unit(demo, actor, writes=False) as uow:
        for row_id in uow.session.execute(select(table.id).where(visible(actor, table, uow.today))).scalars().all():
            for line in told(uow.session, uow.actor, uow.today, resource, row_id)[0]:
                found |= set(line.changes)
    assert change in found, sorted(found)


def test_history_holds_nobody_s_own_words_and_no_whole_account(demo: Engine) -> None:
    """What is told of a change by itself are codes, amounts, days and ids (audit_event.details holds no free text)."""
    with open_unit(demo, SYSTEM, writes=False) as uow:
        details = "\n".join(uow.session.execute(select(col(AuditEvent.details))).scalars())
        words = [w for row in uow.session.execute(select(Plan)).scalars()
                 for w in (row.about_me, row.what_matters, row.contingency, row.return_reason) if w]  # fmt: skip
        numbers = [row.account_number for row in uow.session.execute(select(PayeeAccount)).scalars()]
    assert words
    assert numbers
    assert not [one for one in (*words, *numbers) if one in details]
