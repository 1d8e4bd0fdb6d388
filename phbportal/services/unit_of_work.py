"""One event, one unit of work, one transaction: holds the only commit.

``open_unit`` reads who is asking as the first statement of the transaction, runs the body, writes what it
recorded, commits once. A refusal inside the body rolls everything back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Engine, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, col

from phbportal.db import connect, hold_still, look_through
from phbportal.domain.clock import LONDON as LONDON
from phbportal.domain.clock import london_date as london_date
from phbportal.domain.errors import Conflict, NotAllowed, NotFound, Refusal
from phbportal.domain.roles import Role
from phbportal.policy.actors import Actor, Subject
from phbportal.policy.decide import Decision, decide
from phbportal.policy.permissions import Permission
from phbportal.queries.scope import READ, visible
from phbportal.services.following import follow
from phbportal.services.subjects import subject_of
from phbportal.services.unsaid import Unsaid
from phbportal.tables.audit import AuditEvent
from phbportal.tables.base import Record, Row, new_id
from phbportal.tables.phbs import Phb
from phbportal.tables.settings import Submission

# What SQLite and PostgreSQL call a second row with a unique value, and a lock that was not to be had.
_TWICE = frozenset({1555, 2067, "23505"})
_BUSY = frozenset({5, 6, "40001", "40P01", "55P03"})
R = TypeVar("R", bound=Row)
_INSERT_LOOKS = insert(SQLModel.metadata.tables["access_event"])


@dataclass
class UnitOfWork:
    """What a service is given: a session, who is asking, and when."""

    session: Session
    actor: Actor
    now: datetime
    looks: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    # Done last, just before the commit: what many transactions write to and none may hold for long.
    last_acts: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])
    unsaid: Unsaid = field(default_factory=Unsaid)

    @cached_property
    def today(self) -> date:
        """The date in London."""
        return london_date(self.now)

    def find(self, table: type[R], row_id: UUID, *, lock: bool = False) -> R:
        """A row in the actor's sight, locked if it is to be decided; out of sight reads as not found.

        What belongs to a budget is locked after the budget itself: ``hold_budgets``.
        """
        statement = select(table).where(col(table.id) == row_id, visible(self.actor, table, self.today))
        if lock:
            if "phb_id" in table.model_fields:
                its = select(table.__dict__["phb_id"]).where(col(table.id) == row_id)
                self.hold_budgets(col(Phb.id) == its.scalar_subquery())
            # Not the key: whoever writes a row that only names this one need not wait (ADR 0040).
            statement = statement.with_for_update(of=table, key_share=True)
            statement = statement.execution_options(populate_existing=True)
        row = self.session.execute(statement).scalar_one_or_none()
        if row is None:
            raise NotFound()
        return row

    def hold_budgets(self, *which: ColumnElement[bool]) -> None:
        """Lock budgets before anything that belongs to them, in the order of their ids: the one order in which every
        act locks (person, budget, whoever acts, what belongs to the budget, accounts), so that no two wait for each
        other (ADR 0040). SQLite has one writer at a time."""
        if self.session.get_bind().dialect.name == "postgresql":
            held = select(col(Phb.id)).where(*which).order_by(col(Phb.id))
            self.session.execute(held.with_for_update(key_share=True))

    def decide(self, permission: Permission, row: Row | Subject) -> Decision:
        """The decision on a row or subject, without raising."""
        thing = row if isinstance(row, Subject) else subject_of(self.session, row, self.today)
        return decide(self.actor, permission, thing)

    def require(self, permission: Permission, row: Row | Subject) -> None:
        """Raise NotAllowed with the reason unless the actor may do this to this."""
        decision = self.decide(permission, row)
        if not decision.allowed:
            raise NotAllowed(decision.because)

    def add(self, table: type[R], /, **values: Any) -> R:
        """Write a new row, stamped with who and when; it is in the database when this returns."""
        stamp: dict[str, Any] = {"created_at": self.now, "created_by": self.actor.user_id}
        if issubclass(table, Record):
            stamp["updated_at"] = self.now
            stamp["updated_by"] = self.actor.user_id
        row = table(**stamp, **values)
        self.session.add(row)
        self.session.flush()
        self.unsaid.added(row)
        return row

    def change(self, row: Record, /, **values: Any) -> dict[str, tuple[Any, Any]]:
        """Change columns of a row; returns what differed, before and after. Nothing different: nothing written."""
        before = {name: getattr(row, name) for name in values}
        differs = {name: (before[name], value) for name, value in values.items() if before[name] != value}
        if not differs:
            return {}
        for name, (_was, value) in differs.items():
            setattr(row, name, value)
        row.row_version += 1
        row.updated_at = self.now
        row.updated_by = self.actor.user_id
        self.session.flush()
        self.unsaid.changed(row, differs)
        return differs

    def check_version(self, row: Record, seen: int, *, theirs: dict[str, str], mine: dict[str, str]) -> None:
        """Refuse a form that was opened before somebody else changed the row, showing both versions."""
        if row.row_version != seen:
            raise Conflict(
                "Somebody else changed this while you had it open. Compare the two, then save what is right.",
                theirs=theirs, mine=mine, row_version=row.row_version,
            )  # fmt: skip

    def record(
        self, kind: str, *, icb_id: UUID | None = None, phb_id: UUID | None = None, person_id: UUID | None = None,
        about: Row | None = None, **details: Any,
    ) -> None:  # fmt: skip
        """One line of history: a kind of ``domain/history.py`` and its details (codes, amounts, short words).

        ``about`` is the row whose own history it belongs to as well: what was changed of it and may be told is told.
        """
        if about is not None and (held := self.unsaid.said(about)):
            details.setdefault("held", held)
        self.add(
            AuditEvent, kind=kind, icb_id=icb_id or self.actor.icb_id, phb_id=phb_id, person_id=person_id,
            role=self.actor.role.value, session_handle=self.actor.session_handle, about_id=about.id if about else None,
            details=json.dumps(details, default=str, sort_keys=True),
        )  # fmt: skip

    def record_change(
        self, kind: str, row: Row, changed: dict[str, tuple[Any, Any]], *, untold: tuple[str, ...] = (), **more: Any
    ) -> None:
        """One line of history with what each column held before and after, as ``change`` returned it.

        Of the columns in ``untold`` (free text that may be clinical) only that they changed. What is only there to be
        searched by is left out.
        """
        names = sorted(name for name in changed if not name.startswith("search_"))
        told = {name: list(changed[name]) for name in names if name not in untold}
        self.record(kind, about=row, fields=names, held=told, **more)

    def saw(
        self, page: str, *, person_id: UUID | None = None, phb_id: UUID | None = None, rows: int = 1,
        icb_id: UUID | None = None,
    ) -> None:  # fmt: skip
        """Note that a member of staff looked, or somebody of an organisation (invariant I33); written with the commit.

        ``icb_id`` is the board whose auditors see the look, for whoever has no board of their own.
        """
        if not self.actor.is_staff and self.actor.role is not Role.PROVIDER:
            return
        self.looks.append(
            {
                "id": new_id(), "created_at": self.now, "created_by": self.actor.user_id,
                "user_id": self.actor.user_id, "role": self.actor.role.value, "icb_id": self.actor.icb_id or icb_id,
                "person_id": person_id, "phb_id": phb_id, "page": page, "rows_shown": rows,
                "break_glass_id": self.actor.break_glass_id,
            }
        )  # fmt: skip

    def once(self, kind: str, key: str, content: dict[str, Any], act: Callable[[], str]) -> str:
        """Do ``act`` once per key: a second send returns the first result; other content under the key is refused."""
        digest = hashlib.sha256(json.dumps(content, default=str, sort_keys=True).encode()).hexdigest()
        full_key = f"{kind}:{self.actor.user_id}:{key}"
        earlier = self.session.execute(select(Submission).where(col(Submission.key) == full_key)).scalar_one_or_none()
        if earlier is not None:
            if earlier.content_hash != digest:
                raise Refusal("This form was already sent with other answers. Reload the page to see what was saved.")
            return earlier.result
        # The key is claimed before the act: of two at once the second waits here, then fails on the unique key.
        claim = self.add(
            Submission, key=full_key, user_id=self.actor.user_id, kind=kind, content_hash=digest, result=""
        )
        claim.result = act()
        self.session.flush()
        return claim.result


@contextmanager
def open_unit(
    engine: Engine, who: Actor | Callable[[Session, datetime], Actor], *, writes: bool, now: datetime | None = None
) -> Generator[UnitOfWork]:
    """Open, authenticate, run, commit once. ``who`` is an actor, or reads one from the session's own rows.

    Losing a race with somebody else is a Refusal in words, and nothing is saved; any other fault of the database
    is raised as it is.
    """
    moment = now or datetime.now(UTC)
    try:
        with connect(engine, writes=writes) as connection:
            with Session(connection, expire_on_commit=False, autoflush=False) as session:
                actor = who if isinstance(who, Actor) else who(session, moment)
                uow = UnitOfWork(session, actor, moment)
                yield uow
                _finish(uow, connection, writes)
    except DBAPIError as error:
        refusal = _lost_race(error)
        if refusal is None:
            raise
        # Not "from error": its text holds the values of the row, which may be personal, and refusals are logged.
        raise refusal from None


def rows_come_one_by_one(session: Session) -> None:
    """To be said by a reader before it streams: what is read so stands only within a transaction."""
    hold_still(session.connection())


def many_were_written(engine: Engine) -> None:
    """To be said after the commit of what may be very many rows: lists are as quick at once as they will be."""
    look_through(engine)


def _lost_race(error: DBAPIError) -> Refusal | None:
    """The sentence for a person who was a moment too late, or None for a fault of another kind."""
    code: object = getattr(error.orig, "sqlite_errorcode", None) or getattr(error.orig, "sqlstate", None)
    if code in _TWICE:
        return Refusal("Somebody else saved the same thing at the same moment. Reload the page to see what was saved.")
    if (code & 0xFF if isinstance(code, int) else code) in _BUSY:
        return Refusal("Somebody else is changing the same record. Nothing was saved. Wait a moment and try again.")
    return None


def _finish(uow: UnitOfWork, connection: Connection, writes: bool) -> None:
    """The only commit. A reader's access rows go in a short writing transaction of their own on SQLite,
    where a reading transaction that turns to writing can be refused the lock."""
    for act in uow.last_acts:
        act()
    follow(uow)
    if uow.looks and not writes and connection.dialect.name == "sqlite":
        uow.session.rollback()
        connection.execution_options(phb_writes=True)
    if uow.looks:
        # Through the session, whose transaction is the one that is committed: after the rollback above a statement
        # on the connection itself would begin another, and be lost with it.
        # One by itself: many at once go another way in the driver, which for one takes longer.
        looks = uow.looks[0] if len(uow.looks) == 1 else uow.looks
        uow.session.connection().execute(_INSERT_LOOKS, looks)
    uow.session.commit()


def scoped_tables() -> list[type[SQLModel]]:
    """Every table that has a scope."""
    return list(READ)
