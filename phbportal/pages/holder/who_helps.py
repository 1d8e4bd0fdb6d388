"""Who helps a budget holder, what each of them does, and what each of them can see."""

from __future__ import annotations

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import holder_page
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState
from phbportal.pages.holder.parts import listed, part
from phbportal.policy.permissions import Permission
from phbportal.queries.holder_helpers import HelperView, own_helpers
from phbportal.services.people import set_easy_read
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import link_button
from phbportal.ui.easy_read import easy_read_switch, said
from phbportal.ui.text import heading, loading, paragraph
from phbportal.ui.values import pick, when

DONE = {"proposed": "Your case manager has been told whom you propose. They will talk with you about it."}


class WhoHelpsState(PageState, rx.State):
    """Everybody who helps, as text."""

    helpers: list[HelperView] = []
    why_not: str = ""
    easy_read: bool = False

    @reads(Permission.OWN_BUDGET_READ)
    def load(self, uow: UnitOfWork) -> None:
        found = own_helpers(uow.session, uow.actor, uow.today)
        self.helpers, self.why_not, self.easy_read = found.helpers, found.why_not, found.easy_read
        self.notice = DONE.get(params_of(self).get("done", ""), "")
        self.ready = True

    @writes(Permission.OWN_SETTINGS_WRITE)
    def read_easily(self, uow: UnitOfWork, on: bool) -> None:
        set_easy_read(uow, on)
        self.easy_read = on


def who_helps() -> rx.Component:
    """One section for each; then how to propose a nominee."""
    s = WhoHelpsState
    return holder_page(
        "Who helps me",
        easy_read_switch(s.easy_read, turn=s.read_easily(~s.easy_read)),
        rx.cond(
            s.ready, rx.fragment(pick(s.helpers, rx.foreach(s.helpers, _helper), _nobody()), _nominee()), loading()
        ),
        state=s,
        easy_read=s.easy_read,
    )


def _helper(helper: rx.Var[HelperView]) -> rx.Component:
    easy = WhoHelpsState.easy_read
    return rx.el.section(
        heading(helper.name, size="l"),
        part("person", helper.what, said(helper.sentences, apart=easy), easy=easy),
        part(
            "list", "What they can see", said(helper.sees, apart=easy),
            when(helper.parts, listed(helper.parts, lambda words: words)), easy=easy,
        ),
        class_name="phb-budget",
    )  # fmt: skip


def _nobody() -> rx.Component:
    return rx.fragment(
        paragraph("Nobody is written down who helps you."), paragraph("Tell your team if somebody does.")
    )


def _nominee() -> rx.Component:
    """A nominee is the one of these whom somebody chooses here."""
    s = WhoHelpsState
    easy = s.easy_read
    return rx.el.section(
        heading("Do you want a nominee?"),
        part(
            "talk", "What a nominee is",
            paragraph("A nominee is paid your direct payment in your place."),
            paragraph("They look after the money and answer for it."),
            pick(
                s.why_not,
                paragraph(s.why_not),
                link_button("Propose a nominee", routes.MY_NOMINEE, kind="secondary"),
            ),
            easy=easy,
        ),
    )  # fmt: skip
