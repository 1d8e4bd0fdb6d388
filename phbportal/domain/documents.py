"""Documents kept with a budget: which files, how large, and what each is (security.md §5.5)."""

from __future__ import annotations

from enum import StrEnum

from phbportal.domain.errors import Problem

MOST_BYTES = 10 * 1024 * 1024
LONGEST_NAME = 120

MEDIA_TYPES: dict[str, str] = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".heic": "image/heic",
}
"""The endings of a name that are accepted, and what the file must then be by its own first bytes."""

ACCEPTED = "PDF, JPEG, PNG or HEIC"


class DocumentKind(StrEnum):
    CONSENT = "CONSENT"
    ASSESSMENT = "ASSESSMENT"
    AGREEMENT = "AGREEMENT"
    INVOICE = "INVOICE"
    STATEMENT = "STATEMENT"
    LETTER = "LETTER"
    OTHER = "OTHER"


DOCUMENT_WORDS: dict[DocumentKind, str] = {
    DocumentKind.CONSENT: "Consent",
    DocumentKind.ASSESSMENT: "Assessment",
    DocumentKind.AGREEMENT: "Signed agreement",
    DocumentKind.INVOICE: "Invoice or receipt",
    DocumentKind.STATEMENT: "Bank or card statement",
    DocumentKind.LETTER: "Letter",
    DocumentKind.OTHER: "Something else",
}


SHOWN_TO_THE_PERSON = (
    DocumentKind.CONSENT, DocumentKind.AGREEMENT, DocumentKind.INVOICE, DocumentKind.STATEMENT, DocumentKind.LETTER,
)  # fmt: skip
"""What a person gave the team or was given by it. An assessment, or something else, may speak of other people too: the
team reads it first, and hands over what the person asks to see."""


def is_shown(kind: str, *, for_them: bool) -> bool:
    """Whether the person, and who represents them, reads a document. ``for_them``: whoever kept it was told that they
    read its kind. A letter kept before that may be about them, or about who represents them, and to somebody else."""
    return kind in SHOWN_TO_THE_PERSON and (for_them or kind != DocumentKind.LETTER)


class Scan(StrEnum):
    """Whether a virus was looked for. ``UNCHECKED``: no scanner is set up; ``WAITING``: it has not answered yet."""

    UNCHECKED = "UNCHECKED"
    WAITING = "WAITING"
    CLEAN = "CLEAN"
    INFECTED = "INFECTED"


SCAN_WORDS: dict[Scan, str] = {
    Scan.UNCHECKED: "Not checked for viruses",
    Scan.WAITING: "Being checked",
    Scan.CLEAN: "Checked, nothing found",
    Scan.INFECTED: "A virus was found",
}
VIRUS = Problem("A virus was found in this file, so it was not kept. Do not open it, and tell whoever sent it.", "file")
_STAYS_SHUT: dict[Scan, str] = {
    Scan.WAITING: "This document is still being checked for viruses. Try again in a few minutes.",
    Scan.INFECTED: "A virus was found in this document, so nobody can open it. Ask for it to be sent again.",
}


def scan_of(kept: str | None) -> Scan:
    """What a row says of its scan; a document kept before anything was scanned says nothing."""
    return Scan(kept) if kept else Scan.UNCHECKED


def why_shut(scan: Scan) -> Problem | None:
    """Why a document cannot be opened now, or None."""
    return Problem(_STAYS_SHUT[scan]) if scan in _STAYS_SHUT else None


def shown_name(sent: str) -> str:
    """A file's name without folders, signs nobody can see, or more than 120 characters: shown, never a path of ours."""
    last = sent.replace("\\", "/").rpartition("/")[2]
    bare = "".join(c for c in last if c.isprintable()).strip(" .")
    stem, dot, ending = bare.rpartition(".")
    kept = stem[: LONGEST_NAME - len(ending) - 1] if dot else bare[:LONGEST_NAME]
    return f"{kept}{dot}{ending}"[:LONGEST_NAME] or "document"


_LEFT_OUT = {
    "kind": Problem("Choose what the document is.", "kind"),
    "file": Problem("Choose a file.", "file"),
}


def left_out(fields: str) -> list[Problem]:
    """What is said beside the fields of a form for a file that came back: ``fields`` as its address names them."""
    return [problem for field, problem in _LEFT_OUT.items() if field in fields.split(",")]


BROKEN = Problem("The picture is damaged and cannot be read. Save it again on your own device and send that.", "file")


def too_big(most: int = MOST_BYTES) -> Problem:
    return Problem(f"The file is larger than {most // 1024**2} MB. Choose a smaller file.", "file")


def file_problem(name: str, size: int, found_type: str | None) -> Problem | None:
    """What is wrong with a file: its size in bytes, the ending of its name, or what its first bytes say it is."""
    if size == 0:
        return Problem("The file is empty. Choose another file.", "file")
    if size > MOST_BYTES:
        return too_big()
    ending = f".{name.rpartition('.')[2].lower()}" if "." in name else ""
    if ending not in MEDIA_TYPES:
        return Problem(f"The file must be a {ACCEPTED}. Choose another file.", "file")
    if MEDIA_TYPES[ending] != found_type:
        return Problem(
            f"The file is called {ending} but is something else inside. Save it as a {ACCEPTED} and try again.", "file"
        )
    return None


def size_words(size: int) -> str:
    """Bytes as people say them: 820 KB, 3.4 MB."""
    tenths = size // 100_000
    return f"{tenths // 10}.{tenths % 10} MB" if tenths >= 10 else f"{max(1, size // 1000)} KB"
