"""A letter leaves once: printed by staff, or handed to the postal service, however often its job is begun."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from phbportal.gateways.letters import Postal, PostalFake
from phbportal.services.jobs import run_one
from phbportal.services.letters import JOB, post_letter
from phbportal.services.outbox import send_again, send_letter
from phbportal.tables.letters import Letter, OutboxItem
from phbportal.tables.settings import Job
from tests.services.asking import Copy, refused, rows
from tests.services.deciding import REFUSE, issued, letters
from tests.support.world import World


def worked(engine: Engine, postal: Postal | None = None) -> int:
    """Do every job of letters there is; how many were done."""
    count = 0
    while run_one(engine, {JOB: send_letter(lambda: postal)}):
        count += 1
    return count


class Lost(PostalFake):
    """Takes a letter, and is not heard to say so."""

    def send(self, reference: str, pdf: bytes) -> str:
        super().send(reference, pdf)
        raise TimeoutError


def item(world: World) -> OutboxItem:
    (found,) = rows(world, OutboxItem)
    return found


def test_a_letter_its_outbox_row_and_its_job_are_there_or_none_of_them(drafted: Copy) -> None:
    world, case = drafted
    issued(world, case, REFUSE)
    (letter,) = rows(world, Letter)
    assert (item(world).letter_id, item(world).status) == (letter.id, "WAITING")
    assert [job.payload for job in rows(world, Job)] == [str(item(world).id)]


def test_without_a_key_it_waits_to_be_printed_and_staff_say_when_it_is_posted(drafted: Copy) -> None:
    world, case = drafted
    one = issued(world, case, REFUSE)
    assert worked(world.engine) == 1
    (letter,) = letters(world, one)
    assert (letter.status, item(world).way) == ("TO_POST", "PRINT")
    said = refused(world, world.clinician, lambda uow: post_letter(uow, letter.id, {}))
    assert said.startswith("Only a")
    world.do(world.cm2, lambda uow: post_letter(uow, letter.id, {}), on=date(2026, 4, 2))
    (letter,) = letters(world, one)
    assert (letter.status, letter.left_on) == ("POSTED", date(2026, 4, 2))
    assert "waits to be printed" in refused(world, world.cm, lambda uow: post_letter(uow, letter.id, {}))


def test_with_a_key_it_is_handed_over_as_a_document_under_its_reference(drafted: Copy) -> None:
    world, case = drafted
    one, postal = issued(world, case, REFUSE), PostalFake()
    assert worked(world.engine, postal) == 1
    (letter,) = letters(world, one)
    assert letter.status == "SENT"
    assert list(postal.taken) == [f"phb-letter-{letter.id}"]
    assert next(iter(postal.taken.values())).startswith(b"%PDF-")
    assert item(world).sent_as == f"fake-phb-letter-{letter.id}"


def test_a_letter_that_left_while_the_line_broke_does_not_leave_again(drafted: Copy) -> None:
    world, case = drafted
    one, lost = issued(world, case, REFUSE), Lost()
    assert worked(world.engine, lost) == 1
    assert item(world).status == "SENDING"
    assert [job.status for job in rows(world, Job)] == ["FAILED"]
    later = datetime.now(UTC) + timedelta(minutes=11)
    assert [send_again(world.engine, now=later), send_again(world.engine, now=later)] == [1, 0]
    again = PostalFake(lost.taken)
    assert worked(world.engine, again) == 1
    assert (len(lost.taken), letters(world, one)[0].status) == (1, "SENT")


def test_a_letter_the_service_does_not_take_is_printed(drafted: Copy) -> None:
    world, case = drafted
    one = issued(world, case, REFUSE)
    assert worked(world.engine, PostalFake(refuses=True)) == 1
    assert (letters(world, one)[0].status, item(world).way) == ("TO_POST", "PRINT")


def test_a_job_that_is_asked_for_twice_does_nothing_the_second_time(drafted: Copy) -> None:
    world, case = drafted
    issued(world, case, REFUSE)
    postal = PostalFake()
    with world.unit(world.cm) as uow:
        payload = uow.session.execute(select(col(Job.payload))).scalar_one()
        uow.add(Job, kind=JOB, status="WAITING", payload=payload, outcome="")
    assert worked(world.engine, postal) == 2
    assert len(postal.taken) == 1


def test_no_log_names_a_person(drafted: Copy, caplog: pytest.LogCaptureFixture) -> None:
    world, case = drafted
    issued(world, case, REFUSE)
    with caplog.at_level("DEBUG"):
        worked(world.engine, Lost())
        worked(world.engine, PostalFake(refuses=True))
    assert "Okafor" not in caplog.text
