"""What a resource says of the files that can be brought into it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from phbportal.admin.fields.base import Field, WrongDeclaration
from phbportal.domain.imports import Decision
from phbportal.gateways.tabular import Table
from phbportal.policy.permissions import Permission
from phbportal.services.bringing_in import BringFile, BringRows, ReadFile
from phbportal.services.taking_back import TakeBack

_NONE: Mapping[str, tuple[str, ...]] = {}


@dataclass(frozen=True, kw_only=True)
class Import:
    """One kind of file.

    ``fields`` are its columns: they read the cells, and say in a template what may be written. ``also`` are other
    people's headings for them. ``key`` are columns by which two rows of one file say the same (rows with one of them
    empty do not). ``rows`` is the service that brings some rows in, or ``file`` the one that brings in the whole. With
    ``reads`` the fields only name and explain the columns: it reads the cells, before anything is locked. Without it
    ``file`` is given the lines as the fields read them, refused ones among them.
    ``all_or_nothing`` brings in a file only if no row is refused. ``second`` is the permission of another person who
    must agree. ``keeps`` says what cannot be taken back, where a file cannot; "" where it can. ``any_columns``: the
    file's headings are its publisher's, and nobody is asked what they stand for; then ``table`` reads it, so that
    refused rows can be handed back. ``take_back`` does what is more than removing the rows a file made.
    ``same_words`` ("the same person", "another person") are for lists whose service leaves it to a person to decide.
    """

    code: str
    title: str
    permission: Permission
    fields: tuple[Field, ...]
    rows: BringRows | None = None
    file: BringFile | None = None
    reads: ReadFile | None = None
    key: tuple[str, ...] = ()
    also: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NONE)
    explains: str = ""
    all_or_nothing: bool = False
    second: Permission | None = None
    keeps: str = ""
    any_columns: bool = False
    table: Callable[[bytes], Table] | None = None
    same_words: Mapping[Decision, str] = field(default_factory=dict[Decision, str])
    take_back: TakeBack | None = None

    def words(self) -> str:
        """What doing it is called: "Bring in a caseload"."""
        return f"Bring in {self.title[:1].lower()}{self.title[1:]}"

    def names(self) -> dict[str, tuple[str, ...]]:
        """What each column may be headed by, besides its own name."""
        return {one.name: (one.words(), *self.also.get(one.name, ())) for one in self.fields}

    def field(self, name: str) -> Field:
        """A column by its name; KeyError for none."""
        return next(one for one in self.fields if one.name == name)


def check_imports(many: str, imports: tuple[Import, ...]) -> None:
    """Raise WrongDeclaration, in a sentence, for an import that cannot work."""
    codes = [one.code for one in imports]
    for one in imports:

        def wrong(sentence: str, of: Import = one) -> WrongDeclaration:
            return WrongDeclaration(f"{many}: the import {of.code!r} {sentence}")

        if not one.code.replace("-", "").isalpha() or one.code != one.code.lower() or codes.count(one.code) > 1:
            raise wrong("stands in addresses: give it a code of its own, in small letters and hyphens.")
        if (one.rows is None) == (one.file is None):
            raise wrong("needs a service: rows= for some rows at a time, or file= for the whole.")
        if one.reads is not None and one.file is None:
            raise wrong("has reads= without file=: some rows at a time are read by their fields.")
        if one.any_columns != (one.table is not None):
            raise wrong("reads its publisher’s columns: say how with table=, and only then.")
        if one.same_words and one.file is None:
            raise wrong("lets a person decide about rows, which only a list that is taken whole (file=) can.")
        names = [field.name for field in one.fields]
        if len(set(names)) != len(names) or not names:
            raise wrong("needs columns, each with a name of its own.")
        for name in (*one.key, *one.also):
            if name not in names:
                raise wrong(f"names {name!r}, which is not one of its columns.")
        for field_ in one.fields:
            if one.rows is not None and field_.read_only:
                raise wrong(f"has {field_.name!r}, which is never typed.")
