"""Which kinds of account a stream can be paid into (regulation 10, T16): asked when bank details are entered, approved
and paid into. Asks no leave: whoever calls it has."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select, true
from sqlmodel import col

from phbportal.domain.account_kinds import AccountKind, AccountStream, account_kind_problem
from phbportal.domain.errors import Refusal
from phbportal.domain.periods import financial_year
from phbportal.domain.streams import Frequency, Method, StreamStatus
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.phbs import Phb


def check_kind(
    uow: UnitOfWork, stream: Stream, kind: AccountKind, keeper: UUID | None, *, on: date, agreed: bool = False
) -> None:  # fmt: skip
    """Refuse a kind of account that this stream cannot be paid into. ``on`` is a day of the year that is asked about:
    an ordinary account is for the one direct payment of a year. ``agreed`` leaves out what is only proposed."""
    others = _other_streams(uow, stream, on, agreed) if kind is AccountKind.ORDINARY_ONE_OFF else 0
    fact = AccountStream(Method(stream.method), Frequency(stream.frequency), stream.weekly_pence, others)
    if problem := account_kind_problem(kind, fact, has_organisation=keeper is not None):
        raise Refusal(problem)


def check_paid_into(uow: UnitOfWork, stream: Stream, on: date) -> None:
    """Refuse a payment on a day into an account that fitted when it was approved and does not any more."""
    account = uow.session.get(PayeeAccount, stream.account_id) if stream.account_id else None
    if account is not None and account.kind == AccountKind.ORDINARY_ONE_OFF:
        day = max(on, stream.starts_on)
        check_kind(uow, stream, AccountKind(account.kind), account.organisation_id, on=day, agreed=True)


def _other_streams(uow: UnitOfWork, stream: Stream, on: date, agreed: bool) -> int:
    """The person's other direct payments in the financial year of a day; ``agreed``: that are agreed."""
    first, last = financial_year(on)
    person = select(col(Phb.person_id)).where(col(Phb.id) == stream.phb_id).scalar_subquery()
    theirs = select(func.count()).select_from(Stream).join(Phb, col(Phb.id) == col(Stream.phb_id)).where(
        col(Phb.person_id) == person, col(Stream.id) != stream.id,
        col(Stream.method) == Method.DIRECT_PAYMENT.value, col(Stream.starts_on) <= last,
        or_(col(Stream.ends_on).is_(None), col(Stream.ends_on) >= first),
        col(Stream.status).not_in([StreamStatus.CLOSED.value, StreamStatus.WINDING_DOWN.value])
        | (col(Stream.first_payment_on) >= first),
        col(Stream.status) != StreamStatus.PROPOSED.value if agreed else true(),
    )  # fmt: skip
    return uow.session.execute(theirs).scalar_one()
