"""Every dashboard, whichever there are: what it shows is so, of this board alone, and asks the same of any number.

Nothing here names a dashboard: a new declaration is tested as it is added, and a query none of them used before must
be given the sum done again by hand in ``recounts.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import pytest
from sqlalchemy import Engine

from phbportal import routes
from phbportal.admin.addresses import list_address
from phbportal.admin.asked import Asked
from phbportal.admin.dashboards import Chart, Dashboard, Queue, Tile
from phbportal.admin.listing import matching
from phbportal.admin.ops import Condition, Op
from phbportal.admin.resource import Resource
from phbportal.domain.figures import MOST_SERIES, Figures, sentence_of
from phbportal.domain.roles import STAFF_ROLES, Role
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.queries.work import GROUPS
from phbportal.resources.dashboards import DASHBOARDS
from phbportal.resources.everything import RESOURCES
from phbportal.ui.plots import plot_of
from tests.resources.recounts import RECOUNTS, Everything
from tests.resources.two_boards import TODAY, fill, two_boards
from tests.support.statements import statements
from tests.support.world import World

Part = Tile | Chart | Queue


def asked(part: Part) -> Callable[..., Any]:
    """The query a part names."""
    found = part.count or part.sum if isinstance(part, Tile) else part.series if isinstance(part, Chart) else part.rows
    assert found is not None
    return found


PARTS = [(d, part) for d in DASHBOARDS for part in (*d.tiles, *d.charts, *d.queues)]
SHOWN = [(d, part) for d, part in PARTS if not isinstance(part, Queue)]


def named(value: Any) -> str:
    if isinstance(value, Dashboard):
        return value.role.value
    return getattr(value, "label", "") or getattr(value, "title", "") or "part"


@dataclass
class Boards:
    """Both boards, as they are when only the first has anything and when the second has too."""

    here: World
    there: World
    before: dict[int, Any]
    before_statements: dict[int, int]
    everything: Everything


def of(world: World, role: Role) -> Actor:
    return next(a for a in world.actors.values() if a.role is role)


def ask(world: World, dashboard: Dashboard, part: Part) -> Any:
    with world.unit(of(world, dashboard.role), on=TODAY, writes=False) as uow:
        return asked(part)(uow.session, uow.actor, uow.today)


def counted_statements(world: World, dashboard: Dashboard, part: Part) -> int:
    with world.unit(of(world, dashboard.role), on=TODAY, writes=False) as uow:
        with statements(world.engine) as sent:
            asked(part)(uow.session, uow.actor, uow.today)
    return len(sent)


ASKS_THE_RULES = {"Payments to record": 11, "Payments to confirm": 10}
"""Queues of payments, and the most statements of each: they say of the fifty shown whether they can be made, by what
the rules of payment ask of a stream."""


@pytest.fixture(scope="module")
def boards(module_engine: Engine) -> Boards:
    here, there = two_boards(module_engine)
    fill(here, 0)
    before = {i: ask(here, d, part) for i, (d, part) in enumerate(PARTS)}
    sent = {i: counted_statements(here, d, part) for i, (d, part) in enumerate(PARTS)}
    fill(there, 1)
    fill(there, 2)
    return Boards(here, there, before, sent, Everything.read(module_engine))


@pytest.mark.parametrize("number", range(len(PARTS)), ids=lambda n: "-".join(named(v) for v in PARTS[n]))
def test_what_happens_at_another_board_changes_no_figure_of_this_one(boards: Boards, number: int) -> None:
    dashboard, part = PARTS[number]
    assert ask(boards.here, dashboard, part) == boards.before[number]
    most = ASKS_THE_RULES.get(part.title, 2) if isinstance(part, Queue) else 2
    assert counted_statements(boards.there, dashboard, part) == boards.before_statements[number] <= most


@pytest.mark.parametrize("number", range(len(SHOWN)), ids=lambda n: "-".join(named(v) for v in SHOWN[n]))
def test_a_figure_is_what_counting_every_row_by_hand_comes_to(boards: Boards, number: int) -> None:
    dashboard, part = SHOWN[number]
    recount = RECOUNTS[asked(part)]
    for world in (boards.here, boards.there):
        found = ask(world, dashboard, part)
        expected = recount(boards.everything, of(world, dashboard.role), TODAY)
        if isinstance(found, Figures):
            told = {(label, s.name): v for s in found.series for label, v in zip(found.labels, s.values, strict=True)}
            assert {key: v for key, v in told.items() if v} == {key: v for key, v in expected.items() if v}
        else:
            assert found == expected
    assert any(ask(world, dashboard, part) for world in (boards.here, boards.there)), "nothing is proved by noughts"


@pytest.mark.parametrize("number", range(len(SHOWN)), ids=lambda n: "-".join(named(v) for v in SHOWN[n]))
def test_a_figure_asked_without_a_board_is_nothing(boards: Boards, number: int) -> None:
    dashboard, part = SHOWN[number]
    stray = Actor(dashboard.role, user_id=of(boards.here, dashboard.role).user_id)
    with boards.here.unit(stray, on=TODAY, writes=False) as uow:
        found = asked(part)(uow.session, uow.actor, uow.today)
    assert not (found.anything() if isinstance(found, Figures) else found)


@pytest.mark.parametrize("number", [n for n, (_, part) in enumerate(SHOWN) if isinstance(part, Chart)],
                         ids=lambda n: "-".join(named(v) for v in SHOWN[n]))  # fmt: skip
def test_a_chart_can_be_drawn_and_its_sentence_said(boards: Boards, number: int) -> None:
    dashboard, chart = SHOWN[number]
    assert isinstance(chart, Chart)
    figures = ask(boards.there, dashboard, chart)
    assert 1 <= len(figures.series) <= MOST_SERIES
    assert (len(figures.series) > 1) == (chart.kind == "stacked")
    said = sentence_of(chart.says, figures)
    assert "{" not in said
    drawn = plot_of(chart.kind, chart.title, chart.by, said, figures)
    assert [row.label for row in drawn.rows] == list(figures.labels)
    assert bool(drawn.points) == (chart.kind == "line")


def test_every_role_of_staff_has_one_and_no_figure_is_shown_to_nobody() -> None:
    assert {d.role for d in DASHBOARDS} == STAFF_ROLES
    assert len(DASHBOARDS) == len(STAFF_ROLES)
    used = {asked(part) for _, part in SHOWN}
    assert set(RECOUNTS) == used, "each query has its sum done again by hand, and each sum a query"


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=named)
def test_a_queue_is_one_of_the_role_s_own_on_its_work_list_and_bears_its_name(
    boards: Boards, dashboard: Dashboard
) -> None:
    for queue in dashboard.queues:
        assert queue.rows in GROUPS[dashboard.role], f"{queue.title} leads to a list that does not show it"
        assert queue.href == routes.STAFF
        assert ask(boards.here, dashboard, queue).heading == queue.title


COUNTED = [(d, part) for d, part in SHOWN if isinstance(part, Tile) and part.count is not None]
# Pages made by hand, and what they show besides.
NO_LIST = {"Roles proposed": "leads to Changes, where all that waits for a second person stands"}


def list_of(href: str) -> tuple[Resource, tuple[Condition, ...]]:
    """The resource an address leads to, and the filters in it."""
    path, _, query = href.partition("?")
    resource = next(one for one in RESOURCES if list_address(one) == path)
    filters = parse_qsl(query, strict_parsing=bool(query))
    assert {name for name, _code in filters} <= set(resource.filters), href
    for name, code in filters:
        options: Any = resource.field(name)
        assert code in dict(options.options()), href
    return resource, tuple(Condition(name, Op.IS, (code,)) for name, code in filters)


@pytest.mark.parametrize("number", range(len(COUNTED)), ids=lambda n: "-".join(named(v) for v in COUNTED[n]))
def test_the_list_a_figure_leads_to_holds_exactly_what_it_counts(boards: Boards, number: int) -> None:
    dashboard, tile = COUNTED[number]
    assert isinstance(tile, Tile)
    if tile.label in NO_LIST:
        assert tile.href == routes.STAFF_CHANGES
        return
    resource, conditions = list_of(tile.href)
    figures: list[int] = []
    for world in (boards.here, boards.there):
        actor = of(world, dashboard.role)
        assert could_ever(actor, resource.read)
        with world.unit(actor, on=TODAY, writes=False) as uow:
            found = matching(uow.session, actor, TODAY, resource, Asked(conditions=conditions), 10_000)
        figures.append(len(found))
        assert len(found) == ask(world, dashboard, tile)
    assert any(figures), "nothing is proved by noughts"


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=named)
def test_every_figure_leads_to_a_list_its_reader_may_open(boards: Boards, dashboard: Dashboard) -> None:
    for tile in dashboard.tiles:
        if tile.label not in NO_LIST:
            resource, _conditions = list_of(tile.href)
            assert could_ever(of(boards.here, dashboard.role), resource.read), tile.label


def test_an_administrator_is_shown_nothing_of_anybody_s_money_or_care() -> None:
    (admin,) = [d for d in DASHBOARDS if d.role is Role.ADMIN]
    modules = {asked(part).__module__.rpartition(".")[2] for part in (*admin.tiles, *admin.charts)}
    assert modules == {"dashboard_office"}


def test_of_a_group_of_fewer_than_five_an_auditor_is_told_only_that(boards: Boards) -> None:
    from phbportal.queries.dashboard_budgets import budgets_by_cohort

    def seen(role: Role) -> dict[str, str]:
        with boards.there.unit(of(boards.there, role), on=TODAY, writes=False) as uow:
            found = budgets_by_cohort(uow.session, uow.actor, uow.today)
        return dict(zip(found.labels, map(found.words, found.series[0].values), strict=True))

    assert seen(Role.CLINICIAN) == {"NHS continuing healthcare": "10", "Mental health": "2"}
    assert seen(Role.AUDITOR) == {"NHS continuing healthcare": "not shown", "Mental health": "fewer than 5"}
