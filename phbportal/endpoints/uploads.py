"""A form with a file, read as it comes: never more bytes than may be sent."""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartParser
from starlette.requests import Request

from phbportal.gateways.documents import CHUNK

# A form's own words around its file.
AROUND = 16 * 1024


class TooBig(Exception):
    """More bytes than a file may have."""


async def form_of(request: Request, most: int) -> FormData:
    """The form, its bytes counted as they come: a length may be wrong or missing. Raises TooBig above ``most``."""
    if int(request.headers.get("content-length") or 0) > most + AROUND:
        raise TooBig

    async def counted() -> AsyncIterator[bytes]:
        size = 0
        async for part in request.stream():
            size += len(part)
            if size > most + AROUND:
                raise TooBig
            yield part

    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise ValueError("not a form with a file")
    return await MultiPartParser(request.headers, counted(), max_files=1, max_fields=5).parse()  # pyright: ignore[reportArgumentType]


async def parts_of_upload(upload: UploadFile) -> AsyncIterator[bytes]:
    """The file, a piece at a time."""
    while part := await upload.read(CHUNK):
        yield part
