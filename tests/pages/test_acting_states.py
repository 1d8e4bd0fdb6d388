"""The pages about people who act for others, and their own, over the socket of the really served portal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from reflex_base.utils.format import format_event_handler
from sqlmodel import col

from phbportal import routes
from phbportal.domain.eligibility import Cohort
from phbportal.domain.periods import months_after
from phbportal.domain.streams import Method, PayeeKind
from phbportal.domain.text import long_date
from phbportal.pages.acting.acting_for import ActingForState
from phbportal.pages.acting.acting_for_budget import ActingBudgetState
from phbportal.pages.acting.acting_for_consent import ActingConsentState
from phbportal.pages.acting.acting_for_part import ActingPartState
from phbportal.pages.staff.money_additions import StreamState
from phbportal.pages.staff.person import PersonState
from phbportal.pages.staff.person_capacity import CapacityState
from phbportal.pages.staff.person_helper import HelperState
from phbportal.pages.staff.person_helper_new import NewHelperState
from phbportal.pages.staff.phb import PhbState
from phbportal.pages.staff.plan import PlanState
from phbportal.pages.staff.work import WorkState
from phbportal.services import acting
from phbportal.tables.acting import CapacityAssessment, PersonRole
from phbportal.tables.consents import Consent
from phbportal.tables.users import Identity
from tests.pages.opening import Opened, opened
from tests.support import journey
from tests.support.journey import Case, StreamPlan
from tests.support.portal import Portal


def person_page(portal: Portal, who: str, state: Any, path: str, person: UUID, **more: str) -> Opened:
    return opened(portal, who, state, path, person=str(person), **more)


def user_id(portal: Portal, subject: str) -> UUID:
    return portal.rows(Identity, col(Identity.subject) == subject)[0].user_id


def given_to(portal: Portal, part: UUID, subject: str) -> None:
    """The part is taken by somebody who signs in, as their code would have done it."""
    portal.change(lambda uow: uow.change(uow.session.get_one(PersonRole, part), user_id=user_id(portal, subject)))


def paid_to_nominee(portal: Portal) -> tuple[Case, UUID]:
    world = portal.world
    person = journey.add_person(world, number=None, names=("Dot", "Nominated"))
    part = journey.nominee(world, person, name="Sam Nominee")
    plans = [
        StreamPlan(Method.DIRECT_PAYMENT, 50_000, starts_on=world.today, payee=(PayeeKind.NOMINEE, part)),
        StreamPlan(Method.DIRECT_PAYMENT, 77_700, starts_on=world.today),
    ]
    case = journey.approved(world, *plans, person_id=person)
    given_to(portal, part, "nominee")
    return case, part


@pytest.fixture(scope="module")
def nominated(portal: Portal) -> tuple[Case, UUID]:
    return portal.kept("nominated", paid_to_nominee)


def test_from_a_proposal_to_the_board_s_yes(portal: Portal) -> None:
    world = portal.world
    person = journey.add_person(world, number=None, names=("Ada", "Helped"))
    form = person_page(portal, "cm", NewHelperState, routes.STAFF_PERSON_NEW_HELPER, person)
    assert form.after(form.submit("save"), "errors").keys() == {"role", "name", "relation"}
    saved = form.submit("save", role="NOMINEE", nominated_by="HOLDER", name="Nia Neighbour", relation="NEIGHBOUR")
    assert saved.redirects == [f"{routes.staff_person(person)}?done=helper"]
    (part,) = portal.rows(PersonRole, col(PersonRole.person_id) == person)
    where = {"person": str(person), "helper": str(part.id)}
    page = opened(portal, "cm", HelperState, routes.STAFF_HELPER, **where)
    assert page.var("needs_dbs")
    assert any("DBS certificate" in said for said in page.var("still_needed"))
    refused = page.submit("check")
    assert page.after(refused, "errors") == {"dbs_on": "An enhanced DBS certificate is needed. Enter the date on it."}
    on = world.today - timedelta(days=30)
    parts, fields = ("day", "month", "year"), ("dbs_on", "agreed_on")
    days = {f"{field}__{name}": str(getattr(on, name)) for field in fields for name in parts}
    done = page.submit("check", dbs_reference="001234567890", **days)
    assert page.after(done, "notice") == "The checks were recorded."
    made = page.submit("invite")
    assert len(page.after(made, "code")) == 24
    work = opened(portal, "approver", WorkState, routes.STAFF)
    assert work.frames.says("Agree Nia Neighbour as nominee for Ada Helped")
    agreed = opened(portal, "approver", HelperState, routes.STAFF_HELPER, **where).submit("agree")
    assert agreed.says("The board agreed. They act from now on.")
    record = person_page(portal, "cm", PersonState, routes.STAFF_PERSON, person)
    assert [(row["name"], row["status"]) for row in record.var("helpers")] == [("Nia Neighbour", "Active")]


def test_a_stream_may_be_paid_to_whoever_is_on_the_record(portal: Portal) -> None:
    world = portal.world
    person = journey.add_person(world, number=None, names=("Ida", "Choices"))
    part = journey.nominee(world, person, name="Ned Choice")
    case = journey.draft(world, person_id=person)
    page = opened(portal, "cm", StreamState, routes.STAFF_MONEY_STREAM, phb=case.reference)
    assert [one["value"] for one in page.var("payees")] == ["HOLDER", f"NOMINEE:{part}"]


def test_an_assessment_is_recorded_and_shown(portal: Portal) -> None:
    person = journey.add_person(portal.world, number=None, names=("Cap", "Acity"))
    form = person_page(portal, "cm", CapacityState, routes.STAFF_PERSON_CAPACITY, person)
    missing = form.after(form.submit("save"), "errors")
    assert missing.keys() == {"decision", "outcome", "assessed_on", "assessed_by"}
    on = portal.world.today
    day = {f"assessed_on__{name}": str(getattr(on, name)) for name in ("day", "month", "year")}
    saved = form.submit("save", decision="A direct payment", outcome="LACKS", assessed_by="Dr Ade", **day)
    assert saved.redirects == [f"{routes.staff_person(person)}?done=capacity"]
    assert len(portal.rows(CapacityAssessment, col(CapacityAssessment.person_id) == person)) == 1
    record = person_page(portal, "clinician", PersonState, routes.STAFF_PERSON, person)
    assert record.frames.says("Lacks capacity to make this decision")


def test_a_nominee_sees_what_they_hold_for_the_person_and_nothing_of_the_rest(
    portal: Portal, nominated: tuple[Case, UUID]
) -> None:
    case, _part = nominated
    page = opened(portal, "nominee", ActingForState, routes.ACTING_FOR)
    (part,) = page.var("parts")
    assert (part["whose"], part["what"]) == ("Dot Nominated", "Nominee")
    (budget,) = part["budgets"]
    (line,) = budget["streams"]
    assert line["left"] == ["You hold £0.00 for Dot Nominated.", "£0.00 is spent so far."]
    assert line["next"][0] == "Nothing is paid at the moment."
    detail = opened(portal, "nominee", ActingBudgetState, routes.ACTING_FOR_PHB, phb=case.reference)
    for secret in ("I want to stay at home.", "999 000", "CHC", "Continuing"):
        assert not detail.frames.says(secret), secret
    assert detail.var("found")["budget"]["reference"] == case.reference


@pytest.mark.parametrize("state", [PlanState, PhbState, PersonState], ids=lambda s: s.__name__)
def test_n14_a_nominee_who_opens_the_team_s_pages_is_refused_and_it_is_written_down(
    portal: Portal, nominated: tuple[Case, UUID], state: Any
) -> None:
    """Refusal 14 of domain.md §10.1: the plan's words and the record are the team's."""
    case, _part = nominated
    page = portal.page_of("nominee")
    load = format_event_handler(state.event_handlers["load"])
    with portal.refused("guard.role"):
        frames = page.event(load, routes.STAFF_PHB, {"phb": case.reference, "person": str(case.person_id)})
    assert frames.redirects == [routes.NOT_ALLOWED]
    assert not frames.says("I want to stay at home.")


def test_a_budget_of_somebody_else_is_not_found(portal: Portal, nominated: tuple[Case, UUID]) -> None:
    page = opened(portal, "nominee", ActingBudgetState, routes.ACTING_FOR_PHB, phb=portal.budgets["own"])
    assert page.var("missing")


def test_somebody_who_is_asked_says_yes_and_somebody_else_may_not(portal: Portal) -> None:
    world = portal.world
    person = journey.add_person(world, number=None, names=("Una", "Asked"))
    entry = acting.ActingEntry(
        acting.Acting.NOMINEE, "Sam Nominee", acting.Relation.SIBLING, nominated_by=acting.NominatedBy.HOLDER
    )
    part = world.do(world.cm, lambda uow: acting.propose(uow, person, entry))
    stranger = opened(portal, "nominee", ActingPartState, routes.ACTING_FOR_PART, part=str(part))
    assert stranger.var("missing")
    given_to(portal, part, "nominee")
    page = opened(portal, "nominee", ActingPartState, routes.ACTING_FOR_PART, part=str(part))
    assert page.var("part")["asks"]
    assert page.submit("accept").redirects == [f"{routes.ACTING_FOR}?done=accepted"]
    wrong = page.submit("stop")
    assert page.after(wrong, "errors") == {"reason": "Say why."}
    assert page.submit("stop", reason="I am moving away").redirects == [f"{routes.ACTING_FOR}?done=stopped"]
    assert portal.rows(PersonRole, col(PersonRole.id) == part)[0].status == "ENDED"
    again = opened(portal, "nominee", ActingPartState, routes.ACTING_FOR_PART, part=str(part))
    assert again.var("missing")


def test_a_representative_sees_the_plan_and_consents(portal: Portal) -> None:
    world = portal.world
    born = months_after(world.today, -120)
    person = journey.add_person(world, born=born, number=None, names=("Kit", "Child"))
    part = journey.parent(world, person, name="Sam Representative")
    given_to(portal, part, "representative")
    case = journey.approved(
        world, StreamPlan(Method.NOTIONAL, 50_000, starts_on=world.today), person_id=person, cohort=Cohort.CYPCC
    )
    page = opened(portal, "representative", ActingBudgetState, routes.ACTING_FOR_PHB, phb=case.reference)
    assert page.var("found")["about_me"] == "I want to stay at home."
    assert page.var("found")["may_buy"] == ["Help at home"]
    own = opened(portal, "representative", ActingPartState, routes.ACTING_FOR_PART, part=str(part))
    assert (own.var("consents"), own.var("consented")) == (True, "")
    assert own.submit("give").redirects == [f"{routes.ACTING_FOR}?done=consented"]
    again = opened(portal, "representative", ActingPartState, routes.ACTING_FOR_PART, part=str(part))
    assert again.var("consented") == f"A representative consented on {long_date(world.today)}."
    (consent,) = portal.rows(Consent, col(Consent.person_id) == person)
    assert (consent.given_by, consent.giver_name) == ("REPRESENTATIVE", "Sam Representative")
    asked = opened(portal, "representative", ActingConsentState, routes.ACTING_FOR_CONSENT, part=str(part))
    assert asked.var("since") == long_date(world.today)
    assert asked.submit("withdraw").redirects == [f"{routes.ACTING_FOR}?done=withdrawn"]
    nothing = opened(portal, "representative", ActingConsentState, routes.ACTING_FOR_CONSENT, part=str(part))
    assert nothing.var("missing") is True, "there is nothing to withdraw"
