"""Signing out, being signed out, and how long is left."""

from __future__ import annotations

from collections.abc import Callable

from anyio import to_thread
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from phbportal import routes as paths
from phbportal.gateways.identity import OidcClient, SignInFailed
from phbportal.sign_in import cookies, door, html, sessions
from phbportal.sign_in.forms import small_form
from phbportal.sign_in.hall import Hall
from phbportal.sign_in.http import address_of, go, in_unit, is_our_own_post, session_of
from phbportal.sign_in.keys import is_csrf_token, new_secret

_NO_STORE = {"Cache-Control": "no-store"}
BACK_FROM = "back."
"""Before the state of a sign-out at a provider, in place of its name: no provider's name has a full stop."""


class Departures:
    """The routes of a session's end."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall

    async def sign_out(self, request: Request) -> Response:
        """Only by a POST of our own page that carries its token: no other page may sign anybody out."""
        hall, ours = self.hall, is_our_own_post(self.hall, request)
        try:
            found = await session_of(hall, request, any_browser=True)
        except sessions.SignedOut:
            return gone_from(go(paths.SIGNED_OUT)) if ours else await self._refuse(request, None)
        form = await small_form(request)
        if not ours or not is_csrf_token(hall.key, found.handle, form.get("csrf", "")):
            return await self._refuse(request, found)
        now = hall.clock()

        def end(db: Session) -> None:
            if sessions.revoke(db, found.handle, "signed_out", now):
                door.write(db, "sign_out", "allowed", now, handle=found.handle, user_id=found.user_id)

        await in_unit(hall, end)
        await hall.live.send_away(found.handle, paths.SIGNED_OUT)
        return gone_from(go(paths.SIGNED_OUT), found.provider)

    async def _refuse(self, request: Request, found: sessions.Found | None) -> Response:
        hall = self.hall
        await to_thread.run_sync(
            lambda: hall.door.refused(
                "sign_out", "csrf", hall.clock(), handle=found.handle if found else None,
                user_id=found.user_id if found else None, ip=address_of(hall, request),
            )
        )  # fmt: skip
        return html.message(
            hall.settings, "We could not sign you out", "Go back, reload the page and try again.", status=403
        )

    async def signed_out(self, request: Request) -> Response:
        """Straight after signing out here, on to the provider's own sign-out where it has one: from a page of ours, for
        browsers hold a redirect of the form itself against "form-action 'self'"."""
        leaving = cookies.read_one(request.scope["headers"], cookies.LEAVING) or ""
        close = "If other people use this computer, close the browser."
        if leaving.startswith(BACK_FROM) and leaving == BACK_FROM + request.query_params.get("state", ""):
            response = await self._told(request, close)
            cookies.drop(response, cookies.LEAVING)
            return response
        client = self.hall.clients.get(leaving)
        known_as = client.provider.known_as if client else ""
        response = await self._told(
            request, close,
            f"You may still be signed in to {known_as or 'the service you signed in with'}. Sign out there as well.",
        )  # fmt: skip
        state = new_secret()
        elsewhere = await self._end_session(client, state) if client and response.status_code == 200 else None
        if elsewhere:
            response = _cleared(html.message(
                self.hall.settings, "You have been signed out",
                "You are being taken to where you signed in, to sign out there as well. If nothing happens, choose "
                "Continue.", again=elsewhere, button="Continue",
            ))  # fmt: skip
            response.headers["Refresh"] = f"1; url={elsewhere}"
            cookies.put(response, cookies.LEAVING, BACK_FROM + state, max_age=600)
        else:
            cookies.drop(response, cookies.LEAVING)
        return response

    async def _end_session(self, client: OidcClient, state: str) -> str | None:
        """Where the browser is signed out at its provider. None where there is no such place, or no answer."""
        try:
            return await client.end_session_url(
                return_to=f"{self.hall.settings.public_origin}{paths.SIGNED_OUT}", state=state
            )
        except SignInFailed:
            return None

    async def timed_out(self, request: Request) -> Response:
        """For doing nothing (30 minutes for a holder, 15 for others: the cookie's session knows) or after 12 hours."""
        long = request.query_params.get("after") == "absolute"

        def why(gone: sessions.SignedOut) -> str:
            if long or gone.reason == "session.absolute":
                return "You were signed out because you had been signed in for 12 hours."
            length = f"{gone.idle_minutes} minutes" if gone.idle_minutes else "a while"
            return f"You were signed out because you did nothing for {length}. This keeps your information safe."

        return await self._told(request, why, "What you had saved is still there.")

    async def _told(self, request: Request, *sentences: str | Callable[[sessions.SignedOut], str]) -> Response:
        """Say so. A browser whose session still lives goes home: a link to here must not sign anybody out.

        The cookie is left: its session is over, and by the time this answer arrives the browser may hold the cookie of
        the session that took its place (an old tab is sent here while somebody else signs in)."""
        try:
            await session_of(self.hall, request)
        except sessions.SignedOut as gone:
            return _cleared(self._goodbye(*(s if isinstance(s, str) else s(gone) for s in sentences)))
        return go(paths.HOME)

    def _goodbye(self, *sentences: str) -> Response:
        return html.message(
            self.hall.settings, "You have been signed out", *sentences, again=paths.LOGIN, button="Sign in again"
        )

    async def session_left(self, request: Request) -> Response:
        """Seconds left, for the warning. Asking does not put the limit off (T19); "Stay signed in", a POST, does."""
        hall = self.hall
        try:
            found = await session_of(hall, request)
        except sessions.SignedOut as gone:
            return JSONResponse({"reason": gone.reason}, 401, _NO_STORE)
        if request.method == "POST":
            if not is_our_own_post(hall, request):
                return JSONResponse({"reason": "csrf"}, 403, _NO_STORE)
            now = hall.clock()
            await in_unit(hall, lambda db: sessions.touch(db, found.handle, now))
            found = await session_of(hall, request)
        left = (found.ends_at() - hall.clock()).total_seconds()
        final = found.ends_at() == found.absolute_expires_at  # then nothing puts it off
        return JSONResponse({"seconds": max(0, int(left)), "final": final}, headers=_NO_STORE)


def gone_from(response: Response, provider: str = "") -> Response:
    """The browser forgets the session and what it kept of its pages; for a minute it knows at which provider it may
    still be signed in, to sign out there as well."""
    cookies.drop(response, cookies.SESSION)
    if provider:
        cookies.put(response, cookies.LEAVING, provider, max_age=60)
    return _cleared(response)


def _cleared(response: Response) -> Response:
    """The browser forgets what it kept of our pages."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    response.headers["Cache-Control"] = "no-store"
    return response
