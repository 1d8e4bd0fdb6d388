"""The peers as sites to measure: where each keeps what, its sign-in, and that what it answers is the real thing."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from uuid import UUID

from benchmarks import happenings as h
from benchmarks.measuring import Heard
from benchmarks.peers.visitor import Page, Visitor, form_of

_ROW = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Looked:
    """What is looked for: a person and a budget by their ids, an NHS number, and the number of the far page."""

    person: UUID
    phb: UUID
    number: str
    far: int


@dataclass(frozen=True, slots=True)
class Places:
    """The addresses of one kind of admin. ``{person}``, ``{phb}``, ``{number}`` and ``{far}`` are filled in."""

    login: str
    people: str
    far: str
    search: str
    status: str
    phb: str
    person: str
    change: str


DJANGO = Places(
    login="/admin/login/?next=/admin/",
    people="/admin/office/person/",
    far="/admin/office/person/?p={far}",
    search="/admin/office/person/?q={term}",
    status="/admin/office/phb/?status__exact=PANEL",
    phb="/admin/office/phb/{phb}/change/",
    person="/admin/office/person/{person}/change/",
    change="/admin/office/person/{person}/change/",
)
SQLADMIN = Places(
    login="/admin/login",
    people="/admin/person/list",
    far="/admin/person/list?page={far}",
    search="/admin/person/list?search={term}",
    status="/admin/phb/list?status=PANEL",
    phb="/admin/phb/details/{phb}",
    person="/admin/person/details/{person}",
    change="/admin/person/edit/{person}",
)
STARLETTE = Places(
    login="/admin/login",
    people="/admin/person/list",
    far="/admin/person/list?page={far}",
    search="/admin/person/list?q={term}",
    status="/admin/phb/list?filter=status__in%3DPANEL",
    phb="/admin/phb/detail?pk={phb}",
    person="/admin/person/detail?pk={person}",
    change="/admin/person/edit?pk={person}",
)


class Peer:
    """A site: one peer, signed in through its own form."""

    def __init__(self, name: str, port: int, places: Places, looked: Looked, password: str) -> None:
        self.name = name
        self._visitor = Visitor(port)
        fill = {"person": looked.person, "phb": looked.phb, "far": looked.far}
        self._paths = {
            h.FIRST: places.people,
            h.FAR: places.far.format(**fill),
            h.SURNAME: places.search.format(term="okafor"),
            h.NUMBER: places.search.format(term=looked.number),
            h.STATUS: places.status,
            h.PHB: places.phb.format(**fill),
            h.PERSON: places.person.format(**fill),
            h.SAVE: places.change.format(**fill),
        }
        self._sign_in(places.login, password)
        self._form: dict[str, str] = {}
        for event in h.EVENTS:
            self._check(event, looked)
        self._visitor.server_times()

    def answers(self, event: str) -> bool:
        return event in self._paths

    async def ask(self, event: str, at: int) -> Heard:
        # In a thread: the portal's socket must not be left unanswered meanwhile.
        page = (
            await asyncio.to_thread(self._save, at) if event == h.SAVE else await asyncio.to_thread(self._open, event)
        )
        assert page.status in ((302, 303) if event == h.SAVE else (200,)), f"{self.name}, {event}: {page.status}"
        return Heard(page.milliseconds, page.size)

    def _open(self, event: str) -> Page:
        return self._visitor.get(self._paths[event])

    def server_times(self) -> list[float]:
        return self._visitor.server_times()

    def close(self) -> None:
        self._visitor.close()

    def _sign_in(self, path: str, password: str) -> None:
        refused = self._visitor.get(self._paths[h.FIRST]).status
        assert refused in (302, 303, 307), f"{self.name} lets in whoever comes: {refused}"
        form = form_of(self._visitor.get(path).text) | {"username": "bench", "password": password}
        answer = self._visitor.post(path, form)
        assert answer.status in (302, 303), f"{self.name}: the sign-in answered {answer.status}"

    def _check(self, event: str, looked: Looked) -> None:
        """That an answer is what it should be: fifty rows, the one person, the right record; a save that saves."""
        page = self._open(event)
        rows = len(set(_ROW.findall(page.text)))
        wanted = {h.NUMBER: looked.number, h.PERSON: looked.number, h.PHB: "PHB-2025-000778", h.SAVE: looked.number}
        right = wanted[event] in page.text if event in wanted else rows >= 50
        right = right and page.status == 200
        assert right, f"{self.name}, {event}: {page.status}, {rows} rows"
        if event == h.SAVE:
            self._form = form_of(page.text)
            for at in (998, 999):
                saved = self._save(at)
                assert saved.status in (302, 303), f"{self.name} did not save: {saved.status}"
                assert self._telephone() == f"01632 960{at}", f"{self.name} says it saved and did not"

    def _telephone(self) -> str:
        return form_of(self._visitor.get(self._paths[h.SAVE]).text)["telephone"]

    def _save(self, at: int) -> Page:
        return self._visitor.post(self._paths[h.SAVE], self._form | {"telephone": f"01632 960{at:03}"})
