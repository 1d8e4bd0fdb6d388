"""Taking a list out of the portal: how much one person may, and where a larger taking-out stands (decisions.md §2)."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from phbportal.domain.errors import Refusal

AT_ONCE = 500
"""Rows one person may take out by themselves; more needs a second person."""
KEPT_FOR = timedelta(hours=24)


class ExportStatus(StrEnum):
    BEGUN = "BEGUN"
    ASKED = "ASKED"
    AGREED = "AGREED"
    READY = "READY"
    FAILED = "FAILED"
    REFUSED = "REFUSED"
    GONE = "GONE"


EXPORT_WORDS: dict[ExportStatus, str] = {
    ExportStatus.BEGUN: "Give a reason",
    ExportStatus.ASKED: "Waiting for a second person",
    ExportStatus.AGREED: "Being made",
    ExportStatus.READY: "Ready to download",
    ExportStatus.FAILED: "Could not be made",
    ExportStatus.REFUSED: "Refused",
    ExportStatus.GONE: "No longer kept",
}

_STEPS = {
    "ask": (ExportStatus.BEGUN, ExportStatus.ASKED),
    "agree": (ExportStatus.ASKED, ExportStatus.AGREED),
    "refuse": (ExportStatus.ASKED, ExportStatus.REFUSED),
    "make": (ExportStatus.AGREED, ExportStatus.READY),
    "fail": (ExportStatus.AGREED, ExportStatus.FAILED),
    "ask again": (ExportStatus.FAILED, ExportStatus.ASKED),
    "forget": (ExportStatus.READY, ExportStatus.GONE),
}


def step(status: ExportStatus, act: str) -> ExportStatus:
    """Where an act leads. Refuses one that does not belong here."""
    before, after = _STEPS[act]
    if status is not before:
        raise Refusal(f"This is not possible now. It stands at: {EXPORT_WORDS[status].lower()}.")
    return after


class FileKind(StrEnum):
    CSV = "CSV"
    XLSX = "XLSX"


FILE_WORDS = {FileKind.CSV: "CSV", FileKind.XLSX: "Excel (XLSX)"}
MEDIA_TYPES = {
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
