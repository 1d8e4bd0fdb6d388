"""Negative tests 39 and 40 over a raw websocket: every handler given the other board's ids, and whatever a payload can
hold. Nothing of the other board is shown or changed; what is not of the right shape reaches no handler."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from phbportal.edge.payloads import HandlerPolicy, fits
from tests.edge.handlers import GUARDED, NOT_THEIRS, PUBLIC, SHARED, SUBJECTS, callers, payload_for, policies, short
from tests.support import trial
from tests.support.portal import DOOR_TABLES, Portal
from tests.support.sockets import STATE

pytestmark = pytest.mark.usefixtures("tidy")
HERE = {"resource": "people"}
SHOWN = tuple(
    {"resource": one, "action": "take-back", "incoming": "list"} for one in ("people", "phbs", "equipment", "users")
)
"""What the pages are of that several share."""
PARAMETERS = (
    "person", "phb", "view", "stream", "plan", "account", "payment", "provider", "line", "consent", "row", "saved",
    "picked", "brought",
)  # fmt: skip


@pytest.fixture(autouse=True)
def as_it_was(portal: Portal) -> None:
    """The other board's rows before anything here was tried."""
    portal.kept("rows of the other board", rows_of_other_board)


def others(portal: Portal) -> list[str]:
    """What names the other board's person and budget."""
    return [str(portal.people["other"]), portal.budgets["other"], str(portal.world.other_cm.user_id)]


def rows_of_other_board(portal: Portal) -> list[Any]:
    ids = (portal.people["other"], portal.world.other_icb)
    marks = {str(i) for i in ids} | {i.hex for i in ids}
    # what somebody typed to search or called a list, a form sent once, and the name of somebody invited may be anything
    rows = portal.snapshot(without=DOOR_TABLES | {"view", "saved_view", "submission", "invitation"}).values()
    found = [row for table in rows for row in table if marks & set(row)]
    assert found
    return found


@pytest.mark.parametrize("name", [n for n in GUARDED if "phbportal" in n], ids=short)
def test_n39_a_handler_given_the_other_boards_ids_shows_and_changes_nothing_of_it(portal: Portal, name: str) -> None:
    policy, written = policies()[name], list[str]()
    for role in callers(policy):
        page = portal.page_of(SUBJECTS[role])
        for theirs, shown in product(others(portal), SHOWN if name in SHARED else ({},)):
            query = {**dict.fromkeys(PARAMETERS, theirs), **shown}
            with portal.writes() as writes:
                frames = page.event(name, f"/staff/people/{theirs}", query, **payload_for(policy, theirs))
            assert not any(frames.says(words) for words in NOT_THEIRS), (role, theirs)
            written += writes
    if written:  # something of their own board, as a form of theirs may
        assert rows_of_other_board(portal) == portal.kept("rows of the other board", rows_of_other_board)


def test_n39_after_all_of_this_the_other_boards_rows_are_as_they_were(portal: Portal) -> None:
    assert rows_of_other_board(portal) == portal.kept("rows of the other board", rows_of_other_board)


ODD: dict[str, list[Any]] = {
    "string": [
        [], ["x"], {}, {"a": 1}, 5, -1, True, None, 1.5, "\0", "a\0b", "x" * 100_001,
        {"__reflex_form_data__": [["a", "b"]]},
    ],
    "integer": ["1", 1.0, 1.5, True, None, [], {}, 2**63, -(2**63) - 1, 10**400],
    "boolean": ["true", 1, 0, None, [], {}],
    "object": [
        [], "x", 5, None, {"a": 1}, {"a": None}, {"a": ["b"]}, {"a": {"b": "c"}}, {"a": "\0"}, {"\0": "a"},
        {str(n): "x" for n in range(501)}, {"__reflex_form_data__": "x"}, {"__reflex_form_data__": [["a"]]},
        {"__reflex_form_data__": [["a", 1]]}, {"__reflex_form_data__": [["a", "b"]], "more": "x"},
        {"__reflex_form_data__": [["a", "b"]] * 501}, {"__reflex_form_data__": [["a", "b"], ["a", "\0"]]},
    ],
}  # fmt: skip


