"""Visible by scope ⇔ permitted by decide: two expressions of one law, compared row by row (I29).

The world: in each of two boards a budget that has been through everything (a direct payment, and a third-party
stream with an agreement in force) and a person who is only known; two holders in the first board; two organisations,
one of which holds money for one person only; and somebody who moved from the first board to the second on 1 June 2026.
The first holder has another stream that is paid to a nominee; a child of the first board is represented by a parent.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, col

from phbportal.domain.acting import Acting, NominatedBy
from phbportal.domain.capacity import Capacity
from phbportal.domain.consents import GivenBy
from phbportal.domain.eligibility import Cohort
from phbportal.domain.errors import NotFound
from phbportal.domain.reconsiderations import Asker, How
from phbportal.domain.relations import Relation
from phbportal.domain.roles import STAFF_ROLES, Role
from phbportal.domain.streams import Method, PayeeKind
from phbportal.policy.actors import SYSTEM, Actor, Subject
from phbportal.policy.decide import decide
from phbportal.policy.permissions import Permission
from phbportal.queries.scope import ASKS_WHO, READ, visible
from phbportal.services import acting, capacity
from phbportal.services.reconsiderations import AskedEntry, record_asked
from phbportal.services.subjects import subject_of
from phbportal.services.unit_of_work import UnitOfWork, open_unit, scoped_tables
from phbportal.tables.arrangements import Agreement, IsfAnswer, IsfConfirmation, Signature
from phbportal.tables.audit import AccessEvent, AuditEvent
from phbportal.tables.board_money import BoardMoney
from phbportal.tables.break_glass import BreakGlass
from phbportal.tables.budgets import BudgetVersion, PayeeAccount, Stream
from phbportal.tables.change_requests import ChangeRequest
from phbportal.tables.document_templates import DocumentTemplate
from phbportal.tables.documents import Document
from phbportal.tables.endings import HospitalStay, PaymentDeduction, PhbEnding
from phbportal.tables.equipment import Equipment
from phbportal.tables.exports import ExportRequest
from phbportal.tables.funding import FundingShare
from phbportal.tables.imports import ImportBatch
from phbportal.tables.local_rules import LocalRule
from phbportal.tables.needs import AssessedNeed, NeedsAssessment
from phbportal.tables.notes import Note
from phbportal.tables.organisations import Organisation
from phbportal.tables.payee_agreements import PayeeAgreement, PayeeSignature
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person, PersonResponsibility
from phbportal.tables.phbs import Phb, Review, Task
from phbportal.tables.plan_parts import PlanContingency, PlanOmission, PlanRisk, PlanSection
from phbportal.tables.plan_sharing import PlanComment, PlanInvitation
from phbportal.tables.plans import Outcome, Plan, PlanService
from phbportal.tables.purchases import PurchaseQuestion
from phbportal.tables.registrations import Registration
from phbportal.tables.reviews import ReviewAnswer, ReviewComment, ReviewOutcome
from phbportal.tables.role_grants import RoleGrant
from phbportal.tables.settings import PolicySetting, Rate
from phbportal.tables.uplifts import Uplift, UpliftItem
from phbportal.tables.users import Assignment, Invitation, User
from phbportal.tables.wheelchairs import Wheelchair, WheelchairContribution
from phbportal.tables.workers import Worker
from tests.services.deciding import issued, prepared, reduce, stop
from tests.support import arranging, journey
from tests.support.journey import NUMBERS, Case, StreamPlan
from tests.support.world import World, add_staff, at, make_world

TODAY = date(2026, 7, 1)
START = date(2026, 4, 13)
MOVED_ON = date(2026, 6, 1)
TABLES = scoped_tables()
STREAMS = (StreamPlan(Method.DIRECT_PAYMENT, 125_000), StreamPlan(Method.THIRD_PARTY, 90_000))
# What an organisation sees of the people it holds money for; everything else of theirs is closed to it (I31).
PARTS_OF_PLANS = {Outcome, PlanService, PlanSection, PlanRisk, PlanContingency, PlanOmission}
OPEN_TO_PROVIDERS = {
    IsfConfirmation, IsfAnswer, Agreement, Signature, Stream, PaymentItem, PlanInvitation, PayeeAgreement,
    PayeeSignature, ReviewComment, *PARTS_OF_PLANS,
}  # fmt: skip
CLOSED_TO_HOLDERS = {
    Task, AuditEvent, Organisation, Equipment, Note, ExportRequest, ImportBatch, User, Assignment, Invitation,
    RoleGrant, BreakGlass, ChangeRequest, PolicySetting, Rate, BoardMoney, DocumentTemplate, LocalRule, PhbEnding,
    Registration, ReviewComment, Uplift, UpliftItem,
}  # fmt: skip
# Public facts, the same for every board: any member of staff reads all of them.
EVERYBODYS = {Organisation, Rate}


@dataclass
class Boards:
    """Both boards with their worlds, and the people in them."""

    here: World
    there: World
    case: Case
    second: Case
    elsewhere: Case
    moved: Case
    child: Case
    parts: dict[str, Actor]
    providers: dict[str, Actor]
    subjects: dict[tuple[type[SQLModel], date], dict[UUID, Subject]] = field(default_factory=dict)

    @property
    def holders(self) -> dict[str, Case]:
        return {"first": self.case, "second": self.second, "elsewhere": self.elsewhere, "moved": self.moved}


def helpers(world: World, person_id: UUID) -> None:
    """Somebody who helps and decides nothing, and an assessment of capacity."""
    entry = acting.ActingEntry(Acting.ADVOCATE, "Ada Vocate", Relation.PROFESSIONAL)
    world.do(world.cm, lambda uow: acting.propose(uow, person_id, entry))
    found = capacity.CapacityEntry("A direct payment", Capacity.HAS, world.today, "Dr Who")
    world.do(world.cm, lambda uow: capacity.record_capacity(uow, person_id, found))


def represented(world: World, provider: Actor) -> tuple[Case, Actor]:
    """A child whose direct payment is paid to a parent, and the parent, who signs their third-party agreement too."""
    person_id = journey.add_person(world, born=date(2014, 5, 6), number=NUMBERS[6], names=("Nia", "Young"))
    part = journey.parent(world, person_id)
    journey.allow_direct_payment(world, person_id, given_by=GivenBy.REPRESENTATIVE)
    organisation = provider.organisation_id
    assert organisation is not None
    stream = StreamPlan(Method.DIRECT_PAYMENT, 30_000, payee=(PayeeKind.REPRESENTATIVE, part))
    held = StreamPlan(Method.THIRD_PARTY, 10_000, organisation_id=organisation)
    case = journey.draft(world, stream, held, person_id=person_id, cohort=Cohort.CYPCC)
    journey.submit(world, case)
    journey.sign_off(world, case)
    journey.approve(world, case)
    journey.account(world, case.streams[0])
    journey.pay(world, case.streams[0], START, date(2026, 5, 3))
    them = journey.user_of(world, part, Role.REPRESENTATIVE)
    offer = arranging.offer(world, case, organisation)
    arranging.answer(world, provider, offer)
    agreement = arranging.agreement(world, offer)
    for who in (provider, world.approver, them):
        arranging.sign(world, who, agreement)
    with world.unit(world.cm) as uow:
        uow.saw("person", person_id=person_id)
    return case, them


def people_acting(world: World, case: Case, parent: Actor) -> dict[str, Actor]:
    """Who acts for others here: live, proposed, on hold and ended."""
    with world.unit(world.cm, writes=False) as uow:
        paid = uow.session.get_one(Stream, case.streams[1]).payee_role_id
    assert paid is not None
    found = {"parent": parent, "nominee": journey.user_of(world, paid, Role.NOMINEE)}
    with world.unit(world.cm) as uow:
        review = uow.session.execute(select(Review).where(col(Review.phb_id) == case.phb_id)).scalars().first()
        assert review is not None
        uow.add(ReviewComment, review_id=review.id, stream_id=case.streams[1], phb_id=case.phb_id, icb_id=world.icb,
                said_as="NOMINEE", said_by=found["nominee"].user_id, said_name="Nell Ominee", said_on=TODAY,
                words="I pay on time.")  # fmt: skip
    entry = acting.ActingEntry(Acting.NOMINEE, "Prue Posed", Relation.CHILD, nominated_by=NominatedBy.HOLDER)
    part = world.do(world.cm, lambda uow: acting.propose(uow, case.person_id, entry))
    found["proposed nominee"] = journey.user_of(world, part, Role.NOMINEE)
    for name, act in (("suspended nominee", acting.suspend), ("ended nominee", acting.end)):
        part = journey.nominee(world, case.person_id, name)
        found[name] = journey.user_of(world, part, Role.NOMINEE)
        world.do(world.cm, lambda uow, a=act, p=part: a(uow, p, "No longer able to"))
    ours = arranging.organisation(world, "Ours", ods_code="ULO01")
    entry = acting.ActingEntry(
        Acting.NOMINEE, "Ours", Relation.ORGANISATION, nominated_by=NominatedBy.HOLDER, organisation_code="ULO01"
    )
    journey.acts(world, case.person_id, entry, dbs_on=date(2026, 1, 5))
    for name, board in (("let in here", world.icb), ("let in there", world.other_icb)):
        found[name] = Actor(Role.NOMINEE, user_id=UUID(int=5), icb_id=board, organisation_id=ours)
    return found


def through_everything(
    world: World, number: str, names: tuple[str, str], provider: Actor, *, nominee: bool = False
) -> Case:
    """A direct payment and a third-party stream from a person to paid first payments; a task and a look beside them."""
    organisation = provider.organisation_id
    assert organisation is not None
    person_id = journey.add_person(world, number=number, names=names)
    helpers(world, person_id)
    direct, third = STREAMS
    paid = [direct, replace(third, organisation_id=organisation)]
    if nominee:
        part = journey.nominee(world, person_id)
        paid.insert(1, StreamPlan(Method.DIRECT_PAYMENT, 20_000, payee=(PayeeKind.NOMINEE, part)))
    case = journey.approved(world, *paid, person_id=person_id)
    arranging.arranged(world, case, organisation, provider)
    for stream in case.streams:
        journey.account(world, stream)
        journey.pay(world, stream, START, date(2026, 5, 3))
    with world.unit(world.cm) as uow:
        uow.saw("person", person_id=person_id, phb_id=case.phb_id)
        uow.add(Document, icb_id=world.icb, phb_id=case.phb_id, kind="LETTER", name="letter.pdf", size=1, sha256="x",
                media_type="application/pdf", stored_as=case.reference, for_them=True)  # fmt: skip
        uow.add(Document, icb_id=world.icb, phb_id=case.phb_id, kind="LETTER", name="before.pdf", size=1, sha256="z",
                media_type="application/pdf", stored_as=f"{case.reference}-before")  # fmt: skip
        uow.add(Document, icb_id=world.icb, phb_id=case.phb_id, kind="ASSESSMENT", name="found.pdf", size=1, sha256="y",
                media_type="application/pdf", stored_as=f"{case.reference}-found")  # fmt: skip
        uow.add(Equipment, icb_id=world.icb, phb_id=case.phb_id, name="Hoist", search_name="hoist", price_pence=1,
                status="IN_USE", bought_on=world.today)  # fmt: skip
        budget = uow.session.execute(
            select(col(BudgetVersion.id)).where(col(BudgetVersion.phb_id) == case.phb_id)
        ).scalar_one()
        uow.add(FundingShare, budget_id=budget, position=1, funder="HEALTH", weight=1)
        uow.add(Worker, icb_id=world.icb, phb_id=case.phb_id, name="Ana Assistant", relation="OTHER")
        chair = uow.add(Wheelchair, icb_id=world.icb, phb_id=case.phb_id, way="PWB_NOTIONAL", chair="Chair",
                        prescribed_on=TODAY, value_pence=1, extras_pence=0, relieved_of_vat=False, repairs_pence=0,
                        chair_pence=0, covers="REPAIRS_AND_MAINTENANCE", budget_pence=1, person_pays_pence=0,
                        term_years=5, ended_on=TODAY)  # fmt: skip
        uow.add(WheelchairContribution, icb_id=world.icb, phb_id=case.phb_id, wheelchair_id=chair.id, source="CHARITY",
                name="Wheels", amount_pence=1, promised_on=TODAY)  # fmt: skip
        kept_account(uow, world, case, organisation)
        uow.add(Note, icb_id=world.icb, resource="phbs", about_id=case.phb_id, phb_id=case.phb_id, person_id=person_id,
                role="FINANCE", words="Rang back.")  # fmt: skip
        what_a_plan_holds(uow, world, case, organisation)
        a_life(uow, case)
        for role in (Role.FINANCE, Role.ADMIN):
            uow.add(Task, icb_id=world.icb, kind="test", role=role.value, phb_id=case.phb_id, person_id=person_id,
                    sentence="Look at this.")  # fmt: skip
    decided(world, case)
    return case


def kept_account(uow: UnitOfWork, world: World, case: Case, organisation: UUID) -> None:
    """Two agreements about an account the organisation keeps for them: one that waits, signed by it, and one that was
    replaced."""
    about = {"icb_id": world.icb, "phb_id": case.phb_id}
    account = uow.session.get_one(Stream, case.streams[0]).account_id
    if account is not None:
        uow.change(uow.session.get_one(PayeeAccount, account), kind="MANAGED", organisation_id=organisation)
    for status in ("OPEN", "REPLACED"):
        one = uow.add(PayeeAgreement, **about, stream_id=case.streams[0], plan_id=case.plan_id, status=status,
                      kind="MANAGED", organisation_id=organisation, template_version="1", law_as_of=TODAY,
                      plan_version=1, plan_hash="x", content="# A", content_hash="x")  # fmt: skip
        uow.add(PayeeSignature, **about, agreement_id=one.id, party="ORGANISATION", how="PAPER", signer_name="Lena",
                signed_on=TODAY, content_hash="x")  # fmt: skip


def what_a_plan_holds(uow: UnitOfWork, world: World, case: Case, organisation: UUID) -> None:
    """One of each part of a plan for the provider and one for nobody else; who writes it, a comment, a question."""
    of_plan = {"plan_id": case.plan_id, "phb_id": case.phb_id}
    whose = {**of_plan, "person_id": case.person_id, "icb_id": world.icb}
    for n, (section, share) in enumerate((("NEEDS", "PROVIDER"), ("HEALTH", "NOBODY"))):
        uow.add(PlanSection, **of_plan, section=section, words="Help at night.", share=share)
        uow.add(PlanRisk, **of_plan, position=n, risk="Falls", likelihood=2, impact=3, mitigation="Rails", owner="Jo",
                share=share)  # fmt: skip
        uow.add(PlanContingency, **of_plan, position=n, happens="Jo is ill", action="Ring Al", who="Al", share=share)
        uow.add(PlanOmission, **of_plan, position=n, asked_for="A car", reason="Not a need.", share=share)
    uow.add(PlanInvitation, **whose, planner="ORGANISATION", organisation_id=organisation, name="Planners",
            status="ASKED", asked_on=world.today)  # fmt: skip
    uow.add(PlanComment, **whose, place="NEEDS", words="Not at night.", said_as="HOLDER", said_name="Amina")
    user = uow.add(User, display_name="Asks")
    del whose["plan_id"]
    uow.add(PurchaseQuestion, **whose, question="A tablet?", cost_pence=9_900, asked_as="HOLDER", asked_name="Amina",
            asked_by=user.id, asked_on=world.today, due_on=world.today, status="OPEN")  # fmt: skip


def a_life(uow: UnitOfWork, case: Case) -> None:
    """A review with what was said and found, a stay in hospital with what is taken off, and an end."""
    about = {"icb_id": uow.actor.icb_id, "phb_id": case.phb_id}
    review = uow.add(Review, kind="CHANGE", due_on=TODAY, **about)
    outcome = uow.session.execute(
        select(col(Outcome.id)).where(col(Outcome.plan_id) == case.plan_id).limit(1)
    ).scalar_one()  # fmt: skip
    uow.add(ReviewOutcome, review_id=review.id, outcome_id=outcome, status="MET", **about)
    uow.add(ReviewAnswer, review_id=review.id, satisfaction="GOOD", control="YES", words="", answered_by="STAFF",
            answered_on=TODAY, **about)  # fmt: skip
    whose = {"person_id": case.person_id, "icb_id": uow.actor.icb_id}
    needs = uow.add(NeedsAssessment, assessed_on=TODAY, assessor="Nia Nurse", profession="Nurse", outcome="NEEDS",
                    summary="Help at night.", **whose)  # fmt: skip
    uow.add(AssessedNeed, assessment_id=needs.id, position=1, area="MOVING", words="A hoist.", **whose)
    mistaken = uow.add(NeedsAssessment, assessed_on=TODAY, assessor="Nia Nurse", profession="Nurse", outcome="NEEDS",
                       summary="Another’s.", mistake="It is about her sister.", **whose)  # fmt: skip
    uow.add(AssessedNeed, assessment_id=mistaken.id, position=1, area="MOVING", words="Another’s.", **whose)
    for n, stream in enumerate(case.streams):
        said_as = "PROVIDER" if n == len(case.streams) - 1 else "NOMINEE"
        uow.add(ReviewComment, review_id=review.id, stream_id=stream, said_as=said_as, said_by=uow.actor.user_id,
                said_name="Somebody", said_on=TODAY, words="It goes well.", **about)  # fmt: skip
    stay = uow.add(HospitalStay, icb_id=uow.actor.icb_id, person_id=case.person_id, admitted_on=TODAY,
                   reported_by="Ward", decision="NONE")  # fmt: skip
    uow.add(PaymentDeduction, stream_id=case.streams[0], stay_id=stay.id, first_night=TODAY, last_night=TODAY,
            amount_pence=1, **about)  # fmt: skip
    uplift = uow.add(
        Uplift, icb_id=uow.actor.icb_id, effective_on=TODAY, basis_points=410, policy="", status="DRAFT",
        proposed_by=uow.actor.user_id,
    )  # fmt: skip
    uow.add(UpliftItem, uplift_id=uplift.id, stream_id=case.streams[0], effective_on=TODAY, before_pence=1,
            after_pence=2, more_yearly_pence=52, working="", lines_json="", status="CHOSEN", **about)  # fmt: skip
    uow.add(PhbEnding, reason="MOVED_AREA", ends_on=TODAY, before="{}", begun_by=uow.actor.user_id, **about)


def decided(world: World, case: Case) -> None:
    """A decision nobody has been told of, and one that is issued about each stream; each of those is asked again."""
    later = TODAY + timedelta(days=60)
    for stream in case.streams:
        one = issued(world, case, reduce(stream, 5_000, later))
        entry = AskedEntry(Asker.HOLDER, "Test", How.LETTER, world.today, "I do not agree.")
        world.do(world.cm, lambda uow, d=one, e=entry: record_asked(uow, d, e))
    prepared(world, case, stop(later))


@pytest.fixture(scope="module")
def boards(module_engine: Engine) -> Boards:
    here = make_world(module_engine, today=date(2026, 4, 1))
    actors = {name.removeprefix("other_"): a for name, a in here.actors.items() if name.startswith("other_")}
    there = World(module_engine, here.today, here.other_icb, here.icb, actors)
    with open_unit(module_engine, SYSTEM, writes=True, now=at(here.today)) as uow:
        there.actors["finance2"] = add_staff(uow, "other_finance2", Role.FINANCE, here.other_icb, here.today)
        # Something nobody's board did, as the nightly work writes it.
        uow.record("user_invited", role="administrator")
    larch, elm = (arranging.organisation(here, name) for name in ("Larch Care CIC", "Elm House"))
    idle = arranging.organisation(here, "Asked Nothing")
    providers = {
        "larch": arranging.somebody_of(here, larch, "Lena Larch"), "elm": arranging.somebody_of(here, elm, "Edie Elm"),
        "idle": arranging.somebody_of(here, idle, "Ida Idle"),
    }  # fmt: skip
    child, parent = represented(here, providers["elm"])
    built = Boards(
        here, there,
        through_everything(here, NUMBERS[0], ("Amina", "Okafor-Reyes"), providers["larch"], nominee=True),
        through_everything(here, NUMBERS[1], ("Bertram", "Quill"), providers["elm"]),
        through_everything(there, NUMBERS[2], ("Chidi", "Marsh"), providers["larch"]),
        through_everything(here, NUMBERS[3], ("Dilys", "Wray"), providers["larch"]),
        child, {}, providers,
    )  # fmt: skip
    built.parts.update(people_acting(here, built.case, parent))
    # Asked, and neither declined nor let run out by the organisation yet: each end of an offer hides it again.
    waiting = arranging.approved(here, elm, person_id=journey.add_person(here, number=NUMBERS[7]))
    arranging.offer(here, waiting, elm)
    for world, case in ((here, built.case), (there, built.elsewhere)):
        an_office(world, case)
    journey.add_person(here, number=NUMBERS[4], names=("Only", "Known"))
    journey.add_person(there, number=NUMBERS[5], names=("Also", "Known"))
    with open_unit(module_engine, SYSTEM, writes=True, now=at(MOVED_ON)) as uow:
        before = uow.session.execute(
            select(PersonResponsibility).where(col(PersonResponsibility.person_id) == built.moved.person_id)
        ).scalar_one()
        before.ends_on = MOVED_ON - timedelta(days=1)
        uow.add(PersonResponsibility, person_id=built.moved.person_id, icb_id=there.icb, starts_on=MOVED_ON)
    return built


def an_office(world: World, case: Case) -> None:
    """What the office keeps: a proposed role, a code, an asking by each of two administrators; and a holder's role,
    which its list does not show."""
    what_is_proposed(world, case)
    with open_unit(world.engine, SYSTEM, writes=True, now=at(world.today)) as uow:
        second = add_staff(uow, f"second_admin_{world.icb}", Role.ADMIN, world.icb, world.today)
        uow.add(RoleGrant, icb_id=world.icb, kind="ROLE", status="PROPOSED", role="FINANCE", user_id=world.cm.user_id,
                display_name="Cm", reason="Test", proposed_by=world.admin.user_id)  # fmt: skip
        uow.add(DocumentTemplate, icb_id=world.icb, code="REVIEW", kind="LETTER", version=1, title="Review",
                search_title="review", body="Dear {person_name}", law_as_of=world.today, status="IN_USE")  # fmt: skip
        uow.add(LocalRule, icb_id=world.icb, code="L01", words="rent", search_words="rent", easy="Rent", policy="PHB 1",
                starts_on=world.today)  # fmt: skip
        for role in ("CLINICIAN", "NOMINEE"):
            uow.add(Invitation, code_hash=f"{role}{world.icb}"[:64], role=role, icb_id=world.icb, display_name="New",
                    expires_at=at(TODAY))  # fmt: skip
        for admin in (world.admin, second):
            uow.add(BreakGlass, icb_id=world.icb, user_id=admin.user_id, person_id=case.person_id,
                    reference=case.reference, reason="Test", status="ASKED")  # fmt: skip
        for asker, role in ((world.cm, "CASE_MANAGER"), (world.finance, "FINANCE"), (world.auditor, "AUDITOR")):
            uow.add(ExportRequest, icb_id=world.icb, resource="people", title="People", asked_for="{}", file_kind="CSV",
                    asked_by=asker.user_id, asked_role=role, status="ASKED")  # fmt: skip
        for preparer, role in ((world.cm, "CASE_MANAGER"), (world.finance, "FINANCE"), (world.admin, "ADMIN")):
            uow.add(ImportBatch, icb_id=world.icb, resource="equipment", way="list", title="A list of equipment",
                    file_name="list.csv", sha256="x", size=1, status="READ", needs="EQUIPMENT_WRITE", look="{}",
                    columns="{}", prepared_by=preparer.user_id, prepared_role=role)  # fmt: skip
        holder = uow.add(User, display_name="A holder", person_id=case.person_id)
        uow.add(Assignment, user_id=holder.id, role="HOLDER", icb_id=world.icb, valid_from=world.today)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_which_member_of_staff_asks_matters_only_where_it_is_said_to(table: type[SQLModel], role: Role) -> None:
    """Statements are kept by role and board (queries/kept.py): a scope that asked more would show others one's rows."""
    conditions = {
        str(visible(Actor(role, user_id=UUID(int=n), icb_id=UUID(int=7)), table, TODAY).compile(
            compile_kwargs={"literal_binds": True}))
        for n in (1, 2)
    }  # fmt: skip
    assert (len(conditions) == 1) or table in ASKS_WHO


