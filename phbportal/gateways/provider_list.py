"""A team's own list of organisations: user-led organisations, bureaux, charities, many of them in no directory.

Columns: name (needed), kind, whether led by its users, CQC number, ODS code, address, postcode, telephone, website, and
a decision ("same" or "another") where the portal was in doubt whether it has the organisation already.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from phbportal.domain import identifiers
from phbportal.domain.errors import Refusal
from phbportal.domain.imports import ORGANISATION_DECISION_WORDS, Decision
from phbportal.domain.national import ORGANISATION_WORDS, OrganisationKind
from phbportal.gateways import provider_cells, tabular
from phbportal.gateways.tabular import Row, RowProblem, Table, Unreadable

COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("Organisation", "Organisation name", "Provider", "Provider name"),
    "kind": ("Type", "Kind of organisation", "Organisation type"),
    "user_led": ("User-led", "ULO", "Led by its users"),
    "cqc_location_id": ("CQC number", "CQC id", "CQC location id", "CQC"),
    "ods_code": ("ODS",),
    "address": (),
    "postcode": ("Post code",),
    "telephone": ("Phone", "Phone number", "Tel"),
    "website": ("Web", "Web site", "Web address"),
    "decision": ("Same or another",),
}
"""Every column, and what others call it."""
_NOT_LISTED = (OrganisationKind.ICB, OrganisationKind.SUB_ICB, OrganisationKind.COUNCIL)
KIND_WORDS = {kind: words for kind, words in ORGANISATION_WORDS.items() if kind not in _NOT_LISTED}
"""The kinds of organisation a list may name, and their words."""
_KINDS = {
    word.casefold(): kind
    for kind, words in KIND_WORDS.items()
    for word in (kind.value, kind.value.replace("_", " "), words)
}
_DECISIONS = {word.casefold(): one for one, words in ORGANISATION_DECISION_WORDS.items() for word in (one.value, words)}
_YES, _NO = {"yes", "y", "true", "1"}, {"no", "n", "false", "0"}
_LONGEST = {"name": 200, "address": 500}


@dataclass(frozen=True, slots=True)
class ListRow:
    """One organisation as a list has it; "" and None where it says nothing."""

    row: int
    name: str
    kind: OrganisationKind | None = None
    user_led: bool | None = None
    cqc_location_id: str = ""
    ods_code: str = ""
    address: str = ""
    postcode: str = ""
    telephone: str = ""
    website: str = ""
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class ProviderList:
    """A list read. A row with a problem is refused; the others stand."""

    sha256: str
    row_count: int
    rows: tuple[ListRow, ...]
    problems: tuple[RowProblem, ...]
    headings: dict[str, str]
    notes: tuple[str, ...] = ()
    """What whoever brought the list should know of the file."""


def read_provider_list(content: bytes, *, max_bytes: int = tabular.MAX_BYTES, sheet: str | None = None) -> ProviderList:
    """Read a list, from text or a workbook. Raises Unreadable where it is none; says the rest row by row."""
    return list_of(tabular.read_table(content, wanted=COLUMNS, max_bytes=max_bytes, sheet=sheet))


def list_of(table: Table) -> ProviderList:
    """A list out of a table whose columns are ours already. Raises Unreadable as ``read_provider_list`` does."""
    if "name" not in table.columns:
        raise Unreadable("The file has no column “Name”. Add it under that heading.")
    problems: list[RowProblem] = []
    rows = [found for row in table.rows if (found := _row(row, table, problems))]
    return ProviderList(table.sha256, len(table.rows), tuple(rows), tuple(problems), table.columns, table.notes)


def _row(row: Row, table: Table, problems: list[RowProblem]) -> ListRow | None:
    if stray := tabular.stray_problem(row):
        problems.append(stray)
        return None
    cells = {key: value for key, value in row.cells.items() if value}
    wrong: list[RowProblem] = []
    values: dict[str, object] = {}
    for key, value in cells.items():
        try:
            values[key] = _READERS[key](value)
        except Refusal as refusal:
            sentence = " ".join(problem.sentence for problem in refusal.problems)
            wrong.append(RowProblem(row.number, table.heading(key), sentence))
    if "name" not in cells:
        wrong.append(RowProblem(row.number, table.heading("name"), "The name is missing. Enter it."))
    problems += wrong
    return None if wrong else ListRow(row.number, **values)  # pyright: ignore[reportArgumentType]


def _short(column: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if len(value) > _LONGEST[column]:
            raise Refusal(f"Enter {_LONGEST[column]} letters or fewer.")
        return value

    return read


def _kind(value: str) -> OrganisationKind:
    kind = _KINDS.get(value.casefold())
    if kind is None:
        raise Refusal("Enter a kind of organisation the portal knows, such as User-led organisation or Charity.")
    return kind


def _yes(value: str) -> bool:
    said = value.casefold()
    if said not in _YES | _NO:
        raise Refusal("Enter yes or no.")
    return said in _YES


def _decision(value: str) -> Decision:
    decision = _DECISIONS.get(value.casefold())
    if decision is None:
        raise Refusal("Enter “same” if it is the organisation the portal has, or “another” if it is not.")
    return decision


_READERS: dict[str, Callable[[str], object]] = {
    "name": _short("name"), "kind": _kind, "user_led": _yes, "cqc_location_id": identifiers.cqc_id,
    "ods_code": identifiers.ods_code, "address": _short("address"), "postcode": identifiers.postcode,
    "telephone": provider_cells.telephone, "website": provider_cells.website, "decision": _decision,
}  # fmt: skip
