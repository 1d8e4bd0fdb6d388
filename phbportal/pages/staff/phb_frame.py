"""What every page of a budget shares: finding the budget of the address, its head, the notice of what just happened."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import staff_page
from phbportal.edge.here import params_of
from phbportal.edge.outcomes import PageState
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.queries.paging import Place
from phbportal.queries.phbs import Case, PhbHead, case_of
from phbportal.queries.views import kept_view
from phbportal.resources.colours import PHB_COLOURS
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.views import keep_view
from phbportal.ui.forms import form
from phbportal.ui.links import breadcrumb
from phbportal.ui.tags import Colour
from phbportal.ui.text import columns

NOTICES: dict[str, str] = {
    "opened": "The budget is open. Offer it to the person next, and record the offer.",
    "started": "You have started a plan.",
    "section": "The section is saved.",
    "shared": "The plan is shared. The person sees it in the portal, and can say something about it.",
    "excuse": "The service is proposed. An approver must agree that the money may buy it; it is on their work list.",
    "words": "The words of the plan are saved.",
    "outcome": "The outcome is added.",
    "service": "The service is added.",
    "submitted": "The plan and its budget are sent for clinical sign-off.",
    "signed": "You have signed the plan off. Finance checks its money next.",
    "checked": "You have checked the money. The plan now waits for approval.",
    "approved-first": "You have approved the plan. It is above what one person approves, so another approver must too.",
    "budget-offered": "The offer is recorded. Record the answer when the person gives it.",
    "answered": "The answer is recorded.",
    "indicative": "The indicative budget is recorded. Show it to the person next.",
    "shown": "It is recorded that the indicative budget was shown. Planning can begin.",
    "assessing": "The assessment has begun.",
    "approved": "You have approved the plan. Its money is now in the budget.",
    "returned": "The plan is returned for changes.",
    "stream": "The stream is added.",
    "line": "The budget line is added.",
    "funding": "It is noted who pays.",
    "account": "The bank details are entered. Another finance officer must approve them.",
    "account-approved": "You have approved the bank details.",
    "account-rejected": "You have rejected the bank details.",
    "payment": "The payment is recorded. Another finance officer must confirm it.",
    "confirmed": "You have confirmed the payment.",
    "cancelled": "The payment is cancelled. Its money is available again.",
    "spending": "It is recorded.",
    "document": "The document is kept.",
    "offer": "The offer is sent. The organisation has 14 days to answer.",
    "offer-waits": "The offer is made. Its fee is above the usual, so an approver must agree before it is sent.",
    "paper": "The signature is recorded.",
    "review": "The review is saved. What it left to do is on the work list.",
    "case-manager": "The budget has another case manager now.",
}
"""The sentence for each code a page may be sent back with: no words of anybody's ever stand in an address."""

STATUS_COLOURS: dict[str, Colour] = {
    "Paid": "green",
    "Held": "green",
    "Agreed": "green",
    "Ready to pay": "green",
    "Waiting for approval": "yellow",
    "Waiting to be confirmed": "yellow",
    "Waiting for a second person": "yellow",
    "Sent for sign-off": "yellow",
    "Due": "yellow",
    "Overdue": "orange",
    "Winding down": "orange",
    "Rejected": "red",
    "Failed": "red",
    "Cancelled": "grey",
    "Ended": "grey",
    "Replaced": "grey",
    "Not needed": "grey",
    "Replaced by a later plan": "grey",
    **PHB_COLOURS,
}
"""The colours of every status a budget's pages show; a budget's own come from where every page has them."""


class PhbPage(PageState, mixin=True):
    """The state of a page about one budget: the one whose reference stands in the address."""

    head: PhbHead = PhbHead()

    def _param(self, name: str) -> str:
        return str(params_of(self).get(name, ""))

    def _case(self, uow: UnitOfWork) -> Case:
        return case_of(uow.session, uow.actor, uow.today, self._param("phb"))

    def _open(self, uow: UnitOfWork, page: str) -> Case:
        case = self._case(uow)
        self.head, self.notice = case.head, NOTICES.get(self._param("done"), "")
        uow.saw(page, person_id=case.person_id, phb_id=case.id)
        return case

    def _place(self, uow: UnitOfWork, page: str) -> Place:
        view = kept_view(uow.session, uow.actor, page, self._param("view"))
        return Place(view.cursor, view.direction)

    def _turn(self, uow: UnitOfWork, page: str, route: str, cursor: str, direction: str) -> Any:
        view = keep_view(uow, page, cursor=cursor, direction=direction)
        return rx.redirect(routes.of_phb(route, self.head.reference, view=str(view)))

    def _back(self, route: str, done: str) -> Any:
        return rx.redirect(routes.of_phb(route, self._param("phb"), done=done))


def may(uow: UnitOfWork, permission: Permission, case: Case) -> bool:
    """Whether the actor may do this to what belongs to the budget's board and has no maker of its own."""
    return uow.decide(permission, Subject(icbs=frozenset({case.icb_id}), person_id=case.person_id)).allowed


def narrow_form(*content: rx.Component, on_submit: Any) -> rx.Component:
    """A form held to a readable width."""
    return columns(form(*content, on_submit=on_submit))


def phb_page(
    title: Any, *content: Any, state: Any, up: tuple[str, Any] | None = None, top: bool = False
) -> rx.Component:
    """A page about a budget. ``up`` is the page between it and the budget; ``top`` is the budget's own page."""
    steps: list[tuple[Any, Any]] = [("People", routes.STAFF_PEOPLE)]
    if not top:
        steps.append((state.head.reference, state.head.href))
    if up is not None:
        steps.append(up)
    who = rx.cond(state.head.person, state.head.reference + ", " + state.head.person, state.head.reference)
    return staff_page(
        title,
        rx.cond(state.ready, rx.fragment(*content), rx.fragment()),
        state=state,
        before=rx.cond(state.ready, breadcrumb(*steps), rx.fragment()),
        caption=who,
    )