def what_is_proposed(world: World, case: Case) -> None:
    """Changes: of a rate, of a setting, and about a person, whose board alone and whose roles alone see it."""

    def change(uow: UnitOfWork, subject: str, proposes: Permission, decides: Permission, **more: Any) -> None:
        uow.add(ChangeRequest, subject=subject, act="add", title="Test", before_json="{}", after_json="{}",
                reason="Test", status="PROPOSED", proposes=proposes.value, decides=decides.value,
                proposed_by=world.finance.user_id, proposed_role="FINANCE", **more)  # fmt: skip

    with open_unit(world.engine, SYSTEM, writes=True, now=at(world.today)) as uow:
        change(uow, "rate", Permission.RATE_PROPOSE, Permission.RATE_DECIDE)
        change(uow, "setting", Permission.SETTING_PROPOSE, Permission.SETTING_DECIDE, icb_id=world.icb)
        change(uow, "person", Permission.PERSON_WRITE, Permission.ACTING_AGREE, icb_id=world.icb,
               person_id=case.person_id)  # fmt: skip
        change(uow, "budget", Permission.BUDGET_WRITE, Permission.ACCOUNT_APPROVE, icb_id=world.icb,
               person_id=case.person_id, phb_id=case.phb_id)  # fmt: skip
        uow.add(PolicySetting, icb_id=world.icb, name="surplus_weeks", value="6", starts_on=world.today)
        if world.actors.get("cm2"):
            uow.add(PolicySetting, icb_id=None, name="surplus_weeks", value="10", starts_on=world.today)
            uow.add(Rate, name="enhanced_dbs", unit="PENCE", amount=4950, starts_on=world.today)


