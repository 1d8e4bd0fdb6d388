"""A caseload row on its way in: what its columns are called, what could be read, and what is wrong with the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from phbportal.domain.eligibility import Cohort
from phbportal.domain.imports import Decision
from phbportal.domain.phbs import PhbKind, PhbStatus
from phbportal.domain.streams import Frequency, Method, PayeeKind

LABELS = {
    "given_name": "given name",
    "family_name": "family name",
    "nhs_number": "NHS number",
    "nhs_number_status": "NHS number status",
    "date_of_birth": "date of birth",
    "postcode": "postcode",
    "local_reference": "local reference",
    "cohort": "cohort",
    "eligible_from": "day of eligibility",
    "phb_reference": "reference of the budget",
    "phb_kind": "kind of budget",
    "phb_started_on": "start of the budget",
    "phb_status": "status of the budget",
    "phb_ended_on": "last day of the budget",
    "method": "method",
    "stream_started_on": "start of the stream",
    "frequency": "frequency",
    "weekly_amount": "weekly amount",
    "one_off_amount": "one-off amount",
    "balance": "balance",
    "balance_on": "day of the balance",
    "payee_kind": "kind of payee",
    "payee_name": "name of the payee",
    "payee_email": "email address of the payee",
    "account_name": "name on the account",
    "sort_code": "sort code",
    "account_number": "account number",
    "provider_cqc_id": "CQC id of the provider",
    "provider_name": "name of the provider",
    "case_manager_email": "email address of the case manager",
    "first_payment_on": "day of the first payment",
    "paid_to_on": "last day already paid",
    "last_review_on": "day of the last review",
    "next_review_on": "day of the next review",
    "decision": "decision",
}
"""Every column of a caseload file, in its order, and what a sentence calls it."""


@dataclass(slots=True)
class Draft:
    """A row on its way to being a CaseRow: the values that could be read, by column, and what is wrong."""

    number: int
    text: dict[str, str] = field(default_factory=dict)
    dates: dict[str, date] = field(default_factory=dict)
    pence: dict[str, int] = field(default_factory=dict)
    cohort: Cohort | None = None
    phb_kind: PhbKind | None = None
    phb_status: PhbStatus | None = None
    method: Method | None = None
    payee_kind: PayeeKind | None = None
    frequency: Frequency | None = None
    decision: Decision | None = None
    refused: set[str] = field(default_factory=set)
    problems: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    shifted: bool = False
    """Its cells may stand in the wrong columns, so that only this is said of it."""

    def refuse(self, column: str, reason: str) -> None:
        """Keep one thing wrong in one column."""
        self.refused.add(column)
        self.problems.append((column, reason))

    def note(self, column: str, reason: str) -> None:
        """Keep one thing to look at in one column."""
        self.notes.append((column, reason))

    def empty(self, column: str) -> bool:
        """Nothing was written there; what was written but could not be read is not empty."""
        return not (column in self.text or column in self.dates or column in self.pence or column in self.refused)

    @property
    def name(self) -> str:
        """Given and family name, as far as they could be read."""
        return " ".join(filter(None, (self.text.get("given_name"), self.text.get("family_name"))))


def budget_key(
    person: str, cohort: Cohort, kind: PhbKind, started_on: date | None, status: PhbStatus | None
) -> tuple[object, ...]:
    """What makes rows one budget: the person, the cohort and the kind, and for one that is one-off or closed its start:
    of these somebody may have had several."""
    closed = status is PhbStatus.CLOSED
    return (person, cohort, kind, closed, started_on if kind is PhbKind.ONE_OFF or closed else None)
