"""Payments: recorded by one finance officer, confirmed by another (I03, I11, I12, I26, I36; §10.1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from phbportal.domain.budgets import LineType
from phbportal.domain.errors import Refusal
from phbportal.domain.ledger import Verb
from phbportal.domain.periods import months_after
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.streams import AccountStatus, Method, PayeeKind, StreamStatus
from phbportal.services import accounts, consents, payments
from phbportal.tables.audit import AuditEvent
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.consents import Consent
from phbportal.tables.ledger import LedgerJournal
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Review
from tests.services.asking import END, NEXT_END, NEXT_START, START, Paying, balances, payment, refused, row, rows
from tests.support import journey
from tests.support.journey import StreamPlan
from tests.support.world import World, at

DIRECT = Paying.DIRECT
YEAR = 6_363_371


class TestTwoPeople:
    def test_i12_the_officer_who_recorded_a_payment_cannot_confirm_it(self, direct: Paying) -> None:
        confirming = direct.confirming(direct.record())
        said = refused(direct.world, direct.world.finance, confirming, on=START)
        assert said == "You recorded this payment, so another finance officer must confirm it."
        same_person = replace(direct.world.finance2, user_id=direct.world.finance.user_id)
        assert refused(direct.world, same_person, confirming, on=START) == said

    def test_another_officer_confirms_and_only_then_is_the_money_with_the_payee(self, direct: Paying) -> None:
        reference = direct.record()
        set_aside = balances(direct.world, direct.case)
        assert (set_aside.reserved_pence, set_aside.held_by(direct.stream)) == (434_800, 0)
        direct.confirm(reference)
        paid = balances(direct.world, direct.case)
        assert (paid.available_pence, paid.reserved_pence) == (YEAR - 434_800, 0)
        assert paid.held_by(direct.stream) == 434_800

    @pytest.mark.parametrize("who", ["cm", "clinician", "approver", "auditor", "admin", "other_finance"])
    def test_nobody_but_a_finance_officer_of_the_board_records_or_confirms(self, direct: Paying, who: str) -> None:
        by = direct.world.actors[who]
        words = ("Only a finance officer can do this.", "We could not find that.")
        assert direct.refused(by=by) in words
        assert refused(direct.world, by, direct.confirming(direct.record()), on=START) in words

    def test_a_payment_is_confirmed_once(self, direct: Paying) -> None:
        reference = direct.record()
        direct.confirm(reference)
        said = refused(direct.world, direct.world.finance2, direct.confirming(reference), on=START)
        assert said == "This payment has already been confirmed. Reload the page to see it."
        assert len(rows(direct.world, LedgerJournal, verb=Verb.PAY.value)) == 1

    def test_i12_the_officer_who_entered_bank_details_cannot_approve_them(self, world: World) -> None:
        case = journey.approved(world, DIRECT)
        entry = accounts.AccountEntry("A Okafor-Reyes", "089999", "66374958")
        account = world.do(world.finance, lambda uow: accounts.propose_account(uow, case.streams[0], entry))
        own = "You entered these bank details, so another finance officer must approve them."
        assert refused(world, world.finance, lambda uow: accounts.approve_account(uow, account)) == own
        assert refused(world, world.finance, lambda uow: accounts.reject_account(uow, account)) == own
        world.do(world.finance2, lambda uow: accounts.approve_account(uow, account))
        again = refused(world, world.finance2, lambda uow: accounts.reject_account(uow, account))
        assert again == "These bank details have already been decided. Reload the page to see the outcome."


class TestTheAccount:
    def at_hour(self, paying: Paying, moment: datetime) -> str:
        with pytest.raises(Refusal) as refusal:
            with paying.world.unit(paying.world.finance, now=moment) as uow:
                paying.recording()(uow)
        return str(refusal.value)

    def test_i11_no_payment_without_bank_details(self, world: World) -> None:
        paying = Paying(world, journey.approved(world, DIRECT))
        journey.agreed_with(world, paying.stream)
        assert paying.refused() == "There is no bank account for this stream. Add one first."

    def test_i11_no_payment_to_bank_details_nobody_has_approved(self, world: World) -> None:
        paying = Paying(world, journey.approved(world, DIRECT))
        entry = accounts.AccountEntry("A Okafor-Reyes", "089999", "66374958")
        world.do(world.cm, lambda uow: accounts.propose_account(uow, paying.stream, entry))
        assert "A second finance officer must approve them first" in paying.refused()

    def test_i11_no_payment_within_48_hours_of_approval(self, world: World) -> None:
        """Bank change followed by payment inside 48 hours (§10.1 no. 6), to the second."""
        paying = Paying(world, journey.approved(world, DIRECT))
        journey.account(world, paying.stream, on=date(2026, 4, 11))
        approved_at = at(date(2026, 4, 11))
        said = self.at_hour(paying, approved_at + timedelta(hours=48, seconds=-1))
        assert said.endswith("nothing can be paid to them until 13 April 2026 at 13:00.")
        with world.unit(world.finance, now=approved_at + timedelta(hours=48)) as uow:
            assert paying.recording()(uow) == "PAY-2026-000001"

    def test_i11_a_payment_recorded_before_the_bank_details_changed_is_not_confirmed(self, direct: Paying) -> None:
        reference = direct.record()
        journey.account(direct.world, direct.stream, on=date(2026, 4, 14))
        said = refused(
            direct.world, direct.world.finance2, direct.confirming(reference, date(2026, 4, 20)), on=date(2026, 4, 20)
        )
        assert said == "The bank details changed after this payment was recorded. Cancel it and record it again."

    def test_bank_details_that_were_turned_down_are_not_paid(self, world: World) -> None:
        paying = Paying(world, journey.approved(world, DIRECT))
        entry = accounts.AccountEntry("A Okafor-Reyes", "089999", "66374958")
        account = world.do(world.cm, lambda uow: accounts.propose_account(uow, paying.stream, entry))
        world.do(world.finance, lambda uow: accounts.reject_account(uow, account))
        assert row(world, PayeeAccount, account).status == AccountStatus.REJECTED
        assert "have not been approved" in paying.refused()

    def test_a_notional_budget_has_no_bank_details(self, notional: Paying) -> None:
        entry = accounts.AccountEntry("A Okafor-Reyes", "089999", "66374958")
        said = refused(
            notional.world, notional.world.cm, lambda uow: accounts.propose_account(uow, notional.stream, entry)
        )
        assert said == "A notional budget is not paid to an account."

    def test_the_history_keeps_four_digits_and_no_more(self, direct: Paying) -> None:
        kept = rows(direct.world, AuditEvent, kind="account_proposed")[0].details
        assert kept == '{"ending": "4958"}'


class TestTheDays:
    def test_days_that_are_paid_already_are_refused_and_named(self, direct: Paying) -> None:
        reference = direct.record()
        for start, end in ((START, END), (END, NEXT_END), (START + timedelta(days=3), START + timedelta(days=4))):
            said = direct.refused(start, end, on=END)
            assert said == (
                f"{reference} already pays for 13 April 2026 to 3 May 2026. Choose days that have not been paid for."
            )

    def test_the_days_that_follow_are_paid(self, direct: Paying) -> None:
        direct.record()
        direct.record(NEXT_START, NEXT_END, key="second")
        assert [i.amount_pence for i in rows(direct.world, PaymentItem)] == [434_800, 500_000]

    @pytest.mark.parametrize(
        ("start", "end", "words"),
        [
            (START - timedelta(days=1), END, "The period starts before this stream does."),
            (END, START, "The end date, 13 April 2026, cannot be before the start date, 3 May 2026."),
            (START, date(2027, 4, 15), "A payment can cover a year at most. Check the dates."),
        ],
    )
    def test_days_that_make_no_sense_are_refused(self, direct: Paying, start: date, end: date, words: str) -> None:
        assert words in direct.refused(start, end)

    def test_days_the_wrong_way_round_are_refused_for_an_invoice_too(self, notional: Paying) -> None:
        said = notional.refused(END, START, invoice_pence=100, line_type=LineType.AGENCY, invoice_reference="A1")
        assert "cannot be before the start date" in said

    @pytest.mark.parametrize(
        ("year", "amount", "field", "said"),
        [
            (2090, "100", "period_start", "The first day is more than 4 months from now. Check the dates."),
            (2026, "0", "amount", "An invoice must be for more than £0.00."),
        ],
    )
    def test_a_slip_of_the_hand_is_told_beside_its_field(self, year: int, amount: str, field: str, said: str) -> None:
        day = {"day": 1, "month": 5, "year": year}
        days = {f"period_{end}-{part}": str(n) for end in ("start", "end") for part, n in day.items()}
        form = days | {"amount": amount, "line_type": "AGENCY", "invoice_reference": "A1"}
        with pytest.raises(Refusal) as found:
            payments.read_payment(form, START, notional=True)
        assert [(p.field, p.sentence) for p in found.value.problems] == [(field, said)]

    def test_a_stream_that_is_not_approved_is_not_paid(self, world: World) -> None:
        paying = Paying(world, journey.draft(world))
        assert paying.refused(invoice_pence=100) == "This stream is not approved for payment yet."

    def test_a_payment_is_not_confirmed_as_paid_in_the_future_nor_before_it_was_recorded(self, direct: Paying) -> None:
        reference = direct.record()
        late = direct.confirming(reference, START + timedelta(days=1))
        assert refused(direct.world, direct.world.finance2, late, on=START) == (
            "The date of payment cannot be in the future."
        )
        early = direct.confirming(reference, START - timedelta(days=1))
        assert "recorded on 13 April 2026" in refused(direct.world, direct.world.finance2, early, on=START)

    def test_i26_nothing_is_paid_after_a_death(self, direct: Paying) -> None:
        """Payment planned for a date after ``died_on`` (§10.1 no. 18), and one that waited."""
        reference = direct.record()
        with direct.world.unit(direct.world.cm) as uow:
            uow.change(uow.find(Person, direct.case.person_id), died_on=date(2026, 4, 20))
        later = date(2026, 5, 4)
        words = "This person has died, so no new payment can be made."
        assert direct.refused(NEXT_START, NEXT_END, on=later) == words
        waiting = direct.confirming(reference, later)
        assert refused(direct.world, direct.world.finance2, waiting, on=later) == words


class TestConsent:
    def test_i04_nothing_is_paid_once_consent_is_withdrawn(self, direct: Paying) -> None:
        reference = direct.record()
        consent = rows(direct.world, Consent)[0].id
        withdrawn = START + timedelta(days=1)
        direct.world.do(direct.world.cm, lambda uow: consents.withdraw_consent(uow, consent, withdrawn), on=withdrawn)
        said = "There is no consent to a direct payment in force. Record it first."
        assert direct.refused(NEXT_START, NEXT_END, on=withdrawn) == said
        late = direct.confirming(reference, withdrawn)
        assert refused(direct.world, direct.world.finance2, late, on=withdrawn) == said

    def test_i05_nothing_is_paid_once_a_check_finds_an_exclusion(self, direct: Paying) -> None:
        reference = direct.record()
        direct.world.do(
            direct.world.cm, lambda uow: consents.record_exclusion_check(uow, direct.case.person_id, excluded=True),
            on=START,
        )  # fmt: skip
        said = refused(direct.world, direct.world.finance2, direct.confirming(reference), on=START)
        assert "exclude this person from direct payments" in said

    def test_i06_a_payee_who_cannot_be_paid_yet_is_refused_at_payment_too(self, direct: Paying) -> None:
        with direct.world.unit(direct.world.cm) as uow:
            uow.change(uow.find(Stream, direct.stream), payee_kind=PayeeKind.NOMINEE.value)
        assert "No nominee is named for this stream." in direct.refused()


class TestTwice:
    def test_a_form_sent_twice_makes_one_payment(self, direct: Paying) -> None:
        first = direct.record()
        before = balances(direct.world, direct.case)
        assert direct.record() == first
        assert len(rows(direct.world, PaymentItem)) == 1
        assert balances(direct.world, direct.case) == before
        assert len(rows(direct.world, AuditEvent, kind="payment_recorded")) == 1

    def test_the_same_key_with_other_days_is_refused(self, direct: Paying) -> None:
        direct.record()
        said = direct.refused(NEXT_START, NEXT_END, key="first")
        assert said == "This form was already sent with other answers. Reload the page to see what was saved."

    @pytest.mark.parametrize(
        "other",
        [{"invoice_pence": 155_251}, {"invoice_reference": "INV-78"}, {"line_type": LineType.THERAPY}],
        ids=["amount", "invoice", "kind of cost"],
    )
    def test_the_same_key_with_another_invoice_is_refused(self, notional: Paying, other: dict[str, object]) -> None:
        sent = {"invoice_pence": 155_250, "line_type": LineType.AGENCY, "invoice_reference": "INV-77"}
        notional.world.do(notional.world.finance, notional.recording(**sent), on=END)
        said = notional.refused(key="first", on=END, **(sent | other))
        assert said == "This form was already sent with other answers. Reload the page to see what was saved."

    @pytest.mark.parametrize("written", ["INV-77", "inv-77"])
    def test_an_invoice_is_recorded_once_under_another_key_too(self, notional: Paying, written: str) -> None:
        sent = {"invoice_pence": 155_250, "line_type": LineType.AGENCY, "invoice_reference": "INV-77"}
        reference = notional.world.do(notional.world.finance, notional.recording(**sent), on=END)
        said = notional.refused(on=END, **(sent | {"invoice_reference": written}))
        assert said == f"Invoice {written} is already recorded as {reference}."

    def test_an_invoice_may_be_recorded_again_after_it_was_cancelled(self, notional: Paying) -> None:
        sent = {"invoice_pence": 155_250, "line_type": LineType.AGENCY, "invoice_reference": "INV-77"}
        notional.cancel(notional.world.do(notional.world.finance, notional.recording(**sent), on=END), on=END)
        again = notional.world.do(notional.world.finance, notional.recording(key="again", **sent), on=END)
        assert payment(notional.world, again).status == "PLANNED"


class TestTheMoney:
    def test_more_than_is_left_is_refused_and_says_what_is_left(self, notional: Paying) -> None:
        whole = balances(notional.world, notional.case).available_pence
        said = notional.refused(invoice_pence=whole + 1, line_type=LineType.AGENCY, invoice_reference="A1")
        assert said.startswith("Only £20,571.43 of this budget is left to pay out, so £20,571.44 cannot be set aside.")
        notional.world.do(
            notional.world.finance,
            notional.recording(invoice_pence=whole, line_type=LineType.AGENCY, invoice_reference="A1"), on=START,
        )  # fmt: skip
        assert balances(notional.world, notional.case).available_pence == 0

    def test_an_invoice_of_nothing_is_refused(self, notional: Paying) -> None:
        assert "There is nothing to pay" in notional.refused(invoice_pence=0, invoice_reference="A1")

    def test_cancelling_gives_the_money_back_and_says_why(self, direct: Paying) -> None:
        before = balances(direct.world, direct.case)
        reference = direct.record()
        item = payment(direct.world, reference).id
        short = refused(
            direct.world, direct.world.finance, lambda uow: payments.cancel_payment(uow, item, reason=" x ")
        )
        assert short == "Say why the payment is cancelled."
        direct.cancel(reference)
        assert balances(direct.world, direct.case) == before
        cancelled = payment(direct.world, reference)
        assert (cancelled.status, cancelled.cancel_reason) == ("CANCELLED", "Wrong days.")

    def test_a_payment_that_has_left_is_not_cancelled(self, direct: Paying) -> None:
        reference = direct.record()
        direct.confirm(reference)
        item = payment(direct.world, reference).id
        said = refused(
            direct.world, direct.world.finance, lambda uow: payments.cancel_payment(uow, item, reason="Wrong days.")
        )
        assert said == "This payment is “Paid” and cannot be cancelled."

    def test_a_cancelled_payment_s_days_can_be_paid_again(self, direct: Paying) -> None:
        direct.cancel(direct.record())
        assert payment(direct.world, direct.record(key="again")).amount_pence == 434_800

    def test_start_up_costs_are_not_lost_when_the_payment_that_carried_them_is_cancelled(self, direct: Paying) -> None:
        """Two payments wait; the first, with the £598.00, is cancelled and recorded again."""
        first = direct.record()
        direct.record(NEXT_START, NEXT_END, key="second")
        direct.cancel(first)
        assert payment(direct.world, direct.record(key="again")).amount_pence == 434_800

    def test_start_up_costs_are_paid_once(self, direct: Paying) -> None:
        direct.confirm(direct.record())
        second = direct.record(NEXT_START, NEXT_END, key="second", on=date(2026, 5, 4))
        assert payment(direct.world, second).amount_pence == 500_000

    def test_a_payment_across_31_march_takes_next_year_s_money_early(self, direct: Paying) -> None:
        """8 March to 4 April 2027: 24 days of this year are left, 4 days are of the next."""
        direct.confirm(direct.record())
        direct.record(NEXT_START, date(2027, 3, 7), key="the year", on=date(2026, 5, 4))
        assert balances(direct.world, direct.case).available_pence == 428_571
        reference = direct.record(date(2027, 3, 8), date(2027, 4, 4), key="across", on=date(2027, 3, 8))
        assert payment(direct.world, reference).amount_pence == 500_000
        early = rows(direct.world, LedgerJournal, verb=Verb.ALLOCATE.value)[-1]
        assert early.reference == "From next year’s money"
        assert balances(direct.world, direct.case).available_pence == 0

    def test_a_payment_recorded_in_march_for_april_takes_next_year_s_money_early(self, direct: Paying) -> None:
        """Payments are made in advance and take days: the first of the new year is recorded in the old one."""
        direct.confirm(direct.record())
        direct.record(NEXT_START, date(2027, 3, 31), key="the year", on=date(2026, 5, 4))
        assert balances(direct.world, direct.case).available_pence == 0
        reference = direct.record(date(2027, 4, 1), date(2027, 4, 28), key="next", on=date(2027, 3, 29))
        assert payment(direct.world, reference).amount_pence == 500_000

    def test_next_year_s_money_is_not_touched_by_a_payment_that_is_not_due_for_months(self, direct: Paying) -> None:
        """Nobody has approved next year: paying it out in April 2026 would be paying without a budget."""
        direct.confirm(direct.record())
        direct.record(NEXT_START, date(2027, 3, 31), key="the year", on=date(2026, 5, 4))
        said = direct.refused(date(2027, 4, 1), date(2028, 3, 31), on=date(2026, 5, 4))
        assert said.startswith("Only £0.00 of this budget is left to pay out")

    def test_next_year_s_money_is_taken_for_its_own_days_and_no_more(self, notional: Paying) -> None:
        """An invoice beyond what is left and what 4 days of the new year are worth is refused."""
        left = balances(notional.world, notional.case).available_pence
        four_days = (40_000 * 4 + 3) // 7
        across = {"line_type": LineType.AGENCY, "invoice_reference": "A1"}
        start, end, on = date(2027, 3, 8), date(2027, 4, 4), date(2027, 3, 8)
        said = notional.refused(start, end, on=on, invoice_pence=left + four_days + 1, **across)
        assert said.startswith("Only £20,571.43 of this budget is left")
        notional.world.do(
            notional.world.finance, notional.recording(start, end, invoice_pence=left + four_days, **across), on=on
        )
        assert balances(notional.world, notional.case).available_pence == 0

    def test_payments_by_the_month_come_to_the_year_whatever_the_pennies(self, world: World) -> None:
        """£123.45 a week by calendar months: each is rounded by itself, and together they are 2p more than the year."""
        weekly = 12_347
        case = journey.approved(world, StreamPlan(Method.DIRECT_PAYMENT, weekly, starts_on=date(2026, 4, 1)))
        journey.account(world, case.streams[0], on=date(2026, 3, 30))
        paying = Paying(world, case)
        year = balances(world, case).available_pence
        paid = 0
        for n in range(12):
            start = months_after(date(2026, 4, 1), n)
            end = months_after(start, 1) - timedelta(days=1)
            paid += payment(world, paying.record(start, end, key=f"month {n}", on=start)).amount_pence
        assert paid > year
        assert balances(world, case).available_pence == 0
        assert balances(world, case).reserved_pence == paid


class TestGoingLive:
    def test_i03_a_budget_is_active_only_with_a_stream_that_is(self, direct: Paying) -> None:
        """Active comes with the first payment, for the stream, the plan and the budget together; not before."""
        reference = direct.record()
        assert row(direct.world, Phb, direct.case.phb_id).status == PhbStatus.SETUP
        assert row(direct.world, Stream, direct.stream).status == StreamStatus.READY
        direct.confirm(reference)
        phb, stream = row(direct.world, Phb, direct.case.phb_id), row(direct.world, Stream, direct.stream)
        assert (phb.status, phb.live_on) == ("ACTIVE", START)
        assert (stream.status, stream.first_payment_on) == ("ACTIVE", START)
        assert stream.ends_on is None

    def test_i22_the_first_review_is_due_three_months_after_the_first_payment_and_once(self, direct: Paying) -> None:
        direct.confirm(direct.record())
        second = direct.record(NEXT_START, NEXT_END, key="second", on=NEXT_START)
        direct.confirm(second, on=NEXT_START)
        assert [(r.kind, r.due_on) for r in rows(direct.world, Review)] == [("FIRST", date(2026, 7, 13))]

    def test_references_count_up_within_a_year_and_begin_again_in_the_next(self, direct: Paying) -> None:
        assert direct.record() == "PAY-2026-000001"
        assert direct.record(NEXT_START, NEXT_END, key="second") == "PAY-2026-000002"
        third = direct.record(date(2026, 6, 1), date(2026, 6, 28), key="third", on=date(2027, 1, 4))
        assert third == "PAY-2027-000001"

    def test_i36_amounts_are_whole_pence_and_the_payments_come_to_what_left(self, direct: Paying) -> None:
        direct.confirm(direct.record())
        direct.confirm(direct.record(NEXT_START, NEXT_END, key="second", on=NEXT_START), on=NEXT_START)
        items = rows(direct.world, PaymentItem)
        assert all(type(item.amount_pence) is int for item in items)
        assert sum(item.amount_pence for item in items) == balances(direct.world, direct.case).held_by(direct.stream)


def test_every_refusal_of_a_payment_has_words_of_its_own(world: World) -> None:
    """What is wrong differs, so what is said differs: a person can tell what to do from the sentence alone."""
    case = journey.approved(world, DIRECT)
    paying = Paying(world, case)
    said = [paying.refused()]
    journey.account(world, case.streams[0])
    said.append(paying.refused(on=date(2026, 4, 2)))  # cooling
    said.append(paying.refused(START - timedelta(days=1), END))
    said.append(paying.refused(END, START))
    said.append(paying.refused(by=world.cm))
    said.append(paying.refused(by=world.other_finance))
    reference = paying.record()
    said.append(paying.refused())
    said.append(paying.refused(NEXT_START, NEXT_END, key="first"))
    said.append(refused(world, world.finance, paying.confirming(reference), on=START))
    said.append(paying.refused(NEXT_START, date(2027, 5, 6)))
    paying.confirm(reference)
    said.append(refused(world, world.finance2, paying.confirming(reference), on=START))
    assert len(set(said)) == len(said) == 11, said