def actor(boards: Boards, name: str) -> Actor:
    """By name: ``here FINANCE``, ``holder moved``, ``stray AUDITOR`` (no board), ``NOMINEE``, ``let in first``."""
    where, _, what = name.rpartition(" ")
    if where == "let in":
        return replace(actor(boards, "here ADMIN"), let_in_to=boards.holders[what].person_id)
    if where == "holder":
        return Actor(Role.HOLDER, user_id=UUID(int=1), person_id=boards.holders[what].person_id)
    if where == "acting as":
        return boards.parts[what.replace("_", " ")]
    if where == "provider":
        return boards.providers[what]
    if where in ("here", "there"):
        world: World = getattr(boards, where)
        return next(a for a in world.actors.values() if a.role is Role(what))
    if where == "stray":
        return Actor(Role(what), user_id=UUID(int=2))
    # What such a role will be given when it is built must not open anything before.
    return Actor(Role(what), UUID(int=3), icb_id=boards.here.icb, person_id=boards.case.person_id)


STAFF = [f"{where} {role.value}" for where in ("here", "there") for role in sorted(STAFF_ROLES)]
LET_IN = [f"let in {who}" for who in ("first", "second", "elsewhere", "moved")]
HOLDERS = [f"holder {who}" for who in ("first", "second", "elsewhere", "moved")]
PROVIDERS = [f"provider {who}" for who in ("larch", "elm", "idle")]
STRAYS = [f"stray {role.value}" for role in (*sorted(STAFF_ROLES), Role.HOLDER)]
ACTING = [
    f"acting as {who}"
    for who in (
        "parent",
        "nominee",
        "proposed_nominee",
        "suspended_nominee",
        "ended_nominee",
        "let_in_here",
        "let_in_there",
    )
]
OTHERS = [role.value for role in (Role.REPRESENTATIVE, Role.NOMINEE, Role.PROVIDER, Role.SYSTEM)]


