"""Third-party (ISF) arrangements: offers to organisations and agreements with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from phbportal.admin.fields import Choice, Day, Integer, Link, LongText, Moment, Money, Percentage, Tag
from phbportal.admin.resource import Resource, Section
from phbportal.domain.isf import AGREEMENT_STATUS_WORDS, ISF_STATUS_WORDS, AgreementStatus, IsfStatus
from phbportal.domain.isf_offer import FEE_WORDS, REPORTING_WORDS, TIMING_WORDS, parts_of
from phbportal.policy.permissions import Permission
from phbportal.resources.beside import OF_THE_BUDGET
from phbportal.tables.arrangements import Agreement, IsfConfirmation


@dataclass(frozen=True)
class Words(LongText):
    """An agreement's text, its headings on lines of their own."""

    def show(self, *values: Any) -> str:
        parts = parts_of(str(values[0] or ""))
        return "\n\n".join("\n".join((part.heading, *part.sentences)) for part in parts)


OFFERS = Resource(
    code="isf-offers",
    table=IsfConfirmation,
    one="offer",
    many="ISF offers",
    intro="What was offered to an organisation, round by round, and what it answered.",
    read=Permission.ARRANGEMENT_READ,
    fields=(
        Integer("round", "Offer", called="Round"),
        Link("phb_id", "Budget", to="phbs"),
        Link("organisation_id", "Organisation", to="providers"),
        Tag("status", choices=ISF_STATUS_WORDS, colours={IsfStatus.CONFIRMED: "green", IsfStatus.SENT: "yellow"}),
        Money("weekly_pence", "A week"),
        Money("hourly_pence", "An hour"),
        Choice("fee_kind", "Fee", choices=FEE_WORDS),
        Percentage("fee_bp", "Fee in per cent"),
        Money("fee_weekly_pence", "Fee a week"),
        Choice("timing", "Paid", choices={one: words.capitalize() for one, words in TIMING_WORDS.items()}),
        Choice("reporting", "Reports", choices={one: words.capitalize() for one, words in REPORTING_WORDS.items()}),
        Day("starts_on"),
        Day("sent_on"),
        Day("expires_on", "Open until"),
        Moment("answered_at", "Answered"),
        LongText("flexibility"),
    ),
    title="round",
    columns=("round", "phb_id", "organisation_id", "status", "weekly_pence", "sent_on", "expires_on"),
    sorts=("weekly_pence", "starts_on"),
    filters=("status", "fee_kind"),
    sections=(
        Section("About it", ("phb_id", "organisation_id", "status", "sent_on", "expires_on", "answered_at")),
        Section("The terms", ("weekly_pence", "hourly_pence", "fee_kind", "fee_bp", "fee_weekly_pence", "timing",
                              "reporting", "starts_on", "flexibility")),
        *OF_THE_BUDGET,
    ),
)  # fmt: skip

AGREEMENTS = Resource(
    code="agreements",
    table=Agreement,
    one="agreement",
    many="Agreements",
    intro="Three-party agreements, and whether all have signed.",
    read=Permission.ARRANGEMENT_READ,
    fields=(
        Integer("plan_version", "Agreement", called="Plan version"),
        Link("phb_id", "Budget", to="phbs"),
        Link("organisation_id", "Organisation", to="providers"),
        Tag("status", choices=AGREEMENT_STATUS_WORDS, colours={AgreementStatus.IN_FORCE: "green"}),
        Day("law_as_of", "Law as of"),
        Moment("created_at", "Made"),
        Words("content", "Its words"),
    ),
    title="plan_version",
    columns=("plan_version", "phb_id", "organisation_id", "status", "created_at"),
    filters=("status",),
    sections=(
        Section("About it", ("phb_id", "organisation_id", "status", "law_as_of", "created_at")),
        Section("The agreement", ("content",)),
        *OF_THE_BUDGET,
    ),
)
