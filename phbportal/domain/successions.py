"""When a board ends and others take over: who goes to which of them, and what belongs to nobody in particular.

Boards merge and split on 1 April (domain.md §7.2). One successor takes everybody. Where there are several, lines such
as "SL, S0E4D" or "PHB-2026-000123, QRL" say who goes where: a reference of a person or budget before a postcode, and
the longer postcode before the shorter. Whoever no line is about is named, and keeps the whole from happening.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.identifiers import icb_code
from phbportal.domain.text import legible, long_date, plural

MOST_SUCCESSORS = 6
MOST_LINES = 50_000
MOST_TOLD = 20
"""How many of those nobody said a word about are told by name; the rest are counted."""
_LINE = re.compile(r"^(?P<who>.+?)\s*(?:[,;\t]|=)\s*(?P<board>[^,;=\t]+)$")
_POSTCODE = re.compile(r"(?P<area>[A-Z]{1,2})(?P<district>\d[A-Z\d]?)? ?(?P<sector>\d)?(?P<unit>[A-Z]{2})?")
_HEADINGS = frozenset({"board", "code", "icb", "successor", "successor board", "board code"})


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody the ending board answers for or holds a budget of. ``references`` are theirs and their budgets';
    ``current`` says whether a line must be about them: the board answers for them still, or a budget has not ended."""

    person_id: UUID
    name: str
    postcode: str
    references: tuple[str, ...]
    current: bool = True


@dataclass(frozen=True, slots=True)
class Assigned:
    """Where everybody goes: a board's code by person. ``unmatched`` are told what no line says, ``torn`` have budgets
    that lines send to different boards, ``unused`` are lines that are about nobody."""

    goes_to: Mapping[UUID, str] = field(default_factory=dict[UUID, str])
    unmatched: tuple[str, ...] = ()
    torn: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()


def read_codes(text: str, *, field: str | None = None) -> tuple[str, ...]:
    """The codes of the boards that take over, the first one first: "S1Y5D" or "S1Y5D, D7T5G"."""
    codes = tuple(icb_code(part, field=field) for part in re.split(r"[,;\s]+", text.strip()) if part)
    if not codes:
        raise Refusal("Enter the code of the board that takes over, such as S1Y5D.", field=field)
    if len(set(codes)) < len(codes):
        raise Refusal("The same board is there twice. Enter each code once.", field=field)
    if len(codes) > MOST_SUCCESSORS:
        raise Refusal(f"At most {MOST_SUCCESSORS} boards can take over from one.", field=field)
    return codes


def read_lines(text: str, boards: Sequence[str], *, field: str | None = None) -> dict[str, str]:
    """Lines of "who, board" as a mapping of who to one of these codes. A heading and empty lines are passed over.

    Who is tidied to capitals and single spaces. Refuses, by the number of the line, what cannot be read, a board that
    takes no part, and the same one sent to two boards.
    """
    found: dict[str, str] = {}
    problems: list[Problem] = []
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        raise Refusal(f"There are more than {MOST_LINES:,} lines.", field=field)
    for number, line in enumerate(lines, 1):
        match = _LINE.match(line.strip().strip("\ufeff"))
        if not line.strip() or (number == 1 and match and match["board"].strip().strip('"').lower() in _HEADINGS):
            continue
        problem = _take(match, boards, found)
        if problem:
            problems.append(Problem(f"Line {number:,}: {problem}", field))
    if problems:
        told = problems[:MOST_TOLD]
        more = (
            [Problem(f"And {plural(len(problems) - MOST_TOLD, 'more line')}.", field)] if problems[MOST_TOLD:] else []
        )
        raise Refusal(*told, *more)
    return found


def as_lines(found: Mapping[str, str]) -> str:
    """Lines as ``read_lines`` reads them."""
    return "\n".join(f"{who}, {board}" for who, board in found.items())


