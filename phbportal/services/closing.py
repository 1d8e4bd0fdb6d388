"""Closing a budget: the final return, what is owed, a small rest written off, and the close by somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.endings import balance_problem, check_closable, write_off_problem
from phbportal.domain.errors import Refusal
from phbportal.domain.ledger import Journal, Posting, Verb, available, held, outside
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.plans import PlanStatus
from phbportal.domain.reading import given
from phbportal.domain.streams import StreamStatus
from phbportal.policy.permissions import Permission
from phbportal.queries.endings import settling_of
from phbportal.queries.ledger import Balances, balances_of
from phbportal.services.change_requests import applies
from phbportal.services.ledger import post
from phbportal.services.policies import whole_setting
from phbportal.services.review_setting import drop_reviews
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import Stream
from phbportal.tables.endings import PhbEnding
from phbportal.tables.phbs import Phb, Task
from phbportal.tables.plans import Plan


def record_return(uow: UnitOfWork, ending_id: UUID, values: Mapping[str, Any]) -> None:
    """Record the final return: the day it came, and the balance of the account, which must be what the portal has."""
    ending = uow.find(PhbEnding, ending_id, lock=True)
    uow.require(Permission.ENDING_SETTLE, ending)
    _check_open(ending)
    if values["return_on"] > uow.today or values["return_on"] < ending.ends_on:
        raise Refusal("The final return comes after the end of the budget, and not in the future.", field="return_on")
    balances = balances_of(uow.session, ending.phb_id)
    if problem := balance_problem(values["balance"], _whole(balances)):
        raise Refusal(problem)
    uow.change(ending, return_on=values["return_on"], return_balance_pence=values["balance"])
    uow.record("final_return_recorded", about=ending, phb_id=ending.phb_id, on=values["return_on"],
               balance_pence=values["balance"])  # fmt: skip


def record_liabilities(uow: UnitOfWork, ending_id: UUID, values: Mapping[str, Any]) -> None:
    """Record what the payee still owes others from the money: last wages, notice, holiday, tax. It is not surplus."""
    ending = uow.find(PhbEnding, ending_id, lock=True)
    uow.require(Permission.ENDING_SETTLE, ending)
    _check_open(ending)
    uow.change(ending, liabilities_pence=values["owed"], liabilities_note=values["owed_for"])
    uow.record("liabilities_recorded", about=ending, phb_id=ending.phb_id, amount_pence=values["owed"])


def _write_off(uow: UnitOfWork, ending_id: UUID | None, _values: Mapping[str, Any], _seen: int | None) -> UUID:
    """Let a small rest with the payee go; two people say so (domain.md §9.5). The ledger keeps it as what it is."""
    ending = uow.find(PhbEnding, given(ending_id), lock=True)
    uow.require(Permission.ENDING_SETTLE, ending)
    _check_open(ending)
    if ending.return_on is None:
        raise Refusal("Record the final return first: only what is known to be left can be written off.")
    balances = balances_of(uow.session, ending.phb_id)
    rests = {stream: pence for stream, pence in balances.held_pence.items() if pence > 0}
    most = whole_setting(uow, ending.icb_id, "small_balance_write_off_pence") - ending.written_off_pence
    if problem := write_off_problem(sum(rests.values()), most):
        raise Refusal(problem)
    for stream_id, pence in sorted(rests.items()):
        post(
            uow,
            Journal(
                verb=Verb.TRANSFER, phb_id=ending.phb_id, stream_id=stream_id, effective_on=uow.today,
                reference="Written off", idempotency_key=f"write-off:{ending.id}:{stream_id}:{ending.row_version}",
                postings=(Posting(held(stream_id), outside("written_off"), pence),),
            ),
        )  # fmt: skip
    uow.change(ending, written_off_pence=ending.written_off_pence + sum(rests.values()))
    uow.record("rest_written_off", about=ending, phb_id=ending.phb_id, amount_pence=sum(rests.values()))
    return ending.id


WRITE_OFF = applies(
    "phb-ending", "write-off", what="A write-off", decides=Permission.ENDING_DECIDE, apply=_write_off, table=PhbEnding
)


def close_phb(uow: UnitOfWork, ending_id: UUID, _values: Mapping[str, Any]) -> None:
    """Close a budget of which everything is settled, by somebody who did not begin its end. What was set aside for it
    and never paid goes back to the board."""
    ending = uow.find(PhbEnding, ending_id, lock=True)
    uow.require(Permission.ENDING_CLOSE, ending)
    if ending.taken_back_on is not None:
        raise Refusal("This ending was taken back as a mistake, so there is nothing to close.")
    phb = uow.find(Phb, ending.phb_id, lock=True)
    status = check_closable(PhbStatus(phb.status), settling_of(uow.session, ending))
    left = balances_of(uow.session, phb.id).available_pence
    if left > 0:
        post(
            uow,
            Journal(
                verb=Verb.ALLOCATE, phb_id=phb.id, effective_on=uow.today, reference="Back to the board: it has ended",
                idempotency_key=f"given-back:{ending.id}",
                postings=(Posting(available(phb.id), outside("icb", phb.icb_id), left),),
            ),
        )  # fmt: skip
    for stream in uow.session.execute(select(Stream).where(col(Stream.phb_id) == phb.id)).scalars().all():
        uow.change(stream, status=StreamStatus.CLOSED.value)
    in_force = (PlanStatus.APPROVED.value, PlanStatus.ACTIVE.value)
    plans = select(Plan).where(col(Plan.phb_id) == phb.id, col(Plan.status).in_(in_force))
    for plan in uow.session.execute(plans).scalars().all():
        uow.change(plan, status=PlanStatus.ENDED.value)
    for task in uow.session.execute(
        select(Task).where(col(Task.phb_id) == phb.id, col(Task.done_at).is_(None))
    ).scalars().all():  # fmt: skip
        uow.change(task, done_at=uow.now)
    drop_reviews(uow, phb)
    uow.change(ending, closed_on=uow.today, closed_by=uow.actor.user_id, given_back_pence=max(left, 0))
    uow.change(phb, status=status.value)
    uow.record("phb_closed", about=phb, phb_id=phb.id, person_id=phb.person_id, reference=phb.reference)
    uow.record("ending_closed", about=ending, phb_id=phb.id, person_id=phb.person_id, amount_pence=max(left, 0))


def _whole(balances: Balances) -> int:
    return sum(balances.held_pence.values())


def _check_open(ending: PhbEnding) -> None:
    if ending.taken_back_on is not None:
        raise Refusal("This ending was taken back as a mistake. Reload the page.")
    if ending.closed_on is not None:
        raise Refusal("This budget is closed already. Reload the page.")
