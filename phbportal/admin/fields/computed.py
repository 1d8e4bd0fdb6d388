"""A field that no column holds: a query works it out for all rows of a page at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy.orm import Session

from phbportal.admin.fields.base import Field
from phbportal.admin.ops import Op
from phbportal.domain.money import pounds
from phbportal.policy.actors import Actor

Load = Callable[[Session, Actor, date, Sequence[UUID]], Mapping[UUID, Any]]
"""A query of ``queries/``: what is known of each row by its id. One statement; fields with the same one share it."""


@dataclass(frozen=True)
class Computed(Field):
    """Words a query finds for the rows of a page; neither sorted nor filtered.

    ``pick`` makes a text, or a text and the address it leads to, out of what the query found; ``leads`` says that there
    are addresses; ``colours`` paint the words as a tag; ``nothing`` is for rows of which nothing was found.
    """

    _: KW_ONLY
    load: Load
    pick: Callable[[Any], str | tuple[str, str]] = str
    leads: bool = False
    colours: Mapping[str, str] | None = None
    nothing: str = ""

    input: ClassVar[str] = ""
    read_only: ClassVar[bool] = True
    ops: ClassVar[tuple[Op, ...]] = ()

    @property
    def cell(self) -> str:  # pyright: ignore[reportIncompatibleVariableOverride]
        return "tag" if self.colours else "link" if self.leads else "text"

    def columns(self) -> tuple[str, ...]:
        return ()

    def painted(self) -> dict[str, str]:
        """The colour of each of the words."""
        return dict(self.colours or {})

    def show(self, *values: Any) -> str:
        return self.found(values[0] if values else None)[0]

    def found(self, known: Any) -> tuple[str, str]:
        """The text and the address for what the query found of a row."""
        picked = self.nothing if known is None else self.pick(known)
        return picked if isinstance(picked, tuple) else (picked, "")


@dataclass(frozen=True)
class Amount(Computed):
    """An amount in pence that a query works out: pounds on the page, a number in a file, where it can be added up."""

    _: KW_ONLY
    pick: Callable[[Any], str | tuple[str, str]] = pounds

    numeric: ClassVar[bool] = True

    def export(self, *values: Any) -> Any:
        return None if values[0] is None else Decimal(values[0]) / 100


@dataclass(frozen=True)
class Sought(Field):
    """Something a row is found by that is not a column of it: ``reader`` knows its shape, ``find`` the row's id."""

    _: KW_ONLY
    reader: Callable[..., str]
    find: Callable[[Session, Actor, date, str], UUID | None]

    input: ClassVar[str] = ""
    read_only: ClassVar[bool] = True
    ops: ClassVar[tuple[Op, ...]] = ()

    def columns(self) -> tuple[str, ...]:
        return ()

    def parse(self, typed: str) -> str:
        return self.reader(typed, field=self.name)
