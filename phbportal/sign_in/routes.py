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
from phbportal.sign_in.choices import Choices
from phbportal.sign_in.departures import Departures
from phbportal.sign_in.hall import Hall

log = logging.getLogger("phbportal.sign_in")
Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


class AuthRoutes:
    """The routes of one hall."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall

    def all(self) -> list[Route]:
        arrive, leave = Arrivals(self.hall), Departures(self.hall)
        choose = Choices(self.hall, arrive)
        return [
            Route(paths.LOGIN, self._answering(arrive.choose_provider)),
            Route(paths.LOGIN + "/{provider}", self._answering(arrive.leave)),
            Route("/auth/callback/{provider}", self._answering(arrive.come_back)),
            Route(paths.LOGOUT, self._answering(leave.sign_out), methods=["POST"]),
            Route(paths.SIGNED_OUT, self._answering(leave.signed_out)),
            Route(paths.TIMED_OUT, self._answering(leave.timed_out)),
            Route(paths.SESSION, self._answering(leave.session_left), methods=["GET", "POST"]),
            Route(paths.CHOOSE_ROLE, self._answering(choose.choose_role), methods=["GET", "POST"]),
            Route("/auth/invitation", self._answering(choose.invitation), methods=["GET", "POST"]),
        ]

    def _answering(self, endpoint: Endpoint) -> Endpoint:
        """``endpoint``, never with a traceback: those hold the values of rows, and servers log them."""

        async def answer(request: Request) -> Response:
            if request.method == "HEAD":  # a look ahead must not begin a sign-in, nor use one up
                return Response(status_code=405, headers={"Allow": "GET"})
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