def seen_and_permitted(
    boards: Boards, session: Session, who: Actor, table: type[SQLModel], today: date
) -> tuple[set[UUID], set[UUID], set[UUID]]:
    """The ids of the rows scope shows, of those decide permits, and of all."""
    if (table, today) not in boards.subjects:
        rows = session.execute(select(table)).scalars()
        boards.subjects[table, today] = {row.id: subject_of(session, row, today) for row in rows.all()}
    subjects = boards.subjects[table, today]
    seen = set(session.execute(select(col(table.id)).where(visible(who, table, today))).scalars())
    permitted = {row_id for row_id, subject in subjects.items() if decide(who, READ[table], subject).allowed}
    return seen, permitted, set(subjects)


@pytest.mark.parametrize("name", [*STAFF, *LET_IN, *HOLDERS, *PROVIDERS, *STRAYS, *OTHERS, *ACTING])
def test_what_somebody_sees_is_what_they_are_permitted_in_every_table(boards: Boards, name: str) -> None:
    who = actor(boards, name)
    with boards.here.unit(SYSTEM, on=TODAY, writes=False) as uow:
        for table in TABLES:
            seen, permitted, everything = seen_and_permitted(boards, uow.session, who, table, TODAY)
            assert everything, f"{table.__name__} has no rows, so nothing is proved"
            assert seen == permitted, f"{name} and {table.__name__}"


