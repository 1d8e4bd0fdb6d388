"""One queue of all that waits for a second signature: changes, roles and bank details, each led to its own page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import label, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.change_requests import STATUS_WORDS, SUBJECT_WORDS, ChangeStatus
from phbportal.domain.identifiers import last_four
from phbportal.domain.moments import london_day, show_moment
from phbportal.domain.role_grants import KIND_WORDS, GrantKind, GrantStatus
from phbportal.domain.streams import AccountStatus
from phbportal.policy.actors import Actor, Subject
from phbportal.policy.decide import could_ever, decide
from phbportal.policy.permissions import Permission
from phbportal.queries.change_requests import MOST_READ, may_decide, waiting
from phbportal.queries.names import NOBODY, names_of
from phbportal.queries.scope import visible
from phbportal.queries.work_items import MOST, about, waited, whose
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.change_requests import ChangeRequest
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.role_grants import RoleGrant
from phbportal.tables.users import User

LATELY_DAYS = 28
SHOWN = 25


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One thing that waits, as text: what, its kind, who proposed it when, and how long it has waited."""

    what: str
    href: str
    kind: str
    proposed: str
    waits: str


@dataclass(frozen=True, slots=True)
class DecidedRow:
    """One change that was decided or withdrawn, as text."""

    what: str
    href: str
    proposed: str
    status: str
    decided: str


@dataclass(frozen=True, slots=True)
class Queue:
    """What the actor may decide, what of theirs waits for somebody else, and what was decided lately."""

    to_decide: tuple[QueueRow, ...]
    mine: tuple[QueueRow, ...]
    decided: tuple[DecidedRow, ...]
    more: str


@dataclass(frozen=True, slots=True)
class _Waiting:
    """One thing that waits, before it is told: who proposed it, whether the actor may decide it."""

    at: datetime
    what: str
    href: str
    kind: str
    by: str
    proposed_by: UUID | None
    decidable: bool

    def row(self, today: date) -> QueueRow:
        """As it is read."""
        since = waited(london_day(self.at), today)
        return QueueRow(self.what, self.href, self.kind, f"{self.by}, {show_moment(self.at)}", since)


def queue(session: Session, actor: Actor, today: date, now: datetime) -> Queue:
    """All that waits for a second person and concerns the actor, the oldest first. Five statements at most."""
    found = [*_changes(session, actor, today), *_roles(session, actor, today), *_accounts(session, actor, today)]
    found.sort(key=lambda one: one.at)
    to_decide = [one.row(today) for one in found if one.decidable]
    mine = [one.row(today) for one in found if one.proposed_by == actor.user_id]
    more = f"Only the first {MOST} are shown." if max(len(to_decide), len(mine)) > MOST else ""
    return Queue(tuple(to_decide[:MOST]), tuple(mine[:MOST]), _decided(session, actor, today, now), more)


def _changes(session: Session, actor: Actor, today: date) -> Iterable[_Waiting]:
    for request, by in session.execute(waiting(actor, today).limit(MOST_READ)):
        yield _Waiting(
            request.created_at, request.title, routes.staff_change(request.id),
            SUBJECT_WORDS.get(request.subject, "Change"), by or NOBODY,
            request.proposed_by, may_decide(actor, request).allowed,
        )  # fmt: skip


def _roles(session: Session, actor: Actor, today: date) -> Iterable[_Waiting]:
    """Proposed roles keep their own rows and their own page."""
    g = RoleGrant
    if not could_ever(actor, Permission.ROLE_GRANT_READ):
        return
    rows = session.execute(
        select(g, col(User.display_name))
        .outerjoin(User, col(User.id) == col(g.proposed_by))
        .where(visible(actor, g, today), col(g.status) == GrantStatus.PROPOSED.value)
        .order_by(col(g.id))
        .limit(MOST_READ)
    )
    for grant, by in rows:
        subject = Subject(
            icbs=frozenset({grant.icb_id}), user_id=grant.user_id, made_by=frozenset({grant.proposed_by})
        )  # fmt: skip
        yield _Waiting(
            grant.created_at, f"{KIND_WORDS[GrantKind(grant.kind)]}: {grant.display_name}",
            routes.staff_role_grant(grant.id), "Role", by or NOBODY, grant.proposed_by,
            decide(actor, Permission.ROLE_GRANT_DECIDE, subject).allowed,
        )  # fmt: skip


def _accounts(session: Session, actor: Actor, today: date) -> Iterable[_Waiting]:
    """Bank details keep their own rows and their own page: that of the stream they are for."""
    a = PayeeAccount
    if not (could_ever(actor, Permission.ACCOUNT_APPROVE) or could_ever(actor, Permission.ACCOUNT_PROPOSE)):
        return
    rows = session.execute(
        select(
            col(a.created_at), col(a.icb_id), col(a.account_number), col(a.proposed_by), col(Phb.reference),
            label("stream", col(Stream.id)), col(Person.given_name), col(Person.family_name), col(User.display_name),
        )
        .join(Phb, col(Phb.id) == col(a.phb_id))
        .join(Stream, col(Stream.account_id) == col(a.id))
        .outerjoin(User, col(User.id) == col(a.proposed_by))
        .outerjoin(Person, whose(actor, today))
        .where(visible(actor, a, today), col(a.status) == AccountStatus.PROPOSED.value)
        .order_by(col(a.id))
        .limit(MOST_READ)
    )  # fmt: skip
    for row in rows:
        subject = Subject(
            icbs=frozenset({row.icb_id}), made_by=frozenset({row.proposed_by} if row.proposed_by else ())
        )  # fmt: skip
        yield _Waiting(
            row.created_at,
            f"Bank details for {about(row.given_name, row.family_name)}, ending {last_four(row.account_number)}",
            routes.of_phb(routes.STAFF_MONEY_ACCOUNT, row.reference, stream=str(row.stream)), "Bank details",
            row.display_name or NOBODY, row.proposed_by,
            decide(actor, Permission.ACCOUNT_APPROVE, subject).allowed,
        )  # fmt: skip


def _decided(session: Session, actor: Actor, today: date, now: datetime) -> tuple[DecidedRow, ...]:
    """The latest changes that were approved, returned or withdrawn. Two statements."""
    c = ChangeRequest
    rows: list[Any] = list(
        session.execute(
            select(c)
            .where(
                visible(actor, c, today), col(c.status) != ChangeStatus.PROPOSED.value,
                col(c.updated_at) >= now - timedelta(days=LATELY_DAYS),
            )
            .order_by(col(c.updated_at).desc(), col(c.id))
            .limit(SHOWN)
        ).scalars()
    )  # fmt: skip
    names = names_of(session, [who for one in rows for who in (one.proposed_by, one.decided_by or one.proposed_by)])
    return tuple(
        DecidedRow(
            one.title, routes.staff_change(one.id), names.of(one.proposed_by), STATUS_WORDS[ChangeStatus(one.status)],
            f"{names.of(one.decided_by or one.proposed_by)}, {show_moment(one.updated_at)}",
        )
        for one in rows
    )  # fmt: skip
