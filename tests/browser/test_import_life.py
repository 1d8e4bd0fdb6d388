"""What an office has today, brought in by themselves in a real browser: a caseload out of a workbook made by hand, and
a list of organisations with one that stands there twice."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.users import User
from tests.browser.stops import ADMIN, APPROVER, CASE_MANAGER
from tests.browser.test_imports import chosen, done
from tests.browser.test_office import confirmed
from tests.browser.visitor import Given, Visitor
from tests.gateways.offices import AT, ROWS, handmade


def caseload_with_a_namesake(visitor: Visitor) -> bytes:
    """The workbook, of Marta's people; one is called and born like somebody the board has."""
    with Session(visitor.portal.engine) as session:
        email = session.execute(select(col(User.email)).where(col(User.display_name) == CASE_MANAGER)).scalar_one()
        reference = visitor.portal.facts["elżbieta_phb"]
        somebody = session.execute(
            select(Person).join(Phb, col(Phb.person_id) == col(Person.id)).where(col(Phb.reference) == reference)
        ).scalar_one()
        rows = [list(row) for row in ROWS]
        for row in rows:
            row[AT["case_manager_email"]] = str(email)
        rows[2][AT["given_name"]], rows[2][AT["family_name"]] = somebody.given_name, somebody.family_name
        rows[2][AT["date_of_birth"]] = somebody.date_of_birth.isoformat()
    return handmade(rows)


def tried(marta: Visitor, file: Path) -> None:
    """From the list of budgets to the rows of the file, by way of its sheets and its columns."""
    marta.opens("/staff/phbs", shows="Budgets").follows("Bring in a caseload").settles("Or begin from an empty file")
    marta.page.get_by_label("File", exact=True).set_input_files(file)
    marta.presses("Look at this file").settles("Which sheets do you mean?")


def agreed(ruth: Visitor) -> None:
    confirmed(ruth).opens("/staff", shows="Files to agree to").follows(
        f"{CASE_MANAGER} asks to bring in a file: A caseload"
    )
    ruth.settles("Your decision").presses("Agree: bring it in").settles("Being brought in")
    done(ruth, "Take the file back")


def taken_back(ruth: Visitor) -> None:
    ruth.page.get_by_text("Take the file back", exact=True).click()
    ruth.presses("Take it back").settles("Being taken back")
    done(ruth, "Taken back by")


def test_a_workbook_made_by_hand_is_brought_in_taken_back_and_brought_in_again(given: Given, tmp_path: Path) -> None:
    marta, ruth = given.signed_in(CASE_MANAGER), given.freshly_signed_in(APPROVER)
    file = tmp_path / "PHB caseload.xlsx"
    file.write_bytes(caseload_with_a_namesake(marta))
    tried(marta, file)
    marta.sees("Adults (", "Lists (1 row, hidden in the workbook)").is_content()
    assert [box.is_checked() for box in marta.page.get_by_role("checkbox").all()] == [False, True, True, False]
    marta.presses("Use these sheets").settles("What are the columns?")
    marta.sees("Sheets: “Adults” and “Children”; left out: “Read me” and “Lists”.").is_content()
    marta.presses("Try the file").settles("Being tried")
    done(marta, "12 new, 1 refused")
    marta.sees("The same or another?", "Say whether this is the same person or another").is_content()
    marta.presses("Try the file again with this").sees("Decide about at least one row.").is_content()
    marta.page.get_by_label("Another person").check()
    marta.presses("Try the file again with this").settles("Being tried")
    done(marta, "13 rows: 13 new")
    marta.sees("Said to be another person than the one of this name and date of birth.").is_content()
    marta.presses("Ask a second person to agree").settles("Waiting for a second person").is_content()

    agreed(ruth)
    ruth.is_content()
    taken_back(ruth)
    tried(marta, file)
    marta.presses("Use these sheets").settles("What are the columns?").presses("Try the file").settles("Being tried")
    done(marta, "12 new, 1 refused")
    marta.page.get_by_label("Another person").check()
    marta.presses("Try the file again with this").settles("Being tried")
    done(marta, "13 rows: 13 new")
    marta.presses("Ask a second person to agree").settles("Waiting for a second person")
    agreed(ruth)
    taken_back(ruth)  # so that the tests after this one find the office as it was


def test_a_list_of_organisations_is_brought_in_and_what_stands_twice_is_merged(given: Given, tmp_path: Path) -> None:
    grace = given.signed_in(ADMIN).opens("/staff/providers", shows="Providers and organisations")
    file = tmp_path / "ours.csv"
    file.write_text(
        "Organisation,Type,User-led,ODS code,Postcode\nTaff Together,ULO,yes,,CF10 1AA\n"
        "Taff Together CIC,Charity,,TAF01,CF10 1AA\nMersey Lives CIC,,,,L99 9ZZ\n"
    )
    grace.follows("Bring in our own list of organisations").settles("Or begin from an empty file").is_content()
    chosen(grace, file)
    grace.presses("Try the file").settles("Being tried")
    done(grace, "2 new, 1 refused")
    grace.sees("The portal has Mersey Lives CIC").is_content()
    grace.page.get_by_label("The same organisation").check()
    grace.presses("Try the file again with this").settles("Being tried")
    done(grace, "3 rows: 2 new")
    grace.presses("Bring it in").settles("Being brought in")
    done(grace, "Take the file back")

    grace.opens("/staff/providers", shows="Providers and organisations")
    grace.page.get_by_role("searchbox").first.fill("Taff Together")
    grace.presses("Search").settles("Taff Together CIC")
    grace.follows("Taff Together").settles("User-led").follows("Merge into another organisation")
    grace.settles("Which one stays?").is_content()
    grace.page.get_by_label("Which one stays?").press_sequentially("taff", delay=50)
    # what the first letters alone could be may be offered before
    offered = grace.page.locator("datalist option").first
    expect(offered).to_have_attribute("value", re.compile("^Taff Together CIC – Charity"))
    grace.presses("Show both").settles("Both, side by side").sees("TAF01", "Different", "The same").is_content()
    for label, typed in (("Day", "6"), ("Month", "4"), ("Year", "2026")):
        grace.page.get_by_label(label, exact=True).fill(typed)
    grace.presses("Merge them").sees("Say why they are one.").is_content()
    grace.types("Why are they one organisation?", "The same office").presses("Merge them")
    grace.settles("They are one organisation now.").sees("Taff Together was merged into Taff Together CIC").is_content()
