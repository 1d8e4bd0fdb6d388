"""People the demo world has none of: one without a budget, and one with several, whose plan holds what an attacker
would write."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Engine, select
from sqlmodel import col

from phbportal.demo.staff import FIRST, SECOND
from phbportal.demo.third_party import NAME
from phbportal.domain.acting import Acting, NominatedBy
from phbportal.domain.capacity import Capacity
from phbportal.domain.clock import london_date
from phbportal.domain.decisions import DecisionKind
from phbportal.domain.documents import DocumentKind
from phbportal.domain.eligibility import Cohort
from phbportal.domain.endings import EndReason
from phbportal.domain.exports import FileKind
from phbportal.domain.phbs import PhbKind
from phbportal.domain.relations import Relation
from phbportal.domain.roles import Role
from phbportal.domain.streams import Method
from phbportal.domain.tasks import NOMINATION_CHANGED
from phbportal.domain.templates import TemplateStatus, kind_of
from phbportal.gateways.documents import StoredFile
from phbportal.policy.actors import SYSTEM
from phbportal.policy.permissions import Permission
from phbportal.queries.users import staff_actor
from phbportal.services import (
    acting,
    capacity,
    decisions,
    documents,
    eligibility,
    endings,
    equipment,
    exports,
    imports,
    letters,
    notes,
    outbox,
    phbs,
    plans,
    wheelchairs,
)
from phbportal.services.break_glass import AskingEntry, ask
from phbportal.services.jobs import run_one
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.services.users import board_by_code, code_digest, new_code
from phbportal.tables.document_templates import DocumentTemplate
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Task
from phbportal.tables.users import Invitation
from tests.support import arranging, journey, living
from tests.support.journey import NUMBERS, Case, StreamPlan
from tests.support.world import World

THINGS = (("Profiling bed", 125_000), ("Hoist", 89_900), ("Bath seat", 4_500), ("Walking frame", 3_200))
"""Things bought from a budget, and their prices in pence."""

HOSTILE = '<img src=x onerror="window.hacked = 1"><script>window.hacked = 1</script>'
"""Markup in the words of a plan: it must be shown as it was typed and never run."""

ACTORS = {
    "cm": ("case.manager@example.org", Role.CASE_MANAGER),
    "clinician": ("siobhan@example.org", Role.CLINICIAN),
    "finance": ("finance@example.org", Role.FINANCE),
    "finance2": ("kofi@example.org", Role.FINANCE),
    "approver": ("approver@example.org", Role.APPROVER),
    "admin": ("patrick@example.org", Role.ADMIN),
}


def bring_in(engine: Engine) -> None:
    """Nia Morgan has no budget. Toby Ellis has a direct payment, one that ended and one in planning. Wanda Reed's
    money is offered to an organisation; she is in hospital, and something was left out of her plan. Rhys Tew's nominee
    is to be reviewed, and an organisation to be checked."""
    with open_unit(engine, SYSTEM, writes=False) as uow:
        today = london_date(uow.now)
        boards = [board_by_code(uow, code).id for code in (FIRST, SECOND)]
        actors = {
            name: staff_actor(uow.session, email, FIRST, uow.today, (role,)) for name, (email, role) in ACTORS.items()
        }
    world = World(engine, today - timedelta(days=40), boards[0], boards[1], actors)
    _may_sign_in(world, journey.add_person(world, number=NUMBERS[0], names=("Nia", "Morgan")))
    _asks_to_be_let_in(engine, world)
    toby = journey.add_person(world, number=NUMBERS[1], names=("Toby", "Ellis"))
    _may_sign_in(world, toby)
    _ended(world, toby)
    _ends(world)
    _paid(world, toby)
    _in_planning(world, toby)
    yesterday = today - timedelta(days=1)
    wanda = _offered(world, yesterday)
    _goes_into_hospital(world, wanda, yesterday)
    _left_out(world, wanda, yesterday)
    _to_review(world)
    _on_every_list(world, toby)


def _asks_to_be_let_in(engine: Engine, world: World) -> None:
    with open_unit(engine, world.admin, writes=True) as uow:
        reference = uow.session.execute(select(col(Phb.reference)).limit(1)).scalar_one()
        ask(uow, AskingEntry(reference, "A fault in the data that nobody else can see."))


def _may_sign_in(world: World, person_id: UUID) -> None:
    with world.unit(world.cm) as uow:
        uow.change(uow.find(Person, person_id), sign_in_on=True)


def _ended(world: World, person_id: UUID) -> None:
    case = journey.approved(
        world, StreamPlan(Method.NOTIONAL, 20_000, starts_on=world.today), person_id=person_id, cohort=Cohort.LTC
    )
    on = world.today + timedelta(days=7)
    begun = {"phb_id": case.phb_id, "reason": EndReason.DECLINED.value, "ends_on": on, "care": "His GP and his sister"}
    ending = world.do(world.cm, lambda uow: endings.begin_ending(uow, begun), on=on)
    living.settle(world, ending, balance=0, on=on)
    living.close(world, ending, on=on)


def _ends(world: World) -> None:
    """Edda Lunt's budget is ending, and nobody has said yet what is left."""
    person = journey.add_person(world, number=NUMBERS[4], names=("Edda", "Lunt"))
    case = journey.approved(world, StreamPlan(Method.NOTIONAL, 20_000, starts_on=world.today), person_id=person)
    on = world.today + timedelta(days=7)
    begun = {"phb_id": case.phb_id, "reason": EndReason.DECLINED.value, "ends_on": on, "care": "Her daughter"}
    world.do(world.cm, lambda uow: endings.begin_ending(uow, begun), on=on)


