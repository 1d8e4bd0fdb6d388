"""Whose page it is, for those that hang on a representative's part in somebody's life: its id stands in the address."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.domain.errors import NotFound
from phbportal.edge.here import params_of
from phbportal.edge.outcomes import PageState
from phbportal.queries.acted_for import part_of
from phbportal.queries.ids import given_id
from phbportal.services.unit_of_work import UnitOfWork


class OfPart(PageState, mixin=True):
    """The person, through the reader's part: NotFound for a part that does not represent them."""

    whose: str = ""
    part_href: str = ""
    plan_href: str = ""

    def _person(self, uow: UnitOfWork) -> UUID:
        part, person_id = part_of(uow.session, uow.actor, uow.today, given_id(self._part_id()))
        if not part.represents:
            raise NotFound()
        self.whose, self.part_href = part.whose, part.href
        self.plan_href = routes.of_part(routes.ACTING_FOR_PLAN, part.id)
        return person_id

    def _named(self) -> str:
        return self.whose

    def _done(self, code: str) -> Any:
        return rx.redirect(f"{routes.of_part(routes.ACTING_FOR_PLAN, self._part_id())}?done={code}")

    def _part_id(self) -> str:
        return str(params_of(self).get("part", ""))
