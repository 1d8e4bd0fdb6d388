"""The Gate: every connection, before anything else hears of it (security.md §5.4)."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from phbportal import routes
from phbportal.sign_in import cookies, html, sessions
from phbportal.sign_in.hall import Hall
from phbportal.sign_in.headers import page_headers
from phbportal.sign_in.http import client_ip, in_unit
from phbportal.sign_in.keys import ANONYMOUS, derive_ident

CLOSED = ("/_upload", "/_all_routes", "/auth-codespace")
INTERNAL = ("/ping", "/_health")
STRIPPED = frozenset({b"cookie", b"authorization", b"x-forwarded-access-token", b"x-auth-request-access-token"})

current_handle: ContextVar[str] = ContextVar("current_handle", default=ANONYMOUS)


class Gate:
    """ASGI, outermost: host, closed paths, the websocket handshake, pages for the signed-in, headers."""

    def __init__(self, app: ASGIApp, hall: Hall) -> None:
        self.app = app
        self.hall = hall

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        path: str = scope["path"]
        if _header(headers, b"host") != self.hall.settings.host and not self._is_health(scope, path):
            await self._refuse(scope, receive, send, 400, "gate.host")
        elif path.startswith("/_event"):
            await self._event(scope, receive, send)
        elif path.startswith(CLOSED):
            await self._refuse(scope, receive, send, 403, "gate.closed")
        elif path in INTERNAL and not self._is_health(scope, path):
            await self._refuse(scope, receive, send, 404, "gate.internal")
        elif scope["type"] == "websocket":
            await self._refuse(scope, receive, send, 403, "gate.closed")
        else:
            await self._http(scope, receive, send)

    def _is_health(self, scope: Scope, path: str) -> bool:
        """Health checks come from this machine, under any name."""
        client = scope.get("client")
        return path in INTERNAL and client is not None and client[0] in ("127.0.0.1", "::1")

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if routes.is_protected(path) and scope["method"] in ("GET", "HEAD"):
            try:
                await self._session(scope)
            except sessions.SignedOut as gone:
                target = routes.TIMED_OUT if gone.reason in ("session.idle", "session.absolute") else None
                target = target or f"{routes.LOGIN}?next={quote(path)}"
                response = RedirectResponse(target, 303, {"Cache-Control": "no-store"})
                await response(scope, receive, self._adorn(scope, send))
                return
            except SQLAlchemyError:
                response = html.message(
                    self.hall.settings, "The portal is not available",
                    "Nothing you saved is lost. Try again in a few minutes.", status=503, again=path,
                )  # fmt: skip
                await response(scope, receive, self._adorn(scope, send))
                return
        await self.app(scope, receive, self._adorn(scope, send))

    async def _session(self, scope: Scope) -> sessions.Found:
        secret = cookies.read_one(scope["headers"], cookies.SESSION)
        if secret is None:
            raise sessions.SignedOut("session.none")
        return await in_unit(
            self.hall, lambda db: sessions.find_by_secret(db, secret, self.hall.clock()), writes=False
        )

    async def _event(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The handshake: websocket, our own Origin, one token; the token becomes an ident of the cookie's session."""
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        if scope["type"] != "websocket":
            await self._refuse(scope, receive, send, 400, "gate.polling")
            return
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        tokens = [value for name, value in query if name == "token"]
        transports = [value for name, value in query if name == "transport"]
        if [v for k, v in headers if k == b"origin"] != [self.hall.settings.public_origin.encode()]:
            await self._refuse(scope, receive, send, 403, "gate.origin")
            return
        if len(tokens) != 1 or transports != ["websocket"]:
            await self._refuse(scope, receive, send, 403, "gate.token")
            return
        try:
            handle = (await self._session(scope)).actor.session_handle or ANONYMOUS
        except sessions.SignedOut:
            handle = ANONYMOUS
        except SQLAlchemyError:
            await self._refuse(scope, receive, send, 503, "gate.database")
            return
        ip = client_ip(self.hall, scope.get("client"), headers)
        if handle == ANONYMOUS and not self.hall.handshakes.allows(ip, self.hall.clock().timestamp()):
            await self._refuse(scope, receive, send, 429, "gate.too_many")
            return
        ident = derive_ident(self.hall.key, handle, tokens[0])
        if ident is None:
            await self._refuse(scope, receive, send, 403, "gate.token")
            return
        current_handle.set(handle)
        rewritten = [(name, ident if name == "token" else value) for name, value in query]
        inner: dict[str, Any] = {
            **scope,
            "query_string": urlencode(rewritten).encode(),
            "headers": [(k, v) for k, v in headers if k.lower() not in STRIPPED],
        }
        await self.app(inner, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, status: int, reason: str) -> None:
        ip = client_ip(self.hall, scope.get("client"), scope["headers"])
        await to_thread.run_sync(
            lambda: self.hall.door.refused("handshake", reason, self.hall.clock(), ip=ip)
        )
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


def _header(headers: list[tuple[bytes, bytes]], name: bytes) -> str:
    found = [v for k, v in headers if k.lower() == name]
    return found[0].decode("latin-1") if len(found) == 1 else ""
