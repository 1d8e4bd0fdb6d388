"""The way to a plan on a budget's page: the tracker, offers and answers, the indicative budget, and their buttons."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.domain.path import BEFORE_PLANNING, IN_PLANNING
from phbportal.domain.phbs import PhbStatus
from phbportal.pages.staff.phb_acts import Act
from phbportal.pages.staff.phb_frame import STATUS_COLOURS, may
from phbportal.policy.permissions import Permission
from phbportal.queries.case_path import CasePath
from phbportal.queries.phbs import Case
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.sections import section
from phbportal.ui.tables import Column, line, summary_list, table
from phbportal.ui.tags import Colour, status_tag
from phbportal.ui.text import paragraph
from phbportal.ui.values import when

S = PhbStatus
DONE_COLOURS: dict[str, Colour] = {"Yes": "green", "Not yet": "orange"}


def path_buttons(uow: UnitOfWork, case: Case, path: CasePath) -> list[Act]:
    """What may be done before there is a plan: offer, answer, work the amount out, show it."""
    offers, told = may(uow, Permission.BUDGET_OFFER, case), path.indicative
    open_to_amounts = case.status in {S.ACCEPTED, S.ASSESSING, S.INDICATIVE_SET} | IN_PLANNING
    works_out = open_to_amounts and may(uow, Permission.INDICATIVE_WRITE, case)
    shows = bool(told.amount and not told.shown) and may(uow, Permission.INDICATIVE_SHOW, case)
    ways = [
        (offers and case.status is S.REFERRED, "Record the offer", routes.STAFF_PHB_OFFER, True),
        (offers and case.status is S.DECLINED, "Offer the budget again", routes.STAFF_PHB_OFFER, True),
        (offers and case.status is S.OFFERED, "Record the answer", routes.STAFF_PHB_ANSWER, True),
        (works_out and not told.amount, "Record the indicative budget", routes.STAFF_PHB_INDICATIVE, True),
        (shows, "Record that it was shown", routes.STAFF_PHB_SHOWN, True),
        (works_out and bool(told.amount), "Work out the indicative budget again", routes.STAFF_PHB_INDICATIVE, False),
    ]  # fmt: skip
    return [
        Act(words, routes.of_phb(route, case.head.reference), main) for possible, words, route, main in ways if possible
    ]


def waits_to_be_shown(case: Case, path: CasePath) -> bool:
    """Whether planning cannot begin yet, because the person has not been shown an amount."""
    return case.status in BEFORE_PLANNING and not path.indicative.shown


def track_section(s: Any) -> rx.Component:
    """The steps to live, and whose turn it is."""
    return when(
        s.track.turn,
        section(
            "track",
            "Where it is",
            paragraph(s.track.turn),
            table(
                "The way to a live budget",
                [
                    Column("Step", "words"),
                    Column("Status", lambda row: status_tag(row.status, STATUS_COLOURS)),
                    Column("Done on", "on"),
                ],
                s.track.steps,
                caption_hidden=True,
                compact=True,
            ),
        ),
    )


def set_up_section(s: Any) -> rx.Component:
    """What is still to be done before the budget goes live, by method."""
    return when(
        s.set_up,
        section(
            "set-up",
            "Setting up",
            table(
                "What must be done before it is paid",
                [
                    Column("Stream", "stream"),
                    Column("What", "words"),
                    Column("Is it done?", lambda row: rx.cond(row.status, status_tag(row.status, DONE_COLOURS), "")),
                ],
                s.set_up,
                caption_hidden=True,
                compact=True,
            ),
        ),
    )


def took(s: Any) -> rx.Component:
    """How long the parts of the way took."""
    return rx.foreach(s.track.measures, lambda words: paragraph(words))


def offers_section(s: Any) -> rx.Component:
    """The offers, and the indicative budget with what it was worked out from."""
    told = s.path.indicative
    return section(
        "offers",
        "Offer and indicative budget",
        table(
            "Offers",
            [
                Column("Offered on", "offered"),
                Column("How", "how"),
                Column("Answer", lambda row: status_tag(row.answer, STATUS_COLOURS)),
                Column("Answered", "answered"),
                Column("Reason", "reason"),
            ],
            s.path.offers,
            empty="No offer is recorded.",
            caption_hidden=True,
        ),
        when(
            told.amount,
            summary_list(
                [
                    line("Indicative budget", told.amount),
                    line("Worked out", told.worked_out, ". ", told.tool),
                    line("From", told.inputs),
                    line("Shown on", told.shown, shown=told.shown),
                ]
            ),
        ),
    )


def checks_list(s: Any) -> rx.Component:
    """Who checked the plan before it was approved."""
    return rx.foreach(s.path.checks, lambda words: paragraph(words))