def with_oddities(policy: HandlerPolicy) -> Iterator[dict[str, Any]]:
    good = payload_for(policy)
    about = policy.payload.model_json_schema()
    for name, field in about.get("properties", {}).items():
        for odd in ODD[field["type"]]:
            yield good | {name: odd}
    for name in about.get("required", []):
        yield {key: value for key, value in good.items() if key != name}
    for extra in ("force", "self", "uow", "state", "actor", "_", "kwargs"):
        yield good | {extra: True}


@pytest.mark.parametrize("name", [*GUARDED, *PUBLIC], ids=short)
def test_n40_a_payload_of_the_wrong_shape_reaches_no_handler(portal: Portal, name: str) -> None:
    policy = policies()[name]
    page = portal.page_of(SUBJECTS[callers(policy)[0]])
    payloads = list(with_oddities(policy))
    for payload in payloads:
        assert not fits(copy.deepcopy(payload), policy.payload), payload
    tried = payloads[:: max(1, len(payloads) // 4)]
    with portal.refused("guard.payload", times=len(tried)), portal.writes() as writes:
        for payload in tried:
            page.emit("event", {"name": name, "payload": payload, "router_data": {"pathname": "/trial"}})
        assert not page.settle().texts
    assert writes == []


def test_n40_half_a_character_is_no_text(portal: Portal) -> None:
    page = portal.page_of("cm")
    with portal.refused("guard.payload"):
        page.socket.send(
            f'42/_event,["event",{{"name":"{trial.NAME}.show","payload":{{"text":"\\ud800"}},"router_data":{{}}}}]'
        )
        assert not page.settle().texts


@pytest.mark.parametrize("text", ["'; DROP TABLE person; --", "%' OR '1'='1", "{{7*7}}", "<script>alert(1)</script>"])
def test_n40_sql_and_markup_are_only_words(portal: Portal, text: str) -> None:
    page = portal.page_of("cm")
    before = portal.snapshot(without=DOOR_TABLES | {"view"})
    assert page.event(f"{trial.NAME}.show", text=text).var("trial", "shown") == f"{text} 0 False"
    page.event(
        f"{STATE}.phbportal___admin___trail____trail.phbportal___admin___list_state____list_state.find",
        "/staff/people",
        {"resource": "people"},
        form={"search": text},
    )
    assert portal.snapshot(without=DOOR_TABLES | {"view"}) == before


@pytest.mark.parametrize(
    "where",
    [
        "x", [], 5, {"pathname": 5}, {"pathname": ["/"]}, {"pathname": "/" + "x" * 2_001}, {"asPath": None},
        {"query": "x"}, {"query": {"a": ["b"]}}, {"query": {"a": {"b": "c"}}}, {"query": {"a": "x" * 2_001}},
        {"query": {str(n): "x" for n in range(21)}},
    ],
)  # fmt: skip
def test_n40_where_a_page_says_it_is_are_a_few_short_texts(portal: Portal, where: Any) -> None:
    page = portal.page_of("cm")
    with portal.refused("guard.shape"):
        page.emit("event", {"name": f"{trial.NAME}.poll", "payload": {}, "router_data": where})
        assert not page.settle().texts


def test_n40_a_page_cannot_say_whose_it_is(portal: Portal) -> None:
    """Headers, address, session and token in an event's own words are dropped."""
    page = portal.page_of("cm")
    lies = {"headers": {"x-lie": "told-a-lie"}, "ip": "203.0.113.9", "sid": "told-a-lie", "token": "told-a-lie"}
    page.emit("event", {"name": f"{STATE}.hydrate", "payload": {}, "router_data": {"pathname": "/trial", **lies},
                        "token": "told-a-lie", "substate": "told-a-lie"})  # fmt: skip
    frames = page.settle()
    assert frames.texts
    assert not frames.says("told-a-lie")
    assert not frames.says("203.0.113.9")
