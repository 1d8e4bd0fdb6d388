"""What was said of a file besides what its columns are: which of its sheets are meant, and whose a row in doubt is.

It stands with what the file looks like, and goes with it when the file is let go of.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from phbportal.domain.errors import Refusal
from phbportal.domain.imports import MOST_ASKED, Decision
from phbportal.services.bringing_in import Came, Decided
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.imports import ImportBatch

SHEETS, CHOSEN, HEADINGS = "sheets", "chosen", "headings"
DOUBTS, DECIDED = "doubts", "decided"


@dataclass(frozen=True, slots=True)
class Said:
    """The sheets to be read (none: those the reader finds), and what was decided of rows in doubt."""

    sheets: tuple[str, ...]
    decided: Decided


def said_of(uow: UnitOfWork, batch_id: UUID) -> Said:
    """What was said of a file."""
    look = look_of(uow.session.get_one(ImportBatch, batch_id))
    decided = {int(number): (about, Decision(said)) for number, (about, said) in look.get(DECIDED, {}).items()}
    return Said(tuple(look.get(CHOSEN, ())), Decided(decided))


def keep_doubts(uow: UnitOfWork, batch_id: UUID, came: Iterable[Came]) -> None:
    """Keep which rows a person decides about, a hundred at once: first those of which nothing has been decided."""
    row = uow.session.get_one(ImportBatch, batch_id)
    look = look_of(row)
    decided = said_of(uow, batch_id).decided
    found = sorted((one for one in came if one.doubt), key=lambda one: decided.of(one.number, one.doubt) is not None)
    doubts = {str(int(one.number)): one.doubt for one in found[:MOST_ASKED]}
    uow.change(row, look=json.dumps({**look, DOUBTS: doubts}))


def with_sheets(look: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """What a file looks like when only some of its sheets are meant: their headings, each once. Refuses none at all and
    a sheet it does not have."""
    meant = [sheet for sheet in look.get(SHEETS, []) if sheet["name"] in names]
    if not meant or len(meant) < len(set(names)):
        raise Refusal("Choose at least one sheet.", field="s0")
    headings: dict[str, Any] = {}
    for sheet in meant:
        for one in sheet[HEADINGS]:
            headings.setdefault(one["text"], one)
    return {**look, CHOSEN: [sheet["name"] for sheet in meant], HEADINGS: list(headings.values())}


def headings_by_sheet(look: Mapping[str, Any]) -> list[list[str]]:
    """The headings of each sheet that is meant."""
    sheets = [sheet for sheet in look.get(SHEETS, []) if sheet["name"] in look.get(CHOSEN, [])]
    return [[one["text"] for one in sheet[HEADINGS]] for sheet in sheets]


def with_decisions(look: Mapping[str, Any], said: Mapping[int, str]) -> dict[str, Any]:
    """What a file looks like with some decisions more. Only rows that were asked about count; refuses none at all."""
    asked: dict[str, str] = look.get(DOUBTS, {})
    known = {str(number): decision for number, decision in said.items() if decision in list(Decision)}
    now = {number: (asked[number], decision) for number, decision in known.items() if number in asked}
    if not now:
        raise Refusal("Decide about at least one row.", field=f"d{next(iter(asked), 0)}")
    return {**look, DECIDED: {**look.get(DECIDED, {}), **now}}


def look_of(row: ImportBatch) -> dict[str, Any]:
    """What is kept of how a file looks."""
    return json.loads(row.look or "{}")
