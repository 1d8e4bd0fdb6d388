"""Negative tests 74, 38 and 77: the private places of Reflex and socket.io the design rests on are as they were when it
was tried; the portal does not start with a handler nobody has said anything about, nor with settings it cannot keep."""

from __future__ import annotations

import inspect
import os
from contextvars import copy_context
from pathlib import Path
from typing import Any

import pytest
import reflex as rx
from reflex.app import EventNamespace
from reflex.environment import environment
from reflex.middleware.middleware import Middleware
from reflex.state import EventHandlerSetVar, State, UpdateVarsInternalState
from reflex.utils import token_manager
from reflex_base.event.context import EventContext
from reflex_base.event.processor.base_state_processor import BaseStateEventProcessor
from reflex_base.registry import RegistrationContext
from socketio import AsyncNamespace, AsyncServer

from phbportal.domain.errors import Refusal
from phbportal.edge import names
from phbportal.edge.guard import Guard
from phbportal.edge.markers import reads
from phbportal.edge.names import UnguardedHandlers, refuse_to_start_unguarded, unguarded
from phbportal.edge.socket import install_socket_rules
from phbportal.policy.permissions import Permission
from phbportal.settings import Environment, Settings, SettingsWrong
from phbportal.sign_in.keys import handle_of, load_key
from phbportal.sign_in.start import build_hall
from tests.support.portal import Portal
from tests.support.sockets import STATE
from tests.support.trial import NAME as TRIAL

pytestmark = pytest.mark.usefixtures("tidy")


def test_n74_the_context_of_an_event_says_whose_it_is_and_what_it_comes_of() -> None:
    assert {"token", "txid", "parent_txid", "router_data"} <= set(EventContext.__dataclass_fields__)


def test_n74_a_middleware_that_answers_keeps_the_handler_from_running() -> None:
    body = inspect.getsource(BaseStateEventProcessor._execute_event)
    asked = body.index("self.middleware._preprocess(state, event)")
    assert asked < body.index("process_event(")
    assert asked < body.index("_rehydrate(")
    assert list(inspect.signature(Middleware.preprocess).parameters) == ["self", "app", "state", "event"]


def test_n74_the_guard_is_the_first_middleware(portal: Portal) -> None:
    assert isinstance(portal.server.app._middlewares[0], Guard)


def test_n74_the_registry_holds_every_handler_by_name(portal: Portal) -> None:
    handlers = portal.server.app._registration_context.event_handlers
    assert f"{TRIAL}.load" in handlers
    assert handlers[f"{TRIAL}.load"].handler.fn.__qualname__ == "Trial.load"
    assert handlers[f"{TRIAL}.setvar"].handler.fn is EventHandlerSetVar.setvar


def test_n74_the_namespace_can_be_spoken_to_and_stood_in_front_of(portal: Portal) -> None:
    namespace, sio = portal.server.app.event_namespace, portal.server.app.sio
    assert isinstance(namespace, EventNamespace)
    assert isinstance(namespace, AsyncNamespace)
    assert inspect.signature(EventNamespace.emit_update).parameters.keys() == {"self", "update", "token"}
    assert isinstance(sio, AsyncServer)
    assert sio.namespace_handlers["/_event"] is namespace
    assert namespace.trigger_event.__qualname__ == "_Rules.trigger_event"
    assert namespace.on_event.__qualname__ == "_Rules.on_event"
    assert {"get_environ", "disconnect", "environ"} <= set(dir(sio))
    assert {"is_connected", "eio_sid_from_sid"} <= set(dir(sio.manager))
    assert {n for n in dir(EventNamespace) if n.startswith("on_")} == {
        "on_connect", "on_disconnect", "on_event", "on_ping", "on_client_error",
    }  # fmt: skip


def test_n74_socket_io_still_hands_a_browsers_connect_event_to_the_method_for_connections() -> None:
    """If it no longer does, the rule against it has nothing to keep out; until then it must stand."""
    assert "server._trigger_event(data[0], namespace, sid, *data[1:])" in inspect.getsource(AsyncServer)
    assert "self.environ[eio_sid]" in inspect.getsource(AsyncServer._handle_connect)


