"""Bank details: proposed by one person, approved by another finance officer, then left to cool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain import identifiers
from phbportal.domain.account_kinds import AccountKind
from phbportal.domain.errors import Refusal
from phbportal.domain.isf import OrganisationFact, organisation_problem
from phbportal.domain.reading import Reading, given
from phbportal.domain.streams import AccountStatus, Method, StreamStatus
from phbportal.policy.permissions import Permission
from phbportal.services.account_kinds import check_kind
from phbportal.services.payee_agreements import settle_ready
from phbportal.services.policies import whole_setting
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.organisations import Organisation
from phbportal.tables.phbs import Phb


@dataclass(frozen=True, slots=True)
class AccountEntry:
    name_on_account: str
    sort_code: str
    account_number: str
    kind: AccountKind = AccountKind.OWN_SEPARATE
    organisation_id: UUID | None = None


_WHICH = "Choose what kind of account it is."
_KEEPER = "Find and choose the organisation that keeps the account."


def read_account(form: Mapping[str, object]) -> AccountEntry:
    """Read bank details; the name is at most 18 characters, as BACS takes it (domain.md §4.5). What kind of account it
    is, is asked of direct payments alone."""
    r = Reading(form)
    name = r.text("name_on_account", needed="Enter the name on the account.", longest=18)
    sort = r.take("sort_code", identifiers.sort_code, needed="Enter the sort code.")
    number = r.take("account_number", identifiers.account_number, needed="Enter the account number.")
    kind = r.choice("kind", AccountKind, needed=_WHICH) if r.raw("kind") else AccountKind.OWN_SEPARATE
    if kind is AccountKind.ISF_LEDGER:
        r.problem(_WHICH, "kind")
    managed = kind is AccountKind.MANAGED
    organisation = r.take("organisation", _chosen, needed=_KEEPER) if managed else None
    r.finish()
    return AccountEntry(name, given(sort), given(number), given(kind), organisation)


def _chosen(text: str, *, field: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refusal("Choose one of the organisations found.", field=field) from None


def propose_account(uow: UnitOfWork, stream_id: UUID, entry: AccountEntry) -> UUID:
    """Enter bank details for a stream; nothing is paid to them until another officer approves and they have cooled."""
    stream = uow.find(Stream, stream_id, lock=True)
    uow.require(Permission.ACCOUNT_PROPOSE, stream)
    if stream.method == Method.NOTIONAL:
        raise Refusal("A notional budget is not paid to an account.")
    if stream.status == StreamStatus.CLOSED:
        raise Refusal("This stream is closed, so nothing more is paid by it.")
    if stream.method == Method.THIRD_PARTY and stream.organisation_id is None:
        raise Refusal("Choose the organisation first: the account must be the organisation’s.")
    phb = uow.find(Phb, stream.phb_id)
    kind = AccountKind.ISF_LEDGER if stream.method == Method.THIRD_PARTY else entry.kind
    keeper = _keeper(uow, entry) if kind is AccountKind.MANAGED else None
    check_kind(uow, stream, kind, keeper, on=stream.starts_on)
    account = uow.add(
        PayeeAccount, icb_id=stream.icb_id, person_id=phb.person_id, phb_id=phb.id, kind=kind.value,
        organisation_id=keeper,
        name_on_account=entry.name_on_account, sort_code=entry.sort_code, account_number=entry.account_number,
        status=AccountStatus.PROPOSED.value, proposed_by=uow.actor.user_id,
    )  # fmt: skip
    # What was ready is so no more: it is again when the new details are approved (domain.md §9.4 READY guard).
    ready = stream.method == Method.DIRECT_PAYMENT and stream.status == StreamStatus.READY
    uow.change(stream, account_id=account.id, status=StreamStatus.AGREED.value if ready else stream.status)
    uow.record("account_proposed", about=account, phb_id=phb.id, person_id=phb.person_id,
               ending=identifiers.last_four(entry.account_number))  # fmt: skip
    return account.id


def _keeper(uow: UnitOfWork, entry: AccountEntry) -> UUID | None:
    """The organisation that is to keep a managed account, if it may: independent of the board and the council."""
    if entry.organisation_id is None:
        return None
    found = uow.find(Organisation, entry.organisation_id)
    fact = OrganisationFact(found.kind, found.valid_to, found.gone_from_directory_on)
    if problem := organisation_problem(fact, uow.today):
        raise Refusal(problem)
    return found.id


def approve_account(uow: UnitOfWork, account_id: UUID) -> None:
    """A finance officer other than the one who entered them approves; cooling begins (I11, domain.md §9.5)."""
    account = _decide(uow, account_id)
    _still_fits(uow, account)
    hours = whole_setting(uow, account.icb_id, "bank_change_cooling_hours")
    uow.change(
        account, status=AccountStatus.APPROVED.value, decided_by=uow.actor.user_id, decided_at=uow.now,
        cooling_until=uow.now + timedelta(hours=hours),
    )  # fmt: skip
    paid_by = select(Stream).where(col(Stream.account_id) == account.id)
    for stream in uow.session.execute(paid_by).scalars().all():
        settle_ready(uow, stream)
    uow.record("account_approved", about=account, phb_id=account.phb_id, person_id=account.person_id,
               ending=identifiers.last_four(account.account_number))  # fmt: skip


def _still_fits(uow: UnitOfWork, account: PayeeAccount) -> None:
    """What was entered may not fit any more: another direct payment since, say."""
    for stream in uow.session.execute(select(Stream).where(col(Stream.account_id) == account.id)).scalars().all():
        check_kind(uow, stream, AccountKind(account.kind), account.organisation_id, on=stream.starts_on)


def reject_account(uow: UnitOfWork, account_id: UUID) -> None:
    """A finance officer other than the one who entered them turns bank details down."""
    account = _decide(uow, account_id)
    uow.change(account, status=AccountStatus.REJECTED.value, decided_by=uow.actor.user_id, decided_at=uow.now)
    uow.record("account_rejected", about=account, phb_id=account.phb_id, person_id=account.person_id,
               ending=identifiers.last_four(account.account_number))  # fmt: skip


def _decide(uow: UnitOfWork, account_id: UUID) -> PayeeAccount:
    account = uow.find(PayeeAccount, account_id, lock=True)
    uow.require(Permission.ACCOUNT_APPROVE, account)
    if account.status != AccountStatus.PROPOSED:
        raise Refusal("These bank details have already been decided. Reload the page to see the outcome.")
    return account
