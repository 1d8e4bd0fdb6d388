"""The unit of work: one transaction, looks noted (I33), forms sent once, lost races in words, history in sentences."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import event, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from phbportal.domain.errors import NotAllowed, NotFound, Refusal
from phbportal.domain.history import SENTENCES, sentence
from phbportal.domain.roles import Role
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.policy.permissions import Permission
from phbportal.services.unit_of_work import UnitOfWork, london_date, open_unit
from phbportal.tables.audit import AccessEvent, AuditEvent
from phbportal.tables.base import new_id
from phbportal.tables.people import Person, PersonResponsibility
from phbportal.tables.phbs import ReferenceCounter
from phbportal.tables.plans import Plan
from phbportal.tables.settings import Submission
from tests.services.asking import NEXT_START, START, Copy, Paying, refused, row, rows
from tests.support import journey
from tests.support.world import World, at


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 31, 22, 59, tzinfo=UTC), date(2026, 3, 31)),
        (datetime(2026, 3, 31, 23, 0, tzinfo=UTC), date(2026, 4, 1)),
        (datetime(2026, 1, 1, 0, 0, tzinfo=UTC), date(2026, 1, 1)),
        (datetime(2025, 12, 31, 23, 59, tzinfo=UTC), date(2025, 12, 31)),
    ],
)
def test_today_is_the_date_in_london(moment: datetime, day: date) -> None:
    """An hour before midnight in Greenwich on 31 March the new financial year has begun."""
    assert london_date(moment) == day


class TestLooks:
    """I33: every read of a person's record by staff is noted."""

    @pytest.mark.parametrize("writes", [False, True], ids=["reading", "writing"])
    @pytest.mark.parametrize("who", ["cm", "clinician", "finance", "approver", "auditor", "admin"])
    def test_i33_a_look_by_staff_is_written_with_the_commit(self, world: World, who: str, writes: bool) -> None:
        person_id = journey.add_person(world)
        actor = world.actors[who]
        with world.unit(actor, writes=writes) as uow:
            uow.session.execute(select(Person)).all()
            uow.saw("person", person_id=person_id)
            uow.saw("people", rows=50)
        looks = rows(world, AccessEvent)
        assert [(e.user_id, e.role, e.icb_id) for e in looks] == [(actor.user_id, actor.role.value, world.icb)] * 2
        assert [(e.page, e.person_id, e.rows_shown) for e in looks] == [("person", person_id, 1), ("people", None, 50)]
        assert {e.created_at for e in looks} == {at(world.today)}

    def test_a_holder_who_looks_at_their_own_is_not_noted(self, world: World) -> None:
        person_id = journey.add_person(world)
        with world.unit(Actor(Role.HOLDER, person_id=person_id), writes=False) as uow:
            uow.saw("my budget", person_id=person_id)
        assert rows(world, AccessEvent) == []

    def test_a_reader_s_look_waits_its_turn_when_somebody_writes(self, world: World) -> None:
        """On SQLite a reading transaction cannot turn to writing: the look goes in one of its own."""
        person_id = journey.add_person(world)
        with world.unit(world.cm, writes=False) as reader:
            reader.find(Person, person_id)
            reader.saw("person", person_id=person_id)
            journey.add_person(world, number=journey.NUMBERS[1])
        assert len(rows(world, AccessEvent)) == 1


class TestOneTransaction:
    def test_a_refusal_at_the_end_takes_everything_back(self, world: World) -> None:
        def act(uow: UnitOfWork) -> None:
            uow.add(Person, given_name="A", family_name="B", search_name="b a", search_given="a b",
                    date_of_birth=date(1961, 2, 3))  # fmt: skip
            uow.record("person_added")
            raise Refusal("No, after all.")

        assert refused(world, world.cm, act) == "No, after all."

    def test_a_fault_takes_everything_back_and_stays_a_fault(self, world: World) -> None:
        def act(uow: UnitOfWork) -> None:
            uow.record("person_added")
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            world.do(world.cm, act)
        assert rows(world, AuditEvent) == []

    def test_who_is_asking_is_read_inside_the_same_transaction(self, world: World) -> None:
        seen: list[bool] = []

        def who(session: object, moment: datetime) -> Actor:
            seen.append(moment == at(world.today))
            return world.cm

        with open_unit(world.engine, who, writes=True, now=at(world.today)) as uow:
            uow.record("person_added")
        assert seen == [True]
        assert rows(world, AuditEvent)[0].created_by == world.cm.user_id

    def test_somebody_who_may_not_be_asked_about_leaves_nothing_behind(self, world: World) -> None:
        def nobody(_session: object, _moment: datetime) -> Actor:
            raise NotAllowed("You have been signed out.")

        with pytest.raises(NotAllowed):
            with open_unit(world.engine, nobody, writes=True, now=at(world.today)):
                raise AssertionError("the body must not run")

    def test_changing_nothing_writes_nothing(self, world: World) -> None:
        person_id = journey.add_person(world)
        with world.unit(world.cm) as uow:
            person = uow.find(Person, person_id)
            assert uow.change(person, given_name=person.given_name) == {}
            assert uow.change(person, known_as="Mina") == {"known_as": ("", "Mina")}
        after = row(world, Person, person_id)
        assert (after.row_version, after.updated_by) == (2, world.cm.user_id)

    def test_a_decision_can_be_asked_for_without_being_refused(self, drafted: Copy) -> None:
        world, case = drafted
        with world.unit(world.cm, writes=False) as uow:
            person = uow.find(Person, case.person_id)
            assert uow.decide(Permission.PERSON_WRITE, person).allowed
            assert uow.decide(Permission.ACCESS_READ, person).because == "Only an auditor can do this."

    def test_the_portal_itself_finds_no_record_by_sight(self, world: World) -> None:
        person_id = journey.add_person(world)
        with pytest.raises(NotFound), world.unit(SYSTEM) as uow:
            uow.find(Person, person_id)


