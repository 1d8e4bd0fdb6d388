"""The public reference data that ships with the portal hangs together."""

from __future__ import annotations

from datetime import date

import pytest

from phbportal.domain.errors import Refusal
from phbportal.domain.identifiers import icb_code, ods_code
from phbportal.gateways.reference import (
    REORGANISATION,
    authority_codes,
    board_in_force,
    boards,
    local_authorities,
    succession,
)

BEFORE, AFTER = date(2026, 3, 31), date(2026, 4, 1)


def _in_force(on: date) -> set[str]:
    return {board.ods_code for board in boards() if board.in_force(on)}


def test_there_are_42_boards_until_march_2026_and_36_from_april() -> None:
    assert len(_in_force(date(2022, 7, 1))) == 42
    assert len(_in_force(BEFORE)) == 42
    assert len(_in_force(AFTER)) == 36
    assert not _in_force(date(2022, 6, 30))


def test_every_board_stands_once_with_a_well_formed_code() -> None:
    codes = [board.ods_code for board in boards()]
    assert len(codes) == len(set(codes)) == 48
    assert all(icb_code(code) == code for code in codes)
    assert all(board.name.startswith("NHS ") and board.region_code.startswith("Y") for board in boards())


def test_every_board_that_ended_has_a_successor_that_begins_the_next_day() -> None:
    ended = {board.ods_code for board in boards() if board.valid_to}
    assert len(ended) == 12
    assert {link.predecessor for link in succession()} == ended
    assert len(succession()) == 16
    assert {link.on for link in succession()} == {REORGANISATION}
    assert {link.successor for link in succession()} <= _in_force(AFTER)
    assert {link.kind for link in succession()} == {"merger", "split", "acquisition"}


def test_frimley_was_divided_three_ways() -> None:
    assert {link.successor for link in succession() if link.predecessor == "QNQ"} == {"S0E4D", "S9B9J", "QRL"}


def test_the_153_authorities_lie_in_boards_that_were_in_force() -> None:
    authorities = local_authorities()
    assert len({a.ons_code for a in authorities}) == len(authorities) == 153
    for authority in authorities:
        assert set(authority.boards_on(BEFORE)) <= _in_force(BEFORE)
        assert set(authority.boards_on(AFTER)) <= _in_force(AFTER)
    assert {code for a in authorities for code in a.boards_to_2026} == _in_force(BEFORE)
    assert {code for a in authorities for code in a.boards_from_2026} == _in_force(AFTER)


def test_a_board_kept_its_ods_code_and_got_a_new_ons_code() -> None:
    hampshire = board_in_force("QRL", AFTER)
    assert hampshire == board_in_force("QRL", BEFORE)
    assert hampshire.ons_code_on(BEFORE) == "E54000042"
    assert hampshire.ons_code_on(AFTER) == "E54000067"
    assert board_in_force("QYG", AFTER).ons_code_on(BEFORE) == "E54000008"


def test_a_board_in_force_is_found_however_its_code_is_typed() -> None:
    assert board_in_force(" qyg ", AFTER).name == "NHS Cheshire and Merseyside Integrated Care Board"
    assert board_in_force("S1Y5D", AFTER).valid_from == AFTER


def test_a_board_that_ended_is_refused_and_its_successors_are_named() -> None:
    with pytest.raises(Refusal) as refused:
        board_in_force("QNQ", AFTER)
    sentence = refused.value.problems[0].sentence
    assert "ended on 31 March 2026" in sentence
    assert all(code in sentence for code in ("S0E4D", "S9B9J", "QRL"))
    assert board_in_force("QNQ", BEFORE).ods_code == "QNQ"


def test_a_board_that_has_not_begun_is_refused_until_it_has() -> None:
    with pytest.raises(Refusal, match=r"does not start until 1 April 2026"):
        board_in_force("Z9B2Z", BEFORE)


@pytest.mark.parametrize("code", ["", "XYZ", "QQQ", "E54000008"])
def test_an_unknown_board_is_refused(code: str) -> None:
    with pytest.raises(Refusal, match=r"No integrated care board has the code") as refused:
        board_in_force(code, AFTER)
    assert refused.value.problems[0].field == "icb"


def test_an_authority_is_known_by_the_names_of_the_cqc_and_of_the_ons() -> None:
    assert authority_codes("Bath & N E Somerset") == ("E06000022",)
    assert authority_codes("Bath and North East Somerset") == ("E06000022",)
    assert authority_codes("KINGSTON UPON HULL, CITY OF") == authority_codes("Kingston-upon-Hull")


def test_every_authority_is_known_by_its_own_name() -> None:
    assert all(authority_codes(a.name) == (a.ons_code,) for a in local_authorities())


def test_an_authority_that_was_divided_stands_for_its_successors() -> None:
    assert authority_codes("Cumbria") == ("E06000063", "E06000064")
    assert authority_codes("Poole") == authority_codes("Bournemouth") == ("E06000058",)


def test_an_unknown_authority_has_no_code() -> None:
    assert authority_codes("Atlantis") == ()
    assert authority_codes("") == ()


def test_the_codes_of_authorities_are_codes() -> None:
    assert all(ods_code(a.ods_code) == a.ods_code for a in local_authorities() if a.ods_code)
