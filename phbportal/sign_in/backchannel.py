"""A provider says, behind the browser's back, that somebody is signed out there: their sessions here end too."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from anyio import to_thread
from sqlalchemy import and_, delete, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlmodel import col
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from phbportal import routes as paths
from phbportal.domain.errors import Refusal
from phbportal.gateways.identity import LogoutToken, Provider, SignInFailed
from phbportal.sign_in import door, sessions
from phbportal.sign_in.forms import small_form
from phbportal.sign_in.hall import Hall
from phbportal.sign_in.http import address_of, in_unit
from phbportal.sign_in.keys import digest
from phbportal.sign_in.limits import measure_of
from phbportal.tables.base import new_id
from phbportal.tables.sessions import LogoutJti, SignInSession
from phbportal.tables.users import Identity

# A token is refused for its age after 150 seconds, and may come from 30 seconds ahead: then its id may be forgotten.
REMEMBERED = timedelta(minutes=10)
_NO_STORE = {"Cache-Control": "no-store"}


class BackChannel:
    """The one route providers themselves call. It is public: what speaks for the caller is the token alone."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall

    async def sign_out(self, request: Request) -> Response:
        """200 when the token was right, whether or not anybody was still here; 400 when it was not; 429 for too many.
        Which check failed is in the record of the door, and nowhere else."""
        hall, now = self.hall, self.hall.clock()
        client = hall.clients.get(request.path_params["provider"])
        if client is None:
            return Response(status_code=404, headers=_NO_STORE)
        address = address_of(hall, request)
        if not hall.logout_tokens.allows(measure_of(address), now.timestamp()):
            return Response(status_code=429, headers=_NO_STORE)
        try:
            token = await client.check_logout_token((await small_form(request)).get("logout_token"))
            ended = await in_unit(hall, lambda db: _end(db, client.provider, token, now))
        except SignInFailed as failure:
            return await self._refuse(failure.reason_code, client.provider, address, now)
        except (SQLAlchemyError, Refusal):  # a Refusal here is a busy database; the provider may try again
            return await self._refuse("database", client.provider, address, now)
        for handle in ended:
            await hall.live.send_away(handle, paths.SIGNED_OUT)
        return Response(status_code=200, headers=_NO_STORE)

    async def _refuse(self, reason: str, provider: Provider, address: str, now: datetime) -> Response:
        await to_thread.run_sync(
            lambda: self.hall.door.refused("back_channel", reason, now, provider=provider.name, ip=address)
        )
        return JSONResponse({"error": "invalid_request"}, 400, _NO_STORE)


def _end(db: Session, provider: Provider, token: LogoutToken, now: datetime) -> list[str]:
    """Use the token up and end the sessions it means, at once. Returns their handles."""
    _use_up(db, token, now)
    meant = (
        select(col(SignInSession.handle))
        .join(Identity, col(Identity.id) == col(SignInSession.identity_id))
        .where(
            col(SignInSession.provider) == provider.name, col(Identity.issuer) == token.issuer,
            col(SignInSession.revoked_at).is_(None), _is_meant(token),
        )
    )  # fmt: skip

    def ended(handle: str) -> None:
        whose = select(col(SignInSession.user_id)).where(col(SignInSession.handle) == handle)
        user_id = db.execute(whose).scalar_one()
        door.write(db, "back_channel", "allowed", now, handle=handle, user_id=user_id, provider=provider.name)

    return sessions.revoke_all(db, meant, "back_channel", now, ended)


def _is_meant(token: LogoutToken) -> Any:
    """With a session named, that session (and one of the person's whose name we were never told); without, all of the
    person's."""
    theirs = col(Identity.subject) == token.subject
    if token.sid is None:
        return theirs
    named = col(SignInSession.op_sid) == token.sid
    if token.subject is None:
        return named
    return and_(theirs, or_(named, col(SignInSession.op_sid).is_(None)))


def _use_up(db: Session, token: LogoutToken, now: datetime) -> None:
    """Take the token's id, once, and forget those too old to be used again. Raises token.replayed."""
    if db.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as insert_or
    else:
        from sqlalchemy.dialects.sqlite import insert as insert_or
    db.execute(delete(LogoutJti).where(col(LogoutJti.expires_at) < now))
    taken = db.execute(
        insert_or(LogoutJti)
        .values(
            id=new_id(), created_at=now, issuer=token.issuer, jti_hash=digest(token.jti), expires_at=now + REMEMBERED
        )
        .on_conflict_do_nothing(index_elements=["issuer", "jti_hash"])
        .returning(col(LogoutJti.id))
    ).one_or_none()
    if taken is None:
        raise SignInFailed("token.replayed")
