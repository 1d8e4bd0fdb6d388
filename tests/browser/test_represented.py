"""Two people who do not decide alone, from the offer to a live budget: a child with a parent, whose money comes from
health, education and the council; and an adult with a deputy, whose money is paid to a nominee."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Engine, select
from sqlmodel import col

from phbportal.domain.acting import Acting, Basis
from phbportal.domain.budgets import LineType
from phbportal.domain.capacity import Capacity
from phbportal.domain.consents import GivenBy
from phbportal.domain.eligibility import Cohort
from phbportal.domain.periods import months_after
from phbportal.domain.plan_parts import Section
from phbportal.domain.relations import Relation
from phbportal.domain.roles import Role
from phbportal.domain.streams import Frequency, Method, PayeeKind
from phbportal.policy.actors import SYSTEM
from phbportal.services import acting, budgets, capacity, plan_parts
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.tables.acting import PersonRole
from phbportal.tables.phbs import Phb, Review
from phbportal.tables.users import User
from tests.browser import walking
from tests.browser.stops import APPROVER, NOMINEE, REPRESENTATIVE
from tests.browser.visitor import NARROW, Given, Visitor
from tests.browser.walking import dates, ticks
from tests.support.demo import staff

LEARNING = "Signs and pictures, used the same way at home and at school."


def taken_by(engine: Engine, part: UUID, name: str) -> None:
    """A part is taken by somebody who signs in already, as their code would have done it."""
    with open_unit(engine, SYSTEM, writes=True) as uow:
        user = uow.session.execute(select(col(User.id)).where(col(User.display_name) == name)).scalars().first()
        uow.change(uow.session.get_one(PersonRole, part), user_id=user)


def represents(engine: Engine, person: UUID, basis: Basis, relation: Relation) -> UUID:
    """Sarah Webb represents somebody: proposed, checked, and agreed by the approver. Returns her part."""
    entry = acting.ActingEntry(Acting.REPRESENTATIVE, REPRESENTATIVE, relation, basis, lives_in_household=True)
    part = walking.as_case_manager(engine, lambda uow: acting.propose(uow, person, entry))
    checks = acting.ChecksEntry(walking.today())
    walking.as_case_manager(engine, lambda uow: acting.record_checks(uow, part, checks, seen_version=1))
    with open_unit(engine, staff(engine, "approver", Role.APPROVER), writes=True) as uow:
        acting.agree(uow, part)
    taken_by(engine, part, REPRESENTATIVE)
    return part


def says_yes(sarah: Visitor, part: UUID) -> None:
    """The representative answers the offer for the person."""
    sarah.opens(f"/acting-for/part/{part}/offer", shows="What is your answer?")
    ticks(sarah, "Yes")
    sarah.presses("Send my answer").sees("Your answer is sent to the team.")


def budgeted(
    uow: UnitOfWork, plan: UUID, service: UUID, payee: PayeeKind, part: UUID, weekly: int
) -> UUID:  # fmt: skip
    """A direct payment of so much a week to whoever acts. Returns the stream."""
    entry = budgets.StreamEntry(
        Method.DIRECT_PAYMENT, payee, uow.today, Frequency.WEEKLY, payee_role_id=part
    )  # fmt: skip
    stream = budgets.add_stream(uow, plan, entry)
    budgets.add_line(uow, plan, budgets.LineEntry(stream, LineType.AGENCY, weekly, 0, service))
    return stream


def assesses(marta: Visitor, person: UUID) -> None:
    """The case manager records what the child needs, page by page."""
    marta.opens(f"/staff/people/{person}", shows="No assessment is recorded yet.")
    marta.follows("Record an assessment of needs").settles("Who assessed")
    dates(marta, "Assessed on")
    marta.types("Assessed by", "Beatrice Okoro").types("Their profession", "Nurse assessor")
    ticks(marta, "Nursing and Midwifery Council (NMC)")
    marta.types("Registration number (optional)", "17K2231E").presses("Continue").settles("What they need")
    marta.presses("Add a need").page.get_by_label("Area").first.select_option(label="Learning and school")
    marta.types("What they need, in plain words", LEARNING).presses("Continue").settles("What came of it")
    marta.is_content()
    ticks(marta, "There are needs that a budget can meet")
    marta.types("In plain words, for the person", "Ada needs the same people at home and at school.")
    group = marta.page.get_by_role("group", name="To be looked at again by")
    due = walking.today() + timedelta(days=300)
    for part, value in (("Day", due.day), ("Month", due.month), ("Year", due.year)):
        group.get_by_label(part, exact=True).fill(str(value))
    marta.presses("Continue").settles("Check your answers").presses("Save").settles("Beatrice Okoro")
    marta.sees("The assessment is recorded.", LEARNING)


def test_a_child_with_a_parent_and_money_from_three_goes_from_the_offer_to_live(given: Given) -> None:
    engine, whose = given.portal.engine, "Ada Brookes"
    person = walking.known(engine, "Ada", "Brookes", months_after(walking.today(), -9 * 12))
    part = represents(engine, person, Basis.PARENT, Relation.PARENT)
    reference = walking.referred(engine, person, Cohort.EHC, GivenBy.REPRESENTATIVE, REPRESENTATIVE)
    home = f"/staff/phbs/{reference}"

    marta = walking.case_manager(given)
    walking.offers(marta, home)
    sarah = given.signed_in(REPRESENTATIVE, viewport=NARROW)
    says_yes(sarah, part)
    assesses(marta, person)
    walking.shows_amount(marta, home, "300", "20 hours a week at £15.00", to=REPRESENTATIVE)

    def plan(uow: UnitOfWork) -> UUID:
        made, service = walking.begun(
            uow, reference, "I like the swings.", "I tell my class what I did at the weekend.", "A signing helper"
        )
        education = plan_parts.SectionEntry("Signs with her class by summer.")
        plan_parts.write_section(uow, made, Section.EDUCATION, education)
        return budgeted(uow, made, service, PayeeKind.REPRESENTATIVE, part, 30_000)

    stream = walking.as_case_manager(engine, plan)
    marta.opens(f"{home}/money/funding", shows="Where nothing is said").page.get_by_label("In pounds a week").check()
    for funder, pounds in (("Health", "150"), ("Social care", "50"), ("Education", "90")):
        marta.types(f"{funder} (leave empty if they pay nothing)", pounds)
    marta.presses("Save").sees("The shares come to £290.00, £10.00 short of the £300.00 to pay.")
    marta.types("Education (leave empty if they pay nothing)", "100").presses("Save").settles("Who pays")
    marta.sees("Education", "£100.00")
    marta.opens(f"{home}/plan", shows="It rests on the assessment of needs of").presses("Share it with the person")
    marta.settles("Shared with the person")

    sarah.opens(f"/acting-for/part/{part}/plan", shows=LEARNING)
    sarah.sees("Ada needs the same people at home and at school.", "Signs with her class by summer.").is_content()
    sarah.page.get_by_role("link", name="Sign the plan").first.click()
    sarah.settles("Your signature says").page.get_by_label("I have read the plan").check()
    sarah.presses("Sign the plan").settles("You have signed the plan.")

    decided = walking.decide(given, marta, home, whose)
    walking.makes_agreement(marta, home, "The person and the board")
    walking.signs_for_them(sarah, part)
    walking.signs_for_board(decided[-1], whose)
    walking.paid(engine, stream, "S Webb")
    marta.opens(home, shows="Live since")
    sarah.opens(f"/acting-for/{reference}", shows="£300.00")
    sarah.opens(f"/acting-for/part/{part}/review", shows="First review of budget")
    ticks(sarah, "Well", "Sometimes")
    sarah.presses("Send").sees("Thank you. Your team reads this before the review.").is_content()
    assert [one.complaints for one in (marta, sarah, *decided)] == [[]] * 5


def test_an_adult_with_a_deputy_and_a_nominee_goes_from_the_offer_to_live(given: Given) -> None:
    engine, whose = given.portal.engine, "Bernard Lyle"
    person = walking.known(engine, "Bernard", "Lyle", date(1950, 2, 11))
    lacks = capacity.CapacityEntry("A direct payment", Capacity.LACKS, walking.today(), "Dr Arjun Mehta")
    walking.as_case_manager(engine, lambda uow: capacity.record_capacity(uow, person, lacks))
    deputy = represents(engine, person, Basis.DEPUTY, Relation.CHILD)
    reference = walking.referred(engine, person, Cohort.CHC, GivenBy.REPRESENTATIVE, REPRESENTATIVE)
    home = f"/staff/phbs/{reference}"

    marta = walking.case_manager(given)
    walking.offers(marta, home)
    sarah = given.signed_in(REPRESENTATIVE, viewport=NARROW)
    says_yes(sarah, deputy)
    sarah.opens(f"/acting-for/part/{deputy}/nominee", shows="What a nominee does")
    sarah.types("Their full name", NOMINEE).types("How can the team reach them?", "01632 960 123")
    sarah.page.get_by_label("Who are they to Bernard Lyle?").select_option(label="Brother or sister")
    sarah.types("What do you want them to do?", "Receive the money and pay the carers.").presses("Propose this person")
    sarah.settles("The case manager has been told whom you propose.")
    nominee = nominee_of(engine, person)

    nerys = given.signed_in(NOMINEE, viewport=NARROW).opens(f"/acting-for/part/{nominee}", shows="Do you agree to act?")
    nerys.presses("Yes, I agree to act").settles("You said yes.")
    marta.opens(f"/staff/people/{person}/helper/{nominee}", shows="No DBS certificate is needed.")
    marta.presses("Record the checks").sees("The checks were recorded.")
    ruth = agrees(given, person, nominee)

    walking.shows_amount(marta, home, "400", "The present cost of his care", to=REPRESENTATIVE)

    def plan(uow: UnitOfWork) -> UUID:
        made, service = walking.begun(
            uow, reference, "He kept bees.", "He sits in his garden every day.", "A carer who knows bees"
        )
        return budgeted(uow, made, service, PayeeKind.NOMINEE, nominee, 40_000)

    stream = walking.as_case_manager(engine, plan)
    decided = walking.decide(given, marta, home, whose)
    walking.makes_agreement(marta, home, "The person, the nominee and the board")
    walking.signs_for_them(sarah, deputy)
    walking.signs_for_them(nerys, nominee)
    walking.signs_for_board(decided[-1], whose)
    walking.paid(engine, stream, "N Powell")
    marta.opens(home, shows="Live since")
    nerys.opens(f"/acting-for/{reference}", shows="Before the review").is_content()
    nerys.types("What should the team know?", "The carer is kind. I need help with the payroll.")
    nerys.presses("Send to the team").sees("Thank you. The team reads this before the review.", "You said this on")
    marta.opens(f"{home}/review?review={review_of(engine, reference)}", shows="I need help with the payroll.")
    marta.is_content()
    assert [one.complaints for one in (marta, sarah, nerys, ruth, *decided)] == [[]] * 7


def nominee_of(engine: Engine, person: UUID) -> UUID:
    """The part the deputy proposed, which the nominee signs in for. Returns its id."""
    with open_unit(engine, SYSTEM, writes=False) as uow:
        theirs = select(col(PersonRole.id)).where(
            col(PersonRole.person_id) == person, col(PersonRole.role) == Acting.NOMINEE.value
        )
        part = uow.session.execute(theirs).scalar_one()
    taken_by(engine, part, NOMINEE)
    return part


def review_of(engine: Engine, reference: str) -> UUID:
    with open_unit(engine, SYSTEM, writes=False) as uow:
        of_budget = select(col(Phb.id)).where(col(Phb.reference) == reference)
        found = select(col(Review.id)).where(col(Review.phb_id).in_(of_budget)).order_by(col(Review.due_on)).limit(1)
        return uow.session.execute(found).scalar_one()


def agrees(given: Given, person: UUID, part: UUID) -> Visitor:
    """An approver who has just confirmed who they are agrees that the nominee acts."""
    ruth = given.freshly_signed_in(APPROVER).opens(f"/staff/people/{person}/helper/{part}", shows="When you agree")
    ruth.presses("Agree that they act").page.wait_for_url("**/dev-idp/**")
    ruth.presses(APPROVER).settles("When you agree")
    return ruth.presses("Agree that they act").sees("The board agreed. They act from now on.")
