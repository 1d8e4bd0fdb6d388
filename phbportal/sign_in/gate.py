"""The Gate: every connection, before anything else hears of it (security.md §5.4)."""

from __future__ import annotations

from contextlib import suppress
from contextvars import ContextVar
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from phbportal import routes
from phbportal.domain.errors import Refusal
from phbportal.sign_in import html, sessions
from phbportal.sign_in.hall import Hall
from phbportal.sign_in.headers import page_headers
from phbportal.sign_in.http import client_ip, in_unit, session_in
from phbportal.sign_in.keys import ANONYMOUS, derive_ident
from phbportal.sign_in.limits import Messages, measure_of
from phbportal.sign_in.raw import is_plain, token_of, values

CLOSED = ("/_upload", "/_all_routes", "/auth-codespace")
INTERNAL = ("/ping", "/_health")
STRIPPED = frozenset({b"cookie", b"authorization", b"x-forwarded-access-token", b"x-auth-request-access-token"})
NO_DATABASE = (SQLAlchemyError, Refusal)  # a Refusal here is a busy one

current_handle: ContextVar[str] = ContextVar("current_handle", default=ANONYMOUS)
current_since: ContextVar[datetime | None] = ContextVar("current_since", default=None)
"""When the present connection sent its cookie, which is read once: not when it says it has joined."""


