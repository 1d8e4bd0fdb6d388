"""Plain HTTP under ``/auth``: leave for a provider, come back, sign out, choose a role, use a code."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from datetime import UTC, datetime
from urllib.parse import quote
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from phbportal import routes as paths
from phbportal.domain.errors import Refusal
from phbportal.gateways.identity import Claims, OidcClient, SignInFailed
from phbportal.services import users
from phbportal.sign_in import cookies, door, flows, html, sessions
from phbportal.sign_in.hall import Hall
from phbportal.sign_in.http import address_of, in_unit, is_our_own_post, session_of
from phbportal.sign_in.keys import csrf_token
from phbportal.sign_in.next_path import safe_next

_SINGLE = ("state", "code", "iss", "error")


class AuthRoutes:
    """The routes of one hall."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall

    def all(self) -> list[Route]:
        return [
            Route("/auth/login", self.choose_provider),
            Route("/auth/login/{provider}", self.leave),
            Route("/auth/callback/{provider}", self.come_back),
            Route("/auth/logout", self.sign_out, methods=["POST"]),
            Route("/auth/signed-out", self.signed_out),
            Route("/auth/timed-out", self.timed_out),
            Route("/auth/session", self.session_left),
            Route("/auth/choose-role", self.choose_role, methods=["GET", "POST"]),
            Route("/auth/invitation", self.invitation, methods=["GET", "POST"]),
        ]

    async def choose_provider(self, request: Request) -> Response:
        """Which provider? With only one there is nothing to ask."""
        next_path = safe_next(request.query_params.get("next"))
        clients = list(self.hall.clients.values())
        if len(clients) == 1:
            return _go(f"/auth/login/{clients[0].provider.name}?next={quote(next_path)}", 302)
        last = cookies.read_one(request.scope["headers"], cookies.LAST_PROVIDER)
        if last in self.hall.clients and "choose" not in request.query_params:
            return _go(f"/auth/login/{last}?next={quote(next_path)}", 302)
        groups = [
            (heading, [c.provider for c in clients if audience in c.provider.audience])
            for audience, heading in (
                ("holder", "If you have a personal health budget"),
                ("staff", "If you work for the NHS"),
                ("organisation", "If you work for another organisation"),
            )
        ]
        return html.page(
            self.hall.settings, "choose_provider.html", title="Sign in", next=next_path,
            groups=[(heading, found) for heading, found in groups if found],
        )  # fmt: skip

    async def leave(self, request: Request) -> Response:
        """Off to the provider, with a flow that only this browser can finish."""
        client = self._client(request)
        if client is None:
            return self._missing()
        if not self.hall.sign_ins.allows(address_of(self.hall, request), self.hall.clock().timestamp()):
            return self._too_many()
        return await self._leave(request, client, next_path=safe_next(request.query_params.get("next")))

    async def _leave(
        self, request: Request, client: OidcClient, *, next_path: str, invitation_id: UUID | None = None
    ) -> Response:
        browser = cookies.read_one(request.scope["headers"], cookies.FLOW)
        now = self.hall.clock()
        started = await in_unit(
            self.hall,
            lambda db: flows.start(
                db, provider=client.provider.name, browser=browser, next_path=next_path, now=now,
                purpose="invite" if invitation_id else "sign_in", invitation_id=invitation_id,
            ),
        )  # fmt: skip
        try:
            url = await client.authorization_url(
                state=started.state, nonce=started.nonce, code_verifier=started.code_verifier,
                redirect_uri=self._callback(client),
            )  # fmt: skip
        except SignInFailed as failure:
            return await self._refuse(request, failure, client.provider.name)
        response = _go(url, 302)
        cookies.put(response, cookies.FLOW, started.browser, max_age=600)
        return response

    async def come_back(self, request: Request) -> Response:
        """The provider's answer. Whatever is wrong with it, nobody is signed in."""
        client = self._client(request)
        if client is None:
            return self._missing()
        try:
            return await self._signed_in(request, client)
        except SignInFailed as failure:
            return await self._refuse(request, failure, client.provider.name)

    async def _signed_in(self, request: Request, client: OidcClient) -> Response:
        hall, query = self.hall, request.query_params
        if any(len(query.getlist(name)) > 1 for name in _SINGLE):
            raise SignInFailed("flow.duplicate")
        state = query.get("state", "")
        browser = cookies.read_one(request.scope["headers"], cookies.FLOW)
        flow = await in_unit(
            hall,
            lambda db: flows.consume(
                db, provider=client.provider.name, state=state, browser=browser, now=hall.clock()
            ),
        )
        await client.check_response_issuer(query.get("iss"))
        if query.get("error"):
            raise SignInFailed(
                "provider.access_denied" if query["error"] == "access_denied" else "provider.error"
            )
        claims = await client.exchange(
            code=query.get("code", ""), code_verifier=flow.code_verifier, redirect_uri=self._callback(client),
            nonce=flow.nonce,
        )  # fmt: skip
        old = cookies.read_one(request.scope["headers"], cookies.SESSION)
        handle, secret, roles = await in_unit(
            hall, lambda db: self._enter(db, request, client, claims, flow.invitation_id)
        )
        if old is not None:
            await self._end(old, "replaced")
        next_path = flow.next_path if flow.next_path != paths.HOME else _home_of(roles)
        target = next_path if len(roles) == 1 else f"{paths.CHOOSE_ROLE}?next={quote(next_path)}"
        response = _go(target, 303)
        cookies.put(response, cookies.SESSION, secret)
        cookies.drop(response, cookies.FLOW)
        cookies.put(response, cookies.LAST_PROVIDER, client.provider.name, max_age=180 * 24 * 3600)
        return response

    def _enter(
        self, db: sessions.Session, request: Request, client: OidcClient, claims: Claims, invitation_id: UUID | None
    ) -> tuple[str, str, list[sessions.RoleChoice]]:
        """Find or bind the person, make their session, write the event: one transaction."""
        hall, now = self.hall, self.hall.clock()
        said = users.ProviderClaims(
            client.provider.name, claims.issuer, claims.subject, claims.name, claims.nhs_number, claims.birthdate,
            claims.family_name,
        )  # fmt: skip
        try:
            user_id, identity_id = users.find_or_bind(db, said, now, invitation_id=invitation_id)
        except users.Unknown as unknown:
            raise SignInFailed("identity.unknown" if "." not in str(unknown) else str(unknown)) from None
        roles = sessions.roles_of(db, user_id, now)
        if not roles:
            raise SignInFailed("identity.no_role")
        handle, secret = sessions.start(
            db, user_id=user_id, identity_id=identity_id, provider=client.provider.name, roles=roles, now=now,
            assurance=claims.vot or claims.acr or "", op_sid=claims.sid,
            auth_time=datetime.fromtimestamp(claims.auth_time, UTC) if claims.auth_time else None,
            ip=address_of(hall, request), agent=request.headers.get("user-agent", ""),
        )  # fmt: skip
        door.write(
            db, "sign_in", "allowed", now, handle=handle, user_id=user_id, provider=client.provider.name,
            ip=address_of(hall, request),
        )  # fmt: skip
        return handle, secret, roles

    async def sign_out(self, request: Request) -> Response:
        """Only by a POST of our own page that carries its token."""
        hall = self.hall
        try:
            found = await session_of(hall, request)
        except sessions.SignedOut:
            return self._gone(_go(paths.SIGNED_OUT, 303))
        handle = found.actor.session_handle or ""
        sent = str((await request.form()).get("csrf", ""))
        if not is_our_own_post(hall, request) or not hmac.compare_digest(sent, csrf_token(hall.key, handle)):
            await asyncio.to_thread(
                hall.door.refused, "sign_out", "csrf", hall.clock(), handle=handle, user_id=found.actor.user_id
            )
            return html.message(
                hall.settings, "We could not sign you out", "Go back, reload the page and try again.", status=403
            )
        now = hall.clock()

        def end(db: sessions.Session) -> None:
            sessions.revoke(db, handle, "signed_out", now)
            door.write(db, "sign_out", "allowed", now, handle=handle, user_id=found.actor.user_id)

        await in_unit(hall, end)
        await hall.live.send_away(handle, paths.SIGNED_OUT)
        return self._gone(_go(paths.SIGNED_OUT, 303))

    async def _end(self, secret: str, reason: str) -> None:
        """End the session a cookie names, if it still lives, and its open pages."""
        hall, now = self.hall, self.hall.clock()
        try:
            found = await in_unit(hall, lambda db: sessions.find_by_secret(db, secret, now), writes=False)
        except sessions.SignedOut:
            return
        handle = found.actor.session_handle or ""
        await in_unit(hall, lambda db: sessions.revoke(db, handle, reason, now))
        await hall.live.send_away(handle, paths.SIGNED_OUT)

    async def signed_out(self, request: Request) -> Response:
        return self._gone(
            html.message(
                self.hall.settings, "You have been signed out",
                "If this is a shared computer, close the browser. You may still be signed in where you came from.",
                again=paths.LOGIN,
            )
        )  # fmt: skip

    async def timed_out(self, request: Request) -> Response:
        long = request.query_params.get("after") == "absolute"
        why = "You were signed out after 12 hours." if long else "You were signed out because you did nothing for a while."
        return self._gone(
            html.message(
                self.hall.settings, "You have been signed out", why, "What you had saved is safe.", again=paths.LOGIN
            )
        )

    async def session_left(self, request: Request) -> Response:
        """Seconds left, for the warning; asking does not put the limit off (T19)."""
        try:
            found = await session_of(self.hall, request)
        except sessions.SignedOut as gone:
            return JSONResponse({"reason": gone.reason}, 401, {"Cache-Control": "no-store"})
        left = (found.ends_at() - self.hall.clock()).total_seconds()
        return JSONResponse({"seconds": max(0, int(left))}, headers={"Cache-Control": "no-store"})

    async def choose_role(self, request: Request) -> Response:
        """Somebody with several roles says which one they work in; the session is made anew."""
        hall = self.hall
        try:
            found = await session_of(hall, request)
        except sessions.SignedOut:
            return _go(paths.LOGIN, 303)
        handle, user_id = found.actor.session_handle or "", found.actor.user_id
        assert user_id is not None
        roles = await in_unit(hall, lambda db: sessions.roles_of(db, user_id, hall.clock()), writes=False)
        if request.method == "GET":
            return html.page(
                hall.settings, "choose_role.html", title="Which role are you working in?", roles=roles,
                csrf=csrf_token(hall.key, handle), next=safe_next(request.query_params.get("next")),
            )  # fmt: skip
        form = await request.form()
        chosen = next((r for r in roles if str(r.assignment_id) == form.get("assignment")), None)
        good = hmac.compare_digest(str(form.get("csrf", "")), csrf_token(hall.key, handle))
        if chosen is None or not good or not is_our_own_post(hall, request):
            return html.message(hall.settings, "Choose a role again", "Go back and reload the page.", status=403)
        _fresh, secret = await in_unit(hall, lambda db: sessions.rotate(db, handle, chosen, hall.clock()))
        await hall.live.send_away(handle, paths.LOGIN)
        next_path = safe_next(str(form.get("next", "")))
        response = _go(_home_of([chosen]) if next_path == paths.HOME else next_path, 303)
        cookies.put(response, cookies.SESSION, secret)
        return response

    async def invitation(self, request: Request) -> Response:
        """Use a code: it is checked first, then bound to whoever signs in."""
        hall = self.hall
        providers = [c.provider for c in hall.clients.values() if c.provider.audience != ("holder",)]
        problem = ""
        if request.method == "POST":
            if not is_our_own_post(hall, request):
                return html.message(hall.settings, "Go back and reload the page", status=403)
            form = await request.form()
            client = hall.clients.get(str(form.get("provider", "")))
            allowed = hall.codes.allows(address_of(hall, request), hall.clock().timestamp())
            if not allowed:
                return self._too_many()
            try:
                code = str(form.get("code", ""))
                invitation_id = await in_unit(
                    hall, lambda db: users.open_invitation(db, code, hall.clock()), writes=False
                )
                if client is not None:
                    return await self._leave(request, client, next_path=paths.HOME, invitation_id=invitation_id)
                problem = "Choose how you will sign in."
            except Refusal as refusal:
                problem = str(refusal)
        return html.page(
            hall.settings, "invitation.html", title="Use your code", problem=problem, providers=providers,
            status=400 if problem else 200,
        )  # fmt: skip

    def _client(self, request: Request) -> OidcClient | None:
        return self.hall.clients.get(request.path_params["provider"])

    def _callback(self, client: OidcClient) -> str:
        return f"{self.hall.settings.public_origin}/auth/callback/{client.provider.name}"

    async def _refuse(self, request: Request, failure: SignInFailed, provider: str) -> Response:
        """Write the reason, show the words: the same words for all that could tell an attacker which check failed."""
        reference = secrets.token_hex(4)
        await asyncio.to_thread(
            self.hall.door.refused, "sign_in", failure.reason_code, self.hall.clock(), provider=provider,
            handler=reference, ip=address_of(self.hall, request),
        )  # fmt: skip
        title, words, status = _words(failure, reference)
        response = html.message(self.hall.settings, title, words, status=status, again=paths.LOGIN + "?choose=1")
        cookies.drop(response, cookies.LAST_PROVIDER)
        return response

    def _missing(self) -> Response:
        return html.message(self.hall.settings, "Page not found", "Check the address.", status=404)

    def _too_many(self) -> Response:
        return html.message(self.hall.settings, "Too many tries", "Wait a minute, then try again.", status=429)

    def _gone(self, response: Response) -> Response:
        cookies.drop(response, cookies.SESSION)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        response.headers["Cache-Control"] = "no-store"
        return response


