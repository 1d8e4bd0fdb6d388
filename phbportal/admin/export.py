"""A list as a file: every row that matches, streamed in batches, each field writing its own values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from phbportal.admin import select
from phbportal.admin.asked import Asked, compared, understand
from phbportal.admin.asking import from_text
from phbportal.admin.cells import elsewhere, shown, values_of
from phbportal.admin.conditions import line_of
from phbportal.admin.dashboards import Chart
from phbportal.admin.fields import Computed, Field, Link
from phbportal.admin.fields.computed import Load
from phbportal.admin.listing import columns_of, order_of, whole_shape
from phbportal.admin.registry import resource_of
from phbportal.admin.resource import Resource
from phbportal.domain.errors import Refusal
from phbportal.domain.exports import FileKind
from phbportal.domain.figures import Hidden, Value
from phbportal.gateways.sheets import write_csv, write_xlsx
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.policy.decide import could_ever
from phbportal.queries.ids import given_id
from phbportal.services.exports import agreed_export, finish_export, note_progress
from phbportal.services.unit_of_work import open_unit, rows_come_one_by_one

BATCH = 2_000
EVERYTHING = 2**31 - 1
WRITERS = {FileKind.CSV: write_csv, FileKind.XLSX: write_xlsx}


def headings(actor: Actor, resource: Resource, asked: Asked) -> list[str]:
    """The words over the columns of the file: those of the list."""
    return [column.words() for column in columns_of(actor, resource, asked)]


def in_words(actor: Actor, code: str, asked_for: str) -> str:
    """What a list holds that was asked for, to whoever decides whether it leaves: what it was searched for, its filters
    and its columns. What is out of their sight is said to be there, and no more."""
    resource, asked = resource_of(code), from_text(asked_for)
    found = [f"Found by “{asked.search.strip()}”."] if asked.search.strip() else []
    found += [f"{line_of(actor, resource, one).words}." for one in asked.conditions]
    names = {c.name for c in columns_of(actor, resource, asked)}
    unseen = [n for n in asked.columns or resource.columns if n in resource.by_name and n not in names]
    more = " and others that you cannot see" if unseen else ""
    return " ".join([*(found or ["No filter."]), f"Columns: {', '.join(headings(actor, resource, asked))}{more}."])


def in_words_of(find: Callable[[Session, Actor, date, Sequence[UUID]], Mapping[UUID, tuple[str, str]]]) -> Load:
    """The same for many, of which ``find`` knows the resource and what was asked for of it."""

    def load(session: Session, actor: Actor, today: date, ids: Sequence[UUID]) -> Mapping[UUID, str]:
        return {one: in_words(actor, code, kept) for one, (code, kept) in find(session, actor, today, ids).items()}

    return load


def export_rows(
    session: Session, actor: Actor, today: date, resource: Resource, asked: Asked, *, most: int = EVERYTHING
) -> Iterator[list[Any]]:
    """The rows of the file, in the list's order. Of each batch one statement for each link and computed column."""
    columns = columns_of(actor, resource, asked)
    searched = understand(session, actor, today, resource, asked.search)
    if searched.hopeless:
        return
    order = order_of(actor, resource, asked.sort)
    shape = replace(
        whole_shape(asked, searched), names=tuple(c.name for c in columns), sort=order.name,
        descending=order.descending,
    )  # fmt: skip
    values = {**compared(actor, resource, asked.conditions), **searched.values(), "most": most}
    # Of the statement, not of the connection: everything else goes on over that.
    statement = select.rows(actor, today, resource.code, shape)
    streamed = statement.execution_options(stream_results=True, yield_per=BATCH)
    rows_come_one_by_one(session)
    found = session.connection().execute(streamed, values)
    for batch in found.partitions(BATCH):
        yield from _exported(session, actor, today, resource, columns, batch)


def _exported(
    session: Session, actor: Actor, today: date, resource: Resource, columns: Sequence[Field], batch: Sequence[Any]
) -> Iterator[list[Any]]:
    own = [values_of(resource, columns, row) for row in batch]
    others = elsewhere(session, actor, today, columns, [row.row_id for row in batch], own)
    for row, values in zip(batch, own, strict=True):
        yield [
            shown(column, row.row_id, values[n], others)[0]
            if isinstance(column, Link)
            else column.export(others[column.name].get(row.row_id))
            if isinstance(column, Computed)
            else column.export(*values[n])
            for n, column in enumerate(columns)
        ]


def write_list(
    session: Session, actor: Actor, today: date, resource: Resource, asked: Asked, kind: FileKind, path: Path, *,
    most: int = EVERYTHING, progress: Callable[[int], None] | None = None,
) -> int:  # fmt: skip
    """Write a list into a file. Returns how many rows it has."""

    def counted() -> Iterator[list[Any]]:
        for n, row in enumerate(export_rows(session, actor, today, resource, asked, most=most), 1):
            if progress is not None and n % (5 * BATCH) == 0:
                progress(n)
            yield row

    return WRITERS[kind](path, headings(actor, resource, asked), counted())


def write_figures(session: Session, actor: Actor, today: date, chart: Chart, kind: FileKind, path: Path) -> int:
    """Write the figures of a chart into a file: a row a label, a column a series and the whole. Money in pounds.
    Returns how many rows it has."""
    assert chart.whole is not None, "a declaration with a file has whole="
    figures = chart.whole(session, actor, today)

    def said(value: Value) -> Any:
        if isinstance(value, Hidden):
            return value.value
        return Decimal(value) / 100 if figures.unit == "pence" else value

    heads = [chart.by, *(one.name for one in figures.series), "All"]
    totals = figures.totals()
    rows = [
        [label, *(said(one.values[n]) for one in figures.series), said(totals[n])]
        for n, label in enumerate(figures.labels)
    ]
    return WRITERS[kind](path, heads, rows)


def make_export(folder: Callable[[], tuple[str, Path]]) -> Callable[[Engine, str, Callable[[int, int], None]], str]:
    """The worker's part: make the file that two people agreed on. ``folder`` gives a random name and where it goes."""

    def make(engine: Engine, payload: str, progress: Callable[[int, int], None]) -> str:
        export_id = given_id(payload)
        stored_as, path = folder()
        try:
            with open_unit(engine, SYSTEM, writes=False) as uow:
                agreed = agreed_export(uow, export_id)
            resource = resource_of(agreed.resource)
            if resource.export is None or not could_ever(agreed.actor, resource.export):
                raise Refusal("Whoever asked for this may not take it out any more.")

            def tell(done: int) -> None:
                progress(done, done)
                with open_unit(engine, SYSTEM, writes=True) as uow:
                    note_progress(uow, export_id, done)

            with open_unit(engine, agreed.actor, writes=False) as uow:
                asked = from_text(agreed.asked_for)
                rows = write_list(
                    uow.session, agreed.actor, uow.today, resource, asked, agreed.file_kind, path, progress=tell
                )
            progress(rows, rows)  # before it is said to be made: another worker may be at this list by now
            with open_unit(engine, SYSTEM, writes=True) as uow:
                finish_export(uow, export_id, stored_as=stored_as, rows=rows)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return f"{rows:,} rows"

    return make
