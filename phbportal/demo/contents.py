"""What the demo world's plans hold besides outcomes: sections and risks, who writes one, what is said about one, what
is asked before buying, and a rule of the board's own."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.demo.days import ago
from phbportal.demo.people import holder
from phbportal.demo.stage import Stage
from phbportal.domain.plan_parts import Place, Section
from phbportal.domain.plans import Share
from phbportal.domain.roles import Role
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.services import change_requests, exclusions, plan_parts, plan_sharing, planners, purchases
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.plan_sharing import PlanComment
from phbportal.tables.plans import Plan
from phbportal.tables.purchases import PurchaseQuestion
from phbportal.tables.users import User

SECTIONS: dict[Section, tuple[str, Share]] = {
    Section.NEEDS: ("Help to move, wash and dress.\nSomebody awake at night.", Share.PROVIDER),
    Section.COMMUNICATION: ("Large print. Speak to Frances first, then to her daughter.", Share.ALL),
    Section.CAPACITY: ("Frances decides about her care and her money. She asks her daughter when she is tired.",
                       Share.NOBODY),
    Section.MONEY: ("Frances is paid a direct payment. Her daughter keeps the receipts.", Share.NOMINEE),
    Section.CO_ORDINATOR: ("Marta Kowalska, who is named on every letter.", Share.ALL),
    Section.MONITORING: ("The community matron, every three months.", Share.PROVIDER),
    Section.NOTICE: ("Four weeks before the budget is reduced or stopped, unless somebody is in danger.", Share.ALL),
}  # fmt: skip
RISK = {
    "risk": "Nobody comes at night because a worker is ill", "likelihood": "3", "impact": "4",
    "mitigation": "Two workers on call; the agency sends somebody within two hours",
    "owner": "Frances and her daughter",
    "accepted_by": "", "share": "PROVIDER",
}  # fmt: skip
CONTINGENCY = {
    "happens": "The power goes off", "action": "Use the battery of the mattress pump, then ring the loan store",
    "who": "Whoever is on shift", "share": "PROVIDER",
}  # fmt: skip
OMISSION = {
    "asked_for": "A new kitchen", "reason": "It is not for a health need. The council’s grant for adaptations is.",
    "share": "NOBODY",
}  # fmt: skip
RULE = {
    "words": "rent, mortgage and household bills", "easy": "Rent and bills",
    "looks_like": "rent, mortgage, council tax",
    "policy": "PHB policy, section 4.2",
}  # fmt: skip


class Contents:
    """Told after the stories, about people who are there by then."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.on = stage, stage.days.working()
        self.marta = stage.staff["marta", Role.CASE_MANAGER]

    def tell(self) -> None:
        """What Frances’s plan holds, what Ros says and asks, who writes Noah’s plan, and a rule of the board."""
        self._written()
        self._said_and_asked()
        self._planned()
        self._ruled()

    def _written(self) -> None:
        phb, plan = self._plan("frances")

        def write(uow: UnitOfWork) -> None:
            for section, (words, share) in SECTIONS.items():
                plan_parts.write_section(uow, plan, section, plan_parts.SectionEntry(words, share))
            plan_parts.add_risk(uow, RISK | {"phb_id": phb})
            plan_parts.add_contingency(uow, CONTINGENCY | {"phb_id": phb})
            plan_parts.add_omission(uow, OMISSION | {"phb_id": phb})

        self.stage.act(self.marta, "frances contents", self.on, write)

    def _said_and_asked(self) -> None:
        """Ros said something about her plan and asked before buying, twice each; the first of each was answered."""
        _phb, plan = self._plan("rosalind")
        ros, reference = self._holder("rosalind"), self._reference("rosalind")
        week_ago = ago(self.on, 7)
        for n, (place, words, on) in enumerate((
            (Place.SERVICES, "Could the pool be on Tuesdays? My sister comes then.", week_ago),
            (Place.WHAT_MATTERS, "I would like to add my choir.", self.on),
        )):  # fmt: skip
            self._act(ros, f"ros said {n}", on, lambda uow, p=place, w=words: plan_sharing.comment(uow, plan, p, w))
        answer = {"answer": "Yes. I have changed the days with the pool."}
        self._act(self.marta, "ros answered", ago(self.on, 5), lambda uow: self._answer(uow, PlanComment, answer))
        for n, (question, pence, on) in enumerate((
            ("A waterproof coat for my assistant, so that we can go out in the rain", 6_500, week_ago),
            ("A tablet, to see my sister when she is away", 19_900, self.on),
        )):  # fmt: skip
            entry = purchases.QuestionEntry(question, pence)
            self._act(ros, f"ros asked {n}", on, lambda uow, e=entry: purchases.ask(uow, reference, e))
        yes = {"status": "YES", "answer": "Yes: it keeps you going out, which is what your plan is for."}
        self._act(self.marta, "ros may buy", ago(self.on, 5), lambda uow: self._answer(uow, PurchaseQuestion, yes))
        self._act(ros, "ros bought", ago(self.on, 2), self._bought)

    def _bought(self, uow: UnitOfWork) -> None:
        """The coat, which came to a little more than was agreed."""
        first = uow.session.execute(select(col(PurchaseQuestion.id)).order_by(col(PurchaseQuestion.id)).limit(1))
        told = purchases.BoughtEntry(first.scalar_one(), 7_199, ago(self.on, 3), "Regatta, Chester")
        purchases.tell_bought(uow, told)

    def _answer(self, uow: UnitOfWork, table: Any, values: dict[str, str]) -> None:
        """Answer the first that was asked."""
        first = uow.session.execute(select(table.id).order_by(table.id).limit(1)).scalar_one()
        if table is PlanComment:
            plan_sharing.answer_comment(uow, first, values)
        else:
            purchases.answer_question(uow, first, values)

    def _planned(self) -> None:
        """Noah’s mother is asked to write what school is for, with him."""
        phb, _plan = self._plan("noah")
        values = {"phb_id": phb, "planner": "REPRESENTATIVE", "note": "Please write with Noah what school is for."}
        tunde = self.stage.staff["tunde", Role.CASE_MANAGER]
        self._act(tunde, "noah planner", self.on, lambda uow: planners.invite_planner(uow, values))

    def _ruled(self) -> None:
        denise, ruth = self.stage.staff["denise", Role.FINANCE], self.stage.staff["ruth", Role.APPROVER]
        values = RULE | {"starts_on": self.on}
        reason = "Agreed by the board’s panel."
        request = self._act(denise, "rule", self.on, lambda uow: exclusions.propose_rule(uow, values, reason))
        self._act(ruth, "rule agreed", self.on, lambda uow: change_requests.approve(uow, UUID(request)))

    def _act(self, who: Actor, what: str, on: date, do: Any) -> str:
        return self.stage.act(who, what, on, do)

    def _plan(self, key: str) -> tuple[UUID, UUID]:
        """The budget and the latest plan of somebody."""
        with open_unit(self.stage.engine, SYSTEM, writes=False) as uow:
            row = uow.session.execute(
                select(col(Phb.id), col(Plan.id).label("plan"))
                .join(Person, col(Person.id) == col(Phb.person_id))
                .join(Plan, col(Plan.phb_id) == col(Phb.id))
                .where(col(Person.nhs_number) == holder(key, self.stage.days.today).entry.nhs_number)
                .order_by(col(Plan.version).desc())
                .limit(1)
            ).one()
        return row.id, row.plan

    def _reference(self, key: str) -> str:
        phb, _plan = self._plan(key)
        with open_unit(self.stage.engine, SYSTEM, writes=False) as uow:
            return uow.session.get_one(Phb, phb).reference

    def _holder(self, key: str) -> Actor:
        """Somebody who signs in to their own budget."""
        number = holder(key, self.stage.days.today).entry.nhs_number
        with open_unit(self.stage.engine, SYSTEM, writes=False) as uow:
            person = uow.session.execute(select(Person).where(col(Person.nhs_number) == number)).scalar_one()
            user = uow.session.execute(select(User).where(col(User.person_id) == person.id)).scalar_one()
        return Actor(Role.HOLDER, user_id=user.id, display_name=user.display_name, person_id=person.id)
