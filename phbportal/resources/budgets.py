"""The money of a plan: versions, lines, and the streams it goes by."""

from __future__ import annotations

from phbportal.admin.fields import Choice, Day, Having, Integer, Link, LongText, Moment, Money, Tag, Text
from phbportal.admin.resource import Action, Related, Resource, Section
from phbportal.domain.budgets import BUDGET_KIND_WORDS, BUDGET_STATUS_WORDS, LINE_WORDS, BudgetStatus
from phbportal.domain.streams import (
    FREQUENCY_WORDS,
    METHOD_WORDS,
    MONTHLY_PAY_WORDS,
    PAYEE_WORDS,
    STREAM_STATUS_WORDS,
)
from phbportal.policy.permissions import Permission
from phbportal.queries import which
from phbportal.resources.beside import OF_THE_BUDGET, its_budget
from phbportal.resources.colours import STREAM_COLOURS
from phbportal.services.uplifts import agree_by_hand, free_price
from phbportal.tables.budgets import BudgetLine, BudgetVersion, Stream

_LINE = ("line_type", "description", "weekly_pence", "one_off_pence", "stream_id")

BUDGETS = Resource(
    code="budget-versions",
    table=BudgetVersion,
    one="version of a budget",
    many="Budget versions",
    intro="What each plan costs, version by version.",
    read=Permission.BUDGET_READ,
    fields=(
        Integer("version", "Budget", called="Version"),
        Link("phb_id", "Budget of", to="phbs"),
        Choice("kind", choices=BUDGET_KIND_WORDS),
        Tag("status", choices=BUDGET_STATUS_WORDS, colours={BudgetStatus.APPROVED: "green"}),
        Money("weekly_pence", "A week"),
        Money("one_off_pence", "One-off"),
        Day("starts_on"),
        Moment("approved_at", "Approved"),
    ),
    title="version",
    columns=("version", "phb_id", "kind", "status", "weekly_pence", "one_off_pence", "starts_on"),
    sorts=("weekly_pence", "starts_on"),
    filters=("kind", "status"),
    sections=(
        Section("About it", ("phb_id", "kind", "status", "weekly_pence", "one_off_pence", "starts_on", "approved_at")),
        Related("budget-lines", by="budget_id", columns=_LINE),
        *OF_THE_BUDGET,
    ),
    export=Permission.BUDGET_EXPORT,
)

LINES = Resource(
    code="budget-lines",
    table=BudgetLine,
    one="line",
    many="Budget lines",
    intro="What the money of each budget is for.",
    read=Permission.BUDGET_READ,
    fields=(
        Choice("line_type", "For", choices=LINE_WORDS),
        Text("description", "In words"),
        Link("worker_id", "Pays", to="workers"),
        LongText("working", "How it was worked out"),
        Money("annual_pence", "A year"),
        Money("weekly_pence", "A week"),
        Money("one_off_pence", "One-off"),
        Link("budget_id", "Version", to="budget-versions"),
        Link("stream_id", "Goes by", to="streams"),
        its_budget(BudgetLine),
    ),
    title="line_type",
    columns=("line_type", "budget", "description", "weekly_pence", "one_off_pence", "stream_id"),
    sorts=("weekly_pence",),
    filters=("line_type",),
    sections=(
        Section(
            "About it",
            (
                "line_type",
                "budget",
                "description",
                "working",
                "annual_pence",
                "weekly_pence",
                "one_off_pence",
                "worker_id",
                "budget_id",
                "stream_id",
            ),
        ),
    ),
    export=Permission.BUDGET_EXPORT,
)

STREAMS = Resource(
    code="streams",
    table=Stream,
    one="stream",
    many="Streams",
    intro="The ways the money of each budget goes: by whom, to whom, how often.",
    read=Permission.BUDGET_READ,
    fields=(
        Choice("method", choices=METHOD_WORDS),
        Link("phb_id", "Budget", to="phbs"),
        Choice("payee_kind", "Paid to", choices=PAYEE_WORDS),
        Text("payee_name", "Name of the payee"),
        Tag("status", choices=STREAM_STATUS_WORDS, colours=STREAM_COLOURS),
        Money("weekly_pence", "A week"),
        Money("one_off_pence", "One-off"),
        Choice("frequency", "How often", choices={one: words.capitalize() for one, words in FREQUENCY_WORDS.items()}),
        Choice("monthly_pay", "Its months are worked out", choices=MONTHLY_PAY_WORDS, optional=True),
        Day("starts_on"),
        Day("ends_on"),
        Day("first_payment_on", "First paid on"),
        Day("paid_to_on", "Last day already paid"),
        Day("review_required_on", "Review needed since"),
        Text("price_agreed", "Price agreed by hand", optional=True),
        Having("which", "Which", choices=which.STREAMS, condition=which.streams),
    ),
    title="method",
    columns=("method", "phb_id", "payee_kind", "status", "weekly_pence", "starts_on"),
    sorts=("weekly_pence", "starts_on"),
    filters=("method", "payee_kind", "status", "which"),
    sections=(
        Section("About it", ("phb_id", "method", "payee_kind", "payee_name", "status", "review_required_on")),
        Section(
            "The money", ("weekly_pence", "one_off_pence", "frequency", "monthly_pay", "starts_on", "ends_on",
                           "first_payment_on", "paid_to_on", "price_agreed"),
        ),
        Related("payments", by="stream_id"),
        Related("ledger", by="stream_id"),
        *OF_THE_BUDGET,
    ),
    export=Permission.BUDGET_EXPORT,
    actions=(
        Action(
            code="price-agreed", label="Its price is agreed by hand", permission=Permission.BUDGET_WRITE,
            act=agree_by_hand, explains="A yearly uplift does not raise it with the others.",
            asks=(Text("agreed", "With whom, and until when?", longest=300,
                       needed="Say with whom it was agreed, and until when."),),
            done="It is noted. Yearly uplifts list it as an exception.",
        ),
        Action(
            code="price-free", label="Its price is not agreed by hand any more", permission=Permission.BUDGET_WRITE,
            act=free_price, while_filled=("price_agreed",),
            done="It is noted. Yearly uplifts raise it with the others.",
        ),
    ),
)  # fmt: skip
