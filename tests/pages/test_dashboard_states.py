"""Figures above the work list and on the overview, over the socket of the really served portal, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from phbportal import routes
from phbportal.admin.dashboard_state import DashboardState
from phbportal.domain.roles import STAFF_ROLES, Role
from phbportal.resources.dashboards import DASHBOARDS
from phbportal.services.people import PersonEntry, add_person
from tests.pages.opening import Opened, opened
from tests.support import journey
from tests.support.portal import Portal

SUBJECTS = {
    Role.CASE_MANAGER: "cm", Role.CLINICIAN: "clinician", Role.FINANCE: "finance", Role.APPROVER: "approver",
    Role.AUDITOR: "auditor", Role.ADMIN: "admin",
}  # fmt: skip


def overview(portal: Portal, subject: str) -> Opened:
    return opened(portal, subject, DashboardState, routes.STAFF_OVERVIEW)


def figures(page: Opened) -> dict[str, str]:
    frames = page.send("count")
    return {tile["label"]: tile["figure"] for tile in page.after(frames, "tiles")}


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda d: d.role.value)
def test_the_page_is_painted_first_then_figures_then_pictures(portal: Portal, dashboard: Any) -> None:
    page = overview(portal, SUBJECTS[dashboard.role])
    assert page.var("title") == dashboard.title
    assert [(t["label"], t["figure"]) for t in page.var("tiles")] == [(t.label, "") for t in dashboard.tiles]
    assert not page.var("charts")
    assert all(figures(page).values())
    frames = page.send("draw")
    assert page.after(frames, "drawn")
    assert [chart["title"] for chart in page.after(frames, "charts")] == [c.title for c in dashboard.charts]
    assert [queue["title"] for queue in page.after(frames, "queues")] == [q.title for q in dashboard.queues]
    assert all(chart["sentence"].endswith(".") for chart in page.after(frames, "charts"))


def test_every_role_of_staff_is_tried_here() -> None:
    assert set(SUBJECTS) == STAFF_ROLES == {d.role for d in DASHBOARDS}


def test_what_happens_is_in_the_next_figures_and_no_name_is_with_them(portal: Portal) -> None:
    page = overview(portal, "cm")
    before, elsewhere = figures(page), figures(overview(portal, "other_cm"))
    entry = PersonEntry("Ada", "Figuresworth", datetime(1961, 2, 3, tzinfo=UTC).date())
    person = portal.world.do(portal.world.cm, lambda uow: add_person(uow, entry))
    case = journey.draft(portal.world, person_id=person)
    after = figures(page)
    for label in ("Your budgets", "Plans to finish"):
        assert int(after[label]) == int(before[label]) + 1
    assert figures(overview(portal, "other_cm")) == elsewhere
    for frames in (page.send("count"), page.send("draw")):
        assert not frames.says("Figuresworth")
        assert not frames.says(case.reference)


@pytest.mark.parametrize("handler", ["load", "count", "draw"])
def test_figures_are_for_staff_alone(portal: Portal, handler: str) -> None:
    frames = opened(portal, "holder", DashboardState, routes.STAFF_OVERVIEW, handler=handler).frames
    assert frames.redirects == [routes.NOT_ALLOWED]
