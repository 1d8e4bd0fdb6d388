"""Boards, their succession, and local authorities: public data in ``phbportal/data`` (sources in its README)."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from phbportal.domain.errors import Refusal

REORGANISATION = date(2026, 4, 1)
"""The day the boards were redrawn: 42 became 36."""


@dataclass(frozen=True, slots=True)
class Board:
    """An integrated care board, once per ODS code; both ends of its validity are inclusive days."""

    ods_code: str
    name: str
    region_code: str
    region: str
    valid_from: date
    valid_to: date | None
    ons_code: str
    earlier_ons_code: str | None
    """One board kept its ODS code in 2026 and got a new ONS code with its new boundary."""

    def in_force(self, on: date) -> bool:
        """Whether the board exists on the day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def ons_code_on(self, on: date) -> str:
        """The ONS code to print on something dated that day."""
        return self.earlier_ons_code if self.earlier_ons_code and on < REORGANISATION else self.ons_code


@dataclass(frozen=True, slots=True)
class Succession:
    """One board's people and duties passing, wholly or in part, to another. ``kind``: merger, split or acquisition."""

    predecessor: str
    successor: str
    on: date
    kind: str


@dataclass(frozen=True, slots=True)
class LocalAuthority:
    """An upper-tier authority of England and the ODS codes of the boards it lies in, the main one first."""

    ons_code: str
    name: str
    kind: str
    ods_code: str | None
    boards_to_2026: tuple[str, ...]
    boards_from_2026: tuple[str, ...]

    def boards_on(self, on: date) -> tuple[str, ...]:
        """The boards the authority lies in on the day."""
        return self.boards_to_2026 if on < REORGANISATION else self.boards_from_2026


@cache
def boards() -> tuple[Board, ...]:
    """Every integrated care board since 1 July 2022, ended ones included, ordered by name then code (48 of them)."""
    earlier = {row["ods_code"]: row for row in _rows("boards_to_2026.csv")}
    later = {row["ods_code"]: row for row in _rows("boards_from_2026.csv")}
    found = [_board(code, earlier.get(code), later.get(code)) for code in {**earlier, **later}]
    return tuple(sorted(found, key=lambda board: (board.name, board.ods_code)))


def _board(code: str, earlier: dict[str, str] | None, later: dict[str, str] | None) -> Board:
    newest = later or earlier or {}
    ended = earlier["valid_to"] if earlier and not later else ""
    return Board(
        ods_code=code,
        name=newest["name"],
        region_code=newest["nhs_region_code"],
        region=newest["nhs_region"],
        valid_from=date.fromisoformat((earlier or newest)["valid_from"]),
        valid_to=date.fromisoformat(ended) if ended else None,
        ons_code=newest["ons_code"],
        earlier_ons_code=earlier["ons_code"] if earlier and earlier["ons_code"] != newest["ons_code"] else None,
    )


@cache
def succession() -> tuple[Succession, ...]:
    """The links from the boards of 2022 to those of 1 April 2026."""
    return tuple(
        Succession(row["predecessor_ods"], row["successor_ods"], date.fromisoformat(row["date"]), row["type"])
        for row in _rows("succession_2026.csv")
    )


@cache
def local_authorities() -> tuple[LocalAuthority, ...]:
    """The 153 upper-tier authorities of England, in the order of their ONS codes."""
    return tuple(
        LocalAuthority(
            ons_code=row["ons_code"],
            name=row["name"],
            kind=row["type"],
            ods_code=row["ods_la_code"] or None,
            boards_to_2026=tuple(row["icb_ods_2022"].split("+")),
            boards_from_2026=tuple(row["icb_ods_2026"].split("+")),
        )
        for row in _rows("local_authorities.csv")
    )


def board_in_force(code: str, on: date) -> Board:
    """The board with this ODS code, if it exists on the day.

    Raises Refusal, saying which board to use instead, where the code is unknown, ended or not yet in force.
    """
    wanted = code.strip().upper()
    board = _boards_by_code().get(wanted)
    if board is None:
        raise Refusal(
            f"No integrated care board has the code {wanted or '(empty)'}. Use its ODS code, such as QYG or S1Y5D.",
            field="icb",
        )
    if on < board.valid_from:
        raise Refusal(
            f"{board.name} ({wanted}) does not start until {_in_words(board.valid_from)}. "
            "Use the code of the board in force.",
            field="icb",
        )
    if not board.in_force(on):
        after = [_boards_by_code()[link.successor] for link in succession() if link.predecessor == wanted]
        named = " or ".join(f"{b.name} ({b.ods_code})" for b in after)
        ended = _in_words(board.valid_to or on - timedelta(days=1))
        raise Refusal(f"{board.name} ({wanted}) ended on {ended}. Use {named}.", field="icb")
    return board


def authority_codes(name: str) -> tuple[str, ...]:
    """The ONS codes an authority's name stands for, as the CQC or the ONS spells it.

    One code as a rule; several where the name is of an authority that has since been divided; none where it is unknown.
    """
    return _authority_codes_by_name().get(_plain(name), ())


@cache
def _boards_by_code() -> Mapping[str, Board]:
    return {board.ods_code: board for board in boards()}


@cache
def _authority_codes_by_name() -> Mapping[str, tuple[str, ...]]:
    found = {
        _plain(row["cqc_local_authority_2016"]): tuple(row["ons_code"].split("|"))
        for row in _rows("cqc_authority_aliases.csv")
    }
    found.update({_plain(authority.name): (authority.ons_code,) for authority in local_authorities()})
    return found


def _plain(name: str) -> str:
    """A name without case, punctuation, or the difference between ``&`` and ``and``."""
    text = unicodedata.normalize("NFKD", name).casefold().replace("&", " and ")
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.replace("'", "").replace("’", "")).split())


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("phbportal") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
