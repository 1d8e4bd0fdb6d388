"""A team's own list of organisations: what the portal has is found, what is in doubt is a person's to say."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import col

from phbportal.domain.errors import NotAllowed
from phbportal.domain.text import search_key
from phbportal.gateways.provider_list import COLUMNS, ProviderList, read_provider_list
from phbportal.gateways.tabular import Unreadable, read_table
from phbportal.services.bringing_in import Given, Whole
from phbportal.services.import_report import ImportReport
from phbportal.services.provider_list_import import bring_in_list_table, bring_in_provider_list, read_list_table
from phbportal.services.provider_merge import merge_provider
from phbportal.tables.organisations import Organisation
from tests.services.import_world import counts, outcome, rows_of
from tests.support.world import World, make_world

HEADINGS = ["Organisation", "Type", "User-led", "CQC number", "ODS", "Postcode", "Phone", "Decision"]
HAY = ["Hay Together", "User-led organisation", "yes", "", "", "TR1 2AB", "01632 960001", ""]


@pytest.fixture
def world(engine: Engine) -> World:
    return make_world(engine)


def a_list(*rows: list[str]) -> ProviderList:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([HEADINGS, *rows])
    return read_provider_list(out.getvalue().encode())


def row(name: str, *, cqc: str = "", ods: str = "", postcode: str = "", decision: str = "", led: str = "") -> list[str]:
    return [name, "", led, cqc, ods, postcode, "", decision]


def bring_in(world: World, found: ProviderList, *, by: Any = None, dry_run: bool = False) -> ImportReport:
    with world.unit(by or world.admin, writes=not dry_run) as uow:
        return bring_in_provider_list(uow, found, dry_run=dry_run)


def add(world: World, name: str, **more: Any) -> UUID:
    usual = {"kind": "OTHER", "name": name, "search_name": search_key(name), "is_user_led": False}
    with world.unit(world.admin) as uow:
        return uow.add(Organisation, **usual | more).id


def named(world: World, name: str) -> list[Organisation]:
    return rows_of(world, Organisation, col(Organisation.name) == name)


def test_a_new_organisation_is_added_and_a_second_time_is_as_it_was(world: World) -> None:
    assert outcome(bring_in(world, a_list(HAY))) == (1, 0, 0, 0)
    hay = named(world, "Hay Together")[0]
    assert (hay.kind, hay.is_user_led, hay.postcode, hay.telephone) == ("ULO", True, "TR1 2AB", "+441632960001")
    assert outcome(bring_in(world, a_list(HAY))) == (0, 0, 1, 0)


def test_what_is_to_be_known_of_the_file_is_told_beside_what_becomes_of_its_rows(world: World) -> None:
    content = b"Organisation,ODS\nHay Together,HAY01\nTotal,1\nChecked by Sue,\n"
    whole = Whole(read_table(content, wanted=COLUMNS), content)
    with world.unit(world.admin, writes=False) as uow:
        found = bring_in_list_table(uow, Given(read_list_table(whole, uow.today), None, True))
    assert whole.table is None, "the table is let go of when it is read"
    assert ([one.words for one in found.came], found.note) == (
        ["Hay Together"], "Row 4 was passed over: it stands below the total and says one thing only.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("stands", "said"),
    [
        ({"cqc_location_id": "1-101608238"}, row("Other words", cqc="1-101608238")),
        ({"ods_code": "HAY01"}, row("Other words", ods="HAY01")),
        ({"postcode": "TR1 2AB"}, row("HAY CARE", postcode="tr12ab")),
        ({"postcode": "TR1 9ZZ"}, row("Hay Care", postcode="TR1 2AB", decision="Same")),
    ],
    ids=["CQC number", "ODS code", "name and postcode", "a person said so"],
)
def test_what_the_portal_has_is_found(world: World, stands: dict[str, str], said: list[str]) -> None:
    add(world, "Hay Care", **stands)
    assert outcome(bring_in(world, a_list(said))) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("stands", "said", "column", "words"),
    [
        ({}, row("Hay Care", postcode="TR1 2AB"), "Organisation", "The portal has Hay Care (no postcode)"),
        ({"postcode": "TR1 9ZZ"}, row("Hay Care", postcode="TR1 2AB"), "Organisation", "as “same” or “another”"),
        ({"cqc_location_id": "1-101608238", "postcode": "TR1 2AB"},
         row("Hay Care", cqc="1-101608239", postcode="TR1 2AB", decision="same"), "Organisation", "so they are two"),
    ],
    ids=["name alone", "another postcode", "another number"],
)  # fmt: skip
def test_what_is_in_doubt_is_refused_with_both_sides_shown(
    world: World, stands: dict[str, str], said: list[str], column: str, words: str
) -> None:
    add(world, "Hay Care", **stands)
    report = bring_in(world, a_list(said))
    assert [(p.row, p.column) for p in report.refused] == [(2, column)]
    assert words in report.refused[0].reason
    assert outcome(bring_in(world, a_list([*said[:-1], "another"]))) == (1, 0, 0, 0)


def test_only_what_is_missing_is_filled_in_and_the_rest_is_told(world: World) -> None:
    add(world, "Hay Care", ods_code="HAY01", telephone="+441632960002")
    report = bring_in(
        world, a_list(["Hay Care", "Charity", "yes", "1-101608238", "HAY01", "TR1 2AB", "01632960001", ""])
    )
    hay = named(world, "Hay Care")[0]
    assert outcome(report) == (0, 1, 0, 0)
    assert (hay.kind, hay.is_user_led, hay.cqc_location_id, hay.postcode, hay.telephone) == (
        "CHARITY", True, "1-101608238", "TR1 2AB", "+441632960002",
    )  # fmt: skip
    assert [note.reason for note in report.notes] == ["The portal has another telephone and keeps it."]


def test_numbers_of_two_organisations_and_repeats_are_refused(world: World) -> None:
    add(world, "Hay", cqc_location_id="1-101608238")
    add(world, "Dee", ods_code="DEE01")
    both = bring_in(world, a_list(row("Hay", cqc="1-101608238", ods="DEE01"), row("Esk"), row("ESK")))
    assert [(p.row, p.column) for p in both.refused] == [(2, "ODS"), (4, "Organisation")]
    assert outcome(both) == (1, 0, 0, 2)


def test_what_was_merged_is_the_one_it_was_merged_into(world: World) -> None:
    gone, stays = add(world, "Hay Care", postcode="TR1 2AB"), add(world, "Hay Care Ltd", ods_code="HAY01")
    with world.unit(world.admin) as uow:
        merge_provider(uow, gone, stays, {"on": world.today, "reason": "One"})
    report = bring_in(world, a_list(row("Hay Care", led="yes", decision="same")))
    assert outcome(report) == (0, 1, 0, 0)
    assert [one.id for one in rows_of(world, Organisation, col(Organisation.is_user_led))] == [stays]


def test_a_dry_run_writes_nothing_and_only_an_administrator_brings_in(world: World, engine: Engine) -> None:
    before = counts(engine)
    assert outcome(bring_in(world, a_list(HAY), dry_run=True)) == (1, 0, 0, 0)
    assert counts(engine) == before
    with pytest.raises(NotAllowed):
        bring_in(world, a_list(HAY), by=world.cm)


@pytest.mark.parametrize(
    ("place", "said"),
    [(1, "Bakery"), (2, "perhaps"), (3, "12"), (4, "?"), (5, "Truro"), (6, "none"), (7, "maybe"), (0, "")],
)
def test_a_cell_that_cannot_be_read_is_refused_beside_its_heading(place: int, said: str) -> None:
    cells = list(HAY)
    cells[place] = said
    found = a_list(cells)
    assert [(p.row, p.column) for p in found.problems] == [(2, HEADINGS[place])]
    assert found.rows == ()


def test_a_file_without_names_is_no_list() -> None:
    with pytest.raises(Unreadable, match="no column “Name”"):
        read_provider_list(b"Postcode,Phone\nTR1 2AB,01632960001\n")
