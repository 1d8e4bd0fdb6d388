"""Finding the plan that somebody says something about, or signs: their own, or that of whom they represent."""

from __future__ import annotations

from uuid import UUID

from phbportal.edge.here import params_of
from phbportal.edge.outcomes import PageState
from phbportal.queries.holder_plans import OwnPlan, own_plan
from phbportal.services.unit_of_work import UnitOfWork


class OwnPlanAct(PageState, mixin=True):
    """A page about one plan: the one whose id stands in the address."""

    def _find(self, uow: UnitOfWork, person_id: UUID | None = None) -> OwnPlan:
        return own_plan(uow.session, uow.actor, uow.today, self._param("plan"), person_id=person_id)

    def _param(self, name: str) -> str:
        return str(params_of(self).get(name, ""))
