"""What a list is asked for, and what somebody meant by what they typed to search it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from phbportal.admin import select
from phbportal.admin.fields import Code, Field, Sought
from phbportal.admin.ops import Condition, wants
from phbportal.admin.resource import Resource
from phbportal.admin.select import Shape
from phbportal.admin.sight import sees
from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.text import search_key
from phbportal.policy.actors import Actor

SIZES = (25, 50, 100)
SIZE = 50
_LAST = chr(0x10FFFF)
_LIKE = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})


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
    """An exact search's columns and what each may hold, two values at most; or the beginning of a name or of its words.

    ``nothing`` is for when nothing is found; ``unseen`` says that what was typed is something the actor may not see.
    """

    exactly: tuple[str, ...] = ()
    held: tuple[tuple[Any, ...], ...] = ()
    key: str = ""
    parts: tuple[str, ...] = ()
    hopeless: bool = False
    unseen: bool = False
    nothing: str = ""

    def values(self) -> dict[str, Any]:
        """The statement's parameters."""
        if self.exactly:
            pairs = [(f"exactly{n}", held) for n, held in enumerate(self.held)]
            return {name: held[0] for name, held in pairs} | {f"{name}_or": held[-1] for name, held in pairs}
        if self.parts:
            return {k: v for n, p in enumerate(self.parts) for k, v in _beginnings(n, p)}
        return {"key": self.key, "key_end": self.key + _LAST} if self.key else {}


def understand(session: Session, actor: Actor, today: date, resource: Resource, typed: str) -> Searched:
    """Read a search as one of the things rows are found by exactly, or as the beginning of a name.

    What the actor may not see is not searched by: that would tell whose it is. What looks like a code and may as well
    be a name (an ODS code, a local reference) is a code if one is so: one statement more.
    """
    plain = " ".join(typed.split())
    if not plain:
        return Searched(nothing=resource.empty or f"There are no {resource.several} yet.")
    certain: list[tuple[Field, Any]] = []
    perhaps: list[tuple[Field, Any]] = []
    slip = ""
    for name in resource.finds:
        field = resource.field(name)
        if not isinstance(field, (Code, Sought)) and not any(c.isdigit() for c in plain):
            continue
        try:
            value = field.parse(plain)
        except Refusal:
            slip = slip or (field.slip(plain) if isinstance(field, Code) and sees(actor, field) else "")
            continue
        if not sees(actor, field):
            hint = search_hint(actor, resource)
            words = f"You cannot search by {_small(field)} in your role. Search {hint[:1].lower()}{hint[1:]}."
            return Searched(hopeless=True, unseen=True, nothing=words)
        if isinstance(field, Sought):
            found = field.find(session, actor, today, value)
            return Searched(("id",), ((found,),), hopeless=found is None, nothing=_missing(resource, field, value))
        (certain if isinstance(field, Code) and field.certain else perhaps).append((field, value))
    if certain:
        return _exact(resource, certain)
    if perhaps:
        exact, named = _exact(resource, perhaps), _by_name(resource, plain)
        shape = Shape((), exactly=exact.exactly, phase=-1)
        row = session.connection().execute(
            select.ids(actor, today, resource.code, shape), {**exact.values(), "most": 1}
        )  # fmt: skip
        if named.hopeless or row.first() is not None:
            return exact
        return replace(named, nothing=" ".join(filter(None, (exact.nothing, slip, named.nothing))))
    return _by_name(resource, plain)


def can_search(actor: Actor, resource: Resource) -> bool:
    """Whether there is anything of a list that this actor could search by."""
    found = any(sees(actor, resource.field(name)) for name in (*resource.finds, *resource.search_through))
    return bool(resource.search) or found


def search_hint(actor: Actor, resource: Resource) -> str:
    """What a list can be searched by, as far as the actor sees it; "" for nothing."""
    if resource.search_hint:
        return resource.search_hint
    ways = ["any part of the name" if resource.search_parts else "name"] if resource.search else []
    ways += [_small(resource.field(name)) for name in resource.finds if sees(actor, resource.field(name))]
    ways = list(dict.fromkeys(ways))
    return "By " + " or ".join(filter(None, (", ".join(ways[:-1]), ways[-1]))) if ways else ""


def _exact(resource: Resource, found: list[tuple[Field, Any]]) -> Searched:
    field, value = found[0]
    held = tuple((v,) if isinstance(f, Code) else _either_case(v) for f, v in found)
    return Searched(tuple(f.name for f, _v in found), held, nothing=_missing(resource, field, value))


def _either_case(value: Any) -> tuple[Any, ...]:
    return tuple(dict.fromkeys((value, value.upper()))) if isinstance(value, str) else (value,)


def _small(field: Field) -> str:
    words = field.words()
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


def _missing(resource: Resource, field: Field, value: Any) -> str:
    return f"No {resource.one} has the {_small(field)} “{field.show(value)}”. Check each letter and figure."


def _by_name(resource: Resource, plain: str) -> Searched:
    key = search_key(plain)
    if not key or not (resource.search or resource.search_through):
        return Searched(hopeless=True, nothing="Type at least one letter or figure of what you look for.")
    if resource.search_parts:
        words = f"No {resource.one} has a name with a part that begins with “{plain}”. Type fewer letters."
        return Searched(parts=tuple(key.split()), nothing=words)
    words = f"No {resource.one}’s name begins with “{plain}”. Check the spelling, or type fewer letters."
    return Searched(key=key, nothing=words)


def _beginnings(n: int, part: str) -> tuple[tuple[str, str], ...]:
    plain = part.translate(_LIKE)
    return ((f"part{n}", f"{plain}%"), (f"part{n}_in", f"% {plain}%"))


def compared(actor: Actor, resource: Resource, conditions: tuple[Condition, ...]) -> dict[str, Any]:
    """The statement's parameters for conditions. Raises Refusal, naming each condition that cannot be read."""
    values: dict[str, Any] = {"me": actor.user_id} if conditions else {}
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
