"""Reading one table of the providers file: typed values out, a sentence for each thing wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from phbportal.domain.errors import Problem


class Entry:
    """One ``[providers.name]`` table. What is wrong goes into ``problems`` and reads as empty: all is named at once."""

    def __init__(self, name: str, table: object, problems: list[Problem]) -> None:
        self.name = name
        self.problems = problems
        self._asked: set[str] = set()
        self._table: Mapping[str, object] = table if isinstance(table, dict) else {}
        if not isinstance(table, dict):
            self.wrong(None, "must be a table.")

    def wrong(self, key: str | None, sentence: str) -> None:
        """Note a problem: ``sentence`` follows the provider's (and the setting's) name."""
        subject = f"Provider {self.name}: {key} " if key else f"Provider {self.name} "
        self.problems.append(Problem(subject + sentence, f"{self.name}.{key}" if key else self.name))

    def text(self, key: str, default: str | None = None, *, choices: Sequence[str] = ()) -> str:
        """A text; without a default it must be there."""
        value = self._get(key, default)
        if value is None:
            self.wrong(key, "is not set.")
        elif not isinstance(value, str) or (not value and default is None):
            self.wrong(key, "must be a text.")
        elif choices and value not in choices:
            self.wrong(key, f"must be one of {', '.join(choices)}.")
        else:
            return value
        return ""

    def texts(
        self, key: str, default: tuple[str, ...] | None = None, *, choices: Sequence[str] = ()
    ) -> tuple[str, ...]:
        """A list of at least one text."""
        value = self._get(key, default)
        if value is None:
            self.wrong(key, "is not set.")
        elif not isinstance(value, list | tuple) or not value or not all(isinstance(v, str) and v for v in value):
            self.wrong(key, "must be a list of texts with at least one in it.")
        elif choices and (others := [str(v) for v in value if v not in choices]):
            self.wrong(key, f"has {', '.join(others)}. Choose from {', '.join(choices)}.")
        else:
            return tuple(str(v) for v in value)
        return ()

    def flag(self, key: str, default: bool) -> bool:
        """true or false."""
        chosen = self.optional_flag(key)
        return default if chosen is None else chosen

    def optional_flag(self, key: str) -> bool | None:
        """true or false, or None where nothing is said."""
        value = self._get(key, None)
        if value is None or isinstance(value, bool):
            return value
        self.wrong(key, "must be true or false.")
        return None

    def seconds(self, key: str, default: int | None, *, most: int) -> int | None:
        """A whole number of seconds from 1 to ``most``."""
        value = self._get(key, default)
        if value is default:
            return default
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most:
            return value
        self.wrong(key, f"must be a whole number of seconds from 1 to {most}.")
        return default

    def whole(self, key: str, default: int, *, least: int, most: int) -> int:
        """A whole number from ``least`` to ``most``."""
        value = self._get(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.wrong(key, f"must be a whole number from {least} to {most}.")
        return default

    def text_table(self, key: str) -> Mapping[str, str]:
        """A table of texts."""
        value = self._get(key, {})
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            self.wrong(key, "must be a table of texts.")
            return MappingProxyType({})
        return MappingProxyType({str(k): str(v) for k, v in value.items()})

    def value_table(self, key: str) -> Mapping[str, tuple[object, ...]]:
        """A table of one accepted value, or a list of them, for each name."""
        value = self._get(key, {})
        if not isinstance(value, dict):
            self.wrong(key, "must be a table.")
            return MappingProxyType({})
        read = {str(k): tuple(v) if isinstance(v, list) else (v,) for k, v in value.items()}
        for claim, accepted in read.items():
            if not accepted or not all(isinstance(v, str | int) and v != "" for v in accepted):
                self.wrong(f"{key}.{claim}", "must be a text, a number, true or false, or a list of them.")
        return MappingProxyType(read)

    def finish(self) -> None:
        """Name every setting nobody asked for: a misspelt one would otherwise be silently without effect."""
        for key in self._table:
            if key not in self._asked:
                self.wrong(key, "is not a setting the portal knows.")

    def _get(self, key: str, default: object) -> object:
        self._asked.add(key)
        return self._table.get(key, default)
