"""What a field is: it shows, reads, compares, sorts and exports its own values, and nothing else does any of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, bindparam, func, or_
from sqlmodel import SQLModel, col

from phbportal.admin.ops import Op
from phbportal.domain.errors import Refusal
from phbportal.domain.text import within
from phbportal.policy.actors import Actor
from phbportal.policy.permissions import Permission

Exported = Any
"""What goes into a cell of a file: text, an int, a ``Decimal`` of pounds, a date, or None."""


class WrongDeclaration(Exception):
    """A resource that cannot work: the portal does not start, and the sentence says what to change."""


@dataclass(frozen=True)
class Field:
    """One piece of a row.

    ``name`` is the table's column; ``label`` is what people read (made from the name if not given); ``needs`` is the
    permission without which the field is neither shown, filtered, sorted, searched nor exported; ``only_if`` shows it
    in a form only while another field holds one of some values; ``sort_by`` is the column it is sorted by.
    """

    name: str
    label: str = ""
    _: KW_ONLY
    hint: str = ""
    needs: Permission | None = None
    optional: bool = False
    only_if: tuple[str, tuple[str, ...]] | None = None
    sort_by: str = ""
    width: str = "20"
    needed: str = ""
    """The sentence for an empty answer, where the made one would not read well."""

    cell: ClassVar[str] = "text"
    """How a list paints it: "text", "link" or "tag"."""
    numeric: ClassVar[bool] = False
    input: ClassVar[str] = "text"
    """Which control a form paints."""
    ops: ClassVar[tuple[Op, ...]] = (Op.IS, Op.IS_NOT, Op.EMPTY, Op.FILLED)
    read_only: ClassVar[bool] = False
    example: ClassVar[str] = "1"
    """Something it can be read from."""
    certain: ClassVar[bool] = True
    """What it can be read from is nothing else: not the beginning of a name too."""
    secret: ClassVar[bool] = False
    """Never kept in a draft."""

    def words(self) -> str:
        """What people read."""
        return self.label or self.name.removesuffix("_pence").removesuffix("_id").replace("_", " ").capitalize()

    def columns(self) -> tuple[str, ...]:
        """The table's columns it reads."""
        return (self.name,)

    def sort_column(self) -> str:
        """The column a list is sorted by when it is sorted by this field."""
        return self.sort_by or self.name

    def show(self, *values: Any) -> str:
        """The value as people read it; "" for none."""
        return "" if values[0] is None else str(values[0])

    def fill(self, *values: Any) -> dict[str, str]:
        """What the form's controls start from, by their names."""
        return {self.name: self.show(*values)}

    def read(self, form: Mapping[str, str]) -> Any:
        """The value out of a form. Raises Refusal beside the field."""
        typed = form.get(self.name, "").strip()
        if not typed:
            return self.empty()
        return self.parse(typed)

    def empty(self) -> Any:
        """What an empty answer means. Raises Refusal if one is needed."""
        if not self.optional:
            raise Refusal(self.needed or self.needs_words(), field=self.name)
        return None

    def needs_words(self) -> str:
        """What an empty answer is told."""
        return answer(self.words()) if is_question(self.words()) else f"Enter the {within(self.words())}."

    def parse(self, typed: str) -> Any:
        """The value out of one text (a form, an import's cell, a condition). Raises Refusal beside the field."""
        return typed

    def brought(self, cell: str) -> Any:
        """The value out of a file's cell, which may hold what only a spreadsheet writes."""
        return self.parse(cell)

    def given(self, value: Any) -> dict[str, str]:
        """A value back as the form's texts."""
        return self.fill(value)

    def painted(self) -> dict[str, str]:
        """The colour of each of its words, where it is painted as a tag."""
        return {}

    def export(self, *values: Any) -> Exported:
        """The value for a file."""
        return self.show(*values)

    def where(self, table: type[SQLModel], op: Op, n: int) -> ColumnElement[bool]:
        """The condition number ``n``, with bind parameters ``c{n}`` and ``c{n}_to`` for what it compares with."""
        column: Any = col(getattr(table, self.name))
        at = bindparam(f"c{n}", type_=column.type)
        match op:
            case Op.IS:
                return column == at
            case Op.IS_NOT:
                return or_(column != at, column.is_(None))
            case Op.CONTAINS:
                return func.lower(column).contains(bindparam(f"c{n}"), escape="\\")
            case Op.BEGINS:
                return func.lower(column).startswith(bindparam(f"c{n}"), escape="\\")
            case Op.BEFORE | Op.LESS:
                return column < at
            case Op.AFTER | Op.MORE:
                return column > at
            case Op.BETWEEN:
                return (column >= at) & (column <= bindparam(f"c{n}_to", type_=column.type))
            case Op.EMPTY:
                return self.is_empty(column)
            case Op.FILLED:
                return ~self.is_empty(column)

    def is_empty(self, column: Any) -> ColumnElement[bool]:
        """Nothing is there."""
        return column.is_(None)

    def compared(self, op: Op, typed: str, *, end: bool = False) -> Any:
        """What a condition compares with, out of what was typed. Raises Refusal beside the field."""
        return self.parse(typed)

    def told(self, typed: str) -> str:
        """What a condition compares with, in words. Raises Refusal as ``compared`` does."""
        return self.show(self.parse(typed))

    def typed(self, form: Mapping[str, str]) -> str:
        """What a condition compares with as one text, out of the control that asks for it; "" for nothing."""
        return form.get(self.name, "").strip()

    @property
    def compares_with(self) -> str:
        """Which control asks what a condition compares with."""
        return "select" if hasattr(self, "options") else self.input or "text"

    def holds(self, actor: Actor, today: date, table: type[SQLModel], op: Op, n: int) -> ColumnElement[bool]:
        """The same as ``where``, for a condition that depends on who asks and when."""
        return self.where(table, op, n)


_QUESTIONS = ("who", "whom", "whose", "what", "which", "when", "where", "why", "how")


def is_question(words: str) -> bool:
    """Whether a label asks something: "Why?", "Who else may see it"."""
    return words.endswith("?") or words.split(" ", 1)[0].lower() in _QUESTIONS


def answer(words: str) -> str:
    """What is said beside a question that was left empty."""
    return f"Answer “{words}”."


def an(words: str) -> str:
    """ "a date", "an amount", "a user": the words with their article."""
    low = within(words)
    return f"an {low}" if low[:1] in "aeiou" and not low.startswith(("us", "uni")) else f"a {low}"
