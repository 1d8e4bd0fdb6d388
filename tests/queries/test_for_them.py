"""What stands at the top of somebody's first page: an offer, a decision made lately, an agreement to sign."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine

from phbportal import routes
from phbportal.domain.budget_offers import Answer, OfferHow, Teller
from phbportal.domain.eligibility import Cohort
from phbportal.domain.payee_agreement import Signer
from phbportal.domain.phbs import PhbKind
from phbportal.domain.roles import Role
from phbportal.domain.streams import Method, PayeeKind
from phbportal.policy.actors import Actor
from phbportal.queries.for_them import LATELY, ToLookAt, to_look_at
from phbportal.services import budget_offers, eligibility, payee_agreements, phbs
from phbportal.services.budget_offers import AnswerEntry, OfferEntry
from phbportal.services.eligibility import EligibilityEntry
from phbportal.services.payee_agreements import PaperEntry
from phbportal.services.phbs import phb_by_reference
from phbportal.services.unit_of_work import UnitOfWork
from tests.services.deciding import issued, reduce
from tests.support import arranging, journey
from tests.support.journey import NUMBERS, StreamPlan
from tests.support.world import World, make_world

TODAY = date(2026, 4, 1)


@pytest.fixture
def world(engine: Engine) -> World:
    return make_world(engine, today=TODAY)


def holder(person_id: UUID) -> Actor:
    return Actor(role=Role.HOLDER, user_id=None, person_id=person_id)


def seen(world: World, who: Actor, *, on: date = TODAY, parts: dict[UUID, UUID] | None = None) -> list[ToLookAt]:
    with world.unit(who, on=on, writes=False) as uow:
        found = to_look_at(uow.session, uow.actor, uow.today, parts=parts)
    return [one for news in found.values() for one in news]


def test_an_offer_waits_for_the_parent_until_it_is_answered(world: World) -> None:
    child = journey.add_person(world, born=date(2016, 5, 4))
    part = journey.parent(world, child)
    mother, parts = journey.user_of(world, part, Role.REPRESENTATIVE), {child: part}

    def offered(uow: UnitOfWork) -> UUID:
        right = eligibility.record_eligibility(uow, child, EligibilityEntry(Cohort.CYPCC, uow.today, uow.today))
        phb = phb_by_reference(uow, phbs.open_phb(uow, child, phbs.PhbEntry(right, PhbKind.ONGOING))).id
        budget_offers.make_offer(uow, phb, OfferEntry(uow.today, OfferHow.IN_PERSON))
        return phb

    phb = world.do(world.cm, offered)
    link = ToLookAt("Answer the offer of a budget", routes.of_part(routes.ACTING_FOR_OFFER, part))
    assert seen(world, mother, parts=parts) == [link]
    assert seen(world, mother, parts={}) == []  # of nobody whose page the reader is not on
    yes = AnswerEntry(Answer.ACCEPTED, TODAY, Teller.REPRESENTATIVE, "A. Parent")
    world.do(world.cm, lambda uow: budget_offers.record_answer(uow, phb, yes))
    assert seen(world, mother, parts=parts) == []


def test_an_agreement_about_the_money_waits_for_each_who_signs_until_they_have(world: World) -> None:
    person = journey.add_person(world)
    part = journey.nominee(world, person)
    plan = StreamPlan(Method.DIRECT_PAYMENT, 125_000, payee=(PayeeKind.NOMINEE, part))
    case = journey.approved(world, plan, person_id=person)
    nominee, parts = journey.user_of(world, part, Role.NOMINEE), {person: part}
    assert seen(world, holder(person)) == seen(world, nominee, parts=parts) == []

    agreement = world.do(world.cm, lambda uow: payee_agreements.make_agreement(uow, case.streams[0]))
    words = "Read the agreement about the money, and sign it"
    at_theirs = ToLookAt(words, routes.of_part(routes.ACTING_FOR_PAYEE_AGREEMENT, part))
    assert seen(world, holder(person)) == [ToLookAt(words, routes.MY_PAYEE_AGREEMENT)]
    assert seen(world, nominee, parts=parts) == [at_theirs]
    assert seen(world, holder(journey.add_person(world, number=NUMBERS[1]))) == []

    paper = PaperEntry(Signer.PERSON, "A. Signer", TODAY, "Case file")
    world.do(world.cm, lambda uow: payee_agreements.record_paper(uow, agreement, paper))
    assert seen(world, holder(person)) == []
    assert seen(world, nominee, parts=parts) == [at_theirs]


def test_an_agreement_with_an_organisation_waits_for_the_person(world: World) -> None:
    larch = arranging.organisation(world)
    case = arranging.approved(world, larch)
    offer = arranging.offer(world, case, larch)
    arranging.answer(world, arranging.somebody_of(world, larch), offer)
    link = ToLookAt("Read the agreement with Larch Care CIC, and sign it", routes.MY_AGREEMENTS)
    assert seen(world, holder(case.person_id)) == [link]
    arranging.sign_on_paper(world, arranging.agreement(world, offer))
    assert seen(world, holder(case.person_id)) == []


def test_a_decision_is_called_to_mind_for_a_while(world: World) -> None:
    case = journey.approved(world, StreamPlan(Method.DIRECT_PAYMENT, 70_000))
    decision = issued(world, case, reduce(case.streams[0], 60_000, date(2026, 6, 1)))
    link = ToLookAt("Read the decision of 1 April 2026", routes.of_decision(routes.MY_DECISION, decision))
    assert seen(world, holder(case.person_id)) == [link]
    assert seen(world, holder(case.person_id), on=TODAY + LATELY) == [link]
    assert seen(world, holder(case.person_id), on=TODAY + LATELY + timedelta(days=1)) == []
