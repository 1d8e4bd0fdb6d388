"""The holder's page of who has looked at their record, over the socket of the really served portal."""

from __future__ import annotations

import pytest
from reflex_base.utils.format import format_event_handler

from phbportal import routes
from phbportal.domain.looks import WORDS
from phbportal.pages.holder.who_looked import WhoLookedState
from phbportal.tables.audit import AccessEvent
from tests.pages.opening import opened
from tests.pages.test_staff_phb_states import EVERY_PAGE
from tests.support.portal import Portal


def test_a_holder_reads_who_looked_at_their_record_and_nothing_of_others(portal: Portal) -> None:
    with portal.world.unit(portal.world.cm, now=portal.clock()) as uow:
        uow.saw("plan", person_id=portal.people["own"])
        uow.saw("money", person_id=portal.people["second"])
    page = opened(portal, "holder", WhoLookedState, routes.MY_WHO_LOOKED)
    assert [day["sentences"] for day in page.var("days")] == [["Cm, case manager, looked at your plan."]]
    assert (page.var("has_newer"), page.var("has_older"), page.var("ready")) == (False, False, True)


@pytest.mark.parametrize(("who", "missing"), [("auditor", True), ("cm", False), ("nominee", False)])
def test_it_is_nobody_else_s_page(portal: Portal, who: str, missing: bool) -> None:
    page = opened(portal, who, WhoLookedState, routes.MY_WHO_LOOKED)
    if missing:  # an auditor may read looks, on the person's record
        assert page.var("missing") is True
    else:
        assert page.frames.redirects == [routes.NOT_ALLOWED]
    assert not page.frames.says("looked at")


def test_every_page_of_a_budget_has_words_for_the_person_it_is_about(portal: Portal) -> None:
    for who in ("cm", "finance", "clinician", "approver"):
        page = portal.page_of(who)
        for state, path in EVERY_PAGE.items():
            page.event(format_event_handler(state.event_handlers["load"]), path, {"phb": portal.budgets["own"]})
    pages = {row.page for row in portal.rows(AccessEvent) if row.phb_id is not None}
    assert len(pages) >= 12
    assert pages <= set(WORDS)
