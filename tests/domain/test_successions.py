"""Who goes where when a board is taken over: everybody to one board, or told."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.errors import Refusal
from phbportal.domain.successions import (
    MOST_TOLD,
    Assigned,
    Leaver,
    assign,
    postcode_parts,
    read_codes,
    read_lines,
    refuse_incomplete,
)

BOARDS = ("QRL", "S0E4D", "S9B9J")
areas = st.sampled_from(["SL", "S", "GU", "RG", "W"])
districts = st.sampled_from(["1", "10", "1A", "25"])
postcodes = st.one_of(st.just(""), st.builds(lambda a, d, s: f"{a}{d} {s}AB", areas, districts, st.integers(0, 9)))
keys = st.one_of(
    areas, st.builds(lambda a, d: f"{a}{d}", areas, districts), st.builds("REF-{}".format, st.integers(0, 30))
)


@st.composite
def leavers(draw: st.DrawFn) -> list[Leaver]:
    count = draw(st.integers(0, 12))
    return [
        Leaver(
            UUID(int=number), f"Somebody {number}", draw(postcodes),
            tuple(f"REF-{n}" for n in draw(st.lists(st.integers(0, 30), max_size=3, unique=True))), draw(st.booleans()),
        )
        for number in range(count)
    ]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(leavers(), st.dictionaries(keys, st.sampled_from(BOARDS), max_size=12))
def test_everybody_goes_to_one_board_or_is_told(people: list[Leaver], lines: dict[str, str]) -> None:
    found = assign(people, BOARDS, lines)
    assert len(found.goes_to) + len(found.unmatched) + len(found.torn) == len(people)
    assert set(found.goes_to.values()) <= set(BOARDS)
    told = {*found.unmatched, *found.torn}
    assert all((one.person_id in found.goes_to) != (one.name in told) for one in people)
    assert all(one.current for one in people if one.name in found.unmatched)
    for one in people:
        own = {lines[r] for r in one.references if r in lines}
        if len(own) == 1:
            assert found.goes_to[one.person_id] in own, "a reference before a postcode"
        assert (one.name in found.torn) == (len(own) > 1)
    if not told:
        refuse_incomplete(found)
    else:
        with pytest.raises(Refusal):
            refuse_incomplete(found)


@settings(max_examples=50, deadline=None)
@given(leavers(), st.dictionaries(keys, st.sampled_from(BOARDS), max_size=5))
def test_one_board_takes_everybody_whatever_the_lines_say(people: list[Leaver], lines: dict[str, str]) -> None:
    found = assign(people, ("QRL",), lines)
    assert found == Assigned({one.person_id: "QRL" for one in people})


@pytest.mark.parametrize(
    ("postcode", "parts"),
    [
        ("SL1 2AB", ("SL1 2AB", "SL1 2", "SL1", "SL")),
        ("sl10 1aa", ("SL10 1AA", "SL10 1", "SL10", "SL")),
        ("W1A 1AA", ("W1A 1AA", "W1A 1", "W1A", "W")),
        ("", ()),
        ("no fixed abode", ()),
    ],
)
def test_what_a_postcode_begins_with(postcode: str, parts: tuple[str, ...]) -> None:
    assert postcode_parts(postcode) == parts


def test_the_longer_postcode_goes_before_the_shorter_and_sl1_is_not_sl10() -> None:
    people = [Leaver(UUID(int=n), str(n), code, ()) for n, code in enumerate(("SL1 2AB", "SL10 1AA", "S1 1AA"))]
    found = assign(people, BOARDS, {"SL": "QRL", "SL1": "S0E4D"})
    assert list(found.goes_to.values()) == ["S0E4D", "QRL"]
    assert found.unmatched == ("2",)


def test_lines_are_read_as_spreadsheets_write_them() -> None:
    text = '\ufeffreference,board\nSL, S0E4D\n\n"phb-2026-000001";qrl\nCM21 9\tS9B9J\nRG = QRL\n'
    assert read_lines(text, BOARDS) == {"SL": "S0E4D", "PHB-2026-000001": "QRL", "CM21 9": "S9B9J", "RG": "QRL"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SL", "Line 1: write who, a comma and the code of the board, such as SL, S0E4D."),
        ("SL,QYG", "Line 1: that board does not take over from this one. Use one of the codes you entered above."),
        ("SL,QRL\nsl,S0E4D", "Line 2: this one is sent to another board by an earlier line."),
    ],
)
def test_a_line_that_cannot_be_is_refused_by_its_number(text: str, said: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_lines(text, BOARDS, field="lines")
    assert [(p.sentence, p.field) for p in refusal.value.problems] == [(said, "lines")]


def test_of_many_wrong_lines_the_first_are_told_and_the_rest_counted() -> None:
    with pytest.raises(Refusal) as refusal:
        read_lines("nonsense\n" * (MOST_TOLD + 3), BOARDS)
    assert len(refusal.value.problems) == MOST_TOLD + 1
    assert refusal.value.problems[-1].sentence == "And 3 more lines."


def test_the_codes_of_the_boards_are_read_in_their_order() -> None:
    assert read_codes("s1y5d, QRL") == ("S1Y5D", "QRL")
    for text in ("", "QRL QRL", "nonsense!", "QAA QBB QCC QDD QEE QFF QGG"):
        with pytest.raises(Refusal):
            read_codes(text)


def test_of_many_who_are_on_no_line_the_first_are_told_and_the_rest_counted() -> None:
    with pytest.raises(Refusal) as refusal:
        refuse_incomplete(Assigned({}, tuple(f"PHB-{n}" for n in range(25))), field="lines")
    (problem,) = refusal.value.problems
    assert problem.sentence.startswith("No line is about 25 people: PHB-0, ")
    assert problem.sentence.endswith("PHB-19 and 5 more.")
