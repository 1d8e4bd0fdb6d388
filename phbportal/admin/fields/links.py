"""Fields that point elsewhere: a row of another resource, a kept file, and data that is only looked at."""

from __future__ import annotations

import json
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

from phbportal.admin.fields.base import Field
from phbportal.admin.ops import Op


@dataclass(frozen=True)
class Link(Field):
    """A row of another resource, by its code: shown by that resource's title, and only to those who may see the row.

    In a form it is a box that finds rows as one types; ``creates`` offers to add a new one from there.
    """

    to: str = ""
    creates: bool = False

    cell: ClassVar[str] = "link"
    input: ClassVar[str] = "link"
    ops: ClassVar[tuple[Op, ...]] = (Op.EMPTY, Op.FILLED)


@dataclass(frozen=True)
class File(Link):
    """A kept document: shown by its name, opened through its own endpoint."""

    input: ClassVar[str] = ""
    read_only: ClassVar[bool] = True


@dataclass(frozen=True)
class Json(Field):
    """Data as it was kept, to be looked at by those who know what it is."""

    _: KW_ONLY

    input: ClassVar[str] = ""
    read_only: ClassVar[bool] = True
    ops: ClassVar[tuple[Op, ...]] = ()

    def show(self, *values: Any) -> str:
        return json.dumps(json.loads(values[0]), indent=2, ensure_ascii=False) if values[0] else ""
