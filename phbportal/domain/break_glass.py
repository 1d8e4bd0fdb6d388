"""Break-glass: an administrator is let into one person's record, for 60 minutes, read-only (domain.md §9.3, §9.5)."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

LASTS = timedelta(minutes=60)
TASK_KIND = "BREAK_GLASS"
"""The task of the board's auditors: to look at what was read."""
ASKING_LASTS = timedelta(hours=24)
"""An asking nobody answered within a day has lapsed: the need was then, not now."""


BY_NHS_NUMBER, BY_NAME = "By NHS number", "By name and birth"
"""What stands for a budget's reference where the record was not asked for by one: whoever asked is not told it."""


class GlassStatus(StrEnum):
    ASKED = "ASKED"
    AGREED = "AGREED"
    REFUSED = "REFUSED"


GLASS_WORDS: dict[GlassStatus, str] = {
    GlassStatus.ASKED: "Waiting for a second person",
    GlassStatus.AGREED: "Let in",
    GlassStatus.REFUSED: "Refused",
}


def record_words(reference: str) -> str:
    """Which record was asked for: a budget's reference, or by what it was found."""
    return f"{reference}: one record fits" if reference in (BY_NHS_NUMBER, BY_NAME) else reference


def is_open(ends_at: datetime | None, ended_at: datetime | None, now: datetime) -> bool:
    """Whether somebody is let in at this moment."""
    return ends_at is not None and ended_at is None and now < ends_at


def minutes_left(ends_at: datetime, now: datetime) -> int:
    """Whole minutes to the end, begun ones counted."""
    return max(0, -(-int((ends_at - now).total_seconds()) // 60))


def status_words(status: GlassStatus, ends_at: datetime | None, ended_at: datetime | None, now: datetime,
                 asked_at: datetime) -> str:  # fmt: skip
    """Where an asking stands, in two or three words."""
    if status is GlassStatus.REFUSED:
        return "Refused"
    if status is GlassStatus.ASKED and ended_at is not None:
        return "Taken back"
    if status is GlassStatus.ASKED:
        return "Waiting for a second person" if now < asked_at + ASKING_LASTS else "Lapsed"
    return "Open" if is_open(ends_at, ended_at, now) else "Over"
