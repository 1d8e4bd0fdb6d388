"""Several workers side by side: a job is done once, by whoever holds it, or by another if that one is not heard of."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Barrier, Lock, Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine

from phbportal.domain.errors import Refusal
from phbportal.policy.actors import SYSTEM
from phbportal.services import jobs
from phbportal.services.jobs import LOST, LOST_AFTER, MOST_LOST, OURS, Ending, Held, LetGo, claim, run_one
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.settings import Job
from tests.services.asking import rows
from tests.support.world import World

KIND = "sums"
PATIENCE = 20.0
Tell = Callable[[int, int], None]


def asked_for(world: World, *payloads: str) -> list[UUID]:
    """Jobs that wait, oldest first."""
    with world.unit(SYSTEM) as uow:
        return [uow.add(Job, kind=KIND, status="WAITING", payload=one, outcome="").id for one in payloads]


def one(world: World) -> Job:
    (found,) = rows(world, Job)
    return found


def not_heard_of(world: World, job_id: UUID) -> None:
    """As if its worker had died a while ago."""
    with world.unit(SYSTEM) as uow:
        uow.session.get_one(Job, job_id).updated_at = datetime.now(UTC) - 2 * LOST_AFTER
        uow.session.flush()


def test_workers_side_by_side_do_every_job_and_none_of_them_twice(world: World) -> None:
    """Nor are two of them ever at one matter."""
    workers, matters = 4, [f"matter {n // 2}" for n in range(12)]
    asked_for(world, *matters)
    done: Counter[str] = Counter()
    by: set[int] = set()
    at_work: list[str] = []
    most_at_one: list[int] = []
    begin, count = Barrier(workers), Lock()

    def work(number: int) -> None:
        def do(_engine: Engine, payload: str, tell: Tell) -> str:
            with count:
                done[payload] += 1
                by.add(number)
                at_work.append(payload)
                most_at_one.append(at_work.count(payload))
            time.sleep(0.01)
            tell(1, 1)
            with count:
                at_work.remove(payload)
            return payload

        begin.wait(PATIENCE)
        while {job.status for job in rows(world, Job)} != {"DONE"}:
            run_one(world.engine, {KIND: do})

    threads = [Thread(target=work, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert done == dict.fromkeys(matters, 2)
    assert set(most_at_one) == {1}
    assert len(by) > 1, "they really worked side by side"
    assert {(job.status, job.outcome == job.payload, job.finished_at is not None) for job in rows(world, Job)} == {
        ("DONE", True, True)
    }


def test_nobody_begins_about_a_matter_somebody_else_is_at(world: World) -> None:
    asked_for(world, "file 1", "file 1", "file 2")
    first = claim(world.engine, (KIND,))
    assert first is not None
    other = claim(world.engine, (KIND,))
    assert other is not None
    assert (first.payload, other.payload) == ("file 1", "file 2")
    assert claim(world.engine, (KIND,)) is None
    with Held(world.engine, first, Ending()) as held:
        held.finish("")
    again = claim(world.engine, (KIND,))
    assert again is not None
    assert again.payload == "file 1"


def test_of_a_dead_workers_matter_the_oldest_job_is_begun_again_first(world: World) -> None:
    first_id, _second = asked_for(world, "file 1", "file 1")
    claim(world.engine, (KIND,))
    not_heard_of(world, first_id)
    again = claim(world.engine, (KIND,))
    assert again is not None
    assert again.id == first_id
    assert claim(world.engine, (KIND,)) is None


def test_who_was_not_heard_of_in_time_neither_goes_on_nor_says_what_came_of_it(world: World) -> None:
    (job_id,) = asked_for(world, "file")
    said: list[str] = []

    def do(engine: Engine, _payload: str, tell: Tell) -> str:
        not_heard_of(world, job_id)
        another = claim(engine, (KIND,))
        assert another is not None
        try:
            tell(1, 2)
        except LetGo:
            said.append("let go")
            raise
        return "done by the first"

    assert run_one(world.engine, {KIND: do})
    assert said == ["let go"]
    job = one(world)
    assert (job.status, job.outcome, job.finished_at) == ("RUNNING", "", None), "the second one's, who is at it"


def test_what_was_done_after_it_was_lost_is_not_written_over_the_others(world: World) -> None:
    (job_id,) = asked_for(world, "file")

    def do(engine: Engine, _payload: str, _tell: Tell) -> str:
        not_heard_of(world, job_id)
        assert run_one(engine, {KIND: lambda *_: "by the second"})
        return "by the first"

    assert run_one(world.engine, {KIND: do})
    assert one(world).outcome == "by the second"


def test_a_worker_is_heard_of_while_a_job_says_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "HEARD_EVERY_SECONDS", 0.02)
    (job_id,) = asked_for(world, "file")

    def do(engine: Engine, _payload: str, _tell: Tell) -> str:
        not_heard_of(world, job_id)
        until = time.monotonic() + PATIENCE
        while one(world).updated_at < datetime.now(UTC) - LOST_AFTER:
            assert time.monotonic() < until
            time.sleep(0.01)
        assert claim(engine, (KIND,)) is None
        return "done"

    assert run_one(world.engine, {KIND: do})
    assert one(world).status == "DONE"


def test_a_worker_that_is_to_end_lets_go_and_another_begins_it_again_at_once(world: World) -> None:
    asked_for(world, "file")
    ending, stretches = Ending(), list[int]()

    def do(_engine: Engine, _payload: str, tell: Tell) -> str:
        for stretch in range(3):
            stretches.append(stretch)
            if ending.asked or len(stretches) == 2:
                ending.ask()
            tell(stretch, 3)
        return "done"

    assert run_one(world.engine, {KIND: do}, ending)
    assert stretches == [0, 1], "it stopped after the stretch it was at"
    assert (one(world).status, one(world).done_count, one(world).outcome) == ("WAITING", 0, "")
    assert run_one(world.engine, {KIND: lambda *_: "done by another"})
    assert (one(world).status, one(world).outcome) == ("DONE", "done by another")


def test_what_a_worker_that_ends_at_once_was_doing_is_given_back(world: World) -> None:
    """It cannot let go by itself: it is in the middle of a long statement."""
    asked_for(world, "file")
    ending, seen = Ending(), list[Any]()

    def do(engine: Engine, _payload: str, _tell: Tell) -> str:
        ending.give_back()
        seen.append(one(world).status)
        return "too late: the process is gone by now"

    ending.give_back()  # nothing is being done
    assert run_one(world.engine, {KIND: do}, ending)
    assert seen == ["WAITING"]
    assert (one(world).status, one(world).outcome) == ("WAITING", "")


# What ends its worker each time ---------------------------------------------------------------------------------------


def killed_over(world: World, job_id: UUID) -> None:
    """A worker begins it and is killed."""
    assert claim(world.engine, (KIND,)) is not None
    not_heard_of(world, job_id)


def test_who_has_lost_a_job_does_not_fail_it_for_the_other(world: World) -> None:
    """A worker that hung comes back with a fault, while another is at it."""
    (job_id,) = asked_for(world, "file")
    told: list[str] = []
    give_up = {KIND: lambda _uow, _payload, why: told.append(why)}  # pyright: ignore

    def do(engine: Engine, _payload: str, _tell: Tell) -> str:
        not_heard_of(world, job_id)
        assert claim(engine, (KIND,)) is not None
        raise RuntimeError

    assert run_one(world.engine, {KIND: do}, give_up=give_up)  # pyright: ignore
    assert told == []
    assert (one(world).status, one(world).outcome) == ("RUNNING", "")


@pytest.mark.parametrize(("fault", "why"), [(Refusal("Not any more."), "Not any more."), (RuntimeError(), OURS)])
def test_a_job_that_fails_is_marked_where_what_it_is_about_says_so_or_not_at_all(
    world: World, fault: Exception, why: str
) -> None:
    asked_for(world, "file")
    told: list[str] = []

    def do(*_given: Any) -> str:
        raise fault

    def half(uow: UnitOfWork, payload: str, said: str) -> None:
        uow.add(Job, kind="said", status="DONE", payload=payload, outcome=said)
        uow.session.flush()
        if not told:
            told.append(said)
            raise Refusal("Somebody else is changing the same record.")

    assert run_one(world.engine, {KIND: do}, give_up={KIND: half})
    assert one(world).status == "WAITING", "nor is what was said of it kept"
    assert run_one(world.engine, {KIND: do}, give_up={KIND: half})
    assert {(job.kind, job.status, job.outcome) for job in rows(world, Job)} == {
        (KIND, "FAILED", why), ("said", "DONE", why),
    }  # fmt: skip


def test_a_job_that_nobody_can_be_told_of_has_failed_nevertheless(world: World) -> None:
    asked_for(world, "file")

    def faulty(*_given: Any) -> None:
        raise LookupError

    assert run_one(world.engine, {KIND: lambda *_: str(1 // 0)}, give_up={KIND: faulty})
    assert (one(world).status, one(world).outcome) == ("FAILED", OURS)


def must_not_begin(*_given: Any) -> str:
    raise AssertionError("it is begun no more")


def test_a_job_that_ends_its_worker_three_times_fails_and_says_so_of_its_matter(world: World) -> None:
    (job_id,) = asked_for(world, "file")
    told: list[tuple[str, str]] = []
    give_up = {KIND: lambda _uow, payload, why: told.append((payload, why))}  # pyright: ignore
    for _time in range(MOST_LOST):
        assert told == []
        killed_over(world, job_id)
    assert run_one(world.engine, {KIND: must_not_begin}, give_up=give_up)  # pyright: ignore
    assert told == [("file", LOST)]
    assert (one(world).status, one(world).outcome, one(world).finished_at is not None) == ("FAILED", LOST, True)
    assert not run_one(world.engine, {KIND: must_not_begin}), "nor does it wait"


def test_a_job_that_ends_its_worker_twice_is_done_by_the_third(world: World) -> None:
    (job_id,) = asked_for(world, "file")
    for _time in range(MOST_LOST - 1):
        killed_over(world, job_id)
    assert run_one(world.engine, {KIND: lambda *_: "done"})
    assert (one(world).status, one(world).outcome) == ("DONE", "done")


def test_a_worker_that_ends_in_good_order_does_not_count_as_lost(world: World) -> None:
    """However often a portal is started anew while it works on a long file."""
    (job_id,) = asked_for(world, "file")
    killed_over(world, job_id)
    for _time in range(2 * MOST_LOST):
        ending = Ending()
        ending.ask()

        def do(_engine: Engine, _payload: str, tell: Tell) -> str:
            tell(1, 2)
            raise AssertionError("it lets go")

        assert run_one(world.engine, {KIND: do}, ending)
        assert (one(world).status, one(world).attempts) == ("WAITING", 1)
    assert run_one(world.engine, {KIND: lambda *_: "done"})
    assert one(world).status == "DONE"


def test_what_somebody_holds_is_given_up_the_next_time(world: World) -> None:
    (job_id,) = asked_for(world, "file")
    for _time in range(MOST_LOST):
        killed_over(world, job_id)

    def busy(*_given: Any) -> None:
        raise Refusal("Somebody else is changing the same record.")

    assert run_one(world.engine, {KIND: must_not_begin}, give_up={KIND: busy})
    assert (one(world).status, one(world).attempts) == ("WAITING", MOST_LOST)
    assert run_one(world.engine, {KIND: must_not_begin})
    assert one(world).status == "FAILED"
