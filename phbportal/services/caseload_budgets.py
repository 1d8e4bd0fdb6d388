"""Which budgets of a caseload are new, and whether a row says otherwise than one the portal already has.

A budget is the person's, of one cohort and kind. Once brought in, its money and its reviews are the portal's: a file
that says otherwise is refused with what to do instead. The case manager and the payee's e-mail address may be changed.
An empty cell says nothing, and so does a date of first payment that was still to come when the budget was brought in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from phbportal.domain.phbs import ENDED, PhbKind, PhbStatus
from phbportal.domain.streams import Frequency
from phbportal.domain.text import search_key
from phbportal.gateways.caseload_draft import LABELS
from phbportal.gateways.caseload_file import CaseRow
from phbportal.services.caseload_known import StandingBudget, StandingStream
from phbportal.services.caseload_people import PersonMatch, Refuse
from phbportal.services.caseload_providers import provider_name
from phbportal.services.unit_of_work import london_date

HIGHEST_NUMBER = 900_000
"""A reference given by a file moves the portal's own counter beyond it, so it must leave room above."""
LONGEST_ACCOUNT_NAME = 18

_BY_REVIEW = "Changing it needs a review in the portal: put the earlier value back in the file."
_WHAT_TO_DO = {
    "phb_reference": "Put the portal’s reference in the file, or leave the cell empty.",
    "eligible_from": "Put the earlier day back in the file; record a new eligibility on the person’s record.",
    "phb_status": "The portal keeps it: put the earlier one back in the file, or leave the cell empty.",
    "phb_ended_on": "The portal keeps it: put the earlier day back in the file.",
    "balance": "It was posted as the opening balance: record in the portal what has happened to the money since.",
    "balance_on": "The opening balance was posted for another day, and a posted entry does not change.",
    "paid_to_on": "Put back what it said; payments are recorded in the portal. If it was wrong from the start, take "
    "the file back and bring it in again.",
    "first_payment_on": "Put the earlier day back in the file; payments are recorded in the portal.",
    **dict.fromkeys(
        ("account_name", "sort_code", "account_number"),
        "Enter new bank details on the budget’s page, where a second person approves them.",
    ),
    **dict.fromkeys(
        ("last_review_on", "next_review_on"), "Reviews are kept in the portal: put the earlier day back in the file."
    ),
}


@dataclass(slots=True)
class BudgetMatch:
    """The rows of one budget; the budget, if the portal has it; the stream of each row; and what is to be changed."""

    person: PersonMatch
    rows: list[CaseRow]
    standing: StandingBudget | None = None
    streams: dict[int, StandingStream] = field(default_factory=dict[int, StandingStream])
    """By row number."""
    case_manager_id: UUID | None = None
    """Whom the file names; of a budget that stands it counts only where ``case_manager_changes``."""
    case_manager_changes: bool = False
    emails: dict[str, str] = field(default_factory=dict[str, str])
    """New e-mail addresses of payees by stream id."""
    email_rows: set[int] = field(default_factory=set[int])

    @property
    def first(self) -> CaseRow:
        return self.rows[0]


@dataclass(slots=True)
class NewBudget:
    """A budget to be opened: its rows, whom the file names as case manager, and whose it is."""

    rows: list[CaseRow]
    case_manager_id: UUID | None
    person: PersonMatch

    @property
    def first(self) -> CaseRow:
        return self.rows[0]


def match_budgets(
    matches: Sequence[PersonMatch], standing: dict[UUID, list[StandingBudget]], taken: set[str], icb_id: UUID,
    refuse: Refuse,
) -> list[BudgetMatch]:  # fmt: skip
    """Match every budget of the rows. What is refused is still among the matches: the caller stops at a refusal."""
    found: list[BudgetMatch] = []
    for match in matches:
        groups: dict[tuple[object, ...], BudgetMatch] = {}
        for row in match.rows:
            groups.setdefault(row.phb_key, BudgetMatch(match, [])).rows.append(row)
        budgets = standing.get(match.person.id, []) if match.person else []
        for group in groups.values():
            group.standing = _standing(group.first, [b for b in budgets if b.phb.icb_id == icb_id])
        claimed = {group.standing.phb.id for group in groups.values() if group.standing}
        for group in groups.values():
            if group.standing is None:
                _check_new(group, budgets, claimed, taken, icb_id, refuse)
            elif not group.standing.brought_in:
                _refuse_all(group, "cohort", refuse,
                            f"The portal already has this person’s budget for the same reason, "
                            f"{group.standing.phb.reference}, and it was not brought in from a file. Leave the person "
                            "out of the file, or end that budget first.")  # fmt: skip
            else:
                _compare(group, group.standing, refuse)
        found += groups.values()
    return found


