"""A letter leaves once: printed by staff, or handed to the postal service, however often its job is begun."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from phbportal.domain.letters import By
from phbportal.gateways.letters import Came, Postal, PostalFake
from phbportal.policy.actors import SYSTEM
from phbportal.services import outbox
from phbportal.services.jobs import run_one
from phbportal.services.letters import HEARD, JOB, post_letter
from phbportal.services.outbox import hear_of_letter, listen, send_again, send_letter
from phbportal.tables.audit import AuditEvent
from phbportal.tables.letters import Letter, OutboxItem
from phbportal.tables.people import Person
from phbportal.tables.settings import Job
from tests.services.asking import Copy, refused, rows
from tests.services.deciding import REFUSE, issued, letters
from tests.support.journey import Case
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


def test_letters_that_wait_already_do_not_keep_lost_ones_from_being_asked_for(
    drafted: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stretch of one: the first two wait, and are passed."""
    world, case = drafted
    issued(world, case, REFUSE)
    waits, now = item(world), datetime.now(UTC)
    with world.unit(SYSTEM, now=now) as uow:
        others = [
            uow.add(OutboxItem, letter_id=waits.letter_id, reference=f"other-{n}", status="WAITING") for n in range(3)
        ]
        uow.add(Job, kind=JOB, status="RUNNING", payload=str(others[0].id), outcome="")
    monkeypatch.setattr(outbox, "BATCH", 1)
    later = now + timedelta(minutes=11)
    assert [send_again(world.engine, now=later), send_again(world.engine, now=later)] == [2, 0]
    waiting = {job.payload for job in rows(world, Job, kind=JOB)}
    assert waiting == {str(one.id) for one in (waits, *others)}


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


def chooses(world: World, case: Case, by: By, **more: object) -> None:
    with world.unit(world.cm) as uow:
        person = uow.find(Person, case.person_id)
        uow.change(person, email="amina@example.org", letters_by=by.value, **more)


def test_whoever_chose_so_gets_the_letter_s_own_words_by_e_mail_without_links(drafted: Copy) -> None:
    world, case = drafted
    chooses(world, case, By.EMAIL)
    reasons = "We read https://example.org/policy and what you told us, and this is why."
    one, postal = issued(world, case, replace(REFUSE, reasons=reasons)), PostalFake()
    assert worked(world.engine, postal) == 1
    (letter,) = letters(world, one)
    assert letter.status == "SENT"
    ((address, words),) = postal.emailed.values()
    assert address == "amina@example.org"
    assert "example.org/policy and what you told us" in words
    assert "://" not in words
    assert "letter_emailed" in [event.kind for event in rows(world, AuditEvent)]


@pytest.mark.parametrize(("signs_in", "emailed"), [(True, 1), (False, 0)])
def test_who_wants_to_be_told_only_that_a_letter_waits_is_told_nothing_else(
    drafted: Copy, signs_in: bool, emailed: int
) -> None:
    world, case = drafted
    chooses(world, case, By.EMAIL_NOTE, sign_in_on=signs_in)
    issued(world, case, REFUSE)
    postal = PostalFake()
    worked(world.engine, postal)
    assert (len(postal.emailed), len(postal.taken)) == (emailed, 1), "by post, for whoever cannot sign in"
    for _address, words in postal.emailed.values():
        assert "waits for you in the portal" in words
        assert not [word for word in ("Amina", "Okafor", "PHB-", "reasons", "://") if word in words]


def test_where_nothing_goes_by_e_mail_it_goes_by_post_and_what_is_refused_is_printed(drafted: Copy) -> None:
    world, case = drafted
    chooses(world, case, By.EMAIL)
    issued(world, case, REFUSE)
    postal = PostalFake(emails=False)
    worked(world.engine, postal)
    assert (len(postal.emailed), [pdf[:5] for pdf in postal.taken.values()]) == (0, [b"%PDF-"])
    told = {event.kind for event in rows(world, AuditEvent)}
    assert ("letter_sent" in told, "letter_emailed" in told) == (True, False), "the history says what was done"


def test_an_e_mail_that_is_not_taken_is_printed(drafted: Copy) -> None:
    world, case = drafted
    chooses(world, case, By.EMAIL)
    one = issued(world, case, REFUSE)
    assert worked(world.engine, PostalFake(refuses=True)) == 1
    assert letters(world, one)[0].status == "TO_POST"


@pytest.mark.parametrize(("came", "status", "asked_again"), [
    (Came.DELIVERED, "SENT", 0), (Came.BACK, "TO_POST", 0), (Came.ON_ITS_WAY, "SENT", 1),
])  # fmt: skip
def test_an_e_mail_that_comes_back_is_printed_so_that_the_letter_arrives(
    drafted: Copy, came: Came, status: str, asked_again: int
) -> None:
    world, case = drafted
    chooses(world, case, By.EMAIL)
    one, postal = issued(world, case, REFUSE), PostalFake(comes=came)
    worked(world.engine, postal)
    assert [listen(world.engine), listen(world.engine)] == [1, 0]
    while run_one(world.engine, {HEARD: hear_of_letter(lambda: postal)}):
        pass
    assert letters(world, one)[0].status == status
    assert listen(world.engine) == asked_again
    assert len(postal.taken) == 1


def test_what_went_as_a_document_is_not_asked_after(drafted: Copy) -> None:
    """Chosen by e-mail, and printed by the service, which had no template for e-mails."""
    world, case = drafted
    chooses(world, case, By.EMAIL)
    issued(world, case, REFUSE)
    worked(world.engine, PostalFake(emails=False, comes=Came.BACK))
    assert (item(world).way, rows(world, Letter)[0].email) == ("NOTIFY", "amina@example.org")
    assert listen(world.engine) == 0


def test_every_letter_is_asked_after_however_many_there_are(drafted: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    world, case = drafted
    monkeypatch.setattr(outbox, "BATCH", 2)
    issued(world, case, REFUSE)
    with world.unit(world.cm) as uow:
        (letter,) = uow.session.execute(select(Letter)).scalars()
        for number in range(4):
            uow.add(OutboxItem, letter_id=letter.id, reference=f"more-{number}", status="WAITING")
        for job in uow.session.execute(select(Job)).scalars():
            uow.change(job, status="FAILED")
    later = datetime.now(UTC) + timedelta(minutes=11)
    assert [send_again(world.engine, now=later), send_again(world.engine, now=later)] == [5, 0]


def test_no_log_names_a_person(drafted: Copy, caplog: pytest.LogCaptureFixture) -> None:
    world, case = drafted
    issued(world, case, REFUSE)
    with caplog.at_level("DEBUG"):
        worked(world.engine, Lost())
        worked(world.engine, PostalFake(refuses=True))
    assert "Okafor" not in caplog.text
