"""Declarations of dashboards that cannot work are refused at import, in a sentence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from phbportal import routes
from phbportal.admin import dashboards
from phbportal.admin.dashboards import Chart, Dashboard, Queue, Tile, WrongDashboard
from phbportal.domain.errors import NotAllowed
from phbportal.domain.figures import Figures
from phbportal.domain.roles import Role
from phbportal.policy.permissions import Permission
from phbportal.queries.work_items import WorkGroup


def one(*_: Any) -> int:
    return 1


def nothing(*_: Any) -> Figures:
    return Figures((), ())


def rows(*_: Any) -> WorkGroup:
    return WorkGroup("Work", ())


TILE = Tile(label="Budgets", permission=Permission.PHB_READ, href=routes.STAFF, says="open", count=one)
CHART = Chart(
    kind="bar", title="By status", permission=Permission.PHB_READ, by="Status", series=nothing, says="Most: {top}.",
    nothing="There are none.",
)  # fmt: skip
QUEUE = Queue(title="Tasks", permission=Permission.WORK_READ, rows=rows, href=routes.STAFF)
WHOLE = Dashboard(role=Role.FINANCE, title="Figures", tiles=(TILE,), charts=(CHART,), queues=(QUEUE,))


def refusal(**changes: Any) -> str:
    with pytest.raises(WrongDashboard) as refused:
        replace(WHOLE, **changes)
    return str(refused.value)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"role": Role.HOLDER}, "Figures: HOLDER is not a role of staff, and dashboards are theirs."),
        ({"title": ""}, "FINANCE: it has no title."),
        ({"tiles": ()}, "Figures: it needs 1 to 8 tiles and at most 5 charts, to be taken in at a glance."),
        ({"tiles": tuple(replace(TILE, label=f"T{n}") for n in range(9))}, "Figures: it needs 1 to 8 tiles"),
        ({"charts": tuple(replace(CHART, title=f"C{n}") for n in range(6))}, "at most 5 charts"),
        ({"tiles": (TILE, TILE)}, "Figures: every one of its tiles needs a name of its own."),
        ({"queues": (replace(QUEUE, title=""),)}, "Figures: every one of its queues needs a name of its own."),
        ({"tiles": (replace(TILE, sum=one),)}, "the tile 'Budgets' must have a count or a sum, and not both."),
        ({"tiles": (replace(TILE, count=None),)}, "the tile 'Budgets' must have a count or a sum, and not both."),
        ({"tiles": (replace(TILE, href="/elsewhere"),)}, "'Budgets' leads to '/elsewhere', which is no page of staff."),
        ({"queues": (replace(QUEUE, href=""),)}, "'Tasks' leads to '', which is no page of staff."),
        ({"tiles": (replace(TILE, href=routes.STAFF_PHB),)}, "'Budgets' leads to '/staff/phbs/[phb]'"),
        ({"charts": (replace(CHART, kind="pie"),)}, "'By status' is a 'pie'; there are bar, line and stacked."),
        ({"charts": (replace(CHART, by=""),)}, "the chart 'By status' does not say what its labels are"),
        ({"charts": (replace(CHART, says="Most: {to}."),)}, "says names 'to', which no figures have: 'Most: {to}.'."),
        ({"charts": (replace(CHART, nothing="None"),)}, "says does not end with a full stop: 'None'."),
        ({"tiles": (replace(TILE, permission=Permission.USER_READ),)},
         "'Budgets' wants USER_READ, which the role FINANCE never has."),
        ({"role": Role.ADMIN}, "'Budgets' wants PHB_READ, which the role ADMIN never has."),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)  # fmt: skip
def test_a_wrong_declaration_is_refused_in_a_sentence(changes: dict[str, Any], said: str) -> None:
    assert said in refusal(**changes)


def test_a_role_has_one_dashboard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboards, "_DASHBOARDS", {})
    dashboards.register(WHOLE)
    dashboards.register(WHOLE)
    assert dashboards.dashboard_of(Role.FINANCE) is WHOLE
    with pytest.raises(WrongDashboard, match="the role FINANCE has a dashboard already"):
        dashboards.register(replace(WHOLE, title="Another"))


def test_a_role_without_a_dashboard_is_not_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboards, "_DASHBOARDS", {})
    with pytest.raises(NotAllowed):
        dashboards.dashboard_of(Role.FINANCE)
