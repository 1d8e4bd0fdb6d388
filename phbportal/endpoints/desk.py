"""What every address for files has: one unit of work for who is signed in, and an answer for whatever goes wrong."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, TypeVar

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from phbportal import routes
from phbportal.domain.errors import NotAllowed, NotFound
from phbportal.policy.actors import Actor
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.sign_in import html, sessions
from phbportal.sign_in.hall import Hall
from phbportal.sign_in.http import address_of, session_of

log = logging.getLogger("phbportal.endpoints")
T = TypeVar("T")


@dataclass
class Desk:
    """An address of one hall. ``kind`` is what its refusals are kept under."""

    hall: Hall

    kind: ClassVar[str] = ""

    async def in_unit(self, request: Request, act: Callable[[UnitOfWork], T], *, writes: bool = True) -> T:
        """One act of whoever is signed in, in a thread. Raises SignedOut for nobody."""
        handle = (await session_of(self.hall, request)).handle

        def who(db: Session, now: datetime) -> Actor:
            return sessions.find_by_handle(db, handle, now).actor

        def run() -> T:
            with open_unit(self.hall.engine, who, writes=writes, now=self.hall.clock()) as uow:
                return act(uow)

        return await to_thread.run_sync(run)

    async def refused(self, request: Request, reason: str, handle: str | None = None) -> None:
        """Keep that somebody was refused, and why."""
        ip = address_of(self.hall, request)
        await to_thread.run_sync(
            lambda: self.hall.door.refused(self.kind, reason, self.hall.clock(), handle=handle, ip=ip)
        )

    async def own_answer(self, request: Request, error: Exception) -> Response | None:
        """What an address says to an error of its own kind; None to what it knows nothing of."""
        return None

    def answering(self, endpoint: Callable[[Request], object]) -> Callable[[Request], object]:
        """The endpoint, with a sentence for every way it can fail."""

        async def answer(request: Request) -> Response:
            settings = self.hall.settings
            try:
                return await endpoint(request)  # pyright: ignore[reportGeneralTypeIssues]
            except sessions.SignedOut as gone:
                if gone.reason != "session.agent":  # which is written where it is found
                    await self.refused(request, gone.reason)
                return html.message(settings, "You are signed out", "Sign in, then try again.", status=403)
            except NotAllowed as refusal:
                await self.refused(request, "guard.role")
                return html.message(settings, "No permission", refusal.problems[0].sentence, status=403)
            except NotFound:
                await self.refused(request, "guard.object")
                return html.not_found(settings)
            except Exception as error:
                own = await self.own_answer(request, error)
                if own is not None:
                    return own
                if isinstance(error, SQLAlchemyError):
                    return html.unavailable(settings, again=routes.STAFF)
                reference = secrets.token_hex(4)
                log.error("problem %s in %s: %s", reference, self.kind, type(error).__name__)
                return html.message(
                    settings, "There is a problem with the portal",
                    f"Try again. If it keeps happening, contact us and quote {reference}.", status=500,
                )  # fmt: skip

        return answer
