"""The CQC's care directory, brought in: what is new, changed and gone, and nothing else touched. Both databases."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import col

from phbportal.domain import history
from phbportal.domain.errors import NotAllowed, Refusal
from phbportal.gateways.provider_directory import Directory, read_directory
from phbportal.gateways.tabular import RowProblem
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.queries.organisations import organisation_record
from phbportal.services.import_report import ImportReport
from phbportal.services.provider_import import bring_in_directory
from phbportal.tables.audit import AuditEvent
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Import
from tests.gateways.test_provider_directory import directory
from tests.services.import_world import counts, outcome, rows_of
from tests.support.world import World, make_world

SAMPLE = read_directory((Path(__file__).parents[1] / "data" / "cqc_sample.csv").read_bytes())
LARCH, ELM, OAK = {"Name": "Larch House"}, {"Name": "Elm House"}, {"Name": "Oak House"}


@pytest.fixture
def world(engine: Engine) -> World:
    return make_world(engine, today=date(2026, 11, 22))


def bring_in(world: World, file: Directory, *, by: Actor = SYSTEM, dry_run: bool = False) -> ImportReport:
    with world.unit(by, writes=not dry_run) as uow:
        return bring_in_directory(uow, file, dry_run=dry_run)


def providers(world: World) -> dict[str, Organisation]:
    return {row.name: row for row in rows_of(world, Organisation, col(Organisation.cqc_location_id).is_not(None))}


def gone(world: World) -> dict[str, date | None]:
    return {name: row.gone_from_directory_on for name, row in providers(world).items()}


def test_the_published_file_is_brought_in_whole_and_a_second_time_changes_nothing(world: World, engine: Engine) -> None:
    assert outcome(bring_in(world, SAMPLE)) == (389, 0, 0, 0)
    before = counts(engine)
    assert outcome(bring_in(world, SAMPLE)) == (0, 0, 389, 0)
    after = counts(engine)
    assert after["organisation"] == before["organisation"]
    assert {row.row_version for row in rows_of(world, Organisation)} == {1}
    assert (after["import_file"], after["audit_event"]) == (before["import_file"] + 1, before["audit_event"] + 1)


def test_a_location_is_kept_with_its_number_mended_and_its_lists_once(world: World) -> None:
    bring_in(world, directory({"Service types": "Homecare agencies|Homecare agencies|Supported living"}))
    larch = providers(world)["Larch House"]
    assert (larch.kind, larch.is_user_led, larch.created_by) == ("CARE_PROVIDER", False, None)
    assert (larch.telephone, larch.postcode) == ("+441872270000", "TR1 1AA")
    assert (larch.services, larch.specialisms) == ("Homecare agencies|Supported living", "Dementia|Personal care")
    assert (larch.local_authority_code, larch.region) == ("E06000052", "South West")
    assert (larch.cqc_location_id, larch.cqc_provider_id) == ("1-100000001", "1-200000001")
    assert (larch.cqc_provider_name, larch.search_name) == ("Larch Care Ltd", "larch house")
    assert (larch.directory_on, larch.gone_from_directory_on) == (date(2026, 7, 1), None)


def test_an_authority_that_has_been_divided_is_not_guessed(world: World) -> None:
    bring_in(world, directory({"Local authority": "Northamptonshire", "Region": "East Midlands"}))
    assert [row.local_authority_code for row in providers(world).values()] == [None]


def test_only_what_differs_is_changed(world: World) -> None:
    bring_in(world, directory(LARCH, ELM, produced="01 July 2026"))
    later = directory(LARCH, ELM | {"Phone number": "1872270001"}, OAK, produced="01 August 2026")
    assert outcome(bring_in(world, later)) == (1, 1, 1, 0)
    found = providers(world)
    assert {name: (row.row_version, row.directory_on) for name, row in found.items()} == {
        "Larch House": (1, date(2026, 7, 1)),
        "Elm House": (2, date(2026, 8, 1)),
        "Oak House": (1, date(2026, 8, 1)),
    }
    assert found["Elm House"].telephone == "+441872270001"


def test_a_location_that_a_later_file_no_longer_holds_is_marked_and_unmarked_when_it_is_back(world: World) -> None:
    bring_in(world, directory(LARCH, ELM, OAK, produced="01 July 2026"))
    report = bring_in(world, directory(LARCH, ELM, produced="01 August 2026"))
    assert (outcome(report), report.gone) == ((0, 0, 2, 0), 1)
    bring_in(world, directory(LARCH, produced="01 September 2026"))
    assert gone(world) == {"Larch House": None, "Elm House": date(2026, 9, 1), "Oak House": date(2026, 8, 1)}
    assert outcome(bring_in(world, directory(LARCH, ELM, produced="01 October 2026"))) == (0, 1, 1, 0)
    assert gone(world) == {"Larch House": None, "Elm House": None, "Oak House": date(2026, 8, 1)}


def test_a_file_older_than_the_last_is_refused_in_words(world: World, engine: Engine) -> None:
    bring_in(world, directory(LARCH, ELM, produced="01 July 2026"))
    bring_in(world, directory(LARCH, ELM, produced="01 August 2026"))
    before = counts(engine)
    with pytest.raises(Refusal, match="produced on 31 July 2026, and one of 1 August 2026 was brought in already"):
        bring_in(world, directory(LARCH, produced="31 July 2026"))
    assert counts(engine) == before
    assert gone(world) == {"Larch House": None, "Elm House": None}


def test_nothing_is_marked_as_gone_by_a_file_with_refused_rows_or_no_date(world: World) -> None:
    bring_in(world, directory(LARCH, ELM, OAK, produced="01 July 2026"))
    broken = bring_in(world, directory(LARCH, ELM | {"Postcode": "nowhere"}, produced="01 August 2026"))
    assert (outcome(broken), broken.gone) == ((0, 0, 1, 1), 0)
    assert "no location was marked as gone" in broken.notes[0].reason
    undated = bring_in(world, directory(LARCH, produced="a while ago"))
    assert (outcome(undated), undated.gone) == ((0, 0, 1, 0), 0)
    assert set(gone(world).values()) == {None}


def test_the_rows_beside_a_refused_one_are_taken(world: World) -> None:
    report = bring_in(world, directory(LARCH, ELM | {"Name": "E" * 201}, OAK | {"Postcode": ""}))
    assert [(p.row, p.column) for p in report.refused] == [(7, "name"), (8, "Postcode")]
    assert outcome(report) == (1, 0, 0, 2)
    assert list(providers(world)) == ["Larch House"]


def test_a_dry_run_says_what_would_be_and_writes_nothing(world: World, engine: Engine) -> None:
    bring_in(world, directory(LARCH, ELM, produced="01 July 2026"))
    before = counts(engine)
    later = directory(LARCH | {"Postcode": "TR1 1AB"}, produced="01 August 2026")
    dry = bring_in(world, later, dry_run=True)
    assert counts(engine) == before
    assert dry == replace(bring_in(world, later), dry_run=True)


def test_what_was_entered_by_hand_keeps_its_kind(world: World) -> None:
    with world.unit(world.admin) as uow:
        uow.add(Organisation, kind="ULO", name="Larch", search_name="larch", cqc_location_id="1-100000001",
                is_user_led=True)  # fmt: skip
    assert outcome(bring_in(world, directory(LARCH))) == (0, 1, 0, 0)
    larch = providers(world)["Larch House"]
    assert (larch.kind, larch.is_user_led) == ("ULO", True)


def test_a_rating_is_not_lost_to_a_layout_without_ratings(world: World) -> None:
    file = directory(LARCH)
    rated = replace(file, rows=(replace(file.rows[0], rating="Good", rating_date=date(2026, 6, 1)),))
    assert outcome(bring_in(world, rated)) == (1, 0, 0, 0)
    assert outcome(bring_in(world, file)) == (0, 0, 1, 0)
    larch = providers(world)["Larch House"]
    assert (larch.rating, larch.rating_on) == ("Good", date(2026, 6, 1))


def test_what_changed_since_last_time_is_told_on_the_record(world: World) -> None:
    file = directory(LARCH)
    good = replace(file, rows=(replace(file.rows[0], rating="Good", rating_date=date(2026, 6, 1)),))
    bad = replace(file, rows=(replace(file.rows[0], rating="Inadequate", rating_date=date(2026, 11, 2)),))
    for each in (good, good, bad):
        bring_in(world, each)
    larch = providers(world)["Larch House"]
    with world.unit(world.cm, writes=False) as uow:
        told = organisation_record(uow.session, uow.actor, uow.today, {}, larch.id).changes
    assert told == (
        "22 November 2026, from the directory: the rating was Good and is Inadequate and the day of the rating was "
        "1 June 2026 and is 2 November 2026.",
    )
    happened = rows_of(world, AuditEvent, col(AuditEvent.kind) == "directory_changed")
    assert [event.about_id for event in happened] == [larch.id]
    assert json.loads(happened[0].details)["held"]["rating"] == ["Good", "Inadequate"]


def test_a_run_is_recorded_with_its_counts_and_nothing_else(world: World) -> None:
    bring_in(world, directory(LARCH, ELM), by=world.admin)
    run = rows_of(world, Import)[0]
    assert json.loads(run.outcome) == {
        "rows": 2, "created": 2, "changed": 0, "unchanged": 0, "refused": 0, "gone": 0, "produced_on": "2026-07-01",
    }  # fmt: skip
    event = rows_of(world, AuditEvent)[-1]
    assert event.created_by == world.admin.user_id
    assert history.sentence(event.kind, json.loads(event.details)) == (
        "brought in a directory of 2 providers: 2 new, 0 changed, 0 as they were, 0 gone."
    )


@pytest.mark.parametrize("who", ["cm", "finance", "approver", "auditor"])
def test_others_do_not_bring_the_directory_in(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        bring_in(world, directory(LARCH), by=getattr(world, who))


def test_a_problem_and_a_note_are_told_to_whoever_brought_the_file(world: World) -> None:
    report = bring_in(world, directory(LARCH | {"Phone number": "12"}))
    assert report.notes == (
        RowProblem(6, "Phone number", "This is not a telephone number that can be called. It was left out."),
    )