def _standing(row: CaseRow, budgets: list[StandingBudget]) -> StandingBudget | None:
    """The budget a row means: the open one of its cohort and kind, else an ended one that began the same day."""
    alike = [b for b in budgets if (b.phb.cohort, b.phb.kind) == (row.cohort.value, row.phb_kind.value)]
    same_day = [b for b in alike if b.phb.opened_on == row.phb_started_on]
    still_open = [b for b in alike if b.phb.status not in ENDED]
    closed = row.phb_status is PhbStatus.CLOSED
    candidates = same_day if closed or row.phb_kind is PhbKind.ONE_OFF else [*still_open, *same_day]
    return candidates[0] if candidates else None


def _refuse_all(group: BudgetMatch, column: str, refuse: Refuse, sentence: str) -> None:
    for row in group.rows:
        refuse(row, column, sentence)


def _check_new(
    group: BudgetMatch, budgets: list[StandingBudget], claimed: set[UUID], taken: set[str], icb_id: UUID,
    refuse: Refuse,
) -> None:  # fmt: skip
    """What stands in the way of opening a budget."""
    first, person = group.first, group.person.person
    if person is not None and person.died_on is not None:
        _refuse_all(group, "phb_started_on", refuse, "The portal has this person as having died, so no budget can be "
                    "opened. Leave the row out.")  # fmt: skip
    for budget in budgets:
        phb = budget.phb
        same = (phb.cohort, phb.kind) == (first.cohort.value, PhbKind.ONGOING.value) and first.phb_kind == phb.kind
        if phb.icb_id != icb_id and same and phb.status not in ENDED:
            _refuse_all(group, "cohort", refuse, "This person still has an ongoing budget for the same reason with "
                        "another board. Ask that board to end it first.")  # fmt: skip
        if phb.icb_id == icb_id and phb.id not in claimed:
            _refuse_moved(group, budget, refuse)
    reference = first.phb_reference
    if reference in taken:
        _refuse_all(group, "phb_reference", refuse, "Another budget in the portal has this reference. Correct it, or "
                    "leave it empty and the budget is given one.")  # fmt: skip
    elif reference and int(reference.rpartition("-")[2]) > HIGHEST_NUMBER:
        _refuse_all(group, "phb_reference", refuse, f"The number of a reference brought in must be {HIGHEST_NUMBER:,} "
                    "or less. Leave it empty and the budget is given one.")  # fmt: skip
    for row in group.rows:
        if len(row.account_name or "") > LONGEST_ACCOUNT_NAME:
            refuse(row, "account_name", f"Banks take {LONGEST_ACCOUNT_NAME} letters of the name on an account. "
                   "Shorten it.")  # fmt: skip


def _refuse_moved(group: BudgetMatch, budget: StandingBudget, refuse: Refuse) -> None:
    """A stream that stands in the portal under another cohort or kind is that stream, not a second one: bringing it in
    again would post its money twice."""
    for row in group.rows:
        meant = (row.method.value, row.stream_started_on)
        if any((standing.stream.method, standing.stream.starts_on) == meant for standing in budget.streams):
            column = "cohort" if budget.phb.cohort != row.cohort else "phb_kind"
            if column == "phb_kind" and budget.phb.kind == row.phb_kind:
                column = "phb_started_on"
            refuse(
                row, column,
                f"The portal has this stream in the budget {budget.phb.reference}, with another {LABELS[column]}. "
                f"{_BY_REVIEW} If this is a second budget, open it in the portal.",
            )  # fmt: skip


def _compare(group: BudgetMatch, standing: StandingBudget, refuse: Refuse) -> None:
    """Every cell of the rows against the budget that stands."""
    streams = _pair(group.rows, standing.streams)
    for row in group.rows:
        for column in _differing_in_budget(row, standing):
            _refuse_change(row, column, refuse)
        stream = streams.get(row.row)
        if stream is None:
            refuse(
                row, "method",
                f"The budget {standing.phb.reference} has no such stream. Adding one, or changing its method, needs a "
                "review in the portal: take the row out, or put back what it said.",
            )  # fmt: skip
            continue
        group.streams[row.row] = stream
        for column in _differing_in_stream(row, stream):
            _refuse_change(row, column, refuse)
        account = (row.account_name or "", row.sort_code or "", row.account_number or "")
        if row.sort_code and account not in standing.accounts:
            _refuse_change(row, _differing_in_account(account, standing.accounts), refuse)
        if row.payee_email and row.payee_email != stream.email:
            group.emails[str(stream.stream.id)] = row.payee_email
            group.email_rows.add(row.row)


