"""What the pages of rates and of settings share: names with what holds today, and every value of one name."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.queries.dated import COMING, IN_FORCE
from phbportal.ui.forms import date_input, textarea
from phbportal.ui.links import link
from phbportal.ui.tables import Column, link_cell, table
from phbportal.ui.tags import Colour, status_tag
from phbportal.ui.values import pick

DATED_COLOURS: dict[str, Colour] = {IN_FORCE: "green", COMING: "blue"}
SECOND = "A second person must approve it before it is written. You cannot approve it yourself."


def names_table(caption: str, rows: Any) -> rx.Component:
    """Every name, with what holds today."""
    return table(
        caption,
        [
            Column("Name", link_cell("name", "href")),
            Column("Today", "now"),
            Column("Since", "since"),
            Column("To come", "coming"),
        ],
        rows,
        caption_hidden=True,
    )


def values_table(rows: Any, source: str, empty: str) -> rx.Component:
    """Every value of one name, the latest first."""
    return table(
        "What it was, is and will be",
        [
            Column("Value", "value"),
            Column("Status", lambda row: status_tag(row.status, DATED_COLOURS)),
            Column("From", "starts"),
            Column("To", "ends"),
            Column(source, "source"),
            Column("Change", lambda row: pick(row.change_href, _change(row), rx.fragment(""))),
        ],
        rows,
        empty=empty,
    )


def _change(row: Any) -> rx.Component:
    return link("Change", row.change_href, hidden=row.value + " from " + row.starts)


def from_day(s: Any) -> rx.Component:
    """The day a value holds from."""
    return date_input(
        "starts_on", "First day it holds", day=s.day, month=s.month, year=s.year, error=s.errors["starts_on"],
        hint="For example, 1 4 2027",
    )  # fmt: skip


def reason_field(s: Any) -> rx.Component:
    """Why, for the second person."""
    return textarea(
        "reason", "Why?", value=s.reason, error=s.errors["reason"], rows=3,
        hint="The person who approves it reads this",
    )  # fmt: skip
