"""Reviews of a plan and its budget: what each kind is called (SI 2013/1617 reg 14, domain.md §1.12)."""

from __future__ import annotations

from enum import StrEnum


class ReviewKind(StrEnum):
    FIRST = "FIRST"
    ANNUAL = "ANNUAL"
    UNPLANNED = "UNPLANNED"
    AGE16 = "AGE16"
    DEATH = "DEATH"
    CHANGE = "CHANGE"
    PAYEE = "PAYEE"


REVIEW_WORDS: dict[ReviewKind, str] = {
    ReviewKind.FIRST: "First review",
    ReviewKind.ANNUAL: "Yearly review",
    ReviewKind.UNPLANNED: "Unplanned review",
    ReviewKind.AGE16: "Review at 16",
    ReviewKind.DEATH: "Review after a death",
    ReviewKind.CHANGE: "Review of a change",
    ReviewKind.PAYEE: "Review of who is paid",
}
