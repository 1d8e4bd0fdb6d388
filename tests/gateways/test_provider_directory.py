"""The CQC's care directory is read as published, in 2016 and today; broken copies are refused row by row, in words."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from phbportal.domain.errors import Refusal
from phbportal.gateways.provider_cells import REGULATED_ACTIVITIES, registration_id
from phbportal.gateways.provider_directory import Directory, DirectoryRow, read_directory
from phbportal.gateways.tabular import Unreadable

SAMPLE = (Path(__file__).parents[1] / "data" / "cqc_sample.csv").read_bytes()

ROW = {
    "Name": "Larch House",
    "Also known as": "",
    "Address": "1 Larch Lane, Truro",
    "Postcode": "TR1 1AA",
    "Phone number": "1872270000",
    "Service's website (if available)": "",
    "Service types": "Homecare agencies",
    "Date of latest check": "09/Jan/2018 - 00:00",
    "Specialisms/services": "Dementia|Personal care",
    "Provider name": "Larch Care Ltd",
    "Local authority": "Cornwall",
    "Region": "South West",
    "Location URL": "https://www.cqc.org.uk/location/1-100000001",
    "CQC Location ID (for office use only)": "1-100000001",
    "CQC Provider ID (for office use only)": "1-200000001",
}
HEADINGS = list(ROW)
LOCATION, PROVIDER = HEADINGS[-2], HEADINGS[-1]


def directory(*rows: dict[str, str], headings: list[str] | None = None, produced: str = "01 July 2026") -> Directory:
    """A directory of rows that differ from ``ROW`` as said; headings in row 5, the first location in row 6."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows([["CQC Locations data"], [], [f"This data was produced on {produced}"], []])
    headings = headings or HEADINGS
    writer.writerow(headings)
    names = dict(zip(headings, HEADINGS, strict=False))
    for number, changes in enumerate(rows or ({},)):
        row = ROW | {LOCATION: f"1-{100000001 + number}"} | changes
        writer.writerow([row.get(names.get(heading, heading), "") for heading in headings])
    return read_directory(out.getvalue().encode())


def only(found: Directory) -> DirectoryRow:
    assert found.problems == ()
    assert len(found.rows) == 1
    return found.rows[0]


def test_the_published_file_of_2016_is_read_whole() -> None:
    found = read_directory(SAMPLE)
    assert found.produced_on == date(2016, 2, 22)
    assert found.row_count == len(found.rows) == 389
    assert found.problems == ()
    assert len(found.location_ids) == 389
    assert found.rows[0].row == 6


def test_nothing_in_the_published_file_is_said_twice() -> None:
    found = read_directory(SAMPLE)
    for row in found.rows:
        assert row.services
        assert len(set(row.services)) == len(row.services)
        assert len(set(row.specialisms)) == len(row.specialisms)
        assert set(row.regulated_activities) <= REGULATED_ACTIVITIES
        assert not set(row.specialisms) & REGULATED_ACTIVITIES
    assert any(len(row.regulated_activities) > 2 for row in found.rows)


def test_every_authority_and_region_of_the_published_file_is_known() -> None:
    found = read_directory(SAMPLE)
    assert all(row.local_authority_codes and row.region for row in found.rows)
    assert {row.region for row in found.rows} >= {"East of England", "Yorkshire and The Humber"}
    divided = {row.local_authority for row in found.rows if len(row.local_authority_codes) > 1}
    assert divided == {"Cumbria", "Northamptonshire"}


def test_telephone_numbers_beyond_repair_are_left_out_and_noted() -> None:
    found = read_directory(SAMPLE)
    assert len(found.notes) == 5
    noted = {note.row for note in found.notes}
    assert {row.row for row in found.rows if row.row in noted and row.telephone is None} == noted
    assert all(row.telephone.startswith("+44") for row in found.rows if row.telephone)


def test_a_lost_leading_nought_is_put_back() -> None:
    assert only(directory({"Phone number": "1872270000"})).telephone == "+441872270000"
    assert only(directory({"Phone number": "01872 270000"})).telephone == "+441872270000"


def test_a_repeated_list_is_read_once_in_its_order() -> None:
    services, specialisms = "Doctors/GPs|Clinic|Doctors/GPs", "A|Personal care|A"
    row = only(directory({"Service types": services, "Specialisms/services": specialisms}))
    assert row.services == ("Doctors/GPs", "Clinic")
    assert row.specialisms == ("A",)
    assert row.regulated_activities == ("Personal care",)


@pytest.mark.parametrize(
    "written", ["09/Jan/2018 - 00:00", "09/01/2018 - 00:00", "2018-01-09", "2018-01-09 00:00:00", "9 January 2018"]
)
def test_a_date_is_read_as_the_cqc_has_ever_written_it(written: str) -> None:
    assert only(directory({"Date of latest check": written})).latest_check == date(2018, 1, 9)


def test_the_headings_of_other_years_are_known() -> None:
    other = {"Local authority": "Local Authority", LOCATION: "CQC Location (for office use only"}
    found = directory({}, headings=[other.get(heading, heading) for heading in HEADINGS])
    assert only(found).location_id == "1-100000001"
    assert only(found).local_authority_codes == ("E06000052",)


def test_a_rating_is_read_where_the_file_has_one() -> None:
    headings = [*HEADINGS, "Overall rating", "Publication date"]
    rated = {"Overall rating": "requires improvement", "Publication date": "2025-03-04"}
    row = only(directory(rated, headings=headings))
    assert (row.rating, row.rating_date) == ("Requires improvement", date(2025, 3, 4))
    assert only(directory({"Overall rating": "No published rating"}, headings=headings)).rating is None
    assert only(directory()).rating is None
    assert "rating" in directory({"Overall rating": "Splendid"}, headings=headings).notes[0].reason


