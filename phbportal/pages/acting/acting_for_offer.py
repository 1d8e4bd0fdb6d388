"""A representative answers the offer of a budget for the person who cannot decide alone."""

from __future__ import annotations

from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import acting_page
from phbportal.domain.errors import NotFound
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form
from phbportal.pages.shared.budget_offer import offer_form
from phbportal.policy.permissions import Permission
from phbportal.queries.acted_for import part_of
from phbportal.queries.ids import given_id
from phbportal.queries.own_offers import OwnOffer, own_offer
from phbportal.services.budget_offers import answer_own_offer, read_own_answer
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.links import back_link
from phbportal.ui.text import columns, loading
from phbportal.ui.values import pick


class ActingOfferState(PageState, rx.State):
    """The offer that waits for the person, if one does."""

    whose: str = ""
    offer: OwnOffer = OwnOffer()

    @reads(Permission.ACTED_FOR_READ)
    def load(self, uow: UnitOfWork) -> None:
        self.offer = own_offer(uow.session, uow.actor, uow.today, person_id=self._person(uow))
        new_form(self)
        self.ready = True

    @writes(Permission.BUDGET_OFFER_ANSWER)
    def answer(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        said, reason = read_own_answer(form)
        answer_own_offer(uow, given_id(self.offer.phb), said, reason=reason)
        self.offer = own_offer(uow.session, uow.actor, uow.today, person_id=self._person(uow))
        self.notice = "Your answer is sent to the team."

    def _person(self, uow: UnitOfWork) -> UUID:
        part_id = given_id(params_of(self).get("part", ""))
        part, person_id = part_of(uow.session, uow.actor, uow.today, part_id)
        if not part.represents:
            raise NotFound()
        self.whose = part.whose
        return person_id


def offer() -> rx.Component:
    """What is offered, and the answer for the person."""
    s = ActingOfferState
    return acting_page(
        pick(s.whose, "An offer of a budget for " + s.whose, "An offer of a budget"),
        rx.cond(s.ready, columns(offer_form(s, whom=s.whose)), loading()),
        state=s,
        before=back_link(routes.ACTING_FOR, "People you act for"),
    )
