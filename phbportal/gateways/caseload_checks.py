"""What must be true between the cells of one caseload row, as far as the file alone can tell.

Rules: domain.md §1.3 (who may be paid), §7.1 (NHS number status), §9.1 and §9.2. A problem refuses the row; a note lets
it in and says what a person should look at.
"""

from __future__ import annotations

from datetime import date, timedelta

from phbportal.domain.eligibility import Cohort, check_cohort_for_age
from phbportal.domain.errors import Refusal
from phbportal.domain.money import pounds
from phbportal.domain.payment_calendar import LONGEST_AHEAD_DAYS
from phbportal.domain.people import birthday, is_child_for_direct_payments
from phbportal.domain.phbs import STATUS_WORDS, PhbKind, PhbStatus
from phbportal.domain.streams import FREQUENCY_WORDS, Frequency, Method, PayeeKind
from phbportal.domain.text import long_date
from phbportal.gateways.caseload_cells import one_of
from phbportal.gateways.caseload_draft import LABELS, Draft

_ACCOUNT = ("account_name", "sort_code", "account_number")
_GOING_ON = (PhbStatus.SETUP, PhbStatus.ACTIVE, PhbStatus.CHANGE_PENDING, PhbStatus.SUSPENDED)
WITH_MONEY = (*_GOING_ON, PhbStatus.STOPPING, PhbStatus.CLOSING, PhbStatus.CLOSED)
_IN_ORDER = (
    ("date_of_birth", "eligible_from"),
    ("eligible_from", "phb_started_on"),
    ("phb_started_on", "stream_started_on"),
    ("stream_started_on", "phb_ended_on"),
    ("eligible_from", "first_payment_on"),  # not the stream's start: direct payments are paid in advance
    ("stream_started_on", "balance_on"),
    ("stream_started_on", "paid_to_on"),
    ("phb_started_on", "last_review_on"),
    ("last_review_on", "next_review_on"),
)
_LONGEST_PERIOD = {
    Frequency.WEEKLY: 7, Frequency.FOUR_WEEKLY: 28, Frequency.MONTHLY: 31, Frequency.QUARTERLY: 92,
}  # fmt: skip
"""The most days one payment is for."""
_NOT_YET = ("date_of_birth", "balance_on", "last_review_on")


def check_row(draft: Draft, today: date) -> None:
    """Everything wrong between the cells of one row. ``today`` is the London date."""
    _check_identity(draft)
    _check_dates(draft, today)
    _check_status(draft, today)
    _check_amounts(draft)
    _check_paid_to(draft, today)
    _check_payee(draft, today)
    _check_account(draft)
    _check_eligibility(draft, today)


def _check_identity(draft: Draft) -> None:
    if draft.empty("nhs_number") and draft.empty("local_reference"):
        draft.refuse("nhs_number", "There is neither an NHS number nor a local reference. Enter at least one of them.")
    if {"nhs_number", "nhs_number_status"} & draft.refused:
        return
    status = draft.text.get("nhs_number_status")
    if "nhs_number" not in draft.text:
        if status in (None, "01", "02"):
            draft.refuse(
                "nhs_number_status",
                "There is no NHS number. Enter it, or the status that says why: 03 trace required, 04 no match, "
                "05 to be resolved, 06 in progress, 07 not present and not required, 08 baby under 6 weeks.",
            )
    elif status in ("07", "08"):
        draft.refuse(
            "nhs_number_status",
            f"Status {status} says there is no NHS number, but there is one. Enter 01 if it is verified, or 02.",
        )


def _check_dates(draft: Draft, today: date) -> None:
    for column in _NOT_YET:
        if (on := draft.dates.get(column)) and on > today:
            draft.refuse(column, f"The {LABELS[column]} is in the future ({long_date(on)}). Check the date.")
    for before, after in _IN_ORDER:
        first, then = draft.dates.get(before), draft.dates.get(after)
        if first and then and then < first and after not in draft.refused:
            draft.refuse(
                after,
                f"The {LABELS[after]} ({long_date(then)}) is before the {LABELS[before]} ({long_date(first)}). "
                "Check both dates.",
            )
    reviews = ("first_payment_on", "last_review_on", "next_review_on")
    if draft.phb_status is not PhbStatus.CLOSED and all(draft.empty(column) for column in reviews):
        draft.refuse(
            "next_review_on", "There is no review date and no first payment. Enter when the next review is due."
        )
    last, due = draft.dates.get("last_review_on"), draft.dates.get("next_review_on")
    if last and due and due > birthday(last, 1):
        draft.note(
            "next_review_on",
            f"The next review ({long_date(due)}) is more than a year after the last ({long_date(last)}). "
            "Bring it forward.",
        )


