"""A board's settings: its own, from a day on, never backwards; whoever reads them finds the one of the day."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from phbportal.domain.errors import NotFound, Refusal
from phbportal.policy.actors import SYSTEM
from phbportal.queries.policies import setting_form, setting_view, settings_list
from phbportal.services.change_requests import approve
from phbportal.services.policies import (
    SettingEntry,
    propose_setting,
    propose_setting_change,
    read_setting,
    setting,
)
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.settings import PolicySetting
from tests.services.asking import refused
from tests.services.proposing import REASON, proposed_setting, settings_of
from tests.support.world import World

DAY, NAME = timedelta(days=1), "surplus_weeks"


def set_to(world: World, value: str, starts_on: date) -> None:
    change_id = proposed_setting(world, value, starts_on)
    world.do(world.approver, lambda uow: approve(uow, change_id))


def change(setting_id: UUID, value: str, starts_on: date, seen: int = 1):
    def act(uow: UnitOfWork) -> UUID:
        return propose_setting_change(uow, setting_id, SettingEntry(value, starts_on), REASON, seen_version=seen)

    return act


def test_whoever_reads_a_setting_finds_the_one_of_the_day_and_of_the_board(world: World) -> None:
    set_to(world, "6", world.today + 10 * DAY)
    with world.unit(world.cm, writes=False) as uow:
        read = [
            setting(uow, board, NAME, world.today + n * DAY) for board in (world.icb, world.other_icb) for n in (9, 10)
        ]
    assert read == ["8", "6", "8", "8"]


def test_a_setting_never_holds_backwards(world: World) -> None:
    yesterday = world.today - DAY
    form = {"value": "6", "starts_on": yesterday.isoformat(), "reason": "x"}
    with pytest.raises(Refusal) as refusal:
        read_setting(form, NAME, world.today)
    assert [p.field for p in refusal.value.problems] == ["starts_on"]
    change_id = proposed_setting(world, "6", world.today)
    said = refused(world, world.approver, lambda uow: approve(uow, change_id), on=world.today + DAY)
    assert said.startswith("The day it was to hold from has passed.")


def test_what_holds_already_is_not_changed_and_what_is_to_come_may_be(world: World) -> None:
    set_to(world, "6", world.today)
    set_to(world, "10", world.today + 30 * DAY)
    now, coming = sorted(settings_of(world), key=lambda one: one.starts_on)
    said = refused(world, world.finance, change(now.id, "7", world.today + DAY))
    assert said.startswith("This setting holds already")
    assert refused(world, world.finance, change(coming.id, "7", world.today)).startswith(
        "There is a setting from that day"
    )
    assert refused(world, world.finance, change(coming.id, "7", world.today + DAY, 9)).startswith(
        "Somebody else changed"
    )
    change_id = world.do(world.finance, change(coming.id, "12", world.today + 20 * DAY))
    world.do(world.auditor, lambda uow: approve(uow, change_id))
    (changed,) = settings_of(world, id=coming.id)
    assert (changed.value, changed.starts_on) == ("12", world.today + 20 * DAY)


def test_a_change_of_what_began_while_it_waited_is_refused(world: World) -> None:
    set_to(world, "10", world.today + DAY)
    (coming,) = settings_of(world)
    change_id = world.do(world.finance, change(coming.id, "12", world.today + 5 * DAY))
    said = refused(world, world.approver, lambda uow: approve(uow, change_id), on=world.today + DAY)
    assert said.startswith("This setting holds already")


def test_the_same_setting_and_the_same_day_again_are_refused(world: World) -> None:
    same = refused(world, world.admin, lambda uow: propose_setting(uow, NAME, SettingEntry("8", uow.today), REASON))
    assert same == "This is the setting on that day already."
    set_to(world, "6", world.today)
    again = refused(world, world.admin, lambda uow: propose_setting(uow, NAME, SettingEntry("7", uow.today), REASON))
    assert again == "There is a setting from that day already. Change that one instead."


def test_a_board_changes_nobody_else_s_setting(world: World) -> None:
    set_to(world, "10", world.today + DAY)
    (coming,) = settings_of(world)
    with pytest.raises(NotFound):
        world.do(world.other_finance, change(coming.id, "12", world.today + 5 * DAY))
    with world.unit(SYSTEM) as uow:
        shared = uow.add(PolicySetting, icb_id=None, name=NAME, value="9", starts_on=world.today + DAY)
    assert "could not find" in refused(world, world.finance, change(shared.id, "12", world.today + 5 * DAY))
    for actor in (world.cm, world.approver, world.auditor):
        with pytest.raises(Refusal):
            world.do(actor, lambda uow: propose_setting(uow, NAME, SettingEntry("6", uow.today), REASON))


def test_the_list_says_what_holds_for_the_board(world: World) -> None:
    set_to(world, "6", world.today)
    set_to(world, "10", world.today + 30 * DAY)
    with world.unit(SYSTEM) as uow:
        uow.add(PolicySetting, icb_id=None, name=NAME, value="9", starts_on=world.today - 30 * DAY)
        uow.add(PolicySetting, icb_id=None, name=NAME, value="4", starts_on=world.today + 5 * DAY)

    def of(actor: str) -> tuple[str, str]:
        with world.unit(world.actors[actor], writes=False) as uow:
            found = {one.href.split("/")[-1]: one for one in settings_list(uow.session, uow.actor, uow.today)}
            assert found[NAME].now == f"{setting(uow, uow.actor.icb_id, NAME)} weeks"
        return found[NAME].now, found[NAME].coming

    assert of("cm") == ("6 weeks", "10 weeks from 1 May 2026")
    assert of("other_cm") == ("9 weeks", "4 weeks from 6 April 2026")
    with world.unit(world.admin, writes=False) as uow:
        view = setting_view(uow.session, uow.actor, uow.today, NAME)
        assert [(one.value, one.status, one.change_href != "") for one in view.rows] == [
            ("10 weeks", "To come", True), ("6 weeks", "In force", False), ("9 weeks", "Past", False),
        ]  # fmt: skip
        assert settings_list(uow.session, uow.actor, uow.today)[0].now == "Every 4 weeks, as is usual"


def test_only_the_board_s_own_setting_starts_the_form(world: World) -> None:
    set_to(world, "10", world.today + DAY)
    (own,) = settings_of(world)
    with world.unit(SYSTEM) as uow:
        shared = uow.add(PolicySetting, icb_id=None, name=NAME, value="9", starts_on=world.today).id
    with world.unit(world.admin, writes=False) as uow:
        assert setting_form(uow.session, uow.actor, uow.today, NAME, own.id).value == "10"
        for row_id, name in ((shared, NAME), (own.id, "contingency_weeks")):
            with pytest.raises(NotFound):
                setting_form(uow.session, uow.actor, uow.today, name, row_id)
    with world.unit(world.other_admin, writes=False) as uow, pytest.raises(NotFound):
        setting_form(uow.session, uow.actor, uow.today, NAME, own.id)


def test_the_form_of_each_kind_is_read(world: World) -> None:
    day = {"starts_on-day": "1", "starts_on-month": "5", "starts_on-year": "2026", "reason": "Agreed."}
    on = date(2026, 5, 1)
    for name, typed, kept in (
        (NAME, "6 weeks", "6"), ("small_balance_write_off_pence", "£45.50", "4550"), ("isf_fee_default_pct", "7%", "7"),
        ("payment_frequency", "MONTHLY", "MONTHLY"), ("cycle_anchor_date", "4 May 2026", "2026-05-04"),
    ):  # fmt: skip
        assert read_setting({"value": typed, **day}, name, world.today) == (SettingEntry(kept, on), "Agreed.")
    with pytest.raises(Refusal) as refusal:
        read_setting({}, NAME, world.today)
    assert [p.field for p in refusal.value.problems] == ["value", "starts_on", "reason"]
    with pytest.raises(NotFound):
        read_setting({}, "no_such_setting", world.today)