@pytest.mark.parametrize("day", [MOVED_ON - timedelta(days=1), MOVED_ON], ids=["last day before", "first day after"])
@pytest.mark.parametrize("name", [*STAFF, "holder moved", "provider larch", "let in moved"])
def test_the_two_agree_on_the_days_around_a_move_too(boards: Boards, name: str, day: date) -> None:
    who = actor(boards, name)
    with boards.here.unit(SYSTEM, on=day, writes=False) as uow:
        for table in TABLES:
            seen, permitted, _everything = seen_and_permitted(boards, uow.session, who, table, day)
            assert seen == permitted, f"{name} and {table.__name__} on {day}"


@pytest.mark.parametrize("name", STAFF)
def test_every_member_of_staff_who_reads_a_table_sees_some_rows_and_not_others(boards: Boards, name: str) -> None:
    who = actor(boards, name)
    readable = 0
    with boards.here.unit(SYSTEM, on=TODAY, writes=False) as uow:
        for table in TABLES:
            seen, _permitted, everything = seen_and_permitted(boards, uow.session, who, table, TODAY)
            if table in EVERYBODYS:
                assert seen == everything
            elif seen:
                readable += 1
                assert seen < everything, f"{name} sees every {table.__name__}"
    assert readable >= (1 if who.role is Role.ADMIN else 12)


