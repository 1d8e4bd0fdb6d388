"""Lists as files: ``GET /api/export/{resource}`` (up to 500 rows, at once), ``GET /api/export-figures/{figures}`` (of a
chart) and ``GET /api/export-file/{id}`` (made for whoever asked, when a second person agreed)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, ClassVar

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from phbportal import routes
from phbportal.admin.addresses import act_address
from phbportal.admin.asking import asking, to_text
from phbportal.admin.dashboards import chart_in_file
from phbportal.admin.export import EVERYTHING, write_figures, write_list
from phbportal.admin.listing import how_many, matching
from phbportal.admin.registry import resource_of
from phbportal.domain.errors import NotFound, Refusal
from phbportal.domain.exports import AT_ONCE, MEDIA_TYPES, FileKind
from phbportal.endpoints.desk import Desk
from phbportal.queries.ids import given_id
from phbportal.services import exports
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.sign_in import html
from phbportal.sign_in.http import go

CHUNK = 64 * 1024
HEADERS = {"Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "no-store"}


@dataclass
class Exports(Desk):
    """The addresses of one hall; ``folder`` is where files made by the worker are kept."""

    folder: Path

    kind: ClassVar[str] = "export"

    def all(self) -> list[Route]:
        return [
            Route(routes.EXPORT + "/{resource}", self.answering(self.at_once), methods=["GET"]),
            Route(routes.EXPORT_FIGURES + "/{figures}", self.answering(self.figures), methods=["GET"]),
            Route(routes.EXPORT_FILE + "/{export}", self.answering(self.hand_over), methods=["GET"]),
        ]

    async def at_once(self, request: Request) -> Response:
        """The list the address asks for, as a file; on to asking a second person if it is longer than one may take."""
        resource = resource_of(str(request.path_params["resource"]))
        kind = _kind(request)
        if kind is None or resource.export is None:
            raise NotFound
        permission = resource.export
        path = temporary(kind)

        def act(uow: UnitOfWork) -> str:
            exports.may_export(uow, permission)
            asked = asking(uow, resource, request.query_params).asked()
            found = len(matching(uow.session, uow.actor, uow.today, resource, asked, AT_ONCE))
            if found > AT_ONCE:
                rows = how_many(uow.session, uow.actor, uow.today, resource, asked, EVERYTHING) or 0
                begun = exports.begin_export(
                    uow, permission, resource=resource.code, title=resource.many, asked_for=to_text(asked), kind=kind,
                    rows=rows,
                )  # fmt: skip
                return act_address(resource_of("exports"), begun, "ask")
            rows = write_list(uow.session, uow.actor, uow.today, resource, asked.page_one(), kind, path)
            exports.export_at_once(uow, permission, title=resource.many, rows=rows)
            return ""

        try:
            elsewhere = await self.in_unit(request, act)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        if elsewhere:
            path.unlink(missing_ok=True)
            return go(elsewhere)
        return self._file(path, kind, resource.code, gone=True)

    async def figures(self, request: Request) -> Response:
        """The figures of a chart on one's own overview, as a file: a few rows, so always at once."""
        code, kind = str(request.path_params["figures"]), _kind(request)
        if kind is None:
            raise NotFound
        path = temporary(kind)

        def act(uow: UnitOfWork) -> None:
            chart = chart_in_file(uow.actor, code)
            if chart.export is None:
                raise NotFound
            exports.may_export(uow, chart.export)
            rows = write_figures(uow.session, uow.actor, uow.today, chart, kind, path)
            exports.export_at_once(uow, chart.export, title=chart.title, rows=rows)

        try:
            await self.in_unit(request, act)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return self._file(path, kind, code, gone=True)

    async def hand_over(self, request: Request) -> Response:
        """A file the worker made, for whoever asked for it."""
        export_id = given_id(str(request.path_params["export"]))
        stored_as, kind = await self.in_unit(request, lambda uow: exports.take_export(uow, export_id))
        path = self.folder / stored_as
        if not path.is_file():
            raise NotFound
        return self._file(path, kind, "list", gone=False)

    def _file(self, path: Path, kind: FileKind, name: str, *, gone: bool) -> Response:
        day = self.hall.clock().date().isoformat()
        return handed_over(path, kind, f"{name}-{day}.{kind.value.lower()}", gone=gone)

    async def own_answer(self, request: Request, error: Exception) -> Response | None:
        if isinstance(error, Refusal):
            return html.message(self.hall.settings, "The list was not made", error.problems[0].sentence, status=422)
        return None


def _kind(request: Request) -> FileKind | None:
    asked = request.query_params.get("kind")
    return FileKind(asked) if asked in list(FileKind) else None


def handed_over(path: Path, kind: FileKind, name: str, *, gone: bool) -> Response:
    """The file, read by us: a server that is given its path would open it after it is taken away."""
    file, size = path.open("rb"), path.stat().st_size
    if gone:
        path.unlink()
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(size)}
    return StreamingResponse(_parts(file), media_type=MEDIA_TYPES[kind], headers=headers)


async def _parts(file: BinaryIO) -> AsyncIterator[bytes]:
    try:
        while part := await to_thread.run_sync(file.read, CHUNK):
            yield part
    finally:
        file.close()


def temporary(kind: FileKind) -> Path:
    """A file of our own, readable by nobody else, for as long as it takes to send it."""
    handle, name = tempfile.mkstemp(suffix=f".{kind.value.lower()}", prefix="phb-list-")
    os.close(handle)
    return Path(name)
