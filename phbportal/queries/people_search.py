"""What somebody meant by what they typed to find a person, and what to tell them when nobody is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, false, select
from sqlmodel import col

from phbportal.domain import identifiers
from phbportal.domain.errors import Refusal
from phbportal.domain.text import search_key
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.queries.scope import visible
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb

_LAST = chr(0x10FFFF)


@dataclass(frozen=True, slots=True)
class Search:
    """An exact condition, or else the beginning of a name ("" for everybody); and the words for finding nobody."""

    exactly: ColumnElement[bool] | None
    key: str
    nothing: str


def begins(column: SQLColumnExpression[str], key: str) -> ColumnElement[bool]:
    """A name begins with the key: a range, which an index serves on both databases."""
    return and_(column >= key, column < end_of(key))


def end_of(key: str) -> str:
    """The end of the range of everything that begins with the key."""
    return key + _LAST


def understand(actor: Actor, today: date, search: str) -> Search:
    """Read a search as an NHS number, a budget's reference, another reference, or the beginning of a name."""
    typed = " ".join(search.split())
    key = search_key(typed)
    if not typed:
        return Search(None, "", "Your board does not look after anybody here yet.")
    if number := _or_none(identifiers.nhs_number, typed):
        return _by_nhs_number(actor, number)
    if reference := _or_none(identifiers.phb_reference, typed):
        return Search(
            col(Person.id).in_(
                select(col(Phb.person_id)).where(col(Phb.reference) == reference, visible(actor, Phb, today))
            ),
            "",
            f"No budget of your board has the reference {reference}. Check the number, or search by name.",
        )
    if any(c.isdigit() for c in typed):
        return _by_local_reference(typed)
    if not key:
        return Search(false(), "", "Type at least one letter of a name, an NHS number or a reference.")
    return Search(
        None,
        key,
        f"No name begins with “{typed}”, whichever of the two names comes first. "
        "Check the spelling, or type fewer letters.",
    )


def _by_nhs_number(actor: Actor, number: str) -> Search:
    # Finding a person by a number would confirm whose it is to somebody who may not see it.
    if not could_ever(actor, Permission.NHS_NUMBER_READ):
        return Search(false(), "", "You cannot search by NHS number in your role. Search by name or by reference.")
    return Search(
        col(Person.nhs_number) == number,
        "",
        f"Nobody your board looks after has the NHS number {identifiers.show_nhs_number(number)}. "
        "Check each digit, or search by name.",
    )


def _by_local_reference(typed: str) -> Search:
    digits = typed.replace(" ", "").replace("-", "")
    slip = " It is not a real NHS number either: check each digit." if len(digits) == 10 and digits.isdigit() else ""
    return Search(
        col(Person.local_reference).in_({typed, typed.upper()}),
        "",
        f"Nobody your board looks after has the reference “{typed}”.{slip} Search by name if you are not sure of it.",
    )


def _or_none(parse: Callable[[str], str], typed: str) -> str | None:
    try:
        return parse(typed)
    except Refusal:
        return None
