"""The six features every budget must have, as whoever checks or approves a plan sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import reflex as rx

from phbportal.queries.case_path import case_path
from phbportal.queries.phbs import case_of
from phbportal.services.plan_checks import plan_features
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.tables import Column, table
from phbportal.ui.tags import Colour, status_tag

COLOURS: dict[str, Colour] = {"Yes": "green", "Not yet": "orange"}


@dataclass(frozen=True, slots=True)
class FeatureLine:
    """One feature: what it is, whether the budget has it, and what to do where it has not."""

    words: str
    status: str
    todo: str


def feature_lines(uow: UnitOfWork, plan_id: UUID) -> list[FeatureLine]:
    """The six features of a plan's budget, as text."""
    return [
        FeatureLine(one.words, "Yes" if one.is_met else "Not yet", "" if one.is_met else one.otherwise)
        for one in plan_features(uow, plan_id)
    ]


def checks_of(uow: UnitOfWork, reference: str) -> list[str]:
    """Who has checked the plan so far, in sentences."""
    case = case_of(uow.session, uow.actor, uow.today, reference)
    return list(case_path(uow.session, uow.actor, uow.today, case.id).checks)


def features_table(lines: Any) -> rx.Component:
    """What every budget must have."""
    return table(
        "What every budget must have",
        [
            Column("It must be that", "words"),
            Column("Is it so?", lambda row: status_tag(row.status, COLOURS)),
            Column("What to do", "todo"),
        ],
        lines,
        compact=True,
    )
