"""Which role somebody works in, and the code of an invitation."""

from __future__ import annotations

from uuid import UUID

from anyio import to_thread
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from phbportal import routes as paths
from phbportal.domain.errors import Refusal
from phbportal.services import users
from phbportal.sign_in import cookies, door, html, sessions
from phbportal.sign_in.arrivals import Arrivals
from phbportal.sign_in.forms import small_form
from phbportal.sign_in.hall import Hall
from phbportal.sign_in.http import address_of, go, in_unit, is_our_own_post, session_of
from phbportal.sign_in.keys import csrf_token, is_csrf_token
from phbportal.sign_in.limits import measure_of
from phbportal.sign_in.next_path import safe_next
from phbportal.sign_in.own_page import home_of
from phbportal.sign_in.roles import RoleChoice, boards_of, may_take_up, roles_of

OTHER_WAY = "This code is for another way of signing in. Choose another, or ask the person who invited you."


class Choices:
    """The routes where somebody says who they are here."""

    def __init__(self, hall: Hall, arrivals: Arrivals) -> None:
        self.hall = hall
        self._arrivals = arrivals

    async def choose_role(self, request: Request) -> Response:
        """Somebody with several roles says which one they work in; the session is made anew."""
        hall = self.hall
        try:
            found = await session_of(hall, request)
            roles = await self._roles(found)
            if request.method == "POST":
                return await self._chosen(request, found, roles)
        except sessions.SignedOut as gone:
            return go(gone.page if gone.page == paths.STEP_UP else paths.LOGIN)
        return html.form_page(
            hall.settings, "choose_role.html", title="Which role are you working in?", roles=roles,
            csrf=csrf_token(hall.key, found.handle), next=safe_next(request.query_params.get("next")),
        )  # fmt: skip

    async def _roles(self, found: sessions.Found) -> list[RoleChoice]:
        client = self.hall.clients.get(found.provider)
        audience = client.provider.audience if client else ()
        now = self.hall.clock()
        return await in_unit(
            self.hall,
            lambda db: roles_of(db, found.user_id, now, audience, boards_of(db, found.handle)),
            writes=False,
        )

    async def _chosen(self, request: Request, found: sessions.Found, roles: list[RoleChoice]) -> Response:
        hall, form, now = self.hall, await small_form(request), self.hall.clock()
        chosen = next((r for r in roles if str(r.assignment_id) == form.get("assignment")), None)
        good = is_our_own_post(hall, request) and is_csrf_token(hall.key, found.handle, form.get("csrf", ""))
        if chosen is None or not good:
            await to_thread.run_sync(
                lambda: hall.door.refused(
                    "choose_role", "role" if good else "csrf", now, handle=found.handle, user_id=found.user_id,
                    ip=address_of(hall, request),
                )
            )  # fmt: skip
            return html.message(hall.settings, "Choose a role again", "Go back and reload the page.", status=403)

        before = cookies.read_one(request.scope["headers"], cookies.SESSION) or ""

        def rotate(db: Session) -> str:
            fresh, secret = sessions.rotate(db, found.handle, before, chosen, now)
            door.write(db, "choose_role", "allowed", now, handle=fresh, user_id=found.user_id)
            return secret

        secret = await in_unit(hall, rotate)
        # Not to a page of the role: the other tabs may get there before this answer brings the new cookie.
        await hall.live.send_away(found.handle, paths.HOME)
        next_path = safe_next(form.get("next", ""))
        response = go(home_of(chosen.role) if next_path == paths.HOME else next_path)
        cookies.put(response, cookies.SESSION, secret)
        return response

    async def invitation(self, request: Request) -> Response:
        """Use a code: it is checked first, then bound to whoever signs in."""
        hall = self.hall
        providers = [c.provider for c in hall.clients.values()]
        problem, form = "", dict[str, str]()
        if request.method == "POST":
            if not is_our_own_post(hall, request):
                return html.message(hall.settings, "Go back and reload the page", status=403)
            if not hall.codes.allows(measure_of(address_of(hall, request)), hall.clock().timestamp()):
                return html.too_many(hall.settings)
            form = await small_form(request)
            client = hall.clients.get(form.get("provider", ""))
            try:
                if client is None or client.provider not in providers:
                    raise Refusal("Choose how you will sign in.")
                audience, code = client.provider.audience, form.get("code", "")
                invitation_id = await in_unit(hall, lambda db: self._opened(db, code, audience), writes=False)
                left = await self._arrivals.leave_for(
                    client, request, next_path=paths.HOME, invitation_id=invitation_id
                )
                return html.onward(hall.settings, left)
            except Refusal as refusal:
                problem = str(refusal)
        return html.form_page(
            hall.settings, "invitation.html", title="Use your code", problem=problem, providers=providers,
            typed=form.get("code", ""), chosen=form.get("provider", ""), status=400 if problem else 200,
        )  # fmt: skip

    def _opened(self, db: Session, code: str, audience: tuple[str, ...]) -> UUID:
        """The invitation a code opens, if its role may be taken up through this kind of provider. Raises Refusal."""
        invitation_id = users.open_invitation(db, code, self.hall.clock())
        if not may_take_up(users.invited_role(db, invitation_id), audience):
            raise Refusal(OTHER_WAY)
        return invitation_id