def _go(url: str, status: int) -> RedirectResponse:
    return RedirectResponse(url, status, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})


def _home_of(roles: list[sessions.RoleChoice]) -> str:
    return paths.MY_BUDGET if roles and roles[0].role.value == "HOLDER" else paths.STAFF


def _words(failure: SignInFailed, reference: str) -> tuple[str, str, int]:
    """Heading, sentence and status for a failed sign-in (security.md §5.6)."""
    reason = failure.reason_code
    if failure.is_outage or reason == "provider.error":
        return (
            "Sign-in is not available at the moment",
            "The service that checks who you are did not answer. Try again later.",
            503,
        )
    if reason == "provider.access_denied":
        return (
            "You cannot continue without sharing your information",
            "You said no to sharing your information, so we could not sign you in.",
            200,
        )
    if reason in ("flow.state", "flow.browser", "flow.expired", "flow.replayed"):
        return (
            "Start your sign-in again",
            "Your sign-in took too long or was started in another window. Start again.",
            400,
        )
    if reason == "assurance.low":
        return (
            "You need to prove who you are",
            "You need to prove who you are to a higher level before you can use this service.",
            403,
        )
    if reason.startswith("identity."):
        return (
            "We cannot find you",
            "We cannot find a personal health budget or an account for you. Contact your personal health budget "
            "team, or your administrator if you work for the NHS.",
            403,
        )
    return (
        "We could not sign you in",
        f"Try again. If it keeps happening, contact the personal health budget team and quote {reference}.",
        400,
    )
