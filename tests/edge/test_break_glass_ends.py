"""A page that was read under break-glass does not outlive it: emptied and sent away, whoever ended it or the hour."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from reflex_base.registry import RegistrationContext
from sqlalchemy import update
from sqlmodel import col

from phbportal import routes
from phbportal.services import break_glass
from phbportal.services.unit_of_work import open_unit
from phbportal.tables.break_glass import BreakGlass
from tests.support.portal import Portal
from tests.support.sockets import Page

pytestmark = pytest.mark.usefixtures("tidy")
ASKINGS = "phbportal___pages___staff___break_glass____break_glass_state"
AWAY = f"{routes.STAFF_BREAK_GLASS}?done=over"
NAME = "Okafor-Reyes"


def load_of(page: str) -> str:
    (name,) = (one for one in RegistrationContext.get().event_handlers if one.endswith(f".{page}.load"))
    return name


def read_record(portal: Portal, page: Page) -> str:
    """Open the first holder's record; returns the name of the state that shows it."""
    person = portal.people["own"]
    name = load_of("phbportal___pages___staff___person____person_state")
    frames = page.event(name, routes.staff_person(person), {"person": str(person)})
    assert frames.says(NAME)
    return name.removesuffix(".load")


@contextmanager
def let_in(portal: Portal, *, left: timedelta) -> Iterator[UUID]:
    """The administrator is let in to the first holder's record, with so much of the hour left."""
    begun = portal.clock() - break_glass.LASTS + left
    entry = break_glass.AskingEntry(portal.budgets["own"], "A data fault.")
    with open_unit(portal.engine, portal.world.admin, writes=True, now=begun) as uow:
        asking = break_glass.ask(uow, entry)
    with open_unit(portal.engine, portal.world.approver, writes=True, now=begun) as uow:
        break_glass.agree(uow, asking)
    try:
        yield asking
    finally:
        over = update(BreakGlass).where(col(BreakGlass.id) == asking).values(ended_at=begun)
        portal.change(lambda uow: uow.session.execute(over))


def states_that_say(portal: Portal, words: str, handle: str) -> list[str]:
    found: list[str] = []
    for token, root in portal.server.app.state_manager.states.items():
        waiting = [root]
        while waiting and str(token).startswith(handle):
            one = waiting.pop()
            waiting.extend(one.substates.values())
            if any(words in str(getattr(one, name)) for name in one.base_vars):
                found.append(str(token))
    return found


def test_when_the_hour_ends_what_a_page_shows_is_emptied_and_it_is_sent_away_still_signed_in(portal: Portal) -> None:
    with let_in(portal, left=timedelta(seconds=20)):
        browser = portal.signed_in("admin")
        page = browser.page()
        state = read_record(portal, page)
        portal.wait(0.5)
        assert not page.settle().redirects, "nobody is turned away before the time"
        assert states_that_say(portal, NAME, browser.handle())
        with portal.later(seconds=21):
            portal.until(lambda: not states_that_say(portal, NAME, browser.handle()))
            portal.wait(0.2)
            frames = page.settle()
            assert frames.redirects == [AWAY]
            assert frames.var(state, "ready") is False
            assert not frames.disconnected
            again = page.event(
                load_of(ASKINGS),
                routes.STAFF_BREAK_GLASS,
                {"done": "over"},
            )
            assert again.says("Your time to read that record is over.")
            assert not page.settle().redirects, "once is enough"


def test_when_it_is_ended_in_another_tab_every_tab_is_sent_away_within_two_seconds(portal: Portal) -> None:
    with let_in(portal, left=timedelta(minutes=30)) as asking:
        browser = portal.signed_in("admin")
        page, other = browser.page(), browser.page(token="another-tab-of-it")
        read_record(portal, page)
        read_record(portal, other)
        with open_unit(portal.engine, portal.world.admin, writes=True, now=portal.clock()) as uow:
            break_glass.end_early(uow, asking)
        portal.until(lambda: not states_that_say(portal, NAME, browser.handle()))
        portal.wait(0.2)
        assert [tab.settle().redirects for tab in (page, other)] == [[AWAY], [AWAY]]


def test_nobody_else_who_reads_the_same_record_is_disturbed(portal: Portal) -> None:
    with let_in(portal, left=timedelta(seconds=20)):
        manager = portal.signed_in("cm").page()
        read_record(portal, manager)
        with portal.later(seconds=21):
            portal.wait(0.5)
            assert not manager.settle().redirects
