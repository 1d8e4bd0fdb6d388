"""Identifiers: domain.md §7.1 to §7.3, decisions.md §10, and the public file of NHS numbers."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain import identifiers
from phbportal.domain.errors import Refusal

NHS_NUMBERS = Path(__file__).parent.parent / "data" / "nhs_numbers_test.csv"
NBSP = "\N{NO-BREAK SPACE}"
EN_DASH = "\N{EN DASH}"


READERS: list[Callable[[str], str]] = [
    identifiers.nhs_number,
    identifiers.ods_code,
    identifiers.icb_code,
    identifiers.cqc_id,
    identifiers.postcode,
    identifiers.sort_code,
    identifiers.account_number,
    identifiers.email,
    identifiers.telephone,
    identifiers.phb_reference,
]


def nhs_number_rows() -> list[dict[str, str]]:
    with NHS_NUMBERS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def refusal_of(read: Callable[..., object], *typed: str) -> str:
    """The sentence a reader refuses with, having checked that it stands beside its field."""
    with pytest.raises(Refusal) as refused:
        read(*typed, field="here")
    (problem,) = refused.value.problems
    assert problem.field == "here"
    return problem.sentence


@pytest.mark.parametrize("row", nhs_number_rows(), ids=lambda row: row["nhs_number"])
def test_an_nhs_number_of_the_public_file_gets_its_verdict(row: dict[str, str]) -> None:
    if row["expected"] == "valid":
        assert identifiers.nhs_number(row["nhs_number"]) == row["nhs_number"]
        if row["spaced"]:
            assert identifiers.nhs_number(row["spaced"]) == row["nhs_number"]
            assert identifiers.show_nhs_number(row["nhs_number"]) == row["spaced"]
    else:
        assert "not a real NHS number" in refusal_of(identifiers.nhs_number, row["nhs_number"])


def test_the_public_file_is_whole() -> None:
    verdicts = [row["expected"] for row in nhs_number_rows()]
    assert len(verdicts) == 230
    assert set(verdicts) == {"valid", "invalid"}


@pytest.mark.parametrize(
    "text",
    [
        "943 476 5919",
        "943-476-5919",
        " 9434765919 ",
        "9434765919.0",
        "'9434765919",
        f"943{NBSP}476{NBSP}5919",
        f"943{EN_DASH}476{EN_DASH}5919",
        "\N{ZERO WIDTH SPACE}9434765919",
    ],
)
def test_an_nhs_number_with_spaces_hyphens_or_spreadsheet_marks_is_accepted(text: str) -> None:
    assert identifiers.nhs_number(text) == "9434765919"


@pytest.mark.parametrize(
    "number", ["9990000018", "9990000026", "9990000034", "9990000042", "9990000050", "9990000069", "9990000077"]
)
def test_the_nhs_numbers_of_the_document_are_valid(number: str) -> None:
    assert identifiers.nhs_number(number) == number


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("0000000000", "one digit 10 times"),
        ("1111111111", "one digit 10 times"),
        pytest.param("9991234560", "not a real NHS number", id="refusal_15"),
        ("9434765918", "not a real NHS number"),
        ("", "the 10 digits"),
        ("943476591", "the 10 digits"),
        ("94347659190", "the 10 digits"),
        ("943476591X", "the 10 digits"),
        ("9.43477E+09", "the 10 digits"),
        ("\N{FULLWIDTH DIGIT NINE}434765919", "the 10 digits"),
    ],
)
def test_an_nhs_number_that_cannot_be_is_refused(text: str, says: str) -> None:
    assert says in refusal_of(identifiers.nhs_number, text)


def test_an_nhs_number_is_shown_in_three_groups() -> None:
    assert identifiers.show_nhs_number("9990000018") == "999 000 0018"


@settings(max_examples=300)
@given(st.integers(0, 999_999_999).map("{:09d}".format))
def test_nine_digits_have_at_most_one_check_digit(nine: str) -> None:
    remainder = sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
    check = (11 - remainder) % 11
    accepted: list[str] = []
    for last in "0123456789":
        try:
            accepted.append(identifiers.nhs_number(nine + last))
        except Refusal:
            continue
    all_same = check < 10 and len(set(f"{nine}{check}")) == 1
    assert accepted == ([] if check == 10 or all_same else [f"{nine}{check}"])


@pytest.mark.parametrize(
    ("read", "typed", "stored"),
    [
        (identifiers.ods_code, "rx4", "RX4"),
        (identifiers.ods_code, " D4U1Y ", "D4U1Y"),
        (identifiers.ods_code, "8HK0912345", "8HK0912345"),
        (identifiers.icb_code, "qyg", "QYG"),
        (identifiers.icb_code, "S1Y5D", "S1Y5D"),
        (identifiers.cqc_id, "1-101608238", "1-101608238"),
        (identifiers.cqc_id, f" 1 {EN_DASH} 101608238", "1-101608238"),
        (identifiers.postcode, "l87ss", "L8 7SS"),
        (identifiers.postcode, "EC1A1BB", "EC1A 1BB"),
        (identifiers.postcode, f"CH41{NBSP} 6AE", "CH41 6AE"),
        (identifiers.postcode, "zz99 3vz", "ZZ99 3VZ"),
        (identifiers.sort_code, "08-99-99", "089999"),
        (identifiers.sort_code, "08 99 99", "089999"),
        (identifiers.sort_code, "'30-00-00", "300000"),
        (identifiers.account_number, "66374958", "66374958"),
        (identifiers.account_number, "6637 4958", "66374958"),
        (identifiers.account_number, "66374958.0", "66374958"),
        (identifiers.email, " Ann.Lee@EXAMPLE.org ", "Ann.Lee@example.org"),
        (identifiers.phb_reference, "phb 2026 000123", "PHB-2026-000123"),
        (identifiers.phb_reference, f"PHB{EN_DASH}2026{EN_DASH}000123", "PHB-2026-000123"),
    ],
)
def test_a_code_is_read_leniently_and_kept_in_one_form(read: Callable[[str], str], typed: str, stored: str) -> None:
    assert read(typed) == stored
    assert read(stored) == stored


@pytest.mark.parametrize(
    ("read", "typed", "says"),
    [
        (identifiers.ods_code, "RX", "3 to 10 letters and numbers"),
        (identifiers.ods_code, "A" * 11, "3 to 10 letters and numbers"),
        (identifiers.ods_code, "RX-4", "3 to 10 letters and numbers"),
        (identifiers.icb_code, "RX4", "integrated care board"),
        (identifiers.icb_code, "QYGX", "integrated care board"),
        (identifiers.cqc_id, "101608238", "such as 1-101608238"),
        (identifiers.cqc_id, "1-12345", "such as 1-101608238"),
        (identifiers.cqc_id, "1-1234567890123", "such as 1-101608238"),
        (identifiers.postcode, "L8", "full UK postcode"),
        (identifiers.postcode, "", "full UK postcode"),
        (identifiers.postcode, "8L 7SS", "full UK postcode"),
        (identifiers.postcode, "L8 7S\N{LATIN SMALL LETTER SHARP S}", "full UK postcode"),
        (identifiers.postcode, "L8 7\N{LATIN SMALL LETTER SHARP S}", "full UK postcode"),
        (identifiers.sort_code, "89999", "6 digits of the sort code"),
        (identifiers.sort_code, "08-99-9O", "6 digits of the sort code"),
        (identifiers.account_number, "6637495", "put 0s in front"),
        (identifiers.account_number, "1234567X", "8 digits of the account number"),
        (identifiers.account_number, "602311-20114872", "8 digits of the account number"),
        (identifiers.email, "ann.example.org", "such as name@example.com"),
        (identifiers.email, "ann@example", "such as name@example.com"),
        (identifiers.email, "", "such as name@example.com"),
        (identifiers.phb_reference, "PHB-2026-123", "such as PHB-2026-000123"),
        (identifiers.phb_reference, "PHB-2026-000000", "such as PHB-2026-000123"),
        (identifiers.phb_reference, "123", "such as PHB-2026-000123"),
    ],
)
def test_a_code_of_the_wrong_shape_is_refused_with_an_example(
    read: Callable[..., object], typed: str, says: str
) -> None:
    assert says in refusal_of(read, typed)


@pytest.mark.parametrize("read", READERS)
def test_a_refusal_does_not_repeat_what_was_typed_nor_carry_the_error_that_does(
    read: Callable[[str], object],
) -> None:
    with pytest.raises(Refusal) as refused:
        read("~zqx-8765~")
    assert "8765" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@pytest.mark.parametrize("read", READERS)
@settings(max_examples=200)
@given(text=st.text() | st.text("0123456789-+ ()@.#;=/QPHBzq"))
def test_whatever_is_typed_is_read_into_a_form_that_is_read_back_or_refused(
    read: Callable[[str], str], text: str
) -> None:
    sentence = "It was read."
    try:
        stored = read(text)
    except Refusal as refusal:
        stored, sentence = None, str(refusal)
    assert stored is None or read(stored) == stored
    assert sentence.endswith(".")


def test_a_sort_code_is_shown_in_pairs_and_an_account_by_its_end() -> None:
    assert identifiers.show_sort_code("089999") == "08-99-99"
    assert identifiers.last_four("66374958") == "4958"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("01632 960 001", "+441632960001"),
        ("07700 900 982", "+447700900982"),
        ("01283 812180", "+441283812180"),
        ("1283812180", "+441283812180"),
        ("1283812180.0", "+441283812180"),
        ("+44 (0)1283 812180", "+441283812180"),
        ("441283812180", "+441283812180"),
        (f"01283{NBSP}812{EN_DASH}180", "+441283812180"),
        ("+33 1 42 68 53 00", "+33142685300"),
    ],
)
def test_a_telephone_number_is_kept_as_e164_and_a_lost_nought_is_mended(typed: str, stored: str) -> None:
    assert identifiers.telephone(typed) == stored
    assert identifiers.telephone(stored) == stored


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Enter a telephone number, such as"),
        ("16255408800", "Enter a telephone number, such as"),
        ("138439001", "Enter a telephone number, such as"),
        ("01283 812180 / 07700 900123", "Enter a telephone number, such as"),
        ("01283 812180 x12", "without an extension"),
        ("0800 FLOWERS", "digits only"),
    ],
)
def test_what_cannot_be_rung_is_refused(typed: str, says: str) -> None:
    assert says in refusal_of(identifiers.telephone, typed)


def test_the_examples_in_a_refusal_are_themselves_accepted() -> None:
    sentence = refusal_of(identifiers.telephone, "12")
    assert "01632 960 001" in sentence
    assert "07700 900 982" in sentence
    assert identifiers.telephone("01632 960 001").startswith("+44")
    assert identifiers.telephone("07700 900 982").startswith("+44")


@pytest.mark.parametrize(
    ("body", "typed", "stored"),
    [
        ("NMC", "99a1234e", "99A1234E"),
        ("nmc", "99 A 1234 E", "99A1234E"),
        ("GMC", "1234567", "1234567"),
        ("HCPC", "ot12345", "OT12345"),
        ("HCPC", "PYL 012345", "PYL012345"),
        ("Social Work England", "SW12345", "SW12345"),
        ("GPhC", "2012345", "2012345"),
    ],
)
def test_a_registration_number_is_read_in_the_shape_of_its_body(body: str, typed: str, stored: str) -> None:
    assert identifiers.registration_pin(body, typed) == stored


@pytest.mark.parametrize(
    ("body", "typed", "says"),
    [
        ("NMC", "1234567", "NMC PIN"),
        ("GMC", "99A1234E", "GMC number"),
        ("HCPC", "12345", "HCPC number"),
        ("GPhC", "?", "3 to 20 letters"),
        ("", "", "3 to 20 letters"),
    ],
)
def test_a_registration_number_of_another_shape_is_refused(body: str, typed: str, says: str) -> None:
    assert says in refusal_of(identifiers.registration_pin, body, typed)


@settings(max_examples=300)
@given(st.integers(1000, 9999), st.integers(1, 999_999))
def test_a_budget_reference_is_read_back_as_it_was_made(year: int, number: int) -> None:
    assert identifiers.parse_phb_reference(identifiers.format_phb_reference(year, number)) == (year, number)


def test_a_budget_reference_has_six_digits() -> None:
    assert identifiers.format_phb_reference(2026, 123) == "PHB-2026-000123"
    with pytest.raises(ValueError, match="999999"):
        identifiers.format_phb_reference(2026, 1_000_000)
