"""Previous and next over the socket: there after a list, gone after anything else, and nothing of it in an address."""

from __future__ import annotations

from typing import Any

import pytest
from reflex_base.utils.format import format_event_handler

from phbportal.admin.beside_state import BesideState, record_at
from phbportal.admin.list_state import ListState
from phbportal.domain.errors import NotFound
from phbportal.tables.phbs import Phb
from tests.admin import gear
from tests.pages.opening import Opened, opened
from tests.support.portal import Portal
from tests.support.sockets import Frames


@pytest.fixture(autouse=True)
def _things(portal: Portal) -> None:
    """Twelve things of the first budget, once a database."""
    gear.declared()

    def fill(portal: Portal) -> bool:
        boards = {one.icb_id: one for one in portal.rows(Phb)}
        portal.change(lambda uow: gear.some(uow, boards[portal.world.icb], 12))
        return True

    portal.kept("things to go through", fill)


def listed(portal: Portal, subject: str = "finance", **query: str) -> Opened:
    """A list somebody has open, and the tab they have it in."""
    return opened(portal, subject, ListState, "/staff/gear", resource="gear", **query)


def go(tab: Opened, path: str) -> Frames:
    """The same tab goes on to another page: what is forgotten is forgotten here."""
    tab.page.event("reflex___state____state.reflex___state____on_load_internal_state.on_load_internal", path)
    return tab.page.event(format_event_handler(BesideState.event_handlers["look"]), path)


def ways(frames: Frames) -> tuple[str, str]:
    """Where "previous" and "next" lead; "" where there is none, as for whoever came another way."""
    found = []
    for name in ("before_href", "after_href"):
        try:
            found.append(frames.var(BesideState.get_full_name(), name))
        except KeyError:
            found.append("")
    return found[0], found[1]


def addresses(tab: Opened) -> list[str]:
    return [f"/staff/gear/{row[0]}" for row in tab.var("rows")]


def test_one_goes_through_a_list_and_back_and_past_the_page_it_showed(portal: Portal) -> None:
    tab = listed(portal)
    shown = addresses(tab)
    assert ways(go(tab, shown[0])) == ("", shown[1])
    assert ways(go(tab, shown[1])) == (shown[0], shown[2])
    assert ways(go(tab, f"{shown[1]}/change")) == ("", "")
    assert ways(go(tab, shown[2])) == (shown[1], shown[3])
    frames = go(tab, shown[1])
    assert frames.var(BesideState.get_full_name(), "one") == "thing"
    assert frames.var(BesideState.get_full_name(), "list_href") == "/staff/gear"


def test_the_filters_of_the_list_are_followed_and_lead_back_to_it(portal: Portal) -> None:
    tab = listed(portal, status="IN_USE", sort="-name")
    shown = addresses(tab)
    assert 2 < len(shown) < 12
    frames = go(tab, shown[1])
    assert ways(frames) == (shown[0], shown[2])
    assert frames.var(BesideState.get_full_name(), "list_href") == "/staff/gear?status=IN_USE&sort=-name"


@pytest.mark.parametrize("elsewhere", ["/staff", "/staff/people", "/staff/gearbox", "/staff/phbs/PHB-2026-000001"])
def test_after_any_other_page_there_is_no_list_to_go_through(portal: Portal, elsewhere: str) -> None:
    tab = listed(portal)
    shown = addresses(tab)
    assert ways(go(tab, shown[1])) != ("", "")
    tab.page.event(
        "reflex___state____state.reflex___state____on_load_internal_state.on_load_internal", elsewhere
    )  # fmt: skip
    assert ways(go(tab, shown[1])) == ("", "")


def test_a_record_the_list_did_not_lead_to_has_no_neighbours(portal: Portal) -> None:
    tab = listed(portal, status="IN_USE")
    other = next(one for one in addresses(listed(portal)) if one not in addresses(tab))
    assert ways(go(tab, other)) == ("", "")


def test_a_tab_of_its_own_has_no_list(portal: Portal) -> None:
    shown = addresses(listed(portal))
    page = opened(portal, "finance", BesideState, shown[1], handler="look")
    assert ways(page.frames) == ("", "")


def test_what_was_searched_is_sent_to_no_record(portal: Portal) -> None:
    tab = listed(portal)
    (address,) = tab.submit("find", search="bed").redirects
    assert "bed" not in address
    view = address.partition("view=")[2]
    tab = listed(portal, view=view)
    shown = addresses(tab)
    frames = go(tab, shown[0])
    assert ways(frames) == ("", shown[1])
    assert not any('"bed"' in text or "search=" in text for text in frames.texts)


@pytest.mark.parametrize("path", ["/staff", "/", "/staff/gear", "/staff/nowhere/x", "/my/budget"])
def test_an_address_of_no_record_is_none(path: str) -> None:
    gear.declared()
    with pytest.raises(NotFound):
        record_at(path)


@pytest.mark.parametrize(
    ("path", "code"), [("/staff/gear/1", "gear"), ("/staff/people/2", "people"), ("/staff/phbs/PHB-1", "phbs")]
)
def test_pages_made_by_hand_are_records_too(path: str, code: str) -> None:
    gear.declared()
    found: tuple[Any, str] = record_at(path)
    assert found[0].code == code
