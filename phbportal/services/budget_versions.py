"""A new version of a running budget: what it pays from a day, written when a decision or an uplift changes an amount
(ADR 0029), or with a new version of the plan that adds to it (ADR 0035). Its lines come to its streams (I09), and who
pays is taken over from the version before (I08).

Asks no leave: whoever changes the amount has. No plan is signed anew by a decision or an uplift: they belong to none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlmodel import col

from phbportal.domain.budgets import BudgetKind, BudgetStatus
from phbportal.domain.errors import Problem
from phbportal.domain.money import pounds, split
from phbportal.domain.streams import StreamStatus
from phbportal.domain.text import long_date
from phbportal.queries.reductions import reductions_of
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import BudgetLine, BudgetVersion, Stream
from phbportal.tables.funding import FundingShare
from phbportal.tables.phbs import Phb

OVER = (StreamStatus.PROPOSED.value, StreamStatus.CLOSED.value, StreamStatus.WINDING_DOWN.value)
New = Mapping[str, Any]
"""What a line becomes: the columns that are other than they were."""


def latest_version(uow: UnitOfWork, phb_id: UUID) -> BudgetVersion | None:
    """The last approved version of a budget, locked, whether or not its day has come."""
    return uow.session.execute(
        select(BudgetVersion)
        .where(col(BudgetVersion.phb_id) == phb_id, col(BudgetVersion.status) == BudgetStatus.APPROVED.value)
        .order_by(col(BudgetVersion.version).desc())
        .limit(1)
        .with_for_update(key_share=True)
    ).scalar_one_or_none()


def running_streams(uow: UnitOfWork, phb_id: UUID) -> list[Stream]:
    """The streams of a budget that are agreed and not over, locked, in the order they were made."""
    return list(
        uow.session.execute(
            select(Stream)
            .where(col(Stream.phb_id) == phb_id, runs(uow))
            .order_by(col(Stream.id))
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        ).scalars()
    )


def runs(uow: UnitOfWork) -> ColumnElement[bool]:
    """A stream whose last day has passed may wait to be wound down: it costs nothing any more."""
    last_day = col(Stream.ends_on)
    return col(Stream.status).not_in(OVER) & or_(last_day.is_(None), last_day >= uow.today)


def lines_by_stream(uow: UnitOfWork, phb_id: UUID) -> dict[UUID, list[list[BudgetLine]]]:
    """The lines of each stream in every approved version, the latest version first."""
    rows = uow.session.execute(
        select(BudgetLine, col(BudgetVersion.version))
        .join(BudgetVersion, col(BudgetVersion.id) == col(BudgetLine.budget_id))
        .where(
            col(BudgetVersion.phb_id) == phb_id,
            col(BudgetVersion.status).in_([BudgetStatus.APPROVED.value, BudgetStatus.SUPERSEDED.value]),
        )
        .order_by(col(BudgetVersion.version).desc(), col(BudgetLine.position))
    )
    found: dict[UUID, dict[int, list[BudgetLine]]] = {}
    for line, version in rows:
        found.setdefault(line.stream_id, {}).setdefault(version, []).append(line)
    return {stream: list(versions.values()) for stream, versions in found.items()}


def write_version(
    uow: UnitOfWork, phb: Phb, weekly: Mapping[UUID, int], *, starts_on: date, prepared_by: UUID | None,
    approved_by: UUID | None, why: str, new: Mapping[UUID, New] | None = None,
) -> BudgetVersion:  # fmt: skip
    """Write a version that pays ``weekly`` pence by each of its streams from a day on. Returns it.

    ``new`` is what lines become, by their ids. Other lines are those of the last version that come to the amount of
    their stream; where none do, the last ones are shared out anew, and each says so with ``why``. The version before
    is replaced on the day: ``replace_versions``.
    """
    before = latest_version(uow, phb.id)
    number = uow.session.execute(
        select(func.max(col(BudgetVersion.version))).where(col(BudgetVersion.phb_id) == phb.id)
    ).scalar_one() or 0  # fmt: skip
    version = uow.add(
        BudgetVersion, phb_id=phb.id, icb_id=phb.icb_id, version=number + 1, kind=BudgetKind.CHANGE.value,
        status=BudgetStatus.APPROVED.value, weekly_pence=sum(weekly.values()),
        one_off_pence=before.one_off_pence if before else 0, starts_on=starts_on, prepared_by=prepared_by,
        approved_by=approved_by, approved_at=uow.now,
    )  # fmt: skip
    old = lines_by_stream(uow, phb.id)
    position = 0
    for stream_id, pence in weekly.items():
        for line, changes in _lines(old.get(stream_id, []), pence, why, new or {}):
            position += 1
            _copy_line(uow, version, line, changes, position)
    if before is not None:
        copy_shares(uow, before, version)
    uow.record("budget_changed", about=version, icb_id=phb.icb_id, phb_id=phb.id, person_id=phb.person_id,
               version=version.version, weekly_pence=version.weekly_pence, starts_on=starts_on)  # fmt: skip
    return version


def carried(uow: UnitOfWork, phb_id: UUID) -> tuple[int, int]:
    """What goes on beside what a new version of the plan adds: pence a week of the streams that run, and the one-off
    money agreed before. Nothing for a budget that has not been agreed yet."""
    before = select(BudgetVersion).where(
        col(BudgetVersion.phb_id) == phb_id, col(BudgetVersion.status) == BudgetStatus.APPROVED.value
    )
    latest = uow.session.execute(before.order_by(col(BudgetVersion.version).desc()).limit(1)).scalar_one_or_none()
    running = select(func.coalesce(func.sum(col(Stream.weekly_pence)), 0)).where(
        col(Stream.phb_id) == phb_id, runs(uow)
    )
    weekly = int(uow.session.execute(running).scalar_one())
    return weekly, latest.one_off_pence if latest else 0


def added_to(uow: UnitOfWork, budget: BudgetVersion) -> tuple[int, int]:
    """What goes on beside what a draft adds, in pence a week and once: 0 for the first budget."""
    return carried(uow, budget.phb_id) if budget.kind == BudgetKind.CHANGE else (0, 0)


def changing_already(uow: UnitOfWork, phb_id: UUID) -> list[Problem]:
    """Whether an amount of a running budget changes on a day to come: what it comes to with more is known after."""
    ids = select(col(Stream.id)).where(col(Stream.phb_id) == phb_id, col(Stream.status).not_in(OVER))
    found = reductions_of(uow.session, list(uow.session.execute(ids).scalars()))
    days = [one.effective_on for changes in found.values() for one in changes if not one.in_effect]
    if not days:
        return []
    return [
        Problem(
            f"The money of this budget changes on {long_date(max(days))} already, by a decision or the yearly uplift. "
            "Send this after that day.", "streams",
        )
    ]  # fmt: skip


def running_lines(uow: UnitOfWork, phb_id: UUID) -> list[tuple[Stream, BudgetLine, int]]:
    """The lines of the streams that run, each with its stream and the pence a week it comes to now."""
    old = lines_by_stream(uow, phb_id)
    streams = select(Stream).where(col(Stream.phb_id) == phb_id, runs(uow)).order_by(col(Stream.id))
    return [
        (stream, line, changes.get("weekly_pence", line.weekly_pence))
        for stream in uow.session.execute(streams).scalars()
        for line, changes in _lines(old.get(stream.id, []), stream.weekly_pence, "", {})
    ]


def carry_over(uow: UnitOfWork, version: BudgetVersion) -> None:
    """Write into a version that adds to a running budget the lines of the streams that go on as they are."""
    own = select(col(BudgetLine.stream_id)).where(col(BudgetLine.budget_id) == version.id)
    added = set(uow.session.execute(own).scalars())
    old, position = lines_by_stream(uow, version.phb_id), len(_lines_of(uow, version))
    for stream in running_streams(uow, version.phb_id):
        if stream.id in added:
            continue
        for line, changes in _lines(old.get(stream.id, []), stream.weekly_pence, "The amount has changed:", {}):
            position += 1
            _copy_line(uow, version, line, changes, position)


def _lines_of(uow: UnitOfWork, version: BudgetVersion) -> list[UUID]:
    found = select(col(BudgetLine.id)).where(col(BudgetLine.budget_id) == version.id)
    return list(uow.session.execute(found).scalars())


def _copy_line(uow: UnitOfWork, version: BudgetVersion, line: BudgetLine, changes: New, position: int) -> None:
    uow.add(
        BudgetLine, budget_id=version.id, stream_id=line.stream_id, plan_service_id=line.plan_service_id,
        position=position, line_type=line.line_type, description=line.description, worker_id=line.worker_id,
        one_off_pence=line.one_off_pence,
        **{name: changes.get(name, getattr(line, name))
           for name in ("weekly_pence", "answers", "annual_pence", "working")},
    )  # fmt: skip


def put_last(uow: UnitOfWork, version: BudgetVersion) -> None:
    """A version counts from when it is agreed: one written since its own writing began, by a decision or an uplift,
    comes before it. What the last version says is what is paid, for whom and by whom."""
    latest = select(func.max(col(BudgetVersion.version))).where(col(BudgetVersion.phb_id) == version.phb_id)
    number = uow.session.execute(latest).scalar_one()
    if number > version.version:
        uow.change(version, version=number + 1)


def replace_versions(uow: UnitOfWork, version: BudgetVersion) -> None:
    """The day of a version has come: those before it are replaced."""
    earlier = select(BudgetVersion).where(
        col(BudgetVersion.phb_id) == version.phb_id, col(BudgetVersion.version) < version.version,
        col(BudgetVersion.status) == BudgetStatus.APPROVED.value,
    )  # fmt: skip
    for old in (
        uow.session.execute(earlier.order_by(col(BudgetVersion.id)).with_for_update(key_share=True)).scalars().all()
    ):
        uow.change(old, status=BudgetStatus.SUPERSEDED.value)


def _lines(
    versions: Sequence[Sequence[BudgetLine]], pence: int, why: str, new: Mapping[UUID, New]
) -> list[tuple[BudgetLine, New]]:  # fmt: skip
    """The lines of a stream for a new version, each with what is other than it was."""
    for lines in versions:  # where the budget grew since it was worked out, the last are copies of those
        if any(line.id in new for line in lines):
            return [(line, new.get(line.id, {})) for line in lines]
    for lines in versions:
        if sum(line.weekly_pence for line in lines) == pence:
            return [(line, {}) for line in lines]
    lines: Sequence[BudgetLine] = versions[0] if versions else ()
    if not any(line.weekly_pence for line in lines):
        return [(line, {}) for line in lines]
    shares = split(pence, [line.weekly_pence for line in lines])
    return [
        (line, {"weekly_pence": share, "answers": None, "annual_pence": None,
                "working": f"{why} {pounds(line.weekly_pence)} a week becomes {pounds(share)}."})
        for line, share in zip(lines, shares, strict=True)
    ]  # fmt: skip


def copy_shares(uow: UnitOfWork, before: BudgetVersion, version: BudgetVersion) -> None:
    """Who pays, as before: parts stay parts, and amounts weigh as much as they did (domain.md §4.7)."""
    found = select(FundingShare).where(col(FundingShare.budget_id) == before.id).order_by(col(FundingShare.position))
    shares = list(uow.session.execute(found).scalars())
    amounts = [share.weekly_pence or 0 for share in shares]
    in_money = split(version.weekly_pence, amounts) if any(amounts) else amounts
    for share, pence in zip(shares, in_money, strict=True):
        uow.add(
            FundingShare, budget_id=version.id, position=share.position, funder=share.funder, weight=share.weight,
            weekly_pence=None if share.weight is not None else pence,
        )  # fmt: skip
