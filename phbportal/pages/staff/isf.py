"""A third-party arrangement for staff: the offer and its answers, the fee, the agreement and the board's signature."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.admin.confirming import confirm_hint
from phbportal.domain.isf import AgreementStatus, IsfStatus, Party
from phbportal.domain.roles import Role
from phbportal.edge.markers import reads, writes
from phbportal.pages.shared.arrangement import (
    ARRANGEMENT_COLOURS,
    agreement_words,
    lines_of,
    signatures_table,
    user_led_tag,
)
from phbportal.pages.staff.money_stream import StreamPage
from phbportal.pages.staff.phb_frame import may, narrow_form, phb_page
from phbportal.policy.actors import Subject
from phbportal.policy.decide import Decision
from phbportal.policy.permissions import Permission
from phbportal.queries.arrangements import Arrangement, ArrangementView, arrangement_of
from phbportal.queries.ids import given_id
from phbportal.queries.phbs import Case
from phbportal.services.agreements import read_agreed, sign_agreement
from phbportal.services.arrangements import approve_fee, turn_down_fee, withdraw_offer
from phbportal.services.organisation_users import organisation_people
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group, link_button
from phbportal.ui.choices import checkbox
from phbportal.ui.links import link
from phbportal.ui.notices import inset
from phbportal.ui.tables import line, summary_list
from phbportal.ui.tags import status_tag
from phbportal.ui.text import heading, paragraph
from phbportal.ui.values import when

PAGE = "arrangement"


class ArrangementState(StreamPage, rx.State):
    """The last offer of a stream and what came of it, as text, with what this person may do about it."""

    view: ArrangementView = ArrangementView()
    because: str = ""
    offer_href: str = ""
    offer_label: str = ""
    paper_href: str = ""
    invite_href: str = ""
    people: str = ""
    may_withdraw: bool = False
    may_decide_fee: bool = False
    may_sign: bool = False
    _offer: UUID | None = None
    _agreement: UUID | None = None

    @reads(Permission.ARRANGEMENT_READ)
    def load(self, uow: UnitOfWork) -> None:
        self._show(uow)
        self.ready = True

    @writes(Permission.ARRANGEMENT_OFFER)
    def withdraw(self, uow: UnitOfWork) -> None:
        withdraw_offer(uow, given_id(str(self._offer)))
        self._show(uow)
        self.notice = "The offer is withdrawn."

    @writes(Permission.ISF_FEE_APPROVE, step_up=True)
    def agree_fee(self, uow: UnitOfWork) -> None:
        approve_fee(uow, given_id(str(self._offer)))
        self._show(uow)
        self.notice = "You have approved the fee. The offer is sent."

    @writes(Permission.ISF_FEE_APPROVE)
    def refuse_fee(self, uow: UnitOfWork) -> None:
        turn_down_fee(uow, given_id(str(self._offer)))
        self._show(uow)
        self.notice = "You have turned the fee down."

    @writes(Permission.AGREEMENT_SIGN)
    def sign(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        read_agreed(form)
        sign_agreement(uow, given_id(str(self._agreement)))
        self._show(uow)
        self.notice = "You have signed the agreement for the board."

    def _show(self, uow: UnitOfWork) -> None:
        case, stream = self._open_stream(uow, PAGE)
        found = arrangement_of(uow.session, uow.actor, uow.today, stream.id)
        self.view = found.view if found else ArrangementView()
        self._offer, self._agreement = (found.offer_id, found.agreement_id) if found else (None, None)
        self._show_acts(uow, case, stream.id, found)

    def _show_acts(self, uow: UnitOfWork, case: Case, stream_id: UUID, found: Arrangement | None) -> None:
        offers, status = may(uow, Permission.ARRANGEMENT_OFFER, case), found.status if found else None
        waits = status in (IsfStatus.FEE_WAITS, IsfStatus.SENT)
        fee = uow.decide(Permission.ISF_FEE_APPROVE, _about(case, found))
        sign = uow.decide(Permission.AGREEMENT_SIGN, _about(case, found))
        open_one = found is not None and found.agreement_status is AgreementStatus.OPEN
        signed = found.signed if found else frozenset[Party]()
        self.offer_href = self._href(routes.STAFF_ISF_OFFER, case, stream_id) if offers and not waits else ""
        self.offer_label = "Change the offer and send it again" if found else "Make an offer"
        self.may_withdraw = offers and waits
        self.may_decide_fee = status is IsfStatus.FEE_WAITS and fee.allowed
        self.may_sign = open_one and Party.BOARD not in signed and sign.allowed
        records = open_one and Party.PERSON not in signed and may(uow, Permission.SIGNATURE_RECORD, case)
        self.paper_href = self._href(routes.STAFF_ISF_PAPER, case, stream_id) if records else ""
        self.because = _because(uow, fee, sign if open_one and Party.BOARD not in signed else None, status)
        self._show_people(uow, found, invites=may(uow, Permission.ORGANISATION_INVITE, case))

    def _show_people(self, uow: UnitOfWork, found: Arrangement | None, *, invites: bool) -> None:
        names = organisation_people(uow, found.organisation_id) if found else []
        self.people = ", ".join(names)
        self.invite_href = (
            routes.staff_provider_invite(found.organisation_id) if found and not names and invites else ""
        )

    def _href(self, route: str, case: Case, stream_id: UUID) -> str:
        return routes.of_phb(route, case.head.reference, stream=str(stream_id))


def _about(case: Case, found: Arrangement | None) -> Subject:
    """What the service will be asked about: an offer of this board, and who made it."""
    made_by = frozenset({found.sent_by} if found and found.sent_by else ())
    return Subject(icbs=frozenset({case.icb_id}), person_id=case.person_id, made_by=made_by)


def _because(uow: UnitOfWork, fee: Decision, sign: Decision | None, status: IsfStatus | None) -> str:
    """Why an approver may not decide what waits for one; nothing to anybody else."""
    if uow.actor.role is not Role.APPROVER:
        return ""
    if status is IsfStatus.FEE_WAITS:
        return fee.because
    return sign.because if sign else ""


def arrangement() -> rx.Component:
    """Where it stands, the offer with its answers, the agreement."""
    s = ArrangementState
    view = s.view
    return phb_page(
        "Third-party budget (ISF)",
        paragraph(s.stream_view.name, ". ", s.stream_view.payee, "."),
        when(s.stream_view.hindrance, inset(s.stream_view.hindrance)),
        when(s.because, inset(s.because)),
        rx.cond(view.round, _offer(s), paragraph("No organisation has been asked yet.")),
        when(
            s.offer_href,
            # Once confirmed, the next step is to sign; another round is the exception.
            rx.cond(
                view.agreement.id,
                link_button(s.offer_label, s.offer_href, kind="secondary"),
                link_button(s.offer_label, s.offer_href),
            ),
        ),
        when(view.agreement.id, _agreement(s)),
        state=s,
        up=("Money", s.head.money_href),
    )


def _offer(s: Any) -> rx.Component:
    view = s.view
    return rx.fragment(
        summary_list(
            [
                line("Organisation", view.organisation, user_led_tag(view.user_led)),
                line("Status", status_tag(view.status, ARRANGEMENT_COLOURS, otherwise="blue")),
                line("Round", view.round),
                line("Sent by", view.sent, shown=view.sent),
                line("Answer by", view.answer_by, shown=view.answer_by),
                line("Answered by", view.answered, shown=view.answered),
                line("Who signs in there", rx.cond(s.people, s.people, "Nobody yet")),
            ]
        ),
        when(view.warning, inset(view.warning)),
        when(s.invite_href, paragraph(link("Invite somebody of the organisation", s.invite_href))),
        when(
            s.may_decide_fee,
            confirm_hint(s),
            button_group(
                button("Approve the fee and send the offer", on_click=s.agree_fee),
                button("Turn the fee down", kind="secondary", on_click=s.refuse_fee),
            ),
        ),
        when(s.may_withdraw, button("Withdraw the offer", kind="secondary", on_click=s.withdraw)),
        heading("The offer and the answers"),
        lines_of(view.lines),
    )


def _agreement(s: Any) -> rx.Component:
    agreement = s.view.agreement
    return rx.fragment(
        heading("The agreement"),
        paragraph(status_tag(agreement.status, ARRANGEMENT_COLOURS)),
        agreement_words(agreement),
        heading("Signatures", level=3),
        signatures_table(agreement),
        when(s.paper_href, link_button("Record a signature on paper", s.paper_href, kind="secondary")),
        when(
            s.may_sign,
            narrow_form(
                checkbox("agreed", "I have read the agreement and sign it for the board", error=s.errors["agreed"]),
                button_group(button("Sign for the board")),
                on_submit=s.sign,
            ),
        ),
    )
