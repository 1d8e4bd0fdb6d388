"""Decisions of one budget that stand upon one another: what is put back when one of them goes."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.decisions import IN_FORCE, DecisionKind
from phbportal.domain.streams import StreamStatus
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.decisions import Decision

HANDED = "handed"


def others(uow: UnitOfWork, decision: Decision) -> list[Decision]:
    """The other decisions of the budget that stand, locked."""
    d = Decision
    found = select(d).where(
        col(d.phb_id) == decision.phb_id, col(d.id) != decision.id,
        col(d.status).in_([status.value for status in IN_FORCE]),
    )  # fmt: skip
    return list(uow.session.execute(found.order_by(col(d.id)).with_for_update(key_share=True)).scalars())


def hand_on(uow: UnitOfWork, decision: Decision, row_id: str, name: str, old: Any, new: Any) -> bool:
    """A later decision found what this one had left: from now on it puts back what was there before."""
    for other in others(uow, decision):
        kept = json.loads(other.before_json or "[]")
        for _table, its_row, before, *_ in kept:
            if its_row == row_id and name in before and before[name] == old:
                before[name] = new
                uow.change(other, before_json=json.dumps(kept))
                return True
    return False


def reduce_from(uow: UnitOfWork, decision: Decision, old: int | None, new: int | None) -> None:
    """A later reduction of the same stream began from another amount than it was told."""
    for other in others(uow, decision):
        if (other.kind, other.stream_id, other.weekly_before_pence) == (decision.kind, decision.stream_id, old):
            uow.change(other, weekly_before_pence=new)


def comes_back_with_its_budget(
    uow: UnitOfWork, decision: Decision, row_id: str, before: dict[str, Any], after: dict[str, Any]
) -> bool:
    """A stream is not put back while its whole budget has stopped: the decision that stopped it puts it back, last of
    all, and sets its money aside. Returns whether there is one."""
    for other in others(uow, decision):
        if (other.kind, other.stream_id) == (DecisionKind.STOP, None) and other.took_effect_at is not None:
            kept = [["stream", row_id, before, after, HANDED], *json.loads(other.before_json or "[]")]
            uow.change(
                other, before_json=json.dumps(kept), kept_pence=(other.kept_pence or 0) + (decision.kept_pence or 0)
            )
            return True
    return False


def handed(decision: Decision) -> set[str]:
    """The streams that come back with it because they were stopped before, by a decision that was reversed."""
    return {kept[1] for kept in json.loads(decision.before_json or "[]") if kept[-1] == HANDED}


def never_began(decision: Decision) -> set[str]:
    """Those of them that were closed before their first day: all their money went back."""
    running = {StreamStatus.STOPPING, StreamStatus.SUSPENDED}
    return {
        row_id
        for _table, row_id, before, after, *more in json.loads(decision.before_json or "[]")
        if more and after.get("status") == StreamStatus.CLOSED and before.get("status") not in running
    }
