"""Who helps, nominees proposed in the portal, a representative's agreements and looks, and reviews that are done."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from sqlmodel import col

from phbportal import routes
from phbportal.domain.acting import Acting, NominatedBy
from phbportal.domain.eligibility import Cohort
from phbportal.domain.periods import months_after
from phbportal.domain.relations import Relation
from phbportal.domain.streams import Method, PayeeKind
from phbportal.pages.acting.acting_for_agreements import ActingAgreementsState
from phbportal.pages.acting.acting_for_documents import ActingDocumentsState
from phbportal.pages.acting.acting_for_nominee import ActingNomineeState
from phbportal.pages.acting.acting_for_part import ActingPartState
from phbportal.pages.acting.acting_for_who_looked import ActingWhoLookedState
from phbportal.pages.holder.my_documents import MyDocumentsState
from phbportal.pages.holder.propose_nominee import ProposeNomineeState
from phbportal.pages.holder.who_helps import WhoHelpsState
from phbportal.pages.staff.person import PersonState
from phbportal.pages.staff.person_helper import HelperState
from phbportal.pages.staff.person_helper_new import NewHelperState
from phbportal.pages.staff.task import TaskState
from phbportal.pages.staff.work import WorkState
from phbportal.policy.actors import SYSTEM
from phbportal.services import acting
from phbportal.services.acting import ActingEntry
from phbportal.tables.acting import PersonRole
from phbportal.tables.arrangements import Signature
from phbportal.tables.documents import Document
from phbportal.tables.organisations import Organisation
from phbportal.tables.phbs import Phb, Task
from phbportal.tables.plans import PlanService
from phbportal.tables.users import Identity
from tests.pages.opening import opened
from tests.support import arranging, journey
from tests.support.journey import Case, StreamPlan
from tests.support.portal import Portal

PROPOSAL = {"name": "Nora Chosen", "contact": "01632 960 111", "relation": "SIBLING", "wanted_for": "To pay my PAs"}


def taken_by(portal: Portal, part: UUID, subject: str) -> None:
    """The part is taken by somebody who signs in, as their code would have done it."""
    (identity,) = portal.rows(Identity, col(Identity.subject) == subject)
    portal.change(lambda uow: uow.change(uow.session.get_one(PersonRole, part), user_id=identity.user_id))


def represented(portal: Portal, given: str) -> tuple[UUID, UUID]:
    """A child and the part of a parent who signs in as "representative". Returns both ids."""
    world = portal.world
    person = journey.add_person(world, born=months_after(world.today, -120), number=None, names=(given, "Child"))
    part = journey.parent(world, person, name=f"Parent of {given}")
    taken_by(portal, part, "representative")
    return person, part


def test_a_holder_reads_who_helps_what_they_do_and_what_each_may_see_by_the_share_mark(portal: Portal) -> None:
    world, person = portal.world, portal.people["own"]
    empty = opened(portal, "holder", WhoHelpsState, routes.MY_HELPERS)
    assert (empty.var("helpers"), empty.var("why_not")) == ([], "")
    advocate = ActingEntry(Acting.ADVOCATE, "Ada Vocate", Relation.PROFESSIONAL)
    world.do(world.cm, lambda uow: acting.propose(uow, person, advocate))
    part = journey.nominee(world, person, name="Nell Ominee")
    other = ActingEntry(Acting.NOMINEE, "Prue Posed", Relation.CHILD, nominated_by=NominatedBy.HOLDER)
    world.do(world.cm, lambda uow: acting.propose(uow, person, other))
    stream = StreamPlan(Method.DIRECT_PAYMENT, 10_000, starts_on=world.today, payee=(PayeeKind.NOMINEE, part))
    case = journey.approved(world, stream, person_id=person, cohort=Cohort.LTC)
    (service,) = portal.rows(PlanService, col(PlanService.plan_id) == case.plan_id)
    portal.change(lambda uow: uow.change(uow.session.get_one(PlanService, service.id), share="NOMINEE"))
    page = opened(portal, "holder", WhoHelpsState, routes.MY_HELPERS)
    found = {one["name"]: one for one in page.var("helpers")}
    assert found.keys() == {"Ada Vocate", "Nell Ominee", "Prue Posed"}
    assert found["Nell Ominee"]["parts"] == ["Help at home"], "not the outcome, which is marked for nobody"
    assert found["Nell Ominee"]["sees"] == [
        "They can see the money that is paid to them.", "They can see these parts of your plan:",
    ]  # fmt: skip
    assert found["Ada Vocate"]["sees"] == ["They do not use this service. They see only what you show them."]
    assert "They have not started yet." in found["Prue Posed"]["sentences"]
    assert found["Prue Posed"]["sees"] == ["They can see that they are asked to help you. They see nothing else."]
    easy = page.send("read_easily", on=True)
    assert page.after(easy, "easy_read") is True
    page.send("read_easily", on=False)


def test_a_holder_proposes_a_nominee_once_and_it_is_on_the_case_managers_list(portal: Portal) -> None:
    page = opened(portal, "holder", ProposeNomineeState, routes.MY_NOMINEE)
    wrong = page.after(page.submit("save", name="Nora Chosen"), "errors")
    assert wrong.keys() == {"contact", "relation", "wanted_for"}
    for _twice in range(2):
        assert page.submit("save", **PROPOSAL).redirects == [f"{routes.MY_HELPERS}?done=proposed"]
    (part,) = portal.rows(PersonRole, col(PersonRole.name) == "Nora Chosen")
    work = opened(portal, "cm", WorkState, routes.STAFF)
    items = [item for group in work.var("groups") for item in group["work"]]
    assert routes.staff_helper(portal.people["own"], part.id) in {item["href"] for item in items}
    where = {"person": str(portal.people["own"]), "helper": str(part.id)}
    record = opened(portal, "cm", HelperState, routes.STAFF_HELPER, **where)
    assert {"key": "What they are wanted for", "value": "To pay my PAs", "href": "", "act": ""} in record.var("facts")


@pytest.mark.parametrize("who", ["representative", "nominee", "cm"])
def test_the_holder_s_form_is_nobody_else_s(portal: Portal, who: str) -> None:
    page = opened(portal, who, ProposeNomineeState, routes.MY_NOMINEE)
    if who == "representative":
        assert page.var("missing") is True
        page.submit("save", **PROPOSAL | {"name": "Not Theirs"})
    else:
        assert page.frames.redirects == [routes.NOT_ALLOWED]
    assert portal.rows(PersonRole, col(PersonRole.name) == "Not Theirs") == []


def test_a_representative_proposes_a_nominee_from_their_own_part(portal: Portal) -> None:
    _person, part = represented(portal, "Pia")
    own = opened(portal, "representative", ActingPartState, routes.ACTING_FOR_PART, part=str(part))
    assert (own.var("part")["represents"], own.var("part")["may_nominate"]) == (True, True)
    page = opened(portal, "representative", ActingNomineeState, routes.ACTING_FOR_NOMINEE, part=str(part))
    chosen = PROPOSAL | {"name": "Norbert Chosen"}
    assert page.submit("save", **chosen).redirects == [f"{routes.ACTING_FOR}?done=proposed"]
    (made,) = portal.rows(PersonRole, col(PersonRole.name) == "Norbert Chosen")
    assert (made.nominated_by, made.nominator_id) == ("REPRESENTATIVE", part)
    world = portal.world
    stranger = journey.parent(world, journey.add_person(world, born=date(2018, 1, 2), number=None))
    other = opened(portal, "representative", ActingNomineeState, routes.ACTING_FOR_NOMINEE, part=str(stranger))
    assert other.var("missing") is True


def test_a_representative_reads_an_agreement_and_signs_it_for_the_person(portal: Portal) -> None:
    world = portal.world
    person, part = represented(portal, "Kit")
    larch = arranging.organisation(world)
    case = arranging.approved(world, larch, person_id=person, cohort=Cohort.CYPCC, starts_on=world.today)
    offer = arranging.offer(world, case, larch)
    arranging.answer(world, arranging.somebody_of(world, larch), offer)
    page = opened(portal, "representative", ActingAgreementsState, routes.ACTING_FOR_AGREEMENTS, part=str(part))
    assert page.var("to_sign")["organisation"] == "Larch Care CIC"
    assert page.after(page.submit("sign"), "errors").keys() == {"agreed"}
    done = page.submit("sign", agreed="yes")
    assert page.after(done, "notice") == "You have signed the agreement for Kit Child."
    (signature,) = portal.rows(Signature, col(Signature.phb_id) == case.phb_id)
    assert signature.signer_role == "for Kit Child, by parental responsibility"
    assert page.after(done, "to_sign")["id"] == ""


def test_a_representative_reads_who_looked_at_the_persons_record_in_the_holders_sentences(portal: Portal) -> None:
    person, part = represented(portal, "Lou")
    with portal.world.unit(portal.world.cm, now=portal.clock()) as uow:
        uow.saw("plan", person_id=person)
        uow.saw("money", person_id=portal.people["own"])
    page = opened(portal, "representative", ActingWhoLookedState, routes.ACTING_FOR_WHO_LOOKED, part=str(part))
    assert [day["sentences"] for day in page.var("days")] == [["Cm, case manager, looked at their plan."]]


def test_the_person_and_their_representative_read_what_they_gave_and_were_given(portal: Portal) -> None:
    world = portal.world
    person, part = represented(portal, "Dot")
    stream = StreamPlan(Method.NOTIONAL, 10_000, starts_on=world.today)
    theirs = journey.approved(world, stream, person_id=person, cohort=Cohort.CYPCC).phb_id
    (own,) = (one.id for one in portal.rows(Phb) if one.reference == portal.budgets["own"])
    for phb_id, kind, scan in ((theirs, "CONSENT", None), (own, "LETTER", "WAITING"), (own, "ASSESSMENT", None)):
        portal.change(
            lambda uow, b=phb_id, k=kind, s=scan: uow.add(
                Document, icb_id=world.icb, phb_id=b, kind=k, name=f"{k}.pdf", size=820_000, sha256=k, scan=s,
                media_type="application/pdf", stored_as=k, for_them=True,
            )
        )  # fmt: skip
    (form,) = opened(
        portal, "representative", ActingDocumentsState, routes.ACTING_FOR_DOCUMENTS, part=str(part)
    ).var("documents")  # fmt: skip
    assert (form["name"], form["kind"], form["size"]) == ("CONSENT.pdf", "Consent", "820 KB")
    assert form["href"].startswith(routes.EVIDENCE)
    (letter,) = opened(portal, "holder", MyDocumentsState, routes.MY_DOCUMENTS).var("documents")
    assert (letter["name"], letter["budget"], letter["href"]) == ("LETTER.pdf", portal.budgets["own"], "")
    assert letter["shut"].startswith("This document is still being checked for viruses.")
    assert opened(portal, "cm", MyDocumentsState, routes.MY_DOCUMENTS).var("missing") is True


def test_a_nominee_reads_neither_looks_nor_agreements(portal: Portal) -> None:
    world = portal.world
    part = journey.nominee(world, journey.add_person(world, number=None, names=("Nim", "By")))
    taken_by(portal, part, "nominee")
    looks = opened(portal, "nominee", ActingWhoLookedState, routes.ACTING_FOR_WHO_LOOKED, part=str(part))
    assert looks.frames.redirects == [routes.NOT_ALLOWED]
    assert opened(
        portal, "nominee", ActingAgreementsState, routes.ACTING_FOR_AGREEMENTS, part=str(part)
    ).var("missing")  # fmt: skip


def paid_nominee(portal: Portal) -> tuple[Case, UUID]:
    """Somebody's direct payment that a nominee receives."""
    world = portal.world
    person = journey.add_person(world, number=None, names=("Rev", "Iewed"))
    part = journey.nominee(world, person, name="Stopping Soon")
    stream = StreamPlan(Method.DIRECT_PAYMENT, 50_000, starts_on=world.today, payee=(PayeeKind.NOMINEE, part))
    return journey.approved(world, stream, person_id=person), part


