"""Days are London's, whatever the server's clock is set to."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def london_date(moment: datetime) -> date:
    """The date in London at a moment (which must carry its time zone)."""
    return moment.astimezone(LONDON).date()
