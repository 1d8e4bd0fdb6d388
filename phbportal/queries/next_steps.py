"""What happens next with a budget, and who must act: one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from phbportal.domain.moments import show_moment
from phbportal.domain.periods import Cycle
from phbportal.domain.phbs import ENDED, MONEY_AGREED, PhbStatus
from phbportal.domain.plans import EDITABLE, PlanStatus
from phbportal.domain.streams import AccountStatus, Method
from phbportal.domain.text import long_date
from phbportal.queries.plans import PlanRecord
from phbportal.queries.streams import StreamRecord

_PLAN_WAITS = {
    PlanStatus.SUBMITTED: "A clinician who did not write or send the plan must sign it off.",
    PlanStatus.CLINICALLY_SIGNED: "An approver who had no hand in the plan must approve it, or return it.",
    PlanStatus.RETURNED: "The plan was returned. A case manager must change it and send it again.",
}
_BEFORE_PLANNING = {
    PhbStatus.REFERRED: "A case manager must offer the budget to the person, and record it.",
    PhbStatus.OFFERED: "The person must answer the offer. A case manager records the answer.",
    PhbStatus.ACCEPTED: "A case manager or finance officer must record the indicative budget.",
    PhbStatus.ASSESSING: "A case manager or finance officer must record the indicative budget.",
    PhbStatus.INDICATIVE_SET: "The person must be shown the indicative budget. Then planning can begin.",
}
_FINANCE = "Finance officers see to its payments."
_WRITING = "A case manager must finish the plan and its budget and send them for clinical sign-off."


def next_step(
    status: PhbStatus, plan: PlanRecord | None, streams: Sequence[StreamRecord], *, now: datetime, waiting: str,
    next_period: Cycle | None, sees_payments: bool,
) -> str:  # fmt: skip
    """The sentence. ``waiting`` is a payment's reference, ``next_period`` the days the next payment is for.

    Whoever may not see payments is not told how they stand.
    """
    if status is PhbStatus.DECLINED:
        return "The person declined the offer. A case manager can offer it again."
    if status in ENDED:
        return "This budget has ended. There is nothing to do."
    if status is PhbStatus.CLOSING:
        return (
            "This budget has ended. Finance officers settle its accounts; then somebody who did not begin its end "
            "closes it."
        )
    if plan is None and status in _BEFORE_PLANNING:
        return _BEFORE_PLANNING[status]
    if status is PhbStatus.FINANCE_REVIEW:
        return "A finance officer who did not write the plan must check its money."
    if plan is None and status not in MONEY_AGREED:
        return "A case manager must start the plan."
    words = _plan_step(plan.status) if plan else "A case manager should write a plan for this budget."
    if status not in MONEY_AGREED:
        return words
    money = _money_step(streams, now, waiting, next_period) if sees_payments else _FINANCE
    return f"{money} {words}".strip()


def _plan_step(status: PlanStatus) -> str:
    return _PLAN_WAITS.get(status, _WRITING if status in EDITABLE else "")


def _money_step(streams: Sequence[StreamRecord], now: datetime, waiting: str, next_period: Cycle | None) -> str:
    """Who must act for money to leave, the nearest thing first."""
    if waiting:
        return f"A finance officer who did not record {waiting} must confirm it."
    for stream in streams:
        if stream.payable and stream.method is not Method.NOTIONAL and (words := _account_step(stream, now)):
            return words
    if stopped := next((s.view.hindrance for s in streams if s.payable and s.view.hindrance), ""):
        return stopped
    if next_period is not None:
        kind = "payment" if any(s.method is Method.THIRD_PARTY for s in streams) else "direct payment"
        return (
            f"A finance officer can record the next {kind}, for "
            f"{long_date(next_period.starts_on)} to {long_date(next_period.ends_on)}."
        )
    if any(s.payable for s in streams):
        return "A finance officer records each invoice when it comes."
    return ""


def _account_step(stream: StreamRecord, now: datetime) -> str:
    account = stream.account
    whose = "the organisation" if stream.method is Method.THIRD_PARTY else "the direct payment"
    if account is None or account.status in (AccountStatus.REJECTED, AccountStatus.CLOSED):
        return f"A case manager or finance officer must enter the bank details of {whose}."
    if account.status is AccountStatus.PROPOSED:
        return "A finance officer who did not enter the bank details must approve them."
    if account.cooling_until is not None and now < account.cooling_until:
        return f"The bank details are new: nothing can be paid to them until {show_moment(account.cooling_until)}."
    return ""
