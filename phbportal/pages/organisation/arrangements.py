"""An organisation's first page: what waits for it, and the arrangements it has, kept apart by its role in them."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.admin.frame import organisation_page
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads
from phbportal.edge.outcomes import PageState
from phbportal.pages.shared.arrangement import ARRANGEMENT_COLOURS, user_led_tag
from phbportal.pages.shared.payee_agreement import COLOURS as AGREEMENT_COLOURS
from phbportal.policy.permissions import Permission
from phbportal.queries.kept_accounts import KeptAccount, kept_accounts
from phbportal.queries.organisation_home import ArrangementRow, OwnOrganisation, arrangements, own_organisation
from phbportal.queries.organisation_parts import PartRow, other_parts
from phbportal.queries.planners import PlanToWrite, plans_to_write
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.cards import WorkItem, work_list
from phbportal.ui.tables import Column, link_cell, table
from phbportal.ui.tags import status_tag
from phbportal.ui.text import heading, lead, loading, paragraph
from phbportal.ui.values import when

NOTICES = {
    "confirmed": "You have accepted every line. The agreement can now be signed.",
    "changes": "Your answers are sent. The case manager will change the offer or talk to you.",
    "declined": "You have declined. You no longer see this person’s details.",
    "handed-in": "The plan is handed in. You no longer see it; the board goes on with it.",
}


class ArrangementsState(PageState, rx.State):
    """The organisation's own arrangements, as text."""

    organisation: OwnOrganisation = OwnOrganisation()
    rows: list[ArrangementRow] = []
    waiting: list[WorkItem] = []
    parts: list[PartRow] = []
    to_write: list[PlanToWrite] = []
    accounts: list[KeptAccount] = []

    @reads(Permission.OWN_ORGANISATION_READ)
    def load(self, uow: UnitOfWork) -> None:
        self.organisation = own_organisation(uow.session, uow.actor)
        self.rows = arrangements(uow.session, uow.actor, uow.today)
        self.waiting = [WorkItem(f"{r.to_do}: {r.person}", r.href, f"Paid by {r.board}") for r in self.rows if r.to_do]
        self.parts = other_parts(uow.session, uow.actor)
        self.to_write = plans_to_write(uow.session, uow.actor, uow.today)
        self.waiting += [
            WorkItem(f"Write the plan of {p.person}", p.href, f"{p.asked} by {p.board}") for p in self.to_write
        ]
        self.accounts = kept_accounts(uow.session, uow.actor, uow.today)
        self.waiting += [
            WorkItem(f"{one.to_do}: {one.person}", one.href, f"Paid by {one.board}")
            for one in self.accounts
            if one.to_do
        ]
        self.notice = NOTICES.get(params_of(self).get("done", ""), "")
        self.ready = True


def home() -> rx.Component:
    """What waits, then every arrangement."""
    s = ArrangementsState
    return organisation_page("Arrangements", rx.cond(s.ready, _content(s), loading()), state=s)


def _content(s: Any) -> rx.Component:
    return rx.fragment(
        lead(s.organisation.name, user_led_tag(s.organisation.user_led)),
        heading("What waits for you"),
        work_list(s.waiting, empty="Nothing waits for you."),
        heading("Money you hold for people (ISF)"),
        table(
            "Money you hold for people",
            [
                Column("Person", link_cell("person", "href")),
                Column("Paid by", "board"),
                Column("Status", lambda row: status_tag(row.status, ARRANGEMENT_COLOURS, otherwise="blue")),
                Column("To do", lambda row: rx.cond(row.to_do, row.to_do, "Nothing")),
            ],
            s.rows,
            empty="No board has asked you to hold money for anybody yet.",
            caption_hidden=True,
        ),
        when(
            s.accounts,
            heading("Accounts you keep for people"),
            table(
                "Accounts you keep for people",
                [
                    Column("Person", link_cell("person", "href")),
                    Column("Paid by", "board"),
                    Column("Agreement", lambda row: status_tag(row.status, AGREEMENT_COLOURS)),
                ],
                s.accounts,
                caption_hidden=True,
            ),
        ),
        heading("Plans you are asked to write"),
        table(
            "Plans you are asked to write",
            [Column("Person", link_cell("person", "href")), Column("Asked by", "board"), Column("Since", "asked")],
            s.to_write,
            empty="No board asks you to write a plan.",
            caption_hidden=True,
        ),
        rx.foreach(s.parts, _part),
    )


def _part(part: Any) -> rx.Component:
    """Another role of the organisation, apart from the money it holds."""
    return rx.fragment(
        heading(part.heading),
        rx.foreach(part.people, lambda words: paragraph(words)),
        rx.foreach(part.sees, lambda words: paragraph(words)),
    )