def _paid(world: World, person_id: UUID) -> None:
    starts = world.today + timedelta(days=7)
    journey.allow_direct_payment(world, person_id)
    case = journey.draft(
        world, StreamPlan(Method.DIRECT_PAYMENT, 30_000, starts_on=starts), person_id=person_id, cohort=Cohort.CHC
    )
    with world.unit(world.cm) as uow:
        plan = uow.find(plans.Plan, case.plan_id)
        entry = plans.PlanEntry(f"I like boats. {HOSTILE}", HOSTILE, f"Call my sister.\n{HOSTILE}")
        plans.write_plan(uow, plan.id, entry, seen_version=plan.row_version)
    journey.submit(world, case)
    journey.sign_off(world, case)
    journey.approve(world, case)
    journey.account(world, case.streams[0])
    last: date = starts + timedelta(days=27)
    journey.pay(world, case.streams[0], starts, last, on=starts)


def _offered(world: World, yesterday: date) -> Case:
    """Wanda Reed's third-party budget was offered to Mersey Lives yesterday, and waits for its answers."""
    with world.unit(world.cm, writes=False) as uow:
        named = select(col(Organisation.id)).where(col(Organisation.name) == NAME)
        organisation = uow.session.execute(named).scalar_one()
    person = journey.add_person(world, number=NUMBERS[2], names=("Wanda", "Reed"))
    case = arranging.approved(world, organisation, person_id=person, starts_on=yesterday)
    arranging.offer(world, case, organisation, on=yesterday)
    return case


def _goes_into_hospital(world: World, case: Case, yesterday: date) -> None:
    """A stay nobody has decided about, and the review of it that is due within two weeks."""
    living.stay(world, case.person_id, yesterday - timedelta(days=2), None, on=yesterday)


def _left_out(world: World, case: Case, yesterday: date) -> None:
    """A decision that was issued, and its letter, which is there to be printed."""
    entry = decisions.DecisionEntry(
        DecisionKind.OMIT_SERVICE, "A cruise meets no health need that your assessment names.", subject="A cruise"
    )
    one = world.do(world.cm, lambda uow: decisions.prepare_decision(uow, case.phb_id, entry), on=yesterday)

    def approve(uow: UnitOfWork) -> None:
        decisions.approve_decision(uow, one, seen=letters.digest(decisions.preview(uow, one)))

    world.do(world.approver, approve, on=yesterday)
    while run_one(world.engine, {letters.JOB: outbox.send_letter(lambda: None)}):
        pass


def _to_review(world: World) -> None:
    """Rhys Tew's nominee is on hold, and a review waits; an organisation is asked to be his nominee."""
    person = journey.add_person(world, number=NUMBERS[3], names=("Rhys", "Tew"))
    part = journey.nominee(world, person, name="Ola Tew")
    world.do(world.cm, lambda uow: acting.suspend(uow, part, "A concern was raised"))
    with world.unit(SYSTEM) as uow:
        uow.add(Task, icb_id=world.icb, kind=NOMINATION_CHANGED, role="CASE_MANAGER", person_id=person, part_id=part,
                sentence="Review the nominee, who is on hold.", due_on=world.today)  # fmt: skip
        uow.add(Organisation, kind="ULO", name="Held Well", search_name="held well", ods_code="HW001")
    entry = acting.ActingEntry(
        Acting.NOMINEE, "Held Well", Relation.ORGANISATION, nominated_by=NominatedBy.HOLDER, organisation_code="HW001"
    )
    world.do(world.cm, lambda uow: acting.propose(uow, person, entry))


