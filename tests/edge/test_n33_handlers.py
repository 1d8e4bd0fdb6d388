"""Negative tests 33–38 over a raw websocket: every handler the portal registers, called by nobody, by every role that
may not, or without a marker. Nothing runs, nothing changes, nothing is shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from reflex_base.event import EventHandler
from reflex_base.registry import RegisteredEventHandler, RegistrationContext

from phbportal.domain.roles import Role
from phbportal.edge.names import INTERNAL
from phbportal.edge.payloads import fits
from phbportal.policy.grants import GRANTS
from phbportal.policy.permissions import Permission
from tests.edge.handlers import GUARDED, NOT_THEIRS, SHARED, SUBJECTS, callers, payload_for, policies, short
from tests.support import trial
from tests.support.portal import Portal
from tests.support.sockets import STATE

pytestmark = pytest.mark.usefixtures("tidy")
VARS = ("ready", "shown", "_kept", "name", "csrf", "is_hydrated", "router_data", "set_shown")


def test_n34_every_role_somebody_can_act_in_is_tried() -> None:
    assert set(SUBJECTS) == set(Role) - {Role.SYSTEM}


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


@pytest.mark.parametrize("name", [name for name in GUARDED if name not in SHARED], ids=short)
def test_n34_a_handler_called_by_each_role_that_may_not_is_refused(portal: Portal, name: str) -> None:
    policy = policies()[name]
    assert isinstance(policy.permission, Permission)
    granted = callers(policy)
    for role in SUBJECTS:
        if role in granted:
            continue
        page = portal.page_of(SUBJECTS[role])
        with portal.refused("guard.role") as events, portal.writes() as writes:
            frames = page.event(name, "/trial", **payload_for(policy, str(portal.people["own"])))
        assert [e.session_handle for e in events] != [None]
        assert frames.redirects == ["/problem/not-allowed"]
        assert not any(frames.says(words) for words in ("999 000 0018", *NOT_THEIRS))
        assert role is Role.HOLDER or not frames.says("Okafor")  # which is their own name
        assert writes == []
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
        tried = VARS if "trial" in name or "frame" in name else VARS[:1]
        with portal.refused("guard.no_policy", times=len(tried)):
            for var in tried:
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
    assert not page.event(name, info="Error: 9990000018", component_stack="at x").events
    page.emit("client_error", {"error_type": "x", "message": "9990000018"})
    page.emit("client_error", "junk")
    assert not page.settle().texts


def test_n52_a_handler_that_wants_a_fresh_proof_is_closed_without_one(portal: Portal) -> None:
    page = portal.signed_in("finance").page()
    with portal.refused("guard.step_up"), portal.writes() as writes:
        frames = page.event(f"{trial.NAME}.pay")
    assert not frames.says("Paid")
    assert [to.partition("?")[0] for to in frames.redirects] == ["/auth/step-up"]
    assert writes == []
