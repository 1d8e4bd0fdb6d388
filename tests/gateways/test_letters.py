"""Letters as documents: tagged, titled, in English, and the same each time."""

from __future__ import annotations

import re
import zlib
from datetime import date

from phbportal.gateways.letters import LetterPage, letter_pdf

HOSTILE = 'Dear #panic("x") *Amina* [a] $b$ <c> @d \\ “£1.00” – é'
PAGE = LetterPage(
    "NHS Test One ICB", "The money stops", "Amina Okafor-Reyes", ("1 High Street", "AB1 2CD"),
    (HOSTILE, "We have decided to stop your direct payment from 1 May 2026.", "A last paragraph."), date(2026, 4, 1),
)  # fmt: skip


def inflated(pdf: bytes) -> str:
    """Everything a document holds, its compressed parts opened."""
    parts = [pdf]
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompress(found[1]))
        except zlib.error:
            continue
    return b"\n".join(parts).decode("latin-1")


def test_a_letter_is_tagged_pdf_ua_with_its_title_and_language() -> None:
    held = inflated(letter_pdf(PAGE))
    assert "<pdfuaid:part>1</pdfuaid:part>" in held
    assert re.search(r"/MarkInfo\s*<<[^>]*/Marked true", held)
    assert re.search(r"/Lang\s*\(en-GB\)", held)
    assert re.search(r"/DisplayDocTitle true", held)
    assert "The money stops" in held
    assert "/StructTreeRoot" in held


def test_the_title_and_every_paragraph_have_a_tag_of_their_own() -> None:
    held = inflated(letter_pdf(PAGE))
    tags = re.findall(r"/S\s*/(\w+)", held)
    assert tags.count("Title") == 1
    assert tags.count("P") >= len(PAGE.paragraphs) + 2, "paragraphs, the date, the address"


def test_what_anybody_wrote_is_set_and_never_run() -> None:
    assert letter_pdf(PAGE).startswith(b"%PDF-1.7")


def test_the_same_letter_is_the_same_document() -> None:
    assert letter_pdf(PAGE) == letter_pdf(PAGE)


def test_a_letter_without_an_address_and_one_of_many_pages_can_be_made() -> None:
    from dataclasses import replace

    assert letter_pdf(replace(PAGE, address=()))
    assert letter_pdf(replace(PAGE, paragraphs=("A sentence of some length that goes on. " * 40,) * 30))
