"""Opening budgets from a caseload: the budget, its streams, bank details, reviews and tasks, and the money.

The budget version is of kind OPENING: exempt from lines and a costed plan, prepared by one person and approved by
another. It begins on the day it is brought in, and of each stream after the last day already paid for, so that nothing
that was paid before is set aside again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.budgets import BudgetKind, BudgetStatus, StreamAmount, year_commitment
from phbportal.domain.eligibility import right_of
from phbportal.domain.identifiers import format_phb_reference, last_four, parse_phb_reference
from phbportal.domain.ledger import Journal, Posting, Verb, held, outside
from phbportal.domain.periods import financial_year, monthly_pay, months_after
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.roles import Role
from phbportal.domain.streams import PAYEE_WORDS, AccountStatus, Frequency, Method, PayeeKind, StreamStatus
from phbportal.gateways.caseload_file import CaseRow
from phbportal.policy.actors import Actor
from phbportal.services.approvals import allocation
from phbportal.services.caseload_budgets import NewBudget
from phbportal.services.caseload_known import SOURCE
from phbportal.services.caseload_providers import Providers, provider_of
from phbportal.services.ledger import Entry, FirstEntries
from phbportal.services.monthly_pay import kept_with_each
from phbportal.services.new_rows import NewRows
from phbportal.services.policies import whole_setting
from phbportal.services.references import next_number
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.tables.budgets import BudgetVersion, PayeeAccount, Stream
from phbportal.tables.eligibility import Eligibility
from phbportal.tables.organisations import Organisation
from phbportal.tables.phbs import Phb, ReferenceCounter, Review, Task

TO_DO_DAYS = 28
_STOPPED: dict[PhbStatus | None, StreamStatus] = {
    PhbStatus.SUSPENDED: StreamStatus.SUSPENDED, PhbStatus.STOPPING: StreamStatus.STOPPING,
    PhbStatus.CLOSING: StreamStatus.WINDING_DOWN, PhbStatus.CLOSED: StreamStatus.CLOSED,
}  # fmt: skip
FIRST_REVIEW_DAYS = 183
"""A review held in the first half year was the first; a later one was a yearly one."""


@dataclass(frozen=True, slots=True)
class Money:
    """What is posted for a new budget; each row of the file with its stream."""

    phb_id: UUID
    version_id: UUID
    starts_on: date
    rows: list[tuple[CaseRow, UUID]]


@dataclass
class Opening:
    """One bringing-in: what every new row needs to know. Made before the first row of it is written behind."""

    uow: UnitOfWork
    board: Organisation
    approver: Actor
    new: NewRows
    providers: Providers
    eligibility: dict[tuple[UUID, str, date], UUID]
    """By person, cohort and first day; of the people the portal knows."""
    references: Iterator[str]
    recorded: dict[tuple[UUID, str, date], UUID] = field(default_factory=dict[tuple[UUID, str, date], UUID])
    """The same of the one person whose budgets are being opened."""

    def __post_init__(self) -> None:
        self.review_months = {
            last_known: whole_setting(self.uow, self.board.id, name)
            for last_known, name in ((True, "review_next_months"), (False, "review_first_months"))
        }
        self.ledger = FirstEntries(self.uow, self.new, (outside("icb", self.board.id), outside("opening")))
        self.monthly_of = kept_with_each(self.uow, self.board.id)

    def task(self, phb_id: UUID, person_id: UUID, kind: str, sentence: str) -> None:
        """Something for the case manager to do within four weeks."""
        self.new.put(
            Task, icb_id=self.board.id, kind=kind, role=Role.CASE_MANAGER.value, phb_id=phb_id, person_id=person_id,
            sentence=sentence[:300], due_on=self.uow.today + timedelta(days=TO_DO_DAYS),
        )  # fmt: skip


def draw_references(uow: UnitOfWork, given: list[str], needed: int) -> Iterator[str]:
    """So many new references, in one go; and none of those a file gives is ever given again.

    On PostgreSQL in a short unit of its own, or nobody could open a budget until the whole file is in: a file that then
    is not brought in leaves a gap. SQLite has one writer at a time as it is.
    """
    bind = uow.session.get_bind()
    if bind.dialect.name == "postgresql":
        with open_unit(bind.engine, uow.actor, writes=True, now=uow.now) as short:
            return _draw(short, given, needed)
    return _draw(uow, given, needed)


def _draw(uow: UnitOfWork, given: list[str], needed: int) -> Iterator[str]:
    highest: dict[int, int] = {}
    for year, number in map(parse_phb_reference, given):
        highest[year] = max(number, highest.get(year, 0))
    for year, number in sorted(highest.items()):
        _move_counter(uow, year, beyond=number)
    first = 1 + _move_counter(uow, uow.today.year, by=needed)
    return iter([format_phb_reference(uow.today.year, number) for number in range(first, first + needed)])


def _move_counter(uow: UnitOfWork, year: int, *, by: int = 0, beyond: int = 0) -> int:
    """Move the counter of a year on, holding it until the unit commits. Returns the last number before."""
    series = f"PHB-{year}"
    last = next_number(uow, series) - 1
    counter = uow.session.execute(select(ReferenceCounter).where(col(ReferenceCounter.series) == series)).scalar_one()
    counter.last_number = max(last + by, beyond)
    uow.session.flush()
    return last


def open_budget(opening: Opening, match: NewBudget) -> None:
    """Put together the rows of one new budget of a person. The budgets of a person come one after the other."""
    person_id = match.person.id
    first, uow, board = match.first, opening.uow, opening.board.id
    live = first.phb_started_on <= uow.today
    status = first.phb_status or (PhbStatus.ACTIVE if live else PhbStatus.SETUP)
    reference = first.phb_reference or next(opening.references)
    paid = [row.first_payment_on for row in match.rows if row.first_payment_on and row.first_payment_on <= uow.today]
    starts_on = max(uow.today, first.phb_started_on)
    phb_id = opening.new.put(
        Phb, reference=reference, icb_id=board, person_id=person_id,
        eligibility_id=_eligibility(opening, first, person_id), cohort=first.cohort.value, kind=first.phb_kind.value,
        status=status.value, case_manager_id=match.case_manager_id, opened_on=first.phb_started_on,
        live_on=min(paid, default=first.phb_started_on) if live and status is not PhbStatus.SETUP else None,
        ended_on=first.phb_ended_on if status is PhbStatus.CLOSED else None,
    )  # fmt: skip
    amounts: dict[str, Any] = {
        "weekly_pence": sum(row.weekly_amount_pence for row in match.rows),
        "one_off_pence": sum(row.one_off_amount_pence for row in match.rows),
    }
    version_id = opening.new.put(
        BudgetVersion, phb_id=phb_id, icb_id=board, version=1, kind=BudgetKind.OPENING.value,
        status=BudgetStatus.APPROVED.value, starts_on=starts_on, prepared_by=uow.actor.user_id,
        approved_by=opening.approver.user_id, approved_at=uow.now, **amounts,
    )  # fmt: skip
    streams = [_stream(opening, row, phb_id, person_id) for row in match.rows]
    money = Money(phb_id, version_id, starts_on, list(zip(match.rows, streams, strict=True)))
    if entries := _entries(opening, money):
        opening.ledger.post(entries)
    _reviews(opening, match.rows, phb_id)
    _tasks(opening, match.rows, phb_id, person_id, reference)
    emails = {str(s): row.payee_email for s, row in zip(streams, match.rows, strict=True) if row.payee_email}
    opening.new.record(
        "phb_brought_in", icb_id=board, phb_id=phb_id, person_id=person_id, reference=reference, source=SOURCE,
        approver=opening.approver.display_name, case_manager=match.case_manager_id, emails=emails, about=phb_id,
        **amounts,
    )  # fmt: skip
    opening.new.record("budget_brought_in", about=version_id, icb_id=board, reference=reference)


def _eligibility(opening: Opening, row: CaseRow, person_id: UUID) -> UUID:
    key = (person_id, row.cohort.value, row.eligible_from)
    if key in opening.eligibility:
        return opening.eligibility[key]
    if opening.recorded and next(iter(opening.recorded))[0] != person_id:
        opening.recorded.clear()
    if key not in opening.recorded:
        opening.recorded[key] = opening.new.put(
            Eligibility, person_id=person_id, icb_id=opening.board.id, cohort=row.cohort.value,
            entitlement=right_of(row.cohort).value, decided_on=row.eligible_from, starts_on=row.eligible_from,
        )  # fmt: skip
        opening.new.record("eligibility_recorded", about=opening.recorded[key], icb_id=opening.board.id,
                           person_id=person_id, cohort=row.cohort)  # fmt: skip
    return opening.recorded[key]


def _stream(opening: Opening, row: CaseRow, phb_id: UUID, person_id: UUID) -> UUID:
    uow, board = opening.uow, opening.board.id
    account_id = None
    if row.account_name and row.sort_code and row.account_number:
        kind = "ISF_LEDGER" if row.method is Method.THIRD_PARTY else "OWN_SEPARATE"
        account_id = opening.new.put(
            PayeeAccount, icb_id=board, person_id=person_id, phb_id=phb_id, kind=kind,
            name_on_account=row.account_name, sort_code=row.sort_code, account_number=row.account_number,
            status=AccountStatus.PROPOSED.value, proposed_by=uow.actor.user_id,
        )  # fmt: skip
        opening.new.record(
            "account_proposed",
            about=account_id,
            icb_id=board,
            phb_id=phb_id,
            person_id=person_id,
            ending=last_four(row.account_number),
        )
    started = row.stream_started_on <= uow.today and row.method is not Method.THIRD_PARTY
    stream_id = opening.new.put(
        Stream, phb_id=phb_id, icb_id=board, method=row.method.value, payee_kind=row.payee_kind.value,
        payee_name=row.payee_name or "", account_id=account_id,
        organisation_id=provider_of(uow, opening.providers, row, opening.new, board),
        # An organisation has still to confirm that it holds the money.
        status=_STOPPED.get(row.phb_status, StreamStatus.ACTIVE if started else StreamStatus.AGREED).value,
        ends_on=row.phb_ended_on,
        weekly_pence=row.weekly_amount_pence, one_off_pence=row.one_off_amount_pence,
        starts_on=row.stream_started_on, frequency=_frequency(row).value,
        monthly_pay=opening.monthly_of(_frequency(row), row.stream_started_on),
        # A payment still to come has not been made: the portal will record it.
        first_payment_on=row.first_payment_on if _was_paid(row, uow.today) else None,
        paid_to_on=row.paid_to_on,
    )  # fmt: skip
    opening.new.record("stream_brought_in", about=stream_id, icb_id=board, method=row.method,
                       starts_on=row.stream_started_on)  # fmt: skip
    return stream_id


def _frequency(row: CaseRow) -> Frequency:
    return row.frequency or (Frequency.FOUR_WEEKLY if row.weekly_amount_pence else Frequency.ONCE)


def _was_paid(row: CaseRow, today: date) -> bool:
    return row.first_payment_on is not None and row.first_payment_on <= today


def _reviews(opening: Opening, rows: list[CaseRow], phb_id: UUID) -> None:
    """The review last held and the one next due (I22: 12 months after the last, 3 after the first payment)."""
    board = opening.board.id
    last, due = rows[0].last_review_on, rows[0].next_review_on
    if last:
        first = last - rows[0].phb_started_on <= timedelta(days=FIRST_REVIEW_DAYS)
        opening.new.put(
            Review, phb_id=phb_id, icb_id=board, kind="FIRST" if first else "ANNUAL", due_on=last, held_on=last
        )
    if rows[0].phb_status is PhbStatus.CLOSED:
        return
    if due is None:
        after = last or min(row.first_payment_on for row in rows if row.first_payment_on)
        due = months_after(after, opening.review_months[last is not None])
    opening.new.put(Review, phb_id=phb_id, icb_id=board, kind="ANNUAL" if last else "FIRST", due_on=due)


def _tasks(opening: Opening, rows: list[CaseRow], phb_id: UUID, person_id: UUID, reference: str) -> None:
    def task(kind: str, sentence: str) -> None:
        opening.task(phb_id, person_id, kind, sentence)

    status = rows[0].phb_status
    if status is PhbStatus.CLOSED:
        return
    if status in (PhbStatus.STOPPING, PhbStatus.CLOSING):
        task("close_budget", f"Settle what is left of {reference}: it was brought in while it was ending.")
        return
    if status is PhbStatus.SUSPENDED:
        task("end_suspension", f"Decide when {reference} goes on: it was brought in on hold.")
    task("write_plan", f"Write a plan for {reference}. The budget was brought in without one.")
    if any(row.method is Method.DIRECT_PAYMENT for row in rows):
        task(
            "record_consent",
            f"Record the consent to the direct payment of {reference}, and whether the rules exclude the person. "
            "Nothing more is paid until both are recorded.",
        )
    for row in rows:
        if row.method is Method.THIRD_PARTY:
            name = row.payee_name or row.provider_name or "the organisation"
            task("confirm_organisation", f"Ask {name} to confirm that it holds the money of {reference}. "
                 "Nothing more is paid to it until it has.")  # fmt: skip
        elif row.payee_kind in (PayeeKind.REPRESENTATIVE, PayeeKind.NOMINEE):
            who = PAYEE_WORDS[row.payee_kind].removeprefix("A ")
            task("record_payee", f"Record and check the {who} who is paid the money of {reference}. "
                 "Nothing more is paid to them until that is done.")  # fmt: skip


def _entries(opening: Opening, money: Money) -> list[Entry]:
    """What a new budget posts: the rest of the year is set aside for it, and its payees hold what they held."""
    posted = [_set_aside(opening, money), *(_balance(opening, money.phb_id, row, stream) for row, stream in money.rows)]
    return [entry for entry in posted if entry]


def _set_aside(opening: Opening, money: Money) -> Entry | None:
    """The weekly money from today to 31 March, of each stream after the last day already paid for, and on top of it the
    one-offs still to be paid."""
    today, first = opening.uow.today, money.rows[0][0]
    ended_on = first.phb_ended_on
    if first.phb_status in (PhbStatus.CLOSING, PhbStatus.CLOSED) or (ended_on and ended_on < today):
        return None  # nothing more is paid
    weekly = [
        StreamAmount(
            str(stream),
            row.weekly_amount_pence,
            0,
            row.stream_started_on,
            ended_on,
            monthly_pay(opening.monthly_of(_frequency(row), row.stream_started_on)),
            row.paid_to_on,
        )
        for row, stream in money.rows
    ]
    unpaid = sum(row.one_off_amount_pence for row, _ in money.rows if _one_off_is_owed(row, today, money.starts_on))
    amount = year_commitment(weekly, money.starts_on, from_day=today) + unpaid
    if amount <= 0:
        return None
    board = opening.board.id
    journal = allocation(board, money.phb_id, money.version_id, 1, amount, on=money.starts_on, year_of=money.starts_on)
    return Entry(journal, board, money.rows[0][0].cohort.value)


def _one_off_is_owed(row: CaseRow, today: date, starts_on: date) -> bool:
    """Whether this year's money must hold a one-off: for a payee until the first payment, which carries it; for an
    invoice in the year the stream begins."""
    first, last = financial_year(starts_on)
    if _was_paid(row, today) or row.stream_started_on > last:
        return False
    return row.method is not Method.NOTIONAL or row.stream_started_on >= first


def _balance(opening: Opening, phb_id: UUID, row: CaseRow, stream_id: UUID) -> Entry | None:
    """What the payee held on a day; one who had spent more than was paid owes it the other way round."""
    if not row.balance_pence or row.balance_on is None:
        return None
    source, target = outside("opening"), held(stream_id)
    if row.balance_pence < 0:
        source, target = target, source
    journal = Journal(
        verb=Verb.OPENING, phb_id=phb_id, stream_id=stream_id, effective_on=row.balance_on,
        reference="Opening balance", idempotency_key=f"opening:{stream_id}",
        postings=(Posting(source, target, abs(row.balance_pence)),),
    )  # fmt: skip
    return Entry(journal, opening.board.id, row.cohort.value, row.method.value)
