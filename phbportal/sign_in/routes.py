"""Plain HTTP under ``/auth``: every address, and what a fault of ours looks like there."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Coroutine
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from phbportal import routes as paths
from phbportal.domain.errors import Refusal
from phbportal.sign_in import html
from phbportal.sign_in.arrivals import Arrivals
from phbportal.sign_in.backchannel import BackChannel
from phbportal.sign_in.choices import Choices
from phbportal.sign_in.departures import Departures
from phbportal.sign_in.hall import Hall
from phbportal.sign_in.whereabouts import Whereabouts

log = logging.getLogger("phbportal.sign_in")
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


class AuthRoutes:
    """The routes of one hall."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall

    def all(self) -> list[Route]:
        arrive, leave = Arrivals(self.hall), Departures(self.hall)
        choose = Choices(self.hall, arrive)
        return [
            self._route(paths.LOGIN, arrive.choose_provider),
            self._route(paths.LOGIN + "/{provider}", arrive.leave),
            self._route("/auth/callback/{provider}", arrive.come_back),
            self._route(paths.LOGOUT, leave.sign_out, "POST"),
            self._route(paths.SIGNED_OUT, leave.signed_out),
            self._route(paths.TIMED_OUT, leave.timed_out),
            self._route(paths.SESSION, leave.session_left, "GET", "POST"),
            self._route(paths.CHOOSE_ROLE, choose.choose_role, "GET", "POST"),
            self._route(paths.STEP_UP, arrive.step_up),
            self._route(paths.SESSIONS, Whereabouts(self.hall).sessions, "GET", "POST"),
            self._route("/auth/backchannel/{provider}", BackChannel(self.hall).sign_out, "POST"),
            self._route("/auth/invitation", choose.invitation, "GET", "POST"),
        ]

    def _route(self, path: str, endpoint: Endpoint, *methods: str) -> Route:
        """One address. Other methods end here too (with Starlette's own list they would go on to Reflex), among them
        HEAD: a look ahead must not begin a sign-in, nor use one up."""
        allowed = methods or ("GET",)
        return Route(path, self._answering(endpoint, allowed), methods=[*_METHODS])

    def _answering(self, endpoint: Endpoint, allowed: tuple[str, ...]) -> Endpoint:
        """``endpoint``, never with a traceback: those hold the values of rows, and servers log them."""

        async def answer(request: Request) -> Response:
            if request.method not in allowed:
                return Response(status_code=405, headers={"Allow": ", ".join(allowed)})
            try:
                return await endpoint(request)
            except (SQLAlchemyError, Refusal) as error:  # a Refusal here is a busy database
                log.error("%s: %s", endpoint.__name__, type(error).__name__)
                return html.unavailable(self.hall.settings, again=paths.LOGIN)
            except Exception as error:
                reference = secrets.token_hex(4)
                log.error("problem %s in %s: %s", reference, endpoint.__name__, type(error).__name__)
                return html.message(
                    self.hall.settings, "There is a problem with the portal",
                    f"Try again. If it keeps happening, contact us and quote {reference}.", status=500,
                )  # fmt: skip

        return answer
