"""Agreements of the other kinds: a managed account signed by its keeper too, a notional budget that waits for nobody,
and the insurance of those who are employed."""

from __future__ import annotations

from datetime import date

from phbportal.domain.account_kinds import AccountKind
from phbportal.domain.agreement_kinds import AgreementKind
from phbportal.domain.budgets import LineType
from phbportal.domain.payee_agreement import Signer
from phbportal.domain.roles import Role
from phbportal.domain.streams import INSURANCE_STEP, Method, StreamStatus
from phbportal.domain.tasks import INSURANCE_ENDS
from phbportal.queries.kept_accounts import kept_accounts
from phbportal.queries.ledger import balances_of
from phbportal.queries.phbs import case_of
from phbportal.queries.streams import streams_of
from phbportal.services import accounts, payee_agreements, payments
from phbportal.services.accounts import AccountEntry
from phbportal.services.change_requests import approve
from phbportal.services.expiry_clock import run_expiry_clock
from phbportal.services.payee_agreements import PaperEntry
from phbportal.services.provider_merge import merge_provider
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.document_templates import DocumentTemplate
from phbportal.tables.payee_agreements import PayeeAgreement
from phbportal.tables.phbs import Task
from phbportal.tables.users import Assignment
from phbportal.tables.workers import Worker
from tests.services.asking import Paying, refused, row, rows
from tests.support import arranging, journey
from tests.support.journey import Case, StreamPlan
from tests.support.world import World, at

K = AgreementKind
TODAY = date(2026, 4, 1)
START, END = date(2026, 4, 13), date(2026, 5, 3)


def set_up(world: World, case: Case) -> dict[str, str]:
    """The checklist of a budget's first stream."""
    with world.unit(world.cm, writes=False) as uow:
        found = case_of(uow.session, uow.actor, uow.today, case.reference)
        streams = streams_of(uow.session, uow.actor, uow.now, found, balances_of(uow.session, found.id))
    return {one.words: one.status for one in streams[0].set_up if one.status}


def test_a_managed_account_is_paid_into_when_its_keeper_has_signed_too(world: World) -> None:
    keeper = arranging.organisation(world, "Larch Payroll")
    lena = arranging.somebody_of(world, keeper)
    stranger = arranging.somebody_of(world, arranging.organisation(world, "Elm House"), "Edie Elm")
    case = journey.approved(world, StreamPlan(Method.DIRECT_PAYMENT, 125_000))
    stream = case.streams[0]
    journey.agreed_with(world, stream)
    entry = AccountEntry("Larch for Amina", "089999", "66374958", AccountKind.MANAGED, keeper)
    account = world.do(world.cm, lambda uow: accounts.propose_account(uow, stream, entry))
    world.do(world.finance, lambda uow: accounts.approve_account(uow, account))
    assert row(world, Stream, stream).status == StreamStatus.AGREED
    pay = payments.PaymentEntry(START, END)
    paying = lambda uow: payments.record_payment(uow, stream, pay, key="first")  # noqa: E731
    assert "no agreement about the managed account yet" in refused(world, world.finance, paying, on=START)
    words = "The agreement about the managed account is signed by everybody"
    assert set_up(world, case)[words] == "Not yet"

    agreement = world.do(world.cm, lambda uow: payee_agreements.make_agreement(uow, stream, K.MANAGED))
    sign = lambda uow: payee_agreements.sign(uow, agreement)  # noqa: E731
    assert refused(world, stranger, sign) == "We could not find that."
    with world.unit(lena, writes=False) as uow:
        assert [(one.person, one.to_do) for one in kept_accounts(uow.session, uow.actor, uow.today)] == [
            ("Amina Okafor-Reyes", "Sign the agreement")
        ]
    world.do(lena, sign)
    paper = PaperEntry(Signer.PERSON, "Amina", world.today, "Case file")
    world.do(world.cm, lambda uow: payee_agreements.record_paper(uow, agreement, paper))
    world.do(world.approver, sign)
    assert row(world, Stream, stream).status == StreamStatus.READY
    assert set_up(world, case)[words] == "Yes"
    journey.pay(world, stream, START, END)

    # Another keeper has signed nothing, though the money runs.
    waiting = world.do(world.cm, lambda uow: payee_agreements.make_agreement(uow, stream, K.MANAGED), on=END)
    other = AccountEntry("Elm for Amina", "089999", "66374958", AccountKind.MANAGED, stranger.organisation_id)
    account = world.do(world.cm, lambda uow: accounts.propose_account(uow, stream, other), on=END)
    world.do(world.finance, lambda uow: accounts.approve_account(uow, account), on=END)
    later = payments.PaymentEntry(date(2026, 5, 4), date(2026, 5, 31))
    paying = lambda uow: payments.record_payment(uow, stream, later, key="second")  # noqa: E731
    assert "no agreement about the managed account yet" in refused(world, world.finance, paying, on=date(2026, 5, 6))
    late = lambda uow: payee_agreements.sign(uow, waiting)  # noqa: E731
    assert "Another organisation keeps the account now" in refused(world, world.approver, late, on=END)
    # The one before keeps nothing for the person any more, and reads nothing of theirs.
    assert row(world, PayeeAgreement, agreement).status == "IN_FORCE"
    assert refused(world, lena, sign, on=END) == "We could not find that."
    with world.unit(lena, on=END, writes=False) as uow:
        assert kept_accounts(uow.session, uow.actor, uow.today) == []


