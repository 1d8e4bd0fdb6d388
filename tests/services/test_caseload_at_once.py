"""A caseload written at once is, row for row, the one that is written a row at a time: on both databases."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, update
from sqlalchemy.orm import Session

from phbportal import tables
from phbportal.db import make_engine
from phbportal.gateways.caseload_file import CaseRow
from phbportal.services import caseload_changes, caseload_import, ledger, new_rows
from phbportal.services.bringing_in import Given
from phbportal.services.caseload_batch import bring_in_caseload_table
from phbportal.tables.base import Row, new_id
from tests.gateways.caseload_rows import ANOTHER, ROW, caseload
from tests.services.import_world import bring_in, counts, import_world, outcome, read_file
from tests.support.world import World

ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
OF_IDS = ("content_hash",)
"""Columns that are worked out from ids."""


class InTurn:
    """Everything at once, in the caller's own thread."""

    def __enter__(self) -> InTurn:
        return self

    def __exit__(self, *_error: object) -> None:
        return None

    def do(self, act: Callable[[], None]) -> None:
        act()


def one_by_one(session: Session, of: type[Row], rows: Sequence[Mapping[str, Any]]) -> None:
    for row in rows:
        session.execute(insert(of), [{"id": new_id(), **row}])


def ready_one_by_one(
    session: Session, of: type[Row], columns: Mapping[str, Sequence[Any]], same: Mapping[str, Any]
) -> Callable[[], None]:
    rows = [{**dict(zip(columns, values, strict=True)), **same} for values in zip(*columns.values(), strict=True)]
    return lambda: one_by_one(session, of, rows)


def changed_one_by_one(session: Session, of: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    for row in rows:
        session.execute(update(of).where(of.id == row["id"]).values({n: row[n] for n in row if n != "id"}))


def told(engine: Engine) -> dict[str, list[dict[str, str]]]:
    """Every row of every table, with ids called by their table and their order there."""
    found: dict[str, list[dict[str, str]]] = {}
    names: dict[str, str] = {}
    with engine.connect() as connection:
        for table in tables.metadata.sorted_tables:
            rows = connection.execute(select(table).order_by(table.c.id)).mappings().all()
            names |= {str(row["id"]): f"{table.name} {n}" for n, row in enumerate(rows)}
            found[table.name] = [{c: repr(v) for c, v in row.items() if c not in OF_IDS} for row in rows]
    return {
        table: [{c: ID.sub(lambda one: names.get(one[0], one[0]), v) for c, v in row.items()} for row in rows]
        for table, rows in found.items()
    }


def life(world: World) -> list[tuple[int, int, int, int]]:
    """A file, a larger one, one that changes people and case managers, one that is refused, and the first again."""
    more = ROW | {"payee_email": "payee@example.org"}
    moved = {"postcode": "M1 1AE", "family_name": "O'Byron", "case_manager_email": "cm@example.org"}
    files = [
        read_file("clean.csv"), read_file("messy.csv"), caseload(more, ROW | ANOTHER),
        caseload(more | moved, ROW | ANOTHER | {"payee_email": "new@example.org"}), read_file("broken.csv"),
        read_file("clean.csv"),
    ]  # fmt: skip
    return [outcome(bring_in(world, file)) for file in files]


def test_what_is_written_at_once_is_what_would_be_written_row_by_row(
    engine: Engine, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = life(import_world(engine))
    plain = make_engine(f"sqlite:///{tmp_path / 'plain.sqlite3'}")
    tables.metadata.create_all(plain)
    monkeypatch.setattr(ledger, "insert_many", one_by_one)
    monkeypatch.setattr(new_rows, "columns_ready", ready_one_by_one)
    monkeypatch.setattr(caseload_changes, "update_many", changed_one_by_one)
    monkeypatch.setattr(caseload_import, "Behind", InTurn)
    assert life(import_world(plain)) == at_once
    assert at_once[0] == (13, 0, 0, 0)
    assert at_once[3][1] == 2, "this must change something, or nothing is shown"
    here, there = told(engine), told(plain)
    for table in here:
        assert here[table] == there[table], table
    plain.dispose()


@pytest.mark.parametrize("few", [1, 2, 5])
def test_it_does_not_matter_how_many_people_are_matched_and_written_together(
    engine: Engine, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People whose rows stand far apart, twins in the file, and what is wrong between them are told the same."""
    monkeypatch.setattr(caseload_import, "AT_ONCE", few)
    monkeypatch.setattr(caseload_import, "MOST_WAITING", few)
    world = import_world(engine)
    clean = read_file("clean.csv")
    apart = replace(clean, rows=tuple(sorted(clean.rows, key=lambda row: row.row % 3)))
    assert outcome(bring_in(world, apart)) == (13, 0, 0, 0)
    assert outcome(bring_in(world, clean)) == (0, 0, 13, 0)
    assert sum(counts(engine)[name] for name in ("person", "phb", "stream")) > 13
    twins = [ROW, ROW | ANOTHER, ROW | {"nhs_number": "", "nhs_number_status": "04", "local_reference": "CM-9"}]
    report = bring_in(world, caseload(*twins))
    assert [(p.row, p.column) for p in report.refused] == [(4, "local_reference")]
    assert "Row 2 has somebody" in report.refused[0].reason


@pytest.mark.parametrize("behind", [False, True], ids=["in-front", "behind"])
def test_of_a_file_that_fails_while_it_is_written_nothing_stays(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, behind: bool
) -> None:
    """In the thread behind as in front of it."""
    monkeypatch.setattr(caseload_import, "MOST_WAITING", 1)
    world = import_world(engine)
    before = counts(engine)
    done: list[int] = []

    def breaks(*_args: object, **_more: object) -> None:
        done.append(1)
        if len(done) > 2:
            raise RuntimeError("the disk is full")

    if behind:
        monkeypatch.setattr(new_rows, "columns_ready", lambda *_asked: breaks)
    else:
        monkeypatch.setattr(ledger, "add_up_known", breaks)
    with pytest.raises(RuntimeError, match="disk"):
        bring_in(world, read_file("clean.csv"))
    assert {name for name, many in counts(engine).items() if many != before[name]} <= {"reference_counter"}
    monkeypatch.undo()
    assert outcome(bring_in(world, read_file("clean.csv"))) == (13, 0, 0, 0)


def test_what_is_read_of_a_file_is_let_go_of_budget_by_budget(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """Of 100,000 rows there is not room for all beside what is written of them."""
    world, left = import_world(engine), list[int]()
    opened = caseload_import.open_budget

    def counted(*asked: Any) -> None:
        opened(*asked)
        left.append(sum(isinstance(one, CaseRow) for one in gc.get_objects()))

    monkeypatch.setattr(caseload_import, "open_budget", counted)
    monkeypatch.setattr(caseload_import, "MOST_WAITING", 0)  # each is written by itself
    monkeypatch.setattr(caseload_import, "Behind", InTurn)
    third = {"given_name": "Siân", "nhs_number": "9990000034", "local_reference": "CM-3"}
    given = Given(caseload(ROW, ROW | ANOTHER, ROW | third), world.approver, dry_run=False)
    with world.unit(world.cm) as uow:
        brought = bring_in_caseload_table(uow, given)
    assert [one.outcome for one in brought.came] == ["NEW"] * 3, brought.came
    assert left == [3, 2, 1]
