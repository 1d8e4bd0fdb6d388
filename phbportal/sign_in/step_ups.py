"""Confirming who one is, once more, before money moves or power is granted: to the provider and back.

The session stays the same, so its open pages stay; its secret is a new one. Whoever comes back must be the identity the
session began with, and must have proved it just now.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta

from anyio import to_thread
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from phbportal import routes as paths
from phbportal.gateways.identity import Claims, OidcClient, SignInFailed
from phbportal.sign_in import cookies, door, drafts, flows, html, sessions
from phbportal.sign_in.hall import Hall
from phbportal.sign_in.http import address_of, go, in_unit, session_of
from phbportal.sign_in.next_path import safe_next
from phbportal.sign_in.own_page import home_of
from phbportal.sign_in.words import failure_words

FRESH = timedelta(seconds=60)
CLOCKS_DIFFER = timedelta(seconds=30)


def is_fresh(auth_time: int | None, began: datetime, now: datetime) -> bool:
    """Whether somebody proved who they are within the last minute, and not before they were asked to."""
    if auth_time is None:
        return False
    proved = datetime.fromtimestamp(auth_time, UTC)
    return max(now - FRESH, began) - CLOCKS_DIFFER <= proved <= now + CLOCKS_DIFFER


async def way_of(hall: Hall, request: Request) -> tuple[OidcClient, sessions.Found, str] | None:
    """The provider a signed-in person has to go to, their session, and where they come back to; None for nobody, and
    for somebody whose provider is no longer there."""
    try:
        found = await session_of(hall, request, any_browser=True)
    except sessions.SignedOut:
        return None
    client = hall.clients.get(found.provider)
    if client is None:
        return None
    draft, now = request.query_params.get("draft", ""), hall.clock()
    back = await in_unit(
        hall,
        lambda db: drafts.address_of(db, draft, user_id=found.user_id, handle=found.handle, now=now),
        writes=False,
    )
    back = back or safe_next(request.query_params.get("next"))
    if back == paths.HOME and found.in_role is not None:
        back = home_of(found.in_role.role)
    return client, found, back


async def come_back(
    hall: Hall, request: Request, client: OidcClient, flow: flows.Consumed, answer: Awaitable[Claims]
) -> Response:
    """The provider's answer. If it confirms the session's own person, their secret is a new one and they go on."""
    try:
        claims = await answer
        secret = await in_unit(hall, lambda db: _confirm(db, hall, request, flow, claims))
    except SignInFailed as failure:
        return await refuse(hall, request, client, flow.session_handle, failure, back=flow.next_path)
    response = go(flow.next_path)
    cookies.put(response, cookies.SESSION, secret)
    cookies.drop(response, cookies.FLOW)
    return response


def _confirm(db: Session, hall: Hall, request: Request, flow: flows.Consumed, claims: Claims) -> str:
    """The new secret. Raises SignInFailed("step_up.session | identity | stale")."""
    now, before = hall.clock(), cookies.read_one(request.scope["headers"], cookies.SESSION) or ""
    try:
        found = sessions.find_by_secret(db, before, now)
    except sessions.SignedOut:
        raise SignInFailed("step_up.session") from None
    if found.handle != flow.session_handle:
        raise SignInFailed("step_up.session")
    if not sessions.is_of(db, found.handle, claims.issuer, claims.subject):
        raise SignInFailed("step_up.identity")
    if not is_fresh(claims.auth_time, flow.began_at, now):
        raise SignInFailed("step_up.stale")
    secret = sessions.confirm(db, found.handle, before, now, agent=request.headers.get("user-agent", ""))
    if secret is None:  # of two at once, one
        raise SignInFailed("step_up.session")
    door.write(
        db, "step_up", "allowed", now, handle=found.handle, user_id=found.user_id, provider=found.provider,
        ip=address_of(hall, request),
    )  # fmt: skip
    return secret


async def refuse(
    hall: Hall, request: Request, client: OidcClient, handle: str | None, failure: SignInFailed, *, back: str
) -> Response:
    """Write the reason, show the words; the session goes on as it was, without the right to approve."""
    reference = secrets.token_hex(4)
    await to_thread.run_sync(
        lambda: hall.door.refused(
            "step_up", failure.reason_code, hall.clock(), handle=handle, provider=client.provider.name,
            handler=reference, ip=address_of(hall, request),
        )
    )  # fmt: skip
    title, words, status = failure_words(failure, reference, client.provider)
    return html.message(hall.settings, title, words, status=status, again=back, button="Go back")