class Gate:
    """ASGI, before Reflex and sign-in: host, closed paths, the websocket, pages for the signed-in, headers."""

    def __init__(self, app: ASGIApp, hall: Hall) -> None:
        self.app = app
        self.hall = hall

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        path: str = scope["path"]
        health = path in INTERNAL and self._is_from_here(scope)
        if not health and values(scope["headers"], b"host") != [self.hall.settings.host.encode()]:
            await self._refuse(scope, receive, send, 400, "gate.host")
        elif not is_plain(path):
            await self._refuse(scope, receive, send, 404, "gate.path")
        elif path.startswith("/_event"):
            await self._event(scope, receive, send)
        elif path.startswith(CLOSED) or scope["type"] == "websocket":
            await self._refuse(scope, receive, send, 403, "gate.closed")
        elif path.rstrip("/") in INTERNAL and not health:
            await self._refuse(scope, receive, send, 404, "gate.internal")
        else:
            await self._http(scope, receive, self._adorn(scope, send))

    def _is_from_here(self, scope: Scope) -> bool:
        """Health checks come from this machine, under any name; what a proxy on it passes on does not."""
        client = scope.get("client")
        forwarded = any(values(scope["headers"], name) for name in (b"x-forwarded-for", b"forwarded", b"via"))
        return client is not None and client[0] in ("127.0.0.1", "::1") and not forwarded

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer: ASGIApp = self.app
        if routes.is_protected(scope["path"]) and scope["method"] in ("GET", "HEAD"):
            answer = await self._instead_of_page(scope) or self.app
        await answer(scope, receive, send)

    async def _instead_of_page(self, scope: Scope) -> Response | None:
        """What is answered for a page to somebody who may not have it; None for somebody who may."""
        path: str = scope["path"]
        try:
            found = await session_in(self.hall, scope)
            if found.in_role is None:
                raise sessions.SignedOut("session.no_role")
        except sessions.SignedOut as gone:
            target = f"{routes.LOGIN}?next={quote(path)}" if gone.page == routes.SIGNED_OUT else gone.page
            if gone.page in (routes.CHOOSE_ROLE, routes.STEP_UP):
                target = f"{gone.page}?next={quote(path)}"
            return RedirectResponse(target, 303, {"Cache-Control": "no-store"})
        except NO_DATABASE:
            return html.unavailable(self.hall.settings, again=path)
        await self._touch(scope, found)
        return None

    async def _touch(self, scope: Scope, found: sessions.Found) -> None:
        """A page somebody asked for puts off the idle limit; what a page fetches by itself does not, nor what another
        site opens (T19)."""
        now, headers = self.hall.clock(), scope["headers"]
        asked_for = values(headers, b"sec-fetch-mode") == [b"navigate"] and (
            values(headers, b"sec-fetch-site") != [b"cross-site"]
        )
        if asked_for and found.touch_due(now):
            with suppress(*NO_DATABASE):
                await in_unit(self.hall, lambda db: sessions.touch(db, found.handle, now))

    async def _event(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The handshake: websocket, our own Origin, one token; the token becomes an ident of the cookie's session."""
        hall, headers = self.hall, scope["headers"]
        since = hall.clock()
        token, status, fault = token_of(scope, hall.settings.public_origin)
        if fault:
            await self._refuse(scope, receive, send, status, fault)
            return
        try:
            handle = (await session_in(self.hall, scope)).handle
        except sessions.SignedOut:
            handle = ANONYMOUS
        except NO_DATABASE:
            await self._refuse(scope, receive, send, 503, "gate.database")
            return
        ident = derive_ident(hall.key, handle, token)
        if ident is None:
            await self._refuse(scope, receive, send, 403, "gate.token")
            return
        ip, anonymous = client_ip(hall, scope.get("client"), headers), handle == ANONYMOUS
        # An address may be a whole board's, so only those nobody is signed in to share its measure.
        whose = measure_of(ip) if anonymous else handle
        if not hall.handshakes.allows(whose, hall.clock().timestamp()):
            await self._refuse(scope, receive, send, 429, "gate.too_many")
            return
        held = hall.anonymous_sockets.one(whose) if anonymous else hall.session_sockets.one(handle)
        with held as within:
            if not within:
                await self._refuse(scope, receive, send, 429, "gate.too_many")
                return
            current_handle.set(handle)
            current_since.set(since)
            inner: dict[str, Any] = {
                **scope,
                # Nothing else of the query: engine.io would take a "sid" for a connection to carry on.
                "query_string": urlencode({"EIO": "4", "transport": "websocket", "token": ident}).encode(),
                "headers": [(k, v) for k, v in headers if k.lower() not in STRIPPED],
            }
            await self.app(inner, self._limited(receive, None if anonymous else handle, ip), send)

    def _limited(self, receive: Receive, handle: str | None, ip: str) -> Receive:
        """Messages one by one; at the first that no page of ours sends, the connection is over."""
        hall, messages = self.hall, Messages(self.hall.messages_per_second)

        async def limited() -> Message:
            message = await receive()
            if message["type"] != "websocket.receive":
                return message
            fault = messages.fault(message.get("text"))
            if not fault:
                return message
            await to_thread.run_sync(lambda: hall.door.refused("socket", fault, hall.clock(), handle=handle, ip=ip))
            return {"type": "websocket.disconnect", "code": 1008}

        return limited

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, status: int, reason: str) -> None:
        ip = client_ip(self.hall, scope.get("client"), scope["headers"])
        await to_thread.run_sync(lambda: self.hall.door.refused("handshake", reason, self.hall.clock(), ip=ip))
        if scope["type"] == "http":
            await PlainTextResponse("", status)(scope, receive, self._adorn(scope, send))
            return
        if "websocket.http.response" in scope.get("extensions", {}):
            await send({"type": "websocket.http.response.start", "status": status, "headers": []})
            await send({"type": "websocket.http.response.body", "body": b""})
            return
        await send({"type": "websocket.close", "code": 1008})

    def _adorn(self, scope: Scope, send: Send) -> Send:
        """Put the security headers on every answer; one that set its own keeps it."""
        path: str = scope["path"]
        query = scope["query_string"].decode("latin-1")

        async def adorned(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                content_type = headers.get("content-type", "")
                for name, value in page_headers(self.hall, path, content_type, query, message["status"]):
                    if name.lower() not in headers:
                        headers[name] = value
            await send(message)

        return adorned