def test_a_review_is_done_on_the_work_list_and_the_record_says_by_whom_and_what_came_of_it(portal: Portal) -> None:
    case, part = paid_nominee(portal)
    portal.world.do(portal.world.cm, lambda uow: acting.end(uow, part, "Moved abroad"))
    (waiting,) = portal.rows(Task, col(Task.phb_id) == case.phb_id)
    work = opened(portal, "cm", WorkState, routes.STAFF)
    assert routes.staff_task(waiting.id) in {i["href"] for group in work.var("groups") for i in group["work"]}
    page = opened(portal, "cm", TaskState, routes.STAFF_TASK, task=str(waiting.id))
    assert page.var("budget_href") == routes.staff_phb(case.reference)
    assert page.after(page.submit("finish"), "errors") == {"note": "Say what you found and what happens now."}
    done = page.submit("finish", note="An agency covers. Nora is proposed.")
    assert page.after(done, "done").startswith("Cm, ")
    assert page.after(done, "may_finish") is False
    assert not opened(portal, "cm", WorkState, routes.STAFF).frames.says(str(waiting.id))
    record = opened(portal, "auditor", PersonState, routes.STAFF_PERSON, person=str(case.person_id))
    (row,) = record.var("tasks")
    assert row["done"].endswith(": An agency covers. Nora is proposed.")


