"""A part in somebody's life: what it means, saying yes, stopping; and a representative's consent."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import acting_page
from phbportal.domain.roles import Role
from phbportal.domain.text import long_date
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form
from phbportal.pages.acting.parts import sentences_of
from phbportal.pages.holder.parts import listed
from phbportal.policy.permissions import Permission
from phbportal.queries.acted_for import PartView, part_of
from phbportal.queries.ids import given_id
from phbportal.services.acting import accept, read_reason, stop
from phbportal.services.consents import consented_on, give_consent
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group
from phbportal.ui.forms import form, textarea
from phbportal.ui.links import back_link, link
from phbportal.ui.notices import warning
from phbportal.ui.text import heading, loading, paragraph
from phbportal.ui.values import pick, when

NO_PART = PartView("", "", "", "", [], [], asks=False, may_stop=False)


class ActingPartState(PageState, rx.State):
    """One part, as text, and whether its holder consents for the person."""

    part: PartView = NO_PART
    consents: bool = False
    consented: str = ""

    @reads(Permission.ACTED_FOR_READ)
    def load(self, uow: UnitOfWork) -> None:
        self.part, person = part_of(uow.session, uow.actor, uow.today, self._id())
        self.consents = uow.actor.role is Role.REPRESENTATIVE and not self.part.standing
        on = consented_on(uow, person) if self.consents else None
        self.consented = f"A representative consented on {long_date(on)}." if on else ""
        new_form(self)
        self.ready = True

    @writes(Permission.ACTED_FOR_ANSWER)
    def accept(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        accept(uow, self._id())
        return rx.redirect(f"{routes.ACTING_FOR}?done=accepted")

    @writes(Permission.ACTED_FOR_ANSWER)
    def stop(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        stop(uow, self._id(), read_reason(form, "reason"))
        return rx.redirect(f"{routes.ACTING_FOR}?done=stopped")

    @writes(Permission.CONSENT_GIVE)
    def give(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        give_consent(uow, part_of(uow.session, uow.actor, uow.today, self._id())[1])
        return rx.redirect(f"{routes.ACTING_FOR}?done=consented")

    def _id(self) -> Any:
        return given_id(params_of(self).get("part", ""))


def part() -> rx.Component:
    """What it means first, then yes or no."""
    s = ActingPartState
    return acting_page(
        pick(s.part.whose, "Acting for " + s.part.whose, "Your part"),
        rx.cond(s.ready, _whole(), loading()),
        state=s,
        before=back_link(routes.ACTING_FOR, "People you act for"),
    )


def _whole() -> rx.Component:
    s: Any = ActingPartState
    return rx.fragment(
        sentences_of(s.part.standing),
        heading("What it means"),
        listed(s.part.duties, lambda words: words),
        when(
            s.part.asks,
            heading("Do you agree to act?"),
            paragraph("Your answer is kept with today’s date."),
            form(button_group(button("Yes, I agree to act")), on_submit=s.accept),
        ),
        when(s.consents, _consent(s)),
        when(~s.part.asks, paragraph(link("Decisions about " + s.part.whose, s.part.href + "/decisions"))),
        when(~s.part.asks, paragraph(link("Choose how you get letters", s.part.href + "/letters"))),
        when(s.part.represents, _more(s)),
        paragraph(link("Agreements about the money", s.part.href + "/direct-payment-agreement")),
        when(s.part.may_stop, _stopping(s)),
    )


def _consent(s: Any) -> rx.Component:
    """A representative's yes to a direct payment, or taking it back."""
    return rx.fragment(
        heading("Consent to a direct payment"),
        rx.cond(
            s.consented,
            rx.fragment(
                paragraph(s.consented, " You can withdraw it from today. Then no more direct payments are made."),
                paragraph(link("Withdraw the consent", s.part.href + "/consent")),
            ),
            rx.fragment(
                paragraph("A direct payment needs a consent. No representative has given one yet."),
                form(button_group(button("Give consent", kind="secondary")), on_submit=s.give),
            ),
        ),
    )


def _more(s: Any) -> rx.Component:
    """What else a representative does for the person, and may see for them."""
    return rx.fragment(
        heading("What else you can do for " + s.part.whose),
        when(s.part.may_nominate, paragraph(link("Propose a nominee", s.part.href + "/nominee"))),
        paragraph(link("The whole plan of " + s.part.whose, s.part.href + "/plan")),
        paragraph(link("Say how it goes before a review, or ask for one", s.part.href + "/review")),
        paragraph(link("Answer an offer of a budget", s.part.href + "/offer")),
        paragraph(link("Agreements with organisations that hold money", s.part.href + "/agreements")),
        paragraph(link("Documents of " + s.part.whose, s.part.href + "/documents")),
        paragraph(link("Who has looked at the record of " + s.part.whose, s.part.href + "/who-has-looked")),
    )


def _stopping(s: Any) -> rx.Component:
    return rx.fragment(
        heading(pick(s.part.asks, "Say no", "Stop acting")),
        when(
            ~s.part.asks,
            warning(
                paragraph(
                    "If money is paid to you, those payments stop at once. You will not see the money of ",
                    s.part.whose,
                    " any more.",
                )
            ),
        ),
        form(
            textarea("reason", "Why?", error=s.errors["reason"], hint="A few words are enough", rows=3),
            button_group(
                button(pick(s.part.asks, "No, I do not want to act", "Stop acting"), kind="warning"),
            ),
            on_submit=s.stop,
        ),
    )
