"""What is said of a file that is brought in: how far it is, and what stands in the way of taking it back."""

from __future__ import annotations

from phbportal.admin.registry import all_resources
from phbportal.domain.text import listed, plural
from phbportal.services.taking_back import Built


def built_words(built: Built) -> str:
    """Why a file cannot be taken back: what has built upon what it brought in."""
    told = [f"{plural(count, *_called(name))} changed since" for name, count in built.changed.items()]
    told += [f"{plural(count, *_called(name))} that belong to it" for name, count in built.pointing.items()]
    if built.notes:
        told.append(plural(built.notes, "note"))
    return f"It cannot be taken back, because something has built upon it: {listed(told)}. Put that right first."


def _called(table: str) -> tuple[str, str]:
    """What one row of a table is called, and several."""
    for one in all_resources():
        if str(one.table.__tablename__) == table:
            return one.one, one.several
    return "other record", "other records"
