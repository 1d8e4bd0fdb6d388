"""The folder documents are kept in: written under a random name, read back by it, never served by a web server."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import filetype
from anyio import open_file

from phbportal.domain.documents import MOST_BYTES, too_big
from phbportal.domain.errors import Refusal
from phbportal.domain.imports import MOST_BYTES as IMPORT_BYTES
from phbportal.gateways.pictures import without_whereabouts

CHUNK = 64 * 1024
FIRST_BYTES = 512


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as it was kept: its random name, size in bytes, digest, and what its first bytes say it is."""

    stored_as: str
    size: int
    sha256: str
    media_type: str | None


@dataclass(frozen=True, slots=True)
class DocumentFolder:
    """Files under ``PHB_FILES_DIR``, readable by the portal alone."""

    root: Path
    under: str = "documents"
    most: int = MOST_BYTES

    def path(self, stored_as: str) -> Path:
        """Where a file is. ``stored_as`` is a name this class made."""
        return self.root / self.under / stored_as

    async def keep(self, parts: AsyncIterator[bytes]) -> StoredFile:
        """Write a file as it arrives. Raises Refusal, with nothing kept, once it is larger than a document may be."""
        stored_as = secrets.token_hex(16)
        path = self.path(stored_as)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        digest, size, first = hashlib.sha256(), 0, b""
        try:
            async with await open_file(path, "xb", opener=_for_us_alone) as file:
                async for part in parts:
                    size += len(part)
                    if size > self.most:
                        raise Refusal(too_big(self.most))
                    first += part[: FIRST_BYTES - len(first)]
                    digest.update(part)
                    await file.write(part)
                await file.flush()
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return StoredFile(stored_as, size, digest.hexdigest(), media_type_of(first))

    def without_whereabouts(self, stored: StoredFile) -> StoredFile:
        """The file once it no longer says where and when a picture was taken. Raises BrokenPicture."""
        path = self.path(stored.stored_as)
        came = path.read_bytes()
        kept = without_whereabouts(came, stored.media_type)
        if kept == came:
            return stored
        with open(path, "wb", opener=_for_us_alone) as file:
            file.write(kept)
        return StoredFile(stored.stored_as, len(kept), hashlib.sha256(kept).hexdigest(), stored.media_type)

    def forget(self, stored_as: str) -> None:
        """Take away a file that no row names: its document was refused."""
        self.path(stored_as).unlink(missing_ok=True)


def import_folder(root: Path) -> DocumentFolder:
    """Where files that are brought in are kept, larger than a document may be, until their day is over."""
    return DocumentFolder(root, "imports", IMPORT_BYTES)


def media_type_of(first: bytes) -> str | None:
    """What a file is by its first bytes, or None. A PDF must begin as one: not after a mark, not half way down."""
    found = filetype.guess_mime(first) if first else None
    return None if found == "application/pdf" and not first.startswith(b"%PDF-") else found


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
