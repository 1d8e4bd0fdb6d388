"""The demo world is a board's year: who is in it, and that its money and its people keep the rules."""

from __future__ import annotations

import csv
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlmodel import col

from phbportal.db import make_engine
from phbportal.demo.build import build
from phbportal.demo.people import HOLDERS
from phbportal.demo.wider_people import LIVES
from phbportal.demo.wider_stories import NOMINEE
from phbportal.domain.consents import GivenBy
from phbportal.domain.eligibility import Cohort, check_cohort_for_age
from phbportal.domain.errors import Refusal
from phbportal.domain.identifiers import nhs_number
from phbportal.domain.isf import IsfStatus
from phbportal.domain.ledger import held, spent
from phbportal.domain.people import age_on
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.roles import Role
from phbportal.domain.streams import Method
from phbportal.policy.actors import SYSTEM
from phbportal.queries.ledger import check_ledger
from phbportal.services import arrangements, consents, payments, unit_of_work
from phbportal.services.unit_of_work import open_unit
from phbportal.tables.acting import PersonRole
from phbportal.tables.arrangements import IsfConfirmation
from phbportal.tables.audit import AuditEvent
from phbportal.tables.budgets import BudgetVersion, PayeeAccount, Stream
from phbportal.tables.endings import HospitalStay
from phbportal.tables.equipment import Equipment
from phbportal.tables.organisations import Organisation
from phbportal.tables.payee_agreements import PayeeAgreement
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Review, Task
from phbportal.tables.plans import Plan
from phbportal.tables.reviews import ReviewAnswer
from phbportal.tables.settings import PolicySetting
from phbportal.tables.users import User
from phbportal.tables.wheelchairs import Wheelchair, WheelchairContribution
from tests.support.demo import ISSUER, assert_promises_kept, balance, record_of, staff, telling
from tests.support.postgres import PostgresServer

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The whole demo world, built once for tests that only look. (The small one is looked at on both databases.)"""
    engine = make_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path_factory.mktemp('demo') / 'demo.sqlite3')}")
    assert build(engine, ISSUER)
    yield engine
    engine.dispose()


def count(engine: Engine, column: object) -> Counter[str]:
    """How many rows have each value of a column."""
    with open_unit(engine, SYSTEM, writes=False) as uow:
        return Counter(uow.session.execute(select(column)).scalars())  # pyright: ignore[reportArgumentType, reportCallIssue]


def test_the_people_of_the_tour_are_where_it_says_with_forty_five_more_beside_them(world: Engine) -> None:
    assert_promises_kept(world)
    assert len(count(world, col(Person.id))) == len(HOLDERS) + len(LIVES) == 64


def test_an_organisation_keeps_one_managed_account_by_an_agreement_it_signed(world: Engine) -> None:
    with open_unit(world, SYSTEM, writes=False) as uow:
        (kept,) = uow.session.execute(select(PayeeAccount).where(col(PayeeAccount.kind) == "MANAGED")).scalars()
        person, keeper = uow.session.get_one(Person, kept.person_id), uow.session.get_one(
            Organisation, kept.organisation_id)  # fmt: skip
        managed = col(PayeeAgreement.kind) == "MANAGED"
        (agreement,) = uow.session.execute(select(PayeeAgreement).where(managed)).scalars()
    assert (person.given_name, keeper.name, kept.status) == ("Owain", "Mersey Lives CIC", "APPROVED")
    assert (agreement.status, agreement.organisation_id) == ("IN_FORCE", keeper.id)


def test_the_cohorts_are_those_of_a_board(world: Engine) -> None:
    found = count(world, col(Phb.cohort))
    assert found == {
        "CHC": 34, "S117": 7, "CYPCC": 6, "LTC": 6, "LD_AUTISM": 3, "WHEELCHAIR": 3, "CHC_FAST_TRACK": 1,
        "DISCHARGE": 1, "EHC": 1, "JOINT_FUNDED": 1, "MENTAL_HEALTH": 1,
    }  # fmt: skip


def test_every_method_is_there_and_some_budgets_are_mixed(world: Engine) -> None:
    with open_unit(world, SYSTEM, writes=False) as uow:
        rows = uow.session.execute(select(col(Stream.phb_id), col(Stream.method))).all()
    methods: dict[object, set[str]] = {}
    for row in rows:
        methods.setdefault(row.phb_id, set()).add(row.method)
    mixes = Counter(tuple(sorted(one)) for one in methods.values())
    assert mixes == {
        ("DIRECT_PAYMENT",): 37, ("NOTIONAL",): 11, ("THIRD_PARTY",): 10, ("DIRECT_PAYMENT", "NOTIONAL"): 3,
        ("NOTIONAL", "THIRD_PARTY"): 1,
    }  # fmt: skip


def test_budgets_stand_in_every_status_that_the_portal_can_bring_them_to(world: Engine) -> None:
    assert count(world, col(Phb.status)) == {
        PhbStatus.ACTIVE: 37, PhbStatus.CLOSING: 1, PhbStatus.CLOSED: 1, PhbStatus.SETUP: 13, PhbStatus.PLANNING: 4,
        PhbStatus.CLINICAL_REVIEW: 2, PhbStatus.REFERRED: 1, PhbStatus.OFFERED: 1,
        PhbStatus.PANEL: 2, PhbStatus.RETURNED: 2,
    }  # fmt: skip


def test_an_offer_to_an_organisation_stands_in_every_state(world: Engine) -> None:
    assert set(count(world, col(IsfConfirmation.status))) == set(IsfStatus)


def test_two_organisations_led_by_those_they_serve_hold_money(world: Engine) -> None:
    with open_unit(world, SYSTEM, writes=False) as uow:
        led = select(col(Organisation.name)).where(col(Organisation.is_user_led)).order_by(col(Organisation.name))
        assert list(uow.session.execute(led).scalars()) == ["Heron Lane Living CIC", "Mersey Lives CIC"]
    for name, least in (("Castellano", 400_000), ("Birtwistle", 300_000), ("Amoah", 200_000)):
        assert balance(world, held(record_of(world, name).streams[-1].id)) > least, name


def test_every_case_manager_has_a_caseload_and_nobody_has_it_all(world: Engine) -> None:
    with open_unit(world, SYSTEM, writes=False) as uow:
        names = uow.session.execute(
            select(col(User.display_name)).join(Phb, col(Phb.case_manager_id) == col(User.id))
        ).scalars()
        found = Counter(names)
    assert found.pop("Hannah Weiss") == 1
    assert len(found) == 6
    assert all(6 <= n <= 14 for n in found.values()), found


def test_the_ledger_adds_up_and_nobody_holds_less_than_nothing_but_one_who_overspent(world: Engine) -> None:
    with open_unit(world, SYSTEM, writes=False) as uow:
        assert check_ledger(uow.session) == []
    for key in ("Adeyinka", "Llewellyn", "Castellano", "Connors"):
        assert balance(world, held(record_of(world, key).streams[-1].id)) > 0, key


def test_nobody_let_through_what_they_entered_themselves(world: Engine) -> None:
    with open_unit(world, SYSTEM, writes=False) as uow:
        run = uow.session.execute
        alone = {
            "payment": run(
                select(func.count()).where(col(PaymentItem.recorded_by) == col(PaymentItem.confirmed_by))
            ).scalar_one(),
            "account": run(
                select(func.count()).where(col(PayeeAccount.proposed_by) == col(PayeeAccount.decided_by))
            ).scalar_one(),
            "plan": run(select(func.count()).where(col(Plan.written_by) == col(Plan.approved_by))).scalar_one(),
            "budget": run(
                select(func.count()).where(col(BudgetVersion.prepared_by) == col(BudgetVersion.approved_by))
            ).scalar_one(),
            "part": run(
                select(func.count()).where(col(PersonRole.proposed_by) == col(PersonRole.board_agreed_by))
            ).scalar_one(),
        }
        paid = run(select(func.count()).where(col(PaymentItem.confirmed_by).is_not(None))).scalar_one()
    assert alone == dict.fromkeys(alone, 0)
    assert paid > 150, "there is something to have let through"


def test_every_nhs_number_is_of_the_range_for_tests_and_one_persons_only() -> None:
    numbers = [holder.entry.nhs_number or "" for holder in HOLDERS.values()] + [life.number for life in LIVES]
    assert all(number.startswith("999") and nhs_number(number) == number for number in numbers)
    assert len(set(numbers)) == len(numbers) == 64
    with (ROOT / "tests/data/caseload/clean.csv").open(encoding="utf-8", newline="") as file:
        assert not set(numbers) & {row["nhs_number"] for row in csv.DictReader(file)}


def test_no_two_people_share_a_name_and_none_is_a_name_of_the_caseload_files() -> None:
    names = [f"{h.entry.given_name} {h.entry.family_name}" for h in HOLDERS.values()]
    names += [life.name.replace("|", " ") for life in LIVES]
    assert len(set(names)) == len(names)
    with (ROOT / "tests/data/caseload/clean.csv").open(encoding="utf-8", newline="") as file:
        assert not set(names) & {f"{row['given_name']} {row['family_name']}" for row in csv.DictReader(file)}


@pytest.mark.parametrize("place", range(len(LIVES)), ids=[life.key for life in LIVES])
def test_somebody_is_as_old_as_it_says_and_of_an_age_for_their_cohort(place: int) -> None:
    today = date(2026, 11, 26)
    life = LIVES[place]
    entry = life.holder(place, today).entry
    assert age_on(entry.date_of_birth, today) == life.age
    check_cohort_for_age(Cohort(life.cohort), entry.date_of_birth, today)
    assert sum(cost.weekly_pence for cost in life.script.aims[0].costs) == life.weekly
    assert sum(cost.one_off_pence for cost in life.script.aims[0].costs) == life.once


def test_one_nominee_signs_in_once_for_three_people(world: Engine) -> None:
    with open_unit(world, SYSTEM, writes=False) as uow:
        parts = list(uow.session.execute(select(PersonRole).where(col(PersonRole.name) == NOMINEE)).scalars())
        users = uow.session.execute(select(func.count()).where(col(User.display_name) == NOMINEE)).scalar_one()
    assert (len({part.person_id for part in parts}), len({part.user_id for part in parts}), users) == (3, 1, 1)
    assert {part.status for part in parts} == {"ACTIVE"}
    assert all(part.dbs_on for part in parts), "a professional has a certificate"


def test_nothing_more_was_paid_after_a_death_and_to_somebody_in_hospital(world: Engine) -> None:
    for name, word in (("Ramsbottom", "died"), ("Baptiste", "hospital")):
        found = record_of(world, name)
        assert [item.status for item in found.payments][-2:] == ["PAID", "CANCELLED"], name
        assert word in (found.payments[-1].cancel_reason or ""), name
    arthur = record_of(world, "Ramsbottom")
    assert arthur.person.died_on is not None
    assert (arthur.phb.status, arthur.phb.end_reason) == (PhbStatus.CLOSING, "DIED")
    with open_unit(world, SYSTEM, writes=False) as uow:
        (stay,) = uow.session.execute(select(HospitalStay)).scalars()
        assert stay.person_id == record_of(world, "Baptiste").person.id


def test_first_reviews_were_held_with_what_the_holder_said(world: Engine) -> None:
    with open_unit(world, SYSTEM, writes=False) as uow:
        held = list(uow.session.execute(select(Review).where(col(Review.held_on).is_not(None))).scalars())
        said = uow.session.execute(select(func.count()).select_from(ReviewAnswer)).scalar_one()
    assert len(held) == said == 4
    assert all(review.held_on <= review.due_on for review in held if review.held_on)


def test_a_one_off_budget_is_closed_by_somebody_who_did_not_end_it(world: Engine) -> None:
    eilidh = record_of(world, "McBride")
    assert (eilidh.phb.status, eilidh.phb.end_reason) == (PhbStatus.CLOSED, "ONE_OFF_COMPLETE")


def test_one_person_holds_more_than_eight_weeks_money(world: Engine) -> None:
    catrin = record_of(world, "Llewellyn").streams[0]
    assert balance(world, held(catrin.id)) > 8 * catrin.weekly_pence
    blessing = record_of(world, "Adeyinka").streams[0]
    assert balance(world, held(blessing.id)) < 8 * blessing.weekly_pence


def test_a_wheelchair_was_bought_with_a_contribution_of_the_persons_own(world: Engine) -> None:
    rafiq = record_of(world, "Rafiq")
    assert rafiq.phb.kind == "ONE_OFF"
    assert [item.amount_pence for item in rafiq.payments] == [480_000]
    assert balance(world, spent(rafiq.streams[0].id, "EQUIPMENT")) == 480_000
    with open_unit(world, SYSTEM, writes=False) as uow:
        chair = uow.session.execute(select(Wheelchair).where(col(Wheelchair.phb_id) == rafiq.phb.id)).scalar_one()
        adds = uow.session.execute(
            select(col(WheelchairContribution.amount_pence)).where(
                col(WheelchairContribution.wheelchair_id) == chair.id
            )
        ).scalars()
        assert (chair.person_pays_pence, sum(adds), chair.issued_on is not None) == (60_000, 60_000, True)
        chairs = uow.session.execute(select(col(Equipment.price_pence)).order_by(col(Equipment.price_pence))).scalars()
        assert list(chairs) == [258_900, 480_000]


def test_a_young_person_who_turned_sixteen_must_consent_before_anything_more_is_paid(world: Engine) -> None:
    jayden = record_of(world, "Thompson")
    stream, kofi = jayden.streams[0], staff(world, "kofi", Role.FINANCE)
    assert stream.review_required_on is not None
    with open_unit(world, SYSTEM, writes=False) as uow:
        (task,) = uow.session.execute(select(Task).where(col(Task.kind) == "AGE16_REVIEW")).scalars()
        starts = uow.today
    assert task.phb_id == jayden.phb.id
    entry = payments.PaymentEntry(starts, starts + timedelta(days=27))
    with pytest.raises(Refusal, match="16 or over"), open_unit(world, kofi, writes=True) as uow:
        payments.record_payment(uow, stream.id, entry, key="sixteen")


def test_a_consent_taken_back_stops_the_payments(world: Engine) -> None:
    gary, kofi = record_of(world, "Whitehead"), staff(world, "kofi", Role.FINANCE)
    starts = max(item.period_end for item in gary.payments) + timedelta(days=1)
    entry = payments.PaymentEntry(starts, starts + timedelta(days=27))
    with pytest.raises(Refusal, match="no consent"), open_unit(world, kofi, writes=True) as uow:
        payments.record_payment(uow, gary.streams[0].id, entry, key="gary")


def test_a_person_who_lacks_capacity_is_represented_and_cannot_consent_alone(world: Engine) -> None:
    edna, amara = record_of(world, "Clegg"), staff(world, "amara", Role.CASE_MANAGER)
    assert edna.person.lacks_capacity
    entry = consents.ConsentEntry(GivenBy.SELF, edna.phb.opened_on)
    with pytest.raises(Refusal, match="lacks capacity"), open_unit(world, amara, writes=True) as uow:
        consents.record_consent(uow, edna.person.id, entry)


def test_a_parent_on_hold_stops_the_money_and_a_review_of_who_is_paid_waits(world: Engine) -> None:
    aaliyah = record_of(world, "Hussain")
    assert aaliyah.streams[0].status == "SUSPENDED"
    with open_unit(world, SYSTEM, writes=False) as uow:
        (task,) = uow.session.execute(select(Task).where(col(Task.kind) == "NOMINATION_CHANGED")).scalars()
    assert (task.phb_id, task.done_at) == (aaliyah.phb.id, None)


def test_a_later_version_of_a_plan_took_the_place_of_the_first_and_the_payments_went_on(world: Engine) -> None:
    with open_unit(world, SYSTEM, writes=False) as uow:
        rows = uow.session.execute(
            select(col(Plan.version), col(Plan.status))
            .join(Phb, col(Phb.id) == col(Plan.phb_id))
            .join(Person, col(Person.id) == col(Phb.person_id))
            .where(col(Person.family_name) == "Wiśniewski")
            .order_by(col(Plan.version))
        ).all()
    assert [tuple(row) for row in rows] == [(1, "SUPERSEDED"), (2, "ACTIVE")]


def test_a_plan_that_asked_for_a_cruise_was_sent_back_by_an_approver(world: Engine) -> None:
    sheila = record_of(world, "Pickering")
    assert "cruise" in (sheila.plan.return_reason or "")


def test_payments_run_over_the_year_and_nothing_happened_on_the_day_itself(world: Engine) -> None:
    with open_unit(world, SYSTEM, writes=False) as uow:
        run, today = uow.session.execute, uow.today
        first, last = run(select(func.min(col(PaymentItem.paid_on)), func.max(col(PaymentItem.paid_on)))).one()
        latest = run(
            select(func.max(col(AuditEvent.created_at))).where(col(AuditEvent.created_by).is_not(None))
        ).scalar_one()
    assert first is not None
    assert last is not None
    assert (last - first).days >= 11 * 28
    assert latest.date() < today


def test_what_the_tour_suggests_of_the_year_can_be_done(world: Engine, tmp_path: Path) -> None:
    """Jayden consents and is paid again; Ruth agrees a fee that Shabnam, who made the offer, may not."""
    source, copy = str(world.url.database), tmp_path / "tour.sqlite3"
    with sqlite3.connect(source) as there, sqlite3.connect(copy) as here:
        there.backup(here)
    engine = make_engine(f"sqlite:///{copy}")
    jayden, kwame = record_of(engine, "Thompson"), record_of(engine, "Mensah-Boyd")
    with open_unit(engine, staff(engine, "rhodri", Role.CASE_MANAGER), writes=True) as uow:
        consents.record_consent(uow, jayden.person.id, consents.ConsentEntry(GivenBy.SELF, uow.today))
        assert uow.find(Stream, jayden.streams[0].id).review_required_on is None
    with open_unit(engine, SYSTEM, writes=False) as uow:
        (task,) = uow.session.execute(select(Task).where(col(Task.kind) == "AGE16_REVIEW")).scalars()
        offer = uow.session.execute(
            select(col(IsfConfirmation.id)).where(col(IsfConfirmation.phb_id) == kwame.phb.id)
        ).scalar_one()
    assert task.done_at is not None
    with (
        pytest.raises(Refusal),
        open_unit(engine, staff(engine, "shabnam", Role.CASE_MANAGER), writes=True) as uow,
    ):
        arrangements.approve_fee(uow, offer)
    with open_unit(engine, staff(engine, "approver", Role.APPROVER), writes=True) as uow:
        arrangements.approve_fee(uow, offer)
        assert uow.find(IsfConfirmation, offer).status == IsfStatus.SENT
    engine.dispose()


def test_on_postgresql_the_whole_world_is_the_same(world: Engine, postgres: PostgresServer) -> None:
    name = postgres.fresh_database()
    engine = make_engine(postgres.url(name))
    assert build(engine, ISSUER)
    assert telling(engine) == telling(world)
    with open_unit(engine, SYSTEM, writes=False) as uow:
        assert check_ledger(uow.session) == []
    engine.dispose()
    postgres.drop(name)


def test_the_whole_world_can_be_begun_when_payments_stand_on_both_sides_of_31_march(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime(2027, 4, 20, 0, 30, tzinfo=UTC)

    monkeypatch.setattr(unit_of_work, "datetime", Clock)
    engine = make_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'portal.sqlite3')}")
    assert build(engine, ISSUER)
    assert_promises_kept(engine)
    assert count(engine, col(Stream.method))[Method.DIRECT_PAYMENT.value] == 40
    with open_unit(engine, SYSTEM, writes=False) as uow:
        assert check_ledger(uow.session) == []
    engine.dispose()


def test_somebody_is_paid_by_the_month_as_twelfths_that_come_to_52_weeks(world: Engine) -> None:
    lam = record_of(world, "Lam")
    (stream,) = lam.streams
    assert (stream.frequency, stream.monthly_pay, stream.weekly_pence) == ("MONTHLY", "TWELFTHS", 61_000)
    assert len(lam.payments) == 5
    paid = {(item.period_start.day, (item.period_end + timedelta(days=1)).day) for item in lam.payments}
    assert paid == {(1, 1)}, "whole months"
    assert {item.amount_pence for item in lam.payments} == {264_333, 264_334}, "£610.00 × 52 ÷ 12 is £2,643.33⅓"
    with open_unit(world, SYSTEM, writes=False) as uow:
        chosen = select(PolicySetting).where(col(PolicySetting.name) == "monthly_payment")
        (setting,) = uow.session.execute(chosen).scalars()
    assert (setting.value, setting.starts_on <= stream.starts_on) == ("TWELFTHS", True)