def _check_status(draft: Draft, today: date) -> None:
    """The statuses in which there is money, and what each needs (domain.md §3.1)."""
    status, ended_on = draft.phb_status, draft.dates.get("phb_ended_on")
    started_on = draft.dates.get("phb_started_on")
    if status is not None and status not in WITH_MONEY:
        draft.refuse(
            "phb_status",
            f"A budget that is “{STATUS_WORDS[status].lower()}” has no money yet, or never had any. Open it in the "
            "portal and go on there: leave the row out.",
        )
    elif status is PhbStatus.SETUP and started_on and started_on <= today and not draft.empty("first_payment_on"):
        draft.refuse("phb_status", "A budget that has been paid is no longer being set up. Enter “Active”.")
    elif status in (None, *_GOING_ON) and ended_on:
        draft.refuse(
            "phb_status", "There is a last day, but the budget goes on. Enter “Stopping”, “Closing” or “Closed”."
        )
    if status is not PhbStatus.CLOSED:
        return
    if draft.empty("phb_ended_on"):
        draft.refuse("phb_ended_on", "Enter the day on which the closed budget ended.")
    elif ended_on and ended_on > today:
        draft.refuse("phb_ended_on", "A closed budget ended in the past. Check the day, or enter “Stopping”.")
    if draft.pence.get("balance"):
        draft.refuse("balance", "A closed budget holds no money. Enter “Closing” until the balance is settled.")
    if given := next((column for column in _ACCOUNT if not draft.empty(column)), None):
        draft.refuse(given, "Nothing more is paid from a closed budget. Leave its bank details empty.")


def _check_amounts(draft: Draft) -> None:
    weekly, one_off = draft.pence.get("weekly_amount"), draft.pence.get("one_off_amount")
    if not {"weekly_amount", "one_off_amount"} & draft.refused and not weekly and not one_off:
        draft.refuse("weekly_amount", "There is no money in this stream. Enter a weekly amount or a one-off amount.")
    if weekly and draft.phb_kind is PhbKind.ONE_OFF:
        draft.refuse(
            "weekly_amount",
            "A one-off budget has no weekly amount. Enter 0.00, or “Ongoing” as the kind of budget.",
        )
    if weekly and draft.frequency is Frequency.ONCE:
        draft.refuse("frequency", "A weekly amount cannot be paid once. Enter how often it is paid.")
    paid_out = draft.method in (Method.DIRECT_PAYMENT, Method.THIRD_PARTY)
    if weekly and paid_out and draft.frequency is None and "frequency" not in draft.refused:
        draft.refuse("frequency", f"The frequency is missing. {one_of(FREQUENCY_WORDS)}")
    if draft.empty("balance") != draft.empty("balance_on"):
        lone, missing = ("balance_on", "balance") if draft.empty("balance") else ("balance", "balance_on")
        draft.refuse(missing, f"There is a {LABELS[lone]} but no {LABELS[missing]}. Enter both, or neither.")
    balance = draft.pence.get("balance")
    if balance and draft.method is Method.NOTIONAL:
        draft.refuse("balance", "A notional budget pays nobody, so nobody holds a balance. Leave the balance empty.")
    elif balance is not None and balance < 0:
        draft.note(
            "balance", f"The balance is below nought ({pounds(balance)}): the payee has spent more than was paid."
        )


def _check_paid_to(draft: Draft, today: date) -> None:
    """To which day was paid before, against the day of the balance and the first payment: the portal pays from the day
    after on, so a wrong day pays days twice or leaves them out."""
    paid_to, first = draft.dates.get("paid_to_on"), draft.dates.get("first_payment_on")
    if paid_to is None or "paid_to_on" in draft.refused:
        return
    said = f"The {LABELS['paid_to_on']} ({long_date(paid_to)})"
    if draft.method is Method.NOTIONAL:
        draft.refuse(
            "paid_to_on", f"A notional budget is paid by invoice. Leave the {LABELS['paid_to_on']} empty."
        )  # fmt: skip
    elif (paid_to - today).days > LONGEST_AHEAD_DAYS:
        draft.refuse("paid_to_on", f"{said} is more than 4 months from now. Check the date.")
    elif draft.empty("first_payment_on"):
        draft.refuse(
            "first_payment_on",
            f"Days up to {long_date(paid_to)} are paid for, but there is no {LABELS['first_payment_on']}. Enter it; if "
            "you do not know it, enter the start of the stream.",
        )
    elif first and first > today:
        draft.refuse(
            "paid_to_on",
            f"Days up to {long_date(paid_to)} are paid for, but the first payment ({long_date(first)}) is still to "
            "come. Correct one of the two days.",
        )
    elif draft.phb_status not in (PhbStatus.CLOSING, PhbStatus.CLOSED):
        _note_paid_to(draft, said, paid_to, first, today)


