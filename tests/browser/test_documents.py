"""A document is kept with a budget and handed over again, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.stops import CASE_MANAGER
from tests.browser.visitor import SUMMARY, Given

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def test_a_document_is_kept_and_saved_again(given: Given, tmp_path: Path) -> None:
    letter = tmp_path / "Home visit.pdf"
    letter.write_bytes(PDF)
    marta = given.signed_in(CASE_MANAGER).opens("/staff/phbs/{elżbieta_phb}")
    marta.follows("Documents kept with this budget").settles("Nothing is kept with this budget yet.")
    marta.sees("No virus scanner is set up").sees("Where and when a picture was taken is removed from it.")
    marta.page.get_by_label("What is it?").select_option(label="Letter")
    marta.page.get_by_label("File", exact=True).set_input_files(letter)
    marta.presses("Keep this document").settles("Home visit.pdf").sees("The document is kept.").is_content()
    with marta.page.expect_download() as download:
        marta.follows("Home visit.pdf")
    assert Path(download.value.path()).read_bytes() == PDF
    opening = marta.page.get_by_role("link", name=re.compile(r"^Open \(")).first
    marta.opens("/staff/documents", shows="Home visit.pdf")
    with marta.page.expect_download() as download:
        opening.click()
    assert Path(download.value.path()).read_bytes() == PDF
    marta.follows("Home visit.pdf").settles("Virus check")
    with marta.page.expect_download() as download:
        opening.click()
    assert Path(download.value.path()).read_bytes() == PDF


def test_what_is_wrong_with_a_file_is_said_in_words_with_a_way_back(given: Given, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>Hello</p>")
    marta = given.signed_in(CASE_MANAGER).opens("/staff/phbs/{wilfred_phb}/documents", shows="Keep a document")
    marta.page.get_by_label("What is it?").select_option(label="Letter")
    marta.presses("Keep this document").page.wait_for_url("**missing=file**")
    expect(marta.page.locator(SUMMARY)).to_be_focused()
    marta.settles("Choose a file.").page.get_by_label("File", exact=True).set_input_files(page)
    marta.presses("Keep this document").sees("The file must be a PDF, JPEG, PNG or HEIC.").is_content()
    marta.follows("Choose another file").settles("Keep a document").is_at("/staff/phbs/{wilfred_phb}/documents")
