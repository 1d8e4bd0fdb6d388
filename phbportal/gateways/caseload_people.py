"""What must be true between the rows of a caseload: who is who, what one budget says twice, streams that stand twice.

Rows with one NHS number or one local reference are one person. Rules: domain.md §9.2 (I01, I02).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from phbportal.domain.identifiers import show_nhs_number
from phbportal.domain.text import long_date, search_key
from phbportal.gateways.caseload_draft import LABELS, Draft, budget_key

_PERSON = (
    "given_name",
    "family_name",
    "nhs_number",
    "nhs_number_status",
    "date_of_birth",
    "postcode",
    "local_reference",
)
_BUDGET = (
    "phb_reference", "eligible_from", "phb_started_on", "phb_status", "phb_ended_on", "case_manager_email",
    "last_review_on", "next_review_on",
)  # fmt: skip


_MOST_COMPARED = 20  # thousands of people with the reference "TBC" are all refused without comparing each with each


def check_rows(drafts: Sequence[Draft]) -> None:
    """Everything wrong between rows: who is who, what one budget says twice, and streams that stand twice."""
    _check_people(drafts)
    _check_budgets(drafts)
    _check_repeats(drafts)


def _check_people(drafts: Iterable[Draft]) -> None:
    """Rows with one NHS number or one local reference are one person, and must say the same of that person."""
    people: dict[str, dict[str, list[Draft]]] = {"nhs_number": {}, "local_reference": {}}
    for draft in drafts:
        clash = False
        agreeing: Draft | None = None
        for column, known in people.items():
            value = draft.text.get(column)
            if value is None:
                continue
            others = known.setdefault(value, [])
            same = next((other for other in others if _one_person(draft, other)), None)
            if others and same is None:
                clash = True
                _two_people(draft, others[0], column)
            if same is None and len(others) < _MOST_COMPARED:
                others.append(draft)
            agreeing = agreeing or same
        if agreeing and not clash:
            _must_agree(draft, agreeing, _PERSON, "are one person")


def _one_person(a: Draft, b: Draft) -> bool:
    """Whether two rows with a number or reference in common mean one person, however badly they agree."""
    alike = {
        column: a_value == b_value
        for column in ("given_name", "family_name", "date_of_birth", "nhs_number", "local_reference")
        if (a_value := _compared(a, column)) and (b_value := _compared(b, column))
    }
    if alike.get("nhs_number") and alike.get("local_reference"):
        return True
    described = [alike.get(column, False) for column in ("given_name", "family_name", "date_of_birth")]
    if False in (alike.get("nhs_number"), alike.get("local_reference")):  # twins share a birthday and a surname
        return described[0] and any(described[1:])
    return sum(described) >= 2


def _two_people(draft: Draft, other: Draft, column: str) -> None:
    for this, that in ((draft, other), (other, draft)):
        if column in this.refused:
            continue
        this.refuse(
            column,
            f"Row {that.number} gives the same {LABELS[column]} to {that.name or 'somebody else'}. "
            f"Correct the {LABELS[column]} in the row that has it wrong.",
        )


def _check_budgets(drafts: Iterable[Draft]) -> None:
    """Streams of one budget must say the same of it; one reference belongs to one budget (I02)."""
    budgets: dict[tuple[object, ...], Draft] = {}
    references: dict[str, tuple[tuple[object, ...], Draft]] = {}
    for draft in drafts:
        if draft.cohort is None or draft.phb_kind is None or not _person_key(draft):
            continue
        key = budget_key(
            _person_key(draft), draft.cohort, draft.phb_kind, draft.dates.get("phb_started_on"), draft.phb_status
        )
        first = budgets.setdefault(key, draft)
        if first is not draft:
            _must_agree(draft, first, _BUDGET, "are one budget")
        reference = draft.text.get("phb_reference")
        if reference:
            held_by, holder = references.setdefault(reference, (key, draft))
            if held_by != key:
                draft.refuse(
                    "phb_reference",
                    f"Row {holder.number} has the same reference for another budget. "
                    "Correct one of them, or leave this one empty and it is given one.",
                )


def _check_repeats(drafts: Iterable[Draft]) -> None:
    standing: defaultdict[tuple[object, ...], list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.method is None or draft.cohort is None or draft.phb_kind is None or not _person_key(draft):
            continue
        started_on = draft.dates.get("stream_started_on")
        payee = [draft.text.get(c, "").casefold() for c in ("payee_name", "provider_cqc_id", "provider_name")]
        budget = budget_key(
            _person_key(draft), draft.cohort, draft.phb_kind, draft.dates.get("phb_started_on"), draft.phb_status
        )
        standing[*budget, draft.method, started_on, draft.payee_kind, *payee].append(draft)
    for first, *others in standing.values():
        for other in others:
            if _said(first) == _said(other):
                other.refuse("method", f"This row says the same as row {first.number}. Remove one of them.")
            else:
                other.refuse(
                    "method",
                    f"Row {first.number} has a stream of the same person, method, start and payee. Add them together, "
                    "or say in the provider’s name what tells them apart.",
                )


def _person_key(draft: Draft) -> str:
    """Who the row is about, or "" where that is in doubt."""
    if {"nhs_number", "local_reference"} & draft.refused:
        return ""
    return draft.text.get("nhs_number") or draft.text.get("local_reference", "")


def _must_agree(draft: Draft, other: Draft, columns: Iterable[str], because: str) -> None:
    for column in columns:
        if column in draft.refused or column in other.refused:
            continue
        here, there = _shown(draft, column), _shown(other, column)
        if here != there:
            draft.refuse(
                column,
                f"Rows {other.number} and {draft.number} {because}, but the {LABELS[column]} is {there} in row "
                f"{other.number} and {here} here. Write the same in both.",
            )


def _said(draft: Draft) -> tuple[object, ...]:
    return (draft.text, draft.dates, draft.pence, draft.frequency)


def _compared(draft: Draft, column: str) -> object:
    return draft.dates.get(column) or search_key(draft.text.get(column, ""))


def _shown(draft: Draft, column: str) -> str:
    if column in draft.dates:
        return long_date(draft.dates[column])
    value = draft.text.get(column, "")
    if not value:
        return "empty"
    return show_nhs_number(value) if column == "nhs_number" else f"“{value}”"
