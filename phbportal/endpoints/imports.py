"""Files to bring in: ``POST /api/import/{resource}/{incoming}``, ``GET`` of the same for an empty one to fill in, and
``GET /api/import-refused/{brought}`` for the rows that were refused (security.md §5.5, T17, T20)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from anyio import to_thread
from python_multipart.exceptions import MultipartParseError
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from phbportal import routes
from phbportal.admin.imports.declared import Import
from phbportal.admin.imports.papers import refused_table, write_refused, write_template
from phbportal.admin.imports.reading import SheetLook, look_at, look_of_file, needs_choice
from phbportal.admin.registry import import_of, resource_of
from phbportal.domain.documents import shown_name, too_big
from phbportal.domain.errors import NotAllowed, NotFound, Refusal
from phbportal.domain.exports import FileKind
from phbportal.domain.imports import MOST_BYTES, Outcome
from phbportal.endpoints.desk import Desk
from phbportal.endpoints.export import handed_over, temporary
from phbportal.endpoints.uploads import TooBig, form_of, parts_of_upload
from phbportal.gateways.documents import DocumentFolder, StoredFile
from phbportal.gateways.tabular import Unreadable
from phbportal.queries.ids import given_id
from phbportal.queries.imports import BatchView, batch_of, rows_of, said_of_headings
from phbportal.services import imports
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.sign_in import html
from phbportal.sign_in.http import go, is_our_own_post
from phbportal.sign_in.keys import is_csrf_token

ENDINGS = {FileKind.CSV: ".csv", FileKind.XLSX: ".xlsx"}
AGAIN = "Choose another file"
MOST_REFUSED = 200_000


@dataclass
class Imports(Desk):
    """The addresses of one hall; ``folder`` is where files are kept under random names."""

    folder: DocumentFolder

    kind: ClassVar[str] = "upload"

    def all(self) -> list[Route]:
        address = routes.IMPORT + "/{resource}/{incoming}"
        return [
            Route(address, self.answering(self.take_in), methods=["POST"]),
            Route(address, self.answering(self.template), methods=["GET"]),
            Route(routes.IMPORT_REFUSED + "/{brought}", self.answering(self.refused_rows), methods=["GET"]),
        ]

    async def take_in(self, request: Request) -> Response:
        """A file to be tried. It is read only when its sender may bring in such a list."""
        code, declared = self._declared(request)
        way = f"{code}/{declared.code}"

        def sender(uow: UnitOfWork) -> tuple[str, dict[str, str]]:
            imports.may_bring_in(uow, declared.permission)
            return str(uow.actor.session_handle), said_of_headings(uow.session, uow.actor, way)

        handle, remembered = await self.in_unit(request, sender, writes=False)
        if not is_our_own_post(self.hall, request):
            return await self._forbidden(request, "upload.origin", handle)
        form = await form_of(request, MOST_BYTES)
        try:
            if not is_csrf_token(self.hall.key, handle, str(form.get("csrf", ""))):
                return await self._forbidden(request, "upload.csrf", handle)
            return await self._keep(request, form, code, declared, remembered)
        finally:
            await form.close()

    async def _keep(
        self, request: Request, form: FormData, code: str, declared: Import, remembered: dict[str, str]
    ) -> Response:
        back, upload = routes.staff_new_import(code, declared.code), form.get("file")
        if not isinstance(upload, UploadFile) or not upload.filename:
            return go(f"{back}?missing=file")
        name = shown_name(upload.filename)
        stored = await self.folder.keep(parts_of_upload(upload))
        try:
            begun, page = await self._begin(request, code, declared, remembered, name, stored)
        except BaseException as error:
            self.folder.forget(stored.stored_as)
            if isinstance(error, Refusal) and not isinstance(error, NotAllowed | NotFound):
                return self._problem(error.problems[0].sentence, 415 if isinstance(error, Unreadable) else 422, back)
            raise
        return go(routes.of_import(page, begun))

    async def _begin(
        self, request: Request, code: str, declared: Import, remembered: dict[str, str], name: str, stored: StoredFile
    ) -> tuple[object, str]:
        """The file's id, and the page where its sender goes on."""
        path = self.folder.path(stored.stored_as)
        sheets = await to_thread.run_sync(lambda: look_at(path.read_bytes(), declared, remembered))
        sent = imports.Sent(
            code, declared.code, declared.title, declared.permission, declared.second,
            declared.all_or_nothing, name, stored.sha256,
            stored.size, stored.stored_as, look_of_file(sheets),
        )  # fmt: skip

        def begin(uow: UnitOfWork) -> object:
            begun = imports.begin_import(uow, sent)
            if declared.any_columns:
                imports.try_import(uow, begun, {})
            return begun

        return await self.in_unit(request, begin), _next_page(declared, sheets, remembered)

    async def template(self, request: Request) -> Response:
        """An empty file with the right headings."""
        code, declared = self._declared(request)
        kind = _kind(request)
        await self.in_unit(request, lambda uow: imports.may_bring_in(uow, declared.permission), writes=False)
        path = temporary(kind)
        await to_thread.run_sync(lambda: write_template(path, declared, kind))
        return handed_over(path, kind, f"{code}-{declared.code}{ENDINGS[kind]}", gone=True)

    async def refused_rows(self, request: Request) -> Response:
        """The refused rows of somebody's own file, with the reasons: to mend and bring back."""
        batch_id, kind = given_id(str(request.path_params["brought"])), _kind(request)

        def act(uow: UnitOfWork) -> tuple[Path, BatchView, dict[int, str]]:
            source = self.folder.path(imports.file_of(uow, batch_id).stored_as)
            batch = batch_of(uow.session, uow.actor, uow.today, batch_id)
            found = rows_of(
                uow.session, uow.actor, uow.today, batch_id, outcome=Outcome.REFUSED.value, most=MOST_REFUSED
            )
            if not found or not source.is_file():
                raise NotFound()
            return source, batch, {one.number: one.reason for one in found}

        source, batch, reasons = await self.in_unit(request, act)
        code, declared, path = batch.resource, import_of(batch.resource, batch.way), temporary(kind)

        def write() -> None:
            table = refused_table(source.read_bytes(), declared, batch.columns, batch.chosen)
            write_refused(path, table, reasons, kind)

        try:
            await to_thread.run_sync(write)  # after the unit: nobody is to wait while a large file is read again
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return handed_over(path, kind, f"{code}-refused{ENDINGS[kind]}", gone=True)

    def _declared(self, request: Request) -> tuple[str, Import]:
        code = resource_of(str(request.path_params["resource"])).code
        return code, import_of(code, str(request.path_params["incoming"]))

    async def own_answer(self, request: Request, error: Exception) -> Response | None:
        if isinstance(error, TooBig) or (isinstance(error, Refusal) and error.problems[0] == too_big(MOST_BYTES)):
            await self.refused(request, "upload.too_big")
            return self._problem(too_big(MOST_BYTES).sentence, 413, routes.STAFF_IMPORTS)
        if isinstance(error, MultiPartException | MultipartParseError | ClientDisconnect | ValueError):
            return self._problem("The file did not arrive whole. Try again.", 400, routes.STAFF_IMPORTS)
        if isinstance(error, Refusal):
            return html.unavailable(self.hall.settings, again=routes.STAFF)
        return None

    async def _forbidden(self, request: Request, reason: str, handle: str) -> Response:
        await self.refused(request, reason, handle)
        return html.message(self.hall.settings, "No permission", "Open the page again and try once more.", status=403)

    def _problem(self, sentence: str, status: int, back: str) -> Response:
        return html.message(
            self.hall.settings, "The file was not taken", sentence, status=status, again=back, button=AGAIN
        )


def _next_page(declared: Import, sheets: list[SheetLook], remembered: dict[str, str]) -> str:
    if declared.any_columns:
        return routes.STAFF_IMPORT
    asks = needs_choice(sheets, declared, remembered)
    return routes.STAFF_IMPORT_SHEETS if asks else routes.STAFF_IMPORT_COLUMNS


def _kind(request: Request) -> FileKind:
    asked = request.query_params.get("kind", FileKind.CSV.value)
    if asked not in list(FileKind):
        raise NotFound()
    return FileKind(asked)
