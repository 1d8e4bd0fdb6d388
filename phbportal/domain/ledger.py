"""The ledger's chart and verbs (decisions.md §3): every posting goes from one account to another, in pence."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from phbportal.domain.errors import Refusal
from phbportal.domain.money import pounds


class Verb(StrEnum):
    ALLOCATE = "ALLOCATE"
    RESERVE = "RESERVE"
    RELEASE = "RELEASE"
    PAY = "PAY"
    ACCOUNT_FOR = "ACCOUNT_FOR"
    REPAY = "REPAY"
    OWN_MONEY = "OWN_MONEY"
    INTEREST = "INTEREST"
    REFUND = "REFUND"
    OPENING = "OPENING"
    TRANSFER = "TRANSFER"
    REVERSE = "REVERSE"


VERB_WORDS: dict[Verb, str] = {
    Verb.ALLOCATE: "Set aside for the budget",
    Verb.RESERVE: "Set aside for a payment",
    Verb.RELEASE: "No longer set aside",
    Verb.PAY: "Paid",
    Verb.ACCOUNT_FOR: "Spent",
    Verb.REPAY: "Paid back",
    Verb.OWN_MONEY: "Own money added",
    Verb.INTEREST: "Interest",
    Verb.REFUND: "Refund",
    Verb.OPENING: "Opening balance",
    Verb.TRANSFER: "Moved",
    Verb.REVERSE: "Correction",
}


def outside(kind: str, key: UUID | str = "") -> str:
    """A place outside the budget: a board's money, own money, interest, a refund, an opening balance."""
    return f"outside:{kind}:{key}" if key else f"outside:{kind}"


def available(phb_id: UUID) -> str:
    return f"phb:{phb_id}:available"


def reserved(phb_id: UUID) -> str:
    return f"phb:{phb_id}:reserved"


def held(stream_id: UUID) -> str:
    return f"stream:{stream_id}:held"


def spent(stream_id: UUID, line_type: str) -> str:
    return f"stream:{stream_id}:spent:{line_type}"


def stream_of(path: str) -> UUID | None:
    """The stream whose account a path is, or None for a budget's own and for places outside."""
    return UUID(path.split(":")[1]) if path.startswith("stream:") else None


def may_go_below_zero(path: str) -> bool:
    """Only outside accounts and what a payee holds (an overdraft) may be negative."""
    return path.startswith("outside:") or (path.startswith("stream:") and path.endswith(":held"))


class Place(StrEnum):
    """The kinds of account there are: what a board's money is added up by."""

    BOARD = "BOARD"
    OUTSIDE = "OUTSIDE"
    AVAILABLE = "AVAILABLE"
    RESERVED = "RESERVED"
    HELD = "HELD"
    SPENT = "SPENT"


def place_of(path: str) -> Place:
    """The kind of account a path is. Raises ValueError for one that is not in the chart."""
    first, *rest = path.split(":")
    if first == "outside" and rest:
        return Place.BOARD if rest[0] == "icb" else Place.OUTSIDE
    kind = rest[1] if len(rest) > 1 else ""
    found = {
        ("phb", "available"): Place.AVAILABLE, ("phb", "reserved"): Place.RESERVED,
        ("stream", "held"): Place.HELD, ("stream", "spent"): Place.SPENT,
    }.get((first, kind))  # fmt: skip
    if found is None:
        raise ValueError("an account of no kind")
    return found


@dataclass(frozen=True, slots=True)
class Posting:
    """A positive amount of pence from one account to another."""

    from_path: str
    to_path: str
    amount_pence: int

    def __post_init__(self) -> None:
        if self.amount_pence <= 0:
            raise Refusal("An amount must be more than nothing. Enter at least 0.01.", field="amount")
        if self.from_path == self.to_path:
            raise ValueError("a posting moves money between two accounts")


@dataclass(frozen=True, slots=True)
class Journal:
    """One thing that happened to money: a verb, a day, postings, and the key that makes it happen once."""

    verb: Verb
    phb_id: UUID
    effective_on: date
    reference: str
    idempotency_key: str
    postings: tuple[Posting, ...]
    stream_id: UUID | None = None
    reverses: UUID | None = None

    def __post_init__(self) -> None:
        budgets = {p for posting in self.postings for p in (posting.from_path, posting.to_path) if p.startswith("phb:")}
        if budgets and not budgets <= {available(self.phb_id), reserved(self.phb_id)}:
            raise ValueError("a journal moves the money of one budget")
        if not self.postings:
            raise ValueError("a journal holds at least one posting")

    def content_hash(self) -> str:
        """SHA-256 of what the entry says, so that one key can never carry two contents."""
        body = [
            self.verb, str(self.phb_id), self.effective_on.isoformat(), self.reference,
            str(self.stream_id or ""), str(self.reverses or ""),
            [[p.from_path, p.to_path, p.amount_pence] for p in self.postings],
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(body).encode()).hexdigest()

    def total_pence(self) -> int:
        return sum(p.amount_pence for p in self.postings)


def below_zero_sentence(path: str, balance_pence: int, amount_pence: int) -> str:
    """Why an account cannot give what was asked of it."""
    if path.endswith(":available"):
        return (
            f"Only {pounds(balance_pence)} of this budget is left to pay out, so {pounds(amount_pence)} "
            "cannot be set aside. Check the amount or ask for the budget to be increased."
        )
    if path.endswith(":reserved"):
        return (
            f"Only {pounds(balance_pence)} is set aside, so {pounds(amount_pence)} cannot be paid. "
            "Reload the page: somebody may have paid it already."
        )
    return f"That account holds {pounds(balance_pence)}, which is less than {pounds(amount_pence)}."
