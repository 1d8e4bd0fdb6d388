"""What the page of a file shows: how far it is, its counts, its rows, and what can be done with it now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from phbportal import routes
from phbportal.admin.imports.declared import Import
from phbportal.admin.imports.reading import has_choices
from phbportal.admin.registry import import_of
from phbportal.domain.exports import FILE_WORDS
from phbportal.domain.imports import IMPORT_WORDS, OUTCOME_WORDS, ImportStatus, Outcome
from phbportal.domain.text import listed, plural
from phbportal.gateways.table_rows import row_words
from phbportal.policy.actors import Subject
from phbportal.queries.imports import BatchView, rows_by_number, rows_of
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.choices import Choice
from phbportal.ui.tables import Line

SIZE = 50


@dataclass(frozen=True)
class Shown:
    """One row of the file."""

    number: str
    outcome: str
    colour: str
    words: str
    reason: str


@dataclass(frozen=True)
class Narrow:
    """The rows of one outcome: its words with how many there are, its address, and whether it is shown."""

    label: str
    href: str
    current: bool


@dataclass(frozen=True)
class Strange:
    """A value that stands for none of a column's choices, and what it could be."""

    name: str
    label: str
    choices: list[Choice]


@dataclass(frozen=True)
class Doubtful:
    """A row that may mean what the portal has already: a person says which, and may say it otherwise again."""

    name: str
    label: str
    reason: str
    value: str
    choices: list[Choice]


COLOURS = {Outcome.NEW: "green", Outcome.CHANGED: "blue", Outcome.SAME: "grey", Outcome.REFUSED: "red"}


def facts(batch: BatchView) -> list[Line]:
    """The file and its people, as a summary list."""
    found = [
        ("Stands at", IMPORT_WORDS[batch.status]), ("File", batch.file_name or "No longer kept"),
        ("Sheets", sheets_words(batch)),
        ("Prepared by", batch.prepared), ("Decided by", batch.decided), ("Note about it", batch.note),
        ("Brought in", batch.brought), ("Taken back by", batch.taken_back), ("Rows", counts(batch)),
    ]  # fmt: skip
    return [Line(key, value) for key, value in found if value]


def sheets_words(batch: BatchView) -> str:
    """Which sheets of a workbook of several are read, and which are left out; "" of any other file."""
    if len(batch.sheets) < 2:
        return ""
    read = listed([f"“{name}”" for name in batch.chosen])
    left = listed([f"“{one['name']}”" for one in batch.sheets if one["name"] not in batch.chosen])
    return f"{read}; left out: {left}" if left else read


def counts(batch: BatchView) -> str:
    """ "12 rows: 9 new, 1 changed, 1 as it was, 1 refused"; "" before the file is tried."""
    if not sum(batch.counts.values()):
        return ""
    told = [f"{batch.counts[one.value]:,} {OUTCOME_WORDS[one].lower()}" for one in Outcome if batch.counts[one.value]]
    return f"{plural(batch.total, 'row')}: {', '.join(told)}"


def progress_words(batch: BatchView) -> str:
    """How far the portal is."""
    if batch.total:
        return f"{IMPORT_WORDS[batch.status]}: {batch.done:,} of {plural(batch.total, 'row')}."
    return f"{IMPORT_WORDS[batch.status]}. You can leave this page and come back."


def narrows(batch: BatchView, outcome: str) -> list[Narrow]:
    """The ways to look at some of the rows."""
    here = routes.staff_import(batch.id)
    found = [Narrow(f"All ({batch.total:,})", here, not outcome)]
    return found + [
        Narrow(
            f"{OUTCOME_WORDS[one]} ({batch.counts[one.value]:,})", f"{here}?outcome={one.value}", one.value == outcome
        )
        for one in Outcome
        if batch.counts[one.value]
    ]


def page_of_rows(uow: UnitOfWork, batch: BatchView, outcome: str, after: int) -> tuple[list[Shown], str]:
    """Some rows, and the address of those after them ("" for none)."""
    found = rows_of(
        uow.session, uow.actor, uow.today, batch.id, outcome=outcome, after=after, most=SIZE + 1
    )  # fmt: skip
    shown = [
        Shown(
            row_words(one.number, batch.read_sheets), OUTCOME_WORDS[Outcome(one.outcome)],
            COLOURS[Outcome(one.outcome)], one.words, one.reason,
        )
        for one in found[:SIZE]
    ]  # fmt: skip
    query = {"outcome": outcome, "after": str(found[SIZE - 1].number)} if len(found) > SIZE else {}
    on = urlencode({name: value for name, value in query.items() if value})
    return shown, f"{routes.staff_import(batch.id)}?{on}" if on else ""


