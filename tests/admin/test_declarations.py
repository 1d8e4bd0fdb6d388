"""A wrong declaration is refused when it is made, in a sentence that says what to change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from phbportal.admin.fields import AccountNumber, Day, Link, Moment, Text, WrongDeclaration
from phbportal.admin.registry import all_resources, check_links, register, resource_of
from phbportal.admin.resource import Action, Form, Related, Resource, Section, fields
from phbportal.domain.errors import NotFound
from phbportal.policy.permissions import Permission
from phbportal.resources.everything import EQUIPMENT, RESOURCES, declare
from phbportal.services.change_requests import applies
from phbportal.services.equipment import WRITE_OFF
from phbportal.tables.equipment import Equipment
from phbportal.tables.people import PersonResponsibility

RIGHT: dict[str, Any] = {
    name: getattr(EQUIPMENT, name) for name in EQUIPMENT.__dataclass_fields__ if name not in ("by_name", "code")
}


def form(*names: str) -> Form:
    return Form(title="T", steps=fields(*names), permission=Permission.EQUIPMENT_WRITE, save=print)


def proposes(second: str, *asks: Any, **more: Any) -> Action:
    return Action(code="by-two", label="By two", permission=Permission.EQUIPMENT_WRITE, second=second, asks=asks,
                  **more)  # fmt: skip


def told(name: str, decides: Permission, **more: Any) -> str:
    """A kind of change of the tests' own."""
    return applies("wrong", name, what="A trial", decides=decides, apply=lambda *_: UUID(int=0), **more)


ONE_DECIDES = told("one-decides", Permission.EQUIPMENT_WRITE, table=Equipment)
NOT_READERS = told("not-readers", Permission.SETTING_DECIDE, table=Equipment)
OTHER_TABLE = told("other-table", Permission.EQUIPMENT_DECIDE, table=PersonResponsibility)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"fields": (*EQUIPMENT.fields, Text("pirce_pence"))}, "column 'pirce_pence' is not on the table"),
        ({"fields": (*EQUIPMENT.fields, Text("name"))}, "two fields have the same name"),
        ({"columns": ("name", "colour")}, "the columns names 'colour', which is not one of its fields"),
        ({"filters": ("colour",)}, "the filters names 'colour'"),
        ({"sections": (Section("A", ("colour",)),)}, "a section names 'colour'"),
        ({"search": ("colour",)}, "column 'colour' is not on the table"),
        ({"sorts": ("returned_on",)}, "the column may be empty, and a list would lose those rows"),
        ({"order": "colour"}, "cannot be sorted by 'colour'"),
        ({"new": form("colour")}, "the new form names 'colour'"),
        ({"change": form("created_at"), "fields": (*EQUIPMENT.fields, Moment("created_at"))}, "is never typed"),
        ({"table": PersonResponsibility}, "its table has no scope"),
        ({"code": "Equip ment"}, "use small letters and hyphens"),
        ({"actions": (proposes("wrong/never-said"),)}, "no service has said with applies(…) how 'wrong/never-said' is"),
        ({"actions": (proposes(ONE_DECIDES),)}, "put did_not_propose_it among the questions of EQUIPMENT_WRITE"),
        ({"actions": (proposes(NOT_READERS),)}, "may not read what they decide: grant them EQUIPMENT_READ"),
        ({"actions": (proposes(OTHER_TABLE),)}, "changes another table"),
        (
            {"actions": (replace(proposes(WRITE_OFF), permission=Permission.SETTING_PROPOSE),)},
            "administrators would see the change and may not read the record",
        ),
        (
            {"actions": (proposes(WRITE_OFF),), "fields": (*EQUIPMENT.fields, Day("created_at", "Bought on"))},
            "two fields read 'Bought on'",
        ),
        ({"actions": (proposes(WRITE_OFF, Text("why_so", "Price")),)}, "two fields read 'Price'"),
        ({"actions": (proposes(WRITE_OFF, act=print),)}, "needs a service that carries it out, or second="),
        ({"actions": (proposes(WRITE_OFF, why="cause"),)}, "why='cause' is nothing that it asks"),
        ({"actions": (proposes(""),)}, "needs a service that carries it out, or second="),
        ({"actions": (proposes(WRITE_OFF, AccountNumber("account")),)}, "'account' is kept nowhere but in its own"),
        (
            {"actions": (proposes(WRITE_OFF, Text("secretly", needs=Permission.ACCOUNT_READ_FULL)),)},
            "'secretly' is for some only, and whoever decides must see all",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)  # fmt: skip
def test_a_wrong_declaration_is_refused_in_a_sentence(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(WrongDeclaration, match="Equipment: ") as wrong:
        Resource(**{"code": "wrong", **RIGHT, **change})
    assert sentence in str(wrong.value)


def test_a_code_is_used_once() -> None:
    declare()
    with pytest.raises(WrongDeclaration, match="another resource has the code 'equipment'"):
        register(replace(EQUIPMENT, many="Other equipment", by_name={}))


def test_a_link_leads_somewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    declare()
    lost = Resource(**{**RIGHT, "code": "lost", "fields": (*EQUIPMENT.fields[:-1], Link("phb_id", to="nowhere"))})
    monkeypatch.setattr("phbportal.admin.registry._RESOURCES", {"lost": lost})
    with pytest.raises(WrongDeclaration, match="'phb_id' leads to 'nowhere', which is no resource"):
        check_links()


def test_what_stands_beside_a_record_belongs_to_something_the_record_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    declare()
    beside = (Related("tasks", by="phb_id", of="plan_id"),)
    lost = Resource(**{**RIGHT, "code": "lost", "sections": beside})
    every = {"lost": lost, "tasks": resource_of("tasks"), "phbs": resource_of("phbs")}
    monkeypatch.setattr("phbportal.admin.registry._RESOURCES", every)
    with pytest.raises(WrongDeclaration, match="it has no column 'plan_id' for 'tasks' to belong to"):
        check_links()


def test_an_unknown_code_reads_like_a_record_that_is_not_there() -> None:
    with pytest.raises(NotFound):
        resource_of("nowhere")


def test_declaring_again_changes_nothing() -> None:
    declare()
    before = all_resources()
    declare()
    assert all_resources() == before
    assert set(RESOURCES) <= set(before)


def test_a_label_is_made_from_the_name() -> None:
    assert Text("serial_number").words() == "Serial number"
    assert Day("bought_on", "Bought").words() == "Bought"
    assert Link("phb_id", to="phbs").words() == "Phb"


def test_an_action_is_offered_while_its_columns_are_empty_and_hold_what_it_wants() -> None:
    action = Action(
        code="close", label="Close", permission=Permission.EQUIPMENT_WRITE, act=print, when=("status", ("IN_USE",)),
        while_empty=("returned_on",),
    )  # fmt: skip
    assert action.watches() == ("status", "returned_on")
    rows = [{"status": status, "returned_on": on} for status in ("IN_USE", "LOST") for on in (None, "2026-04-01")]
    assert [action.offered(row) for row in rows] == [True, False, False, False]
