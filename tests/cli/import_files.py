"""Files for the import commands, their dates counted back from the day the tests run: a command has the real clock."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from phbportal.gateways.caseload_draft import LABELS
from phbportal.services.unit_of_work import london_date
from tests.gateways.caseload_rows import ANOTHER, ROW
from tests.support.world import World, make_world

_AGO = {
    "eligible_from": 600, "phb_started_on": 560, "stream_started_on": 560, "first_payment_on": 560,
    "last_review_on": 200, "balance_on": 20, "next_review_on": -160,
}  # fmt: skip
SECOND = ANOTHER


def world_of_today(engine: Engine) -> World:
    return make_world(engine, today=london_date(datetime.now(UTC)))


def row(**changes: str) -> dict[str, str]:
    """A row nothing is wrong with on the day the tests run."""
    today = london_date(datetime.now(UTC))
    dates = {column: (today - timedelta(days=days)).isoformat() for column, days in _AGO.items()}
    return ROW | dates | {"case_manager_email": "cm@example.org"} | changes


def write(path: Path, *rows: dict[str, str], headings: dict[str, str] | None = None) -> Path:
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow([(headings or {}).get(column, column) for column in LABELS])
        writer.writerows([r.get(column, "") for column in LABELS] for r in rows)
    return path
