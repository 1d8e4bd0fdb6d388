"""The portal as a site to measure: a case manager's open page, and what each event is for them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, select
from sqlmodel import col

from benchmarks import happenings as h
from benchmarks.client import STATE, Page
from benchmarks.measuring import Heard
from benchmarks.portal import server_times
from benchmarks.world import BOARD, MANAGER, NOW, Size, uid
from phbportal.admin.asked import Asked
from phbportal.admin.listing import Listed, list_page
from phbportal.admin.ops import Condition
from phbportal.admin.resource import Resource
from phbportal.domain.roles import Role
from phbportal.policy.actors import Actor
from phbportal.queries.balances import balance_view
from phbportal.queries.budgets import budget_view
from phbportal.queries.case_path import case_path
from phbportal.queries.decisions import decisions_of
from phbportal.queries.entries import entries_page
from phbportal.queries.history import history_page
from phbportal.queries.ledger import balances_of
from phbportal.queries.payments import next_periods, payments_page
from phbportal.queries.phbs import case_of, reviews_of
from phbportal.queries.plans import plan_of
from phbportal.queries.streams import streams_of
from phbportal.queries.tracker import track_of
from phbportal.resources.everything import declare
from phbportal.resources.people import PEOPLE as PEOPLE_LIST
from phbportal.resources.phbs import PHBS as PHB_LIST
from phbportal.services.plan_acts import plan_acts
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.services.views import keep_view
from phbportal.tables.people import Person

PAGES = f"{STATE}.phbportal___pages___staff"
PEOPLE = f"{STATE}.phbportal___admin___trail____trail.phbportal___admin___list_state____list_state"
PHB = f"{PAGES}___phb____phb_state"
PERSON, CHANGE = f"{PAGES}___person____person_state", f"{PAGES}___person_details____change_person_state"
PEOPLE_PATH = "/staff/people"
ACTOR = Actor(role=Role.CASE_MANAGER, user_id=MANAGER, icb_id=BOARD)
REFERENCE, WHO = "PHB-2025-000778", uid(5, 777)


@dataclass(frozen=True, slots=True)
class Event:
    """Its handler, where it happens, the variable its answer carries, its query, and its reads alone."""

    handler: str
    path: str
    needs: str
    query: dict[str, str]
    alone: Callable[[], object] | None = None


class Portal:
    """A site: the portal, with one page open."""

    name = "portal"

    def __init__(self, page: Page, events: dict[str, Event]) -> None:
        self._page, self.events = page, events
        self._counts: list[bool] = []

    def answers(self, event: str) -> bool:
        return event in self.events

    async def ask(self, event: str, at: int) -> Heard:
        if event == h.SAVE:
            return await self._save(at)
        what = self.events[event]
        answer = await self._page.send(what.handler, {}, what.path, what.query, needs=what.needs)
        self._counts.append(True)
        return Heard(answer.milliseconds, answer.size)

    async def _save(self, at: int) -> Heard:
        """Save a form that changes one value; opening it each time is not counted."""
        what = self.events[h.SAVE]
        opened = await self._page.send(f"{CHANGE}.load", {}, what.path, what.query, needs="values")
        values = next(v for k, v in opened.delta.items() if k.startswith("values"))
        form = {"form": {**values, "telephone": telephone(at)}}
        answer = await self._page.send(what.handler, form, what.path, what.query, needs=what.needs)
        assert answer.delta["events"], "the form was not saved"
        self._counts += [False, True]
        return Heard(answer.milliseconds, answer.size)

    def server_times(self) -> list[float]:
        time.sleep(0.02)  # the last answer's last frame may still be on its way
        times = server_times()
        kept, self._counts = self._counts, []
        return [t for t, counts in zip(times[-len(kept) :], kept, strict=True) if counts]


def telephone(at: int) -> str:
    """A made-up number, another each time."""
    return f"01632 960{at:03}"


def events(engine: Engine, size: Size) -> dict[str, Event]:
    """What the portal answers of ``happenings``."""
    kept, number = _views(engine, size)

    def listed(resource: Resource = PEOPLE_LIST, **how: Any) -> Callable[[], object]:
        return lambda: _alone(engine, lambda uow: _rows(uow, resource, **how))

    def people(view: str, **how: str) -> Event:
        return Event(
            f"{PEOPLE}.load",
            PEOPLE_PATH,
            "rows",
            {"resource": "people", **({"view": view} if view else {})},
            listed(**how),
        )

    in_panel = (Condition("status", "is", ("PANEL",)),)
    person = {"person": str(WHO)}
    return {
        h.FIRST: people(""),
        h.FAR: people(kept[h.FAR]),
        h.SURNAME: people(kept[h.SURNAME], search="okafor"),
        h.NUMBER: people(kept[h.NUMBER], search=number),
        h.STATUS: Event(
            f"{PEOPLE}.load",
            "/staff/phbs",
            "rows",
            {"resource": "phbs", "status": "PANEL"},
            listed(PHB_LIST, conditions=in_panel),
        ),
        h.PHB: Event(
            f"{PHB}.load", f"/staff/phbs/{REFERENCE}", "ready", {"phb": REFERENCE}, lambda: _alone(engine, _phb_reads)
        ),
        h.PERSON: Event(f"{PERSON}.load", f"/staff/people/{WHO}", "ready", person),
        h.SAVE: Event(f"{CHANGE}.save", f"/staff/people/{WHO}/change", "nothing but the redirect", person),
    }


def number_of(engine: Engine) -> str:
    """The NHS number of the person who is looked for."""
    with open_unit(engine, ACTOR, writes=False, now=NOW) as uow:
        return str(uow.session.execute(select(col(Person.nhs_number)).where(col(Person.id) == WHO)).scalar_one())


def _views(engine: Engine, size: Size) -> tuple[dict[str, str], str]:
    """Kept searches and places, as their ids: page 1,000 of the list, a surname, an NHS number; and that number."""
    number = number_of(engine)
    with open_unit(engine, ACTOR, writes=True, now=NOW) as uow:
        far = uow.session.execute(
            select(col(Person.search_name), col(Person.id))
            .order_by(col(Person.search_name), col(Person.id))
            .offset(min(50_000, size.people - 100))
            .limit(1)
        ).one()
        cursor = json.loads(_rows(uow).after)
        cursor[-2:] = [far.search_name, str(far.id)]
        return {
            h.FAR: str(keep_view(uow, "people", cursor=json.dumps(cursor), direction="after")),
            h.SURNAME: str(keep_view(uow, "people", search="okafor")),
            h.NUMBER: str(keep_view(uow, "people", search=number)),
        }, number


def _rows(uow: UnitOfWork, resource: Resource = PEOPLE_LIST, **how: Any) -> Listed:
    """The reads of a list, without its page."""
    declare()
    return list_page(uow.session, ACTOR, uow.today, resource, Asked(**how))


def _alone(engine: Engine, reads: Callable[[UnitOfWork], Any]) -> None:
    with open_unit(engine, ACTOR, writes=False, now=NOW) as uow:
        reads(uow)


def _phb_reads(uow: UnitOfWork) -> None:
    """The reads of a budget's page, without its page."""
    session, today = uow.session, uow.today
    case = case_of(session, ACTOR, today, REFERENCE)
    balances, about = balances_of(session, case.id), (session, ACTOR, today, case.id)
    streams, plan = streams_of(session, ACTOR, uow.now, case, balances), plan_of(*about)
    payments_page(*about, size=10)
    balance_view(session, ACTOR, case.id, balances)
    entries_page(*about)
    history_page(session, ACTOR, today, phb_id=case.id, size=10)
    reviews_of(*about, REFERENCE)
    decisions_of(*about), track_of(*about), case_path(*about)
    budget_view(*about, plan.id if plan else None, streams)
    next_periods(session, ACTOR, today, case.icb_id, case.id, streams)
    plan_acts(uow, case, plan)
