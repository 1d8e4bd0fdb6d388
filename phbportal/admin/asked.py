"""What a list is asked for, and what somebody meant by what they typed to search it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from phbportal.admin.fields import Code, Sought
from phbportal.admin.ops import Condition, wants
from phbportal.admin.resource import Resource
from phbportal.admin.sight import sees
from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.text import search_key
from phbportal.policy.actors import Actor

SIZES = (25, 50, 100)
SIZE = 50
_LAST = chr(0x10FFFF)


@dataclass(frozen=True, slots=True)
class Asked:
    """A list as it was asked for. ``sort`` is a field's name, "-" before it for the other way; "" for the usual."""

    search: str = ""
    conditions: tuple[Condition, ...] = ()
    sort: str = ""
    cursor: str = ""
    direction: str = ""
    size: int = SIZE
    columns: tuple[str, ...] = ()

    def page_one(self) -> Asked:
        """The same list from its top."""
        return replace(self, cursor="", direction="")


@dataclass(frozen=True, slots=True)
class Searched:
    """An exact search's column and value, or the beginning of a name, or either (``also`` is a column that may hold
    just that); ``nothing`` is for when nothing is found."""

    exactly: str = ""
    value: Any = None
    key: str = ""
    also: str = ""
    hopeless: bool = False
    nothing: str = ""

    def values(self) -> dict[str, Any]:
        """The statement's parameters."""
        if self.exactly:
            return {"exactly": self.value}
        found = {"key": self.key, "key_end": self.key + _LAST} if self.key else {}
        return {**found, "also": self.value} if self.also else found


def understand(session: Session, actor: Actor, today: date, resource: Resource, typed: str) -> Searched:
    """Read a search as one of the things rows are found by exactly, or as the beginning of a name.

    What the actor may not see is not searched by: that would tell whose it is.
    """
    plain = " ".join(typed.split())
    if not plain:
        return Searched(nothing=resource.empty or f"There are no {resource.many.lower()} yet.")
    also, either = "", None
    for name in resource.finds:
        field = resource.field(name)
        if not isinstance(field, (Code, Sought)) and not any(c.isdigit() for c in plain):
            continue
        try:
            value = field.parse(plain)
        except Refusal:
            continue
        if not field.certain and (resource.search or resource.search_through) and sees(actor, field):
            also, either = field.name, value
            continue
        what = field.words()
        if not sees(actor, field):
            return Searched(hopeless=True, nothing=f"You cannot search by {what} in your role.")
        missing = f"No {resource.one} has the {what} “{field.show(value)}”. Check each letter and figure."
        if isinstance(field, Sought):
            found = field.find(session, actor, today, value)
            return Searched("id", found, hopeless=found is None, nothing=missing)
        return Searched(field.name, value, nothing=missing)
    key = search_key(plain)
    if not key or not (resource.search or resource.search_through):
        return Searched(hopeless=True, nothing=f"Search {resource.search_hint or 'by its number'}.")
    nothing = f"No {resource.one} begins with “{plain}”. Check the spelling, or type fewer letters."
    return Searched(value=either, key=key, also=also, nothing=nothing)


def compared(actor: Actor, resource: Resource, conditions: tuple[Condition, ...]) -> dict[str, Any]:
    """The statement's parameters for conditions. Raises Refusal, naming each condition that cannot be read."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for n, one in enumerate(conditions):
        field = resource.by_name.get(one.field)
        if field is None or not sees(actor, field) or one.op not in field.ops or len(one.values) != wants(one.op):
            problems.append(Problem("This condition cannot be used here. Take it away.", f"condition-{n}"))
            continue
        try:
            for suffix, typed in zip(("", "_to"), one.values, strict=False):
                values[f"c{n}{suffix}"] = field.compared(one.op, typed, end=bool(suffix))
        except Refusal as refusal:
            problems += [Problem(p.sentence, f"condition-{n}") for p in refusal.problems]
    if problems:
        raise Refusal(*problems)
    return values
