"""Negative tests 33–40 over a raw websocket: every handler the portal registers, called by nobody, by every role that
may not, without a marker, for the other board, and with whatever a payload can hold. Nothing changes."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from reflex_base.event import EventHandler
from reflex_base.registry import RegisteredEventHandler, RegistrationContext

from phbportal.domain.roles import Role
from phbportal.edge.names import INTERNAL, policy_of
from phbportal.edge.payloads import HandlerPolicy, fits
from phbportal.pages import everything
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.policy.grants import GRANTS
from tests.support import trial
from tests.support.portal import Portal
from tests.support.sockets import STATE

pytestmark = pytest.mark.usefixtures("tidy")
assert everything.add_to  # importing the pages registers their handlers

SUBJECTS = {
    Role.CASE_MANAGER: "cm", Role.CLINICIAN: "clinician", Role.FINANCE: "finance", Role.APPROVER: "approver",
    Role.AUDITOR: "auditor", Role.ADMIN: "admin", Role.HOLDER: "holder",
}  # fmt: skip
VARS = ("ready", "shown", "_kept", "name", "csrf", "is_hydrated", "router_data", "set_shown")
NOT_THEIRS = ("Quillfeather", "999 000 0026", "9990000026")


@pytest.fixture(autouse=True)
def as_it_was(portal: Portal) -> None:
    """The other board's rows before anything here was tried."""
    portal.kept("rows of the other board", rows_of_other_board)


def policies() -> dict[str, HandlerPolicy]:
    """Every handler with a marker, the tests' own page among them."""
    names = sorted(RegistrationContext.get().event_handlers)
    return {name: policy for name in names if (policy := policy_of(name)) is not None}


GUARDED = [name for name, policy in policies().items() if policy.permission is not None]
PUBLIC = [name for name, policy in policies().items() if policy.permission is None]


def short(name: str) -> str:
    return ".".join(part.rpartition("____")[2] for part in name.split(".")[1:])


def payload_for(policy: HandlerPolicy, text: str = "x") -> dict[str, Any]:
    """A payload of the right shape: the same text wherever one goes."""
    kinds = {"string": text, "integer": 1, "boolean": True, "object": {"name": text, "search": text}}
    properties = policy.payload.model_json_schema().get("properties", {})
    return {name: kinds[about["type"]] for name, about in properties.items()}


def test_every_page_of_the_portal_is_among_the_handlers_tried() -> None:
    assert f"{trial.NAME}.load" in GUARDED
    assert any("phbportal" in name for name in GUARDED)


@pytest.mark.parametrize("name", GUARDED, ids=short)
def test_n33_a_handler_called_with_no_session_is_refused(portal: Portal, name: str) -> None:
    page = portal.page_of("")
    with portal.refused("session.none"), portal.writes() as writes:
        frames = page.event(name, "/trial", **payload_for(policies()[name]))
    assert frames.redirects == ["/auth/login"]
    assert not frames.says("Okafor")
    assert writes == []


@pytest.mark.parametrize("name", GUARDED, ids=short)
def test_n34_a_handler_called_by_each_role_that_may_not_is_refused(portal: Portal, name: str) -> None:
    policy = policies()[name]
    assert policy.permission is not None
    kept_out = [role for role in SUBJECTS if not could_ever(Actor(role), policy.permission)]
    for role in kept_out:
        page = portal.page_of(SUBJECTS[role])
        page.hydrate("/accessibility")  # forget what the last handler showed
        with portal.refused("guard.role") as events, portal.writes() as writes:
            frames = page.event(name, "/trial", **payload_for(policy, str(portal.people["own"])))
        assert [e.session_handle for e in events] != [None]
        assert frames.redirects == ["/problem/not-allowed"]
        assert not any(frames.says(words) for words in ("Okafor", "999 000 0018", *NOT_THEIRS))
        assert writes == []
    granted = {role for role in SUBJECTS if role not in kept_out}
    assert granted, "nobody may call this handler"
    assert len(GRANTS[policy.permission]) >= len(granted)


@contextmanager
def registered(portal: Portal, name: str, function: Any) -> Iterator[list[str]]:
    """A handler that came to be registered without a marker, in the running portal."""
    handlers = portal.server.app._registration_context.event_handlers
    handler = EventHandler(fn=function, state=trial.Trial)
    handlers[name] = RegisteredEventHandler(handler=handler, states=(trial.Trial,))
    ran: list[str] = []
    trial.Trial.ran = ran
    try:
        yield ran
    finally:
        del handlers[name]


def helper(self: Any, text: str = "") -> None:
    type(self).ran.append(text)
    self.shown = "the helper ran"


def test_n35_a_method_without_a_marker_never_runs(portal: Portal) -> None:
    name = f"{trial.NAME}.helper"
    with registered(portal, name, helper) as ran:
        for page, how in ((portal.anonymous_page(), "nobody"), (portal.page_of("admin"), "an administrator")):
            with portal.refused("guard.no_policy"):
                frames = page.event(name, text=how)
            assert not frames.says("the helper ran")
    assert ran == []


