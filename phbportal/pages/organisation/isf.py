"""One arrangement of an organisation: the offer with its twelve lines to answer, the agreement to sign, the money."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import organisation_page
from phbportal.domain.isf import LINES, AgreementStatus, IsfStatus, Party
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import new_form
from phbportal.pages.shared.arrangement import (
    ARRANGEMENT_COLOURS,
    agreement_words,
    lines_of,
    signatures_table,
)
from phbportal.pages.shared.before_review import BeforeReview, before_review
from phbportal.policy.permissions import Permission
from phbportal.queries.arrangements import Arrangement, ArrangementView, LineView, offer_in_sight
from phbportal.queries.ids import given_id
from phbportal.queries.organisation_home import StreamMoney, stream_money
from phbportal.services.agreements import read_agreed, sign_agreement
from phbportal.services.isf_answers import read_answers, save_answers, send_answers, wants_to_send
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group
from phbportal.ui.choices import Choice, checkbox, radios
from phbportal.ui.forms import form, text_input, textarea
from phbportal.ui.links import back_link, link
from phbportal.ui.notices import inset
from phbportal.ui.tables import Column, line, summary_list, table
from phbportal.ui.tags import status_tag
from phbportal.ui.text import columns, heading, loading, paragraph
from phbportal.ui.values import when

ANSWERS = [Choice("ACCEPTED", "Accept"), Choice("QUERIED", "Query"), Choice("DECLINED", "Decline")]
ACTS = [Choice("save", "Keep my answers and go on later"), Choice("send", "Send my answers to the board")]
DONE = {IsfStatus.CONFIRMED: "confirmed", IsfStatus.CONFIRMED_WITH_CHANGES: "changes", IsfStatus.DECLINED: "declined"}


class IsfState(BeforeReview, rx.State):
    """An arrangement as text; ``role`` is what the person said last that they do."""

    view: ArrangementView = ArrangementView()
    lines: list[LineView] = []
    money: StreamMoney = StreamMoney()
    role: str = ""
    may_answer: bool = False
    may_sign: bool = False
    running: bool = False
    _offer: UUID | None = None
    _agreement: UUID | None = None

    @reads(Permission.OWN_ORGANISATION_READ)
    def load(self, uow: UnitOfWork) -> None:
        self._show(uow)
        new_form(self)
        self.ready = True

    @writes(Permission.ARRANGEMENT_ANSWER)
    def answer(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        return self._send(uow, form) if wants_to_send(form) else self._keep(uow, form)

    @writes(Permission.AGREEMENT_SIGN)
    def sign(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        sign_agreement(uow, self._seen(self._agreement), role_words=read_agreed(form, needs_role=True))
        self._show(uow)
        self.notice = "You have signed the agreement for your organisation."

    def _keep(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        save_answers(uow, self._seen(self._offer), read_answers(form))
        self._show(uow)
        self.notice = "Your answers are kept. They are not sent yet."

    def _send(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        offer, entry = self._seen(self._offer), read_answers(form)
        done = uow.once("isf answers", self.form_key, form, lambda: send_answers(uow, offer, entry).value)
        return rx.redirect(f"{routes.ORGANISATION}?done={DONE[IsfStatus(done)]}")

    def _show(self, uow: UnitOfWork) -> None:
        stream_id = given_id(params_of(self).get("stream", ""))
        found = offer_in_sight(uow.session, uow.actor, uow.today, stream_id)
        self.view, self.lines, self.role = found.view, list(found.view.lines), found.role
        self.money = stream_money(uow.session, uow.actor, uow.today, stream_id)
        self._offer, self._agreement = found.offer_id, found.agreement_id
        uow.saw("arrangement", person_id=found.person_id, phb_id=found.phb_id, icb_id=found.icb_id)
        self.may_answer, self.may_sign = found.status is IsfStatus.SENT, _waits_for_us(found)
        self.running = found.agreement_status is AgreementStatus.IN_FORCE
        self._show_to_come(uow, stream_id=stream_id)

    def _seen(self, shown: UUID | None) -> UUID:
        """What was on the page: not another that took its place since."""
        return given_id(str(shown or ""))


def _waits_for_us(found: Arrangement) -> bool:
    return found.agreement_status is AgreementStatus.OPEN and Party.ORGANISATION not in found.signed


def isf() -> rx.Component:
    """The offer or the agreement, whichever waits; then the money and whom to ask."""
    s = IsfState
    return organisation_page(
        "Money held for " + s.view.person,
        rx.cond(s.ready, columns(_content(s)), loading()),
        state=s,
        before=back_link(routes.ORGANISATION, "Arrangements"),
    )


def _content(s: Any) -> rx.Component:
    view = s.view
    return rx.fragment(
        summary_list(
            [
                line("Status", status_tag(view.status, ARRANGEMENT_COLOURS, otherwise="blue")),
                line("Paid by", view.board),
                line("Budget", view.reference),
                line("Sent by", view.sent, shown=view.sent),
                line("Answer by", view.answer_by, shown=view.answer_by),
                line("Answered by", view.answered, shown=view.answered),
            ]
        ),
        when(view.warning, inset(view.warning)),
        _plan(s),
        rx.cond(s.may_answer, _questions(s), rx.fragment(heading("The offer and your answers"), lines_of(s.lines))),
        when(view.agreement.id, _agreement(s)),
        when(s.running, _money(s), before_review(s)),
        _contact(s),
    )


def _plan(s: Any) -> rx.Component:
    return rx.fragment(
        heading("From the plan"),
        table(
            "From the plan",
            [Column("Part", "kind"), Column("What it says", "words")],
            s.money.plan,
            empty="No part of the plan is shared with you.",
            caption_hidden=True,
        ),
    )


def _questions(s: Any) -> rx.Component:
    """The twelve lines, each with its own answer; one form, saved or sent."""
    return rx.fragment(
        heading("The offer"),
        paragraph("Read each line. Accept it, ask about it, or decline it. You can keep your answers and go on later."),
        form(
            text_input(
                "role", "What do you do at your organisation?", value=s.role, error=s.errors["role"],
                hint="For example, manager. It is kept beside each answer, with your name and the time.", width="20",
            ),
            *[_question(s, number) for number in LINES],
            radios("act", "What do you want to do now?", ACTS, value="save", error=s.errors["act"]),
            button_group(button("Continue")),
            on_submit=s.answer,
        ),
    )  # fmt: skip


def _question(s: Any, number: int) -> rx.Component:
    one, answer, comment = s.lines[number - 1], f"a{number}", f"c{number}"
    return rx.fragment(
        heading(f"{number}. {LINES[number]}", level=3, size="s"),
        paragraph(one.words),
        radios(
            answer, f"Your answer to line {number}", ANSWERS, value=one.answer, error=s.errors[answer], inline=True
        ),
        textarea(
            comment, f"What do you ask about line {number}, or why do you decline it?", value=one.comment,
            error=s.errors[comment], hint="Leave empty if you accept it", rows=2,
        ),
    )  # fmt: skip


def _agreement(s: Any) -> rx.Component:
    agreement = s.view.agreement
    return rx.fragment(
        heading("The agreement"),
        paragraph(status_tag(agreement.status, ARRANGEMENT_COLOURS)),
        agreement_words(agreement),
        heading("Signatures", level=3),
        signatures_table(agreement),
        when(
            s.may_sign,
            form(
                text_input("role", "What do you do at your organisation?", value=s.role, error=s.errors["role"],
                           width="20"),
                checkbox("agreed", "I have read the agreement and sign it for my organisation",
                         error=s.errors["agreed"]),
                button_group(button("Sign the agreement")),
                on_submit=s.sign,
            ),
        ),
    )  # fmt: skip


def _money(s: Any) -> rx.Component:
    money = s.money
    return rx.fragment(
        heading("The money"),
        summary_list([line("With you now", money.held), line("Spent so far", money.spent)]),
        table(
            "Payments to you",
            [Column("Paid on", "on"), Column("For", "days"), Column("Amount", "amount", numeric=True)],
            money.payments,
            empty="Nothing has been paid to you yet.",
            size="s",
        ),
    )


def _contact(s: Any) -> rx.Component:
    money = s.money
    return rx.fragment(
        heading("Who to ask"),
        paragraph("The case manager is ", rx.cond(money.manager, money.manager, "not named yet"), "."),
        when(money.email, paragraph("E-mail: ", link(money.email, "mailto:" + money.email, leaves=True))),
        when(money.telephone, paragraph("Telephone: ", money.telephone)),
        paragraph("Say the number of the budget: ", rx.el.strong(s.view.reference), "."),
    )
