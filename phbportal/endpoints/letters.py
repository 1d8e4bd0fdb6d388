"""A letter, to read or to print: ``GET /api/letter/{id}`` as a page, ``?as=pdf`` as a tagged document."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from phbportal import routes
from phbportal.domain.roles import STAFF_ROLES, Role
from phbportal.domain.text import long_date
from phbportal.endpoints.desk import Desk
from phbportal.gateways.letters import LetterPage, letter_pdf
from phbportal.queries.ids import given_id
from phbportal.services.letters import open_letter
from phbportal.sign_in import html
from phbportal.sign_in.own_page import home_of


class Letters(Desk):
    """The address of one hall."""

    kind: ClassVar[str] = "letter"

    def all(self) -> list[Route]:
        return [Route(routes.LETTER + "/{letter}", self.answering(self.hand_over), methods=["GET"])]

    async def hand_over(self, request: Request) -> Response:
        """The letter as it was sent, to whoever may read it."""
        letter_id = given_id(str(request.path_params["letter"]))
        found, role = await self.in_unit(
            request, lambda uow: (open_letter(uow, letter_id), uow.actor.role), writes=False
        )
        if request.query_params.get("as") != "pdf":
            return html.page(
                self.hall.settings, "letter.html", title=found.title, letter=found,
                written_on=long_date(found.written_on), pdf=routes.letter(letter_id, pdf=True),
                back=_back(role, letter_id),
            )  # fmt: skip
        page = LetterPage(
            found.board, found.title, found.addressee, found.address, found.paragraphs, found.written_on
        )  # fmt: skip
        made = await to_thread.run_sync(lambda: letter_pdf(page))
        return Response(
            made, media_type="application/pdf",
            headers={
                "Content-Disposition": 'attachment; filename="letter.pdf"', "Cache-Control": "no-store",
                "Content-Security-Policy": "sandbox; default-src 'none'",
            },
        )  # fmt: skip


def _back(role: Role, letter_id: UUID | None) -> str:
    """Where whoever reads a letter came from: staff its record, a holder their decisions, others their own page."""
    if role in STAFF_ROLES and letter_id:
        return routes.staff_record("letters", letter_id)
    return routes.MY_DECISIONS if role is Role.HOLDER else home_of(role)
