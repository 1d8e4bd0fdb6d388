"""Pages open while somebody is let into a record by break-glass: emptied and sent away when that is over.

A browser goes on showing what it was sent. So each tab that had an event under break-glass is remembered, and the watch
over sessions (``edge/live.py``) closes it when the hour ends, when it is ended early, or when the role ends.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine

from phbportal.policy.actors import SYSTEM, Actor
from phbportal.queries.break_glass import ended_of
from phbportal.services.unit_of_work import open_unit


@dataclass(frozen=True, slots=True)
class Reading:
    """Under which asking a tab reads, and until when."""

    asking_id: UUID
    until: datetime


_tabs: dict[str, Reading] = {}
"""By the ident of a tab; of this process alone, which is where its socket is."""


def remember(ident: str, actor: Actor) -> None:
    """Note that a tab may hold what its person was let in to. Which page it is makes no difference: each may."""
    if actor.break_glass_id is not None and actor.let_in_until is not None:
        _tabs[ident] = Reading(actor.break_glass_id, actor.let_in_until)


def over(engine: Engine, open_here: Collection[str], now: datetime) -> list[str]:
    """The tabs whose time is over by now, once each; those that are open nowhere any more are forgotten."""
    for ident in [one for one in _tabs if one not in open_here]:
        del _tabs[ident]
    if not _tabs:
        return []
    waiting = dict(_tabs)
    with open_unit(engine, SYSTEM, writes=False, now=now) as uow:
        ended = ended_of(uow.session, {reading.asking_id for reading in waiting.values()})
    found = [ident for ident, one in waiting.items() if one.until <= now or one.asking_id in ended]
    for ident in found:
        _tabs.pop(ident, None)
    return found