def test_an_administrator_let_in_sees_one_person_s_record_and_nobody_else_s(boards: Boards) -> None:
    who, without = actor(boards, "let in first"), actor(boards, "here ADMIN")
    office = {
        *EVERYBODYS, PolicySetting, User, Assignment, Invitation, RoleGrant, BreakGlass, ExportRequest, ImportBatch,
        BoardMoney, DocumentTemplate, LocalRule, Registration, Uplift,
    }  # fmt: skip
    with boards.here.unit(SYSTEM, on=TODAY, writes=False) as uow:
        for table in set(TABLES) - office - {AccessEvent}:
            seen, _permitted, _everything = seen_and_permitted(boards, uow.session, who, table, TODAY)
            before, _permitted, _everything = seen_and_permitted(boards, uow.session, without, table, TODAY)
            opened = [boards.subjects[table, TODAY][row_id] for row_id in seen - before]
            assert opened, f"break-glass opens no {table.__name__}"
            assert {subject.person_id for subject in opened} == {boards.case.person_id}
        seen, _permitted, _everything = seen_and_permitted(boards, uow.session, who, AccessEvent, TODAY)
        assert not seen


@pytest.mark.parametrize("name", ["let in elsewhere", "let in moved"])
def test_nobody_is_let_in_to_a_person_whom_another_board_answers_for(boards: Boards, name: str) -> None:
    with boards.here.unit(SYSTEM, on=TODAY, writes=False) as uow:
        assert not seen_and_permitted(boards, uow.session, actor(boards, name), Person, TODAY)[0]