class TestOnce:
    """A form sent once, by its key."""

    def send(self, world: World, key: str, content: dict[str, object]) -> str:
        def act(uow: UnitOfWork) -> str:
            def add() -> str:
                uow.record("person_added")
                return f"done with {content}"

            return uow.once("test", key, content, add)

        return world.do(world.cm, act)

    def test_a_second_send_returns_the_first_result_and_does_nothing(self, world: World) -> None:
        first = self.send(world, "k", {"name": "A", "on": date(2026, 4, 1)})
        assert self.send(world, "k", {"on": date(2026, 4, 1), "name": "A"}) == first
        assert len(rows(world, AuditEvent)) == len(rows(world, Submission)) == 1

    def test_the_same_key_with_other_answers_is_refused(self, world: World) -> None:
        self.send(world, "k", {"name": "A"})
        with pytest.raises(Refusal, match="already sent with other answers"):
            self.send(world, "k", {"name": "B"})
        assert len(rows(world, AuditEvent)) == 1

    def test_another_key_another_person_or_another_form_does_it_again(self, world: World) -> None:
        self.send(world, "k", {"name": "A"})
        self.send(world, "l", {"name": "A"})
        with world.unit(world.cm2) as uow:
            assert uow.once("test", "k", {"name": "A"}, lambda: "done by another") == "done by another"
            assert uow.once("other", "k", {"name": "A"}, lambda: "another form") == "another form"

    def test_a_form_that_was_refused_can_be_sent_again_with_its_key(self, world: World) -> None:
        def refuse() -> str:
            raise Refusal("No.")

        with pytest.raises(Refusal, match=r"No\."):
            world.do(world.cm, lambda uow: uow.once("test", "k", {"name": "A"}, refuse))
        assert self.send(world, "k", {"name": "B"}) == "done with {'name': 'B'}"


class TestLostRaces:
    def twice(self, uow: UnitOfWork) -> None:
        for _ in range(2):
            uow.add(ReferenceCounter, series="X", last_number=0)

    def test_a_second_row_with_a_unique_value_is_told_in_words(self, world: World) -> None:
        said = refused(world, world.cm, self.twice)
        assert said == "Somebody else saved the same thing at the same moment. Reload the page to see what was saved."

    def test_what_is_told_carries_no_trace_of_the_row(self, world: World) -> None:
        """The database's own words hold the values, an NHS number among them; refusals may be logged."""
        journey.add_person(world)
        with pytest.raises(Refusal) as refusal:
            with world.unit(world.cm) as uow:
                uow.add(Person, nhs_number=journey.NUMBERS[0], nhs_number_status="01", given_name="A", family_name="B",
                        search_name="b a", search_given="a b", date_of_birth=date(1961, 2, 3))  # fmt: skip
        assert journey.NUMBERS[0] not in str(refusal.value)
        assert refusal.value.__cause__ is None
        assert refusal.value.__suppress_context__

    def test_another_fault_of_the_database_is_not_taken_for_a_lost_race(self, world: World) -> None:
        with pytest.raises(IntegrityError):
            with world.unit(world.cm) as uow:
                uow.add(PersonResponsibility, person_id=world.icb, icb_id=world.icb, starts_on=world.today)
        with pytest.raises(DBAPIError):
            with world.unit(world.cm) as uow:
                uow.session.execute(text("SELECT nothing FROM nowhere"))

    def test_a_record_somebody_else_holds_for_too_long_is_told_in_words(self, world: World) -> None:
        """Two connections: the first keeps the lock; the second gives up after its time and says so."""
        person_id = journey.add_person(world)
        quick = "PRAGMA busy_timeout = 50" if world.engine.dialect.name == "sqlite" else "SET lock_timeout = 50"

        def hurry(raw: Any, _record: object) -> None:
            raw.execute(quick)

        event.listen(world.engine, "connect", hurry)
        with world.unit(world.cm) as first:
            first.find(Person, person_id, lock=True)
            with pytest.raises(Refusal, match=r"Somebody else is changing the same record\. Nothing was saved\."):
                world.do(world.cm2, lambda second: second.find(Person, person_id, lock=True))