def _refuse_change(row: CaseRow, column: str, refuse: Refuse) -> None:
    what = _WHAT_TO_DO.get(column, _BY_REVIEW)
    refuse(row, column, f"The portal has another {LABELS[column]} for this budget. {what}")


def _pair(rows: list[CaseRow], streams: list[StandingStream]) -> dict[int, StandingStream]:
    """The stream each row means, the surest first; in doubt none, so that a row is refused and nothing posted."""
    left, pairs = list(streams), dict[int, StandingStream]()
    sure: tuple[Callable[[CaseRow, StandingStream], bool], ...] = (
        lambda row, s: not any(_differing_in_stream(row, s)),
        lambda row, s: s.stream.starts_on == row.stream_started_on and _same_payee(row, s),
        lambda row, s: s.stream.starts_on == row.stream_started_on,
        lambda _row, _s: True,
    )
    for like in sure:
        for row in rows:
            if row.row not in pairs and (
                found := [s for s in left if s.stream.method == row.method.value and like(row, s)]
            ):
                pairs[row.row] = found[0]
                left.remove(found[0])
    return pairs


def _same_payee(row: CaseRow, standing: StandingStream) -> bool:
    stream = standing.stream
    return (
        stream.payee_kind == row.payee_kind.value
        and (row.payee_name is None or search_key(row.payee_name) == search_key(stream.payee_name))
        and _same_provider(row, standing)
    )


def _same_provider(row: CaseRow, standing: StandingStream) -> bool:
    stream, name = standing.stream, provider_name(row)
    if row.provider_cqc_id:
        return row.provider_cqc_id in (stream.cqc_location_id, stream.cqc_provider_id)
    return not name or (bool(stream.organisation_id) and stream.provider_search_name == search_key(name)[:200])


def _differing_in_budget(row: CaseRow, standing: StandingBudget) -> Iterator[str]:
    phb = standing.phb
    if row.phb_reference and row.phb_reference != phb.reference:
        yield "phb_reference"
    if row.eligible_from != standing.eligible_from:
        yield "eligible_from"
    if row.phb_started_on != phb.opened_on:
        yield "phb_started_on"
    if row.phb_status and row.phb_status != phb.status:
        yield "phb_status"
    if row.phb_ended_on and row.phb_status is PhbStatus.CLOSED and row.phb_ended_on != phb.ended_on:
        yield "phb_ended_on"
    if row.last_review_on and row.last_review_on not in standing.reviews_held:
        yield "last_review_on"
    if row.next_review_on and row.next_review_on not in standing.reviews_due:
        yield "next_review_on"


def _differing_in_stream(row: CaseRow, standing: StandingStream) -> Iterator[str]:
    stream = standing.stream
    held, held_on = standing.opening or (0, None)
    pairs = (
        ("stream_started_on", row.stream_started_on, stream.starts_on),
        ("frequency", (row.frequency or Frequency(stream.frequency)).value, stream.frequency),
        ("weekly_amount", row.weekly_amount_pence, stream.weekly_pence),
        ("one_off_amount", row.one_off_amount_pence, stream.one_off_pence),
        ("balance", held if row.balance_pence is None else row.balance_pence, held),
        ("balance_on", row.balance_on if held_on and row.balance_on else held_on, held_on),
        ("payee_kind", row.payee_kind.value, stream.payee_kind),
        ("payee_name", search_key(row.payee_name or stream.payee_name), search_key(stream.payee_name)),
    )
    yield from (column for column, said, stands in pairs if said != stands)
    if not _same_provider(row, standing):
        named = ("provider_cqc_id", row.provider_cqc_id), ("provider_name", row.provider_name)
        yield next((column for column, value in named if value), "payee_name")
    paid = row.first_payment_on
    if paid and paid <= london_date(stream.created_at) and paid != stream.first_payment_on:
        yield "first_payment_on"
    if row.paid_to_on and row.paid_to_on != stream.paid_to_on:
        yield "paid_to_on"


def _differing_in_account(account: tuple[str, str, str], accounts: set[tuple[str, str, str]]) -> str:
    """The first cell of the bank details that no account of the budget has."""
    for place, column in ((1, "sort_code"), (2, "account_number"), (0, "account_name")):
        if account[place] not in {known[place] for known in accounts}:
            return column
    return "account_number"