def _take(match: re.Match[str] | None, boards: Sequence[str], found: dict[str, str]) -> str:
    if match is None:
        return "write who, a comma and the code of the board, such as SL, S0E4D."
    who, board = tidy(match["who"]), tidy(match["board"])
    if board not in boards:
        return "that board does not take over from this one. Use one of the codes you entered above."
    if found.setdefault(who, board) != board:
        return "this one is sent to another board by an earlier line."
    return ""


def tidy(text: str) -> str:
    """Capitals, single spaces, no quotation marks: as references and postcodes are compared."""
    return legible(text.strip().strip("\"'")).upper()


def assign(people: Iterable[Leaver], boards: Sequence[str], lines: Mapping[str, str]) -> Assigned:
    """Everybody to one board (I29: one answers for a person at a time). With one successor the lines are not asked.

    Whoever has left the ending board already, and whom no line is about, goes to the first: somebody must have what was
    written of them.
    """
    goes_to: dict[UUID, str] = {}
    unmatched: list[str] = []
    torn: list[str] = []
    used: set[str] = set()
    for one in people:
        if len(boards) == 1:
            goes_to[one.person_id] = boards[0]
            continue
        told = {key: lines[key] for reference in one.references if (key := tidy(reference)) in lines}
        if not told:
            told = {key: lines[key] for key in [k for k in postcode_parts(one.postcode) if k in lines][:1]}
        used |= told.keys()
        if len(set(told.values())) > 1:
            torn.append(one.name)
        elif told:
            goes_to[one.person_id] = next(iter(told.values()))
        elif one.current:
            unmatched.append(one.name)
        else:
            goes_to[one.person_id] = boards[0]
    unused = [key for key in lines if key not in used] if len(boards) > 1 else []
    return Assigned(goes_to, tuple(unmatched), tuple(torn), tuple(unused))


def postcode_parts(postcode: str) -> tuple[str, ...]:
    """A postcode and what it begins with, the longest first: "SL1 2AB", "SL1 2", "SL1", "SL". SL1 is not SL10."""
    match = _POSTCODE.fullmatch(tidy(postcode))
    if match is None:
        return ()
    area, district, sector, unit = match.group("area", "district", "sector", "unit")
    parts = [area]
    if district:
        parts.append(area + district)
        if sector:
            parts.append(f"{area}{district} {sector}")
            if unit:
                parts.append(f"{area}{district} {sector}{unit}")
    return tuple(reversed(parts))


def refuse_incomplete(assigned: Assigned, *, field: str | None = None) -> None:
    """Nobody may be left behind, and nobody may go two ways."""
    problems = [
        Problem(sentence.format(plural(len(names), "person", "people"), _names(names)), field)
        for names, sentence in (
            (assigned.unmatched, "No line is about {}: {}."),
            (assigned.torn, "Lines send {} to more than one board: {}."),
        )
        if names
    ]
    if problems:
        raise Refusal(*problems)


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_TOLD:,} more" if len(names) > MOST_TOLD else ""
    return ", ".join(names[:MOST_TOLD]) + more


def check_days(on: date, today: date, *, ends_on: date | None, starts_on: date | None) -> None:
    """The day must be the day after the board's last, where its last is known, and none of a successor's before its
    first."""
    if ends_on is not None and ends_on + timedelta(days=1) != on:
        raise Refusal(f"This board’s last day is {long_date(ends_on)}, so the day is the one after it.", field="on")
    if starts_on is not None and starts_on > on:
        raise Refusal(f"The board that takes over does not start until {long_date(starts_on)}.", field="on")
    if on > today + timedelta(days=800):
        raise Refusal("That day is more than two years away. Check it.", field="on")
    if on < today - timedelta(days=366):
        raise Refusal("That day is more than a year ago. Check it.", field="on")


def refuse_early(on: date, today: date) -> None:
    """It is carried out on its day or after it, never before: until then the board answers for its people."""
    if today < on:
        raise Refusal(f"This can be approved from {long_date(on)}: until then the board answers for its people.")
