"""The opening caseload: one row a stream, as a board's offices keep it. Bytes in, frozen rows out.

Columns, in the file's own words: ``caseload_draft.LABELS``. Headings may be an office's own ("Surname", "DOB",
"Weekly £"), dates and amounts as people write them. All that is wrong with a row is said at once: ``caseload_cells``
reads each cell, ``caseload_checks`` looks between the cells of a row, ``caseload_people`` between rows.

Needed in every row: names, date of birth, postcode, an NHS number or a local reference, cohort, day of eligibility,
kind and start of the budget, method, start of the stream, an amount, the case manager, and a review or first payment;
for what is paid out also the payee and how often. The rest may be empty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from phbportal.domain.eligibility import Cohort
from phbportal.domain.imports import Decision
from phbportal.domain.phbs import PhbKind, PhbStatus
from phbportal.domain.streams import Frequency, Method, PayeeKind
from phbportal.domain.text import listed
from phbportal.gateways import tabular
from phbportal.gateways.caseload_cells import NEEDED, SYNONYMS, CellReader
from phbportal.gateways.caseload_checks import check_row
from phbportal.gateways.caseload_draft import LABELS, Draft, budget_key
from phbportal.gateways.caseload_people import check_rows
from phbportal.gateways.tabular import RowProblem, Table, Unreadable

_SELDOM = ("phb_status", "phb_ended_on", "decision")
"""Columns most caseloads have no use for."""
_NEEDED_COLUMNS = (*NEEDED, "weekly_amount")


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One stream of one budget of one person, read and checked. Money in pence; absent facts are None."""

    row: int
    given_name: str
    family_name: str
    nhs_number: str | None
    nhs_number_status: str
    """Data dictionary code; "02" (present, not traced) where the file gives a number and no status."""
    date_of_birth: date
    postcode: str
    local_reference: str | None
    cohort: Cohort
    eligible_from: date
    phb_reference: str | None
    phb_kind: PhbKind
    phb_started_on: date
    method: Method
    stream_started_on: date
    frequency: Frequency | None
    weekly_amount_pence: int
    one_off_amount_pence: int
    balance_pence: int | None
    """What the payee held at the end of ``balance_on``; below nought where more was spent than paid."""
    balance_on: date | None
    payee_kind: PayeeKind
    payee_name: str | None
    payee_email: str | None
    account_name: str | None
    """With ``sort_code`` and ``account_number``: all three, or none."""
    sort_code: str | None
    account_number: str | None
    provider_cqc_id: str | None
    provider_name: str | None
    case_manager_email: str
    first_payment_on: date | None
    paid_to_on: date | None
    """The last day that was paid for before; None where the file does not say, or nothing was paid."""
    last_review_on: date | None
    next_review_on: date | None
    phb_status: PhbStatus | None = None
    """None where the file says nothing: then it is active, or being set up until it starts."""
    phb_ended_on: date | None = None
    decision: Decision | None = None
    """Whether this is the namesake the portal has, where it was in doubt."""

    @property
    def person_key(self) -> str:
        """The same for all rows of one person in a file, and for no other person's."""
        return self.nhs_number or f"local {self.local_reference}"

    @property
    def phb_key(self) -> tuple[object, ...]:
        """The same for all streams of one budget in a file, and for no other budget's."""
        return budget_key(self.person_key, self.cohort, self.phb_kind, self.phb_started_on, self.phb_status)


@dataclass(frozen=True, slots=True)
class Caseload:
    """A caseload file read. With any problem the file is not to be imported (all or nothing); notes do not stop it."""

    sha256: str
    row_count: int
    rows: tuple[CaseRow, ...]
    """The rows without a problem, in the file's order."""
    problems: tuple[RowProblem, ...]
    notes: tuple[RowProblem, ...]
    names: Mapping[int, str] = field(default_factory=dict[int, str])
    """Whom rows with a problem are about, as far as that could be read, by their numbers."""

    @property
    def person_count(self) -> int:
        """How many people the accepted rows are about."""
        return len({row.person_key for row in self.rows})


def read_caseload(
    content: bytes, *, today: date, max_bytes: int = tabular.MAX_BYTES, sheet: str | None = None
) -> Caseload:
    """Read a caseload, from text or a workbook. ``today`` is the London date, by which "in the future" is judged.

    Of a workbook the sheet named is read, or all in sight that have the same headings.

    Raises Unreadable where the file is no table, lacks a needed column, or has columns that are not understood while
    others are missing; everything else is said row by row.
    """
    return caseload_of(tabular.read_table(content, wanted=SYNONYMS, max_bytes=max_bytes, sheet=sheet), today=today)


