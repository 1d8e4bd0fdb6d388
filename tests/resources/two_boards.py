"""Two boards, and some of everything a dashboard counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import Engine, select
from sqlmodel import col

from phbportal.domain.budgets import LineType
from phbportal.domain.eligibility import Cohort
from phbportal.domain.ledger import Verb
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.roles import Role
from phbportal.domain.streams import Method
from phbportal.policy.actors import SYSTEM
from phbportal.services import accounts, ledger, payments, spending
from phbportal.services.unit_of_work import open_unit
from phbportal.tables.ledger import LedgerJournal
from phbportal.tables.phbs import Phb, Review
from phbportal.tables.role_grants import RoleGrant
from phbportal.tables.users import Invitation
from tests.support import journey
from tests.support.journey import Case, StreamPlan
from tests.support.world import World, add_staff, at, make_world

TODAY = date(2026, 7, 1)
BEGAN, LATELY = date(2026, 4, 1), date(2026, 6, 20)
START, MAY, JUNE = date(2026, 4, 6), date(2026, 5, 4), date(2026, 6, 1)
DIRECT = StreamPlan(Method.DIRECT_PAYMENT, 65_000, starts_on=START)
NIGHTS = StreamPlan(Method.NOTIONAL, 40_000, starts_on=START)


def two_boards(engine: Engine) -> tuple[World, World]:
    """Two boards with their staff, and nothing else."""
    here = make_world(engine, today=BEGAN)
    actors = {name.removeprefix("other_"): a for name, a in here.actors.items() if name.startswith("other_")}
    there = World(engine, here.today, here.other_icb, here.icb, actors)
    with open_unit(engine, SYSTEM, writes=True, now=at(BEGAN)) as uow:
        there.actors["finance2"] = add_staff(uow, "other_finance2", Role.FINANCE, there.icb, BEGAN)
    return here, there


def fill(world: World, number: int) -> None:
    """Budgets at every stage, money at every place, work of the office; of one board."""
    case = _paid(world, f"Paid{number}")
    lately = replace(world, today=LATELY)
    for name, starts_on in (("Soon", date(2026, 12, 7)), ("NextYear", date(2027, 4, 12))):
        person = journey.add_person(lately, number=None, names=("Zoe", f"{name}{number}"))
        journey.approved(lately, replace(NIGHTS, starts_on=starts_on), person_id=person)
    _draft(world, f"Sent{number}", then=journey.submit, of_nobody=True)
    _draft(world, f"Written{number}")
    closed = _draft(world, f"Closed{number}", cohort=Cohort.LTC)
    signed = _draft(lately, f"Signed{number}", then=journey.submit, cohort=Cohort.MENTAL_HEALTH)
    journey.sign_off(lately, signed)
    with open_unit(world.engine, SYSTEM, writes=True, now=at(LATELY)) as uow:
        uow.change(uow.session.get_one(Phb, closed.phb_id), status=PhbStatus.CLOSED.value)
        for due_on, held_on in ((JUNE, None), (JUNE, JUNE), (TODAY + timedelta(days=90), None)):
            uow.add(Review, phb_id=case.phb_id, icb_id=world.icb, kind="UNPLANNED", due_on=due_on, held_on=held_on)
    _office(world, number)
    with world.unit(world.cm, on=TODAY - timedelta(days=2)) as uow:
        uow.saw("person", person_id=case.person_id)
        uow.saw("work")


def _draft(
    world: World, family: str, *, then: object = None, cohort: Cohort = Cohort.CHC, of_nobody: bool = False
) -> Case:  # fmt: skip
    person = journey.add_person(world, number=None, names=("Nia", family))
    case = journey.draft(world, person_id=person, cohort=cohort)
    if callable(then):
        then(world, case)
    if of_nobody:
        with open_unit(world.engine, SYSTEM, writes=True, now=at(world.today)) as uow:
            uow.change(uow.session.get_one(Phb, case.phb_id), case_manager_id=None)
    return case


def _paid(world: World, family: str) -> Case:
    """Two payments made and one recorded; spending, a correction of some, a repayment, own money."""
    person = journey.add_person(world, number=None, names=("Ada", family))
    case = journey.approved(world, NIGHTS, DIRECT, person_id=person)
    days = case.streams[1]
    journey.account(world, days)
    journey.pay(world, days, START, date(2026, 5, 3))
    journey.pay(world, days, MAY, date(2026, 5, 31), on=JUNE + timedelta(days=9))
    entry = payments.PaymentEntry(JUNE, date(2026, 6, 28))
    world.do(world.finance, lambda uow: payments.record_payment(uow, days, entry, key=f"later {days}"), on=LATELY)
    for verb, pence, on in (
        (Verb.ACCOUNT_FOR, 6_250, date(2026, 5, 3)), (Verb.ACCOUNT_FOR, 1_199, LATELY), (Verb.REPAY, 5_000, LATELY),
        (Verb.OWN_MONEY, 3_000, LATELY),
    ):  # fmt: skip
        line = LineType.ACTIVITY if verb is Verb.ACCOUNT_FOR else LineType.OTHER
        said = spending.SpendingEntry(verb, pence, on, line, "Receipt")
        world.do(
            world.finance,
            lambda uow, s=said: spending.record_spending(uow, days, s, key=f"{s.amount_pence}{s.verb}{days}"),
            on=LATELY,
        )
    with world.unit(world.finance, on=TODAY) as uow:
        last = uow.session.execute(
            select(col(LedgerJournal.id)).where(
                col(LedgerJournal.phb_id) == case.phb_id, col(LedgerJournal.verb) == Verb.ACCOUNT_FOR.value,
                col(LedgerJournal.effective_on) == LATELY,
            )
        ).scalar_one()  # fmt: skip
        ledger.reverse(uow, last, key=f"undo {last}", reason="Wrong")
    new = accounts.AccountEntry("A Paid", "089999", "66374958")
    world.do(world.cm, lambda uow: accounts.propose_account(uow, days, new), on=LATELY)
    return case


def _office(world: World, number: int) -> None:
    with open_unit(world.engine, SYSTEM, writes=True, now=at(LATELY)) as uow:
        uow.add(RoleGrant, icb_id=world.icb, kind="ROLE", status="PROPOSED", role="FINANCE", user_id=world.cm.user_id,
                display_name="Cm", reason="Test", proposed_by=world.admin.user_id)  # fmt: skip
        uow.add(RoleGrant, icb_id=world.icb, kind="ROLE", status="REFUSED", role="FINANCE", user_id=world.cm.user_id,
                display_name="Cm", reason="Test", proposed_by=world.admin.user_id)  # fmt: skip
        ends = {"works": 5, "ran out": -5, "used": 5, "withdrawn": -5}
        for name, days in ends.items():
            uow.add(
                Invitation, code_hash=f"{name}{number}{world.icb}"[:64], role="CLINICIAN", icb_id=world.icb,
                display_name="New", expires_at=at(TODAY + timedelta(days=days)),
                used_at=at(LATELY) if name == "used" else None,
                withdrawn_at=at(LATELY) if name == "withdrawn" else None,
            )  # fmt: skip
