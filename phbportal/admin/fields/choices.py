"""Fields with a fixed set of answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, String, bindparam, or_
from sqlmodel import SQLModel

from phbportal.admin.fields.base import Field, an, answer, is_question
from phbportal.admin.ops import Op
from phbportal.domain.errors import Refusal
from phbportal.policy.actors import Actor

_NONE: Mapping[Any, str] = {}


@dataclass(frozen=True)
class Choice(Field):
    """One of several: codes in the table, their words on the screen. Four or fewer are radios, more a list."""

    choices: Mapping[Any, str] = field(default_factory=lambda: _NONE)

    ops: ClassVar[tuple[Op, ...]] = (Op.IS, Op.IS_NOT, Op.EMPTY, Op.FILLED)
    MOST_RADIOS: ClassVar[int] = 4

    @property
    def input(self) -> str:  # pyright: ignore[reportIncompatibleVariableOverride]
        return "radios" if len(self.choices) <= self.MOST_RADIOS else "select"

    def options(self) -> list[tuple[str, str]]:
        """Codes and words, in their order."""
        return [(_code(code), words) for code, words in self.choices.items()]

    def show(self, *values: Any) -> str:
        code = values[0]
        return "" if code in (None, "") else dict(self.options()).get(_code(code), str(code))

    def fill(self, *values: Any) -> dict[str, str]:
        return {self.name: "" if values[0] is None else _code(values[0])}

    def empty(self) -> Any:
        if not self.optional:
            raise Refusal(self.needed or self.needs_words(), field=self.name)
        return None

    def needs_words(self) -> str:
        return answer(self.words()) if is_question(self.words()) else f"Choose {an(self.words())}."

    def is_empty(self, column: Any) -> Any:
        return or_(column.is_(None), column == "")

    def parse(self, typed: str) -> Any:
        given = typed.casefold()
        for code, words in self.options():
            if given in (code.casefold(), words.casefold()):
                return code
        words = self.words()
        wanted = f"an answer to “{words}”" if is_question(words) else an(words)
        raise Refusal(f"Choose {wanted} from the list.", field=self.name)


@dataclass(frozen=True)
class Tag(Choice):
    """A status: its words in a colour."""

    colours: Mapping[Any, str] = field(default_factory=lambda: _NONE)

    cell: ClassVar[str] = "tag"

    def painted(self) -> dict[str, str]:
        """The colour of each of the words."""
        return {words: self.colours.get(code, "grey") for code, words in self.choices.items()}


@dataclass(frozen=True)
class Having(Choice):
    """What a row is filtered by and no column of it holds: ``condition`` is the query's answer for a code, which it is
    given as a bind parameter."""

    _: KW_ONLY
    condition: Callable[[Actor, date, Any], ColumnElement[bool]]

    read_only: ClassVar[bool] = True
    ops: ClassVar[tuple[Op, ...]] = (Op.IS,)

    def columns(self) -> tuple[str, ...]:
        return ()

    def holds(self, actor: Actor, today: date, table: type[SQLModel], op: Op, n: int) -> ColumnElement[bool]:
        return self.condition(actor, today, bindparam(f"c{n}", type_=String()))


@dataclass(frozen=True)
class YesNo(Field):
    """Yes or no; one box to tick in a form."""

    _: KW_ONLY
    optional: bool = True

    input: ClassVar[str] = "checkbox"
    ops: ClassVar[tuple[Op, ...]] = (Op.IS,)

    def options(self) -> list[tuple[str, str]]:
        return [("yes", "Yes"), ("no", "No")]

    def show(self, *values: Any) -> str:
        return "" if values[0] is None else "Yes" if values[0] else "No"

    def fill(self, *values: Any) -> dict[str, str]:
        return {self.name: "yes" if values[0] else ""}

    def empty(self) -> Any:
        return False

    def parse(self, typed: str) -> Any:
        plain = typed.casefold()
        if plain in ("yes", "y", "true", "1", "on"):
            return True
        if plain in ("no", "n", "false", "0", "off"):
            return False
        raise Refusal("Answer yes or no.", field=self.name)


@dataclass(frozen=True)
class Choices(Choice):
    """Any of several, kept as a JSON list of codes."""

    _: KW_ONLY
    optional: bool = True

    ops: ClassVar[tuple[Op, ...]] = (Op.CONTAINS, Op.EMPTY, Op.FILLED)

    @property
    def input(self) -> str:  # pyright: ignore[reportIncompatibleVariableOverride]
        return "checkboxes"

    def show(self, *values: Any) -> str:
        words = dict(self.options())
        codes: list[str] = json.loads(values[0] or "[]")
        return ", ".join(words.get(code, code) for code in codes)

    def fill(self, *values: Any) -> dict[str, str]:
        chosen = json.loads(values[0] or "[]")
        return {f"{self.name}-{code}": "yes" if code in chosen else "" for code, _words in self.options()}

    def read(self, form: Mapping[str, str]) -> Any:
        if form.get(self.name):
            return self.parse(form[self.name])
        chosen = [code for code, _words in self.options() if form.get(f"{self.name}-{code}")]
        if not chosen and not self.optional:
            raise Refusal(f"Choose at least one: {self.words().lower()}.", field=self.name)
        return json.dumps(chosen)

    def parse(self, typed: str) -> Any:
        return json.dumps([super(Choices, self).parse(part.strip()) for part in typed.split(",") if part.strip()])

    def compared(self, op: Op, typed: str, *, end: bool = False) -> Any:
        return f'"{super().parse(typed)}"'.lower()

    def is_empty(self, column: Any) -> Any:
        return column.in_(["", "[]"]) | column.is_(None)


def _code(code: Any) -> str:
    return str(getattr(code, "value", code))
