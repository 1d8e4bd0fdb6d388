"""Bank details of a stream: whole for finance, the last four digits for everybody else who may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import label, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.account_kinds import ACCOUNT_KIND_WORDS, AccountKind
from phbportal.domain.identifiers import last_four, show_sort_code
from phbportal.domain.moments import london_day, show_moment
from phbportal.domain.streams import ACCOUNT_STATUS_WORDS, AccountStatus
from phbportal.policy.actors import Actor, Subject
from phbportal.policy.decide import Decision, could_ever, decide
from phbportal.policy.permissions import Permission
from phbportal.queries.names import names_of
from phbportal.queries.scope import visible
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.organisations import Organisation


@dataclass(frozen=True, slots=True)
class AccountView:
    """Bank details as text. ``cooling`` says when they can be paid; ``because`` why the actor may not decide them."""

    shown: bool = False
    name: str = ""
    sort_code: str = ""
    number: str = ""
    status: str = ""
    entered: str = ""
    decided: str = ""
    cooling: str = ""
    may_decide: bool = False
    because: str = ""
    kind: str = ""
    keeper: str = ""


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """The bank details a stream is paid to: their id for the code, and their view."""

    id: UUID
    view: AccountView


def account_of_stream(session: Session, actor: Actor, now: datetime, stream_id: UUID) -> AccountRecord | None:
    """The present bank details of a stream, if it has any and the actor may see them. Two statements."""
    today: date = london_day(now)
    a = PayeeAccount
    row = session.execute(
        select(
            col(a.id), col(a.icb_id), col(a.name_on_account), col(a.sort_code), col(a.account_number), col(a.status),
            col(a.proposed_by), col(a.created_at), col(a.decided_by), col(a.decided_at), col(a.cooling_until),
            col(a.kind), label("keeper", col(Organisation.name)),
        )
        .join(Stream, col(Stream.account_id) == col(a.id))
        .outerjoin(Organisation, col(Organisation.id) == col(a.organisation_id))
        .where(col(Stream.id) == stream_id, visible(actor, Stream, today), visible(actor, a, today))
    ).one_or_none()  # fmt: skip
    if row is None:
        return None
    boards = frozenset({row.icb_id})
    whole = decide(actor, Permission.ACCOUNT_READ_FULL, Subject(icbs=boards)).allowed
    made_by = frozenset({row.proposed_by} if row.proposed_by else ())
    proposed = row.status == AccountStatus.PROPOSED
    decision = decide(actor, Permission.ACCOUNT_APPROVE, Subject(icbs=boards, made_by=made_by))
    names = names_of(session, (row.proposed_by, row.decided_by))
    view = AccountView(
        shown=True,
        name=row.name_on_account if whole else "",
        sort_code=show_sort_code(row.sort_code) if whole else "",
        number=row.account_number if whole else f"Ending {last_four(row.account_number)}",
        status=ACCOUNT_STATUS_WORDS[AccountStatus(row.status)],
        entered=f"{names.of(row.proposed_by)}, {show_moment(row.created_at)}",
        decided=f"{names.of(row.decided_by)}, {show_moment(row.decided_at)}" if row.decided_at else "",
        cooling=_cooling(row.status, row.cooling_until, now),
        may_decide=proposed and decision.allowed,
        because=_because(actor, decision) if proposed else "",
        kind=ACCOUNT_KIND_WORDS[AccountKind(row.kind)],
        keeper=row.keeper or "",
    )
    return AccountRecord(row.id, view)


def _because(actor: Actor, decision: Decision) -> str:
    if decision.allowed or could_ever(actor, Permission.ACCOUNT_APPROVE):
        return decision.because
    return "A finance officer other than whoever entered them must approve these bank details."


def _cooling(status: str, until: datetime | None, now: datetime) -> str:
    if status != AccountStatus.APPROVED or until is None:
        return ""
    if now < until:
        return f"To protect against fraud, nothing can be paid to this account until {show_moment(until)}."
    return "This account can be paid."