def test_n36_no_var_can_be_set_from_outside(portal: Portal) -> None:
    names = [n for n in RegistrationContext.get().event_handlers if n.endswith(".setvar")]
    assert len(names) > 3
    page = portal.page_of("admin")
    for name in names:
        with portal.refused("guard.no_policy", times=len(VARS)):
            for var in VARS:
                payload = {"var_name": var, "value": "set from outside"}
                page.emit("event", {"name": name, "payload": payload, "router_data": {}})
            assert not page.settle().texts
    for method in ("set_shown", "set_ready", "_run", "reset", "get_state", "__init__", "dict"):
        with portal.refused("guard.unknown"):
            assert not page.event(f"{trial.NAME}.{method}", value="set from outside").texts
    assert page.event(f"{trial.NAME}.poll").var("trial", "shown") == "polled"


def test_n36_the_browsers_storage_sets_nothing(portal: Portal) -> None:
    name = f"{STATE}.reflex___state____update_vars_internal_state.update_vars_internal"
    page = portal.page_of("admin")
    with portal.refused("guard.no_policy"):
        assert not page.event(name, vars={f"{trial.NAME}.shown": "stored"}).texts
    with portal.refused("guard.payload"):
        assert not page.event(f"{STATE}.hydrate_and_load", vars={f"{trial.NAME}.shown": "stored"}).texts
    assert not page.hydrate().says("stored")


JUNK: list[dict[str, Any]] = [
    {"value": "yes"}, {"value": 1}, {"value": None}, {"value": {"a": 1}}, {"vars": {"a": "b"}}, {"vars": "x"},
    {"hashes": "x"}, {"hashes": [1]}, {"hashes": ["x" * 100_001]}, {"self": 1}, {"state": "x"}, {"_": 1},
    {"info": 5, "component_stack": ""}, {"info": "x"}, {"value": True, "more": 1},
    {"info": "\0", "component_stack": ""},
]  # fmt: skip


@pytest.mark.parametrize("name", sorted(INTERNAL), ids=short)
def test_n37_reflexs_own_events_take_nothing_but_what_reflex_sends(portal: Portal, name: str) -> None:
    page = portal.page_of("admin")
    page.event(f"{trial.NAME}.show", text="on the page")
    for junk in JUNK:
        assert not fits(dict(junk), INTERNAL[name]), junk
    with portal.refused("guard.payload", times=4), portal.writes() as writes:
        for junk in JUNK[::4]:
            assert not page.event(name, **junk).texts
    assert writes == []


def test_n37_what_a_page_says_went_wrong_there_is_not_acted_on(portal: Portal) -> None:
    name = f"{STATE}.reflex___state____frontend_event_exception_state.handle_frontend_exception"
    page = portal.anonymous_page()
    frames = page.event(name, info="Error: 9990000018", component_stack="at x")
    assert not frames.deltas
    page.emit("client_error", {"error_type": "x", "message": "9990000018"})
    page.emit("client_error", "junk")
    assert not page.settle().texts


def others(portal: Portal) -> list[str]:
    """What names the other board's person and budget."""
    return [str(portal.people["other"]), portal.budgets["other"], str(portal.world.other_cm.user_id)]


def rows_of_other_board(portal: Portal) -> list[Any]:
    marks = {str(portal.people["other"]), str(portal.world.other_icb)}
    return [row for rows in portal.snapshot().values() for row in rows if marks & set(row)]


@pytest.mark.parametrize("name", GUARDED, ids=short)
def test_n39_a_handler_given_the_other_boards_ids_shows_and_changes_nothing_of_it(portal: Portal, name: str) -> None:
    policy = policies()[name]
    assert policy.permission is not None
    written: list[str] = []
    for role in SUBJECTS:
        if not could_ever(Actor(role), policy.permission):
            continue
        page = portal.page_of(SUBJECTS[role])
        for theirs in others(portal):
            query = dict.fromkeys(("person", "phb", "view", "stream", "plan", "account", "payment", "provider"), theirs)
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
    allowed = [r for r in SUBJECTS if policy.permission is None or could_ever(Actor(r), policy.permission)]
    page = portal.page_of(SUBJECTS[allowed[0]])
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
    before = portal.snapshot(without=frozenset({"auth_event", "session", "access_event", "view", "saved_view"}))
    assert page.event(f"{trial.NAME}.show", text=text).var("trial", "shown") == f"{text} 0 False"
    page.event(f"{STATE}.phbportal___pages___staff___people____people_state.find", form={"search": text})
    tables = set(before)
    after = portal.snapshot(without=frozenset({"auth_event", "session", "access_event", "view", "saved_view"}))
    assert {t: len(after[t]) for t in tables} == {t: len(before[t]) for t in tables}


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
    lies = {"headers": {"x-lie": "lie"}, "ip": "203.0.113.9", "sid": "lie", "token": "lie", "cookie": "lie"}
    page.emit("event", {"name": f"{STATE}.hydrate", "payload": {}, "router_data": {"pathname": "/trial", **lies},
                        "token": "lie", "substate": "lie"})  # fmt: skip
    frames = page.settle()
    assert frames.texts
    assert not frames.says("lie")
    assert not frames.says("203.0.113.9")


def test_n52_a_handler_that_wants_a_fresh_proof_is_closed_without_one(portal: Portal) -> None:
    page = portal.page_of("finance")
    with portal.refused("guard.step_up"), portal.writes() as writes:
        assert not page.event(f"{trial.NAME}.pay").says("Paid")
    assert writes == []
