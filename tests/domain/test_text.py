"""Dates as they are shown and read, names as they are searched for."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.errors import Refusal
from phbportal.domain.text import legible, listed, long_date, parse_date, plural, search_key, within

ANY_DATE = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def test_a_date_is_shown_in_full() -> None:
    assert long_date(date(2026, 4, 6)) == "6 April 2026"


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("2026-04-06", date(2026, 4, 6)),
        ("2026-04-06 00:00:00", date(2026, 4, 6)),
        ("2026-04-06T00:00:00.000", date(2026, 4, 6)),
        ("2026/4/6", date(2026, 4, 6)),
        ("06/04/2026", date(2026, 4, 6)),
        ("6/4/2026", date(2026, 4, 6)),
        ("06.04.2026", date(2026, 4, 6)),
        ("06-04-2026", date(2026, 4, 6)),
        ("06 04 2026", date(2026, 4, 6)),
        ("6 Apr 2026", date(2026, 4, 6)),
        ("6 April 2026", date(2026, 4, 6)),
        (" 6  APRIL  2026 ", date(2026, 4, 6)),
        ("6th April, 2026", date(2026, 4, 6)),
        ("06-Apr-2026", date(2026, 4, 6)),
        ("6\N{NO-BREAK SPACE}April\N{NO-BREAK SPACE}2026", date(2026, 4, 6)),
        ("1 Sept 2026", date(2026, 9, 1)),
        ("24JAN2026", date(2026, 1, 24)),
        ("16/11/2015 - 00:00", date(2015, 11, 16)),
        ("16/11/2015 \N{EN DASH} 00:00", date(2015, 11, 16)),
        ("09/Jan/2018 - 00:00", date(2018, 1, 9)),
        ("29 February 2028", date(2028, 2, 29)),
    ],
)
def test_a_date_is_read_as_people_and_systems_write_it(text: str, on: date) -> None:
    assert parse_date(text) == on


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Enter a date, such as 6 April 2026."),
        ("soon", "a day, a month and a year"),
        ("April 2026", "a day, a month and a year"),
        ("6 Smarch 2026", "a day, a month and a year"),
        ("06/04-2026", "a day, a month and a year"),
        ("06042026", "a day, a month and a year"),
        ("46118", "a day, a month and a year"),
        ("2026-04-05T23:30:00Z", "a day, a month and a year"),
        ("6/4/26", "all 4 figures"),
        ("6 Apr 26", "all 4 figures"),
        ("06/04/0206", "between 1900 and 2100"),
        ("01/01/9999", "between 1900 and 2100"),
        ("04/13/2026", "month must be between 1 and 12. Enter the day first"),
        ("01/00/2026", "month must be between 1 and 12"),
        ("31/02/2026", "between 1 and 28 in February 2026"),
        ("29 February 2026", "between 1 and 28 in February 2026"),
        ("29/02/2100", "between 1 and 28 in February 2100"),
        ("0 April 2026", "between 1 and 30 in April 2026"),
        ("2026-06-31", "between 1 and 30 in June 2026"),
    ],
)
def test_what_is_not_a_date_is_refused_beside_its_field(text: str, says: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_date(text, field="born_on")
    (problem,) = refused.value.problems
    assert says in problem.sentence
    assert problem.field == "born_on"


def test_an_import_may_read_a_spreadsheets_count_of_days() -> None:
    assert parse_date("46118", excel_serials=True) == date(2026, 4, 6)
    assert parse_date("46118.0", excel_serials=True) == date(2026, 4, 6)
    assert parse_date("6 April 2026", excel_serials=True) == date(2026, 4, 6)


def test_a_bare_year_is_never_a_count_of_days() -> None:
    with pytest.raises(Refusal, match="a day, a month and a year"):
        parse_date("2026", excel_serials=True)


@settings(max_examples=300)
@given(ANY_DATE)
def test_a_date_shown_is_read_back_the_same(on: date) -> None:
    assert parse_date(long_date(on)) == on
    assert parse_date(on.isoformat()) == on
    assert parse_date(on.strftime("%d/%m/%Y")) == on


@settings(max_examples=500)
@given(st.text() | st.text("0123456789/-. :TAprilJan"))
def test_whatever_is_typed_is_a_date_or_a_refusal(text: str) -> None:
    sentence = "It was read."
    try:
        on = parse_date(text, excel_serials=True)
    except Refusal as refusal:
        on, sentence = date(2026, 4, 6), str(refusal)
    assert 1900 <= on.year <= 2100
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Okafor-Reyes", "okafor reyes"),
        ("O'Brien", "obrien"),
        ("O\N{RIGHT SINGLE QUOTATION MARK}Brien", "obrien"),
        ("O\N{ACUTE ACCENT}Brien", "obrien"),
        ("Seán", "sean"),
        ("Sea\N{COMBINING ACUTE ACCENT}n", "sean"),
        ("Wiśniewska", "wisniewska"),
        ("Łukasz Żółć", "lukasz zolc"),
        ("Søren Ærø", "soren aero"),
        ("Großmann", "grossmann"),
        ("GROSSMANN", "grossmann"),
        ("Þórður Guðmundsson", "thordur gudmundsson"),
        ("İnci Iş\N{LATIN SMALL LETTER DOTLESS I}k", "inci isik"),
        ("D\N{EN DASH}Day", "d day"),
        ("  Hui \N{NO-BREAK SPACE} Ying ", "hui ying"),
        ("Ann\N{ZERO WIDTH SPACE}e\x00", "anne"),
        ("\N{LATIN SMALL LIGATURE FI}nn", "finn"),
        ("", ""),
    ],
)
def test_a_name_is_searched_for_without_case_marks_or_apostrophes(name: str, key: str) -> None:
    assert search_key(name) == key


@settings(max_examples=1000)
@given(st.text())
def test_a_search_key_of_a_search_key_is_itself(text: str) -> None:
    key = search_key(text)
    assert search_key(key) == key
    assert key.encode("utf-8").count(0) == 0


@settings(max_examples=300)
@given(st.text(st.characters(max_codepoint=0x17F)))
def test_a_search_does_not_mind_capitals(text: str) -> None:
    assert search_key(text.upper()) == search_key(text) or "\N{LATIN SMALL LETTER DOTLESS I}" in text


def test_what_was_pasted_is_made_legible() -> None:
    assert legible("\N{ZERO WIDTH NO-BREAK SPACE} 1\N{EN DASH}2 \n three\x00 ") == "1-2 three"
    assert legible("\ud800") == ""


def test_counts_are_said_with_their_noun() -> None:
    assert plural(1, "person", "people") == "1 person"
    assert plural(1204, "person", "people") == "1,204 people"
    assert plural(0, "row") == "0 rows"


def test_words_are_listed_as_in_a_sentence() -> None:
    assert [listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]


@pytest.mark.parametrize(
    ("heading", "said"), [("Budget lines", "budget lines"), ("ISF offers", "ISF offers"), ("", ""), ("A", "a")]
)
def test_a_heading_stands_within_a_sentence_with_the_capitals_of_its_words(heading: str, said: str) -> None:
    assert within(heading) == said
