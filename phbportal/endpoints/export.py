"""Lists as files: ``GET /api/export/{resource}`` (up to 500 rows, at once) and ``GET /api/export-file/{id}`` (made for
whoever asked, when a second person agreed)."""

from __future__ import annotations

import logging
import os
import secrets
import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, TypeVar

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from phbportal import routes
from phbportal.admin.addresses import act_address
from phbportal.admin.asking import asking, to_text
from phbportal.admin.export import write_list
from phbportal.admin.listing import matching
from phbportal.admin.registry import resource_of
from phbportal.domain.errors import NotAllowed, NotFound, Refusal
from phbportal.domain.exports import AT_ONCE, MEDIA_TYPES, FileKind
from phbportal.policy.actors import Actor
from phbportal.queries.ids import given_id
from phbportal.services import exports
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.sign_in import html, sessions
from phbportal.sign_in.hall import Hall
from phbportal.sign_in.http import address_of, go, session_of

log = logging.getLogger("phbportal.endpoints")
T = TypeVar("T")
CHUNK = 64 * 1024
HEADERS = {"Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "no-store"}


@dataclass
class Exports:
    """The two addresses of one hall; ``folder`` is where files made by the worker are kept."""

    hall: Hall
    folder: Path

    def all(self) -> list[Route]:
        return [
            Route(routes.EXPORT + "/{resource}", self._answering(self.at_once), methods=["GET"]),
            Route(routes.EXPORT_FILE + "/{export}", self._answering(self.hand_over), methods=["GET"]),
        ]

    async def at_once(self, request: Request) -> Response:
        """The list the address asks for, as a file; on to asking a second person if it is longer than one may take."""
        resource = resource_of(str(request.path_params["resource"]))
        kind = FileKind(request.query_params["kind"]) if request.query_params.get("kind") in list(FileKind) else None
        if kind is None or resource.export is None:
            raise NotFound
        permission = resource.export
        path = _temporary(kind)

        def act(uow: UnitOfWork) -> str:
            exports.may_export(uow, permission)
            asked = asking(uow, resource, request.query_params).asked()
            found = len(matching(uow.session, uow.actor, uow.today, resource, asked, AT_ONCE))
            if found > AT_ONCE:
                begun = exports.begin_export(
                    uow, permission, resource=resource.code, title=resource.many, asked_for=to_text(asked), kind=kind
                )
                return act_address(resource_of("exports"), begun, "ask")
            rows = write_list(uow.session, uow.actor, uow.today, resource, asked.page_one(), kind, path)
            exports.export_at_once(uow, permission, title=resource.many, rows=rows)
            return ""

        try:
            elsewhere = await self._in_unit(request, act)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        if elsewhere:
            path.unlink(missing_ok=True)
            return go(elsewhere)
        return self._file(path, kind, resource.code, gone=True)

    async def hand_over(self, request: Request) -> Response:
        """A file the worker made, for whoever asked for it."""
        export_id = given_id(str(request.path_params["export"]))
        stored_as, kind = await self._in_unit(request, lambda uow: exports.take_export(uow, export_id))
        path = self.folder / stored_as
        if not path.is_file():
            raise NotFound
        return self._file(path, kind, "list", gone=False)

    def _file(self, path: Path, kind: FileKind, name: str, *, gone: bool) -> Response:
        """The file, read by us: a server that is given its path would open it after it is taken away."""
        day, file = self.hall.clock().date().isoformat(), path.open("rb")
        size = path.stat().st_size
        if gone:
            path.unlink()
        disposition = f'attachment; filename="{name}-{day}.{kind.value.lower()}"'
        headers = {**HEADERS, "Content-Disposition": disposition, "Content-Length": str(size)}
        return StreamingResponse(_parts(file), media_type=MEDIA_TYPES[kind], headers=headers)

    async def _in_unit(self, request: Request, act: Callable[[UnitOfWork], T]) -> T:
        handle = (await session_of(self.hall, request)).handle

        def who(db: Session, now: datetime) -> Actor:
            return sessions.find_by_handle(db, handle, now).actor

        def run() -> T:
            with open_unit(self.hall.engine, who, writes=True, now=self.hall.clock()) as uow:
                return act(uow)

        return await to_thread.run_sync(run)

    def _answering(self, endpoint: Callable[[Request], object]) -> Callable[[Request], object]:
        async def answer(request: Request) -> Response:
            settings = self.hall.settings
            try:
                return await endpoint(request)  # pyright: ignore[reportGeneralTypeIssues]
            except sessions.SignedOut as gone:
                if gone.reason != "session.agent":  # which is written where it is found
                    await self._refused(request, gone.reason)
                return html.message(settings, "You are signed out", "Sign in, then try again.", status=403)
            except NotAllowed as refusal:
                await self._refused(request, "guard.role")
                return html.message(settings, "No permission", refusal.problems[0].sentence, status=403)
            except NotFound:
                await self._refused(request, "guard.object")
                return html.not_found(settings)
            except Refusal as refusal:
                return html.message(settings, "The list was not made", refusal.problems[0].sentence, status=422)
            except SQLAlchemyError:
                return html.unavailable(settings, again=routes.STAFF)
            except Exception as error:
                reference = secrets.token_hex(4)
                log.error("problem %s in an export: %s", reference, type(error).__name__)
                return html.message(
                    settings, "There is a problem with the portal",
                    f"Try again. If it keeps happening, contact us and quote {reference}.", status=500,
                )  # fmt: skip

        return answer

    async def _refused(self, request: Request, reason: str) -> None:
        ip = address_of(self.hall, request)
        await to_thread.run_sync(lambda: self.hall.door.refused("export", reason, self.hall.clock(), ip=ip))


async def _parts(file: BinaryIO) -> AsyncIterator[bytes]:
    try:
        while part := await to_thread.run_sync(file.read, CHUNK):
            yield part
    finally:
        file.close()


def _temporary(kind: FileKind) -> Path:
    """A file of our own, readable by nobody else, for as long as it takes to send it."""
    handle, name = tempfile.mkstemp(suffix=f".{kind.value.lower()}", prefix="phb-list-")
    os.close(handle)
    return Path(name)
