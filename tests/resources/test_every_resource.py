"""Every declaration, exercised without a line of its own: list, sorts, filters, search, records, files and scope."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from phbportal.admin.asked import Asked
from phbportal.admin.export import export_rows
from phbportal.admin.fields import Choice, Choices, Computed, Day, Field, Link, Moment, Sought, YesNo
from phbportal.admin.links import offered
from phbportal.admin.listing import count_words, list_page, matching
from phbportal.admin.ops import Condition, Op, wants
from phbportal.admin.record import RELATED_SIZE, record_of, related_of
from phbportal.admin.registry import resource_of
from phbportal.admin.resource import Related, Resource, Section
from phbportal.admin.sight import sees
from phbportal.domain.errors import NotFound
from phbportal.domain.roles import STAFF_ROLES, Role
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.policy.decide import could_ever
from phbportal.queries.scope import visible
from phbportal.resources.everything import RESOURCES
from phbportal.services.unit_of_work import UnitOfWork
from tests.queries.test_scope import TODAY, Boards
from tests.support.statements import statements

ROOT = Path(__file__).resolve().parents[2] / "phbportal" / "resources"
EVERY = pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.code)
# The others' records are pages made by hand, or they have none.
WITH_RECORDS = pytest.mark.parametrize(
    "resource", [r for r in RESOURCES if any(isinstance(one, Section) for one in r.sections)], ids=lambda one: one.code
)
WITH_RELATED = pytest.mark.parametrize(
    "resource", [r for r in RESOURCES if any(isinstance(one, Related) for one in r.sections)], ids=lambda one: one.code
)
# Nothing of this kind is in the world of the scope tests.
EMPTY_HERE: set[str] = set()


def readers(resource: Resource) -> list[Role]:
    return [role for role in sorted(STAFF_ROLES) if could_ever(Actor(role), resource.read)]


def actor(boards: Boards, role: Role, *, there: bool = False) -> Actor:
    names = {Role.CASE_MANAGER: "cm"}
    world = boards.there if there else boards.here
    return world.actors[names.get(role, role.value.lower())]


PLAIN = Asked()


def page(uow: UnitOfWork, resource: Resource, asked: Asked = PLAIN, **more: Any) -> Any:
    return list_page(uow.session, uow.actor, TODAY, resource, asked, **more)


def all_ids(uow: UnitOfWork, resource: Resource) -> set[Any]:
    table: Any = resource.table
    return set(uow.session.execute(select(table.id).where(visible(uow.actor, table, TODAY))).scalars())


def sample(field: Field, value: Any) -> str:
    """What somebody would type to mean a value of this field."""
    if isinstance(field, Moment):
        return f"{value:%Y-%m-%d}" if value else "2026-04-06"
    if isinstance(field, YesNo):
        return "yes" if value else "no"
    if isinstance(field, Choice):
        code = value if value not in (None, "", "[]") else next(iter(field.choices))
        return field.show(code).split(", ")[0] if isinstance(field, Choices) else field.show(code)
    if isinstance(field, Day):
        return (value or date(2026, 4, 6)).isoformat()
    return field.show(value) if value not in (None, "") else field.example


# The declarations themselves ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(ROOT.glob("*.py")), ids=lambda path: path.stem)
def test_a_declaration_is_short(path: Path) -> None:
    for node in ast.parse(path.read_text()).body:
        call = node.value if isinstance(node, ast.Assign) else None
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Resource":
            lines = (node.end_lineno or 0) - node.lineno + 1
            assert lines <= 60, f"{path.name}:{node.lineno} has {lines} lines: make it a page, or two resources"


@EVERY
def test_a_declaration_says_things_the_office_says(resource: Resource) -> None:
    assert resource.intro == "" or resource.intro.endswith(".")
    assert resource.many[0].isupper()
    assert resource.one[0].islower() or resource.one[:2].isupper()
    for field in resource.fields:
        assert "_" not in field.words(), f"{field.name}: give it a label"
        assert not field.words().endswith(" id"), f"{field.name}: give it a label"
        for _code, words in field.options() if isinstance(field, Choice) else ():
            assert words[0].isupper() or words[0].isdigit(), f"{field.name}: {words!r} stands alone in a table"
            assert "_" not in words, f"{field.name}: {words!r} is a code"
            assert not words.isupper() or len(words) < 6, f"{field.name}: {words!r} is a code"
    heads = [resource.field(name).words() for name in dict.fromkeys((resource.title, *resource.columns))]
    assert len(set(heads)) == len(heads), f"two columns are headed the same: {heads}"


BROKEN = re.compile(
    r"\?\.|\b(an?|the) (an?|the|your|who|whom|what|how|why|if|in|on|by|to|with|registered)\b", re.IGNORECASE
)


@EVERY
def test_an_answer_that_is_missing_is_asked_for_in_a_whole_sentence(resource: Resource) -> None:
    named = [name for form in (resource.new, resource.change) if form for name in form.names()]
    for field in (*map(resource.field, named), *(field for action in resource.actions for field in action.asks)):
        if not field.optional:
            said = field.needed or field.needs_words()
            assert not BROKEN.search(said), f"{field.name}: {said!r}"


@EVERY
def test_somebody_may_read_it(resource: Resource) -> None:
    assert readers(resource)


# Lists ----------------------------------------------------------------------------------------------------------------


@EVERY
def test_a_list_holds_what_each_role_may_see_and_nothing_of_another_board(boards: Boards, resource: Resource) -> None:
    found = 0
    for role in sorted(STAFF_ROLES):
        who = actor(boards, role)
        with boards.here.unit(who, on=TODAY, writes=False) as uow:
            listed = page(uow, resource, Asked(size=100))
            assert set(listed.ids) <= all_ids(uow, resource)
            assert (role in readers(resource)) or not listed.rows
            found += len(listed.rows)
            if resource.code == "providers":
                continue
            with boards.there.unit(actor(boards, role, there=True), on=TODAY, writes=False) as theirs:
                assert set(listed.ids).isdisjoint(page(theirs, resource, Asked(size=100)).ids)
    assert found or resource.code in EMPTY_HERE, "put one into the world of tests/queries/test_scope.py"


@EVERY
def test_pages_one_after_the_other_are_the_whole_list_either_way_and_by_every_sort(
    boards: Boards, resource: Resource
) -> None:
    role = readers(resource)[0]
    with boards.here.unit(actor(boards, role), on=TODAY, writes=False) as uow:
        whole = all_ids(uow, resource)
        for sort in ("", *resource.sorts, *[f"-{name}" for name in resource.sorts]):
            if sort and not sees(uow.actor, resource.field(sort.removeprefix("-"))):
                continue
            size = max(2, len(whole) // 4)
            forwards: list[Any] = []
            asked, last = Asked(sort=sort, size=size), None
            while True:
                listed = page(uow, resource, asked)
                forwards += listed.ids
                last = listed
                if not listed.after:
                    break
                asked = replace(asked, cursor=listed.after, direction="after")
            assert len(forwards) == len(whole)
            assert set(forwards) == whole
            backwards = list(reversed(last.ids))
            while last.before:
                last = page(uow, resource, replace(asked, cursor=last.before, direction="before"))
                backwards += reversed(last.ids)
            assert backwards == list(reversed(forwards))


@EVERY
def test_every_condition_of_every_field_can_be_asked_and_is_true_of_what_it_finds(
    boards: Boards, resource: Resource
) -> None:
    role = readers(resource)[0]
    table: Any = resource.table
    with boards.here.unit(actor(boards, role), on=TODAY, writes=False) as uow:
        rows = uow.session.execute(select(table).where(visible(uow.actor, table, TODAY))).scalars().all()
        for field in resource.fields:
            if isinstance(field, Computed | Sought) or not sees(uow.actor, field):
                continue
            value = next((v for row in rows if (v := getattr(row, field.name, None)) not in (None, "")), None)
            for op in field.ops:
                typed = tuple([sample(field, value)] * wants(op))
                asked = Asked(conditions=(Condition(field.name, op, typed),), size=1000)
                found = set(page(uow, resource, asked).ids)
                assert found <= {row.id for row in rows}
                assert count_words(uow.session, uow.actor, TODAY, resource, asked)
                if op is Op.IS and value is not None:
                    assert found == {row.id for row in rows if getattr(row, field.name) == field.compared(op, typed[0])}
                if op is Op.EMPTY:
                    empty = {row.id for row in rows if getattr(row, field.name) in (None, "", "[]")}
                    assert found == empty
                if op is Op.FILLED:
                    assert not any(getattr(row, field.name) is None for row in rows if row.id in found)


@EVERY
def test_a_search_finds_rows_by_their_beginnings_and_nothing_by_nonsense(boards: Boards, resource: Resource) -> None:
    role = readers(resource)[0]
    table: Any = resource.table
    with boards.here.unit(actor(boards, role), on=TODAY, writes=False) as uow:
        assert page(uow, resource, Asked(search="zzzzzz")).rows == []
        assert page(uow, resource, Asked(search="zzzzzz")).nothing.endswith(".")
        for name in resource.search:
            words = uow.session.execute(select(getattr(table, name)).where(visible(uow.actor, table, TODAY))).scalars()
            for word in list(words)[:5]:
                asked = Asked(search=word[:6], size=1000)
                found = set(page(uow, resource, asked).ids)
                assert found == set(matching(uow.session, uow.actor, TODAY, resource, asked, 500))
                exact = select(table.id).where(getattr(table, name) == word, visible(uow.actor, table, TODAY))
                assert uow.session.execute(exact).scalars().first() in found
        for name in resource.finds:
            field = resource.field(name)
            if isinstance(field, Sought) or not sees(uow.actor, field):
                continue
            column = col(getattr(table, name))
            value = uow.session.execute(
                select(column).where(visible(uow.actor, table, TODAY), column.is_not(None), column != "").limit(1)
            ).scalar_one_or_none()
            if value:
                assert len(page(uow, resource, Asked(search=field.show(value))).rows) == 1


@EVERY
def test_a_list_asks_as_much_of_the_database_for_many_rows_as_for_few(boards: Boards, resource: Resource) -> None:
    role = readers(resource)[0]
    counts: dict[int, int] = {}
    for size in (2, 3, 30, 100):
        with boards.here.unit(actor(boards, role), on=TODAY, writes=False) as uow:
            with statements(boards.here.engine) as sent:
                listed = page(uow, resource, Asked(size=size))
            if len(listed.rows) >= 2:
                counts[size] = len(sent)
    # A few rows that all lead nowhere (an entry of history of no budget) ask less, and never more.
    assert not counts or counts[30] == counts[100] == max(counts.values())


# Records, links, files ------------------------------------------------------------------------------------------------


@WITH_RECORDS
def test_every_record_in_sight_opens_and_no_other(boards: Boards, resource: Resource) -> None:
    for role in readers(resource):
        who = actor(boards, role)
        with boards.here.unit(who, on=TODAY, writes=False) as uow:
            listed = page(uow, resource, Asked(size=10))
            for row in listed.rows:
                record = record_of(uow.session, who, TODAY, resource, row[0])
                assert record.title
                facts = [fact.label for section in record.sections for fact in section.facts]
                hidden = [field.words() for field in resource.fields if not sees(who, field)]
                assert not set(facts) & set(hidden)
        with boards.there.unit(actor(boards, role, there=True), on=TODAY, writes=False) as theirs:
            for row in listed.rows if resource.code != "providers" else ():
                with pytest.raises(NotFound):
                    record_of(theirs.session, theirs.actor, TODAY, resource, row[0])


@WITH_RELATED
def test_beside_a_record_stands_what_belongs_to_it_and_is_in_sight(boards: Boards, resource: Resource) -> None:
    shown = 0
    for role in readers(resource):
        who = actor(boards, role)
        with boards.here.unit(who, on=TODAY, writes=False) as uow:
            for row in page(uow, resource, Asked(size=100)).rows:
                with statements(boards.here.engine) as sent:
                    record = record_of(uow.session, who, TODAY, resource, row[0])
                assert len(sent) <= most_statements(who, resource)
                for one, view, owner in zip(related_of(who, resource), record.related, record.owners, strict=True):
                    other = resource_of(one.to)
                    column = col(getattr(other.table, one.by))
                    wanted = select(other.column("id")).where(visible(who, other.table, TODAY), column == owner)
                    ids = set(uow.session.execute(wanted).scalars())
                    assert len(view.rows) == min(len(ids), RELATED_SIZE)
                    assert not any(head.sort for head in view.heads), "a record's address sorts nothing"
                    shown += len(view.rows)
    assert shown, "nothing is proved by noughts"


def most_statements(who: Actor, resource: Resource) -> int:
    """One for the record and each related list, and one for each link or computed field that either shows."""

    def asks(one: Resource, names: tuple[str, ...]) -> int:
        return 1 + sum(isinstance(one.field(name), Link | Computed) for name in names)

    sections = tuple(n for s in resource.sections if isinstance(s, Section) for n in s.names)
    related = [(resource_of(one.to), one) for one in related_of(who, resource)]
    lists = [asks(other, one.columns or other.columns) for other, one in related]
    return asks(resource, tuple(dict.fromkeys((resource.title, *sections)))) + sum(lists)


@EVERY
def test_a_link_to_it_offers_what_one_may_see_and_nothing_of_another_board(boards: Boards, resource: Resource) -> None:
    for role in sorted(STAFF_ROLES):
        with boards.there.unit(actor(boards, role, there=True), on=TODAY, writes=False) as theirs:
            for typed in ("a", "oka", "PHB-2026-000001", "1"):
                found = offered(theirs.session, theirs.actor, TODAY, resource.code, typed)
                assert set(found.values()) <= all_ids(theirs, resource)
                assert not found or role in readers(resource)


@EVERY
def test_a_file_of_it_says_what_the_list_says(boards: Boards, resource: Resource) -> None:
    role = readers(resource)[0]
    with boards.here.unit(actor(boards, role), on=TODAY, writes=False) as uow:
        listed = page(uow, resource, Asked(size=100))
        rows = list(export_rows(uow.session, uow.actor, TODAY, resource, Asked()))
        assert len(rows) == len(all_ids(uow, resource))
        links = [n for n, head in enumerate(listed.heads) if head.kind in ("link", "text", "tag") and not head.numeric]
        for shown, exported in zip(listed.rows, rows, strict=False):
            for n in links:
                if isinstance(exported[n], str):
                    assert exported[n] == shown[n + 1]


@EVERY
def test_every_link_and_related_list_leads_to_a_resource(resource: Resource) -> None:
    codes = {one.code for one in RESOURCES}
    assert {field.to for field in resource.fields if isinstance(field, Link)} <= codes
    assert {one.to for one in resource.sections if isinstance(one, Related)} <= codes


def test_the_system_is_no_reader_by_chance() -> None:
    assert [one.code for one in RESOURCES if could_ever(SYSTEM, one.read)] == []
