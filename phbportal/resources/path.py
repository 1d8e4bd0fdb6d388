"""The way to a live budget: offers and answers, indicative budgets, and agreements about how the money is managed."""

from __future__ import annotations

from phbportal.admin.fields import Choice, Day, Integer, Link, LongText, Moment, Money, Tag, YesNo
from phbportal.admin.resource import Resource, Section
from phbportal.domain.agreement_kinds import KIND_WORDS
from phbportal.domain.budget_offers import ANSWER_WORDS, HOW_WORDS, TELLER_WORDS, Answer
from phbportal.domain.indicative import TOOL_WORDS
from phbportal.domain.payee_agreement import STATUS_WORDS, AgreementStatus
from phbportal.policy.permissions import Permission
from phbportal.resources.arrangements import Words
from phbportal.resources.beside import OF_THE_BUDGET
from phbportal.tables.path import BudgetOffer, IndicativeBudget
from phbportal.tables.payee_agreements import PayeeAgreement

BUDGET_OFFERS = Resource(
    code="budget-offers",
    table=BudgetOffer,
    one="offer of a budget",
    many="Offers of a budget",
    intro="When each person was offered a budget, and what they answered.",
    read=Permission.PHB_READ,
    fields=(
        Tag(
            "answer", choices=ANSWER_WORDS,
            colours={Answer.ACCEPTED: "green", Answer.PENDING: "yellow", Answer.MORE_TIME: "yellow"},
        ),
        Link("phb_id", "Budget", to="phbs"),
        Day("offered_on", "Offered on"),
        Choice("how", "How", choices=HOW_WORDS),
        Day("answered_on", "Answered on"),
        Choice("answered_by", "Who answered", choices={**TELLER_WORDS, "": "Nobody yet"}),
        YesNo("information_given"),
        YesNo("advocacy_offered", "Offered an advocate"),
        Day("again_on", "To be asked again on"),
        LongText("reason"),
    ),
    title="answer",
    columns=("answer", "phb_id", "offered_on", "how", "answered_on", "again_on"),
    sorts=("offered_on",),
    filters=("answer", "how"),
    sections=(
        Section("The offer", ("phb_id", "offered_on", "how", "information_given", "advocacy_offered")),
        Section("The answer", ("answer", "answered_on", "answered_by", "again_on", "reason")),
        *OF_THE_BUDGET,
    ),
)  # fmt: skip

INDICATIVE = Resource(
    code="indicative-budgets",
    table=IndicativeBudget,
    one="indicative budget",
    many="Indicative budgets",
    intro="About how much there may be, how it was worked out, and when the person was told.",
    read=Permission.BUDGET_READ,
    fields=(
        Choice("tool", "Worked out by", choices=TOOL_WORDS),
        Link("phb_id", "Budget", to="phbs"),
        Money("weekly_pence", "A week"),
        Money("one_off_pence", "Once"),
        Day("worked_out_on", "Worked out on"),
        Day("shown_on", "Shown on"),
        Choice("shown_to", "Shown to", choices={**TELLER_WORDS, "": "Nobody yet"}),
        LongText("inputs", "From"),
    ),
    title="tool",
    columns=("tool", "phb_id", "weekly_pence", "one_off_pence", "worked_out_on", "shown_on"),
    sorts=("weekly_pence", "one_off_pence", "worked_out_on"),
    filters=("tool",),
    sections=(
        Section("The amount", ("phb_id", "weekly_pence", "one_off_pence", "tool", "inputs", "worked_out_on")),
        Section("Told", ("shown_on", "shown_to")),
        *OF_THE_BUDGET,
    ),
)

PAYEE_AGREEMENTS = Resource(
    code="payee-agreements",
    table=PayeeAgreement,
    one="agreement about money",
    many="Agreements about money",
    intro="Agreements about direct payments, managed accounts, notional budgets and wheelchairs, and who has signed.",
    read=Permission.PAYEE_AGREEMENT_READ,
    fields=(
        Choice("kind", "Agreement", choices=KIND_WORDS),
        Integer("plan_version", "Plan version"),
        Link("phb_id", "Budget", to="phbs"),
        Tag(
            "status", choices=STATUS_WORDS, colours={AgreementStatus.IN_FORCE: "green", AgreementStatus.OPEN: "yellow"}
        ),
        Day("law_as_of", "Law as of"),
        Moment("created_at", "Made"),
        Words("content", "Its words"),
    ),
    title="kind",
    columns=("kind", "phb_id", "status", "law_as_of", "created_at"),
    filters=("status", "kind"),
    sections=(
        Section("About it", ("phb_id", "plan_version", "status", "law_as_of", "created_at")),
        Section("The agreement", ("content",)),
        *OF_THE_BUDGET,
    ),
)
