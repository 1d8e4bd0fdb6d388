"""The pages of third-party arrangements over the socket of the really served portal, on both databases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col

from phbportal import routes
from phbportal.domain.account_kinds import AccountKind
from phbportal.domain.agreement_kinds import AgreementKind
from phbportal.domain.eligibility import Cohort
from phbportal.domain.isf import LINES, Answer
from phbportal.domain.streams import Method
from phbportal.pages.holder.my_agreements import MyAgreementsState
from phbportal.pages.holder.my_budget import MyBudgetState
from phbportal.pages.organisation.arrangements import ArrangementsState
from phbportal.pages.organisation.isf import IsfState
from phbportal.pages.organisation.kept_account import KeptAccountState
from phbportal.pages.organisation.people import ColleaguesState, InviteColleagueState
from phbportal.pages.staff.isf import ArrangementState
from phbportal.pages.staff.isf_forms import OfferState, PaperState
from phbportal.pages.staff.money_additions import StreamState
from phbportal.pages.staff.phb import PhbState
from phbportal.pages.staff.provider_invite import InviteFirstState
from phbportal.pages.staff.work import WorkState
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.services.accounts import AccountEntry, propose_account
from phbportal.services.payee_agreements import make_agreement
from phbportal.tables.arrangements import Agreement, IsfAnswer, IsfConfirmation, Signature
from phbportal.tables.audit import AccessEvent
from phbportal.tables.budgets import Stream
from phbportal.tables.payee_agreements import PayeeSignature
from phbportal.tables.users import Assignment, Identity, Invitation
from tests.pages.opening import Opened, opened
from tests.support import arranging, journey
from tests.support.arranging import TERMS
from tests.support.journey import Case, StreamPlan
from tests.support.portal import PROVIDER, Portal

OFFER = {
    "hourly": "26.50", "fee_kind": "PERCENT", "fee_percent": "5", "fee_covers": "Payroll", "timing": "FIRST_DAY",
    "bank_cap_weeks": "4", "bank_period_weeks": "12", "flexibility": "Times and days.", "reporting": "QUARTERLY",
    "exit_days": "28",
}  # fmt: skip
ACCEPTED = {f"a{line}": "ACCEPTED" for line in LINES} | {"role": "Manager"}


@dataclass
class Organisations:
    """Two organisations with somebody signed in for each: subjects ``lena`` and ``edie``."""

    larch: UUID
    elm: UUID
    lena: Actor
    edie: Actor


def organisations(portal: Portal) -> Organisations:
    def find(portal: Portal) -> Organisations:
        larch, elm = arranging.organisation(portal.world), arranging.organisation(portal.world, "Elm House")
        lena = arranging.somebody_of(portal.world, larch)
        edie = arranging.somebody_of(portal.world, elm, "Edie Elm")
        with portal.world.unit(SYSTEM, now=datetime.now(UTC)) as uow:
            for subject, who in (("lena", lena), ("edie", edie)):
                uow.add(
                    Identity, user_id=who.user_id, provider=PROVIDER, issuer=f"{portal.origin}/dev-idp", subject=subject
                )
        return Organisations(larch, elm, lena, edie)

    return portal.kept("organisations", find)


def a_case(
    portal: Portal, family: str, *, person: UUID | None = None, cohort: Cohort = Cohort.CHC
) -> tuple[Case, Organisations]:
    """An approved third-party budget of £900.00 a week for somebody, which Larch Care is to hold."""
    found = organisations(portal)
    person = person or journey.add_person(portal.world, number=None, names=("Ada", family))
    starts = portal.world.today - timedelta(days=7)
    return arranging.approved(portal.world, found.larch, person_id=person, starts_on=starts, cohort=cohort), found


def staff(portal: Portal, subject: str, state: Any, route: str, case: Case) -> Opened:
    return opened(portal, subject, state, route, phb=case.reference, stream=str(case.streams[-1]))


def isf(portal: Portal, subject: str, case: Case) -> Opened:
    return opened(portal, subject, IsfState, routes.ORGANISATION_ISF, stream=str(case.streams[-1]))


def sentences(page: Opened, frames: Any) -> list[str]:
    return [problem["sentence"] for problem in page.after(frames, "problems")]


def offered(portal: Portal, family: str, **more: Any) -> tuple[Case, Organisations, UUID]:
    case, found = a_case(portal, family)
    return case, found, arranging.offer(portal.world, case, found.larch, **more)


def test_a_case_manager_finds_an_organisation_for_a_new_stream(portal: Portal) -> None:
    found = organisations(portal)
    page = opened(portal, "cm", StreamState, routes.STAFF_MONEY_STREAM, phb=portal.budgets["second"])
    frames = page.submit("find", search="larch")
    assert [(c["value"], c["text"]) for c in page.after(frames, "organisations")] == [
        (str(found.larch), "Larch Care CIC")
    ]
    assert page.after(frames, "organisations")[0]["hint"].startswith("User-led organisation")
    today = portal.world.today
    day = {"starts_on__day": str(today.day), "starts_on__month": str(today.month), "starts_on__year": str(today.year)}
    frames = page.submit("save", method="THIRD_PARTY", organisation=str(found.larch), frequency="MONTHLY", **day)
    (stream,) = portal.rows(Stream, col(Stream.organisation_id) == found.larch, col(Stream.method) == "THIRD_PARTY")
    assert (stream.payee_name, stream.payee_kind) == ("Larch Care CIC", "ORGANISATION")
    nobody = page.submit("find", search="nobody has this name")
    assert sentences(page, nobody) == ["No organisation has a name that begins so. Check the spelling."]


def test_an_offer_is_made_once_and_stands_on_the_arrangement_s_page(portal: Portal) -> None:
    case, found = a_case(portal, "Offered")
    page = staff(portal, "cm", OfferState, routes.STAFF_ISF_OFFER, case)
    assert page.var("amount") == "£3,600.00 every 4 weeks (£900.00 a week)"
    assert (page.var("organisation"), page.var("terms")["bank_cap_weeks"]) == (str(found.larch), "4")
    bad = page.submit("save", organisation=str(found.larch), **OFFER | {"fee_percent": "lots", "hourly": ""})
    assert set(page.after(bad, "errors")) == {"fee_percent", "hourly"}
    free = page.submit("save", organisation=str(found.larch), **OFFER | {"hourly": "0"})
    assert page.after(free, "errors") == {"hourly": "An hour of support must cost more than £0.00."}
    for _press in range(2):
        page.submit("save", organisation=str(found.larch), **OFFER)
    (offer,) = portal.rows(IsfConfirmation, col(IsfConfirmation.phb_id) == case.phb_id)
    assert (offer.status, offer.hourly_pence, offer.fee_bp) == ("SENT", 2650, 500)
    shown = staff(portal, "cm", ArrangementState, routes.STAFF_ISF, case)
    view = shown.var("view")
    assert (view["organisation"], view["user_led"], view["status"]) == (
        "Larch Care CIC", True, "Waiting for the organisation",
    )  # fmt: skip
    assert shown.var("people") == "Lena Larch"
    assert view["lines"][1]["words"].startswith("The board pays £3,600.00 every 4 weeks")
    shown.send("withdraw")
    assert portal.rows(IsfConfirmation, col(IsfConfirmation.phb_id) == case.phb_id)[0].status == "WITHDRAWN"


def test_a_provider_keeps_answers_sends_them_signs_and_is_told_what_still_waits(portal: Portal) -> None:
    case, _found, offer = offered(portal, "Answered")
    home = opened(portal, "lena", ArrangementsState, routes.ORGANISATION)
    assert home.var("organisation") == {"name": "Larch Care CIC", "user_led": True}
    assert [item for item in home.var("waiting") if item["title"].endswith("Ada Answered")]
    page = isf(portal, "lena", case)
    assert page.var("may_answer") is True
    frames = page.submit("answer", act="save", a1="ACCEPTED", c3="Nights?", role="Manager")
    assert "for this line too" in page.after(frames, "errors")["a3"]
    frames = page.submit("answer", act="save", a1="ACCEPTED", a3="QUERIED", c3="Nights?", role="Manager")
    assert page.after(frames, "notice") == "Your answers are kept. They are not sent yet."
    frames = page.submit("answer", act="send", a1="ACCEPTED", a3="QUERIED", c3="Nights?", role="Manager")
    assert len(page.after(frames, "errors")) == len(LINES) - 2
    for _press in range(2):
        page.submit("answer", act="send", **ACCEPTED)
    assert portal.rows(IsfConfirmation, col(IsfConfirmation.id) == offer)[0].status == "CONFIRMED"
    answers = portal.rows(IsfAnswer, col(IsfAnswer.confirmation_id) == offer)
    assert {(a.answered_name, a.answered_role) for a in answers} == {("Lena Larch", "Manager")}
    signing = isf(portal, "lena", case)
    assert signing.var("may_sign") is True
    refused = signing.submit("sign", role="Manager")
    assert "Tick the box" in signing.after(refused, "errors")["agreed"]
    frames = signing.submit("sign", role="Manager", agreed="yes")
    assert signing.after(frames, "view")["agreement"]["waits"] == "The person and the board"
    assert signing.after(frames, "may_sign") is False


def test_refusal_13_another_provider_s_arrangement_by_its_address_is_not_found(portal: Portal) -> None:
    case, _found, offer = offered(portal, "Hidden")
    page = isf(portal, "edie", case)
    assert page.var("missing") is True
    for words in ("Ada", "3,600.00"):
        assert not page.frames.says(words)
    before = portal.snapshot()
    page.submit("answer", act="send", **ACCEPTED)
    page.submit("sign", role="Manager", agreed="yes")
    assert portal.snapshot() == before
    assert portal.rows(IsfConfirmation, col(IsfConfirmation.id) == offer)[0].status == "SENT"


@pytest.mark.parametrize("subject", ["cm", "holder", "admin"])
def test_nobody_but_a_provider_opens_an_organisation_s_pages(portal: Portal, subject: str) -> None:
    case, _found, _offer = offered(portal, f"Closed {subject}")
    for page in (
        isf(portal, subject, case), opened(portal, subject, ColleaguesState, routes.ORGANISATION_PEOPLE),
        opened(portal, subject, ArrangementsState, routes.ORGANISATION),
    ):  # fmt: skip
        assert page.frames.redirects == [routes.NOT_ALLOWED]
        assert not page.frames.says("Larch")


@pytest.mark.parametrize(
    ("state", "route"), [(ArrangementState, routes.STAFF_ISF), (PhbState, routes.STAFF_PHB), (WorkState, routes.STAFF)]
)
def test_a_provider_opens_no_page_of_the_staff(portal: Portal, state: Any, route: str) -> None:
    case, _found, _offer = offered(portal, f"Staff {state.__name__}")
    page = staff(portal, "lena", state, route, case)
    assert not page.frames.says("Ada")
    assert page.frames.redirects == [routes.NOT_ALLOWED] or page.var("missing") is True


def test_i31_a_provider_is_sent_the_person_s_name_and_nothing_else_of_theirs(portal: Portal) -> None:
    person = journey.add_person(portal.world, number="9990000077", names=("Ada", "Private"))
    found = organisations(portal)
    third = journey.StreamPlan(journey.Method.THIRD_PARTY, 90_000, organisation_id=found.larch)
    case = journey.approved(portal.world, journey.StreamPlan(journey.Method.NOTIONAL, 33_300), third, person_id=person)
    arranging.arranged(portal.world, case, found.larch, found.lena)
    journey.account(portal.world, case.streams[1])
    sent = " ".join(isf(portal, "lena", case).frames.texts)
    assert "Ada Private" in sent
    assert "Help at home" in sent, "the parts marked for the provider"
    for secret in ("999 000 0077", "9990000077", "3 February 1961", "66374958", "nding 4958", "333.00", "I want to"):
        assert secret not in sent, secret


def test_i33_a_provider_who_opens_an_arrangement_leaves_a_look_that_the_person_and_the_board_can_read(
    portal: Portal,
) -> None:
    case, found, _offer = offered(portal, "Looked")
    assert isf(portal, "lena", case).var("ready") is True
    (look,) = portal.rows(AccessEvent, col(AccessEvent.user_id) == found.lena.user_id,
                          col(AccessEvent.phb_id) == case.phb_id)  # fmt: skip
    assert (look.person_id, look.role, look.page) == (case.person_id, "PROVIDER", "arrangement")
    assert look.icb_id == portal.world.icb, "its auditors must see it"
    isf(portal, "edie", case)  # not found: nothing was seen
    assert not portal.rows(AccessEvent, col(AccessEvent.user_id) == found.edie.user_id)


def test_an_organisation_s_other_roles_stand_apart_and_say_what_they_let_it_see(portal: Portal) -> None:
    organisations(portal)
    parts = opened(portal, "lena", ArrangementsState, routes.ORGANISATION).var("parts")
    assert [one["heading"].split(" (")[0] for one in parts] == [
        "Helping people to plan", "Acting for people", "Care and support that people buy from you",
    ]  # fmt: skip
    assert all(one["sees"] for one in parts)


def test_a_high_fee_and_the_agreement_wait_on_the_approver_s_work_list(portal: Portal) -> None:
    case, found, offer = offered(portal, "Fee", terms=replace(TERMS, fee_bp=900))
    work = " ".join(opened(portal, "approver", WorkState, routes.STAFF).frames.texts)
    assert "Decide the fee of Larch Care CIC for Ada Fee" in work
    maker = staff(portal, "cm", ArrangementState, routes.STAFF_ISF, case)
    assert (maker.var("may_decide_fee"), maker.var("may_sign")) == (False, False)
    page = staff(portal, "approver", ArrangementState, routes.STAFF_ISF, case)
    assert page.after(page.send("agree_fee"), "notice") == "You have approved the fee. The offer is sent."
    arranging.answer(portal.world, found.lena, offer)
    work = " ".join(opened(portal, "approver", WorkState, routes.STAFF).frames.texts)
    assert "Sign the agreement with Larch Care CIC for Ada Fee" in work
    page = staff(portal, "approver", ArrangementState, routes.STAFF_ISF, case)
    page.submit("sign", agreed="yes")
    (signature,) = portal.rows(Signature, col(Signature.phb_id) == case.phb_id)
    assert (signature.party, signature.how) == ("BOARD", "PORTAL")
    assert "person and the organisation" in page.after(page.send("load"), "stream_view")["hindrance"]


def test_a_holder_reads_the_agreement_in_plain_words_and_signs_it(portal: Portal) -> None:
    case, found = a_case(portal, "", person=portal.people["own"], cohort=Cohort.LTC)
    offer = arranging.offer(portal.world, case, found.larch)
    budget = opened(portal, "holder", MyBudgetState, routes.MY_BUDGET)
    assert budget.frames.says("It is Larch Care CIC.")
    assert budget.frames.says("The organisation, you and the NHS have to agree and sign first.")
    arranging.answer(portal.world, found.lena, offer)
    page = opened(portal, "holder", MyAgreementsState, routes.MY_AGREEMENTS)
    view = page.var("to_sign")
    assert (view["organisation"], view["waits"]) == ("Larch Care CIC", "The person, the organisation and the board")
    refused = page.submit("sign")
    assert "Tick the box" in page.after(refused, "errors")["agreed"]
    frames = page.submit("sign", agreed="yes")
    assert page.after(frames, "notice") == "You have signed the agreement."
    (signature,) = portal.rows(Signature, col(Signature.phb_id) == case.phb_id)
    assert (signature.party, signature.how) == ("PERSON", "PORTAL")


def test_a_signature_on_paper_is_recorded_with_its_date_and_where_it_is(portal: Portal) -> None:
    case, found, offer = offered(portal, "Paper")
    arranging.answer(portal.world, found.lena, offer)
    page = staff(portal, "cm", PaperState, routes.STAFF_ISF_PAPER, case)
    today = portal.world.today
    refused = page.submit("save", signer="person")
    assert set(page.after(refused, "errors")) == {"signer_name", "signed_on", "evidence"}
    day = {"signed_on__day": str(today.day), "signed_on__month": str(today.month), "signed_on__year": str(today.year)}
    page.submit("save", signer="person", signer_name="Ada Paper", evidence="Scanned", **day)
    (signature,) = portal.rows(Signature, col(Signature.phb_id) == case.phb_id)
    assert (signature.how, signature.signer_name, signature.evidence) == ("PAPER", "Ada Paper", "Scanned")
    assert portal.rows(Agreement, col(Agreement.phb_id) == case.phb_id)[0].status == "OPEN"


def test_a_board_invites_the_first_person_of_an_organisation_and_sees_the_code_once(portal: Portal) -> None:
    new = arranging.organisation(portal.world, "Quill Trust")
    page = opened(portal, "cm", InviteFirstState, routes.STAFF_PROVIDER_INVITE, organisation=str(new))
    frames = page.submit("save", name="", email="nonsense")
    assert set(page.after(frames, "errors")) == {"name", "email"}
    frames = page.submit("save", name="Quentin Quill", email="")
    code = page.after(frames, "code")
    assert len(code) == 24
    (invitation,) = portal.rows(Invitation, col(Invitation.organisation_id) == new)
    assert (invitation.role, invitation.icb_id) == ("PROVIDER", None)
    assert code not in str(portal.snapshot())


def test_a_provider_invites_a_colleague_and_ends_a_colleague_s_sign_in_at_once(portal: Portal) -> None:
    found = organisations(portal)
    leaver = arranging.somebody_of(portal.world, found.larch, "Leo Leaver")
    with portal.world.unit(SYSTEM, now=datetime.now(UTC)) as uow:
        uow.add(Identity, user_id=leaver.user_id, provider=PROVIDER, issuer=f"{portal.origin}/dev-idp", subject="leo")
    theirs = opened(portal, "leo", ArrangementsState, routes.ORGANISATION)
    page = opened(portal, "lena", ColleaguesState, routes.ORGANISATION_PEOPLE)
    assert {row["name"]: bool(row["id"]) for row in page.var("rows")} == {"Lena Larch": False, "Leo Leaver": True}
    page.send("end", person=str(leaver.assignment_id))
    (ended,) = portal.rows(Assignment, col(Assignment.id) == leaver.assignment_id)
    assert ended.revoked_at is not None
    gone = theirs.send("load")
    assert "Ada" not in " ".join(gone.texts)
    invite = opened(portal, "lena", InviteColleagueState, routes.ORGANISATION_INVITE)
    frames = invite.submit("save", name="Nia New", email="nia@example.org")
    assert len(invite.after(frames, "code")) == 24
    waiting = opened(portal, "lena", ColleaguesState, routes.ORGANISATION_PEOPLE)
    assert "Nia New" in {row["name"] for row in waiting.var("rows")}


def test_a_query_goes_back_to_the_case_manager_line_by_line(portal: Portal) -> None:
    case, found, offer = offered(portal, "Query")
    arranging.answer(portal.world, found.lena, offer, line3=Answer.QUERIED)
    page = staff(portal, "cm", ArrangementState, routes.STAFF_ISF, case)
    line = page.var("view")["lines"][2]
    assert (line["said"], line["comment"]) == ("Queried", "Because of this.")
    assert line["who"].startswith("Lena Larch, Manager, ")
    assert page.var("offer_label") == "Change the offer and send it again"
    work = " ".join(opened(portal, "cm", WorkState, routes.STAFF).frames.texts)
    assert "Larch Care CIC asked for changes. Change the offer and send it." in work
    assert f"Ada Query, {case.reference}. Due on " in work, "the task says whose it is"
    again = staff(portal, "cm", OfferState, routes.STAFF_ISF_OFFER, case).var("terms")
    assert (again["hourly"], again["fee_percent"], again["fee_weekly"]) == ("26.50", "5", "")
    assert again["timing"] == "TWO_WEEKS_BEFORE", "the next round begins from the terms of the last"


def test_whoever_keeps_a_managed_account_signs_for_it_and_no_other_organisation_finds_it(portal: Portal) -> None:
    found, world = organisations(portal), portal.world
    person = journey.add_person(world, number=None, names=("Ada", "Managed"))
    direct = StreamPlan(Method.DIRECT_PAYMENT, 125_000, starts_on=world.today)
    case = journey.approved(world, direct, person_id=person)
    entry = AccountEntry("Larch for Ada", "089999", "66374958", AccountKind.MANAGED, found.larch)
    world.do(world.cm, lambda uow: propose_account(uow, case.streams[0], entry))
    agreement = world.do(world.cm, lambda uow: make_agreement(uow, case.streams[0], AgreementKind.MANAGED))
    home = opened(portal, "lena", ArrangementsState, routes.ORGANISATION)
    assert ("Ada Managed", "Sign the agreement") in [(one["person"], one["to_do"]) for one in home.var("accounts")]

    page = opened(portal, "lena", KeptAccountState, routes.ORGANISATION_AGREEMENT, agreement=str(agreement))
    assert (page.var("person"), page.var("may_sign")) == ("Ada Managed", True)
    assert not page.frames.says("66374958")
    refused = page.submit("sign")
    assert "Tick the box" in page.after(refused, "errors")["agreed"]
    signed = page.submit("sign", agreed="yes")
    assert page.after(signed, "notice") == "You have signed the agreement for your organisation."
    (signature,) = portal.rows(PayeeSignature, col(PayeeSignature.agreement_id) == agreement)
    assert (signature.party, signature.how) == ("ORGANISATION", "PORTAL")
    elsewhere = opened(portal, "edie", KeptAccountState, routes.ORGANISATION_AGREEMENT, agreement=str(agreement))
    assert not elsewhere.frames.says("Ada Managed")