def test_a_keeper_that_is_merged_into_another_leaves_it_the_account_and_what_waits_to_be_signed(world: World) -> None:
    gone, stays = arranging.organisation(world, "Larch Payroll"), arranging.organisation(world, "Larch Payroll CIC")
    lena, newcomer = arranging.somebody_of(world, gone), arranging.somebody_of(world, stays, "Noor New")
    case = journey.approved(world, StreamPlan(Method.DIRECT_PAYMENT, 125_000))
    entry = AccountEntry("Larch for Amina", "089999", "66374958", AccountKind.MANAGED, gone)
    account = world.do(world.cm, lambda uow: accounts.propose_account(uow, case.streams[0], entry))
    world.do(world.finance, lambda uow: accounts.approve_account(uow, account))
    agreement = world.do(world.cm, lambda uow: payee_agreements.make_agreement(uow, case.streams[0], K.MANAGED))
    sign = lambda uow: payee_agreements.sign(uow, agreement)  # noqa: E731
    assert refused(world, newcomer, sign) == "We could not find that."

    why = {"on": world.today, "reason": "The same office"}
    change = world.do(world.admin, lambda uow: merge_provider(uow, gone, stays, why))
    assert change is not None, "an account is kept there, so a second person decides"
    world.do(world.approver, lambda uow: approve(uow, change))
    assert row(world, PayeeAccount, account).organisation_id == stays
    assert lena.assignment_id is not None
    assert row(world, Assignment, lena.assignment_id).organisation_id == stays
    with world.unit(newcomer, writes=False) as uow:
        assert [one.to_do for one in kept_accounts(uow.session, uow.actor, uow.today)] == ["Sign the agreement"]
    world.do(newcomer, sign)


def test_a_managed_account_without_a_keeper_and_an_ordinary_one_that_is_paid_often_are_refused(world: World) -> None:
    case = journey.approved(world, StreamPlan(Method.DIRECT_PAYMENT, 125_000))
    for kind, because in (
        (AccountKind.MANAGED, "Find and choose the organisation that keeps the account."),
        (AccountKind.ORDINARY_ONE_OFF, "An ordinary account is only for money that is paid once."),
    ):
        entry = AccountEntry("A Okafor-Reyes", "089999", "66374958", kind)
        act = lambda uow, e=entry: accounts.propose_account(uow, case.streams[0], e)  # noqa: E731
        assert because in refused(world, world.cm, act)