def test_n74_a_new_token_is_an_ident_of_the_connecting_session(portal: Portal) -> None:
    assert handle_of(portal.hall.key, token_manager._get_new_token()) == "anon"
    assert "_get_new_token()" in inspect.getsource(token_manager.LocalTokenManager.link_token_to_sid)


def test_n74_states_are_kept_under_their_ident(portal: Portal) -> None:
    browser = portal.signed_in("cm")
    browser.page().event(f"{TRIAL}.poll")
    assert any(token.startswith(browser.handle() + ".") for token in portal.server.app.state_manager.states)


def test_n74_the_environment_names_that_serve_a_finished_build() -> None:
    assert environment.REFLEX_SKIP_COMPILE.name == "__REFLEX_SKIP_COMPILE"
    assert environment.REFLEX_MOUNT_FRONTEND_COMPILED_APP.name == "__REFLEX_MOUNT_FRONTEND_COMPILED_APP"
    assert environment.REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE.get() == 1_000_000


def test_n74_reflexs_own_events_are_exactly_these() -> None:
    base = STATE
    assert set(names.INTERNAL) == {
        f"{base}.hydrate", f"{base}.hydrate_and_load", f"{base}.set_is_hydrated",
        f"{base}.reflex___state____on_load_internal_state.on_load_internal",
        f"{base}.reflex___state____on_load_internal_state.set_is_hydrated",
        f"{base}.reflex___state____frontend_event_exception_state.handle_frontend_exception",
    }  # fmt: skip
    taken = {name: set(State.event_handlers[name].fn.__annotations__) - {"return"} for name in State.event_handlers
             if name in ("hydrate", "hydrate_and_load", "set_is_hydrated")}  # fmt: skip
    assert taken == {"hydrate": set(), "hydrate_and_load": {"vars", "hashes"}, "set_is_hydrated": {"value"}}
    assert "update_vars_internal" in UpdateVarsInternalState.event_handlers


def test_n74_no_state_keeps_anything_in_the_browser(portal: Portal) -> None:
    """Cookies and storage of Reflex's are a script's to read and the browser's to set."""
    states = portal.server.app._registration_context.base_states.values()
    assert not [(s, name) for s in states for name in s.get_fields() if s._is_client_storage(name)]


def in_a_copy_of_the_registry(act: Any) -> Any:
    """Run ``act`` where what it registers is seen by nobody else."""

    def run() -> Any:
        RegistrationContext.set(RegistrationContext.ensure_context().fork())
        return act()

    return copy_context().run(run)


def test_n38_the_portal_starts_with_the_handlers_it_has(portal: Portal) -> None:
    assert unguarded() == []
    refuse_to_start_unguarded()


@pytest.mark.parametrize("name", ["act", "set_is_hydrated", "set_is_hydrated_now", "setvar_", "update_vars_internal"])
def test_n38_a_handler_without_a_marker_keeps_the_portal_from_starting(name: str) -> None:
    def add() -> None:
        def act(self: Any, value: bool = True) -> None:
            self.is_hydrated = value

        act.__name__ = act.__qualname__ = name
        type("Unmarked", (rx.State,), {name: rx.event(act), "__module__": __name__, "__annotations__": {}})
        with pytest.raises(UnguardedHandlers, match=rf"unmarked\.{name}\b"):
            refuse_to_start_unguarded()

    in_a_copy_of_the_registry(add)


def test_n38_a_method_that_was_only_forgotten_to_be_private_keeps_it_from_starting() -> None:
    def add() -> None:
        type("Helpful", (rx.State,), {"helper": lambda self: None, "__module__": __name__, "__annotations__": {}})
        with pytest.raises(UnguardedHandlers, match="helpful"):
            refuse_to_start_unguarded()

    in_a_copy_of_the_registry(add)


