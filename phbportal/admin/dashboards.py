"""Dashboards: one declaration for each role becomes tiles, charts and queues. A wrong one is refused at import.

It names no noun: a tile names a query that returns a number, a chart one that returns figures, a queue one that returns
what waits. Each query takes the session, who asks and the day, and begins in the scope of whoever asks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from sqlalchemy.orm import Session

from phbportal import routes
from phbportal.domain.errors import NotAllowed, NotFound
from phbportal.domain.figures import Figures, sentence_problem
from phbportal.domain.roles import STAFF_ROLES, Role
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission

Number = Callable[[Session, Actor, date], int]
Drawn = Callable[[Session, Actor, date], Figures]
Kind = Literal["bar", "line", "stacked"]
KINDS: tuple[Kind, ...] = ("bar", "line", "stacked")
MOST_TILES, MOST_CHARTS = 8, 5


class Waiting(Protocol):
    """What a queue's query returns: its things as far as they are shown, and a line when there are more."""

    @property
    def items(self) -> tuple[object, ...]: ...

    @property
    def more(self) -> str: ...


Rows = Callable[[Session, Actor, date], Waiting]


class WrongDashboard(Exception):
    """A declaration that cannot work, in a sentence."""


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One figure: how many (``count``, which may stop at a thousand) or how much (``sum``, in pence); never both.

    ``href`` is the list the figure is of; ``says`` the line below it.
    """

    label: str
    permission: Permission
    href: str
    says: str
    count: Number | None = None
    sum: Number | None = None


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A picture of figures: "bar" (amounts by label), "line" (by month) or "stacked" (parts of a whole by label).

    ``says`` is the sentence that says what it shows, with figures by name in braces (``domain/figures.py``, SAYS);
    ``nothing`` is said instead when there are none. ``by`` is what its labels are, the head of the first column.
    ``file`` is the code under which its figures can be taken out, by ``export``, as the query ``whole`` returns them:
    a picture draws nothing for what is below nought, a file says it.
    """

    kind: Kind
    title: str
    permission: Permission
    by: str
    series: Drawn
    says: str
    nothing: str
    file: str = ""
    export: Permission | None = None
    whole: Drawn | None = None


@dataclass(frozen=True, kw_only=True)
class Queue:
    """What waits, as the work list shows it one by one: how much of it, how much of that is late."""

    title: str
    permission: Permission
    rows: Rows
    href: str


@dataclass(frozen=True, kw_only=True)
class Dashboard:
    """What one role sees of the whole at a glance. What the actor has no permission for is left out."""

    role: Role
    title: str
    tiles: tuple[Tile, ...]
    charts: tuple[Chart, ...] = ()
    queues: tuple[Queue, ...] = ()

    def __post_init__(self) -> None:
        _check(self)


_DASHBOARDS: dict[Role, Dashboard] = {}


def register(*dashboards: Dashboard) -> None:
    """Add dashboards. Raises WrongDashboard for a second one of a role."""
    for one in dashboards:
        if _DASHBOARDS.setdefault(one.role, one) is not one:
            raise WrongDashboard(f"{one.title}: the role {one.role.value} has a dashboard already.")


def dashboard_of(role: Role) -> Dashboard:
    """The dashboard of a role; NotAllowed for one that has none."""
    if role not in _DASHBOARDS:
        raise NotAllowed("There is no overview for your role.")
    return _DASHBOARDS[role]


def chart_in_file(actor: Actor, code: str) -> Chart:
    """The chart whose figures are taken out under a code, of the actor's own dashboard. Raises NotFound."""
    for chart in _DASHBOARDS[actor.role].charts if code and actor.role in _DASHBOARDS else ():
        if chart.file == code and could_ever(actor, chart.permission):
            return chart
    raise NotFound()


def all_dashboards() -> list[Dashboard]:
    """Every one, in the order they were declared."""
    return list(_DASHBOARDS.values())


def _check(it: Dashboard) -> None:
    """Raise WrongDashboard, in a sentence, for anything that cannot work."""

    def wrong(sentence: str) -> WrongDashboard:
        return WrongDashboard(f"{it.title or it.role.value}: {sentence}")

    if it.role not in STAFF_ROLES:
        raise wrong(f"{it.role.value} is not a role of staff, and dashboards are theirs.")
    if not it.title:
        raise wrong("it has no title.")
    if not it.tiles or len(it.tiles) > MOST_TILES or len(it.charts) > MOST_CHARTS:
        raise wrong(f"it needs 1 to {MOST_TILES} tiles and at most {MOST_CHARTS} charts, to be taken in at a glance.")
    for what, names in (("tiles", [t.label for t in it.tiles]), ("charts", [c.title for c in it.charts]),
                        ("queues", [q.title for q in it.queues])):  # fmt: skip
        if len(set(names)) != len(names) or not all(names):
            raise wrong(f"every one of its {what} needs a name of its own.")
    for tile in it.tiles:
        if (tile.count is None) == (tile.sum is None):
            raise wrong(f"the tile {tile.label!r} must have a count or a sum, and not both.")
    for linked, href in [*((t.label, t.href) for t in it.tiles), *((q.title, q.href) for q in it.queues)]:
        if not routes.is_protected(href.partition("?")[0]) or "[" in href:
            raise wrong(f"{linked!r} leads to {href!r}, which is no page of staff.")
    for chart in it.charts:
        if chart.kind not in KINDS:
            raise wrong(f"the chart {chart.title!r} is a {chart.kind!r}; there are bar, line and stacked.")
        for said in (chart.says, chart.nothing):
            if problem := sentence_problem(said):
                raise wrong(f"what the chart {chart.title!r} says {problem}: {said!r}.")
        if bool(chart.file) != (chart.export is not None and chart.whole is not None):
            raise wrong(f"the chart {chart.title!r} needs file=, export= and whole=, or none of them.")
        if not chart.by:
            raise wrong(f"the chart {chart.title!r} does not say what its labels are: give it by=.")
    for name, permission in [
        *((t.label, t.permission) for t in it.tiles), *((c.title, c.permission) for c in it.charts),
        *((q.title, q.permission) for q in it.queues), *((c.file, c.export) for c in it.charts if c.export),
    ]:  # fmt: skip
        if not could_ever(Actor(it.role), permission):
            raise wrong(f"{name!r} wants {permission.value}, which the role {it.role.value} never has.")