def test_a_notional_budget_asks_for_an_agreement_and_pays_who_gave_care_without_it(notional: Paying) -> None:
    world, case = notional.world, notional.case
    words = "The agreement about the notional budget is signed by everybody"
    assert set_up(world, case) == {words: "Not yet"}
    agreement = world.do(world.cm, lambda uow: payee_agreements.make_agreement(uow, notional.stream, K.NOTIONAL))
    found = row(world, PayeeAgreement, agreement)
    assert (found.kind, found.template_version, found.law_as_of) == ("NOTIONAL", "Notional 1", date(2026, 4, 1))
    paper = PaperEntry(Signer.PERSON, "Amina", world.today, "Case file")
    world.do(world.cm, lambda uow: payee_agreements.record_paper(uow, agreement, paper))
    invoice = payments.PaymentEntry(date(2026, 4, 6), END, invoice_reference="N1", invoice_pence=10_000)
    world.do(
        world.finance, lambda uow: payments.record_payment(uow, notional.stream, invoice, key="n"), on=date(2026, 5, 4)
    )
    nobody = PaperEntry(Signer.NOMINEE, "Nell", world.today, "Case file")
    because = refused(world, world.cm, lambda uow: payee_agreements.record_paper(uow, agreement, nobody))
    assert because == "This agreement is signed by the person and the board, and nobody else."


def test_a_board_s_own_template_is_used_and_says_the_law_it_follows(notional: Paying) -> None:
    world = notional.world
    with world.unit(world.admin) as uow:
        uow.add(DocumentTemplate, icb_id=world.icb, code="NOTIONAL_AGREEMENT", kind="AGREEMENT", version=3,
                title="Our agreement", search_title="our agreement", body="{person_name} and {board_name}: {amount}.",
                law_as_of=date(2026, 3, 1), status="IN_USE")  # fmt: skip
    agreement = world.do(world.cm, lambda uow: payee_agreements.make_agreement(uow, notional.stream, K.NOTIONAL))
    found = row(world, PayeeAgreement, agreement)
    assert found.content.startswith("# Our agreement\nAmina Okafor-Reyes and NHS Test One ICB: £1,600.00 every 4 weeks")
    assert (found.template_version, found.law_as_of) == ("NOTIONAL_AGREEMENT 3", date(2026, 3, 1))


def test_where_somebody_is_employed_their_insurance_is_on_the_checklist(world: World) -> None:
    """Done once everybody who works today is insured on the day the money starts."""
    case = journey.approved(world, StreamPlan(Method.DIRECT_PAYMENT, 125_000, line_type=LineType.PA_WAGE))
    said = [set_up(world, case)[INSURANCE_STEP]]
    for until, left in ((date(2027, 3, 31), None), (None, TODAY), (START, None), (date(2026, 4, 12), None)):
        with world.unit(world.cm) as uow:
            uow.add(Worker, icb_id=world.icb, phb_id=case.phb_id, name="Ana", relation="OTHER", insured_until=until,
                    ends_on=left)  # fmt: skip
        said.append(set_up(world, case)[INSURANCE_STEP])
    assert said == ["Not yet", "Yes", "Yes", "Yes", "Not yet"]
    agency = journey.approved(
        world,
        StreamPlan(Method.DIRECT_PAYMENT, 125_000),
        person_id=journey.add_person(world, number=journey.NUMBERS[1]),
    )
    assert INSURANCE_STEP not in set_up(world, agency), "nobody is employed"


def test_a_task_comes_four_weeks_before_insurance_runs_out_and_again_when_it_is_renewed(direct: Paying) -> None:
    world = direct.world
    with world.unit(world.cm) as uow:
        worker = uow.add(Worker, icb_id=world.icb, phb_id=direct.case.phb_id, name="Ana", relation="OTHER",
                         insured_until=date(2026, 9, 30)).id  # fmt: skip

    def night(on: date) -> int:
        return run_expiry_clock(world.engine, now=at(on, 2))

    assert [night(date(2026, 9, 1)), night(date(2026, 9, 2)), night(date(2026, 9, 3))] == [0, 1, 0]
    task = rows(world, Task, kind=INSURANCE_ENDS)[0]
    assert (task.due_on, task.part_id, task.role) == (date(2026, 9, 30), worker, Role.CASE_MANAGER)
    assert "runs to 30 September 2026" in task.sentence
    with world.unit(world.cm) as uow:
        uow.change(uow.find(Worker, worker), insured_until=date(2027, 9, 30))
    assert [night(date(2026, 10, 1)), night(date(2027, 9, 2))] == [0, 1]
