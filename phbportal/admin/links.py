"""Finding the row that somebody means in a form's link: what is offered as they type, and what they chose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from phbportal.admin.asked import Asked
from phbportal.admin.cells import titles
from phbportal.admin.fields import Field, Link
from phbportal.admin.listing import list_page
from phbportal.admin.registry import resource_of
from phbportal.domain.errors import Problem, Refusal
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever

MOST_OFFERED = 8


def offered(session: Session, actor: Actor, today: date, code: str, typed: str) -> dict[str, UUID]:
    """Rows that what was typed may mean, by the words that tell them apart; only rows the actor may see."""
    resource = resource_of(code)
    if not typed.strip() or not could_ever(actor, resource.read):
        return {}
    page = list_page(session, actor, today, resource, Asked(search=typed, size=MOST_OFFERED))
    found: dict[str, UUID] = {}
    for row, row_id in zip(page.rows, page.ids, strict=True):
        words = f"{row[1]} – {row[2]}" if len(row) > 2 and row[2] else row[1]
        while words in found:  # two of the same name, born the same day
            words += " (another)"
        found[words] = row_id
    return found


def creates(actor: Actor, fields: tuple[Field, ...]) -> dict[str, str]:
    """By the name of a link: the words of the button that adds a new row to link to, where one may at once."""
    found: dict[str, str] = {}
    for field in fields:
        if isinstance(field, Link) and field.creates:
            new, one = resource_of(field.to).new, resource_of(field.to).one
            if new and not new.second and could_ever(actor, new.permission):
                found[field.name] = f"Add a new {one}"
    return found


def label_of(session: Session, actor: Actor, today: date, code: str, given: str) -> tuple[str, UUID] | None:
    """The words and the id of a row that an address or a saved record names by id; None if it is out of sight."""
    try:
        wanted = UUID(given)
    except ValueError:
        return None
    found = titles(session, actor, today, code, [wanted]).get(wanted)
    return (found[0], wanted) if found else None


def resolve_links(
    session: Session, actor: Actor, today: date, fields: tuple[Field, ...], values: dict[str, Any],
    known: Mapping[str, Mapping[str, UUID]],
) -> dict[str, dict[str, UUID]]:  # fmt: skip
    """Put the row's id in the place of what was typed, in ``values``. Raises Refusal for what names no row; returns, by
    field, what it could mean where it fits several (``values`` then still hold the words)."""
    several: dict[str, dict[str, UUID]] = {}
    problems: list[Problem] = []
    for field in fields:
        if not isinstance(field, Link) or values.get(field.name) in (None, ""):
            continue
        typed = str(values[field.name]).strip()
        named = label_of(session, actor, today, field.to, typed)
        chosen = named[1] if named else known.get(field.name, {}).get(typed)
        if chosen is None:
            found = offered(session, actor, today, field.to, typed)
            exact = found.get(typed) or (next(iter(found.values())) if len(found) == 1 else None)
            chosen = exact
            if chosen is None and found:
                several[field.name] = found
                continue
        if chosen is None:
            one = resource_of(field.to).one
            problems.append(
                Problem(f"We could not find that {one}. Check what you typed, or type less of it.", field.name)
            )
            continue
        values[field.name] = chosen
    if problems:
        raise Refusal(*problems)
    return several
