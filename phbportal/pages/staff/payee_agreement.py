"""Agreements about how the money is managed, for staff: made, read, signed for the board, and signatures on paper."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.domain.agreement_kinds import KIND_WORDS, AgreementKind
from phbportal.domain.payee_agreement import AgreementStatus, Signer
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import new_form
from phbportal.pages.shared.payee_agreement import to_sign, whole_agreement
from phbportal.pages.staff.money_stream import StreamPage
from phbportal.pages.staff.phb_frame import may, narrow_form, phb_page
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.queries.ids import given_id
from phbportal.queries.payee_agreements import PayeeAgreementRecord, PayeeAgreementView, payee_agreements
from phbportal.queries.streams import StreamRecord
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
KEEPER = Choice("organisation", "The organisation that keeps the account")


class AgreementPage(StreamPage, mixin=True):
    """A page about an agreement of the kind the address names, or else the one its stream needs first."""

    kind_words: str = KIND_WORDS[AgreementKind.DIRECT_PAYMENT]

    def _kind(self, stream: StreamRecord) -> AgreementKind:
        named = self._param("kind")
        if named in set(AgreementKind):
            return AgreementKind(named)
        return next(iter(stream.agreements), AgreementKind.DIRECT_PAYMENT)

    def _latest(self, uow: UnitOfWork, stream: StreamRecord) -> PayeeAgreementRecord | None:
        """The agreement that waits, else the one in force."""
        kind = self._kind(stream)
        self.kind_words = KIND_WORDS[kind]
        return next(iter(payee_agreements(uow.session, uow.actor, uow.today, stream_id=stream.id, kind=kind)), None)


class PayeeAgreementState(AgreementPage, rx.State):
    """The agreement the address names."""

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
        stream = self._stream(uow, self._case(uow))
        make_agreement(uow, stream.id, self._kind(stream))
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
        found, kind = self._latest(uow, stream), self._kind(stream)
        self.agreement = found.view if found else PayeeAgreementView()
        waits = found is not None and found.status is AgreementStatus.OPEN
        needed = kind in (stream.agreements or (AgreementKind.DIRECT_PAYMENT,)) or found is not None
        self.may_make = needed and stream.payable and may(uow, Permission.PAYEE_AGREEMENT_MAKE, case)
        made_by = frozenset({found.made_by} if found and found.made_by else ())
        about = Subject(icbs=frozenset({case.icb_id}), person_id=case.person_id, made_by=made_by)
        decision = uow.decide(Permission.PAYEE_AGREEMENT_SIGN, about)
        self.may_sign = bool(waits and found and Signer.BOARD not in found.signed and decision.allowed)
        papers = bool(waits and found and found.signed < frozenset(Signer))
        writes_down = papers and may(uow, Permission.SIGNATURE_RECORD, case)
        about_it = {"stream": str(stream.id), "kind": kind.value}
        address = routes.of_phb(routes.STAFF_PAYEE_PAPER, case.head.reference, **about_it)
        self.paper_href = address if writes_down else ""


class PayeePaperState(AgreementPage, rx.State):
    """A signature on paper."""

    agreement: PayeeAgreementView = PayeeAgreementView()
    signers: list[Choice] = SIGNERS

    @reads(Permission.SIGNATURE_RECORD)
    def load(self, uow: UnitOfWork) -> None:
        _case, stream = self._open_stream(uow, "payee paper form")
        found = self._latest(uow, stream)
        waits = found is not None and found.status is AgreementStatus.OPEN
        self.agreement = found.view if found and waits else PayeeAgreementView()
        self.signers = [*SIGNERS, KEEPER] if found and found.kind is AgreementKind.MANAGED else SIGNERS
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
        s.kind_words,
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
        radios("signer", "Who signed?", s.signers, error=s.errors["signer"]),
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
            paragraph(s.kind_words, ", code ", s.agreement.code, "."),
            inset("There is no agreement to sign."),
        ),
        when(s.agreement.id, fields),
        state=s,
        up=("Money", s.head.money_href),
    )
