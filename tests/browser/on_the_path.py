"""The steps from an offer to an approved plan that journeys share: in the browser, and by the services where another
journey walks the screens already."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import Engine

from phbportal.domain.clock import london_date
from phbportal.domain.consents import GivenBy
from phbportal.domain.eligibility import Cohort
from phbportal.domain.phbs import PhbKind
from phbportal.domain.plans import RegistrationBody
from phbportal.domain.roles import Role
from phbportal.services import approvals, consents, eligibility, people, phbs, plan_checks, plans
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from tests.browser.visitor import Visitor
from tests.support.demo import staff


def today() -> date:
    return london_date(datetime.now(UTC))


def dates(visitor: Visitor, question: str, on: date | None = None) -> None:
    """A day, today unless told, in the three boxes of a question."""
    day = on or today()
    group = visitor.page.get_by_role("group", name=question)
    for part, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(part, exact=True).fill(str(value))


def ticks(visitor: Visitor, *labels: str) -> None:
    for label in labels:
        visitor.page.get_by_label(label, exact=True).check()


def referred(
    engine: Engine, name: tuple[str, str], *, cohort: Cohort = Cohort.CHC, kind: PhbKind = PhbKind.ONGOING
) -> tuple[UUID, str]:
    """Somebody found eligible today, who may have a direct payment, and a budget nobody has offered yet."""
    with open_unit(engine, staff(engine, "case.manager", Role.CASE_MANAGER), writes=True) as uow:
        person = people.add_person(uow, people.PersonEntry(*name, date(1958, 4, 2), nhs_number_status="07"))
        found = eligibility.EligibilityEntry(cohort, uow.today, uow.today)
        right = eligibility.record_eligibility(uow, person, found)
        consents.record_consent(uow, person, consents.ConsentEntry(GivenBy.SELF, uow.today, ""))
        consents.record_exclusion_check(uow, person, excluded=False)
        return person, phbs.open_phb(uow, person, phbs.PhbEntry(right, kind))


def offered_and_told(marta: Visitor, home: str, *, question: str, amount: str, tool: str, of: str, says: str) -> None:
    """Offered, accepted, and told about how much there may be: ``amount`` answers ``question``, and the page ``says``
    it."""
    marta.opens(home, shows="It is the case manager’s turn.")
    marta.follows("Record the offer").settles("When was the budget offered?")
    dates(marta, "When was the budget offered?")
    ticks(marta, "In person", "The person was given information in a form they can use",
          "The person was offered an advocate")  # fmt: skip
    marta.presses("Record the offer").sees("The offer is recorded.", "It is the person’s turn to answer the offer.")
    marta.follows("Record the answer").settles("What is the answer?")
    ticks(marta, "Accepted", "The person")
    dates(marta, "When was it given?")
    marta.presses("Record the answer").sees("The answer is recorded.")
    marta.follows("Record the indicative budget").settles("About how much money")
    marta.types(question, amount)
    ticks(marta, tool)
    marta.types("What was it worked out from?", of)
    dates(marta, "When was it worked out?")
    marta.presses("Record the indicative budget").sees("Show it to the person next.")
    marta.does_not_see("Start the plan")
    marta.follows("Record that it was shown").settles(says)
    dates(marta, "When was it shown?")
    ticks(marta, "The person", "I explained the ways to hold the money, and that they can be mixed",
          "I explained that the money can be used flexibly for the plan")  # fmt: skip
    marta.presses("Record that it was shown").sees("Planning can begin.", "Start the plan")


def sent_and_approved(engine: Engine, plan_id: UUID) -> None:
    """Sent, signed off, its money checked, and approved, each by somebody else."""
    signature = plans.SignOffEntry("Siobhán Kelly", RegistrationBody.NMC, "99A1234E")
    acts: tuple[tuple[str, Role, Callable[[UnitOfWork], object]], ...] = (
        ("case.manager", Role.CASE_MANAGER, lambda uow: plans.submit_plan(uow, plan_id)),
        ("siobhan", Role.CLINICIAN, lambda uow: plans.sign_off_plan(uow, plan_id, signature)),
        ("kofi", Role.FINANCE, lambda uow: plan_checks.check_money(uow, plan_id, note="Funding, rates and sums.")),
        ("approver", Role.APPROVER, lambda uow: approvals.approve_plan(uow, plan_id)),
    )
    for who, role, act in acts:
        with open_unit(engine, staff(engine, who, role), writes=True) as uow:
            act(uow)
