"""An opening caseload is read as offices keep it, and all that is wrong with it is said at once, in words."""

from __future__ import annotations

from dataclasses import astuple, fields, replace
from datetime import date
from pathlib import Path
from random import Random

import pytest

from phbportal.domain.eligibility import Cohort
from phbportal.domain.phbs import PhbKind
from phbportal.domain.streams import Frequency, Method, PayeeKind
from phbportal.gateways.caseload_draft import LABELS
from phbportal.gateways.caseload_file import Caseload, CaseRow, read_caseload
from phbportal.gateways.tabular import Unreadable
from tests.gateways.caseload_rows import ANOTHER, TODAY, accepted, caseload, faults, reason

FILES = Path(__file__).parents[1] / "data" / "caseload"


def shared(name: str) -> Caseload:
    return read_caseload((FILES / f"{name}.csv").read_bytes(), today=TODAY)


# The three files of the handover.


def test_the_clean_file_is_13_rows_of_12_people_and_nothing_to_say() -> None:
    found = shared("clean")
    assert (found.row_count, len(found.rows), found.person_count) == (13, 13, 12)
    assert found.problems == found.notes == ()
    assert [row.row for row in found.rows] == list(range(2, 15))


def test_the_clean_file_is_read_into_typed_values() -> None:
    amina, second, *_ = shared("clean").rows
    assert amina.nhs_number == "9995001004"
    assert amina.date_of_birth == date(1961, 2, 3)
    assert (amina.cohort, amina.phb_kind, amina.method) == (Cohort.CHC, PhbKind.ONGOING, Method.DIRECT_PAYMENT)
    assert (amina.payee_kind, amina.frequency) == (PayeeKind.HOLDER, Frequency.FOUR_WEEKLY)
    assert (amina.weekly_amount_pence, amina.one_off_amount_pence, amina.balance_pence) == (75_875, 0, 586_963)
    assert (amina.sort_code, amina.account_number) == ("089999", "66374958")
    assert amina.phb_reference is None
    assert second.payee_kind is PayeeKind.NONE
    assert (second.balance_pence, second.balance_on, second.frequency) == (None, None, None)
    assert amina.phb_key == second.phb_key


def test_the_messy_file_is_the_same_people() -> None:
    clean, messy = shared("clean").rows, shared("messy").rows
    lost = {"Wiśniewska": "Wisniewska", "Zofia Wiśniewska P": "Zofia Wi?niewska P"}
    for mine, theirs in zip(clean, messy, strict=True):
        expected = [lost.get(value, value) if isinstance(value, str) else value for value in astuple(mine)]
        assert [*astuple(theirs)][1:] == expected[1:]
    assert [row.row for row in messy] == list(range(4, 17))


def test_the_messy_file_has_one_lost_letter_to_look_at() -> None:
    found = shared("messy")
    assert found.problems == ()
    assert [(note.row, note.column) for note in found.notes] == [(9, "Account Name")]
    assert "Letter 3 of “Wi?niewska” was lost" in found.notes[0].reason


def test_every_fault_of_the_broken_file_is_told_beside_its_cause() -> None:
    found = shared("broken")
    assert faults(found) == [
        (2, "account_number"),
        (3, "family_name"),
        (4, "nhs_number"),
        (5, "date_of_birth"),
        (6, "weekly_amount"),
        (7, "cohort"),
        (8, "payee_kind"),
        (9, "nhs_number"),
        (10, "nhs_number"),
        (11, "balance_on"),
    ]
    assert found.rows == ()
    told = {problem.row: problem.reason for problem in found.problems}
    assert "“Okafor-Reyes” in row 2 and “Okafor” here" in told[3]
    assert "Row 10" in told[9]
    assert "Hui Ying Tan" in told[9]
    assert "Row 9" in told[10]
    assert "31 December 2027" in told[11]


