"""A holder answers the offer of a budget."""

from __future__ import annotations

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import holder_page
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form
from phbportal.pages.shared.budget_offer import offer_form
from phbportal.policy.permissions import Permission
from phbportal.queries.ids import given_id
from phbportal.queries.own_offers import OwnOffer, own_offer
from phbportal.services.budget_offers import answer_own_offer, read_own_answer
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.links import back_link
from phbportal.ui.text import columns, loading


class MyOfferState(PageState, rx.State):
    """The offer that waits, if one does."""

    offer: OwnOffer = OwnOffer()

    @reads(Permission.OWN_BUDGET_READ)
    def load(self, uow: UnitOfWork) -> None:
        self.offer = own_offer(uow.session, uow.actor, uow.today)
        new_form(self)
        self.ready = True

    @writes(Permission.BUDGET_OFFER_ANSWER)
    def answer(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        said, reason = read_own_answer(form)
        answer_own_offer(uow, given_id(self.offer.phb), said, reason=reason)
        self.offer, self.notice = own_offer(uow.session, uow.actor, uow.today), "Your answer is sent to your team."


def my_offer() -> rx.Component:
    """What is offered, and the answer."""
    s = MyOfferState
    return holder_page(
        "An offer of a budget",
        rx.cond(s.ready, columns(offer_form(s, whom="you")), loading()),
        state=s,
        before=back_link(routes.MY_BUDGET, "My budget"),
    )
