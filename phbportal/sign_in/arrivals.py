"""Leaving for a provider and coming back from it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote
from uuid import UUID

from anyio import to_thread
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from phbportal import routes as paths
from phbportal.domain.errors import Refusal
from phbportal.gateways.identity import Claims, OidcClient, SignInFailed, failure_of
from phbportal.services import users
from phbportal.sign_in import cookies, door, flows, html, sessions, step_ups
from phbportal.sign_in.chooser import ways_in
from phbportal.sign_in.hall import Hall
from phbportal.sign_in.http import address_of, go, in_unit
from phbportal.sign_in.limits import measure_of
from phbportal.sign_in.next_path import safe_next
from phbportal.sign_in.own_page import home_of
from phbportal.sign_in.roles import RoleChoice, roles_of, serves
from phbportal.sign_in.words import failure_words

_SINGLE = ("state", "code", "iss", "error")


@dataclass(frozen=True, slots=True)
class Entered:
    """A session just made: the cookie's secret, the roles to choose from, and the session it takes the place of."""

    secret: str
    roles: list[RoleChoice]
    replaced: str | None


class Arrivals:
    """The routes of a sign-in."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall

    async def choose_provider(self, request: Request) -> Response:
        """Which provider? With only one there is nothing to ask."""
        next_path = safe_next(request.query_params.get("next"))
        clients = list(self.hall.clients.values())
        if len(clients) == 1:
            return go(f"/auth/login/{clients[0].provider.name}?next={quote(next_path)}", 302)
        last = cookies.read_one(request.scope["headers"], cookies.LAST_PROVIDER)
        if last in self.hall.clients and "choose" not in request.query_params:
            return go(f"/auth/login/{last}?next={quote(next_path)}", 302)
        return html.page(
            self.hall.settings, "choose_provider.html", title="Sign in", next=next_path,
            groups=ways_in(client.provider for client in clients),
        )  # fmt: skip

    async def leave(self, request: Request) -> Response:
        """Off to the provider, with a flow that only this browser can finish."""
        client = self.hall.clients.get(request.path_params["provider"])
        if client is None:
            return html.not_found(self.hall.settings)
        return await self.leave_for(client, request, next_path=safe_next(request.query_params.get("next")))

    async def step_up(self, request: Request) -> Response:
        """Off to the session's own provider, to confirm who one is."""
        way = await step_ups.way_of(self.hall, request)
        if way is None:
            return go(paths.LOGIN)
        client, found, back = way
        return await self.leave_for(client, request, next_path=back, session_handle=found.handle)

    async def leave_for(
        self, client: OidcClient, request: Request, *, next_path: str, invitation_id: UUID | None = None,
        session_handle: str | None = None,
    ) -> Response:  # fmt: skip
        """Begin a flow, for an invitation, a step-up or a plain sign-in, and redirect to the provider."""
        now, name = self.hall.clock(), client.provider.name
        # An address may be a whole board's: who is signed in shares its measure with nobody.
        whose = session_handle or measure_of(address_of(self.hall, request))
        if not self.hall.sign_ins.allows(whose, now.timestamp()):
            return html.too_many(self.hall.settings)
        browser, asked = cookies.read_one(request.scope["headers"], cookies.FLOW), client.asks()
        if session_handle is not None:
            asked = client.asks(step_up=True)
        started = await in_unit(
            self.hall,
            lambda db: flows.start(
                db, provider=name, browser=browser, next_path=next_path, now=now, invitation_id=invitation_id,
                session_handle=session_handle, accepted=asked.accepted,
            ),
        )  # fmt: skip
        try:
            url = await client.authorization_url(
                state=started.state, nonce=started.nonce, code_verifier=started.code_verifier,
                redirect_uri=self._callback(client), extra=asked.parameters,
            )  # fmt: skip
        except SignInFailed as failure:
            if session_handle is not None:
                return await step_ups.refuse(self.hall, request, client, session_handle, failure, back=next_path)
            return await self._refuse(request, failure, client)
        response = go(url, 302)
        cookies.put(response, cookies.FLOW, started.browser, max_age=600)
        return response

    async def come_back(self, request: Request) -> Response:
        """The provider's answer. Whatever is wrong with it, nobody is signed in."""
        client = self.hall.clients.get(request.path_params["provider"])
        if client is None:
            return html.not_found(self.hall.settings)
        try:
            return await self._signed_in(request, client)
        except SignInFailed as failure:
            return await self._refuse(request, failure, client)

    async def _signed_in(self, request: Request, client: OidcClient) -> Response:
        hall, query = self.hall, request.query_params
        if any(len(query.getlist(name)) > 1 for name in _SINGLE):
            raise SignInFailed("flow.duplicate")
        state, browser = query.get("state", ""), cookies.read_one(request.scope["headers"], cookies.FLOW)
        # Looked up before anything is written: whoever makes states up must not keep others from writing.
        if not await in_unit(hall, lambda db: flows.is_known(db, state), writes=False):
            raise SignInFailed("flow.state")
        flow = await in_unit(
            hall,
            lambda db: flows.consume(db, provider=client.provider.name, state=state, browser=browser, now=hall.clock()),
        )
        answer = self._claims(request, client, flow)
        if flow.session_handle is not None:
            return await step_ups.come_back(hall, request, client, flow, answer)
        claims = await answer
        try:
            entered = await in_unit(hall, lambda db: self._enter(db, request, client, claims, flow.invitation_id))
        except Refusal:  # two first sign-ins of one person at once: the other was a moment earlier
            raise SignInFailed("flow.busy") from None
        if entered.replaced is not None:
            await hall.live.send_away(entered.replaced, paths.SIGNED_OUT)
        response = go(_onward(entered.roles, flow.next_path))
        cookies.put(response, cookies.SESSION, entered.secret)
        cookies.drop(response, cookies.FLOW)
        cookies.put(response, cookies.LAST_PROVIDER, client.provider.name, max_age=180 * 24 * 3600)
        return response

    async def _claims(self, request: Request, client: OidcClient, flow: flows.Consumed) -> Claims:
        """What the provider answers for a flow. Raises SignInFailed."""
        query = request.query_params
        await client.check_response_issuer(query.get("iss"))
        if query.get("error"):
            raise failure_of(query["error"])
        return await client.exchange(
            code=query.get("code", ""), code_verifier=flow.code_verifier, redirect_uri=self._callback(client),
            nonce=flow.nonce, accepted=flow.accepted,
        )  # fmt: skip

    def _enter(
        self, db: Session, request: Request, client: OidcClient, claims: Claims, invitation_id: UUID | None
    ) -> Entered:
        """Find or bind the person, end the browser's old session, make the new one, write the event: at once."""
        hall, now, provider = self.hall, self.hall.clock(), client.provider
        # Only a provider for holders proves a health record: any other could name somebody's NHS number as its own.
        proves_record = "holder" in provider.audience
        said = users.ProviderClaims(
            provider.name, claims.issuer, claims.subject, claims.name,
            nhs_number=claims.nhs_number if proves_record else None, birthdate=claims.birthdate,
            family_name=claims.family_name,
        )  # fmt: skip
        try:
            user_id, identity_id = users.find_or_bind(db, said, now, invitation_id=invitation_id)
        except users.Unknown as unknown:
            raise SignInFailed(str(unknown)) from None
        if claims.boards is not None and not serves(db, claims.boards, now):
            raise SignInFailed("identity.organisation")
        roles = roles_of(db, user_id, now, provider.audience, claims.boards)
        if not roles:
            raise SignInFailed("identity.no_role")
        replaced = _end_old(db, cookies.read_one(request.scope["headers"], cookies.SESSION), now)
        handle, secret = sessions.start(
            db, user_id=user_id, identity_id=identity_id, provider=provider.name, roles=roles, now=now,
            assurance=claims.assurance[:60], op_sid=claims.sid, boards=claims.boards,
            auth_time=datetime.fromtimestamp(claims.auth_time, UTC) if claims.auth_time else None,
            ip=address_of(hall, request), agent=request.headers.get("user-agent", ""),
        )  # fmt: skip
        door.write(
            db, "sign_in", "allowed", now, handle=handle, user_id=user_id, provider=provider.name,
            ip=address_of(hall, request),
        )  # fmt: skip
        return Entered(secret, roles, replaced)

    def _callback(self, client: OidcClient) -> str:
        return f"{self.hall.settings.public_origin}/auth/callback/{client.provider.name}"

    async def _refuse(self, request: Request, failure: SignInFailed, client: OidcClient) -> Response:
        """Write the reason, show the words: the same words for all that could tell an attacker which check failed."""
        reference, hall = secrets.token_hex(4), self.hall
        await to_thread.run_sync(
            lambda: hall.door.refused(
                "sign_in", failure.reason_code, hall.clock(), provider=client.provider.name, handler=reference,
                ip=address_of(hall, request),
            )
        )  # fmt: skip
        title, words, status = failure_words(failure, reference, client.provider)
        response = html.message(hall.settings, title, words, status=status, again=paths.LOGIN + "?choose=1")
        cookies.drop(response, cookies.LAST_PROVIDER)
        return response


def _end_old(db: Session, secret: str | None, now: datetime) -> str | None:
    """End the session this browser has, if it still lives: the state it reached must not be reached from the new one.
    Returns its handle."""
    if secret is None:
        return None
    try:
        handle = sessions.find_by_secret(db, secret, now).handle
    except sessions.SignedOut:
        return None
    sessions.revoke(db, handle, "replaced", now)
    return handle


def _onward(roles: list[RoleChoice], next_path: str) -> str:
    if len(roles) > 1:
        return f"{paths.CHOOSE_ROLE}?next={quote(next_path)}"
    return home_of(roles[0].role) if next_path == paths.HOME else next_path
