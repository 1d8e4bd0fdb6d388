"""Taking a stream that was added by mistake out of a draft budget."""

from __future__ import annotations

from uuid import UUID

from phbportal.domain.errors import Refusal
from phbportal.domain.streams import StreamStatus
from phbportal.services.budgets import draft_budget, lines_of, recount
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import Stream


def remove_stream(uow: UnitOfWork, plan_id: UUID, stream_id: UUID) -> None:
    """Take a stream that is only proposed out, with its lines. It is closed before it began, and comes to nothing: what
    was asked about it (offers, bank details) still has something to stand on."""
    plan, budget = draft_budget(uow, plan_id)
    stream = uow.find(Stream, stream_id, lock=True)
    if stream.phb_id != plan.phb_id or stream.status != StreamStatus.PROPOSED:
        raise Refusal("Only a stream that is proposed in this budget can be taken out.")
    for line in lines_of(uow, budget):
        if line.stream_id == stream.id:
            uow.session.delete(line)
    uow.change(stream, status=StreamStatus.CLOSED.value, weekly_pence=0, one_off_pence=0)
    recount(uow, budget)
    uow.record(
        "stream_removed", about=stream, phb_id=plan.phb_id, method=stream.method, starts_on=stream.starts_on
    )  # fmt: skip
