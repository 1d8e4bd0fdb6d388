"""The forms of a third-party arrangement: the offer to an organisation, and a signature on paper."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.domain.isf import IsfStatus
from phbportal.domain.isf_offer import (
    DEFAULT_FLEXIBILITY,
    EXIT_DAYS,
    FEE_WORDS,
    REPORTING_WORDS,
    TIMING_WORDS,
    Reporting,
    Timing,
    amount_words,
)
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import new_form
from phbportal.pages.staff.money_stream import StreamPage
from phbportal.pages.staff.organisation_choice import OrganisationChoice, no_organisation, organisation_search
from phbportal.pages.staff.phb_frame import narrow_form, phb_page
from phbportal.policy.permissions import Permission
from phbportal.queries.arrangements import AgreementView, offer_in_sight
from phbportal.queries.ids import given_id
from phbportal.queries.offers import terms_before
from phbportal.services.agreements import read_paper, record_paper_signature
from phbportal.services.arrangements import read_offer, send_offer
from phbportal.services.policies import setting
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group, link_button
from phbportal.ui.choices import Choice, radios
from phbportal.ui.forms import date_input, money_input, text_input, textarea
from phbportal.ui.notices import inset
from phbportal.ui.text import paragraph
from phbportal.ui.values import when

FEES = [Choice(kind, words) for kind, words in FEE_WORDS.items()]
TIMINGS = [Choice(timing, words[0].upper() + words[1:]) for timing, words in TIMING_WORDS.items()]
REPORTS = [Choice(one, words.capitalize()) for one, words in REPORTING_WORDS.items()]
TERMS = ("hourly", "other_rates", "fee_kind", "fee_percent", "fee_weekly", "fee_covers", "timing", "bank_cap_weeks",
         "bank_period_weeks", "flexibility", "reporting", "exit_days")  # fmt: skip
SIGNERS = [Choice("person", "The person"), Choice("representative", "A representative, for the person")]


class OfferState(StreamPage, OrganisationChoice, rx.State):
    """The form of an offer; the terms of the last one stand in it already, or what the board usually takes."""

    amount: str = ""
    usual_fee: str = ""
    terms: dict[str, str] = dict.fromkeys(TERMS, "")

    @reads(Permission.ARRANGEMENT_OFFER)
    def load(self, uow: UnitOfWork) -> None:
        case, stream = self._open_stream(uow, "offer form")
        self.amount = amount_words(stream.weekly_pence, stream.frequency, stream.one_off_pence, stream.monthly)
        self.usual_fee = setting(uow, case.icb_id, "isf_fee_default_pct") + "%"
        before = terms_before(uow.session, uow.actor, uow.today, stream.id)
        self.terms = before or _usual(uow, case.icb_id)
        self._show_chosen(uow, stream.id)
        new_form(self)
        self.ready = True

    @reads(Permission.ARRANGEMENT_OFFER)
    def find(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        self._find(uow, form)

    @writes(Permission.ARRANGEMENT_OFFER)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        entry, stream = read_offer(form), self._stream_id(uow)
        uow.once("isf offer", self.form_key, form, lambda: str(send_offer(uow, stream, entry)))
        made = offer_in_sight(uow.session, uow.actor, uow.today, stream)
        return _back(self, "offer-waits" if made.status is IsfStatus.FEE_WAITS else "offer")


def _usual(uow: UnitOfWork, icb_id: Any) -> dict[str, str]:
    """What an offer begins from, where there was none before."""
    return dict.fromkeys(TERMS, "") | {
        "timing": Timing.TWO_WEEKS_BEFORE.value, "flexibility": DEFAULT_FLEXIBILITY,
        "bank_cap_weeks": setting(uow, icb_id, "isf_bank_cap_weeks"),
        "bank_period_weeks": setting(uow, icb_id, "isf_max_hold_weeks"),
        "reporting": Reporting.QUARTERLY.value, "exit_days": str(EXIT_DAYS),
    }  # fmt: skip


class PaperState(StreamPage, rx.State):
    """The form of a signature on paper, with the agreement it is on."""

    agreement: AgreementView = AgreementView()

    @reads(Permission.SIGNATURE_RECORD)
    def load(self, uow: UnitOfWork) -> None:
        _case, stream = self._open_stream(uow, "paper signature form")
        self.agreement = offer_in_sight(uow.session, uow.actor, uow.today, stream.id).view.agreement
        new_form(self)
        self.ready = True

    @writes(Permission.SIGNATURE_RECORD)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        record_paper_signature(uow, given_id(self.agreement.id), read_paper(form, uow.today))
        return _back(self, "paper")


def _back(state: Any, done: str) -> Any:
    stream = {"stream": state._param("stream")}
    return rx.redirect(routes.of_phb(routes.STAFF_ISF, state._param("phb"), done=done, **stream))


def _kept(s: Any, name: str) -> dict[str, Any]:
    """What stands in a field of the offer to begin with, and what is wrong with it."""
    return {"value": s.terms[name], "error": s.errors[name]}


def offer() -> rx.Component:
    """Whom to ask, and on what terms."""
    s = OfferState
    return phb_page(
        "Offer a third-party budget",
        paragraph("The amount is ", rx.el.strong(s.amount), ". The terms cannot be changed once the offer is sent: a "
                  "change is a further round."),
        organisation_search(s),
        narrow_form(
            rx.cond(
                s.organisations,
                radios("organisation", "Which organisation will hold the money?", s.organisations,
                       value=s.organisation, error=s.errors["organisation"],
                       hint="Find it in the box above, if it is not listed."),
                no_organisation(s.errors["organisation"]),
            ),
            money_input("hourly", "What does an hour of support cost, all in?", **_kept(s, "hourly"),
                        hint="With bank holidays, nights and travel"),
            text_input("other_rates", "Other rates (optional)", **_kept(s, "other_rates"),
                       hint="For example, sleep-in nights at £95.00 a night"),
            radios("fee_kind", "What is the management fee?", FEES, **_kept(s, "fee_kind"),
                   hint=rx.el.span("A fee above ", s.usual_fee, " needs an approver before the offer is sent.")),
            text_input("fee_percent", "Fee as a percentage (if it is one)", **_kept(s, "fee_percent"), width="4",
                       suffix="%"),
            money_input("fee_weekly", "Fee a week (if it is fixed)", **_kept(s, "fee_weekly")),
            text_input("fee_covers", "What does the fee cover?", **_kept(s, "fee_covers"),
                       hint="For example, payroll, rotas and the statement"),
            radios("timing", "When does the board pay?", TIMINGS, **_kept(s, "timing")),
            text_input("bank_cap_weeks", "How many weeks of money can be kept?", **_kept(s, "bank_cap_weeks"),
                       width="3", input_mode="numeric"),
            text_input("bank_period_weeks", "For how many weeks can it be kept?", **_kept(s, "bank_period_weeks"),
                       width="3", input_mode="numeric"),
            textarea("flexibility", "What can change without asking the board?", **_kept(s, "flexibility"), rows=3),
            radios("reporting", "How often does the organisation report?", REPORTS, **_kept(s, "reporting")),
            text_input("exit_days", "How many days of notice to end it?", **_kept(s, "exit_days"),
                       width="3", input_mode="numeric"),
            button_group(
                button("Send the offer"), link_button("Leave without sending", s.head.money_href, kind="secondary")
            ),
            on_submit=s.save,
        ),
        state=s,
        up=("Money", s.head.money_href),
    )  # fmt: skip


def paper() -> rx.Component:
    """Who signed, when, and where it can be seen."""
    s = PaperState
    return phb_page(
        "Record a signature on paper",
        rx.cond(
            s.agreement.id,
            paragraph("The agreement with ", s.agreement.organisation, ", code ", s.agreement.code, "."),
            inset("There is no agreement to sign."),
        ),
        when(
            s.agreement.id,
            narrow_form(
                radios("signer", "Who signed?", SIGNERS, error=s.errors["signer"]),
                text_input("signer_name", "Their name", error=s.errors["signer_name"], width="20",
                           auto_complete="off"),
                date_input("signed_on", "When did they sign?", error=s.errors["signed_on"]),
                textarea("evidence", "Where can the signed paper be seen?", error=s.errors["evidence"], rows=2,
                         hint="For example, scanned to the case file on 6 April 2026"),
                button_group(
                    button("Record the signature"),
                    link_button("Leave without saving", s.head.money_href, kind="secondary"),
                ),
                on_submit=s.save,
            ),
        ),
        state=s,
        up=("Money", s.head.money_href),
    )  # fmt: skip
