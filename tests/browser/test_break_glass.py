"""What was read under break-glass leaves a real browser's screen when that is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col

from phbportal.policy.actors import SYSTEM
from phbportal.services.unit_of_work import open_unit
from phbportal.tables.break_glass import BreakGlass
from tests.browser.stops import ADMIN
from tests.browser.visitor import Given

NAME = "Pritchard-Evans"


def test_a_record_leaves_the_screen_when_the_hour_is_ended_and_its_reader_works_on(given: Given) -> None:
    grace = given.freshly_signed_in(ADMIN)
    facts, engine = grace.portal.facts, grace.portal.engine
    with open_unit(engine, SYSTEM, writes=True) as uow:
        asking = uow.add(
            BreakGlass, icb_id=UUID(facts["board"]), user_id=UUID(facts["user_grace"]), person_id=UUID(facts["gareth"]),
            reference=facts["gareth_phb"], reason="A test.", status="AGREED", decided_by=UUID(facts["user_ruth"]),
            decided_at=uow.now, ends_at=uow.now + timedelta(minutes=30),
        ).id  # fmt: skip
    grace.opens("/staff/people/{gareth}", shows=NAME)
    with open_unit(engine, SYSTEM, writes=True) as uow:
        ended = update(BreakGlass).where(col(BreakGlass.id) == asking).values(ended_at=datetime.now(UTC))
        uow.session.execute(ended)
    grace.page.wait_for_url("**/staff/break-glass?done=over")
    grace.sees("Your time to read that record is over.").does_not_see(NAME, "You can read one person’s record")
    grace.is_content()
    grace.follows("Users").sees("Grace Liu")