@pytest.mark.parametrize("who", ["finance", "auditor"])
def test_others_of_the_board_read_a_review_and_only_a_case_manager_says_it_is_done(portal: Portal, who: str) -> None:
    case, part = paid_nominee(portal)
    portal.world.do(portal.world.cm, lambda uow: acting.suspend(uow, part, "A concern was raised"))
    (waiting,) = portal.rows(Task, col(Task.phb_id) == case.phb_id)
    page = opened(portal, who, TaskState, routes.STAFF_TASK, task=str(waiting.id))
    assert page.var("may_finish") is False
    page.submit("finish", note="It is done, I say.")
    assert portal.rows(Task, col(Task.id) == waiting.id)[0].done_at is None
    assert opened(portal, "other_cm", TaskState, routes.STAFF_TASK, task=str(waiting.id)).var("missing") is True


def test_a_task_that_ends_by_itself_is_read_and_not_said_to_be_done(portal: Portal) -> None:
    case, _part = paid_nominee(portal)
    with portal.world.unit(SYSTEM) as uow:
        waiting = uow.add(
            Task, icb_id=portal.world.icb, kind="record_payee", role="CASE_MANAGER", phb_id=case.phb_id,
            sentence="Say who is paid.", due_on=uow.today,
        ).id  # fmt: skip
    page = opened(portal, "cm", TaskState, routes.STAFF_TASK, task=str(waiting))
    assert (page.var("sentence"), page.var("may_finish"), page.var("ends_itself")) == ("Say who is paid.", False, True)
    page.submit("finish", note="It is done, I say.")
    assert portal.rows(Task, col(Task.id) == waiting)[0].done_at is None
    assert opened(portal, "other_cm", TaskState, routes.STAFF_TASK, task=str(waiting)).var("missing") is True


