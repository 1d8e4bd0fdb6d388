"""What must be true of an opening caseload between the cells of a row and between its rows, said in words."""

from __future__ import annotations

from datetime import date

import pytest

from phbportal.domain.streams import PayeeKind
from tests.gateways.caseload_rows import ANOTHER, NOTIONAL, TODAY, accepted, caseload, faults, reason

# Within a row.


def test_somebody_without_an_nhs_number_needs_a_reference_and_the_reason() -> None:
    row = accepted({"nhs_number": "", "nhs_number_status": "03"})[0]
    assert (row.nhs_number, row.person_key) == (None, "local CM-1")
    assert faults(caseload({"nhs_number": ""})) == [(2, "nhs_number_status")]
    assert faults(caseload({"nhs_number": "", "nhs_number_status": "07", "local_reference": ""})) == [(2, "nhs_number")]


def test_a_number_without_a_status_is_present_and_not_traced() -> None:
    assert accepted({"nhs_number_status": ""})[0].nhs_number_status == "02"


def test_a_status_that_denies_the_number_is_refused() -> None:
    assert "there is one" in reason(caseload({"nhs_number_status": "07"}))


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"eligible_from": "1960-01-01", "cohort": "OTHER"}, "eligible_from"),
        ({"phb_started_on": "2025-03-01"}, "phb_started_on"),
        ({"stream_started_on": "2025-05-04"}, "stream_started_on"),
        ({"first_payment_on": "2025-03-31"}, "first_payment_on"),
        ({"balance_on": "2025-05-04"}, "balance_on"),
        ({"paid_to_on": "2025-05-04"}, "paid_to_on"),
        ({"last_review_on": "2025-05-04"}, "last_review_on"),
        ({"next_review_on": "2026-05-10"}, "next_review_on"),
    ],
)
def test_days_out_of_order_are_refused_beside_the_later_one(changes: dict[str, str], column: str) -> None:
    found = caseload(changes)
    assert faults(found) == [(2, column)]
    assert "is before the" in reason(found)


def test_a_first_payment_may_come_before_the_stream_it_is_paid_in_advance_for() -> None:
    assert accepted({"first_payment_on": "2025-04-28"})[0].first_payment_on == date(2025, 4, 28)


@pytest.mark.parametrize("column", ["balance_on", "last_review_on"])
def test_a_day_that_has_not_come_is_refused(column: str) -> None:
    assert accepted({column: TODAY.isoformat()})
    assert "in the future" in reason(caseload({column: "2026-11-23"}))


# To which day was paid.

FOUR_MONTHS_ON = "2027-03-26"


@pytest.mark.parametrize(
    ("changes", "column", "said"),
    [
        ({"paid_to_on": "2027-03-27"}, "paid_to_on", "more than 4 months from now"),
        ({"paid_to_on": "2026-11-30", "first_payment_on": ""}, "first_payment_on", "Days up to 30 November 2026 are"),
        ({"paid_to_on": "2026-11-30", "first_payment_on": "2026-12-01"}, "paid_to_on", "is still to come"),
        (NOTIONAL | {"paid_to_on": "2026-11-30"}, "paid_to_on", "is paid by invoice"),
        ({"paid_to_on": "next month"}, "paid_to_on", "Enter a date"),
    ],
)
def test_a_last_day_already_paid_that_cannot_be_right_is_refused(
    changes: dict[str, str], column: str, said: str
) -> None:
    found = caseload(changes)
    assert faults(found) == [(2, column)]
    assert said in reason(found)


@pytest.mark.parametrize("day", ["2025-05-05", "2026-11-22", FOUR_MONTHS_ON])
def test_a_last_day_already_paid_is_read(day: str) -> None:
    assert accepted({"paid_to_on": day})[0].paid_to_on == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"paid_to_on": "2026-11-20"}, "all days from 21 November 2026 on"),
        ({"paid_to_on": "2026-11-21"}, ""),
        ({"paid_to_on": "2026-11-30"}, ""),
        ({"paid_to_on": "2026-12-13", "balance_on": "2026-11-15"}, ""),
        ({"paid_to_on": "2026-12-14", "balance_on": "2026-11-15"}, "Give the balance of a later day."),
        ({"paid_to_on": "2026-12-14", "frequency": "MONTHLY", "balance_on": "2026-11-15"}, ""),
        ({"paid_to_on": "2026-11-30", "first_payment_on": "2026-11-22"}, ""),
        ({"paid_to_on": "2026-11-21", "first_payment_on": "2026-11-22"}, "is before the day of the first payment"),
        ({"paid_to_on": "2026-10-31", "phb_status": "CLOSING"}, ""),
    ],
)
def test_a_last_day_already_paid_that_may_be_wrong_is_told(changes: dict[str, str], said: str) -> None:
    found = caseload({"balance_on": "2026-11-15", "last_review_on": ""} | changes)
    assert found.problems == ()
    notes = [note.reason for note in found.notes]
    assert len(notes) == bool(said), notes
    assert not said or said in notes[0]


