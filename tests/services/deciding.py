"""Decisions in tests: prepared, approved, looked at again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from phbportal.domain.decisions import DecisionKind, Ground
from phbportal.policy.actors import Actor
from phbportal.services.decisions import DecisionEntry, approve_decision, prepare_decision, preview
from phbportal.services.letters import digest
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.decisions import Decision
from phbportal.tables.letters import Letter
from tests.services.asking import row, rows
from tests.support.journey import Case
from tests.support.world import World

REASONS = "We looked at everything you told us, and this is why."
CARE = "The community nurses come every day from then on."

REFUSE = DecisionEntry(DecisionKind.REFUSE_PHB, REASONS, Ground.NOT_APPROPRIATE)


def stop(effective_on: date, **more: Any) -> DecisionEntry:
    entry = DecisionEntry(
        DecisionKind.STOP, REASONS, Ground.OUTSIDE_PLAN, effective_on=effective_on, no_replacement=CARE
    )
    return replace(entry, **more)


def suspend(effective_on: date, **more: Any) -> DecisionEntry:
    entry = DecisionEntry(
        DecisionKind.SUSPEND, REASONS, Ground.OUTSIDE_PLAN, effective_on=effective_on, no_replacement=CARE
    )
    return replace(entry, **more)


def reduce(stream_id: UUID, weekly_pence: int, effective_on: date, **more: Any) -> DecisionEntry:
    entry = DecisionEntry(
        DecisionKind.REDUCE, REASONS, Ground.STILL_ENOUGH, stream_id, weekly_pence=weekly_pence,
        effective_on=effective_on,
    )  # fmt: skip
    return replace(entry, **more)


def prepared(
    world: World, case: Case, entry: DecisionEntry, *, by: Actor | None = None, on: date | None = None
) -> UUID:
    return world.do(by or world.cm, lambda uow: prepare_decision(uow, case.phb_id, entry), on=on)


def approving(decision_id: UUID) -> Any:
    """Approve what one has just read."""

    def act(uow: UnitOfWork) -> None:
        approve_decision(uow, decision_id, seen=digest(preview(uow, decision_id)))

    return act


def approve(world: World, decision_id: UUID, *, by: Actor | None = None, on: date | None = None) -> None:
    world.do(by or world.approver, approving(decision_id), on=on)


def issued(world: World, case: Case, entry: DecisionEntry, *, on: date | None = None) -> UUID:
    """Prepared and approved on one day."""
    decision_id = prepared(world, case, entry, on=on)
    approve(world, decision_id, on=on)
    return decision_id


def decision(world: World, decision_id: UUID) -> Decision:
    return row(world, Decision, decision_id)


def letters(world: World, about_id: UUID) -> list[Letter]:
    return rows(world, Letter, about_id=about_id)
