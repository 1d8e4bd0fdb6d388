"""Moments as people read them: the clock in London, whatever the server's is set to."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from phbportal.domain.text import long_date

LONDON = ZoneInfo("Europe/London")


def london_day(at: datetime) -> date:
    """The date in London at a moment. ``at`` must carry its zone."""
    return at.astimezone(LONDON).date()


def show_moment(at: datetime) -> str:
    """Show a moment as "6 April 2026 at 10:14". ``at`` must carry its zone."""
    there = at.astimezone(LONDON)
    return f"{long_date(there.date())} at {there:%H:%M}"


def show_time(at: datetime) -> str:
    """Show the clock in London at a moment: "10:14". ``at`` must carry its zone."""
    return f"{at.astimezone(LONDON):%H:%M}"