def strange_values(batch: BatchView, declared: Import) -> list[Strange]:
    """What is asked of values nobody knows, in the order in which they are named."""
    found: list[Strange] = []
    for n, (column, value) in enumerate(strange_pairs(batch)):
        field: Any = declared.field(column)
        if has_choices(field):
            options = [Choice("", "Leave it refused"), *[Choice(code, words) for code, words in field.options()]]
            found.append(Strange(f"v{n}", f"{field.words()}: “{value}”", options))
    return found


def doubtful_rows(uow: UnitOfWork, batch: BatchView, declared: Import) -> list[Doubtful]:
    """What is asked of rows that may mean what the portal has, with what was decided so far."""
    if not batch.doubts or not declared.same_words:
        return []
    choices = [Choice(one.value, words) for one, words in declared.same_words.items()]
    found = rows_by_number(uow.session, uow.actor, uow.today, batch.id, [int(number) for number in batch.doubts])
    doubtful: list[Doubtful] = []
    for row in found:
        about, said = batch.decisions.get(str(row.number), ("", ""))
        decision = said if about == batch.doubts[str(row.number)] else ""
        label = ": ".join(filter(None, (row_words(row.number, batch.read_sheets), row.words)))
        doubtful.append(Doubtful(f"d{row.number}", label, row.reason, decision, choices))
    return doubtful


def strange_pairs(batch: BatchView) -> list[tuple[str, str]]:
    """Columns and values that stand for none of their choices."""
    return [(column, value) for column, values in batch.strange.items() for value in values]


def downloads(batch: BatchView) -> list[Choice]:
    """The refused rows as files, while the file is kept."""
    readable = batch.columns or import_of(batch.resource, batch.way).any_columns
    if not (batch.is_mine and batch.stored_as and readable and batch.counts["REFUSED"]):
        return []
    return [
        Choice(f"{routes.IMPORT_REFUSED}/{batch.id}?kind={kind.value}", words) for kind, words in FILE_WORDS.items()
    ]


def acts_now(uow: UnitOfWork, batch: BatchView) -> dict[str, Any]:
    """Which buttons the actor has now."""
    declared = import_of(batch.resource, batch.way)
    board = frozenset({uow.actor.icb_id}) if uow.actor.icb_id else frozenset()
    mine = batch.is_mine and uow.decide(declared.permission, Subject(icbs=board)).allowed
    second = (
        declared.second is not None and not batch.is_mine and uow.decide(declared.second, Subject(icbs=board)).allowed
    )
    status, something = batch.status, batch.counts["NEW"] + batch.counts["CHANGED"] > 0
    whole = not (declared.all_or_nothing and batch.counts["REFUSED"])
    tried = mine and status is ImportStatus.TRIED
    takes_back = status is ImportStatus.DONE and not declared.keeps
    return {
        "may_go": tried and something and whole,
        "go_words": "Ask a second person to agree" if batch.second else "Bring it in",
        "not_go": _not_go(batch, something, whole) if tried else "",
        "may_name": tried and bool(batch.strange),
        "may_say": tried and bool(batch.doubts and declared.same_words),
        "columns_href": routes.of_import(routes.STAFF_IMPORT_COLUMNS, batch.id)
        if mine and status in (ImportStatus.READ, ImportStatus.TRIED) and not declared.any_columns else "",
        "may_give_up": mine and status in (ImportStatus.READ, ImportStatus.TRIED, ImportStatus.ASKED),
        "may_decide": second and status is ImportStatus.ASKED,
        "may_take_back": takes_back and mine and not batch.second,
        "may_take_back_second": takes_back and second,
    }  # fmt: skip


def _not_go(batch: BatchView, something: bool, whole: bool) -> str:
    if not whole:
        below = " Some rows wait for your decision below." if batch.doubts else ""
        return f"The whole file is brought in or nothing of it. Put the refused rows right, and bring it again.{below}"
    if not something and batch.counts["REFUSED"] == batch.total:
        return "Every row is refused, so there is nothing to bring in yet. What each needs stands beside it."
    if not something:
        return "The portal has all of this already, or refuses it: there is nothing to bring in."
    if batch.counts["REFUSED"]:
        return "The refused rows are left out. You can download them, put them right and bring them again."
    return ""
