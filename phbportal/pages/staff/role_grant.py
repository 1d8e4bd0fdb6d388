"""A proposed role: what there is and what there would be, a second person's decision, an invitation's code."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.admin.confirming import confirm_hint
from phbportal.admin.frame import staff_page
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState
from phbportal.policy.permissions import Permission
from phbportal.queries.ids import given_id
from phbportal.queries.role_grants import GrantView, grant_view
from phbportal.services.role_grants import grant, make_code, refuse, withdraw_grant
from phbportal.services.role_proposals import read_refusal
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.settings import settings
from phbportal.ui.buttons import button, button_group
from phbportal.ui.forms import form, textarea
from phbportal.ui.letters import letter
from phbportal.ui.links import breadcrumb, link
from phbportal.ui.notices import inset, warning
from phbportal.ui.tables import line, summary_list
from phbportal.ui.tags import Colour, status_tag
from phbportal.ui.text import columns, heading, paragraph
from phbportal.ui.values import pick, when

COLOURS: dict[str, Colour] = {"Waiting for a second person": "yellow", "Granted": "green", "Refused": "red"}
DONE = {
    "proposed": "It is proposed. Another person must grant it; it is on their work list.",
    "granted": "You have granted it.",
    "refused": "You have refused it. Whoever proposed it can read why.",
    "withdrawn": "It is withdrawn.",
}
ADDRESS = f"{settings().public_origin}/auth/invitation"


class RoleGrantState(PageState, rx.State):
    """One proposal, as text; ``made`` is a code just made, which is nowhere once the page is left."""

    view: GrantView = GrantView()
    made: str = ""

    @reads(Permission.ROLE_GRANT_READ)
    def load(self, uow: UnitOfWork) -> None:
        self.made = ""
        self._show(uow)
        self.notice = DONE.get(params_of(self).get("done", ""), "")
        self.ready = True

    @writes(Permission.ROLE_GRANT_DECIDE, step_up=True)
    def grant(self, uow: UnitOfWork) -> object:
        grant(uow, self._id())
        return self._again("granted")

    @writes(Permission.ROLE_GRANT_DECIDE)
    def refuse(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        refuse(uow, self._id(), read_refusal(form))
        return self._again("refused")

    @writes(Permission.ROLE_GRANT_PROPOSE)
    def withdraw(self, uow: UnitOfWork) -> object:
        withdraw_grant(uow, self._id())
        return self._again("withdrawn")

    @writes(Permission.USER_INVITE, step_up=True)
    def make(self, uow: UnitOfWork) -> None:
        self.made = make_code(uow, self._id())
        self._show(uow)

    def _id(self) -> UUID:
        return given_id(params_of(self).get("grant", ""))

    def _show(self, uow: UnitOfWork) -> None:
        self.view = grant_view(uow.session, uow.actor, uow.now, uow.today, self._id())

    def _again(self, code: str) -> Any:
        return rx.redirect(f"{routes.staff_role_grant(self._id())}?done={code}")


def role_grant() -> rx.Component:
    """Before and after; the decision; the code."""
    s = RoleGrantState
    view = s.view
    return staff_page(
        "A role to grant",
        when(s.made != "", _code(s)),
        when(
            s.ready,
            summary_list(
                [
                    line("Status", status_tag(view.status, COLOURS)),
                    line("What", view.kind),
                    line("Who", pick(view.user_href, link(view.who, view.user_href), rx.fragment(view.who))),
                    line("E-mail address", view.email, shown=view.email),
                    line("Today", view.before),
                    line("If granted", view.after),
                    line("Why", view.reason),
                    line("Proposed by", view.proposed),
                    line("Decided by", view.decided, shown=view.decided),
                    line("Refused because", view.refusal, shown=view.refusal),
                    line("Code", view.code, shown=view.code),
                ]
            ),
        ),
        when(view.because, inset(view.because)),
        when(view.may_decide, _decision(s)),
        when(
            view.may_make_code,
            heading("The code"),
            paragraph("The person signs in with this code once. It is shown once; an earlier one stops working."),
            confirm_hint(s),
            button_group(button("Make the code", on_click=s.make)),
        ),
        when(view.may_withdraw, button_group(button("Withdraw it", kind="secondary", on_click=s.withdraw))),
        state=s,
        before=breadcrumb(("Work", routes.STAFF)),
    )


def _code(s: Any) -> rx.Component:
    return rx.fragment(
        warning(
            "Give it to nobody else. It is shown once, so before you leave print this page or write the code down. "
            "Only the address and the code are printed.",
            heading="The code",
        ),
        letter(ADDRESS, s.made),
    )


def _decision(s: Any) -> rx.Component:
    return columns(
        heading("Your decision"),
        paragraph("Make sure that they need it. You answer for it, with whoever proposed it."),
        confirm_hint(s),
        button_group(button("Grant it", on_click=s.grant)),
        form(
            textarea(
                "refusal", "Or say why you refuse", error=s.errors["refusal"], rows=3,
                hint="Whoever proposed it reads this",
            ),
            button_group(button("Refuse it", kind="secondary")),
            on_submit=s.refuse,
        ),
    )  # fmt: skip