def _note_paid_to(draft: Draft, said: str, paid_to: date, first: date | None, today: date) -> None:
    after, balance_on = paid_to + timedelta(days=1), draft.dates.get("balance_on")
    if first and paid_to < first:
        draft.note("paid_to_on", f"{said} is before the day of the first payment ({long_date(first)}). Check both.")
    if after < today:
        draft.note(
            "paid_to_on",
            f"{said} is past, so the portal asks for all days from {long_date(after)} on. If some of them have been "
            "paid for since, enter the later day, or they are paid twice.",
        )
    a_period = _LONGEST_PERIOD.get(draft.frequency) if draft.frequency else None
    if balance_on and a_period and (paid_to - balance_on).days > a_period:
        draft.note(
            "balance_on",
            f"{said} is more than one payment after the {LABELS['balance_on']} ({long_date(balance_on)}), so the "
            f"{LABELS['balance']} does not have all that was paid. Give the {LABELS['balance']} of a later day.",
        )


def _check_payee(draft: Draft, today: date) -> None:
    method, payee = draft.method, draft.payee_kind
    if method is None or "payee_kind" in draft.refused:
        return
    if method is Method.NOTIONAL:
        if payee not in (None, PayeeKind.NONE):
            draft.refuse("payee_kind", "A notional budget is not paid to anybody. Leave the kind of payee empty.")
        draft.payee_kind = PayeeKind.NONE
    elif method is Method.THIRD_PARTY:
        if payee is not PayeeKind.ORGANISATION:
            draft.refuse("payee_kind", "A third-party budget is paid to an organisation. Enter “An organisation”.")
        elif all(draft.empty(column) for column in ("payee_name", "provider_name", "provider_cqc_id")):
            draft.refuse("payee_name", "Enter the name of the organisation that holds the money.")
    else:
        _check_direct_payment(draft, today)


def _check_direct_payment(draft: Draft, today: date) -> None:
    payee = draft.payee_kind
    if payee is PayeeKind.ORGANISATION:
        draft.refuse(
            "payee_kind",
            "A direct payment is not paid to an organisation unless it is the nominee. "
            "Enter “A nominee” if it is; enter “Third-party budget” as the method if it holds the money as a provider.",
        )
    elif payee in (None, PayeeKind.NONE):
        draft.refuse("payee_kind", "Enter who is paid: the budget holder, a representative or a nominee.")
    elif payee in (PayeeKind.REPRESENTATIVE, PayeeKind.NOMINEE) and draft.empty("payee_name"):
        draft.refuse("payee_name", "Enter the name of the person or organisation that is paid.")
    born_on = draft.dates.get("date_of_birth")
    if payee is PayeeKind.HOLDER and born_on and born_on <= today and is_child_for_direct_payments(born_on, today):
        draft.refuse(
            "payee_kind",
            "Nobody under 16 is paid a direct payment. Enter “A representative” or “A nominee”, and who that is.",
        )


def _check_account(draft: Draft) -> None:
    given = [column for column in _ACCOUNT if not draft.empty(column)]
    if draft.method is Method.NOTIONAL and given:
        draft.refuse(given[0], "A notional budget is not paid to an account. Leave the bank details empty.")
    elif given:
        for column in _ACCOUNT:
            if draft.empty(column):
                draft.refuse(column, f"The {LABELS[column]} is missing. Enter all the bank details, or none of them.")


def _check_eligibility(draft: Draft, today: date) -> None:
    born_on, eligible = draft.dates.get("date_of_birth"), draft.dates.get("eligible_from")
    if draft.cohort is None or born_on is None or eligible is None:
        return
    # A child's cohort must still hold today; an adult's must have held on the day it began.
    on = today if draft.cohort is Cohort.CYPCC else eligible
    try:
        check_cohort_for_age(draft.cohort, born_on, on)
    except Refusal as refusal:
        draft.refuse("cohort", " ".join(problem.sentence for problem in refusal.problems))
