"""The demo world is built once, on any day, whole after any kill, and can be used as docs/demo.md says."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import Engine, func, select
from sqlmodel import col

from phbportal.cli.office import build_demo
from phbportal.db import make_engine
from phbportal.demo.build import build
from phbportal.demo.staff import SIGNATURES
from phbportal.domain.consents import GivenBy
from phbportal.domain.errors import Refusal
from phbportal.domain.ledger import held
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.roles import Role
from phbportal.policy.actors import SYSTEM
from phbportal.queries.ledger import check_ledger
from phbportal.services import accounts, approvals, consents, payments, plan_checks, plans, unit_of_work
from phbportal.services.unit_of_work import open_unit
from phbportal.settings import Environment, Settings
from phbportal.tables.audit import AuditEvent
from phbportal.tables.settings import Submission
from tests.support.demo import (
    ISSUER,
    assert_promises_kept,
    balance,
    counts,
    record_of,
    staff,
    telling,
)

KILLS = 5
SCRIPT = (
    "import sys; from phbportal.db import make_engine; from phbportal.demo.build import build; "
    "build(make_engine(sys.argv[1]), sys.argv[2], small=True)"
)
ROOT = Path(__file__).resolve().parents[2]


class Whole(NamedTuple):
    """A world built without a break: where it is, and what it held when it was new."""

    engine: Engine
    counts: dict[str, int]
    telling: list[tuple[object, ...]]


@pytest.fixture(scope="module")
def whole(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """The demo world on SQLite."""
    engine = make_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path_factory.mktemp('demo') / 'demo.sqlite3')}")
    assert build(engine, ISSUER, small=True)
    yield Whole(engine, counts(engine), telling(engine))
    engine.dispose()


def acts_done(engine: Engine) -> int:
    """How far a build is."""
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(Submission)).scalar_one()


def test_a_second_run_says_that_the_world_is_there_and_changes_nothing(whole: Whole) -> None:
    assert build(whole.engine, ISSUER) is False
    assert (counts(whole.engine), telling(whole.engine)) == (whole.counts, whole.telling)


def test_the_command_builds_the_world_once_and_the_tour_can_be_taken(engine: Engine, database_url: str) -> None:
    """What docs/demo.md suggests, done by the people it names, with the refusals it promises."""
    environment = os.environ | {"PHB_ENVIRONMENT": "development", "PHB_DATABASE_URL": database_url}
    for said in ("The demo world is built.", "The demo world is already there."):
        command = [sys.executable, "-m", "phbportal.cli", "demo", "--small"]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        assert done.stdout.splitlines() == [said]
    marta, siobhan = staff(engine, "case.manager", Role.CASE_MANAGER), staff(engine, "siobhan", Role.CLINICIAN)
    owen, ruth = (staff(engine, key, Role.APPROVER) for key in ("owen", "approver"))
    mei, emrys, frances = (record_of(engine, name) for name in ("Chow", "Vaughan", "O’Dowd"))
    with open_unit(engine, marta, writes=True) as uow:
        plans.submit_plan(uow, frances.plan.id)
    with open_unit(engine, siobhan, writes=True) as uow:
        plans.sign_off_plan(uow, mei.plan.id, SIGNATURES["siobhan"])
        plans.sign_off_plan(uow, frances.plan.id, SIGNATURES["siobhan"])
    with open_unit(engine, staff(engine, "kofi", Role.FINANCE), writes=True) as uow:
        for signed in (mei, frances):
            plan_checks.check_money(uow, signed.plan.id, note="The money is there.")
    with pytest.raises(Refusal, match="no consent to a direct payment"), open_unit(engine, owen, writes=True) as uow:
        approvals.approve_plan(uow, frances.plan.id)
    with open_unit(engine, marta, writes=True) as uow:
        consents.record_consent(uow, frances.person.id, consents.ConsentEntry(GivenBy.SELF, uow.today))
    with open_unit(engine, owen, writes=True) as uow:
        approvals.approve_plan(uow, mei.plan.id)
        approvals.approve_plan(uow, frances.plan.id)
    with open_unit(engine, ruth, writes=True) as uow:
        approvals.approve_plan(uow, emrys.plan.id)
    kofi, dorothy, harpreet = (
        staff(engine, "kofi", Role.FINANCE),
        record_of(engine, "Fenwick"),
        record_of(engine, "Sandhu"),
    )
    with open_unit(engine, kofi, writes=True) as uow:
        accounts.approve_account(uow, dorothy.accounts[0].id)
        payments.confirm_payment(uow, harpreet.payments[0].id, paid_on=uow.today)
    starts = dorothy.streams[0].starts_on
    entry = payments.PaymentEntry(starts, starts + timedelta(days=27))
    with pytest.raises(Refusal, match="bank details are new"), open_unit(engine, kofi, writes=True) as uow:
        payments.record_payment(uow, dorothy.streams[0].id, entry, key="tour")
    assert [record_of(engine, name).phb.status for name in ("Chow", "Vaughan", "O’Dowd")] == [PhbStatus.SETUP] * 3
    assert record_of(engine, "Sandhu").phb.status == PhbStatus.ACTIVE
    with open_unit(engine, SYSTEM, writes=False) as uow:
        assert check_ledger(uow.session) == []


def test_the_command_builds_nothing_in_production(capsys: pytest.CaptureFixture[str]) -> None:
    assert build_demo(Settings(environment=Environment.PRODUCTION)) == 1
    assert capsys.readouterr().out == "The demo world is not for production.\n"


def test_a_build_killed_again_and_again_is_finished_without_doubling_anything(
    engine: Engine, database_url: str, whole: Whole
) -> None:
    """SIGKILL at random moments of the building process, each time further on; then one run to the end."""
    acts, chance = whole.counts["submission"], random.Random(20260406)
    for kill in range(KILLS):
        done = acts * kill // (KILLS + 1) + chance.randrange(acts // (KILLS + 1))
        process = subprocess.Popen([sys.executable, "-c", SCRIPT, database_url, ISSUER], cwd=ROOT)
        while process.poll() is None and acts_done(engine) <= done:
            time.sleep(0.01)
        time.sleep(chance.random() / 50)
        process.kill()
        assert process.wait() == -signal.SIGKILL
    assert acts_done(engine) < acts
    assert build(engine, ISSUER, small=True)
    assert (counts(engine), telling(engine)) == (whole.counts, whole.telling)
    assert build(engine, ISSUER, small=True) is False
    assert (counts(engine), telling(engine)) == (whole.counts, whole.telling)


@pytest.mark.parametrize(
    "today",
    [
        pytest.param(date(2026, 5, 3), id="the last day of a cycle, a Sunday"),
        pytest.param(date(2027, 1, 1), id="new year's day"),
        pytest.param(date(2027, 4, 5), id="the first day of a cycle, soon after 1 April"),
        pytest.param(date(2027, 4, 20), id="payments on both sides of 31 March"),
    ],
)
def test_the_world_can_be_begun_on_any_day(
    today: date, tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime(today.year, today.month, today.day, 0, 30, tzinfo=UTC)

    monkeypatch.setattr(unit_of_work, "datetime", Clock)
    engine = make_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'portal.sqlite3')}")
    assert build(engine, ISSUER, small=True)
    assert_promises_kept(engine)
    assert balance(engine, held(record_of(engine, "Achebe").streams[0].id)) == 533_873
    with open_unit(engine, SYSTEM, writes=False) as uow:
        assert check_ledger(uow.session) == []
        acts = select(func.max(col(AuditEvent.created_at))).where(col(AuditEvent.created_by).is_not(None))
        latest = uow.session.execute(acts).scalar_one()
    assert latest.date() < today, "nobody has done anything yet on the day itself"
    engine.dispose()