@pytest.mark.parametrize("name", HOLDERS)
def test_every_holder_sees_their_own_rows_and_not_another_holder_s(boards: Boards, name: str) -> None:
    who = actor(boards, name)
    with boards.here.unit(SYSTEM, on=TODAY, writes=False) as uow:
        for table in TABLES:
            seen, _permitted, everything = seen_and_permitted(boards, uow.session, who, table, TODAY)
            if table in CLOSED_TO_HOLDERS:
                assert not seen, f"a holder sees {table.__name__}"
            else:
                assert seen, f"a holder sees no {table.__name__} of their own"
                assert seen < everything, f"a holder sees every {table.__name__}"


@pytest.mark.parametrize("name", PROVIDERS)
def test_i31_every_provider_sees_its_own_streams_and_not_another_provider_s(boards: Boards, name: str) -> None:
    who = actor(boards, name)
    with boards.here.unit(SYSTEM, on=TODAY, writes=False) as uow:
        for table in TABLES:
            seen, _permitted, everything = seen_and_permitted(boards, uow.session, who, table, TODAY)
            if table not in OPEN_TO_PROVIDERS or name == "provider idle":
                assert not seen, f"a provider sees {table.__name__}"
            else:
                assert seen, f"a provider sees no {table.__name__} of its own"
                assert seen < everything, f"a provider sees every {table.__name__}"


@pytest.mark.parametrize(("day", "seen"), [(date(2026, 4, 15), True), (date(2026, 4, 16), False)])
def test_i31_an_offer_is_out_of_sight_after_its_last_day_even_if_the_night_s_work_has_not_run(
    boards: Boards, day: date, seen: bool
) -> None:
    elm = boards.providers["elm"]
    with boards.here.unit(elm, on=day, writes=False) as uow:
        waiting = visible(elm, IsfConfirmation, day) & (col(IsfConfirmation.status) == "SENT")
        assert bool(uow.session.execute(select(col(IsfConfirmation.id)).where(waiting)).first()) is seen
        for table in OPEN_TO_PROVIDERS:
            shown, permitted, _everything = seen_and_permitted(boards, uow.session, elm, table, day)
            assert shown == permitted, f"{table.__name__} on {day}"


def test_i31_of_a_person_s_streams_a_provider_sees_only_the_one_it_holds(boards: Boards) -> None:
    direct, _to_the_nominee, held = boards.case.streams
    with boards.here.unit(boards.providers["larch"], on=TODAY, writes=False) as uow:
        assert uow.find(Stream, held).organisation_id == boards.providers["larch"].organisation_id
        for hidden in (direct, boards.second.streams[1]):
            with pytest.raises(NotFound):
                uow.find(Stream, hidden)


@pytest.mark.parametrize("name", [*STRAYS, *OTHERS])
def test_an_actor_without_a_board_or_of_a_role_not_built_sees_no_record_of_anybody(boards: Boards, name: str) -> None:
    who = actor(boards, name)
    with boards.here.unit(SYSTEM, on=TODAY, writes=False) as uow:
        for table in TABLES:
            if table not in EVERYBODYS:
                seen, _permitted, _everything = seen_and_permitted(boards, uow.session, who, table, TODAY)
                assert not seen, f"{name} sees {table.__name__}"


def test_a_moved_holder_is_seen_by_the_board_that_answers_for_them_on_the_day(boards: Boards) -> None:
    moved = boards.moved.person_id
    old, new = actor(boards, "here CASE_MANAGER"), actor(boards, "there CASE_MANAGER")
    for who, day, expected in (
        (old, MOVED_ON - timedelta(days=1), True), (old, MOVED_ON, False),
        (new, MOVED_ON - timedelta(days=1), False), (new, MOVED_ON, True),
    ):  # fmt: skip
        with boards.here.unit(who, on=day, writes=False) as uow:
            if expected:
                assert uow.find(Person, moved).id == moved
            else:
                with pytest.raises(NotFound):
                    uow.find(Person, moved)