def test_n38_a_state_of_a_package_called_like_reflex_is_no_exception() -> None:
    def add() -> None:
        def act(self: Any) -> None:
            return None

        type("Extra", (rx.State,), {"act": rx.event(act), "__module__": "reflex_extra", "__annotations__": {}})
        with pytest.raises(UnguardedHandlers, match="reflex"):
            refuse_to_start_unguarded()

    in_a_copy_of_the_registry(add)


def test_a_handler_that_would_take_anything_cannot_be_written() -> None:
    def takes_rows(self: Any, uow: Any, rows: list[dict[str, str]]) -> None: ...
    def takes_whatever(self: Any, uow: Any, thing: Any) -> None: ...
    def takes_more(self: Any, uow: Any, **more: str) -> None: ...
    def takes_many(self: Any, uow: Any, *more: str) -> None: ...
    def says_nothing(self: Any, uow: Any, thing) -> None: ...  # pyright: ignore[reportMissingParameterType]

    for body in (takes_rows, takes_whatever, takes_more, takes_many, says_nothing):
        with pytest.raises(TypeError, match="must be str, int, bool or dict"):
            reads(Permission.WORK_READ)(body)


def test_without_a_socket_to_put_them_on_the_rules_say_so() -> None:
    class NoSocket:
        event_namespace = None
        sio = None

    with pytest.raises(RuntimeError, match="no socket"):
        install_socket_rules(NoSocket())


def settings_for(folder: Path, **changes: Any) -> Settings:
    key = folder / "portal.key"
    if not key.exists():
        key.write_text("0123456789abcdef" * 4)
        key.chmod(0o600)
    values: dict[str, Any] = {
        "environment": Environment.TEST, "public_origin": "http://localhost:8000", "key_file": key,
        "database_url": f"sqlite:///{folder / 'p.sqlite3'}",
    }  # fmt: skip
    return Settings(**values | changes)


@pytest.mark.parametrize(
    ("origin", "as_sent"),
    [
        ("https://phb.example.nhs.uk:443", "https://phb.example.nhs.uk"), ("http://localhost:80", "http://localhost"),
        ("https://PHB.example.nhs.uk", "https://phb.example.nhs.uk"),
    ],
)  # fmt: skip
def test_an_origin_no_browser_would_send_is_refused_at_the_start(tmp_path: Path, origin: str, as_sent: str) -> None:
    with pytest.raises(SettingsWrong, match=as_sent):
        build_hall(settings_for(tmp_path, public_origin=origin))


@pytest.mark.parametrize("origin", ["https://portal.example.nhs.uk", "http://192.0.2.7:8000", "http://localhost.evil"])
def test_n77_the_development_sign_in_does_not_start_away_from_this_machine(tmp_path: Path, origin: str) -> None:
    with pytest.raises(Refusal, match="only runs on this machine"):
        build_hall(settings_for(tmp_path, public_origin=origin))


def test_n77_in_production_there_is_no_development_sign_in(tmp_path: Path) -> None:
    built = build_hall(
        settings_for(tmp_path, environment=Environment.PRODUCTION, public_origin="https://portal.example.nhs.uk")
    )
    assert built.control is None
    assert not built.hall.clients
    assert not any("dev-idp" in str(getattr(route, "path", "")) for route in built.app.routes)


@pytest.mark.parametrize("content", ["", " \n", "short", "x" * 31])
def test_a_key_that_could_be_guessed_is_no_key(tmp_path: Path, content: str) -> None:
    path = tmp_path / "key"
    path.write_text(content)
    path.chmod(0o600)
    for make in (True, False):
        with pytest.raises(Refusal, match="holds no key"):
            load_key(path, make=make)


def test_a_key_others_can_read_is_refused_in_production(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("x" * 64)
    path.chmod(0o640)
    with pytest.raises(Refusal, match="can be read by other users"):
        load_key(path, make=False)
    with pytest.raises(Refusal, match="cannot be read"):
        load_key(tmp_path / "none", make=False)


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "portal.key"
    first = load_key(path, make=True)
    assert load_key(path, make=True) == first
    assert load_key(path, make=False) == first
    assert os.stat(path).st_mode & 0o777 == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["portal.key"]
