"""A resource: one declaration from which a list, a record and forms are made. A wrong one is refused at import."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import SQLModel, col

from phbportal.admin import second
from phbportal.admin.fields.base import Field, WrongDeclaration
from phbportal.admin.imports.declared import Import, check_imports
from phbportal.domain.text import within
from phbportal.policy.permissions import Permission
from phbportal.queries.scope import READ
from phbportal.services.unit_of_work import UnitOfWork

Values = Mapping[str, Any]
"""What a form was read into: each field's value by its name."""


def not_said(*_given: Any) -> Any:
    """In the place of a service where a second person decides: nothing is written at once."""
    raise AssertionError("a proposal is carried out by whoever approves it")


@dataclass(frozen=True)
class Section:
    """Some fields of a record under a heading."""

    title: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Related:
    """Rows of another resource that point here: ``by`` is the column of theirs that holds this row's id, or what this
    row holds in ``of`` (the other things of the same budget)."""

    to: str
    by: str
    title: str = ""
    columns: tuple[str, ...] = ()
    of: str = "id"


@dataclass(frozen=True)
class Step:
    """One page of a form."""

    title: str
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form, and the service that saves it: ``save(uow, values)`` for a new row (returns its key) or
    ``save(uow, row_id, values)`` for a change. The service decides who may and what is right; the engine has seen to it
    that the row is locked, that nobody else changed it since, and that a second press does nothing.

    ``second`` is what ``applies(…)`` returned in the noun's service: the form then has no ``save``, asks why, and saves
    a proposal for another person (ADR 0018).
    """

    title: str
    steps: tuple[Step, ...]
    permission: Permission
    save: Callable[..., Any] = not_said
    button: str = "Save"
    done: str = "Saved."
    step_up: bool = False
    second: str = ""

    def names(self) -> tuple[str, ...]:
        """Every field of it, in order."""
        return tuple(name for step in self.steps for name in step.names)


def fields(*names: str) -> tuple[Step, ...]:
    """A form of one page."""
    return (Step("", names),)


@dataclass(frozen=True, kw_only=True)
class Action:
    """Something done to a row, to the selected rows or to all that match: ``act(uow, row_id, values)`` for each.

    ``asks`` are fields to fill in first. ``on`` says where it is offered: "one", "selected", "all". ``when`` is a
    column and the values it must hold for the action to be offered on a record, ``while_empty`` columns that must be
    empty, ``while_filled`` columns that must not; the service decides. ``second`` is as a form's: the action has no
    ``act`` then, and proposes; ``why`` names what it asks that says why, so that nobody is asked twice.
    """

    code: str
    label: str
    permission: Permission
    act: Callable[[UnitOfWork, UUID, Values], Any] = not_said
    asks: tuple[Field, ...] = ()
    on: tuple[str, ...] = ("one",)
    done: str = "Done."
    step_up: bool = False
    second: str = ""
    why: str = ""
    explains: str = ""
    when: tuple[str, tuple[Any, ...]] = ("", ())
    while_empty: tuple[str, ...] = ()
    while_filled: tuple[str, ...] = ()

    def watches(self) -> tuple[str, ...]:
        """The columns by which it is offered or not."""
        return (*filter(None, self.when[:1]), *self.while_empty, *self.while_filled)

    def offered(self, watched: Mapping[str, Any]) -> bool:
        """Whether what a row holds in those columns lets it be offered."""
        held = not self.when[0] or watched[self.when[0]] in self.when[1]
        empty = all(watched[name] in (None, "") for name in self.while_empty)
        return held and empty and all(watched[name] not in (None, "") for name in self.while_filled)


@dataclass(frozen=True, kw_only=True)
class Resource:
    """What the engine needs to know of a table.

    ``read`` is the permission its list and record want; which rows is ``queries/scope.py``'s to say, and a table
    without a scope cannot be declared. ``title`` is the field that names a row and leads to its record. ``order`` is
    the field a list begins sorted by ("-id" for the newest first). ``search`` are folded columns found by their
    beginnings, ``search_through`` links whose own rows are searched so, ``finds`` fields found exactly;
    ``search_parts`` (for short tables only) finds the beginnings of any words of the first search column. ``done`` is
    what a list says after something done elsewhere, by the code in the address; ``see_also`` are the codes of resources
    it leads to. ``key`` is the column that stands in an address. ``gathers_imports`` has its list lead to the imports
    of all resources. ``counted`` is what a count of rows is of, where that is not ``many`` ("pieces of equipment").
    ``record_page`` (where addresses of records begin) and ``new_page`` are hand-made pages that
    take the place of the made ones.
    """

    code: str
    table: type[SQLModel]
    one: str
    many: str
    read: Permission
    fields: tuple[Field, ...]
    title: str
    columns: tuple[str, ...]
    order: str = "-id"
    sorts: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    search_through: tuple[str, ...] = ()
    finds: tuple[str, ...] = ()
    search_parts: bool = False
    search_hint: str = ""
    sections: tuple[Section | Related, ...] = ()
    new: Form | None = None
    change: Form | None = None
    actions: tuple[Action, ...] = ()
    export: Permission | None = None
    imports: tuple[Import, ...] = ()
    gathers_imports: bool = False
    key: str = "id"
    record_page: str = ""
    new_page: str = ""
    new_label: str = ""
    new_needs: Permission | None = None
    empty: str = ""
    intro: str = ""
    done: Mapping[str, str] = field(default_factory=lambda: {})
    see_also: tuple[str, ...] = ()
    counted: str = ""
    by_name: dict[str, Field] = field(default_factory=lambda: {}, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.by_name.update({one.name: one for one in self.fields})
        _check(self)

    def __hash__(self) -> int:
        return hash(self.code)

    @property
    def several(self) -> str:
        """What more than one row is called within a sentence: "budget lines", "ISF offers"."""
        return self.counted or within(self.many)

    def field(self, name: str) -> Field:
        """A field by its name; KeyError for none."""
        return self.by_name[name]

    def column(self, name: str) -> Any:
        """A column of the table."""
        return col(getattr(self.table, name))


def _check(it: Resource) -> None:
    """Raise WrongDeclaration, in a sentence, for anything that cannot work."""
    columns = set(it.table.model_fields)

    def wrong(sentence: str) -> WrongDeclaration:
        return WrongDeclaration(f"{it.many}: {sentence}")

    if it.table not in READ:
        raise wrong("its table has no scope. Say in queries/scope.py who may see its rows.")
    if not it.code.replace("-", "").isalpha() or it.code != it.code.lower():
        raise wrong(f"the code {it.code!r} stands in addresses: use small letters and hyphens.")
    if len(it.by_name) != len(it.fields):
        raise wrong("two fields have the same name.")
    for one in it.fields:
        for name in one.columns():
            if name not in columns:
                raise wrong(f"column {name!r} is not on the table.")
    for where, names in _named(it):
        for name in names:
            if name not in it.by_name:
                raise wrong(f"{where} names {name!r}, which is not one of its fields.")
    watched = [name for one in it.actions for name in one.watches()]
    for name in (*it.search, it.key, *watched):
        if name not in columns:
            raise wrong(f"column {name!r} is not on the table.")
    for name in (*it.sorts, it.order.removeprefix("-")):
        column = name if name == "id" else it.by_name[name].sort_column() if name in it.by_name else ""
        if column not in columns:
            raise wrong(f"it cannot be sorted by {name!r}, which is no column.")
        if it.column(column).nullable:
            raise wrong(f"it cannot be sorted by {name!r}: the column may be empty, and a list would lose those rows.")
    for name in it.filters:
        if not hasattr(it.by_name[name], "options"):
            raise wrong(f"the filter {name!r} has no choices.")
    if any(one.code == "change" for one in it.actions):
        raise wrong("an action called 'change' would stand in the change form’s address.")
    check_imports(it.many, it.imports)
    for form in (it.new, it.change):
        for name in form.names() if form else ():
            if it.by_name[name].read_only:
                raise wrong(f"{name!r} is in a form, and is never typed.")
    for where, sentence in _who_decides(it):
        if sentence:
            raise wrong(f"{where}: {sentence}")


def _who_decides(it: Resource) -> list[tuple[str, str]]:
    """What is wrong with how each form and action is carried out, by a service or by a second person."""
    found: list[tuple[str, str]] = []
    forms = [(one, one.save, tuple(it.by_name[n] for n in one.names()), one is it.new) for one in (it.new, it.change)
             if one]  # fmt: skip
    for one, act, asks, is_new in (*forms, *((act, act.act, act.asks, False) for act in it.actions)):
        where = f"“{one.label if isinstance(one, Action) else one.title}”"
        if (act is not_said) is not bool(one.second):
            found.append((where, "it needs a service that carries it out, or second=, and not both."))
        elif isinstance(one, Action) and one.why and one.why not in {a.name for a in asks if not a.optional}:
            found.append((where, f"why={one.why!r} is nothing that it asks and that must be answered."))
        elif one.second:
            sentence = second.problem(
                one.second, table=it.table, read=it.read, proposes=one.permission, every=it.fields, asks=asks,
                is_new=is_new,
            )  # fmt: skip
            found.append((where, sentence))
    return found


def _named(it: Resource) -> list[tuple[str, tuple[str, ...]]]:
    sections = [one.names for one in it.sections if isinstance(one, Section)]
    return [
        ("the title", (it.title,)), ("the columns", it.columns), ("the filters", it.filters), ("the sorts", it.sorts),
        ("what is found exactly", it.finds), ("what is searched through", it.search_through),
        *[("a section", names) for names in sections],
        ("the new form", it.new.names() if it.new else ()), ("the change form", it.change.names() if it.change else ()),
    ]  # fmt: skip