def test_the_individual_an_organisation_names_is_asked_for_and_shown(portal: Portal) -> None:
    world = portal.world
    with world.unit(SYSTEM) as uow:
        uow.add(Organisation, kind="ULO", name="Held Well", search_name="held well", ods_code="HW001")
    person = journey.add_person(world, number=None, names=("Org", "Helped"))
    entry = ActingEntry(
        Acting.NOMINEE, "Held Well", Relation.ORGANISATION, nominated_by=NominatedBy.HOLDER, organisation_code="HW001"
    )
    part = world.do(world.cm, lambda uow: acting.propose(uow, person, entry))
    where = {"person": str(person), "helper": str(part)}
    page = opened(portal, "cm", HelperState, routes.STAFF_HELPER, **where)
    assert page.var("is_organisation") is True
    day = world.today
    seen = {"dbs_reference": "001234567890"} | {
        f"{field}__{name}": str(getattr(day, name))
        for field in ("agreed_on", "dbs_on")
        for name in ("day", "month", "year")
    }
    assert page.after(page.submit("check", **seen), "errors").keys() == {"individual"}
    assert page.after(page.submit("check", **seen, individual="Ivy Dual"), "notice") == "The checks were recorded."
    world.do(world.approver, lambda uow: acting.agree(uow, part))
    active = opened(portal, "cm", HelperState, routes.STAFF_HELPER, **where)
    assert active.var("may_change_individual") is True
    assert active.after(active.submit("change_individual", individual="Olu Ther"), "errors").keys() == {"dbs_on"}
    newer = {name: value for name, value in seen.items() if not name.startswith("agreed_on")}
    done = active.submit("change_individual", individual="Olu Ther", **newer)
    assert done.says("Olu Ther")
    assert portal.rows(PersonRole, col(PersonRole.id) == part)[0].individual == "Olu Ther"


def test_of_two_representatives_the_team_says_which_one_nominated(portal: Portal) -> None:
    world = portal.world
    person, first = represented(portal, "Two")
    second = journey.parent(world, person, name="Other Parent")
    page = opened(portal, "cm", NewHelperState, routes.STAFF_PERSON_NEW_HELPER, person=str(person))
    assert [one["value"] for one in page.var("nominators")] == [str(first), str(second)]
    chosen = {"role": "NOMINEE", "nominated_by": "REPRESENTATIVE", "name": "Ned", "relation": "SIBLING"}
    assert page.after(page.submit("save", **chosen), "errors").keys() == {"nominator"}
    assert page.after(page.submit("save", **chosen, nominator="x"), "errors").keys() == {"nominator"}
    assert page.submit("save", **chosen, nominator=str(second)).redirects
    (made,) = portal.rows(PersonRole, col(PersonRole.name) == "Ned")
    assert made.nominator_id == second