def _on_every_list(world: World, person_id: UUID) -> None:
    """One of everything the demo world has none of, so that no list of the portal is walked through empty."""
    with world.unit(world.cm) as uow:
        phb = uow.session.execute(select(Phb).where(col(Phb.person_id) == person_id).limit(1)).scalar_one()
        for name, price in THINGS:
            values = {"phb_id": phb.id, "name": name, "price_pence": price, "bought_on": date(2026, 4, 3)}
            equipment.add_equipment(uow, values | {"serial_number": ""})
        notes.write_note(uow, "phbs", Phb, phb.id, f"Call his sister first. {HOSTILE}")
        entry = capacity.CapacityEntry("To manage a direct payment", Capacity.HAS, world.today, "Siobhán Kelly")
        capacity.record_capacity(uow, person_id, entry)
        kept = StoredFile("nowhere", 12, "0" * 64, "application/pdf")
        documents.add_document(uow, phb.id, DocumentKind.LETTER, "Letter to Toby Ellis.pdf", kept)
        exports.begin_export(uow, Permission.PERSON_EXPORT, resource="people", title="People", asked_for="{}", rows=612,
                             kind=FileKind.CSV)  # fmt: skip
    with world.unit(world.finance) as uow:
        asked = exports.begin_export(uow, Permission.BUDGET_EXPORT, resource="payments", title="Payments",
                                     asked_for="{}", rows=612, kind=FileKind.XLSX)  # fmt: skip
        exports.ask_export(uow, asked, {"reason": "For the auditors of last year."})
    kit = imports.Sent("equipment", "list", "A list of equipment", Permission.EQUIPMENT_WRITE, None, False, "kit.csv",
                       "0" * 64, 12, "nowhere", {"headings": []})  # fmt: skip
    world.do(world.cm, lambda uow: imports.begin_import(uow, kit))
    with world.unit(SYSTEM) as uow:
        uow.add(DocumentTemplate, icb_id=world.icb, code="REFUSAL", kind=kind_of("REFUSAL").value, version=1,
                title="What we decided", search_title="what we decided", body=REFUSAL_WORDS,
                law_as_of=date(2026, 4, 1), status=TemplateStatus.IN_USE.value)  # fmt: skip
        uow.add(Invitation, code_hash=code_digest(new_code()), role=Role.CLINICIAN.value, icb_id=world.icb,
                display_name="Nadia Notyet", expires_at=uow.now + timedelta(days=7))  # fmt: skip


REFUSAL_WORDS = "Dear {person_name}\n\n{decision}\n\n{reasons}\n\n{care}\n\n{how_to_disagree}"


CHAIR = {
    "way": "PWB_NOTIONAL_CONTRIBUTION", "chair": "Powered chair", "term_years": 5, "value_pence": 115_000,
    "extras_pence": 78_000, "relieved_of_vat": False,
}  # fmt: skip


def _in_planning(world: World, person_id: UUID) -> None:
    with world.unit(world.cm) as uow:
        eligible = eligibility.record_eligibility(
            uow, person_id, eligibility.EligibilityEntry(Cohort.WHEELCHAIR, world.today, world.today)
        )
        begun = phbs.phb_by_reference(uow, phbs.open_phb(uow, person_id, phbs.PhbEntry(eligible, PhbKind.ONE_OFF)))
        journey.told(uow, begun.id)
        plans.start_plan(uow, begun.id)
        chair = wheelchairs.add_wheelchair(uow, CHAIR | {"phb_id": begun.id, "prescribed_on": world.today})
        adds = {"wheelchair_id": chair, "name": "Wheels for All", "source": "CHARITY", "amount_pence": 60_000,
                "promised_on": world.today}  # fmt: skip
        wheelchairs.add_contribution(uow, adds)
        eligible = eligibility.record_eligibility(
            uow, person_id, eligibility.EligibilityEntry(Cohort.S117, world.today, world.today)
        )
        to_plan = phbs.phb_by_reference(uow, phbs.open_phb(uow, person_id, phbs.PhbEntry(eligible, PhbKind.ONGOING)))
        journey.told(uow, to_plan.id)