def test_the_order_of_the_rows_changes_nothing_but_their_numbers() -> None:
    lines = (FILES / "clean.csv").read_bytes().splitlines(keepends=True)
    body = lines[1:]
    Random(7).shuffle(body)
    found = read_caseload(lines[0] + b"".join(body), today=TODAY)
    assert found.problems == ()
    assert {replace(row, row=0) for row in found.rows} == {replace(row, row=0) for row in shared("clean").rows}


def test_a_caseload_has_a_digest_of_its_bytes() -> None:
    assert shared("clean").sha256 != shared("messy").sha256
    assert len(shared("clean").sha256) == 64


# Columns.


def test_the_columns_and_the_fields_of_a_row_are_the_same() -> None:
    names = [field.name.removesuffix("_pence") for field in fields(CaseRow)]
    assert sorted(names) == sorted(["row", *LABELS])


def test_an_office_may_use_its_own_headings_and_order() -> None:
    found = caseload(
        {},
        columns=reversed(list(LABELS)),
        headings={"family_name": "SURNAME", "weekly_amount": "Weekly (£)", "date_of_birth": "D.O.B.", "balance": "Bal"},
    )
    assert found.rows == accepted({})


@pytest.mark.parametrize("heading", ["Paid up to", "paid until", "LAST PAID TO", "Paid to (date)", "Paid_to_on"])
def test_offices_say_in_many_words_to_which_day_they_have_paid(heading: str) -> None:
    found = caseload({"paid_to_on": "30 Nov 2026"}, headings={"paid_to_on": heading, "payee_kind": "Paid to"})
    assert [(row.paid_to_on, row.payee_kind) for row in found.rows] == [(date(2026, 11, 30), PayeeKind.HOLDER)]


def test_the_day_paid_to_is_never_lost_in_silence() -> None:
    kept = [column for column in LABELS if column != "paid_to_on"]
    assert caseload({}, columns=kept).problems == ()
    with pytest.raises(Unreadable, match=r"“Payments cover to”.*no column paid_to_on\."):
        caseload({}, columns=[*kept, "Payments cover to"])


def test_a_missing_needed_column_is_named_with_what_was_not_understood() -> None:
    kept = [column for column in LABELS if column != "cohort"]
    with pytest.raises(Unreadable, match=r"no column cohort.*“Moniker”"):
        caseload({}, columns=[*kept, "Moniker"])
    with pytest.raises(Unreadable, match=r"no column nhs_number"):
        caseload({}, columns=[c for c in LABELS if c not in ("nhs_number", "local_reference")])


def test_a_renamed_column_of_money_is_never_lost_in_silence() -> None:
    with pytest.raises(Unreadable, match=r"“What is left”.*no column balance\."):
        caseload({}, headings={"balance": "What is left"})


def test_a_column_more_or_an_optional_column_less_is_no_matter() -> None:
    assert caseload({}, columns=[*LABELS, "Shoe size"]).problems == ()
    assert caseload({}, columns=[column for column in LABELS if column != "payee_email"]).problems == ()


def test_a_file_without_headings_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="no row of headings"):
        read_caseload(b"Ada,Byron,9990000018\n", today=TODAY)


# Cells.


@pytest.mark.parametrize(
    "column",
    [
        "given_name",
        "family_name",
        "date_of_birth",
        "postcode",
        "cohort",
        "eligible_from",
        "phb_kind",
        "phb_started_on",
        "method",
        "stream_started_on",
        "case_manager_email",
    ],
)
@pytest.mark.parametrize("nothing", ["", "-", "N/A"])
def test_a_needed_value_that_is_missing_is_refused(column: str, nothing: str) -> None:
    found = caseload({column: nothing})
    assert faults(found) == [(2, column)]
    assert "is missing" in reason(found)


