"""The one state behind every dashboard: which one is found on the server, by the role of whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import reflex as rx

from phbportal.admin.addresses import figures_address
from phbportal.admin.dashboards import Chart, Dashboard, Queue, Tile, dashboard_of
from phbportal.domain.exports import FILE_WORDS
from phbportal.domain.figures import counted, sentence_of
from phbportal.domain.money import pounds
from phbportal.edge.markers import reads
from phbportal.edge.outcomes import PageState
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.choices import Choice
from phbportal.ui.plots import Plot, plot_of
from phbportal.ui.tiles import TileView

Part = TypeVar("Part", Tile, Chart, Queue)
LATE = "Overdue"


@dataclass(frozen=True)
class QueueView:
    """One queue as text: how much waits, how much of it is late, and where it is done."""

    title: str
    href: str
    waiting: str
    late: str


class DashboardState(PageState, rx.State):
    """A role's figures, as text. The page is painted first; its figures and pictures are events of their own."""

    title: str = ""
    tiles: list[TileView] = []
    charts: list[Plot] = []
    queues: list[QueueView] = []
    drawn: bool = False

    @reads(Permission.WORK_READ)
    def load(self, uow: UnitOfWork) -> None:
        it = dashboard_of(uow.actor.role)
        self.title, self.tiles = it.title, [TileView(t.label, t.says, t.href) for t in _seen(uow.actor, it.tiles)]
        self.charts, self.queues, self.drawn, self.ready = [], [], False, True

    @reads(Permission.WORK_READ, passive=True)
    def count(self, uow: UnitOfWork) -> None:
        it = dashboard_of(uow.actor.role)
        self.tiles = [TileView(t.label, t.says, t.href, _figure(uow, t)) for t in _seen(uow.actor, it.tiles)]

    @reads(Permission.WORK_READ, passive=True)
    def draw(self, uow: UnitOfWork) -> None:
        it = dashboard_of(uow.actor.role)
        self.queues, self.charts = _queues(uow, it), [_chart(uow, one) for one in _seen(uow.actor, it.charts)]
        self.drawn = True
        uow.saw("overview", rows=len(self.charts))


def _seen(actor: Actor, parts: Sequence[Part]) -> list[Part]:
    return [one for one in parts if could_ever(actor, one.permission)]


def _asked(uow: UnitOfWork) -> tuple[Any, Any, Any]:
    return uow.session, uow.actor, uow.today


def _figure(uow: UnitOfWork, tile: Tile) -> str:
    if tile.sum is not None:
        return pounds(tile.sum(*_asked(uow)))
    assert tile.count is not None, "a declaration has one or the other"
    return counted(tile.count(*_asked(uow)))


def _chart(uow: UnitOfWork, chart: Chart) -> Plot:
    figures = chart.series(*_asked(uow))
    if not figures.labels or not figures.anything():
        return Plot(chart.kind, chart.title, chart.nothing, chart.by, [], [], [])
    plot = plot_of(chart.kind, chart.title, chart.by, sentence_of(chart.says, figures), figures)
    return replace(plot, files=_files(uow.actor, chart))


def _files(actor: Actor, chart: Chart) -> list[Choice]:
    if chart.export is None or not could_ever(actor, chart.export):
        return []
    return [Choice(figures_address(chart.file, kind), words) for kind, words in FILE_WORDS.items()]


def _queues(uow: UnitOfWork, it: Dashboard) -> list[QueueView]:
    found: list[QueueView] = []
    for one in _seen(uow.actor, it.queues):
        rows = one.rows(*_asked(uow))
        late = sum(getattr(item, "status", "") == LATE for item in rows.items)
        waiting = f"More than {len(rows.items)}" if rows.more else str(len(rows.items))
        found.append(QueueView(one.title, one.href, waiting, str(late)))
    return found
