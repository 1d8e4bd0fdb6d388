"""Twenty times killed at a random moment, an import or an approval is done or not begun, never half done."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text
from sqlmodel import col

from phbportal.domain.errors import Refusal
from phbportal.domain.streams import Method
from phbportal.gateways.caseload_file import read_caseload
from phbportal.policy.actors import SYSTEM
from phbportal.queries.ledger import check_ledger
from phbportal.services.approvals import approve_plan
from phbportal.services.jobs import LOST_AFTER, run_one
from phbportal.services.letters import JOB
from phbportal.services.outbox import send_letter
from phbportal.tables.budgets import BudgetVersion, Stream
from phbportal.tables.decisions import Decision
from phbportal.tables.ledger import LedgerJournal
from phbportal.tables.letters import Letter, OutboxItem
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Plan
from phbportal.tables.settings import Job
from tests.cli import killed
from tests.cli.import_files import row, world_of_today, write
from tests.cli.killed import PostOffice
from tests.services import deciding
from tests.services.import_world import bring_in, outcome, rows_of
from tests.support import journey
from tests.support.journey import Case, StreamPlan
from tests.support.world import World, at

KILLS = 20
ROWS = 4
PATIENCE = 30


@pytest.fixture(scope="module")
def processes() -> Any:
    """Processes forked from one that has everything imported, and nothing of this one's."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["phbportal.services.caseload_import", "tests.cli.killed"])
    return context


@pytest.fixture
def world(engine: Engine) -> World:
    return world_of_today(engine)


class Executioner:
    """Runs an act in a process of its own; once to see how long it takes, then to kill it before it may be done."""

    def __init__(self, processes: Any, engine: Engine, act: Callable[..., None]) -> None:
        self.processes, self.engine, self.act = processes, engine, act
        self.seconds = 0.0
        self.struck = 0

    def let_live(self, *about: object) -> None:
        began, said, process = self._begin(about)
        assert said.recv() == "done"
        self.seconds = time.perf_counter() - began
        process.join(PATIENCE)
        assert process.exitcode == 0

    def kill(self, *about: object) -> None:
        _, said, process = self._begin(about)
        time.sleep(random.uniform(0, self.seconds))
        process.kill()
        process.join(PATIENCE)
        try:
            said.recv()
        except EOFError:
            self.struck += 1
        said.close()
        self._wait_for_the_database()

    def _begin(self, about: tuple[object, ...]) -> tuple[float, Any, Any]:
        said, tell = self.processes.Pipe(duplex=False)
        url = self.engine.url.render_as_string(hide_password=False)
        process = self.processes.Process(target=self.act, args=(tell, url, *about))
        process.start()
        tell.close()
        assert said.poll(PATIENCE)
        assert said.recv() == "begun"
        return time.perf_counter(), said, process

    def _wait_for_the_database(self) -> None:
        """PostgreSQL may take a moment to see that nobody is there any more."""
        if self.engine.dialect.name != "postgresql":
            return
        others = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                      "AND pid <> pg_backend_pid()")  # fmt: skip
        self.engine.dispose()
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with self.engine.connect() as connection:
                if connection.execute(others).scalar_one() == 0:
                    return
            time.sleep(0.01)
        raise AssertionError("the killed process's connection is still there")


def in_step(world: World) -> int:
    """How many budgets there are; each with its person, version, stream, allocation and opening balance."""
    with world.unit(SYSTEM, writes=False) as uow:
        whole = {
            table.__name__: uow.session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (Person, Phb, BudgetVersion, Stream)
        }
        verbs = dict(
            uow.session.execute(select(col(LedgerJournal.verb), func.count()).group_by(col(LedgerJournal.verb))).all()
        )
        assert check_ledger(uow.session) == []
    found = {*whole.values(), verbs.get("ALLOCATE", 0), verbs.get("OPENING", 0)}
    assert len(found) == 1, (whole, verbs)
    return found.pop()


def files(folder: Path, many: int) -> list[Path]:
    """Caseloads of different people, who have local references and no NHS number."""
    return [
        write(
            folder / f"{file}.csv",
            *(
                row(nhs_number="", nhs_number_status="07", local_reference=f"{file}-{n}", family_name="A" * (file + 1),
                    given_name="B" * (n + 1))
                for n in range(ROWS)
            ),
        )
        for file in range(many)
    ]  # fmt: skip


def test_an_import_that_is_killed_is_done_or_not_begun(
    world: World, engine: Engine, processes: Any, tmp_path: Path
) -> None:
    first, *others = files(tmp_path, KILLS + 1)
    now = at(world.today)
    executioner = Executioner(processes, engine, killed.bring_in)
    executioner.let_live(world.cm, world.approver, now, str(first))
    done = in_step(world)
    assert done == ROWS
    for path in others:
        executioner.kill(world.cm, world.approver, now, str(path))
        more = in_step(world) - done
        assert more in (0, ROWS)
        done += more
    assert executioner.struck > 0
    for path in others:
        again = bring_in(world, read_caseload(path.read_bytes(), today=world.today))
        assert outcome(again) in ((ROWS, 0, 0, 0), (0, 0, ROWS, 0))
    assert in_step(world) == ROWS * (KILLS + 1)


