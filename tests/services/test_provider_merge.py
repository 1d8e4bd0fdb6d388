"""Two rows of one organisation become one by a dated pointer; where money points at either, two people decide."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.errors import NotAllowed, Refusal
from phbportal.domain.text import search_key
from phbportal.queries.organisations import organisation_record
from phbportal.services.change_requests import approve
from phbportal.services.provider_merge import merge_provider, stays_for
from phbportal.tables.change_requests import ChangeRequest
from phbportal.tables.organisations import Organisation, OrganisationSuccession
from tests.gateways.caseload_rows import caseload
from tests.services.import_world import bring_in, import_world
from tests.support.world import World


@pytest.fixture
def world(engine: Any) -> World:
    return import_world(engine)


def add(world: World, name: str, **more: Any) -> UUID:
    with world.unit(world.admin) as uow:
        return uow.add(
            Organisation,
            **{"kind": "OTHER", "name": name, "search_name": search_key(name), "is_user_led": False, **more},
        ).id


def merge(world: World, gone: UUID, into: str, *, on: date | None = None, by: Any = None) -> None:
    with world.unit(by or world.admin) as uow:
        merge_provider(uow, gone, {"into": into, "on": on or world.today, "reason": "The same office"})


def pointers(world: World) -> list[tuple[UUID, UUID, str]]:
    with world.unit(world.admin, writes=False) as uow:
        rows = uow.session.execute(select(OrganisationSuccession)).scalars()
        return [(row.predecessor_id, row.successor_id, row.kind) for row in rows]


def test_nothing_is_deleted_and_the_record_leads_to_the_one_that_stays(world: World) -> None:
    gone, stays = add(world, "Hay Care"), add(world, "Hay Care Ltd", cqc_location_id="1-101608238")
    merge(world, gone, "1-101608238")
    assert pointers(world) == [(gone, stays, "merged")]
    with world.unit(world.cm, writes=False) as uow:
        old = organisation_record(uow.session, uow.actor, uow.today, {}, gone)
        new = organisation_record(uow.session, uow.actor, uow.today, {}, stays)
        assert [row.id for row in stays_for(uow, [uow.find(Organisation, gone)])] == [stays]
    assert old.gone.startswith("Ended on")
    assert [(link.words, link.name) for link in old.links] == [("Followed by", "Hay Care Ltd")]
    assert [(link.words, link.name) for link in new.links] == [("Follows", "Hay Care")]
    assert old.changes[0].endswith("Hay Care was merged into Hay Care Ltd.")
    assert new.changes == old.changes


def test_pointers_are_followed_to_their_end_and_each_is_found_once(world: World) -> None:
    first, second, third = (add(world, name) for name in ("Dee", "Dee Care", "Dee Care Ltd"))
    merge(world, first, "Dee Care")
    merge(world, second, "Dee Care Ltd")
    with world.unit(world.cm, writes=False) as uow:
        found = [uow.find(Organisation, row) for row in (first, second, third)]
        assert [row.id for row in stays_for(uow, found)] == [third]
        assert stays_for(uow, []) == []


@pytest.mark.parametrize(
    ("gone", "stays", "into", "on", "words"),
    [
        ({}, {}, "Nobody", 0, "no organisation of that number, code or exact name"),
        ({}, {}, "Gone", 0, "is the organisation itself"),
        ({}, {"kind": "ICB", "ods_code": "QZ9"}, "QZ9", 0, "integrated care board, which is not merged"),
        ({"cqc_location_id": "1-101608238"}, {"cqc_location_id": "1-101608239"}, "Stays", 0, "two places"),
        ({"ods_code": "ABC12"}, {}, "Stays", 0, "Gone has the ODS code. Merge the other one"),
        ({}, {}, "Stays", 1, "today or a day in the past"),
        ({"valid_from": date(2026, 11, 1)}, {}, "Stays", -100, "did not exist yet"),
    ],
    ids=["nobody", "itself", "board", "two places", "wrong way round", "to come", "too early"],
)
def test_what_is_not_one_organisation_is_refused(
    world: World, gone: dict[str, Any], stays: dict[str, Any], into: str, on: int, words: str
) -> None:
    one = add(world, "Gone", **gone)
    add(world, "Stays", **stays)
    with pytest.raises(Refusal, match=words):
        merge(world, one, into, on=world.today + timedelta(days=on))
    assert pointers(world) == []


def test_what_was_merged_is_merged_once(world: World) -> None:
    one, _two, _three = add(world, "One"), add(world, "Two"), add(world, "Three")
    merge(world, one, "Two")
    with pytest.raises(Refusal, match="merged already"):
        merge(world, one, "Three")
    with pytest.raises(Refusal, match="itself merged into another"):
        merge(world, _three, "One")


def test_only_an_administrator_merges(world: World) -> None:
    one = add(world, "One")
    add(world, "Two")
    for who in (world.cm, world.finance, world.approver):
        with pytest.raises(NotAllowed):
            merge(world, one, "Two", by=who)


def test_where_money_points_at_either_a_second_person_decides(world: World) -> None:
    entrusted = {"method": "THIRD_PARTY", "payee_kind": "ORGANISATION", "payee_name": "Esk Trust"}
    assert bring_in(world, caseload(entrusted)).created == 1
    with world.unit(world.admin, writes=False) as uow:
        named = uow.session.execute(select(Organisation).where(col(Organisation.name) == "Esk Trust")).scalar_one()
    add(world, "Esk Trust CIC", ods_code="ESK01")
    merge(world, named.id, "ESK01")
    assert pointers(world) == []
    with world.unit(world.admin, writes=False) as uow:
        waiting = uow.session.execute(select(ChangeRequest)).scalar_one().id
    with pytest.raises(Refusal):
        with world.unit(world.admin) as uow:
            approve(uow, waiting)
    with world.unit(world.approver) as uow:
        approve(uow, waiting)
    assert [(was, kind) for was, _, kind in pointers(world)] == [(named.id, "merged")]


def test_a_caseload_that_names_the_one_that_went_means_the_one_that_stayed(world: World) -> None:
    gone, stays = add(world, "Hay Care"), add(world, "Hay Care Ltd")
    merge(world, gone, "Hay Care Ltd")
    entrusted = {"method": "THIRD_PARTY", "payee_kind": "ORGANISATION", "payee_name": "Hay Care"}
    assert bring_in(world, caseload(entrusted)).refused == ()
    with world.unit(world.admin, writes=False) as uow:
        from phbportal.tables.budgets import Stream

        assert uow.session.execute(select(col(Stream.organisation_id))).scalar_one() == stays