class TestHistory:
    def test_everything_that_happened_to_a_budget_reads_as_sentences(self, direct: Paying) -> None:
        direct.confirm(direct.record())
        direct.cancel(direct.record(NEXT_START, date(2026, 5, 31), key="second"))
        told = [e for e in rows(direct.world, AuditEvent) if e.phb_id or e.person_id]
        lines = [sentence(e.kind, json.loads(e.details)) for e in told]
        assert lines == [
            "added this person.",
            "recorded a consent to a direct payment, given by the budget holder on 1 April 2026.",
            "recorded the check against the rules for direct payments.",
            "recorded eligibility: NHS continuing healthcare.",
            "opened the budget PHB-2026-000001.",
            "offered the budget to the person on 1 April 2026.",
            "recorded the answer to the offer, given on 1 April 2026: accepted.",
            "recorded an indicative budget of £2,600.00 a week and £1,196.00 one-off.",
            "recorded that the indicative budget was shown on 1 April 2026.",
            "started version 1 of the plan.",
            "changed the words of the plan (version 1).",
            "added an outcome to the plan (version 1).",
            "added a stream from 13 April 2026: direct payment.",
            "added a service to the plan (version 1).",
            "added a budget line for agency care: £1,250.00 a week and £598.00 one-off.",
            "sent the plan (version 1) for clinical sign-off.",
            "signed the plan (version 1) off as a clinician registered with the Nursing and Midwifery Council (NMC).",
            "checked the money of the plan (version 1).",
            "approved the plan (version 1) at £1,250.00 a week and £598.00 one-off.",
            "made the agreement about the direct payment from 13 April 2026, for everybody to sign.",
            "recorded a signature on paper on the agreement about the direct payment, dated 1 April 2026.",
            "signed the agreement about the direct payment as approver.",
            "put the agreement about the direct payment into force: everybody has signed.",
            "entered bank details for an account ending 4958.",
            "approved the bank details of the account ending 4958.",
            "recorded payment PAY-2026-000001 of £4,348.00 for 13 April 2026 to 3 May 2026.",
            "made the budget active from 13 April 2026; the first review is due on 13 July 2026.",
            "confirmed payment PAY-2026-000001 of £4,348.00, paid on 13 April 2026.",
            "recorded payment PAY-2026-000002 of £5,000.00 for 4 May 2026 to 31 May 2026.",
            "cancelled payment PAY-2026-000002 of £5,000.00.",
        ]

    def test_every_event_says_who_in_which_role_for_which_board(self, direct: Paying) -> None:
        direct.confirm(direct.record())
        events = rows(direct.world, AuditEvent)
        assert {e.icb_id for e in events} == {direct.world.icb}
        by = {e.kind: (e.created_by, e.role) for e in events}
        assert by["payment_recorded"] == (direct.world.finance.user_id, "FINANCE")
        assert by["payment_confirmed"] == (direct.world.finance2.user_id, "FINANCE")
        assert by["plan_signed_off"] == (direct.world.clinician.user_id, "CLINICIAN")
        assert {e.created_at for e in events if e.kind == "payment_confirmed"} == {at(START)}

    def test_no_event_holds_words_of_the_plan_or_a_whole_account(self, direct: Paying) -> None:
        kept = " ".join(e.details for e in rows(direct.world, AuditEvent))
        assert {e.kind for e in rows(direct.world, AuditEvent)} <= SENTENCES.keys()
        for secret in ("stay at home", "get up when", "66374958", "089999", "9990000018", "Amina"):
            assert secret not in kept


def test_a_row_written_past_the_portal_with_a_second_open_plan_is_refused_by_the_database(drafted: Copy) -> None:
    world, case = drafted
    copy = row(world, Plan, case.plan_id).model_dump() | {"id": new_id(), "version": 2}
    with world.engine.connect() as connection:
        with pytest.raises(IntegrityError):
            connection.execute(insert(Plan).values(**copy))
    assert len(rows(world, Plan)) == 1
