"""A personal health budget as a case: its kinds and statuses (domain.md §3.1)."""

from __future__ import annotations

from enum import StrEnum


class PhbKind(StrEnum):
    ONGOING = "ONGOING"
    ONE_OFF = "ONE_OFF"


KIND_WORDS: dict[PhbKind, str] = {PhbKind.ONGOING: "Ongoing", PhbKind.ONE_OFF: "One-off"}


class PhbStatus(StrEnum):
    REFERRED = "REFERRED"
    OFFERED = "OFFERED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    ASSESSING = "ASSESSING"
    INDICATIVE_SET = "INDICATIVE_SET"
    PLANNING = "PLANNING"
    CLINICAL_REVIEW = "CLINICAL_REVIEW"
    FINANCE_REVIEW = "FINANCE_REVIEW"
    PANEL = "PANEL"
    APPROVED = "APPROVED"
    RETURNED = "RETURNED"
    REFUSED = "REFUSED"
    SETUP = "SETUP"
    ACTIVE = "ACTIVE"
    CHANGE_PENDING = "CHANGE_PENDING"
    SUSPENDED = "SUSPENDED"
    STOPPING = "STOPPING"
    CLOSING = "CLOSING"
    CLOSED = "CLOSED"


STATUS_WORDS: dict[PhbStatus, str] = {
    PhbStatus.REFERRED: "Referred",
    PhbStatus.OFFERED: "Offered",
    PhbStatus.ACCEPTED: "Accepted",
    PhbStatus.DECLINED: "Declined",
    PhbStatus.ASSESSING: "Assessing",
    PhbStatus.INDICATIVE_SET: "Indicative budget set",
    PhbStatus.PLANNING: "Planning",
    PhbStatus.CLINICAL_REVIEW: "Waiting for clinical sign-off",
    PhbStatus.FINANCE_REVIEW: "Waiting for the finance check",
    PhbStatus.PANEL: "Waiting for approval",
    PhbStatus.APPROVED: "Approved",
    PhbStatus.RETURNED: "Returned for changes",
    PhbStatus.REFUSED: "Refused",
    PhbStatus.SETUP: "Setting up",
    PhbStatus.ACTIVE: "Active",
    PhbStatus.CHANGE_PENDING: "Change pending",
    PhbStatus.SUSPENDED: "Suspended",
    PhbStatus.STOPPING: "Stopping",
    PhbStatus.CLOSING: "Closing",
    PhbStatus.CLOSED: "Closed",
}

ENDED = frozenset({PhbStatus.DECLINED, PhbStatus.REFUSED, PhbStatus.CLOSED})
OVER = ENDED | {PhbStatus.CLOSING}
"""Nothing new is planned for it, though what is left of it may still be settled."""

MONEY_AGREED = frozenset(
    {
        PhbStatus.SETUP, PhbStatus.ACTIVE, PhbStatus.CHANGE_PENDING, PhbStatus.SUSPENDED, PhbStatus.STOPPING,
        PhbStatus.CLOSING,
    }
)  # fmt: skip
"""Once its money is agreed a case keeps its status while a later version of its plan is decided."""