def test_days_under_paid_to_are_told_from_payees() -> None:
    found = caseload({"payee_kind": "30/11/2026"}, headings={"payee_kind": "Paid to"})
    assert reason(found).endswith("If this column says to which day you have paid, head it “Paid up to”.")
    assert reason(caseload({"payee_kind": "Bob"})).startswith("We do not know “Bob”.")


def test_somebody_not_yet_born_is_refused() -> None:
    assert (2, "date_of_birth") in faults(caseload({"date_of_birth": "2026-11-23"}))


def test_a_budget_with_no_review_and_no_payment_is_refused() -> None:
    none = {"first_payment_on": "", "last_review_on": "", "next_review_on": ""}
    assert faults(caseload(none)) == [(2, "next_review_on")]
    assert accepted(none | {"last_review_on": "2026-01-01"})


def test_a_review_more_than_a_year_after_the_last_is_noted() -> None:
    found = caseload({"next_review_on": "2027-05-12"})
    assert found.problems == ()
    assert [note.column for note in found.notes] == ["next_review_on"]
    assert caseload({"next_review_on": "2027-05-11"}).notes == ()


def test_a_stream_needs_money() -> None:
    assert faults(caseload({"weekly_amount": "", "one_off_amount": "0"})) == [(2, "weekly_amount")]
    assert accepted({"weekly_amount": "", "one_off_amount": "1,425"})[0].one_off_amount_pence == 142_500


def test_a_one_off_budget_has_no_weekly_amount() -> None:
    assert faults(caseload({"phb_kind": "ONE_OFF"})) == [(2, "weekly_amount")]
    assert accepted({"phb_kind": "One-off", "weekly_amount": "0", "one_off_amount": "5", "frequency": "ONCE"})


def test_a_weekly_amount_that_is_paid_out_needs_a_frequency() -> None:
    assert faults(caseload({"frequency": ""})) == [(2, "frequency")]
    assert faults(caseload({"frequency": "ONCE"})) == [(2, "frequency")]
    assert accepted(NOTIONAL)[0].frequency is None


def test_a_balance_and_its_day_go_together() -> None:
    assert faults(caseload({"balance": ""})) == [(2, "balance")]
    assert faults(caseload({"balance_on": ""})) == [(2, "balance_on")]


def test_a_payee_who_spent_more_than_was_paid_is_let_in_and_noted() -> None:
    found = caseload({"balance": "(86.40)"})
    assert found.problems == ()
    assert found.rows[0].balance_pence == -8_640
    assert "-£86.40" in found.notes[0].reason


def test_a_notional_budget_has_no_payee_no_account_and_no_balance() -> None:
    assert accepted(NOTIONAL)[0].payee_kind is PayeeKind.NONE
    assert faults(caseload(NOTIONAL | {"payee_kind": "HOLDER"})) == [(2, "payee_kind")]
    assert faults(caseload(NOTIONAL | {"sort_code": "089999"})) == [(2, "sort_code")]
    assert faults(caseload(NOTIONAL | {"balance": "5", "balance_on": "2026-09-30"})) == [(2, "balance")]


def test_a_third_party_budget_is_paid_to_an_organisation_with_a_name() -> None:
    row = {"method": "THIRD_PARTY", "payee_kind": "ORGANISATION"}
    assert accepted(row | {"provider_cqc_id": "1-101608238"})[0].provider_cqc_id == "1-101608238"
    assert faults(caseload(row)) == [(2, "payee_name")]
    assert faults(caseload(row | {"payee_kind": "HOLDER"})) == [(2, "payee_kind")]


@pytest.mark.parametrize("payee", ["", "NONE", "ORGANISATION"])
def test_a_direct_payment_is_paid_to_a_holder_representative_or_nominee(payee: str) -> None:
    assert faults(caseload({"payee_kind": payee, "payee_name": "Redwood CIC"})) == [(2, "payee_kind")]


def test_a_representative_or_nominee_has_a_name() -> None:
    assert faults(caseload({"payee_kind": "NOMINEE"})) == [(2, "payee_name")]
    assert accepted({"payee_kind": "NOMINEE", "payee_name": "Redwood CIC"})


def test_nobody_under_16_is_paid_a_direct_payment() -> None:
    child = {"date_of_birth": "2010-11-23", "cohort": "CYPCC"}
    assert faults(caseload(child)) == [(2, "payee_kind")]
    assert accepted(child | {"date_of_birth": "2010-11-22"})


