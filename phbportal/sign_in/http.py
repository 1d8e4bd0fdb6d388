"""Small things every ``/auth`` route does: who is asking, from where, and whether the request is our own page's."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from anyio import to_thread
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from phbportal.policy.actors import SYSTEM
from phbportal.services.unit_of_work import open_unit
from phbportal.sign_in import cookies, sessions
from phbportal.sign_in.hall import Hall

T = TypeVar("T")


async def in_unit(hall: Hall, act: Callable[[Session], T], *, writes: bool = True) -> T:
    """Run ``act`` with a database session in a thread and commit once."""

    def run() -> T:
        with open_unit(hall.engine, SYSTEM, writes=writes, now=hall.clock()) as uow:
            return act(uow.session)

    return await to_thread.run_sync(run)


def client_ip(hall: Hall, scope_client: tuple[str, int] | None, headers: list[tuple[bytes, bytes]]) -> str:
    """The caller's address: the peer's, or what the configured number of trusted proxies said it was (T26)."""
    hops = hall.settings.trusted_proxy_hops
    if hops:
        said = [v.decode("latin-1") for k, v in headers if k.lower() == b"x-forwarded-for"]
        addresses = [a.strip() for a in ",".join(said).split(",") if a.strip()]
        if len(addresses) >= hops:
            return addresses[-hops][:64]
    return scope_client[0] if scope_client else ""


def address_of(hall: Hall, request: Request) -> str:
    return client_ip(hall, request.scope.get("client"), request.scope["headers"])


async def session_of(hall: Hall, request: Request, *, any_browser: bool = False) -> sessions.Found:
    """The live session of a request's cookie, with or without a chosen role. Raises SignedOut.

    A cookie that another kind of browser sends may only leave, or confirm who it is (``any_browser``).
    """
    return await session_in(hall, request.scope, any_browser=any_browser)


async def session_in(hall: Hall, scope: Scope, *, any_browser: bool = False) -> sessions.Found:
    """The live session of a connection, page or socket, as ``session_of``."""
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    secret = cookies.read_one(headers, cookies.SESSION)
    if secret is None:
        raise sessions.SignedOut("session.none")
    found = await in_unit(hall, lambda db: sessions.find_by_secret(db, secret, hall.clock()), writes=False)
    agents = [value.decode("latin-1") for name, value in headers if name.lower() == b"user-agent"]
    if any_browser or found.is_in_its_own_browser(" ".join(agents)):
        return found
    ip = client_ip(hall, scope.get("client"), headers)
    await to_thread.run_sync(
        lambda: hall.door.refused(
            "session", "session.agent", hall.clock(), handle=found.handle, user_id=found.user_id, ip=ip
        )
    )
    raise sessions.SignedOut("session.agent")


def is_our_own_post(hall: Hall, request: Request) -> bool:
    """A POST from one of our pages: Origin equal to ours, and Sec-Fetch-Site same-origin where it is sent (T17)."""
    site = request.headers.get("sec-fetch-site")
    return request.headers.getlist("origin") == [hall.settings.public_origin] and site in (None, "same-origin")


def go(url: str, status: int = 303) -> Response:
    """On to another address; the browser keeps nothing of this one and does not say where it came from."""
    return RedirectResponse(url, status, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