@pytest.mark.parametrize(
    ("column", "written"),
    [
        ("given_name", "4da"),
        ("family_name", "Se‡n"),
        ("family_name", "Wi?niewska"),
        ("family_name", "Ni\ufffdl"),
        ("family_name", "'"),
        ("family_name", "x" * 101),
        ("nhs_number", "9990000019"),
        ("nhs_number_status", "11"),
        ("date_of_birth", "31/02/1990"),
        ("date_of_birth", "9999"),
        ("postcode", "Liverpool"),
        ("local_reference", "x" * 41),
        ("cohort", "SOMETHING"),
        ("eligible_from", "April"),
        ("phb_reference", "17"),
        ("phb_kind", "FOREVER"),
        ("phb_started_on", "2025-13-01"),
        ("method", "CASH"),
        ("stream_started_on", "05/05/25"),
        ("frequency", "now and then"),
        ("weekly_amount", "about 500"),
        ("weekly_amount", "-1.00"),
        ("one_off_amount", "1.005"),
        ("balance", "plenty"),
        ("balance_on", "yesterday"),
        ("payee_kind", "FRIEND"),
        ("payee_name", "Ren?e"),
        ("payee_email", "at home"),
        ("sort_code", "89999"),
        ("account_number", "1234567X"),
        ("provider_cqc_id", "17"),
        ("provider_name", "Caf\ufffd Care"),
        ("case_manager_email", "the usual"),
        ("first_payment_on", "soon"),
        ("last_review_on", "2026/02/30"),
        ("next_review_on", "?"),
    ],
)
def test_a_value_that_cannot_be_read_is_refused_beside_its_column_and_nowhere_else(column: str, written: str) -> None:
    assert faults(caseload({column: written})) == [(2, column)]


def test_a_lost_letter_is_named_by_its_place() -> None:
    assert "Letter 3 of “Wi?niewska” was lost" in reason(caseload({"family_name": "van Wi?niewska"}))


def test_all_that_is_wrong_with_a_row_is_said_at_once_in_the_order_of_its_columns() -> None:
    found = caseload({"sort_code": "?", "cohort": "?", "date_of_birth": "?", "weekly_amount": "?"}, ANOTHER)
    assert faults(found) == [(2, "date_of_birth"), (2, "cohort"), (2, "weekly_amount"), (2, "sort_code")]
    assert [row.row for row in found.rows] == [3]


@pytest.mark.parametrize("written", ["O'Brien", "O’Brien", "O`Brien", " O´Brien "])
def test_an_apostrophe_of_any_shape_is_one(written: str) -> None:
    assert accepted({"family_name": written})[0].family_name == "O’Brien"


def test_a_name_of_letter_and_mark_is_a_name_of_one_letter() -> None:
    assert accepted({"family_name": "Bronte\u0308"})[0].family_name == "Brontë"


@pytest.mark.parametrize(
    ("column", "written", "kept"),
    [
        ("method", "direct payment", Method.DIRECT_PAYMENT),
        ("method", "DP", Method.DIRECT_PAYMENT),
        ("frequency", "4-weekly", Frequency.FOUR_WEEKLY),
        ("frequency", "Every 4 weeks", Frequency.FOUR_WEEKLY),
        ("cohort", "NHS continuing healthcare", Cohort.CHC),
        ("cohort", "joint-funded", Cohort.JOINT_FUNDED),
        ("payee_kind", "The budget holder", PayeeKind.HOLDER),
        ("nhs_number", "999 000-0018", "9990000018"),
        ("nhs_number_status", "1", "01"),
        ("postcode", "l87ss", "L8 7SS"),
        ("sort_code", "08-99-99", "089999"),
        ("phb_reference", "phb 2026 000123", "PHB-2026-000123"),
        ("case_manager_email", " Case.Manager@EXAMPLE.org", "Case.Manager@example.org"),
    ],
)
def test_a_value_is_kept_in_one_form_however_it_is_written(column: str, written: str, kept: str) -> None:
    assert getattr(accepted({column: written})[0], column) == kept


def test_a_comma_that_was_not_quoted_refuses_the_row_for_that_alone() -> None:
    content = (FILES / "clean.csv").read_text(encoding="utf-8").replace("1276.25", "1,276.25")
    found = read_caseload(content.encode(), today=TODAY)
    assert faults(found) == [(4, "")]
    assert len(found.rows) == 12
