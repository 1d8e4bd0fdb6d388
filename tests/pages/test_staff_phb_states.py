"""The pages of a budget, driven over the socket of the really served portal, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col

from phbportal import routes
from phbportal.domain.budgets import LineType
from phbportal.domain.ledger import Journal, Posting, Verb, available, outside
from phbportal.domain.money import pounds
from phbportal.domain.streams import Method
from phbportal.domain.text import long_date
from phbportal.pages.staff.documents import DocumentsState
from phbportal.pages.staff.money import MoneyState
from phbportal.pages.staff.money_accounts import AccountState, NewAccountState
from phbportal.pages.staff.money_additions import StreamState
from phbportal.pages.staff.money_decisions import CancelState, ConfirmState
from phbportal.pages.staff.money_funding import FundingState
from phbportal.pages.staff.money_line import LineState
from phbportal.pages.staff.money_payments import PaymentState
from phbportal.pages.staff.money_spending import SpendingState
from phbportal.pages.staff.phb import PhbState
from phbportal.pages.staff.phb_lists import EntriesState, HistoryState, PaymentsState
from phbportal.pages.staff.plan import PlanState
from phbportal.pages.staff.plan_additions import OutcomeState, ServiceState
from phbportal.pages.staff.plan_decisions import ApprovalState, ReturnState, SignOffState
from phbportal.pages.staff.plan_words import PlanWordsState
from phbportal.pages.staff.work import WorkState
from phbportal.policy.actors import SYSTEM
from phbportal.services import payments
from phbportal.services.ledger import Entry, post_many
from phbportal.services.people import PersonEntry, add_person
from phbportal.tables.acting import PersonRole
from phbportal.tables.audit import AccessEvent
from phbportal.tables.budgets import BudgetLine, BudgetVersion, PayeeAccount, Stream
from phbportal.tables.ledger import LedgerJournal
from phbportal.tables.payments import PaymentItem
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Outcome, Plan, PlanService
from tests.pages.opening import Opened, opened
from tests.support import journey
from tests.support.journey import Case, StreamPlan
from tests.support.portal import Portal
from tests.support.statements import statements

BUDGET_PAGES = {
    PhbState: routes.STAFF_PHB, HistoryState: routes.STAFF_PHB_HISTORY, EntriesState: routes.STAFF_PHB_ENTRIES,
    PaymentsState: routes.STAFF_PHB_PAYMENTS, PlanState: routes.STAFF_PHB_PLAN, MoneyState: routes.STAFF_PHB_MONEY,
}  # fmt: skip
FORMS = {
    PlanWordsState: routes.STAFF_PLAN_WORDS, OutcomeState: routes.STAFF_PLAN_OUTCOME,
    ServiceState: routes.STAFF_PLAN_SERVICE, SignOffState: routes.STAFF_PLAN_SIGN_OFF,
    ApprovalState: routes.STAFF_PLAN_APPROVE, ReturnState: routes.STAFF_PLAN_RETURN,
    StreamState: routes.STAFF_MONEY_STREAM, LineState: routes.STAFF_MONEY_LINE,
    FundingState: routes.STAFF_MONEY_FUNDING,
    AccountState: routes.STAFF_MONEY_ACCOUNT, NewAccountState: routes.STAFF_MONEY_NEW_ACCOUNT,
    PaymentState: routes.STAFF_MONEY_PAYMENT, ConfirmState: routes.STAFF_MONEY_CONFIRM,
    CancelState: routes.STAFF_MONEY_CANCEL, SpendingState: routes.STAFF_MONEY_SPENDING,
}  # fmt: skip
EVERY_PAGE = BUDGET_PAGES | FORMS
SECRET = "Words only the team may read"
START, END = "period_start", "period_end"


def show(portal: Portal, subject: str, state: Any, reference: str, **query: str) -> Opened:
    return opened(portal, subject, state, EVERY_PAGE[state], phb=reference, **query)


def sentences(page: Opened, frames: Any) -> list[str]:
    return [problem["sentence"] for problem in page.after(frames, "problems")]


def day(field: str, on: date) -> dict[str, str]:
    """A date as its three boxes send it."""
    return {f"{field}__day": str(on.day), f"{field}__month": str(on.month), f"{field}__year": str(on.year)}


def new_person(portal: Portal, family: str) -> UUID:
    person = journey.add_person(portal.world, number=None, names=("Ada", family))
    journey.allow_direct_payment(portal.world, person)
    return person


def a_draft(portal: Portal, family: str, *streams: StreamPlan) -> Case:
    return journey.draft(portal.world, *streams, person_id=new_person(portal, family))


def a_payable(portal: Portal, family: str, method: Method = Method.DIRECT_PAYMENT) -> Case:
    """An approved budget of £1,250.00 a week and £598.00 from a week ago, its account past its cooling time."""
    world = portal.world
    plan = StreamPlan(method, 125_000, 59_800, world.today - timedelta(days=7), LineType.PA_WAGE)
    entry = PersonEntry("Ada", family, date(1961, 2, 3))
    person = world.do(world.cm, lambda uow: add_person(uow, entry), on=plan.starts_on)
    journey.allow_direct_payment(world, person, on=plan.starts_on)
    case = journey.approved(world, plan, person_id=person)
    if method is Method.DIRECT_PAYMENT:
        journey.account(world, case.streams[0], on=world.today - timedelta(days=3))
    return case


def recorded(portal: Portal, case: Case) -> str:
    """A payment of the first week, recorded by finance today."""
    today = portal.world.today
    entry = payments.PaymentEntry(today - timedelta(days=7), today - timedelta(days=1))
    return portal.world.do(
        portal.world.finance, lambda uow: payments.record_payment(uow, case.streams[0], entry, key=case.reference)
    )


def unchanged(portal: Portal, act: Callable[[], Any]) -> Any:
    """What an act leads to, once it is sure that no row changed."""
    before = portal.snapshot()
    found = act()
    assert portal.snapshot() == before
    return found


# Who sees what --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", EVERY_PAGE, ids=lambda s: s.__name__)
def test_no_page_of_a_budget_sends_finance_an_nhs_number_or_the_reason_for_the_budget(
    portal: Portal, state: Any
) -> None:
    reference = portal.budgets["own"]
    (stream,) = portal.rows(Stream, col(Stream.phb_id) == phb_id(portal, reference))
    page = show(portal, "finance", state, reference, stream=str(stream.id), payment="PAY-2026-000001")
    for secret in ("999 000 0018", "9990000018", "continuing healthcare"):
        assert not page.frames.says(secret)


def phb_id(portal: Portal, reference: str) -> UUID:
    from phbportal.tables.phbs import Phb

    (found,) = portal.rows(Phb, col(Phb.reference) == reference)
    return found.id


def test_a_case_manager_reads_both_and_finance_still_reads_the_name(portal: Portal) -> None:
    reference = portal.budgets["own"]
    page = show(portal, "cm", PhbState, reference)
    head = page.var("head")
    assert (head["nhs_number"], head["cohort"]) == ("999 000 0018", "NHS continuing healthcare")
    assert show(portal, "finance", PhbState, reference).var("head")["person"] == "Amina Okafor-Reyes"


@pytest.mark.parametrize("state", EVERY_PAGE, ids=lambda s: s.__name__)
def test_an_administrator_is_sent_away_from_every_page_of_a_budget(portal: Portal, state: Any) -> None:
    page = show(portal, "admin", state, portal.budgets["own"])
    assert page.frames.redirects == [routes.NOT_ALLOWED]
    assert not page.frames.says("Okafor-Reyes")


@pytest.mark.parametrize("state", BUDGET_PAGES, ids=lambda s: s.__name__)
@pytest.mark.parametrize("which", ["other", "PHB-2026-999999", "", "../people"])
def test_a_budget_out_of_sight_reads_like_one_that_is_not_there(portal: Portal, state: Any, which: str) -> None:
    page = show(portal, "finance", state, portal.budgets.get(which, which))
    assert page.var("missing") is True
    assert not page.frames.says("Quillfeather")


@pytest.mark.parametrize("state", [AccountState, NewAccountState, PaymentState, SpendingState])
def test_a_stream_of_another_budget_is_not_found_under_this_one(portal: Portal, state: Any) -> None:
    case = a_payable(portal, "Elsewhere")
    page = show(portal, "finance", state, portal.budgets["own"], stream=str(case.streams[0]))
    assert page.var("missing") is True


def test_only_finance_is_ever_sent_a_whole_account_number(portal: Portal) -> None:
    case = a_payable(portal, "Digits")
    stream = str(case.streams[0])
    for who in ("cm", "auditor", "approver"):
        page = show(portal, who, AccountState, case.reference, stream=stream)
        assert page.var("account")["number"] == "Ending 4958"
        assert not page.frames.says("66374958")
        assert not page.frames.says("08-99-99")
    assert show(portal, "finance2", AccountState, case.reference, stream=stream).var("account")["number"] == "66374958"
    for state in BUDGET_PAGES:
        assert not show(portal, "finance", state, case.reference).frames.says("66374958")


def test_a_clinicians_page_of_a_budget_holds_no_payment_no_entry_and_no_account(portal: Portal) -> None:
    case = a_payable(portal, "Clinical")
    reference = recorded(portal, case)
    page = show(portal, "clinician", PhbState, case.reference)
    assert [page.var(name) for name in ("shows_payments", "shows_entries", "shows_accounts")] == [False] * 3
    for secret in (reference, "nding 4958", "Set aside for a payment"):
        assert not page.frames.says(secret)
    assert show(portal, "clinician", EntriesState, case.reference).frames.redirects == [routes.NOT_ALLOWED]


def test_looking_at_a_budget_is_kept(portal: Portal) -> None:
    case = a_draft(portal, "Looked")
    show(portal, "approver", MoneyState, case.reference)
    (look,) = portal.rows(AccessEvent, col(AccessEvent.phb_id) == case.phb_id)
    assert (look.page, look.user_id, look.person_id) == ("money", portal.world.approver.user_id, case.person_id)


def test_the_buttons_are_those_of_the_role(portal: Portal) -> None:
    case = a_draft(portal, "Buttons")

    def buttons(who: str) -> list[str]:
        page = show(portal, who, PhbState, case.reference)
        return [act["label"] for act in page.var("first_act") + page.var("acts")]

    assert buttons("cm")[0] == "Check and send the plan"
    assert buttons("auditor") == []
    assert buttons("finance") == [
        "Add a stream", "Add a budget line", "Say who pays", "Work out the indicative budget again",
    ]  # fmt: skip
    journey.submit(portal.world, case)
    assert buttons("cm") == []
    assert buttons("clinician") == ["Sign the plan off", "Return the plan"]


# The plan -------------------------------------------------------------------------------------------------------------


def words(about: str, matters: str = "", contingency: str = "") -> dict[str, str]:
    return {"about_me": about, "what_matters": matters, "contingency": contingency}


def test_two_who_write_at_once_see_both_versions_and_choose_field_by_field(portal: Portal) -> None:
    case = a_draft(portal, "Clash")
    mine, theirs = (show(portal, who, PlanWordsState, case.reference) for who in ("cm", "cm2"))
    assert theirs.submit("save", **words("Theirs.", "Same.", "Their night.")).redirects
    clash = mine.submit("save", **words("Mine.", "Same.", "My night."))
    assert sentences(mine, clash)[0].startswith("Somebody else changed this while you had it open.")
    assert [(c["label"], c["theirs"], c["mine"]) for c in mine.after(clash, "clashes")] == [
        ("About me", ["Theirs."], ["Mine."]),
        ("If things go wrong", ["Their night."], ["My night."]),
    ]
    undecided = mine.submit("settle", keep_about_me="mine")
    assert sentences(mine, undecided) == ["Choose which words to keep for “If things go wrong”."]
    assert mine.submit("settle", keep_about_me="mine", keep_contingency="theirs").redirects
    (plan,) = portal.rows(Plan, col(Plan.id) == case.plan_id)
    assert (plan.about_me, plan.what_matters, plan.contingency) == ("Mine.", "Same.", "Their night.")


def test_the_same_words_sent_twice_are_saved_once_and_are_no_clash(portal: Portal) -> None:
    case = a_draft(portal, "Twice")
    page = show(portal, "cm", PlanWordsState, case.reference)
    first, second = (page.submit("save", **words("Once.")).redirects for _ in range(2))
    assert first == second
    assert first[0].endswith("?done=words")


def test_an_outcome_sent_twice_is_added_once(portal: Portal) -> None:
    case = a_draft(portal, "Outcome")
    page = show(portal, "cm", OutcomeState, case.reference)
    for _ in range(2):
        assert page.submit("save", statement=SECRET).redirects == [
            f"{routes.staff_phb_plan(case.reference)}?done=outcome"
        ]
    assert len(portal.rows(Outcome, col(Outcome.plan_id) == case.plan_id)) == 2  # the draft's own, and this one


def test_a_signature_needs_its_name_body_and_number_beside_their_fields(portal: Portal) -> None:
    case = a_draft(portal, "Signature")
    journey.submit(portal.world, case)
    page = show(portal, "clinician", SignOffState, case.reference)
    assert (page.var("may_decide"), page.var("signer")) == (True, "Clinician")
    frames = unchanged(portal, lambda: page.submit("sign", name="", body="", pin=""))
    assert set(page.after(frames, "errors")) == {"name", "body", "pin"}
    good = page.submit("sign", name="Dr C", body="NMC", pin="12A3456E", note="Safe.")
    assert good.redirects == [f"{routes.staff_phb(case.reference)}?done=signed"]


def test_an_approver_reads_who_signed_and_what_it_commits_and_approves_once(portal: Portal) -> None:
    case = a_draft(portal, "Approval", StreamPlan(Method.NOTIONAL, 70_000, starts_on=portal.world.today))
    journey.submit(portal.world, case)
    early = show(portal, "approver", ApprovalState, case.reference)
    assert (early.var("may_decide"), early.var("may_return")) == (False, True)
    assert early.var("because") == "There is nothing to decide: the plan is “Waiting for clinical sign-off”."
    journey.sign_off(portal.world, case)
    page = show(portal, "approver", ApprovalState, case.reference)
    assert "Signed off by Dr Clinician" in page.var("plan")["signed"]
    assert page.var("budget")["commitment"].startswith("Approving this commits £")
    assert page.submit("approve", note="Agreed.").redirects
    again = unchanged(portal, lambda: page.submit("approve", note="Agreed."))
    assert "You cannot approve this plan: it is now “Approved”" in sentences(page, again)[0]
    allocated = show(portal, "approver", PhbState, case.reference).var("balance")["allocated"]
    assert allocated in page.var("budget")["commitment"]


def test_a_plan_is_returned_with_a_reason_the_writer_reads(portal: Portal) -> None:
    case = a_draft(portal, "Returned")
    journey.submit(portal.world, case)
    page = show(portal, "clinician", ReturnState, case.reference)
    assert sentences(page, page.submit("send_back", reason="No"))[0].startswith("Say what should be changed")
    assert page.submit("send_back", reason="Say who covers the nights.").redirects
    assert show(portal, "cm", PhbState, case.reference).var("plan")["return_reason"] == "Say who covers the nights."


# The money ------------------------------------------------------------------------------------------------------------


def test_a_line_added_and_taken_out_is_counted_and_uncounted(portal: Portal) -> None:
    case = a_draft(portal, "Lines")
    page = show(portal, "cm", LineState, case.reference)
    kind = {"stream": str(case.streams[0]), "service": "", "line_type": "TRAINING"}
    chosen = page.submit("choose", **kind)
    assert (page.after(chosen, "step"), page.after(chosen, "basis")) == ("answers", "ONCE")
    worked = page.submit("work_out", quantity="2", price="125")
    assert page.after(worked, "working") == "2 × £125.00 = £250.00, paid once."
    for _ in range(2):
        assert page.send("save").redirects
    money = show(portal, "cm", MoneyState, case.reference)
    first, added = money.var("budget")["lines"]
    assert (added["cost"], added["running_weekly"], added["running_one_off"]) == ("Training", "£1,250.00", "£250.00")
    frames = money.send("remove", line=added["id"])
    assert [row["id"] for row in money.after(frames, "budget")["lines"]] == [first["id"]]
    assert money.after(frames, "notice") == "The budget line is taken out."
    assert [row["is_proposed"] for row in money.var("streams")] == [True]
    frames = money.send("take_out", stream=str(case.streams[0]))
    assert money.after(frames, "notice") == "The stream is taken out, with its lines."
    (gone,) = money.after(frames, "streams")
    assert (gone["status"], gone["weekly"], gone["is_proposed"]) == ("Closed", "£0.00", False)


def test_the_questions_of_a_line_follow_its_kind_and_its_sum_is_shown_first(portal: Portal) -> None:
    """An amount typed in place of hours is refused for pay, and offered for everything else."""
    case = a_draft(portal, "Questions")
    page = show(portal, "cm", LineState, case.reference)
    stream = str(case.streams[0])
    refused = page.submit("choose", stream=stream, line_type="OTHER")
    assert page.after(refused, "errors")["description"] == "Say what this cost is for."
    chosen = page.submit("choose", stream=stream, line_type="PA_WAGE")
    assert (page.after(chosen, "basis"), page.after(chosen, "may_type")) == ("HOURS", False)
    assert page.after(page.submit("work_out", quantity="0", price="", times="52"), "errors")["quantity"]
    page.send("change")
    chosen = page.submit("choose", stream=stream, line_type="CONTINGENCY")
    assert page.after(chosen, "typed")["quantity"] == "1", "the weeks the board usually keeps"
    page.send("change")
    chosen = page.submit("choose", stream=stream, line_type="AGENCY")
    assert page.after(chosen, "may_type")
    worked = page.submit("work_out", quantity="12.5", price="26", times="52")
    assert page.after(worked, "working") == "12.5 hours a week × £26.00 × 52 weeks = £16,900.00 a year."
    assert page.after(worked, "check")[-1]["value"] == "£1,575.00 a week and £0.00 one-off"
    assert page.after(page.send("change"), "step") == "answers"
    typed = page.send("type_amounts")
    assert page.after(typed, "basis") == "AMOUNT"
    assert page.after(page.submit("work_out", weekly="", one_off=""), "errors")["weekly"]
    assert [line.line_type for line in portal.rows(BudgetLine) if line.stream_id == case.streams[0]] == ["AGENCY"]


def test_more_is_added_to_a_budget_that_runs_and_what_runs_is_counted_in(portal: Portal) -> None:
    case = a_payable(portal, "Growing")
    assert opened(portal, "cm", PlanState, routes.STAFF_PHB_PLAN, phb=case.reference).send("start").redirects
    form = show(portal, "cm", StreamState, case.reference)
    assert form.var("frequency") == "FOUR_WEEKLY", "how often the board usually pays"
    start = day("starts_on", portal.world.today + timedelta(days=7))
    assert form.submit("save", method="NOTIONAL", frequency="FOUR_WEEKLY", **start).redirects
    (nights,) = [one for one in portal.rows(Stream) if one.phb_id == case.phb_id and one.status == "PROPOSED"]
    page = show(portal, "cm", LineState, case.reference)
    page.submit("choose", stream=str(nights.id), line_type="AGENCY")
    page.send("type_amounts")
    worked = page.submit("work_out", weekly="400", one_off="")
    assert page.after(worked, "check")[-1]["value"] == "£1,650.00 a week and £598.00 one-off"
    assert page.send("save").redirects
    budget = show(portal, "cm", MoneyState, case.reference).var("budget")
    assert (budget["weekly"], [line["weekly"] for line in budget["lines"]]) == ("£1,650.00", ["£400.00"])
    assert budget["goes_on"].startswith("£1,250.00 a week runs already. It goes on as it is, and is counted in.")


def test_who_pays_is_said_and_shown(portal: Portal) -> None:
    case = a_draft(portal, "Funders")
    page = show(portal, "finance", FundingState, case.reference)
    refused = page.submit("save", way="AMOUNTS", HEALTH="1,000", SOCIAL_CARE="200")
    assert sentences(page, refused) == ["The shares come to £1,200.00, £50.00 short of the £1,250.00 to pay."]
    assert page.submit("save", way="PARTS", HEALTH="60", SOCIAL_CARE="40").redirects
    money = show(portal, "finance", MoneyState, case.reference)
    assert [row["weekly"] for row in money.var("budget")["funders"]] == ["£750.00", "£500.00"]


@pytest.mark.parametrize("line", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_taking_out_what_is_not_there_changes_nothing(portal: Portal, line: str) -> None:
    page = show(portal, "cm", MoneyState, portal.budgets["second"])
    for send in (lambda: page.send("remove", line=line), lambda: page.send("take_out", stream=line)):
        assert sentences(page, unchanged(portal, send)) == ["We could not find that."]
    assert portal.rows(BudgetLine)


def test_a_nominee_and_a_third_party_without_an_organisation_are_refused_in_words(portal: Portal) -> None:
    page = show(portal, "cm", StreamState, portal.budgets["second"])
    answers = {"method": "DIRECT_PAYMENT", "payee_kind": "NOMINEE", "frequency": "FOUR_WEEKLY"}
    answers |= day("starts_on", portal.world.today)
    refused = page.submit("save", **answers)
    assert page.after(refused, "errors")["payee_kind"].startswith("Choose the nominee by name.")
    refused = page.submit("save", **answers | {"method": "THIRD_PARTY"})
    assert "choose the organisation" in page.after(refused, "errors")["organisation"]


def test_a_first_payment_is_proposed_worked_out_in_words_and_recorded_once(portal: Portal) -> None:
    case = a_payable(portal, "Payment")
    today = portal.world.today
    page = show(portal, "finance", PaymentState, case.reference, stream=str(case.streams[0]))
    starts = today - timedelta(days=7)
    assert page.var("start") == [str(starts.day), str(starts.month), str(starts.year)]
    assert page.var("proposal").startswith(long_date(starts))
    answers = day(START, starts) | day(END, today - timedelta(days=1))
    frames = page.submit("work_out", **answers)
    assert page.after(frames, "sum_words") == "7 days at £1,250.00 a week is £1,250.00, plus £598.00 start-up costs."
    assert page.after(frames, "check")[-1]["value"] == "£1,848.00"
    assert portal.rows(PaymentItem, col(PaymentItem.phb_id) == case.phb_id) == []
    assert [page.send("record").redirects for _ in range(2)] == [
        [f"{routes.staff_phb(case.reference)}?done=payment"]
    ] * 2
    (item,) = portal.rows(PaymentItem, col(PaymentItem.phb_id) == case.phb_id)
    assert item.amount_pence == 184_800
    after = show(portal, "finance", PhbState, case.reference).var("balance")
    assert after["set_aside"] == "£1,848.00"


def test_new_bank_details_stop_a_payment_before_it_is_worked_out(portal: Portal) -> None:
    case = a_payable(portal, "Cooling")
    journey.account(portal.world, case.streams[0])
    today = portal.world.today
    page = show(portal, "finance", PaymentState, case.reference, stream=str(case.streams[0]))
    frames = page.submit("work_out", **day(START, today), **day(END, today))
    assert sentences(page, frames)[0].startswith("The bank details are new. To protect against fraud")
    assert page.var("stream_view")["hindrance"].startswith("The bank details are new.")


def test_an_invoice_needs_its_amount_number_and_kind_and_is_recorded_as_typed(portal: Portal) -> None:
    case = a_payable(portal, "Invoice", Method.NOTIONAL)
    today = portal.world.today
    page = show(portal, "finance", PaymentState, case.reference, stream=str(case.streams[0]))
    assert (page.var("notional"), page.var("proposal")) == (True, "")
    days = day(START, today - timedelta(days=7)) | day(END, today)
    frames = page.submit("work_out", **days)
    assert set(page.after(frames, "errors")) == {"amount", "invoice_reference", "line_type"}
    invoice = days | {"amount": "1,552.50", "invoice_reference": "INV-77", "line_type": "AGENCY"}
    frames = page.submit("work_out", **invoice)
    assert [row["value"] for row in page.after(frames, "check")][2:] == ["INV-77", "Agency care", "£1,552.50"]
    back = page.send("change")
    assert (page.after(back, "check"), page.after(back, "amount")) == ([], "1,552.50")
    assert page.submit("work_out", **invoice)
    assert page.send("record").redirects


def test_who_recorded_a_payment_is_told_why_they_may_not_confirm_it_and_nothing_changes(portal: Portal) -> None:
    case = a_payable(portal, "Confirming")
    reference = recorded(portal, case)
    today = portal.world.today
    same = show(portal, "finance", ConfirmState, case.reference, payment=reference)
    because = "You recorded this payment, so another finance officer must confirm it."
    assert (same.var("because"), same.var("payment")["may_confirm"]) == (because, False)
    refused = unchanged(portal, lambda: same.submit("confirm", **day("paid_on", today)))
    assert sentences(same, refused) == [because]
    waits = [i for g in opened(portal, "finance2", WorkState, routes.STAFF).var("groups") for i in g["work"]]
    assert [i["href"] for i in waits if i["title"].startswith(f"Confirm {reference}:")] == [
        routes.of_phb(routes.STAFF_MONEY_CONFIRM, case.reference, payment=reference)
    ], "the work list leads to where it is done"
    other = show(portal, "finance2", ConfirmState, case.reference, payment=reference)
    assert (other.var("payment")["recorded"].split(",")[0], other.var("day")) == ("Finance", str(today.day))
    assert other.submit("confirm", **day("paid_on", today)).redirects
    twice = unchanged(portal, lambda: other.submit("confirm", **day("paid_on", today)))
    assert sentences(other, twice) == ["This payment has already been confirmed. Reload the page to see it."]
    live = show(portal, "finance2", PhbState, case.reference, done="confirmed")
    assert (live.var("head")["status"], live.var("balance")["with_payee"]) == ("Active", "£1,848.00")
    assert live.var("notice") == "You have confirmed the payment."


def test_a_cancelled_payments_money_is_left_to_pay_out_again(portal: Portal) -> None:
    case = a_payable(portal, "Cancelling")
    before = show(portal, "finance", PhbState, case.reference).var("balance")["left"]
    page = show(portal, "finance", CancelState, case.reference, payment=recorded(portal, case))
    assert sentences(page, page.submit("cancel", reason="no")) == ["Say why the payment is cancelled."]
    assert page.submit("cancel", reason="The wrong days").redirects
    assert show(portal, "finance", PhbState, case.reference).var("balance")["left"] == before


def test_bank_details_are_entered_by_one_and_decided_by_another(portal: Portal) -> None:
    case = a_payable(portal, "Details")
    stream = str(case.streams[0])
    form = show(portal, "finance", NewAccountState, case.reference, stream=stream)
    assert set(form.after(form.submit("save"), "errors")) == {"name_on_account", "sort_code", "account_number"}
    new = {"name_on_account": "A Digits", "sort_code": "08-99-99", "account_number": "66374958"}
    for _ in range(2):
        assert form.submit("save", **new).redirects
    assert len(portal.rows(PayeeAccount, col(PayeeAccount.phb_id) == case.phb_id)) == 2  # the old one, and one new
    own = show(portal, "finance", AccountState, case.reference, stream=stream)
    assert "another finance officer must approve them" in own.var("account")["because"]
    refused = unchanged(portal, lambda: own.send("approve"))
    assert sentences(own, refused) == ["You entered these bank details, so another finance officer must approve them."]
    other = show(portal, "finance2", AccountState, case.reference, stream=stream)
    assert other.send("reject").redirects
    gone = unchanged(portal, lambda: other.send("approve"))
    assert "already been decided" in sentences(other, gone)[0]


def test_spending_is_posted_once_and_taken_from_what_the_payee_holds(portal: Portal) -> None:
    case = a_payable(portal, "Spending")
    reference, today = recorded(portal, case), portal.world.today
    journey.confirm(portal.world, reference, on=today)
    page = show(portal, "finance", SpendingState, case.reference, stream=str(case.streams[0]))
    assert page.var("stream_view")["with_payee"] == "£1,848.00"
    assert set(page.after(page.submit("save"), "errors")) == {"verb", "amount", "on", "reference"}
    spent = {"verb": "ACCOUNT_FOR", "amount": "598", "line_type": "RECRUITMENT", "reference": "Receipts"}
    for _ in range(2):
        assert page.submit("save", **spent, **day("on", today)).redirects
    view = show(portal, "finance", PhbState, case.reference).var("balance")
    assert (view["spent"], view["with_payee"]) == ("£598.00", "£1,250.00")
    assert len(portal.rows(LedgerJournal, col(LedgerJournal.reference) == "Receipts")) == 1


# Long lists -----------------------------------------------------------------------------------------------------------


def invoices(portal: Portal, case: Case, count: int) -> None:
    today = portal.world.today
    for n in range(count):
        entry = payments.PaymentEntry(today, today, 100 + n, LineType.AGENCY, f"{case.reference}-{n}")
        portal.world.do(
            portal.world.finance,
            lambda uow, e=entry: payments.record_payment(uow, case.streams[0], e, key=e.invoice_reference),
        )


def test_payments_are_turned_by_a_random_id_in_the_address(portal: Portal) -> None:
    case = a_payable(portal, "Pages", Method.NOTIONAL)
    invoices(portal, case, 23)
    first = show(portal, "finance", PaymentsState, case.reference)
    assert (len(first.var("rows")), first.var("newer")) == (20, "")
    (address,) = first.send("turn", direction="older").redirects
    path, _, view = address.partition("?view=")
    assert (path, str(UUID(view))) == (routes.of_phb(routes.STAFF_PHB_PAYMENTS, case.reference), view)
    second = show(portal, "finance2", PaymentsState, case.reference, view=view)
    both = [row["amount"] for row in first.var("rows") + second.var("rows")]
    assert sorted(both) == sorted(pounds(100 + n) for n in range(23))


def add_to(portal: Portal, case: Case, *, services: int, versions: int, helpers: int, entries: int) -> None:
    """So many more services in the plan, versions before, people who help, and entries."""
    today = portal.world.today
    with portal.world.unit(SYSTEM) as uow:
        phb = uow.session.get_one(Phb, case.phb_id)
        of = {"phb_id": phb.id, "icb_id": phb.icb_id}
        for n in range(services):
            uow.add(PlanService, plan_id=case.plan_id, position=n + 2, description=f"Service {n}", share="NOBODY")
        for n in range(versions):
            uow.add(
                BudgetVersion, version=n + 2, kind="CHANGE", status="SUPERSEDED", weekly_pence=125_000,
                one_off_pence=0, starts_on=today, **of,
            )  # fmt: skip
        for n in range(helpers):
            uow.add(
                PersonRole, person_id=phb.person_id, icb_id=phb.icb_id, role="ADVOCATE", name=f"Helper {n}",
                relation="FRIEND", status="ACTIVE",
            )  # fmt: skip
        paid = (Posting(available(phb.id), outside("icb", phb.icb_id), 1),)
        each = [Journal(Verb.ALLOCATE, phb.id, today, "One", f"{phb.reference}:{n}", paid) for n in range(entries)]
        post_many(uow, [Entry(journal, phb.icb_id, phb.cohort) for journal in each])


def test_opening_a_budget_takes_as_many_statements_however_much_there_is_of_it(portal: Portal) -> None:
    small, large = (a_payable(portal, name, Method.NOTIONAL) for name in ("Small", "Large"))
    invoices(portal, small, 1)
    invoices(portal, large, 3)
    add_to(portal, small, services=1, versions=1, helpers=1, entries=1)
    add_to(portal, large, services=29, versions=3, helpers=6, entries=199)  # the large budget of issue 6

    def count(case: Case, state: Any) -> int:
        """The fewest of three: the watch over sessions, or a session's touch, may ask something meanwhile."""
        page = show(portal, "finance", state, case.reference)
        counts: list[int] = []
        for _ in range(3):
            with statements(portal.engine) as sent:
                page.send("load")
            counts.append(len(sent))
        return min(counts)

    for state in (PhbState, PlanState, MoneyState):
        assert count(small, state) == count(large, state) <= 40


@pytest.mark.parametrize(
    ("missing", "errors"),
    [
        ("file", {"file": "Choose a file."}),
        ("kind,file", {"kind": "Choose what the document is.", "file": "Choose a file."}),
        ("<b>", {}),
    ],
)
def test_what_was_left_out_of_a_document_s_form_is_said_beside_its_fields(
    portal: Portal, missing: str, errors: dict[str, str]
) -> None:
    page = opened(portal, "cm", DocumentsState, routes.STAFF_PHB_DOCUMENTS, phb=portal.budgets["own"], missing=missing,
                  kind="LETTER")  # fmt: skip
    assert (page.var("errors") or {}) == errors
    assert page.var("kind") == "LETTER"