def test_a_budget_stays_with_the_board_that_owns_it_when_its_holder_moves(boards: Boards) -> None:
    """The old board winds it down; the new one opens its own."""
    with boards.here.unit(actor(boards, "here FINANCE"), on=TODAY, writes=False) as uow:
        assert uow.find(Phb, boards.moved.phb_id).icb_id == boards.here.icb
    with boards.here.unit(actor(boards, "there FINANCE"), on=TODAY, writes=False) as uow:
        with pytest.raises(NotFound):
            uow.find(Phb, boards.moved.phb_id)


@pytest.mark.parametrize("lock", [False, True])
@pytest.mark.parametrize("table", [Phb, Plan, Stream])
def test_a_row_out_of_sight_reads_the_same_as_one_that_is_not_there(
    boards: Boards, table: type[Phb] | type[Plan] | type[Stream], lock: bool
) -> None:
    theirs = {Phb: boards.elsewhere.phb_id, Plan: boards.elsewhere.plan_id, Stream: boards.elsewhere.streams[0]}
    said: set[str] = set()
    for row_id in (theirs[table], UUID(int=0)):
        with boards.here.unit(boards.here.finance, on=TODAY) as uow:
            with pytest.raises(NotFound) as refused:
                uow.find(table, row_id, lock=lock)
            said.add(str(refused.value))
    assert said == {"We could not find that."}


def test_every_table_that_is_read_has_a_scope_and_every_scope_a_permission_to_read() -> None:
    assert set(READ) == set(TABLES)
    assert all(permission.value.endswith("_READ") for permission in READ.values())
    assert {Permission.PERSON_READ, Permission.LEDGER_READ, Permission.ACCESS_READ} <= set(READ.values())


def seen_by(boards: Boards, name: str, *, on: date = TODAY) -> dict[str, set[UUID]]:
    """What somebody who acts for another sees, by table; tables of which they see nothing are left out."""
    who = actor(boards, f"acting as {name}")
    with boards.here.unit(SYSTEM, on=on, writes=False) as uow:
        seen = {table.__name__: seen_and_permitted(boards, uow.session, who, table, on)[0] for table in TABLES}
    return {name: ids for name, ids in seen.items() if ids}


def test_i30_a_nominee_sees_the_stream_they_are_paid_and_of_the_plan_what_is_marked_for_them(boards: Boards) -> None:
    seen = seen_by(boards, "nominee")
    assert seen["Stream"] == {boards.case.streams[1]}
    assert seen.keys() == {
        "Stream", "PaymentItem", "PayeeAccount", "LedgerJournal", "PersonRole", "Worker", "Decision", "Reconsideration",
        "Letter", "PayeeAgreement", "PayeeSignature", "ReviewComment",
    }  # fmt: skip
    assert {len(seen[name]) for name in ("Decision", "Reconsideration", "Letter")} == {1}, "of their own stream alone"
    with boards.here.unit(boards.here.cm, on=TODAY) as uow:
        parts = uow.session.execute(select(PlanService).where(col(PlanService.plan_id) == boards.case.plan_id))
        marked = parts.scalars().first()
        assert marked is not None
        marked.share = "NOMINEE"
    boards.subjects.clear()
    assert seen_by(boards, "nominee")["PlanService"] == {marked.id}


def test_i29_a_representative_sees_the_child_they_represent_and_nobody_else(boards: Boards) -> None:
    seen = seen_by(boards, "parent")
    assert seen["Person"] == {boards.child.person_id}
    assert seen["Stream"] == set(boards.child.streams)
    assert {"Plan", "Consent", "Phb", "BudgetLine", "Agreement", "Signature", "AccessEvent"} <= seen.keys()
    with boards.here.unit(SYSTEM, on=TODAY, writes=False) as uow:
        for table in (IsfConfirmation, IsfAnswer, Agreement, Signature):
            theirs = uow.session.execute(select(col(table.id)).where(col(table.phb_id) == boards.child.phb_id))
            assert seen[table.__name__] == set(theirs.scalars())


def test_i29_whoever_does_not_act_yet_sees_only_the_part_they_are_asked_to_take(boards: Boards) -> None:
    for name in ("proposed_nominee", "suspended_nominee"):
        seen = seen_by(boards, name)
        assert seen.keys() == {"PersonRole"}
        assert len(seen["PersonRole"]) == 1


def test_i29_an_ended_nominee_sees_nothing(boards: Boards) -> None:
    assert seen_by(boards, "ended_nominee") == {}


def test_i29_an_organisation_that_acts_is_seen_into_only_by_whom_the_board_itself_let_in(boards: Boards) -> None:
    assert "PersonRole" in seen_by(boards, "let_in_here")
    assert seen_by(boards, "let_in_there") == {}


def test_a_role_that_acts_for_nobody_sees_nothing(boards: Boards) -> None:
    who = replace(actor(boards, "REPRESENTATIVE"), person_id=boards.case.person_id)
    with boards.here.unit(who, on=TODAY, writes=False) as uow:
        with pytest.raises(NotFound):
            uow.find(Person, boards.case.person_id)
