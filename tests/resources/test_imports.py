"""The imports there are: a caseload by two people, the directory, people; brought in, taken back, brought again."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col

from phbportal import routes
from phbportal.admin.imports.columns_state import ImportColumnsState
from phbportal.domain.roles import Role
from phbportal.queries.ledger import check_ledger
from phbportal.services.ledger import reverse
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.imports import ImportBatch, ImportRow, ImportWord
from phbportal.tables.ledger import LedgerAccount, LedgerJournal
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person, PersonResponsibility
from phbportal.tables.phbs import Phb, Review, Task
from phbportal.tables.users import User
from tests.admin.bringing import as_csv, batch, brought_in, columns, page_of, sent, taken_back, tried, worked
from tests.pages.opening import OPEN, opened
from tests.support.portal import Portal, portal
from tests.support.world import add_staff

__all__ = ["portal"]
FILES = Path(__file__).parents[1] / "data"
WITH_NAMESAKE = (FILES / "caseload" / "clean.csv").read_bytes()
# The world of these tests has an Amina of its own, born the same day.
CLEAN = WITH_NAMESAKE.replace(b"1961-02-03", b"1962-02-03")
DIRECTORY = (FILES / "cqc_sample.csv").read_bytes()
PEOPLE = ("First names", "Surname", "DOB", "NHS No", "Reference", "Postcode", "Easy read")


@pytest.fixture(autouse=True)
def _closed_pages() -> Any:
    yield
    while OPEN:
        OPEN.pop().close()


@pytest.fixture
def case_manager(portal: Portal) -> None:
    """Whom the files name."""
    if not portal.rows(User, col(User.display_name) == "case.manager"):
        portal.change(lambda uow: add_staff(uow, "case.manager", Role.CASE_MANAGER, portal.world.icb, uow.today))


def outcomes(portal: Portal, batch_id: UUID) -> list[str]:
    rows = portal.rows(ImportRow, col(ImportRow.batch_id) == batch_id)
    return [row.outcome for row in sorted(rows, key=lambda row: row.number)]


def reasons(portal: Portal, batch_id: UUID) -> str:
    return " ".join(row.reason for row in portal.rows(ImportRow, col(ImportRow.batch_id) == batch_id))


def agreed(portal: Portal, batch_id: UUID) -> None:
    page_of(portal, batch_id).send("go")
    assert batch(portal, batch_id).status == "ASKED"
    page_of(portal, batch_id, subject="approver").send("agree")
    worked(portal)


def theirs(portal: Portal) -> list[Person]:
    return portal.rows(Person, col(Person.nhs_number).like("9995%"))


@pytest.mark.usefixtures("case_manager")
def test_a_caseload_is_tried_agreed_to_by_another_brought_in_taken_back_and_brought_in_again(portal: Portal) -> None:
    budgets = {phb.id for phb in portal.rows(Phb)}
    batch_id = tried(portal, CLEAN, way="phbs/caseload")
    assert set(outcomes(portal, batch_id)) == {"NEW"}, reasons(portal, batch_id)
    assert theirs(portal) == []
    page_of(portal, batch_id, subject="approver").send("agree")
    assert batch(portal, batch_id).status == "TRIED"
    page = page_of(portal, batch_id)
    assert page.var("go_words") == "Ask a second person to agree"
    page.send("go")
    page.send("agree")
    for subject in ("cm", "cm2", "finance", "auditor", "admin", "other_approver"):
        page_of(portal, batch_id, subject=subject).send("agree")
    assert batch(portal, batch_id).status == "ASKED"
    assert theirs(portal) == []
    page_of(portal, batch_id, subject="approver").send("agree")
    worked(portal)
    row = batch(portal, batch_id)
    assert (row.status, row.decided_by) == ("DONE", portal.world.approver.user_id)
    people = len(theirs(portal))
    assert people > 5
    opened = [phb for phb in portal.rows(Phb) if phb.id not in budgets]
    assert {phb.status for phb in opened} == {"ACTIVE"}
    ids = [phb.id for phb in opened]

    page_of(portal, batch_id).send("take_back")
    page_of(portal, batch_id, subject="approver").send("take_back")
    assert batch(portal, batch_id).status == "DONE"  # it takes the second person, by their own button
    page_of(portal, batch_id, subject="approver").send("take_back_second")
    worked(portal)
    assert batch(portal, batch_id).problem == ""
    assert batch(portal, batch_id).status == "UNDONE"
    assert theirs(portal) == []
    assert {phb.status for phb in portal.rows(Phb, col(Phb.id).in_(ids))} == {"CLOSED"}
    balances = portal.rows(LedgerAccount, col(LedgerAccount.phb_id).in_(ids))
    assert balances
    assert {one.balance_pence for one in balances} == {0}
    assert {one.status for one in portal.rows(Stream, col(Stream.phb_id).in_(ids))} == {"CLOSED"}
    assert {one.status for one in portal.rows(PayeeAccount, col(PayeeAccount.phb_id).in_(ids))} == {"CLOSED"}
    assert portal.rows(Review, col(Review.phb_id).in_(ids)) == portal.rows(Task, col(Task.phb_id).in_(ids)) == []
    answered = {one.person_id for one in portal.rows(PersonResponsibility)}
    assert answered.isdisjoint({phb.person_id for phb in opened})

    again = tried(portal, CLEAN, way="phbs/caseload")
    assert set(outcomes(portal, again)) == {"NEW"}
    agreed(portal, again)
    assert batch(portal, again).status == "DONE"
    assert len(theirs(portal)) == people
    page_of(portal, again, subject="approver").send("take_back_second")
    worked(portal)
    assert theirs(portal) == []
    with portal.world.unit(portal.world.finance, writes=False) as uow:
        assert check_ledger(uow.session) == []


@pytest.mark.usefixtures("case_manager")
def test_a_caseload_with_one_wrong_row_is_brought_in_not_at_all(portal: Portal) -> None:
    broken = CLEAN.replace(b",CM-4101,CHC,", b",CM-4101,BOGUS,", 1)
    batch_id = tried(portal, broken, way="phbs/caseload")
    assert "REFUSED" in outcomes(portal, batch_id)
    refused = portal.rows(ImportRow, col(ImportRow.batch_id) == batch_id, col(ImportRow.outcome) == "REFUSED")
    assert [row.words for row in refused] == ["Seán O’Brien"], "whom it is about, though it could not be read"
    page = page_of(portal, batch_id)
    assert page.var("may_go") is False
    assert "The whole file is brought in or nothing of it" in page.var("not_go")
    page.send("go")
    assert batch(portal, batch_id).status == "TRIED"
    assert [one["label"] for one in page.var("strange")] == ["Cohort: “BOGUS”"]

    page.submit("name_values", v0="CHC")
    worked(portal)
    assert set(outcomes(portal, batch_id)) == {"NEW"}
    (word,) = portal.rows(ImportWord, col(ImportWord.about) == "cohort")
    assert (word.theirs, word.ours, word.icb_id) == ("bogus", "CHC", portal.world.icb)
    # The next file is understood without a question.
    assert set(outcomes(portal, tried(portal, broken, way="phbs/caseload"))) == {"NEW"}


@pytest.mark.usefixtures("case_manager")
def test_a_namesake_is_decided_on_the_page_and_may_be_decided_otherwise_until_it_is_brought_in(portal: Portal) -> None:
    batch_id = tried(portal, WITH_NAMESAKE, way="phbs/caseload")
    found = outcomes(portal, batch_id)
    assert found[:3] == ["REFUSED", "REFUSED", "NEW"]
    page = page_of(portal, batch_id)
    (asked,) = page.var("doubtful")
    assert (asked["name"], asked["label"], asked["value"]) == ("d2", "Row 2: Amina Okafor-Reyes", "")
    assert [one["text"] for one in asked["choices"]] == ["The same person", "Another person"]
    assert "wait for your decision below" in page.var("not_go")
    for answers in ({}, {"d2": "perhaps"}, {"d4": "another"}):
        refused = page.submit("decide", **answers)
        assert page.after(refused, "errors")["d2"] == "Decide about at least one row."
    for subject in ("cm2", "approver", "auditor", "other_cm"):
        page_of(portal, batch_id, subject=subject).submit("decide", d2="another")
    assert batch(portal, batch_id).status == "TRIED"

    page.submit("decide", d2="same")
    worked(portal)
    assert "last written in the portal by hand" in reasons(portal, batch_id), "it is the portal's Amina, and differs"
    page = page_of(portal, batch_id)
    assert page.var("doubtful")[0]["value"] == "same"
    page.submit("decide", d2="another")
    worked(portal)
    assert set(outcomes(portal, batch_id)) == {"NEW"}
    assert "Said to be another person" in reasons(portal, batch_id)
    watching = page_of(portal, batch_id, subject="approver")
    assert watching.var("may_say") is False
    agreed(portal, batch_id)
    assert batch(portal, batch_id).status == "DONE"
    assert len(portal.rows(Person, col(Person.nhs_number) == "9995001004")) == 1
    page_of(portal, batch_id, subject="approver").send("take_back_second")
    worked(portal)
    assert batch(portal, batch_id).status == "UNDONE"


@pytest.mark.usefixtures("case_manager")
def test_other_columns_ask_about_a_namesake_anew(portal: Portal) -> None:
    batch_id = tried(portal, WITH_NAMESAKE, way="phbs/caseload")
    page_of(portal, batch_id).submit("decide", d2="another")
    worked(portal)
    columns(portal, batch_id)
    worked(portal)
    assert outcomes(portal, batch_id)[:2] == ["REFUSED", "REFUSED"]


@pytest.mark.usefixtures("case_manager")
def test_money_that_was_posted_since_stands_in_the_way_of_taking_a_caseload_back(portal: Portal) -> None:
    batch_id = tried(portal, CLEAN, way="phbs/caseload")
    agreed(portal, batch_id)
    entries = portal.rows(LedgerJournal)
    reversed_before = {one.reverses_id for one in entries}  # by the tests above
    journal = next(one for one in entries if one.verb == "OPENING" and one.id not in reversed_before)

    portal.world.do(portal.world.finance, lambda uow: reverse(uow, journal.id, key="a correction", reason="Wrong"))
    page_of(portal, batch_id, subject="approver").send("take_back_second")
    worked(portal)
    row = batch(portal, batch_id)
    assert row.status == "DONE"
    assert "1 ledger entry that belong" in row.problem or "ledger" in row.problem
    assert theirs(portal)


def test_the_directory_is_brought_in_without_asking_for_columns_and_taken_back(portal: Portal) -> None:
    before = {one.id for one in portal.rows(Organisation)}
    answer = sent_directly(portal, DIRECTORY)
    worked(portal)
    assert batch(portal, answer).status == "TRIED"
    assert "NEW" in outcomes(portal, answer)
    assert {one.id for one in portal.rows(Organisation)} == before
    page_of(portal, answer, subject="admin").send("go")
    worked(portal)
    assert batch(portal, answer).status == "DONE"
    new = len({one.id for one in portal.rows(Organisation)} - before)
    assert new == outcomes(portal, answer).count("NEW")
    taken_back(portal, answer, subject="admin")
    assert {one.id for one in portal.rows(Organisation)} == before
    assert page_of(portal, answer, subject="cm").var("missing") is True


def sent_directly(portal: Portal, content: bytes) -> UUID:
    from tests.admin.bringing import post

    answer = post(portal, content, subject="admin", way="providers/directory")
    assert answer.status_code == 303, answer.text
    return UUID(answer.headers["location"].split("/")[-1])


def test_the_refused_rows_of_a_directory_are_handed_back_and_nothing_is_gone_when_only_they_come(
    portal: Portal,
) -> None:
    whole = sent_directly(portal, DIRECTORY)
    worked(portal)
    page_of(portal, whole, subject="admin").send("go")
    worked(portal)
    spoilt = DIRECTORY.replace(b"DE13 8TG", b"nowhere", 1).replace(b"22 February 2016", b"22 March 2016")
    batch_id = sent_directly(portal, spoilt)
    worked(portal)
    assert outcomes(portal, batch_id).count("REFUSED") == 1
    assert [one["text"] for one in page_of(portal, batch_id, subject="admin").var("downloads")] == [
        "CSV",
        "Excel (XLSX)",
    ]
    answer = portal.signed_in("admin").get(f"{routes.IMPORT_REFUSED}/{batch_id}?kind=CSV")
    heading, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert heading[0] == "Name", "no day stands above: a few rows are not the directory of a day"
    assert heading[-1] == "What to put right"
    at = heading.index("Postcode")
    assert row[at] == "nowhere"
    assert "Postcode: " in row[-1]
    row[at] = "DE13 9ZZ"
    mended = sent_directly(portal, as_csv(tuple(row), headings=tuple(heading)))
    worked(portal)
    assert outcomes(portal, mended) == ["CHANGED"]
    page_of(portal, mended, subject="admin").send("go")
    worked(portal)
    assert batch(portal, mended).status == "DONE"
    assert "no location was marked as gone" in batch(portal, mended).problem
    assert portal.rows(Organisation, col(Organisation.gone_from_directory_on).is_not(None)) == []
    for one in (mended, whole):
        taken_back(portal, one, subject="admin")
        assert batch(portal, one).status == "UNDONE"


OWN = ("Organisation", "Type", "User-led", "ODS", "Postcode", "Phone", "Remarks")


def test_our_own_list_of_organisations_is_tried_decided_brought_in_and_taken_back(portal: Portal) -> None:
    kept = {"kind": "OTHER", "name": "Nene Help", "search_name": "nene help", "is_user_led": False}
    portal.change(lambda uow: uow.add(Organisation, **kept))
    before = {one.id for one in portal.rows(Organisation)}
    content = as_csv(
        ("Ouse Together", "ULO", "y", "", "TR1 2AB", "01632 960001", "ring Sue"),
        ("Nene Help", "Charity", "", "NEN01", "TR1 2AB", "", ""),
        ("Avon Payroll", "Payroll bureau or something", "", "", "", "", ""),
        ("", "", "", "", "nowhere", "", ""),
        headings=OWN,
    )
    batch_id = tried(portal, content, way="providers/list", subject="admin")
    assert outcomes(portal, batch_id) == ["NEW", "REFUSED", "REFUSED", "REFUSED"]
    page = page_of(portal, batch_id, subject="admin")
    assert [one["label"] for one in page.var("strange")] == ["Kind: “Payroll bureau or something”"]
    assert [one["label"] for one in page.var("doubtful")] == ["Row 3: Nene Help"]
    page.submit("name_values", v0="PAYROLL_BUREAU")
    worked(portal)
    page.submit("decide", d3="same")
    worked(portal)
    assert outcomes(portal, batch_id) == ["NEW", "CHANGED", "NEW", "REFUSED"]
    assert {one.id for one in portal.rows(Organisation)} == before
    page.send("go")
    worked(portal)
    nene = portal.rows(Organisation, col(Organisation.name) == "Nene Help")[0]
    assert (nene.ods_code, nene.postcode, nene.kind) == ("NEN01", "TR1 2AB", "CHARITY")
    ouse = portal.rows(Organisation, col(Organisation.name) == "Ouse Together")[0]
    assert (ouse.kind, ouse.is_user_led, ouse.telephone) == ("ULO", True, "+441632960001")
    assert batch(portal, batch_id).refused_count == 1
    again = tried(portal, content, way="providers/list", subject="admin")
    assert outcomes(portal, again)[:3] == ["SAME", "SAME", "SAME"]

    taken_back(portal, batch_id, subject="admin")
    assert batch(portal, batch_id).status == "UNDONE"
    assert {one.id for one in portal.rows(Organisation)} == before
    nene = portal.rows(Organisation, col(Organisation.name) == "Nene Help")[0]
    assert (nene.ods_code, nene.postcode, nene.kind) == (None, "", "OTHER")


def people_file(*rows: tuple[str, ...]) -> bytes:
    return as_csv(*rows, headings=PEOPLE)


def test_people_are_added_known_again_changed_and_taken_back(portal: Portal) -> None:
    rows = [
        ("Ada", "Byron", "10/12/1970", "999 800 0018", "X-1", "l8 7ss", "yes"),
        ("Mary", "Shelley", "30 Aug 1980", "", "X-2", "", "no"),
        ("Nobody", "Known", "1980-01-01", "9990000026", "", "", ""),
        ("Amina", "Okafor-Reyes", "1970-01-01", "9990000018", "", "", ""),
        ("Ada", "Other", "1970-01-01", "999 800 0018", "", "", ""),
    ]
    rows[0] = (*rows[0][:3], "9998000018", *rows[0][4:])
    batch_id = tried(portal, people_file(*rows), way="people/list")
    found = outcomes(portal, batch_id)
    told = reasons(portal, batch_id)
    assert found[1] == "NEW"
    assert found[2] == "REFUSED"  # another board's
    assert "already on another record" in told
    assert "Quillfeather" not in told
    assert found[3] == "REFUSED"  # another date of birth
    assert "Look whose it is" in told


def test_people_without_numbers_are_added_changed_and_taken_back(portal: Portal) -> None:
    mary = ("Mary", "Shelley", "30 Aug 1980", "", "X-2", "", "no")
    first = brought_in(portal, people_file(mary), way="people/list")
    (person,) = portal.rows(Person, col(Person.family_name) == "Shelley")
    assert person.date_of_birth == date(1980, 8, 30)
    moved = brought_in(portal, people_file((*mary[:5], "L8 7SS", "")), way="people/list")
    assert outcomes(portal, moved) == ["CHANGED"]
    taken_back(portal, first)
    assert "changed since" in batch(portal, first).problem
    taken_back(portal, moved)
    (person,) = portal.rows(Person, col(Person.family_name) == "Shelley")
    assert person.postcode == ""
    twin = tried(portal, people_file(("Mary", "Shelley", "30 Aug 1980", "", "X-9", "", "")), way="people/list")
    assert outcomes(portal, twin) == ["REFUSED"]
    assert "somebody of this name and date of birth" in reasons(portal, twin)
    page = page_of(portal, twin)
    assert page.var("not_go").startswith("Every row is refused")
    assert [one["label"] for one in page.var("doubtful")] == ["Row 2: Mary Shelley"]
    page.submit("decide", d2="another")
    worked(portal)
    assert outcomes(portal, twin) == ["NEW"]
    page_of(portal, twin).send("go")
    worked(portal)
    assert len(portal.rows(Person, col(Person.family_name) == "Shelley")) == 2
    taken_back(portal, twin)
    taken_back(portal, first)  # the second file is taken back, so that nothing has built upon the first any more
    assert batch(portal, first).status == "UNDONE"
    assert portal.rows(Person, col(Person.family_name) == "Shelley") == []


def test_other_peoples_yes_and_no_are_named_once(portal: Portal) -> None:
    rows = [("Zoe", "Quist", "1/2/1980", "", "Z-1", "", "Large print"), ("Yan", "Quist", "1/3/1980", "", "Z-2", "", "")]
    batch_id = tried(portal, people_file(*rows), way="people/list")
    assert outcomes(portal, batch_id) == ["REFUSED", "NEW"]
    page = page_of(portal, batch_id)
    assert [one["label"] for one in page.var("strange")] == ["Easy read: “Large print”"]
    page.submit("name_values", v0="yes")
    worked(portal)
    assert outcomes(portal, batch_id) == ["NEW", "NEW"]


def test_each_kind_of_file_is_for_those_who_may_bring_it_in(portal: Portal) -> None:
    from tests.admin.bringing import post

    may = {
        "phbs/caseload": {"cm", "admin"}, "providers/directory": {"admin"}, "people/list": {"cm"},
        "providers/list": {"admin"}, "equipment/list": {"cm", "finance"},
    }  # fmt: skip
    before = len(portal.rows(ImportBatch))
    for way, those in may.items():
        for subject in ("cm", "clinician", "finance", "approver", "auditor", "admin"):
            allowed = post(portal, b"", subject=subject, way=way).status_code != 403
            assert allowed is (subject in those), (way, subject)
    assert len(portal.rows(ImportBatch)) == before


def test_the_columns_page_is_for_the_one_who_brought_the_file(portal: Portal) -> None:
    batch_id = sent(portal, CLEAN, way="phbs/caseload")
    path = routes.of_import(routes.STAFF_IMPORT_COLUMNS, batch_id)
    page = opened(portal, "cm2", ImportColumnsState, path, brought=str(batch_id))
    assert page.var("missing") is True
    page.submit("save", c0="given_name")
    assert batch(portal, batch_id).status == "READ"
    reader = csv.reader(io.StringIO(CLEAN.decode()))
    assert len(next(reader)) == len(columns(portal, batch_id).var("asked"))
