"""The kinds of account a budget is paid into, and when each may be (domain.md §1.10, §4.5; regulations 10 and 11)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from phbportal.domain.errors import Problem
from phbportal.domain.streams import Frequency, Method


class AccountKind(StrEnum):
    OWN_SEPARATE = "OWN_SEPARATE"
    PREPAID_CARD = "PREPAID_CARD"
    MANAGED = "MANAGED"
    ISF_LEDGER = "ISF_LEDGER"
    ORDINARY_ONE_OFF = "ORDINARY_ONE_OFF"


ACCOUNT_KIND_WORDS: dict[AccountKind, str] = {
    AccountKind.OWN_SEPARATE: "A separate account, used for nothing else",
    AccountKind.PREPAID_CARD: "A prepaid card of the board",
    AccountKind.MANAGED: "A managed account: an organisation keeps the money and pays as it is told",
    AccountKind.ISF_LEDGER: "The organisation’s own ledger for the person",
    AccountKind.ORDINARY_ONE_OFF: "Their ordinary account: only for one payment in the whole year",
}
OF_DIRECT_PAYMENTS = (
    AccountKind.OWN_SEPARATE, AccountKind.PREPAID_CARD, AccountKind.MANAGED, AccountKind.ORDINARY_ONE_OFF,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AccountStream:
    """The stream an account is for. Amounts in pence; ``others`` are the person's other direct payments of the year."""

    method: Method
    frequency: Frequency
    weekly_pence: int
    others: int


def account_kind_problem(kind: AccountKind, stream: AccountStream, *, has_organisation: bool) -> Problem | None:
    """Why an account of this kind cannot be used for a stream (regulation 10; T16 for the ordinary account)."""
    if stream.method is Method.THIRD_PARTY:
        return None
    if kind is AccountKind.MANAGED and not has_organisation:
        return Problem("Find and choose the organisation that keeps the account.", "organisation")
    if kind is not AccountKind.ORDINARY_ONE_OFF:
        return None
    if stream.weekly_pence or stream.frequency is not Frequency.ONCE:
        return Problem(
            "An ordinary account is only for money that is paid once. This is paid more than once, so it needs a "
            "separate account.",
            "kind",
        )
    if stream.others:
        return Problem(
            "An ordinary account is only for the one direct payment of a year. This person has another, so this needs "
            "a separate account.",
            "kind",
        )
    return None
