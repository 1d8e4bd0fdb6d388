"""“Ask before you buy”: who asks, what it costs, what it seems to touch, who answers, and by when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from phbportal.domain.budgets import LineType
from phbportal.domain.errors import Refusal
from phbportal.domain.ledger import Verb, spent
from phbportal.domain.roles import Role
from phbportal.policy.actors import Actor
from phbportal.queries.purchases import agreed_choices, ask_page, compared_of, own_references
from phbportal.services import purchases
from phbportal.services.purchases import BoughtEntry, QuestionEntry, read_question
from phbportal.services.spending import SpendingEntry, record_spending
from phbportal.tables.audit import AuditEvent
from phbportal.tables.phbs import Task
from phbportal.tables.plans import Outcome
from phbportal.tables.purchases import PurchaseQuestion
from phbportal.tables.settings import PolicySetting
from tests.services.asking import START, Copy, Paying, balance, refused, row, rows
from tests.services.test_plan_sharing import holder_of
from tests.support import journey
from tests.support.journey import StreamPlan
from tests.support.world import World

TABLET = QuestionEntry("A tablet, to talk to my sister", 19_900)


def ask(world: World, who: Actor, reference: str, entry: QuestionEntry = TABLET) -> UUID:
    return world.do(who, lambda uow: purchases.ask(uow, reference, entry))


def test_a_holder_asks_and_reads_the_answer(drafted: Copy) -> None:
    world, case = drafted
    amina = holder_of(world, case.person_id)
    asked = ask(world, amina, case.reference)
    question = row(world, PurchaseQuestion, asked)
    assert (question.due_on, question.status) == (world.today + timedelta(days=10), "OPEN")
    (task,) = rows(world, Task, kind="PURCHASE_QUESTION")
    assert (task.due_on, task.role, "tablet" in task.sentence) == (question.due_on, "CASE_MANAGER", False)
    values = {"status": "YES", "answer": "Yes: it is for your outcome about family."}
    world.do(world.cm, lambda uow: purchases.answer_question(uow, asked, values))
    assert row(world, Task, task.id).done_at is not None
    with world.unit(amina, writes=False) as uow:
        (found,) = ask_page(uow.session, uow.actor, uow.today, case.reference).questions
    assert (found.cost, found.status, found.answer, found.by) == (
        "£199.00", "Yes, the money may buy it", values["answer"], "",
    )  # fmt: skip
    assert not [event for event in rows(world, AuditEvent) if "tablet" in event.details or "family" in event.details]


def test_we_will_talk_leaves_the_task_and_may_become_a_no(drafted: Copy) -> None:
    world, case = drafted
    asked = ask(world, holder_of(world, case.person_id), case.reference)
    (task,) = rows(world, Task, kind="PURCHASE_QUESTION")
    talk, no = (
        {"status": "TALK", "answer": "I will ring you on Friday."},
        {"status": "NO", "answer": "The NHS lends one."},
    )
    world.do(world.cm, lambda uow: purchases.answer_question(uow, asked, talk))
    assert row(world, Task, task.id).done_at is None
    world.do(world.finance, lambda uow: purchases.answer_question(uow, asked, no))
    assert row(world, Task, task.id).done_by == world.finance.user_id
    again = refused(world, world.cm, lambda uow: purchases.answer_question(uow, asked, talk))
    assert "answered already" in again


def test_what_it_seems_to_touch_is_noted_and_not_refused(drafted: Copy) -> None:
    world, case = drafted
    entry = QuestionEntry("A case of wine for my carers", 6_000)
    asked = ask(world, holder_of(world, case.person_id), case.reference, entry)
    assert row(world, PurchaseQuestion, asked).rules == "X01"


def test_the_days_to_answer_are_the_board_s_own(drafted: Copy) -> None:
    world, case = drafted
    with world.unit(world.cm) as uow:
        uow.add(PolicySetting, icb_id=world.icb, name="purchase_answer_days", value="3", starts_on=world.today)
    asked = ask(world, holder_of(world, case.person_id), case.reference)
    assert row(world, PurchaseQuestion, asked).due_on == world.today + timedelta(days=3)


def test_a_nominee_asks_about_the_money_they_are_paid_and_sees_only_their_own(world: World) -> None:
    person = journey.add_person(world)
    journey.allow_direct_payment(world, person)
    part = journey.nominee(world, person)
    from phbportal.domain.streams import Method, PayeeKind

    paid = StreamPlan(Method.DIRECT_PAYMENT, 20_000, payee=(PayeeKind.NOMINEE, part))
    case = journey.approved(world, paid, person_id=person)
    nell, amina = journey.user_of(world, part, Role.NOMINEE), holder_of(world, person)
    ask(world, amina, case.reference)
    asked = ask(world, nell, case.reference, QuestionEntry("A kettle with a tipper", 4_500))
    with world.unit(nell, writes=False) as uow:
        assert [one.question for one in ask_page(uow.session, uow.actor, uow.today, case.reference).questions] == [
            "A kettle with a tipper"
        ]
        assert own_references(uow.session, uow.actor, uow.today) == [case.reference]
    with world.unit(amina, writes=False) as uow:
        assert len(ask_page(uow.session, uow.actor, uow.today, case.reference).questions) == 2
    assert row(world, PurchaseQuestion, asked).asked_as == "NOMINEE"


def test_nobody_asks_about_money_that_is_not_theirs(direct: Paying) -> None:
    world, case = direct.world, direct.case
    other = holder_of(world, journey.add_person(world, number=journey.NUMBERS[1]), "Someone Else")
    stranger = Actor(Role.NOMINEE, user_id=UUID(int=5), icb_id=world.icb)
    for who in (other, stranger):
        assert refused(world, who, lambda uow: purchases.ask(uow, case.reference, TABLET)) == "We could not find that."
    for by in ("cm", "finance", "approver"):
        assert refused(world, world.actors[by], lambda uow: purchases.ask(uow, case.reference, TABLET))


def test_an_outcome_of_somebody_else_s_plan_is_not_found(drafted: Copy) -> None:
    world, case = drafted
    other = journey.draft(world, person_id=journey.add_person(world, number=journey.NUMBERS[1]))
    (theirs,) = rows(world, Outcome, plan_id=other.plan_id)
    amina = holder_of(world, case.person_id)
    entry = QuestionEntry("A tablet", 100, theirs.id)
    assert refused(world, amina, lambda uow: purchases.ask(uow, case.reference, entry)) == "We could not find that."


@pytest.mark.parametrize("by", ["clinician", "approver", "auditor", "admin", "other_cm"])
def test_nobody_else_answers(drafted: Copy, by: str) -> None:
    world, case = drafted
    asked = ask(world, holder_of(world, case.person_id), case.reference)
    values = {"status": "YES", "answer": "Yes, of course you may."}
    refused(world, world.actors[by], lambda uow: purchases.answer_question(uow, asked, values))


@pytest.mark.parametrize("answer", ["", "Yes.", "         no"])
def test_an_answer_says_why(drafted: Copy, answer: str) -> None:
    world, case = drafted
    asked = ask(world, holder_of(world, case.person_id), case.reference)
    values = {"status": "YES", "answer": answer}
    assert "Say why" in refused(world, world.cm, lambda uow: purchases.answer_question(uow, asked, values))


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ({}, ["question", "cost"]), ({"question": "A tablet", "cost": "0"}, ["cost"]),
        ({"question": "A tablet", "cost": "lots"}, ["cost"]),
        ({"question": "A tablet", "cost": "12.50", "outcome": "x"}, ["outcome"]),
        ({"question": "x" * 1001, "cost": "5"}, ["question"]),
    ],
)  # fmt: skip
def test_a_bad_form_says_what_is_wrong_beside_each_field(form: dict[str, str], fields: list[str]) -> None:
    with pytest.raises(Refusal) as refusal:
        read_question(form)
    assert [problem.field for problem in refusal.value.problems] == fields


def test_a_good_form_is_read_in_pence() -> None:
    entry = read_question({"question": " A tablet ", "cost": "1,234.50", "outcome": ""})
    assert entry == QuestionEntry("A tablet", 123_450)


# -- what was bought after a yes


@pytest.fixture
def agreed(direct: Paying) -> tuple[Paying, Actor, UUID]:
    """The holder has been paid, asked about a tablet, and been told yes."""
    direct.confirm(direct.record())
    amina = holder_of(direct.world, direct.case.person_id)
    asked = direct.world.do(amina, lambda uow: purchases.ask(uow, direct.case.reference, TABLET), on=START)
    values = {"status": "YES", "answer": "Yes: it is for your outcome about family."}
    direct.world.do(direct.world.cm, lambda uow: purchases.answer_question(uow, asked, values), on=START)
    return direct, amina, asked


def account(paying: Paying, question_id: UUID, pence: int, *, key: str = "k") -> Any:
    entry = SpendingEntry(Verb.ACCOUNT_FOR, pence, START, LineType.EQUIPMENT, "Receipt 7", question_id)
    return lambda uow: record_spending(uow, paying.stream, entry, key=key)


def shown(paying: Paying, who: Actor, question_id: UUID) -> tuple[str, str | None]:
    """What its buyer reads of a purchase, and what whoever checks it does."""
    with paying.world.unit(who, writes=False) as uow:
        bought = ask_page(uow.session, uow.actor, uow.today, paying.case.reference).questions[0].bought
    with paying.world.unit(paying.world.finance, writes=False) as uow:
        return bought, compared_of(uow.session, uow.actor, uow.today, [question_id]).get(question_id)


@pytest.mark.parametrize(
    ("pence", "words"),
    [(19_900, "Exactly the £199.00 that was agreed."), (15_000, "Within the £199.00 that was agreed: £49.00 less."),
     (21_450, "£15.50 more than the £199.00 that was agreed.")],
)  # fmt: skip
def test_what_was_bought_after_a_yes_is_told_compared_and_tied_to_what_was_spent(
    agreed: tuple[Paying, Actor, UUID], pence: int, words: str
) -> None:
    paying, amina, asked = agreed
    told = BoughtEntry(asked, pence, START, "Argos")
    for _twice in range(2):  # told again, it is put right and is one task
        paying.world.do(amina, lambda uow: purchases.tell_bought(uow, told), on=START)
    (task,) = rows(paying.world, Task, kind="PURCHASE_BOUGHT")
    assert (task.role, task.part_id) == ("FINANCE", asked)
    bought, checked = shown(paying, amina, asked)
    assert (checked, words in bought, "Argos on 13 April 2026" in bought) == (words, True, True)
    with paying.world.unit(paying.world.finance, writes=False) as uow:
        (choice,) = agreed_choices(uow.session, uow.actor, uow.today, paying.case.phb_id)
        assert (choice.value, choice.text.endswith(words)) == (str(asked), True)
    journals = {paying.world.do(paying.world.finance, account(paying, asked, pence), on=START) for _ in range(2)}
    question = row(paying.world, PurchaseQuestion, asked)
    assert ({question.journal_id}, question.spent_pence) == (journals, pence)
    assert row(paying.world, Task, task.id).done_by == paying.world.finance.user_id
    assert shown(paying, amina, asked)[0].startswith("Accounted for")
    with paying.world.unit(paying.world.finance, writes=False) as uow:
        assert agreed_choices(uow.session, uow.actor, uow.today, paying.case.phb_id) == []
    assert balance(paying.world, spent(paying.stream, "EQUIPMENT")) == pence


def test_one_yes_is_accounted_for_once_and_only_in_its_own_budget(agreed: tuple[Paying, Actor, UUID]) -> None:
    paying, amina, asked = agreed
    world = paying.world
    world.do(world.finance, account(paying, asked, 100), on=START)
    assert "accounted for this already" in refused(
        world, amina, lambda uow: purchases.tell_bought(uow, BoughtEntry(asked, 1, START, "Argos")), on=START
    )
    assert "accounted for already" in refused(world, world.finance, account(paying, asked, 100, key="other"), on=START)
    other = holder_of(world, journey.add_person(world, number=journey.NUMBERS[1]), "Someone Else")
    theirs = BoughtEntry(asked, 100, START, "Argos")
    assert refused(world, other, lambda uow: purchases.tell_bought(uow, theirs)) == "We could not find that."


@pytest.mark.parametrize(("change", "words"), [
    ({"on": START + timedelta(days=1)}, "cannot be in the future"),
    ({"on": START - timedelta(days=1)}, "said yes on 13 April 2026"),
    ({"cost_pence": 0}, "Enter what it cost"),
])  # fmt: skip
def test_what_cannot_have_been_bought_is_refused(
    agreed: tuple[Paying, Actor, UUID], change: dict[str, Any], words: str
) -> None:
    paying, amina, asked = agreed
    entry = replace(BoughtEntry(asked, 19_900, START, "Argos"), **change)
    assert words in refused(paying.world, amina, lambda uow: purchases.tell_bought(uow, entry), on=START)


def test_only_a_yes_can_be_bought_or_accounted_for(direct: Paying) -> None:
    world = direct.world
    direct.confirm(direct.record())
    amina = holder_of(world, direct.case.person_id)
    asked = ask(world, amina, direct.case.reference)
    told = BoughtEntry(asked, 100, START, "Argos")
    assert "said yes to" in refused(world, amina, lambda uow: purchases.tell_bought(uow, told), on=START)
    assert "that was a yes" in refused(world, world.finance, account(direct, asked, 100), on=START)
