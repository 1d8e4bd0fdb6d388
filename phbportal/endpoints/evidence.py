"""Documents in and out: ``POST /api/evidence`` and ``GET /api/evidence/{id}`` (security.md §5.5, T17, T20)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import quote

from anyio import to_thread
from python_multipart.exceptions import MultipartParseError
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from phbportal import routes
from phbportal.domain.documents import (
    BROKEN,
    MOST_BYTES,
    VIRUS,
    DocumentKind,
    Scan,
    file_problem,
    shown_name,
    too_big,
    why_shut,
)
from phbportal.domain.errors import NotAllowed, NotFound, Problem, Refusal
from phbportal.endpoints.desk import Desk, log
from phbportal.endpoints.uploads import TooBig, form_of, parts_of_upload
from phbportal.gateways.documents import DocumentFolder, StoredFile
from phbportal.gateways.pictures import BrokenPicture
from phbportal.gateways.scanner import Scanner, ScannerAway
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.queries.ids import given_id
from phbportal.services import documents
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.sign_in import html
from phbportal.sign_in.http import go, is_our_own_post
from phbportal.sign_in.keys import is_csrf_token

AGAIN = "Choose another file"


@dataclass
class Evidence(Desk):
    """The two addresses of one hall. ``scanner`` gives what looks for viruses, None where nothing does."""

    folder: DocumentFolder
    scanner: Callable[[], Scanner | None] = lambda: None

    kind: ClassVar[str] = "upload"

    def all(self) -> list[Route]:
        return [
            Route(routes.EVIDENCE, self.answering(self.take_in), methods=["POST"]),
            Route(routes.EVIDENCE + "/{document}", self.answering(self.hand_over), methods=["GET"]),
        ]

    async def take_in(self, request: Request) -> Response:
        """A document for a budget, from the form of its page. A file is read only when its sender may send it."""
        handle = await self.in_unit(request, _sender, writes=False)
        if not is_our_own_post(self.hall, request):
            return await self._forbidden(request, "upload.origin", handle)
        form = await form_of(request, MOST_BYTES)
        try:
            return await self._keep(request, form, handle)
        finally:
            await form.close()

    async def _keep(self, request: Request, form: FormData, handle: str) -> Response:
        sent, upload = {name: str(value) for name, value in form.items()}, form.get("file")
        if not is_csrf_token(self.hall.key, handle, sent.get("csrf", "")):
            return await self._forbidden(request, "upload.csrf", handle)
        reference, kind = sent.get("phb", ""), sent.get("kind", "")
        phb_id = await self.in_unit(request, lambda uow: documents.may_add_document(uow, reference))
        back = routes.of_phb(routes.STAFF_PHB_DOCUMENTS, reference)
        chosen = isinstance(upload, UploadFile) and upload.filename
        missing = [*([] if kind in list(DocumentKind) else ["kind"]), *([] if chosen else ["file"])]
        if missing or not isinstance(upload, UploadFile):
            known = {} if "kind" in missing else {"kind": kind}
            return go(routes.of_phb(routes.STAFF_PHB_DOCUMENTS, reference, missing=",".join(missing), **known))
        name = shown_name(upload.filename or "")
        stored = await self.folder.keep(parts_of_upload(upload))
        try:
            refused, stored, scan = await to_thread.run_sync(self._looked_at, name, stored)
            if refused is not None:
                if refused is VIRUS:
                    await self.refused(request, "upload.infected", handle)
                raise Refusal(refused)
            await self.in_unit(
                request, lambda uow: documents.add_document(uow, phb_id, DocumentKind(kind), name, stored, scan)
            )
        except BaseException as error:
            self.folder.forget(stored.stored_as)
            if isinstance(error, Refusal) and not isinstance(error, NotAllowed | NotFound):
                wrong_type = stored.size and error.problems[0] is not VIRUS
                return self._problem(error.problems[0].sentence, 415 if wrong_type else 422, back)
            raise
        return go(f"{back}?done=document")

    def _looked_at(self, name: str, stored: StoredFile) -> tuple[Problem | None, StoredFile, Scan]:
        """Why a file is not kept, or None; the file as it is kept, and what the scanner says of it so far."""
        if problem := file_problem(name, stored.size, stored.media_type):
            return problem, stored, Scan.UNCHECKED
        scanner, scan = self.scanner(), Scan.UNCHECKED
        if scanner is not None:  # as it came: what is taken out of a picture may be where the virus is
            try:
                if virus := scanner.scan(self.folder.path(stored.stored_as)):
                    log.error("a virus was found in a file that was sent: %s", virus)
                    return VIRUS, stored, Scan.INFECTED
                scan = Scan.CLEAN
            except ScannerAway as away:
                log.warning("the virus scanner did not answer: %s", away)
                scan = Scan.WAITING
        try:
            return None, self.folder.without_whereabouts(stored), scan
        except BrokenPicture:
            return BROKEN, stored, scan

    async def hand_over(self, request: Request) -> Response:
        """A document, to be saved and never run or shown inside the portal."""
        document_id = given_id(str(request.path_params["document"]))
        found = await self.in_unit(request, lambda uow: documents.open_document(uow, document_id), writes=False)
        path = self.folder.path(found.stored_as)
        if not path.is_file():
            log.error("a document’s file is missing")
            raise NotFound
        return FileResponse(
            path, media_type=found.media_type,
            headers={
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name)}",
                "Content-Security-Policy": "sandbox; default-src 'none'",
                "Cache-Control": "no-store",
            },
        )  # fmt: skip

    async def own_answer(self, request: Request, error: Exception) -> Response | None:
        if isinstance(error, TooBig):
            await self.refused(request, "upload.too_big")
            return self._problem(too_big().sentence, 413, routes.STAFF_PEOPLE)
        if isinstance(error, MultiPartException | MultipartParseError | ClientDisconnect | ValueError):
            return self._problem("The file did not arrive whole. Try again.", 400, routes.STAFF_PEOPLE)
        if isinstance(error, Refusal):  # a busy database, a file too big, or one that stays shut
            shut = [why_shut(scan) for scan in Scan]
            if error.problems[0] in shut:
                return html.message(
                    self.hall.settings, "The document cannot be opened", error.problems[0].sentence, status=409,
                    again=routes.HOME, button="Back to the portal",
                )  # fmt: skip
            if error.problems[0] == too_big():
                return self._problem(too_big().sentence, 413, routes.STAFF_PEOPLE)
            return html.unavailable(self.hall.settings, again=routes.HOME)
        return None

    async def _forbidden(self, request: Request, reason: str, handle: str) -> Response:
        await self.refused(request, reason, handle)
        return html.message(self.hall.settings, "No permission", "Open the page again and try once more.", status=403)

    def _problem(self, sentence: str, status: int, back: str) -> Response:
        return html.message(
            self.hall.settings, "The document was not kept", sentence, status=status, again=back, button=AGAIN
        )


def _sender(uow: UnitOfWork) -> str:
    """The session of whoever may ever keep a document. NotAllowed for anybody else, before a byte is read."""
    if not could_ever(uow.actor, Permission.DOCUMENT_ADD):
        raise NotAllowed("You do not have permission to do this.")
    return str(uow.actor.session_handle)