def test_bank_details_are_given_whole_or_not_at_all() -> None:
    assert faults(caseload({"account_name": "", "sort_code": ""})) == [(2, "account_name"), (2, "sort_code")]
    assert accepted({"account_name": "", "sort_code": "", "account_number": ""})[0].sort_code is None


def test_childrens_continuing_care_has_ended_at_18_and_adults_begins_there() -> None:
    assert faults(caseload({"cohort": "CYPCC"})) == [(2, "cohort")]
    young = {"date_of_birth": "2008-01-01", "cohort": "CHC"}
    assert faults(caseload(young)) == [(2, "cohort")]


# Between rows.


@pytest.mark.parametrize(
    ("column", "written", "shown"),
    [
        ("given_name", "Adah", "“Adah”"),
        ("nhs_number", "9990000026", "999 000 0026"),
        ("nhs_number_status", "02", "“02”"),
        ("date_of_birth", "1970-12-11", "11 December 1970"),
        ("postcode", "", "missing"),
        ("postcode", "L8 7ST", "“L8 7ST”"),
        ("local_reference", "CM-9", "“CM-9”"),
        ("local_reference", "", "empty"),
    ],
)
def test_rows_of_one_person_must_agree_on_the_person(column: str, written: str, shown: str) -> None:
    found = caseload({}, NOTIONAL | {column: written})
    assert faults(found) == [(3, column)]
    assert shown in reason(found)
    assert [row.row for row in found.rows] == [2]


def test_one_local_reference_for_two_people_is_refused_in_both_rows() -> None:
    found = caseload({}, ANOTHER | {"local_reference": "CM-1"})
    assert faults(found) == [(2, "local_reference"), (3, "local_reference")]


def test_a_reference_that_everybody_has_is_refused_for_all() -> None:
    crowd = [
        {
            "nhs_number": "",
            "nhs_number_status": "03",
            "local_reference": "TBC",
            "given_name": "A" * n,
            "family_name": "B" * n,
        }
        for n in range(1, 41)
    ]
    found = caseload(*crowd)
    assert {(problem.row, problem.column) for problem in found.problems} >= {
        (n, "local_reference") for n in range(2, 42)
    }


def test_twins_with_one_nhs_number_are_two_people() -> None:
    found = caseload({}, {"given_name": "Eve", "local_reference": "CM-2"})
    assert faults(found) == [(2, "nhs_number"), (3, "nhs_number")]


def test_people_without_numbers_are_not_taken_for_one_another() -> None:
    unknown = {"nhs_number": "", "nhs_number_status": "03"}
    found = caseload(unknown, unknown | {"given_name": "Eve", "local_reference": "CM-2"})
    assert found.problems == ()
    assert found.person_count == 2


@pytest.mark.parametrize(
    ("column", "written"),
    [
        ("eligible_from", "2025-04-02"),
        ("phb_started_on", "2025-05-04"),
        ("case_manager_email", "else@example.org"),
        ("last_review_on", "2026-05-12"),
        ("next_review_on", "2027-05-09"),
        ("phb_reference", "PHB-2026-000001"),
    ],
)
def test_streams_of_one_budget_must_agree_on_the_budget(column: str, written: str) -> None:
    found = caseload({}, NOTIONAL | {column: written})
    assert faults(found) == [(3, column)]
    assert "are one budget" in reason(found)


def test_one_person_may_have_budgets_of_two_cohorts() -> None:
    chair = {"cohort": "WHEELCHAIR", "phb_kind": "ONE_OFF", "weekly_amount": "0", "one_off_amount": "900"}
    first, second = accepted({}, chair | {"phb_started_on": "2025-05-01"})
    assert first.person_key == second.person_key
    assert first.phb_key != second.phb_key


def test_one_reference_belongs_to_one_budget() -> None:
    taken = {"phb_reference": "PHB-2026-000001"}
    found = caseload(taken, ANOTHER | taken)
    assert faults(found) == [(3, "phb_reference")]
    assert "Row 2 has the same reference" in reason(found)


def test_a_row_that_stands_twice_is_refused_once() -> None:
    found = caseload({}, {})
    assert faults(found) == [(3, "method")]
    assert "says the same as row 2" in reason(found)


def test_a_stream_that_stands_twice_with_other_money_is_refused() -> None:
    found = caseload({}, {"weekly_amount": "90.00"})
    assert faults(found) == [(3, "method")]
    assert "Add them together" in reason(found)


def test_two_notional_streams_of_two_providers_are_two_streams() -> None:
    assert len(accepted(NOTIONAL | {"provider_name": "Larch"}, NOTIONAL | {"provider_name": "Beech"})) == 2
