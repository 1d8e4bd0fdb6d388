"""What the money cannot buy: what a text seems to name, and what it does not."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phbportal.domain.exclusions import EXCLUSIONS, LocalRule, findings, looks_like_of

RENT = LocalRule("L01", "rent and household bills", ("rent", "council tax"), "PHB policy 4.2")


def codes(text: str, *local: LocalRule) -> list[str]:
    return [one.code for one in findings(text, local)]


def test_the_list_is_that_of_the_regulations_in_its_order() -> None:
    assert [x.code for x in EXCLUSIONS] == [f"X{n:02d}" for n in range(1, 16)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A glass of wine with lunch", ["X01"]), ("Nicotine patches", ["X02"]), ("BINGO on Fridays", ["X03"]),
        ("Credit card arrears", ["X04"]), ("Cash in hand for a neighbour", ["X05"]), ("A private GP", ["X06"]),
        ("Flu jab", ["X07"]), ("Breast screening", ["X08"]), ("NHS Health Check", ["X10"]),
        ("Ambulance home", ["X11"]), ("Knee surgery", ["X12"]), ("Prescription charges", ["X13"]),
        ("Wage for my wife", ["X15"]), ("Vapes and beer", ["X01", "X02"]),
    ],
)  # fmt: skip
def test_what_names_such_a_thing_is_found_whatever_its_letters(text: str, expected: list[str]) -> None:
    assert codes(text) == codes(text.upper()) == codes(f"  {text}\n") == expected


@pytest.mark.parametrize(
    "text",
    [
        "Support workers day and night", "Alcohol-free hand gel", "A wheelchair-accessible taxi", "Swimming, twice",
        "A co-operation of neighbours", "Current carers", "Respite at the seaside", "", "Ginger biscuits",
        "Training in suction by the tracheostomy nurse", "Transport to appointments",
        "Supplies that are not on prescription",
    ],
)  # fmt: skip
def test_what_helps_people_is_not_found(text: str) -> None:
    assert codes(text) == []


def test_a_rule_of_the_board_names_its_policy() -> None:
    (found,) = findings("Three months of council tax", [RENT])
    assert (found.code, "PHB policy 4.2" in found.sentence) == ("L01", True)
    assert codes("A parent and child group", RENT) == [], "rent is looked for at the beginning of a word"


@pytest.mark.parametrize("exclusion", [x for x in EXCLUSIONS if x.unless], ids=lambda x: x.code)
def test_where_the_rules_know_an_exception_the_sentence_says_it(exclusion: object) -> None:
    for text in exclusion.looks_like:  # pyright: ignore
        (found,) = findings(text)
        assert exclusion.unless in found.sentence  # pyright: ignore


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=120), st.lists(st.text(max_size=12), max_size=4))
def test_any_text_can_be_looked_at_and_each_rule_is_named_once(text: str, words: list[str]) -> None:
    rule = LocalRule("L01", "things", looks_like_of(",".join(words)), "policy")
    found = codes(text, rule)
    assert len(found) == len(set(found))
    assert all(one.sentence.endswith("agree.") for one in findings(text, [rule]))


def test_words_are_read_one_a_line_or_apart_by_commas() -> None:
    assert looks_like_of("rent, mortgage\n council tax ,, rent") == ("rent", "mortgage", "council tax")
