"""Where somebody is signed in: each of their sessions in words, and the end of one or of all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anyio import to_thread
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col
from starlette.requests import Request
from starlette.responses import Response

from phbportal import routes as paths
from phbportal.domain.moments import show_moment
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.sign_in import door, html, sessions
from phbportal.sign_in.agents import OTHER
from phbportal.sign_in.departures import gone_from
from phbportal.sign_in.forms import small_form
from phbportal.sign_in.hall import Hall
from phbportal.sign_in.http import address_of, go, in_unit, is_our_own_post, session_of
from phbportal.sign_in.keys import csrf_token, is_csrf_token
from phbportal.sign_in.own_page import home_of
from phbportal.tables.sessions import SignInSession
from phbportal.tables.users import Assignment

EVERYWHERE = "everywhere"


@dataclass(frozen=True, slots=True)
class Whereabout:
    """A live session in words. ``id`` is its row's, for the form; the handle stays inside the server."""

    id: UUID
    handle: str
    browser: str
    role: str
    began: str
    seen: str
    here: bool


def live_sessions(db: Session, found: sessions.Found, now: datetime) -> list[Whereabout]:
    """The person's sessions that are not over, this browser's first, then the one last used."""
    s = SignInSession
    rows = db.execute(
        select(
            col(s.id), col(s.handle), col(s.agent), col(s.created_at), col(s.last_seen_at), col(Assignment.role)
        )
        .outerjoin(Assignment, col(Assignment.id) == col(s.assignment_id))
        .where(
            col(s.user_id) == found.user_id, col(s.revoked_at).is_(None), col(s.absolute_expires_at) > now,
        )
        .order_by(col(s.last_seen_at).desc(), col(s.id))
    ).all()  # fmt: skip
    over = sessions.ended(db, [row.handle for row in rows], now)
    live = [
        Whereabout(
            row.id, row.handle, row.agent or OTHER, ROLE_WORDS[Role(row.role)] if row.role else "",
            show_moment(row.created_at), show_moment(row.last_seen_at), row.handle == found.handle,
        )
        for row in rows
        if row.handle not in over
    ]  # fmt: skip
    return sorted(live, key=lambda one: not one.here)


def end(db: Session, found: sessions.Found, which: str, now: datetime, *, ip: str) -> list[str]:
    """End one of the person's own sessions by its row's id, or all of them; returns the handles that ended.

    Somebody else's, and one that is over, are none of theirs: nothing ends.
    """
    s = SignInSession
    meant = select(col(s.handle)).where(col(s.user_id) == found.user_id, col(s.revoked_at).is_(None))
    if which != EVERYWHERE:
        meant = meant.where(col(s.id) == _id(which))
    reason = "everywhere" if which == EVERYWHERE else "from the list"

    def ended(handle: str) -> None:
        door.write(db, "sign_out", "allowed", now, reason=reason, handle=handle, user_id=found.user_id, ip=ip)

    return sessions.revoke_all(db, meant, reason, now, ended)


def _id(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None


class Whereabouts:
    """The page of a person's sessions."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall

    async def sessions(self, request: Request) -> Response:
        """Show them; a POST of our own page ends one or all, whose open pages go at once."""
        hall = self.hall
        try:
            found = await session_of(hall, request)
        except sessions.SignedOut as gone:
            return go(gone.page if gone.page == paths.STEP_UP else paths.LOGIN)
        if request.method == "POST":
            return await self._end(request, found)
        now = hall.clock()
        mine = await in_unit(hall, lambda db: live_sessions(db, found, now), writes=False)
        back = home_of(found.in_role.role) if found.in_role else paths.CHOOSE_ROLE
        return html.form_page(
            hall.settings, "sessions.html", title="Where you are signed in", sessions=mine, back=back,
            csrf=csrf_token(hall.key, found.handle), everywhere=EVERYWHERE,
        )  # fmt: skip

    async def _end(self, request: Request, found: sessions.Found) -> Response:
        hall, form, now, ip = self.hall, await small_form(request), self.hall.clock(), address_of(self.hall, request)
        if not is_our_own_post(hall, request) or not is_csrf_token(hall.key, found.handle, form.get("csrf", "")):
            await to_thread.run_sync(
                lambda: hall.door.refused(
                    "sign_out", "csrf", now, handle=found.handle, user_id=found.user_id, ip=ip
                )
            )  # fmt: skip
            return html.message(
                hall.settings, "Nothing was signed out", "Go back, reload the page and try again.", status=403
            )
        which = form.get("which", "")
        ended = await in_unit(hall, lambda db: end(db, found, which, now, ip=ip))
        for handle in ended:
            await hall.live.send_away(handle, paths.SIGNED_OUT)
        return gone_from(go(paths.SIGNED_OUT), found.provider) if found.handle in ended else go(paths.SESSIONS)
