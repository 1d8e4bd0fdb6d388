"""What a payee did with money they hold: spent it, paid it back, added their own, had interest or a refund."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from phbportal.domain.budgets import LineType
from phbportal.domain.errors import Refusal
from phbportal.domain.ledger import Journal, Posting, Verb, held, outside, spent
from phbportal.domain.reading import Reading, given
from phbportal.domain.streams import Method
from phbportal.domain.text import long_date
from phbportal.policy.permissions import Permission
from phbportal.services.ledger import post, posted
from phbportal.services.purchases import account_for
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import Stream
from phbportal.tables.phbs import Phb

KINDS = (Verb.ACCOUNT_FOR, Verb.REPAY, Verb.OWN_MONEY, Verb.INTEREST, Verb.REFUND)


@dataclass(frozen=True, slots=True)
class SpendingEntry:
    verb: Verb
    amount_pence: int
    on: date
    line_type: LineType = LineType.OTHER
    reference: str = ""
    question_id: UUID | None = None
    """The yes it was bought after, where it was asked before."""


def read_spending(form: Mapping[str, object], today: date) -> SpendingEntry:
    """Read the form for money spent, repaid or added."""
    r = Reading(form)
    verb = r.choice("verb", Verb, needed="Choose what happened to the money.")
    if verb is not None and verb not in KINDS:
        r.problem("Choose what happened to the money.", "verb")
    amount = r.money("amount", needed="Enter the amount.")
    on = r.day("on", needed="Enter the date it happened.")
    if on and on > today:
        r.problem("The date cannot be in the future.", "on")
    line = LineType.OTHER
    if verb is Verb.ACCOUNT_FOR:
        line = r.choice("line_type", LineType, needed="Choose what it was spent on.") or LineType.OTHER
    reference = r.text("reference", needed="Say what it was, for example the shop or the invoice number.", longest=100)
    question: UUID | None = None
    try:
        question = UUID(r.raw("question")) if r.raw("question") else None
    except ValueError:
        r.problem("Choose one from the list.", "question")
    if question is not None and verb is not Verb.ACCOUNT_FOR:
        r.problem("Only money that was spent was bought after an answer. Leave this empty.", "question")
    r.finish()
    return SpendingEntry(given(verb), amount, given(on), line, reference, question)


def record_spending(uow: UnitOfWork, stream_id: UUID, entry: SpendingEntry, *, key: str) -> UUID:
    """Post what happened to money a payee holds. Returns the journal's id.

    ``key`` makes it happen once however often it is sent; the same key with other content is refused.
    """
    stream = uow.find(Stream, stream_id, lock=True)
    uow.require(Permission.SPENDING_RECORD, stream)
    if stream.method == Method.NOTIONAL:
        raise Refusal("Nobody holds the money of a notional budget. Record the provider’s invoice as a payment.")
    if entry.verb not in KINDS:
        raise Refusal("Choose what happened to the money.", field="verb")
    if entry.on > uow.today:
        raise Refusal("The date cannot be in the future.", field="on")
    opened = uow.session.get_one(Phb, stream.phb_id).opened_on
    if entry.on < opened:
        raise Refusal(f"The budget was opened on {long_date(opened)}. The date cannot be before that.", field="on")
    if entry.verb is Verb.ACCOUNT_FOR:
        posting = Posting(held(stream.id), spent(stream.id, entry.line_type.value), entry.amount_pence)
    elif entry.verb is Verb.REPAY:
        posting = Posting(held(stream.id), outside("icb", stream.icb_id), entry.amount_pence)
    else:
        posting = Posting(outside(entry.verb.value.lower()), held(stream.id), entry.amount_pence)
    full_key = f"spending:{uow.actor.user_id}:{key}"
    sent_before = posted(uow, full_key)
    journal = post(
        uow,
        Journal(
            verb=entry.verb, phb_id=stream.phb_id, stream_id=stream.id, effective_on=entry.on,
            reference=entry.reference, idempotency_key=full_key, postings=(posting,),
        ),
    )  # fmt: skip
    if entry.question_id is not None:
        account_for(
            uow, entry.question_id, phb_id=stream.phb_id, amount_pence=entry.amount_pence, journal_id=journal
        )  # fmt: skip
    if not sent_before:
        uow.record(
            "money_recorded", phb_id=stream.phb_id, verb=entry.verb.value, amount_pence=entry.amount_pence, on=entry.on
        )
    return journal
