"""Two rows of one organisation become one by a dated pointer; where money points at either, two people decide."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Event, Thread
from time import sleep
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel, col

from phbportal.domain.errors import NotAllowed, NotFound, Refusal
from phbportal.domain.roles import Role
from phbportal.domain.text import search_key
from phbportal.policy.actors import SYSTEM
from phbportal.queries.organisation_merging import found_by_words, side_by_side
from phbportal.queries.organisations import organisation_record
from phbportal.services.change_requests import approve
from phbportal.services.provider_merge import merge_provider, merger_ahead, naming, stays_for
from phbportal.tables.append_only import APPEND_ONLY
from phbportal.tables.change_requests import ChangeRequest
from phbportal.tables.organisations import Organisation, OrganisationSuccession
from phbportal.tables.users import Assignment
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


def merge(world: World, gone: UUID, into: UUID, *, on: date | None = None, by: Any = None) -> UUID | None:
    with world.unit(by or world.admin) as uow:
        return merge_provider(uow, gone, into, {"on": on or world.today, "reason": "The same office"})


def pointers(world: World) -> list[tuple[UUID, UUID, str]]:
    with world.unit(world.admin, writes=False) as uow:
        rows = uow.session.execute(select(OrganisationSuccession)).scalars()
        return [(row.predecessor_id, row.successor_id, row.kind) for row in rows]


def test_nothing_is_deleted_and_the_record_leads_to_the_one_that_stays(world: World) -> None:
    gone, stays = add(world, "Hay Care"), add(world, "Hay Care Ltd", cqc_location_id="1-101608238")
    merge(world, gone, stays)
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


# What else links to an organisation, and why a merger leaves it alone. A new link is one that follows, or one of these.
OF_BOARDS = {"icb_id", "from_icb_id"}
POINTERS = {"organisation_succession.predecessor_id", "organisation_succession.successor_id"}


def test_of_every_link_to_an_organisation_it_is_known_what_becomes_of_it_in_a_merger() -> None:
    follow = {f"{column.table.name}.{column.name}" for column in naming()}
    for name, table in SQLModel.metadata.tables.items():
        for column in table.c:
            links = any(key.column.table.name == "organisation" for key in column.foreign_keys)
            if not links and not column.name.endswith("organisation_id"):
                continue
            it = f"{name}.{column.name}"
            known = [it in follow, column.name in OF_BOARDS, name in APPEND_ONLY, it in POINTERS]
            assert any(known), f"{it}: say in {__file__} what becomes of it when two organisations are merged"


def test_what_somebody_is_entrusting_to_one_of_the_two_at_the_same_moment_is_seen(world: World) -> None:
    gone, stays = add(world, "Hay Care"), add(world, "Hay Care Ltd")
    named = Event()

    def entrusts() -> None:
        with world.unit(SYSTEM) as uow:
            uow.add(
                Assignment, user_id=world.cm.user_id, role=Role.PROVIDER.value, organisation_id=gone,
                valid_from=world.today,
            )  # fmt: skip
            named.set()
            sleep(0.5)

    other = Thread(target=entrusts)
    other.start()
    assert named.wait(20)
    assert merge(world, gone, stays) is not None, "a second person decides"
    other.join(20)
    assert pointers(world) == []


def test_pointers_are_followed_to_their_end_and_each_is_found_once(world: World) -> None:
    first, second, third = (add(world, name) for name in ("Dee", "Dee Care", "Dee Care Ltd"))
    merge(world, first, second)
    merge(world, second, third)
    with world.unit(world.cm, writes=False) as uow:
        found = [uow.find(Organisation, row) for row in (first, second, third)]
        assert [row.id for row in stays_for(uow, found)] == [third]
        assert stays_for(uow, []) == []


@pytest.mark.parametrize(
    ("gone", "stays", "on", "words"),
    [
        ({}, None, 0, "is the organisation itself"),
        ({}, {"kind": "ICB", "ods_code": "QZ9"}, 0, "integrated care board, which is not merged"),
        ({"cqc_location_id": "1-101608238"}, {"cqc_location_id": "1-101608239"}, 0, "two places"),
        ({"ods_code": "ABC12"}, {}, 0, "Gone has the ODS code. Merge the other one"),
        ({}, {}, 1, "today or a day in the past"),
        ({"valid_from": date(2026, 11, 1)}, {}, -100, "did not exist yet"),
    ],
    ids=["itself", "board", "two places", "wrong way round", "to come", "too early"],
)
def test_what_is_not_one_organisation_is_refused(
    world: World, gone: dict[str, Any], stays: dict[str, Any] | None, on: int, words: str
) -> None:
    one = add(world, "Gone", **gone)
    other = one if stays is None else add(world, "Stays", **stays)
    with pytest.raises(Refusal, match=words):
        merge(world, one, other, on=world.today + timedelta(days=on))
    assert pointers(world) == []
    with world.unit(world.admin, writes=False) as uow:
        ahead, two_people = merger_ahead(uow, one, other)
    assert two_people is False
    assert words in ahead or on != 0, "it is said before anything is asked"


def test_what_was_merged_is_merged_once(world: World) -> None:
    one, two, three = add(world, "One"), add(world, "Two"), add(world, "Three")
    merge(world, one, two)
    with pytest.raises(Refusal, match="merged already"):
        merge(world, one, three)
    with pytest.raises(Refusal, match="itself merged into another"):
        merge(world, three, one)


def test_only_an_administrator_merges(world: World) -> None:
    one, two = add(world, "One"), add(world, "Two")
    for who in (world.cm, world.finance, world.approver):
        with pytest.raises(NotAllowed):
            merge(world, one, two, by=who)
        with pytest.raises(NotAllowed), world.unit(who, writes=False) as uow:
            merger_ahead(uow, one, two)


def test_where_money_points_at_either_a_second_person_decides(world: World) -> None:
    entrusted = {"method": "THIRD_PARTY", "payee_kind": "ORGANISATION", "payee_name": "Esk Trust"}
    assert bring_in(world, caseload(entrusted)).created == 1
    with world.unit(world.admin, writes=False) as uow:
        named = uow.session.execute(select(Organisation).where(col(Organisation.name) == "Esk Trust")).scalar_one()
    into = add(world, "Esk Trust CIC", ods_code="ESK01")
    with world.unit(world.admin, writes=False) as uow:
        assert merger_ahead(uow, named.id, into) == ("", True)
    change = merge(world, named.id, into)
    assert pointers(world) == []
    with world.unit(world.admin, writes=False) as uow:
        waiting = uow.session.execute(select(ChangeRequest)).scalar_one().id
    assert waiting == change
    with pytest.raises(Refusal):
        with world.unit(world.admin) as uow:
            approve(uow, waiting)
    with world.unit(world.approver) as uow:
        approve(uow, waiting)
    assert [(was, kind) for was, _, kind in pointers(world)] == [(named.id, "merged")]


def test_a_caseload_that_names_the_one_that_went_means_the_one_that_stayed(world: World) -> None:
    gone, stays = add(world, "Hay Care"), add(world, "Hay Care Ltd")
    merge(world, gone, stays)
    entrusted = {"method": "THIRD_PARTY", "payee_kind": "ORGANISATION", "payee_name": "Hay Care"}
    assert bring_in(world, caseload(entrusted)).refused == ()
    with world.unit(world.admin, writes=False) as uow:
        from phbportal.tables.budgets import Stream

        assert uow.session.execute(select(col(Stream.organisation_id))).scalar_one() == stays


def test_the_one_that_stays_is_found_by_name_number_or_code_and_never_the_one_that_goes(world: World) -> None:
    gone = add(world, "Hay Care")
    add(world, "Hay Care Ltd", cqc_location_id="1-101608238", postcode="TR1 2AB")
    add(world, "Hay Board", kind="ICB", ods_code="QZ9")
    add(world, "Esk Trust", ods_code="ESK01")

    def found(typed: str, who: Any = None) -> list[str]:
        with world.unit(who or world.admin, writes=False) as uow:
            return [one.name for one in found_by_words(uow.session, uow.actor, uow.today, typed, other_than=gone)]

    assert found("hay") == ["Hay Care Ltd"]
    assert found("1-101608238") == ["Hay Care Ltd"]
    assert found("esk01") == ["Esk Trust"]
    assert found("") == found("zzz") == found("QZ9") == []


def test_both_are_shown_fact_by_fact_with_what_differs(world: World) -> None:
    gone = add(world, "Hay Care", postcode="TR1 2AB", telephone="01632960001")
    stays = add(world, "Hay Care Ltd", postcode="TR1 2AB", ods_code="HAY01")
    with world.unit(world.admin, writes=False) as uow:
        both = side_by_side(uow.session, uow.actor, uow.today, {}, gone, stays)
        with pytest.raises(NotFound):
            side_by_side(uow.session, uow.actor, uow.today, {}, gone, gone)
    told = {one.key: (one.goes, one.stays, one.same) for one in both.facts}
    assert told["Name"] == ("Hay Care", "Hay Care Ltd", "Different")
    assert told["Postcode"] == ("TR1 2AB", "TR1 2AB", "The same")
    assert told["ODS code"] == ("Nothing", "HAY01", "Different")
    assert "CQC location number" not in told