def caseload_of(table: Table, *, today: date) -> Caseload:
    """A caseload out of a table whose columns are ours already. Raises Unreadable as ``read_caseload`` does."""
    _refuse_missing_columns(table)
    reader = CellReader()
    left, table = list(reversed(table.rows)), replace(table, rows=())
    drafts: list[Draft] = []
    while left:  # each row is let go of when it is read: of 100,000 there is not room for both
        drafts.append(reader.read(left.pop()))
    for draft in drafts:
        if not draft.shifted:
            check_row(draft, today)
    check_rows([draft for draft in drafts if not draft.shifted])
    count = len(drafts)
    problems = _said(table, drafts, lambda draft: draft.problems)
    notes = (*(RowProblem(0, "", note) for note in table.notes), *_said(table, drafts, lambda draft: draft.notes))
    rows, names = list[CaseRow](), dict[int, str]()
    drafts.reverse()
    while drafts:  # nor for drafts beside the rows that come of them
        draft = drafts.pop()
        if row := _case_row(draft):
            rows.append(row)
        else:
            names[draft.number] = draft.name
    return Caseload(table.sha256, count, tuple(rows), problems, notes, names)


def _said(table: Table, drafts: list[Draft], of: Callable[[Draft], list[tuple[str, str]]]) -> tuple[RowProblem, ...]:
    """Row by row, and within a row in the order of the columns, under the headings the file has."""
    order = {column: place for place, column in enumerate(LABELS)}
    return tuple(
        RowProblem(draft.number, table.heading(column), reason)
        for draft in drafts
        for column, reason in sorted(of(draft), key=lambda pair: order.get(pair[0], -1))
    )


def _refuse_missing_columns(table: Table) -> None:
    missing = [column for column in _NEEDED_COLUMNS if column not in table.columns]
    if not {"nhs_number", "local_reference"} & table.columns.keys():
        missing.append("nhs_number")
    unknown = listed([f"“{heading}”" for heading in table.unknown])
    if missing:
        sentence = f"The file has no column {listed(missing)}. Add it under that heading."
        if unknown:
            sentence += f" We did not understand the heading {unknown}: if that is it, rename it."
        raise Unreadable(sentence)
    # A renamed column must not be lost in silence: it may be the one with the balances.
    absent = [column for column in LABELS if column not in table.columns and column not in _SELDOM]
    if unknown and absent:
        raise Unreadable(
            f"We did not understand the heading {unknown}, and the file has no column {listed(absent)}. "
            "Rename the heading if it is one of these; remove the column if it is something else."
        )


def _case_row(draft: Draft) -> CaseRow | None:
    """A draft as a row, if nothing is wrong with it: then every needed value is there."""
    cohort, phb_kind, method, payee_kind = draft.cohort, draft.phb_kind, draft.method, draft.payee_kind
    if draft.problems or cohort is None or phb_kind is None or method is None or payee_kind is None:
        return None
    text, dates, pence = draft.text, draft.dates, draft.pence
    return CaseRow(
        row=draft.number,
        given_name=text["given_name"],
        family_name=text["family_name"],
        nhs_number=text.get("nhs_number"),
        nhs_number_status=text.get("nhs_number_status", "02"),
        date_of_birth=dates["date_of_birth"],
        postcode=text["postcode"],
        local_reference=text.get("local_reference"),
        cohort=cohort,
        eligible_from=dates["eligible_from"],
        phb_reference=text.get("phb_reference"),
        phb_kind=phb_kind,
        phb_started_on=dates["phb_started_on"],
        method=method,
        stream_started_on=dates["stream_started_on"],
        frequency=draft.frequency,
        weekly_amount_pence=pence.get("weekly_amount", 0),
        one_off_amount_pence=pence.get("one_off_amount", 0),
        balance_pence=pence.get("balance"),
        balance_on=dates.get("balance_on"),
        payee_kind=payee_kind,
        payee_name=text.get("payee_name"),
        payee_email=text.get("payee_email"),
        account_name=text.get("account_name"),
        sort_code=text.get("sort_code"),
        account_number=text.get("account_number"),
        provider_cqc_id=text.get("provider_cqc_id"),
        provider_name=text.get("provider_name"),
        case_manager_email=text["case_manager_email"],
        first_payment_on=dates.get("first_payment_on"),
        paid_to_on=dates.get("paid_to_on"),
        last_review_on=dates.get("last_review_on"),
        next_review_on=dates.get("next_review_on"),
        phb_status=draft.phb_status,
        phb_ended_on=dates.get("phb_ended_on"),
        decision=draft.decision,
    )
