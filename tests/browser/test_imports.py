"""A list is brought in from an office's own file, taken back and brought in again, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

from phbportal.admin.worker import GIVE_UP, doers
from phbportal.resources.everything import declare
from phbportal.services.jobs import run_one
from tests.browser.stops import APPROVER, CASE_MANAGER
from tests.browser.visitor import Given, Visitor, eventually

HEADINGS = "PHB ref,Kit,Asset tag,Cost (£),Date bought,Remarks"


def chosen(visitor: Visitor, file: Path) -> None:
    visitor.page.get_by_label("File", exact=True).set_input_files(file)
    visitor.presses("Look at this file").settles("What are the columns?")


def done(visitor: Visitor, words: str) -> None:
    """The worker does what waits (a portal that is tested has none); the page asks by itself how far it is."""
    declare()
    files = Path(visitor.portal.engine.url.database or "").parent / "files"
    while run_one(visitor.portal.engine, doers(files / "exports"), give_up=GIVE_UP):
        pass
    eventually(lambda: words in visitor.page.inner_text("main"), visitor.page, words, seconds=40)


def test_an_offices_own_list_is_brought_in_taken_back_and_brought_in_again(given: Given, tmp_path: Path) -> None:
    marta = given.signed_in(CASE_MANAGER).opens("/staff/equipment", shows="Equipment")
    reference = marta.portal.facts["elżbieta_phb"]
    file = tmp_path / "Our kit.csv"
    file.write_text(
        f'{HEADINGS}\n{reference},Ceiling track,CT-1,"£1,250",6/4/2026,blue\n{reference},Slide,,x,6/4/2026,\n'
    )
    marta.follows("Bring in a list of equipment").settles("Or begin from an empty file").is_content()
    chosen(marta, file)
    marta.is_content()
    marta.presses("Try the file").settles("No column was chosen for “Name”").is_content()
    marta.page.get_by_label("Kit").select_option(label="Name")
    marta.presses("Try the file").settles("Being tried")
    done(marta, "2 rows: 1 new, 1 refused")
    marta.sees("Ceiling track", "Cost (£): ").is_content()
    marta.follows("Refused (1)").settles("Row 3").does_not_see("Ceiling track")
    with marta.page.expect_download() as download:
        marta.follows("CSV")
    assert "What to put right" in Path(download.value.path()).read_text(encoding="utf-8-sig")

    marta.presses("Bring it in").settles("Being brought in")
    done(marta, "Take the file back")
    here = marta.page.url
    marta.opens("/staff/equipment", shows="Ceiling track")
    marta.page.goto(here)
    marta.settles("Take the file back").is_content()
    marta.page.get_by_text("Take the file back", exact=True).click()
    marta.presses("Take it back").settles("Being taken back")
    done(marta, "Taken back by")
    marta.opens("/staff/equipment", shows="Equipment").does_not_see("Ceiling track")

    marta.opens("/staff/equipment/import/list", shows="Look at this file")
    chosen(marta, file)
    assert marta.page.get_by_label("Kit").input_value() == "name"
    marta.presses("Try the file").settles("Being tried")
    done(marta, "2 rows: 1 new, 1 refused")
    marta.presses("Bring it in").settles("Being brought in")
    done(marta, "Take the file back")
    marta.opens("/staff/imports", shows="A list of equipment").is_content()
    assert re.search("Taken back", marta.page.inner_text("main"))


def test_what_cannot_be_read_is_said_in_a_sentence_with_a_way_back(given: Given, tmp_path: Path) -> None:
    page = tmp_path / "list.csv"
    page.write_text("<html><table></table>")
    marta = given.signed_in(CASE_MANAGER).opens("/staff/equipment/import/list", shows="Look at this file")
    marta.page.get_by_label("File", exact=True).set_input_files(page)
    marta.presses("Look at this file").sees("This is a web page").is_content()
    marta.follows("Choose another file").settles("Look at this file").is_at("/staff/equipment/import/list")


def test_an_approver_finds_what_waits_for_them_and_nothing_to_do_with_a_file_of_one_person(given: Given) -> None:
    ruth = given.signed_in(APPROVER).opens("/staff/imports", shows="Files brought in")
    ruth.is_content()
    ruth.does_not_see("Bring in a list of equipment")
