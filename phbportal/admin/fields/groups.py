"""A field that repeats: several small rows of the same fields, written in one form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, replace
from typing import Any, ClassVar

from phbportal.admin.fields.base import Field
from phbportal.admin.fields.computed import Load
from phbportal.admin.ops import Op
from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.text import plural


@dataclass(frozen=True)
class Group(Field):
    """Rows of ``fields``, from ``least`` to ``most`` of them; each is called a ``one``. Its value is a list of dicts.

    ``load`` finds the rows a form of an existing record starts from: a list of dicts by the record's id.
    """

    _: KW_ONLY
    fields: tuple[Field, ...]
    one: str
    least: int = 1
    most: int = 20
    load: Load | None = None

    input: ClassVar[str] = "group"
    ops: ClassVar[tuple[Op, ...]] = ()

    def columns(self) -> tuple[str, ...]:
        return ()

    def numbers(self, form: Mapping[str, str]) -> list[int]:
        """Which rows a form holds, by the names of its controls; no more than ``most``."""
        begins = re.compile(rf"{re.escape(self.name)}-([0-9]{{1,3}})-")
        found = {int(match[1]) for name in form if (match := begins.match(name))}
        return sorted(found)[: self.most]

    def row_fields(self, number: int) -> list[Field]:
        """The fields of one row, under the names of their controls."""
        return [replace(field, name=f"{self.name}-{number}-{field.name}") for field in self.fields]

    def read(self, form: Mapping[str, str]) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        problems: list[Problem] = []
        for number in self.numbers(form):
            row: dict[str, Any] = {}
            for field, own in zip(self.fields, self.row_fields(number), strict=True):
                try:
                    row[field.name] = own.read(form)
                except Refusal as refusal:
                    problems += refusal.problems
            rows.append(row)
        if len(rows) < self.least:
            problems.append(Problem(f"Add at least {plural(self.least, self.one)}.", f"{self.name}-more"))
        if problems:
            raise Refusal(*problems)
        return rows

    def show(self, *values: Any) -> str:
        return "; ".join(
            ", ".join(filter(None, (field.show(row.get(field.name)) for field in self.fields)))
            for row in values[0] or []
        )

    def fill(self, *values: Any) -> dict[str, str]:
        found: dict[str, str] = {}
        for number, row in enumerate(values[0] or []):
            for field, own in zip(self.fields, self.row_fields(number), strict=True):
                found |= own.fill(row.get(field.name))
        return found