def test_the_day_it_was_produced_is_read_from_the_titles() -> None:
    assert directory(produced="01 July 2026").produced_on == date(2026, 7, 1)
    assert directory(produced="some day").produced_on is None
    assert directory(produced="31/02/2026").produced_on is None


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("http://www.larch.example   ask for the manager", "http://www.larch.example"),
        ("www.larch.example/home", "http://www.larch.example/home"),
        ("https://larch.example", "https://larch.example"),
    ],
)
def test_a_website_is_kept_without_what_was_typed_behind_it(written: str, kept: str) -> None:
    assert only(directory({"Service's website (if available)": written})).website == kept


@pytest.mark.parametrize(
    "written", ["javascript://larch.example/%0aalert(1)", "ftp://larch.example", "none", "http://["]
)
def test_what_is_no_website_is_left_out_and_noted(written: str) -> None:
    found = directory({"Service's website (if available)": written})
    assert only(found).website is None
    assert [note.column for note in found.notes] == ["Service's website (if available)"]


def test_an_nhs_body_is_known_by_its_ods_code() -> None:
    row = only(directory({LOCATION: "RXX01", PROVIDER: "rxx"}))
    assert (row.location_id, row.provider_id) == ("RXX01", "RXX")


@pytest.mark.parametrize("written", ["", "1-12", "123456", "1_101608238", "larch house"])
def test_what_is_no_registration_is_refused(written: str) -> None:
    with pytest.raises(Refusal, match="begins with 1 and a hyphen"):
        registration_id(written)


@pytest.mark.parametrize(
    ("column", "written", "words"),
    [
        (LOCATION, "", "location id is missing"),
        (LOCATION, "L-17", "begins with 1"),
        (PROVIDER, "", "provider id is missing"),
        ("Name", "", "name is missing"),
        ("Provider name", "", "provider name is missing"),
        ("Postcode", "TRURO", "full UK postcode"),
        ("Postcode", "", "postcode is missing"),
        ("Date of latest check", "31/02/2018 - 00:00", "between 1 and 28"),
    ],
)
def test_a_row_that_cannot_stand_is_refused_beside_its_column(column: str, written: str, words: str) -> None:
    found = directory({}, {column: written})
    assert [(problem.row, problem.column) for problem in found.problems] == [(7, column)]
    assert words in found.problems[0].reason
    assert [row.row for row in found.rows] == [6]


def test_all_that_is_wrong_with_a_row_is_said_at_once() -> None:
    found = directory({"Name": "", "Postcode": "nowhere", "Date of latest check": "soon"})
    assert {problem.column for problem in found.problems} == {"Name", "Postcode", "Date of latest check"}


def test_an_unknown_authority_or_region_is_noted_and_the_row_kept() -> None:
    found = directory({"Local authority": "Atlantis", "Region": "Unspecified"})
    assert only(found).local_authority_codes == ()
    assert only(found).region is None
    assert {note.column for note in found.notes} == {"Local authority", "Region"}


def test_a_location_that_stands_twice_is_refused_once_where_both_say_the_same() -> None:
    found = directory({}, {LOCATION: "1-100000001"})
    assert [(problem.row, problem.column) for problem in found.problems] == [(7, LOCATION)]
    assert "Row 6 says the same" in found.problems[0].reason
    assert [row.row for row in found.rows] == [6]


def test_a_location_that_stands_twice_with_different_facts_is_refused_both_times() -> None:
    found = directory({}, {LOCATION: "1-100000001", "Specialisms/services": "Nursing care"})
    assert [problem.row for problem in found.problems] == [6, 7]
    assert "Row 7" in found.problems[0].reason
    assert "“Specialisms/services”" in found.problems[0].reason
    assert found.rows == ()


def test_a_provider_with_two_names_is_refused() -> None:
    found = directory({}, {"Provider name": "Beech Care Ltd"})
    assert [(problem.row, problem.column) for problem in found.problems] == [(7, "Provider name")]
    assert "“Larch Care Ltd” in row 6" in found.problems[0].reason


def test_a_refused_location_is_still_named_by_the_file() -> None:
    found = directory({}, {"Postcode": "nowhere"})
    assert found.location_ids == {"1-100000001", "1-100000002"}


def test_a_shifted_row_is_refused_and_still_named() -> None:
    content = SAMPLE.replace(b'"Wood Lane, Hanbury, Burton On Trent"', b"Wood Lane, Hanbury, Burton On Trent")
    found = read_directory(content)
    assert [(problem.row, problem.column) for problem in found.problems] == [(6, "")]
    assert "more cells than there are headings" in found.problems[0].reason
    assert "1-114444338" in found.location_ids


def test_a_truncated_last_row_is_refused() -> None:
    lines = SAMPLE.splitlines(keepends=True)
    found = read_directory(b"".join(lines[:-1]) + lines[-1].split(b",")[0] + b"\n")
    assert {problem.row for problem in found.problems} == {394}
    assert len(found.rows) == 388


def test_a_file_of_another_kind_is_unreadable_and_says_what_it_lacks() -> None:
    with pytest.raises(Unreadable, match=r"no column “Provider name”.*“CQC Location ID"):
        read_directory(b"Name,Postcode,Service types\nLarch House,TR1 1AA,Clinic\n")


def test_reading_twice_gives_the_same() -> None:
    assert read_directory(SAMPLE) == read_directory(SAMPLE)
