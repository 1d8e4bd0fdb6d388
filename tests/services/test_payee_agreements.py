"""The agreement about a direct payment: made from a template, signed by everybody, and nothing paid before it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from phbportal.domain.payee_agreement import AgreementStatus, Signer
from phbportal.domain.roles import Role
from phbportal.domain.streams import Method, PayeeKind, StreamStatus
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.queries.money_rules import rules_of_money
from phbportal.queries.payee_agreements import unsigned_problems
from phbportal.services import acting, payee_agreements, payments, plans
from phbportal.services.payee_agreements import PaperEntry
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import Stream
from phbportal.tables.document_templates import DocumentTemplate
from phbportal.tables.payee_agreements import PayeeAgreement, PayeeSignature
from phbportal.tables.people import Person
from phbportal.tables.plans import Plan
from phbportal.tables.settings import PolicySetting
from tests.queries.worlds import Worlds
from tests.services.asking import refused, row, rows
from tests.support import journey
from tests.support.journey import Case, StreamPlan
from tests.support.world import World

START, END = date(2026, 4, 13), date(2026, 5, 3)
TODAY = date(2026, 4, 1)


@dataclass
class Agreed:
    """An approved direct payment to a nominee, its bank details approved; no agreement yet."""

    world: World
    case: Case

    @property
    def stream(self) -> UUID:
        return self.case.streams[0]

    def make(self) -> UUID:
        return self.world.do(self.world.cm, lambda uow: payee_agreements.make_agreement(uow, self.stream))

    def on_paper(self, agreement: UUID, party: Signer) -> None:
        entry = PaperEntry(party, "A. Signer", TODAY, "Case file")
        self.world.do(self.world.cm, lambda uow: payee_agreements.record_paper(uow, agreement, entry))

    def board_signs(self, agreement: UUID) -> None:
        self.world.do(self.world.approver, lambda uow: payee_agreements.sign(uow, agreement))

    def paying(self, on: date = START) -> str:
        entry = payments.PaymentEntry(START, END)
        return refused(
            self.world, self.world.finance,
            lambda uow: payments.record_payment(uow, self.stream, entry, key="first"), on=on,
        )  # fmt: skip

    @property
    def status(self) -> str:
        return row(self.world, Stream, self.stream).status


def build(world: World) -> Case:
    person = journey.add_person(world)
    part = journey.nominee(world, person)
    case = journey.approved(
        world, StreamPlan(Method.DIRECT_PAYMENT, 125_000, payee=(PayeeKind.NOMINEE, part)), person_id=person
    )
    # bank details alone: what journey.account does but for the agreement
    entry = journey.accounts.AccountEntry("N Ominee", "089999", "66374958")
    account = world.do(world.cm, lambda uow: journey.accounts.propose_account(uow, case.streams[0], entry))
    world.do(world.finance, lambda uow: journey.accounts.approve_account(uow, account))
    return case


@pytest.fixture
def agreed(worlds: Worlds, kind: str) -> Iterator[Agreed]:
    with worlds.copy(kind, "approved, not agreed", build) as (world, case):
        yield Agreed(world, case)


def test_refusal_19_signed_by_the_holder_but_not_the_nominee_it_is_not_ready(agreed: Agreed) -> None:
    assert "There is no agreement about the direct payment yet." in agreed.paying()
    agreement = agreed.make()
    agreed.on_paper(agreement, Signer.PERSON)
    agreed.board_signs(agreement)
    assert agreed.status == StreamStatus.AGREED
    assert "still has to be signed by the nominee" in agreed.paying()
    agreed.on_paper(agreement, Signer.NOMINEE)
    assert agreed.status == StreamStatus.READY
    assert row(agreed.world, PayeeAgreement, agreement).status == AgreementStatus.IN_FORCE
    journey.pay(agreed.world, agreed.stream, START, END)
    assert agreed.status == StreamStatus.ACTIVE


def test_it_is_ready_only_once_the_bank_details_are_approved_too(world: World) -> None:
    case = journey.approved(world, StreamPlan(Method.DIRECT_PAYMENT, 125_000))
    journey.agreed_with(world, case.streams[0])
    assert row(world, Stream, case.streams[0]).status == StreamStatus.AGREED
    journey.account(world, case.streams[0])
    assert row(world, Stream, case.streams[0]).status == StreamStatus.READY


def test_new_bank_details_before_the_first_payment_are_approved_before_it_is_ready_again(agreed: Agreed) -> None:
    agreement = agreed.make()
    for party in (Signer.PERSON, Signer.NOMINEE):
        agreed.on_paper(agreement, party)
    agreed.board_signs(agreement)
    assert agreed.status == StreamStatus.READY
    world, entry = agreed.world, journey.accounts.AccountEntry("N Ominee", "089999", "66374958")
    account = world.do(world.cm, lambda uow: journey.accounts.propose_account(uow, agreed.stream, entry))
    assert agreed.status == StreamStatus.AGREED
    assert "have not been approved" in agreed.paying()
    world.do(world.finance, lambda uow: journey.accounts.approve_account(uow, account))
    assert agreed.status == StreamStatus.READY


def test_a_nominee_signs_in_the_portal_for_themselves_and_an_approver_who_did_not_make_it_for_the_board(
    agreed: Agreed,
) -> None:
    world, agreement = agreed.world, agreed.make()
    part = row(world, Stream, agreed.stream).payee_role_id
    assert part is not None
    nominee = journey.user_of(world, part, Role.NOMINEE)
    holder = Actor(Role.HOLDER, user_id=UUID(int=7), display_name="Amina", person_id=agreed.case.person_id)
    sign = lambda uow: payee_agreements.sign(uow, agreement)  # noqa: E731
    maker = replace(world.approver, user_id=world.cm.user_id)
    assert "someone else must sign it" in refused(world, maker, sign)
    assert refused(world, replace(holder, person_id=UUID(int=8)), sign) == "We could not find that."
    for who in (holder, nominee, world.approver):
        world.do(who, sign)
    found = rows(world, PayeeSignature)
    assert [(one.party, one.how) for one in found] == [("PERSON", "PORTAL"), ("NOMINEE", "PORTAL"), ("BOARD", "PORTAL")]
    assert agreed.status == StreamStatus.READY
    assert "no longer waits for signatures" in refused(world, world.approver2, sign)


def test_nobody_signs_for_two_parties_or_twice_for_one(agreed: Agreed) -> None:
    world, agreement = agreed.world, agreed.make()
    agreed.board_signs(agreement)
    sign = lambda uow: payee_agreements.sign(uow, agreement)  # noqa: E731
    assert "signed for that party already" in refused(world, world.approver2, sign)
    both = Actor(
        Role.HOLDER, user_id=world.approver.user_id, display_name="Both", person_id=agreed.case.person_id
    )  # fmt: skip
    assert "Somebody else must sign for each of the others." in refused(world, both, sign)


@pytest.mark.parametrize("who", ["clinician", "finance", "auditor", "admin", "other_cm", "approver"])
def test_only_a_case_manager_of_the_board_makes_it(agreed: Agreed, who: str) -> None:
    act = lambda uow: payee_agreements.make_agreement(uow, agreed.stream)  # noqa: E731
    said = refused(agreed.world, agreed.world.actors[who], act)
    assert said in ("Only a case manager can do this.", "We could not find that.")


def test_who_lacks_capacity_does_not_sign_alone(agreed: Agreed) -> None:
    world, agreement = agreed.world, agreed.make()
    with world.unit(world.cm) as uow:
        uow.change(uow.find(Person, agreed.case.person_id), lacks_capacity=True)
    own = PaperEntry(Signer.PERSON, "Amina", TODAY, "Case file")
    said = refused(world, world.cm, lambda uow: payee_agreements.record_paper(uow, agreement, own))
    assert "a representative must sign for them" in said


def test_a_signature_dated_tomorrow_or_of_a_nominee_who_is_not_paid_is_refused(world: World) -> None:
    case = journey.approved(world, StreamPlan(Method.DIRECT_PAYMENT, 125_000))
    agreement = world.do(world.cm, lambda uow: payee_agreements.make_agreement(uow, case.streams[0]))
    late = PaperEntry(Signer.PERSON, "Amina", TODAY + timedelta(days=1), "Case file")
    assert "in the future" in refused(world, world.cm, lambda uow: payee_agreements.record_paper(uow, agreement, late))
    nobody = PaperEntry(Signer.NOMINEE, "Nell", TODAY, "Case file")
    said = refused(world, world.cm, lambda uow: payee_agreements.record_paper(uow, agreement, nobody))
    assert said == "This agreement is signed by the person and the board, and nobody else."


def test_i38_a_plan_changed_since_the_agreement_was_made_cannot_be_signed_for(agreed: Agreed) -> None:
    world, agreement = agreed.world, agreed.make()
    with world.unit(world.cm) as uow:
        uow.change(uow.find(Plan, agreed.case.plan_id), about_me="Somebody else.")
    said = refused(world, world.approver, lambda uow: payee_agreements.sign(uow, agreement))
    assert said == "The plan is not what it was when this agreement was made. Make a new agreement."


def test_a_new_version_of_the_plan_needs_a_new_agreement_before_it_is_signed(agreed: Agreed) -> None:
    world, agreement = agreed.world, agreed.make()

    def again(uow: UnitOfWork) -> UUID:
        plan = plans.start_plan(uow, agreed.case.phb_id)
        plans.write_plan(uow, plan.id, plans.PlanEntry("I paint now."), seen_version=plan.row_version)
        outcome = plans.add_outcome(uow, plan.id, plans.OutcomeEntry("I paint."))
        plans.add_service(uow, plan.id, plans.ServiceEntry("A class", outcome))
        return plan.id

    second = replace(agreed.case, plan_id=world.do(world.cm, again))
    journey.submit(world, second)
    journey.sign_off(world, second)
    journey.approve(world, second)
    said = refused(world, world.approver, lambda uow: payee_agreements.sign(uow, agreement))
    assert "Make a new agreement" in said
    new = agreed.make()
    assert [one.status for one in rows(world, PayeeAgreement)] == ["REPLACED", "OPEN"]
    assert row(world, PayeeAgreement, new).plan_version == 2


def test_only_an_approved_direct_payment_has_such_an_agreement(world: World) -> None:
    draft = journey.draft(world, StreamPlan(Method.DIRECT_PAYMENT, 10_000))
    act = lambda uow: payee_agreements.make_agreement(uow, draft.streams[0])  # noqa: E731
    assert refused(world, world.cm, act) == "The plan must be approved first. Then the agreement can be made."
    other = journey.add_person(world, number=journey.NUMBERS[1])
    notional = journey.approved(world, StreamPlan(Method.NOTIONAL, 10_000), person_id=other)
    act = lambda uow: payee_agreements.make_agreement(uow, notional.streams[0])  # noqa: E731
    assert refused(world, world.cm, act) == "This money needs no agreement about the direct payment."


class TestTemplates:
    def template(self, world: World, body: str) -> None:
        with world.unit(world.admin) as uow:
            uow.add(
                DocumentTemplate, icb_id=world.icb, code="DP_AGREEMENT", kind="AGREEMENT", version=3,
                title="Our agreement", search_title="our agreement", body=body, law_as_of=date(2026, 3, 1),
                status="IN_USE",
            )  # fmt: skip

    def test_without_one_the_portal_s_own_words_say_the_law_they_follow(self, agreed: Agreed) -> None:
        found = row(agreed.world, PayeeAgreement, agreed.make())
        assert (found.template_version, found.law_as_of) == ("DP 2", date(2026, 4, 1))
        assert "£5,000.00 every 4 weeks (£1,250.00 a week), in advance, from 13 April 2026" in found.content
        assert "Nell Ominee, who is paid in their place and answers for the money." in found.content

    def test_what_the_board_chose_by_that_day_stands_in_it_and_on_the_pages_of_who_is_paid(
        self, agreed: Agreed
    ) -> None:
        world, page = agreed.world, "Money may be taken out in cash. Keep a receipt for what it buys."
        with world.unit(SYSTEM) as uow:
            for name, value, on in (
                ("cash_withdrawal_allowed", "YES", TODAY), ("cash_withdrawal_allowed", "NO", START),
                ("receipt_required_over_pence", "2000", START),
            ):  # fmt: skip
                uow.add(PolicySetting, icb_id=world.icb, name=name, value=value, starts_on=on)

        def told() -> list[str]:
            with world.unit(world.cm, on=START, writes=False) as uow:
                return rules_of_money(uow.session, uow.actor, uow.today, phb_id=agreed.case.phb_id)

        agreement = agreed.make()
        content = row(world, PayeeAgreement, agreement).content
        assert "Money may be taken out of it in cash, with a receipt for what it buys." in content
        assert "There is a receipt for everything that is bought." in content
        assert page not in told()
        for party in (Signer.PERSON, Signer.NOMINEE):
            agreed.on_paper(agreement, party)
        agreed.board_signs(agreement)
        assert page in told()
        assert "Keep a receipt for everything that is bought." in told()

    def test_the_board_s_own_template_in_use_is_filled_in(self, agreed: Agreed) -> None:
        self.template(agreed.world, "{person_name} has {weekly_amount} a week.\n\n{nominee_name} is paid.")
        found = row(agreed.world, PayeeAgreement, agreed.make())
        assert (found.template_version, found.law_as_of) == ("DP_AGREEMENT 3", date(2026, 3, 1))
        assert "Amina Okafor-Reyes has £1,250.00 a week.\nNell Ominee is paid." in found.content
        assert "the law as it stood on 1 March 2026" in found.content

    def test_a_template_that_asks_for_what_there_is_not_is_refused_in_words(self, agreed: Agreed) -> None:
        self.template(agreed.world, "{organisation_name} keeps the account.")
        act = lambda uow: payee_agreements.make_agreement(uow, agreed.stream)  # noqa: E731
        said = refused(agreed.world, agreed.world.cm, act)
        assert said.startswith("The board’s template asks for {organisation_name}, and there is none here.")


def test_somebody_else_who_is_paid_has_to_sign_before_they_are(agreed: Agreed) -> None:
    """The nominee stops after the first payment; their sister takes their place, and has signed nothing."""
    world, agreement = agreed.world, agreed.make()
    for party in (Signer.PERSON, Signer.NOMINEE):
        agreed.on_paper(agreement, party)
    agreed.board_signs(agreement)
    journey.pay(world, agreed.stream, START, END)
    first = row(world, Stream, agreed.stream).payee_role_id
    assert first is not None
    world.do(world.cm, lambda uow: acting.end(uow, first, "Has moved away."), on=END)
    second = journey.nominee(world, agreed.case.person_id, name="Sis Ter", on=END)
    world.do(world.cm, lambda uow: acting.name_payee(uow, second), on=END)
    assert [one.status for one in rows(world, PayeeAgreement)] == ["REPLACED"]
    with world.unit(world.cm, on=END) as uow:
        stream = uow.find(Stream, agreed.stream)
        for status in (StreamStatus.STOPPING, StreamStatus.ACTIVE):  # one being stopped pays to its last day
            uow.change(stream, status=status.value)  # as an approver's yes to the sister would make it again
            (problem,) = unsigned_problems(uow.session, [stream]).values()
            assert problem.sentence.startswith("There is no agreement about the direct payment yet."), status
