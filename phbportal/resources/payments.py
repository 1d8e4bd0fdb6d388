"""Payments, the accounts they go to, and the ledger they are posted in."""

from __future__ import annotations

from phbportal.admin.fields import (
    AccountNumber,
    Amount,
    Choice,
    Computed,
    Day,
    Having,
    Link,
    Moment,
    Money,
    SortCode,
    Tag,
    Text,
)
from phbportal.admin.resource import Resource, Section
from phbportal.domain.budgets import LINE_WORDS
from phbportal.domain.ledger import VERB_WORDS
from phbportal.domain.payments import PAYMENT_STATUS_WORDS, PaymentStatus
from phbportal.domain.streams import ACCOUNT_STATUS_WORDS, AccountStatus
from phbportal.policy.permissions import Permission
from phbportal.queries import which
from phbportal.queries.boards import boards_of_payments, code_of
from phbportal.queries.ledger import amounts_of
from phbportal.queries.payment_shares import part_words, parts_of_payments
from phbportal.resources.beside import OF_THE_BUDGET
from phbportal.tables.budgets import PayeeAccount
from phbportal.tables.ledger import LedgerJournal
from phbportal.tables.payments import PaymentItem

PAYMENT = {PaymentStatus.PAID: "green", PaymentStatus.PLANNED: "yellow"}
ACCOUNT = {AccountStatus.APPROVED: "green", AccountStatus.PROPOSED: "yellow"}

PAYMENTS = Resource(
    code="payments",
    table=PaymentItem,
    one="payment",
    many="Payments",
    intro="Every payment: recorded by one finance officer, confirmed by another.",
    read=Permission.PAYMENT_READ,
    fields=(
        Text("reference"),
        Link("phb_id", "Budget", to="phbs"),
        Money("amount_pence", "Amount"),
        Tag(
            "status",
            choices=PAYMENT_STATUS_WORDS,
            colours=PAYMENT,
        ),
        Day("period_start", "From"),
        Day("period_end", "To"),
        Day("due_on", "Due on"),
        Day("paid_on", "Paid on"),
        Choice("line_type", "For", choices=LINE_WORDS),
        Text("invoice_reference", "Invoice"),
        Link("stream_id", "Goes by", to="streams"),
        Text("cancel_reason", "Why it was cancelled"),
        Having("which", "Which", choices=which.PAYMENTS, condition=which.payments),
        Computed("funders", "Who pays it", load=parts_of_payments, pick=part_words, nothing="The board pays all of it"),
        Computed("board", "Board code", load=boards_of_payments, pick=code_of),
    ),
    title="reference",
    columns=("reference", "phb_id", "amount_pence", "status", "due_on", "paid_on"),
    sorts=("due_on", "amount_pence"),
    filters=("status", "line_type", "which"),
    finds=("reference",),
    search_hint="By reference",
    sections=(
        Section(
            "About it",
            ("reference", "phb_id", "stream_id", "amount_pence", "funders", "status", "line_type", "invoice_reference"),
        ),
        Section("When", ("period_start", "period_end", "due_on", "paid_on", "cancel_reason")),
        *OF_THE_BUDGET,
    ),
    export=Permission.BUDGET_EXPORT,
)

ACCOUNTS = Resource(
    code="accounts",
    table=PayeeAccount,
    one="account",
    many="Payee accounts",
    intro="Bank details: entered by one person, approved by another.",
    read=Permission.ACCOUNT_READ,
    fields=(
        Text("name_on_account"),
        SortCode("sort_code"),
        AccountNumber("account_number", "Account"),
        Link("person_id", "Person", to="people"),
        Link("phb_id", "Budget", to="phbs"),
        Tag(
            "status",
            choices=ACCOUNT_STATUS_WORDS,
            colours=ACCOUNT,
        ),
        Moment("decided_at", "Decided"),
        Moment("cooling_until", "Payments may begin"),
        Having("which", "Which", choices=which.ACCOUNTS, condition=which.accounts),
    ),
    title="name_on_account",
    columns=("name_on_account", "account_number", "phb_id", "status", "decided_at"),
    filters=("status", "which"),
    sections=(
        Section("About it", ("name_on_account", "sort_code", "account_number", "person_id", "phb_id")),
        Section("Approval", ("status", "decided_at", "cooling_until")),
        *OF_THE_BUDGET,
    ),
)

LEDGER = Resource(
    code="ledger",
    table=LedgerJournal,
    one="entry",
    many="Ledger entries",
    intro="What happened to each pound. Nothing here is changed; a correction is another entry.",
    read=Permission.LEDGER_READ,
    fields=(
        Text("reference"),
        Choice("verb", "What happened", choices=VERB_WORDS),
        Amount("amount", load=amounts_of),
        Link("phb_id", "Budget", to="phbs"),
        Link("stream_id", "Stream", to="streams"),
        Day("effective_on", "On"),
        Moment("created_at", "Posted"),
    ),
    title="reference",
    columns=("reference", "verb", "amount", "phb_id", "effective_on", "created_at"),
    sorts=("effective_on",),
    filters=("verb",),
    sections=(
        Section("About it", ("reference", "verb", "amount", "phb_id", "stream_id", "effective_on", "created_at")),
    ),
    export=Permission.BUDGET_EXPORT,
)
