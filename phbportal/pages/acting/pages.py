"""The pages of people who act for others: component, address, title, and what fills it."""

from __future__ import annotations

from typing import Any

from phbportal import routes
from phbportal.pages.acting import (
    acting_for,
    acting_for_agreements,
    acting_for_budget,
    acting_for_decisions,
    acting_for_nominee,
    acting_for_part,
    acting_for_who_looked,
)

PAGES: tuple[tuple[Any, str, str, Any], ...] = (
    (acting_for.acting_for, routes.ACTING_FOR, "People you act for", acting_for.ActingForState.load),
    (acting_for_budget.budget, routes.ACTING_FOR_PHB, "Money you look after", acting_for_budget.ActingBudgetState.load),
    (acting_for_part.part, routes.ACTING_FOR_PART, "Your part", acting_for_part.ActingPartState.load),
    (
        acting_for_nominee.nominee, routes.ACTING_FOR_NOMINEE, "Propose a nominee",
        acting_for_nominee.ActingNomineeState.load,
    ),
    (
        acting_for_agreements.agreements, routes.ACTING_FOR_AGREEMENTS, "Agreements",
        acting_for_agreements.ActingAgreementsState.load,
    ),
    (
        acting_for_decisions.decisions, routes.ACTING_FOR_DECISIONS, "Decisions",
        acting_for_decisions.ActingDecisionsState.load,
    ),
    (
        acting_for_decisions.decision, routes.ACTING_FOR_DECISION, "A decision",
        acting_for_decisions.ActingDecisionState.load,
    ),
    (
        acting_for_who_looked.who_looked, routes.ACTING_FOR_WHO_LOOKED, "Who has looked",
        acting_for_who_looked.ActingWhoLookedState.load,
    ),
)  # fmt: skip
