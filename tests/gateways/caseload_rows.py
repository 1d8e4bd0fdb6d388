"""An invented row of a caseload that nothing is wrong with, and files of rows that differ from it as said."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date

from phbportal.gateways.caseload_draft import LABELS
from phbportal.gateways.caseload_file import Caseload, CaseRow, read_caseload

TODAY = date(2026, 11, 22)

ROW = {
    "given_name": "Ada",
    "family_name": "Byron",
    "nhs_number": "9990000018",
    "nhs_number_status": "01",
    "date_of_birth": "1970-12-10",
    "postcode": "L8 7SS",
    "local_reference": "CM-1",
    "cohort": "CHC",
    "eligible_from": "2025-04-01",
    "phb_kind": "ONGOING",
    "phb_started_on": "2025-05-05",
    "method": "DIRECT_PAYMENT",
    "stream_started_on": "2025-05-05",
    "frequency": "FOUR_WEEKLY",
    "weekly_amount": "100.00",
    "one_off_amount": "0.00",
    "balance": "50.00",
    "balance_on": "2026-09-30",
    "payee_kind": "HOLDER",
    "account_name": "Ada Byron",
    "sort_code": "089999",
    "account_number": "66374958",
    "case_manager_email": "case.manager@example.org",
    "first_payment_on": "2025-05-05",
    "last_review_on": "2026-05-11",
    "next_review_on": "2027-05-10",
}
NOTIONAL = dict.fromkeys(
    ("frequency", "balance", "balance_on", "payee_kind", "account_name", "sort_code", "account_number"), ""
) | {"method": "NOTIONAL"}
ANOTHER = {"given_name": "Mary", "nhs_number": "9990000026", "local_reference": "CM-2", "date_of_birth": "1980-11-26"}


def caseload(
    *rows: dict[str, str], columns: Iterable[str] = LABELS, headings: dict[str, str] | None = None
) -> Caseload:
    """A file of rows that differ from ``ROW`` as said; the first stands in row 2."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    kept = list(columns)
    writer.writerow([(headings or {}).get(column, column) for column in kept])
    writer.writerows([(ROW | row).get(column, "") for column in kept] for row in rows)
    return read_caseload(out.getvalue().encode(), today=TODAY)


def faults(found: Caseload) -> list[tuple[int, str]]:
    return [(problem.row, problem.column) for problem in found.problems]


def reason(found: Caseload) -> str:
    assert len(found.problems) == 1, found.problems
    return found.problems[0].reason


def accepted(*rows: dict[str, str]) -> tuple[CaseRow, ...]:
    found = caseload(*rows)
    assert found.problems == ()
    return found.rows