def state_of(world: World, case: Case) -> tuple[str, str, str, int]:
    """The statuses of a plan, its case and its budget, and how many entries its money has."""
    entries = select(func.count()).where(col(LedgerJournal.phb_id) == case.phb_id).scalar_subquery()
    found = (
        select(col(Plan.status), col(Phb.status), col(BudgetVersion.status), entries)
        .join(Phb, col(Phb.id) == col(Plan.phb_id))
        .join(BudgetVersion, col(BudgetVersion.plan_id) == col(Plan.id))
        .where(col(Plan.id) == case.plan_id)
    )
    with world.unit(SYSTEM, writes=False) as uow:
        plan, phb, budget, many = uow.session.execute(found).one()
    return plan, phb, budget, many


def test_an_approval_that_is_killed_is_done_or_not_begun(world: World, engine: Engine, processes: Any) -> None:
    cases = []
    for number in range(KILLS + 1):
        person_id = journey.add_person(world, number=None, names=("Ada", f"B{number}"))
        case = journey.draft(world, StreamPlan(Method.NOTIONAL, 10_000, starts_on=world.today), person_id=person_id)
        journey.submit(world, case)
        journey.sign_off(world, case)
        cases.append(case)
    first, *others = cases
    now = at(world.today)
    executioner = Executioner(processes, engine, killed.approve)
    executioner.let_live(world.approver, now, first.plan_id)
    approved = state_of(world, first)
    assert approved[0] == "APPROVED"
    for case in others:
        before = state_of(world, case)
        executioner.kill(world.approver, now, case.plan_id)
        after = state_of(world, case)
        assert after in (before, approved)
        if after != before:
            with pytest.raises(Refusal):
                world.do(world.approver, lambda uow, plan_id=case.plan_id: approve_plan(uow, plan_id))
        else:
            world.do(world.approver, lambda uow, plan_id=case.plan_id: approve_plan(uow, plan_id))
    assert executioner.struck > 0
    with world.unit(SYSTEM, writes=False) as uow:
        assert check_ledger(uow.session) == []
    assert len(rows_of(world, LedgerJournal)) == KILLS + 1


def let_go_on(world: World, book: PostOffice) -> None:
    """As the portal after a kill: lost jobs are taken up again, two minutes later."""
    long_ago = datetime.now(UTC) - 2 * LOST_AFTER
    with world.unit(SYSTEM, now=long_ago) as uow:
        for job in uow.session.execute(select(Job).where(col(Job.status) == "RUNNING")).scalars().all():
            uow.change(job, updated_at=long_ago)
    while run_one(world.engine, {JOB: send_letter(lambda: book)}):
        pass


def test_a_letter_killed_on_its_way_goes_once(world: World, engine: Engine, processes: Any, tmp_path: Path) -> None:
    """Between the approval of a decision and its letter, twenty times: never none, never two. Every second person gets
    letters by e-mail."""
    waiting = []
    for number in range(KILLS + 1):
        person_id = journey.add_person(world, number=None, names=("Ada", f"B{number}"))
        if number % 2:
            with world.unit(world.cm) as uow:
                uow.change(uow.session.get_one(Person, person_id), email="ada@example.org", letters_by="EMAIL")
        case = journey.draft(world, StreamPlan(Method.NOTIONAL, 10_000, starts_on=world.today), person_id=person_id)
        waiting.append(deciding.prepared(world, case, deciding.REFUSE))
    first, *others = waiting
    book, now = PostOffice(str(tmp_path / "book")), at(world.today)
    executioner = Executioner(processes, engine, killed.decide_and_write)
    executioner.let_live(world.approver, now, first, str(book.path))
    assert len(book.taken()) == 1
    for number, decision_id in enumerate(others):
        executioner.kill(world.approver, now, decision_id, str(book.path))
        approved = row_of(world, decision_id) != "PREPARED"
        assert len(rows_of(world, Letter)) == number + 1 + approved, (
            "a letter is there with its approval, or neither is"
        )
        if not approved:
            deciding.approve(world, decision_id)
        let_go_on(world, book)
    assert executioner.struck > 0
    letters, items = rows_of(world, Letter), rows_of(world, OutboxItem)
    assert len(letters) == len(items) == KILLS + 1
    assert {letter.status for letter in letters} == {"SENT"}
    assert sorted(book.taken()) == sorted(item.reference for item in items), "each went, and went once"


def row_of(world: World, decision_id: Any) -> str:
    with world.unit(SYSTEM, writes=False) as uow:
        return uow.session.get_one(Decision, decision_id).status
