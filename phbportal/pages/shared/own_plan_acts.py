"""What a person does with their plan, or whoever represents them: reads it, says something about it, signs it.

The pages of the two differ in whose plan it is and where they lead back to; a state says both.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form
from phbportal.policy.permissions import Permission
from phbportal.queries.holder_plans import OwnPlan, OwnPlans, own_plan, own_plans
from phbportal.queries.needs import OwnNeeds
from phbportal.queries.planners import PlanToWrite
from phbportal.services.agreements import read_agreed
from phbportal.services.plan_sharing import comment, read_comment, sign_own_plan
from phbportal.services.unit_of_work import UnitOfWork


class WhosePlan(PageState, mixin=True):
    """A page about the plans of one person."""

    def _person(self, uow: UnitOfWork) -> UUID | None:
        """Whose plans: None for the reader's own."""
        return None

    def _named(self) -> str:
        """How the person is called: "" for the reader themselves. Known once ``_person`` was asked."""
        return ""

    def _done(self, code: str) -> Any:
        """The way back, to be told that it is done."""
        raise NotImplementedError

    def _find(self, uow: UnitOfWork) -> OwnPlan:
        """The plan whose id stands in the address."""
        person, plan = self._person(uow), self._param("plan")
        return own_plan(uow.session, uow.actor, uow.today, plan, person_id=person, whose=self._named())

    def _param(self, name: str) -> str:
        return str(params_of(self).get(name, ""))


class OwnPlansPage(WhosePlan, mixin=True):
    """The plans, as text, with what was found before they were written and what no money may buy."""

    plans: list[OwnPlan] = []
    rules: list[str] = []
    money_rules: list[str] = []
    to_write: list[PlanToWrite] = []
    needs: OwnNeeds = OwnNeeds()

    def _show(self, uow: UnitOfWork) -> OwnPlans:
        person = self._person(uow)
        found = own_plans(uow.session, uow.actor, uow.today, person_id=person, whose=self._named())
        self.plans, self.rules, self.to_write, self.needs = found.plans, found.rules, found.to_write, found.needs
        self.money_rules = found.money_rules
        return found


class OwnPlanComment(WhosePlan, mixin=True):
    """The part something is said about, as the address names it."""

    place: str = "WHOLE"

    @reads(Permission.PLAN_COMMENT)
    def load(self, uow: UnitOfWork) -> None:
        self._find(uow)
        self.place = self._param("place") or "WHOLE"
        new_form(self)
        self.ready = True

    @writes(Permission.PLAN_COMMENT)
    def say(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        place, words = read_comment(form)
        plan_id = UUID(self._find(uow).plan_id)
        uow.once("plan comment", self.form_key, form, lambda: str(comment(uow, plan_id, place, words)))
        return self._done("said")


class OwnPlanSign(WhosePlan, mixin=True):
    """The plan to be signed, in the version that was read."""

    _seen: int = 0

    @reads(Permission.PLAN_OWN_SIGN)
    def load(self, uow: UnitOfWork) -> None:
        self._seen = self._find(uow).row_version
        self.ready = True

    @writes(Permission.PLAN_OWN_SIGN)
    def sign(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        read_agreed(form)
        sign_own_plan(uow, UUID(self._find(uow).plan_id), seen_version=self._seen)
        return self._done("signed")
