"""Uplifts on their day. On 1 April every budget of a board is raised at once: those of which nothing changed since are
raised five hundred in a transaction, a few statements for all of them; any other goes by itself (``uplift_effects``).
What is written is the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select
from sqlmodel import col

from phbportal.domain.budgets import BudgetStatus
from phbportal.domain.errors import Refusal
from phbportal.domain.ledger import Journal
from phbportal.domain.periods import monthly_pay
from phbportal.domain.reductions import AmountChange
from phbportal.domain.uplifts import ItemStatus, UpliftStatus
from phbportal.policy.actors import SYSTEM
from phbportal.queries.reductions import reductions_of
from phbportal.services.budget_versions import runs
from phbportal.services.ledger import Entry, post_many
from phbportal.services.many_rows import is_among, update_many
from phbportal.services.new_rows import NewRows
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.services.uplift_effects import put_in_effect, write_all
from phbportal.services.walks import BEFORE_ALL, Left, by_itself
from phbportal.services.year_money import cost_in, years_of, years_settled
from phbportal.tables.budgets import BudgetVersion, Stream
from phbportal.tables.phbs import Phb
from phbportal.tables.uplifts import Uplift, UpliftItem

BATCH = 500
WORDS = "The yearly uplift"
Due = tuple[UUID, UUID]
"""A budget and its version that is due."""


def carry_out_uplifts(engine: Engine, *, now: datetime | None = None, left: Left | None = None) -> int:
    """The night: write what a worker left, and put in effect what is due. Returns how many streams were raised."""
    write_approved(engine, now=now, left=left)
    done, last, i = 0, BEFORE_ALL, UpliftItem
    while True:
        with open_unit(engine, SYSTEM, writes=False, now=now) as uow:
            rows = uow.session.execute(
                select(col(i.id), col(i.phb_id), col(i.version_id))
                .where(
                    col(i.status) == ItemStatus.WRITTEN.value, col(i.effective_on) <= uow.today, col(i.id) > last
                )
                .order_by(col(i.id))
                .limit(BATCH)
            ).all()  # fmt: skip
        due = list(dict.fromkeys((row.phb_id, row.version_id) for row in rows))
        done += _raise_all(engine, due, now, left)
        if len(rows) < BATCH:
            return done
        last = rows[-1].id


def write_approved(engine: Engine, *, now: datetime | None = None, left: Left | None = None) -> int:
    """Write what is left of approved uplifts, and finish those of which nothing is. Returns how many budgets were."""
    with open_unit(engine, SYSTEM, writes=False, now=now) as uow:
        half = uow.session.execute(
            # One whose writing has stopped waits for a person: it could stop the night too.
            select(col(Uplift.id))
            .where(col(Uplift.status) == UpliftStatus.APPROVED.value, col(Uplift.problem).is_(None))
            .order_by(col(Uplift.id))
        ).scalars().all()  # fmt: skip
    return sum(write_all(engine, uplift_id, now=now, left=left) for uplift_id in half)


def _raise_all(engine: Engine, due: Sequence[Due], now: datetime | None, left: Left | None) -> int:
    done, others = 0, due
    try:
        with open_unit(engine, SYSTEM, writes=True, now=now) as uow:
            done, others = _raise_plain(uow, due)
    except Refusal:  # nothing of it was kept: each by itself, so that one that is refused holds up no other
        done, others = 0, due
    for phb_id, version_id in others:
        raised = partial(put_in_effect, phb_id=phb_id, version_id=version_id)
        done += by_itself(engine, raised, "the uplift of budget", phb_id, now, left)
    return done


@dataclass(slots=True)
class _Budget:
    """A budget as it stands, locked: its row, what waits to be raised, what runs, its approved versions."""

    row: Any
    items: list[Any]
    streams: dict[UUID, Any]
    versions: list[Any]


def _raise_plain(uow: UnitOfWork, due: Sequence[Due]) -> tuple[int, list[Due]]:
    """Raise the budgets of which nothing changed since their version was written. Returns how many streams were raised,
    and what is left to be looked at one by one."""
    found = _found(uow, due)
    twice = Counter(phb_id for phb_id, _version in due)
    plain = {
        version_id: found[phb_id] for phb_id, version_id in due
        if twice[phb_id] == 1 and _is_plain(found[phb_id], version_id)
    }  # fmt: skip
    entries = _year_money(uow, plain)
    left = [one for one in due if one[1] not in entries and found[one[0]].items]
    _write(uow, {version_id: plain[version_id] for version_id in entries})
    journals = [entry for more in entries.values() for entry in more]
    if journals:
        post_many(uow, journals)
    return sum(len(plain[version_id].items) for version_id in entries), left


def _found(uow: UnitOfWork, due: Sequence[Due]) -> dict[UUID, _Budget]:
    """The budgets that are due, locked as one by itself is: budget, items, streams, versions."""
    ids, version_ids = list({phb_id for phb_id, _ in due}), [version_id for _, version_id in due]

    def locked(table: Any, *names: str, where: Iterable[Any] = ()) -> list[Any]:
        of = table.id if table is Phb else table.phb_id
        rows = select(*(getattr(table, name) for name in names)).where(is_among(uow.session, of, ids), *where)
        return list(uow.session.execute(rows.order_by(col(table.id)).with_for_update(of=table, key_share=True)))

    found = {row.id: _Budget(row, [], {}, []) for row in locked(Phb, "id", "icb_id", "person_id", "cohort")}
    i, s, b = UpliftItem, Stream, BudgetVersion
    waits = (col(i.status) == ItemStatus.WRITTEN.value, is_among(uow.session, col(i.version_id), version_ids))
    for row in locked(i, "id", "phb_id", "stream_id", "effective_on", "before_pence", "after_pence", "row_version",
                      where=waits):  # fmt: skip
        found[row.phb_id].items.append(row)
    for row in locked(s, "id", "phb_id", "weekly_pence", "starts_on", "ends_on", "monthly_pay", "row_version",
                      where=[runs(uow)]):  # fmt: skip
        found[row.phb_id].streams[row.id] = row
    for row in locked(b, "id", "phb_id", "icb_id", "version", "weekly_pence", "row_version",
                      where=[col(b.status) == BudgetStatus.APPROVED.value]):  # fmt: skip
        found[row.phb_id].versions.append(row)
    return found


def _is_plain(budget: _Budget, version_id: UUID) -> bool:
    """Whether every stream that is to be raised pays what it paid when that was agreed, and the version that was agreed
    is the last and comes to what is paid from then on."""
    weekly = {stream.id: stream.weekly_pence for stream in budget.streams.values()}
    if not budget.items or any(weekly.get(item.stream_id) != item.before_pence for item in budget.items):
        return False
    weekly |= {item.stream_id: item.after_pence for item in budget.items}
    last = max(budget.versions, key=lambda version: version.version, default=None)
    return last is not None and last.id == version_id and last.weekly_pence == sum(weekly.values())


def _year_money(uow: UnitOfWork, plain: Mapping[UUID, _Budget]) -> dict[UUID, list[Entry]]:
    """By version, what each budget needs more of years whose money was set aside already; none for one whose years
    would cost less, which is looked at by itself."""
    items = [item for budget in plain.values() for item in budget.items]
    changes = reductions_of(uow.session, [item.stream_id for item in items])
    years = years_of(uow, [budget.row.id for budget in plain.values()])
    found: dict[UUID, list[Entry]] = {}
    for version_id, budget in plain.items():
        entries: list[Entry] = []
        for item in budget.items:
            stream = budget.streams[item.stream_id]
            others = [one for one in changes.get(stream.id, ()) if one.source != item.id]
            raised = AmountChange(item.effective_on, item.before_pence, item.after_pence, True, item.id)
            of_years, monthly = years.get(budget.row.id, ()), monthly_pay(stream.monthly_pay)
            before = cost_in(of_years, item.before_pence, stream.starts_on, stream.ends_on, others, monthly)
            after = cost_in(of_years, item.after_pence, stream.starts_on, stream.ends_on, [*others, raised], monthly)
            more = sum(after.values()) - sum(before.values())
            if more < 0:
                break
            if more:
                journal: Journal = years_settled(
                    budget.row.icb_id, budget.row.id, more, on=uow.today, key=f"uplift:{item.id}", words=WORDS
                )
                entries.append(Entry(journal, budget.row.icb_id, budget.row.cohort))
        else:
            found[version_id] = entries
    return found


def _write(uow: UnitOfWork, raised: Mapping[UUID, _Budget]) -> None:
    """The items are in effect, the streams pay the new amount, the versions before are replaced; each is told of."""
    changed: dict[type[Any], list[dict[str, Any]]] = defaultdict(list)
    new = NewRows(uow)

    def change(table: type[Any], row: Any, **values: Any) -> None:
        stamp = {"row_version": row.row_version + 1, "updated_at": uow.now, "updated_by": uow.actor.user_id}
        changed[table].append({"id": row.id, **values, **stamp})

    for version_id, budget in raised.items():
        whose = {"icb_id": budget.row.icb_id, "phb_id": budget.row.id, "person_id": budget.row.person_id}
        for item in budget.items:
            change(UpliftItem, item, status=ItemStatus.IN_EFFECT.value)
            change(Stream, budget.streams[item.stream_id], weekly_pence=item.after_pence)
            new.record(
                "stream_raised", about=item.stream_id, before_pence=item.before_pence, after_pence=item.after_pence,
                on=item.effective_on, held={"weekly_pence": (item.before_pence, item.after_pence)}, **whose,
            )  # fmt: skip
        for version in budget.versions:
            if version.id != version_id:
                change(BudgetVersion, version, status=BudgetStatus.SUPERSEDED.value)
                held = (BudgetStatus.APPROVED.value, BudgetStatus.SUPERSEDED.value)
                new.record("budget_followed", about=version.id, icb_id=version.icb_id, version=version.version,
                           held={"status": held})  # fmt: skip
    for table, rows in changed.items():
        update_many(uow.session, table, rows)
    new.write()
