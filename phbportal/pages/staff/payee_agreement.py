"""The agreement about a direct payment for staff: made, read, signed for the board, and signatures on paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.domain.payee_agreement import AgreementStatus, Signer
from phbportal.domain.streams import Method
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import new_form
from phbportal.pages.shared.payee_agreement import to_sign, whole_agreement
from phbportal.pages.staff.money_stream import StreamPage
from phbportal.pages.staff.phb_frame import may, narrow_form, phb_page
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.queries.ids import given_id
from phbportal.queries.payee_agreements import PayeeAgreementRecord, PayeeAgreementView, payee_agreements
from phbportal.services.agreements import read_agreed
from phbportal.services.payee_agreements import make_agreement, read_paper, record_paper, sign
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group, link_button
from phbportal.ui.choices import Choice, radios
from phbportal.ui.forms import date_input, text_input, textarea
from phbportal.ui.notices import inset
from phbportal.ui.text import paragraph
from phbportal.ui.values import when

SIGNERS = [
    Choice("person", "The person themselves"),
    Choice("representative", "Their representative"),
    Choice("nominee", "The nominee"),
]


def _latest(uow: UnitOfWork, stream_id: UUID) -> PayeeAgreementRecord | None:
    """The agreement that waits, else the one in force."""
    return next(iter(payee_agreements(uow.session, uow.actor, uow.today, stream_id=stream_id)), None)


class PayeeAgreementState(StreamPage, rx.State):
    """The agreement of the direct payment the address names."""

    agreement: PayeeAgreementView = PayeeAgreementView()
    may_make: bool = False
    may_sign: bool = False
    paper_href: str = ""
    because: str = ""

    @reads(Permission.PAYEE_AGREEMENT_READ)
    def load(self, uow: UnitOfWork) -> None:
        self._show(uow)
        new_form(self)
        self.ready = True

    @writes(Permission.PAYEE_AGREEMENT_MAKE)
    def make(self, uow: UnitOfWork) -> None:
        make_agreement(uow, self._stream_id(uow))
        self._show(uow)
        self.notice = "The agreement is made. Everybody can sign it now."

    @writes(Permission.PAYEE_AGREEMENT_SIGN)
    def sign(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        read_agreed(form)
        sign(uow, given_id(self.agreement.id))
        self._show(uow)
        self.notice = "You have signed the agreement for the board."

    def _show(self, uow: UnitOfWork) -> None:
        case, stream = self._open_stream(uow, "payee agreement")
        found = _latest(uow, stream.id)
        self.agreement = found.view if found else PayeeAgreementView()
        waits = found is not None and found.status is AgreementStatus.OPEN
        direct = stream.method is Method.DIRECT_PAYMENT and stream.payable
        self.may_make = direct and may(uow, Permission.PAYEE_AGREEMENT_MAKE, case)
        made_by = frozenset({found.made_by} if found and found.made_by else ())
        about = Subject(icbs=frozenset({case.icb_id}), person_id=case.person_id, made_by=made_by)
        decision = uow.decide(Permission.PAYEE_AGREEMENT_SIGN, about)
        self.may_sign = bool(waits and found and Signer.BOARD not in found.signed and decision.allowed)
        papers = bool(waits and found and found.signed < {Signer.PERSON, Signer.NOMINEE, Signer.BOARD})
        writes_down = papers and may(uow, Permission.SIGNATURE_RECORD, case)
        address = routes.of_phb(routes.STAFF_PAYEE_PAPER, case.head.reference, stream=str(stream.id))
        self.paper_href = address if writes_down else ""


class PayeePaperState(StreamPage, rx.State):
    """A signature on paper."""

    agreement: PayeeAgreementView = PayeeAgreementView()

    @reads(Permission.SIGNATURE_RECORD)
    def load(self, uow: UnitOfWork) -> None:
        _case, stream = self._open_stream(uow, "payee paper form")
        found = _latest(uow, stream.id)
        waits = found is not None and found.status is AgreementStatus.OPEN
        self.agreement = found.view if found and waits else PayeeAgreementView()
        new_form(self)
        self.ready = True

    @writes(Permission.SIGNATURE_RECORD)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        agreement, entry = given_id(self.agreement.id), read_paper(form, uow.today)
        uow.once("payee paper", self.form_key, form, lambda: str(record_paper(uow, agreement, entry) or ""))
        return self._back(routes.STAFF_PHB, "paper")


def agreement() -> rx.Component:
    """Its words and signatures, and what this person may do with it."""
    s = PayeeAgreementState
    again = rx.cond(s.agreement.id, "Make a new agreement", "Make the agreement")
    return phb_page(
        "Direct payment agreement",
        paragraph(s.stream_view.name, ". ", s.stream_view.payee, "."),
        when(s.stream_view.hindrance, inset(s.stream_view.hindrance)),
        rx.cond(s.agreement.id, whole_agreement(s.agreement), paragraph("There is no agreement yet.")),
        to_sign(s, words="I have read the agreement and sign it for the board", press="Sign for the board"),
        button_group(
            when(s.paper_href, link_button("Record a signature on paper", s.paper_href)),
            when(s.may_make, button(again, on_click=s.make, kind="secondary")),
        ),
        state=s,
        up=("Money", s.head.money_href),
    )


def paper() -> rx.Component:
    """Who signed on paper, when, and where it can be seen."""
    s = PayeePaperState
    fields: Any = narrow_form(
        radios("signer", "Who signed?", SIGNERS, error=s.errors["signer"]),
        text_input("signer_name", "Their name", error=s.errors["signer_name"], width="20", auto_complete="off"),
        date_input("signed_on", "When did they sign?", error=s.errors["signed_on"]),
        textarea(
            "evidence", "Where can the signed paper be seen?", error=s.errors["evidence"], rows=2,
            hint="For example, scanned to the case file on 6 April 2026",
        ),
        button_group(
            button("Record the signature"),
            link_button("Leave without saving", s.head.money_href, kind="secondary"),
        ),
        on_submit=s.save,
    )  # fmt: skip
    return phb_page(
        "Record a signature on paper",
        rx.cond(
            s.agreement.id,
            paragraph("The agreement about the direct payment, code ", s.agreement.code, "."),
            inset("There is no agreement to sign."),
        ),
        when(s.agreement.id, fields),
        state=s,
        up=("Money", s.head.money_href),
    )
