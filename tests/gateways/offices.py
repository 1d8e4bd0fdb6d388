"""A caseload as an office keeps it: the rows of the clean file, and a workbook made of them by hand."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.gateways.books import book

_CLEAN = (Path(__file__).parents[1] / "data" / "caseload" / "clean.csv").read_text(encoding="utf-8")
HEAD, *ROWS = list(csv.reader(io.StringIO(_CLEAN)))
AT = {name: n for n, name in enumerate(HEAD)}
"""Where each column stands."""
DAYS = [n for n, name in enumerate(HEAD) if name.endswith("_on") or name in ("date_of_birth", "eligible_from")]


def typed(row: list[str]) -> list[Any]:
    """A row as Excel keeps it: days as days, numbers as numbers."""
    cells: list[Any] = []
    for at, cell in enumerate(row):
        if at in DAYS and cell:
            cells.append(datetime.fromisoformat(cell))
        elif at in (AT["weekly_amount"], AT["balance"], AT["nhs_number"]) and cell:
            cells.append(float(cell))
        else:
            cells.append(cell or None)
    return cells


def handmade(all_rows: list[list[str]]) -> bytes:
    """A workbook made by hand: a title and a place for the logo above coloured headings, a sheet for each team, a
    column of remarks, a row that adds up each sheet, a sheet of remarks, and one hidden that only feeds the lists."""

    def sheet(title: str, rows: list[list[str]]) -> list[list[Any]]:
        total: list[Any] = [None] * len(HEAD)
        total[0], total[AT["weekly_amount"]] = "Subtotal", sum(float(row[AT["weekly_amount"]]) for row in rows)
        head = [*(name.replace("_", " ").capitalize() for name in HEAD), "Notes"]
        body = [[*typed(row), "ask Ben" if n == 1 else None] for n, row in enumerate(rows)]
        return [[title], ["", "[logo]"], [], head, *body, [None], total, ["", "", "", "Checked by BH"]]

    def paint(made: Any, sheets: dict[str, Any]) -> None:
        blue = made.add_format({"bold": True, "bg_color": "#005EB8", "font_color": "#FFFFFF", "text_wrap": True})
        for name in ("Adults", "Children"):
            sheets[name].set_row(3, 30, blue)
            sheets[name].merge_range(0, 0, 0, 6, f"PHB caseload: {name.lower()}", blue)
            sheets[name].autofilter(3, 0, 20, len(HEAD))
        sheets["Lists"].hide()

    children = [row for row in all_rows if row[AT["cohort"]] == "CYPCC"]
    adults = [row for row in all_rows if row not in children]
    return book(
        {
            "Read me": [["Ring Ben before you change anything"], ["Version", "3"]],
            "Adults": sheet("PHB caseload: adults", adults), "Children": sheet("PHB caseload: children", children),
            "Lists": [["Cohort", "Method"], ["CHC", "NOTIONAL"]],
        },
        paint,
    )  # fmt: skip
