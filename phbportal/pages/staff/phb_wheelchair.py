"""A wheelchair on its budget's page: what it costs, how that was worked out, who adds to it, how long it lasts."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.ui.sections import section
from phbportal.ui.tables import line, summary_list
from phbportal.ui.text import bullets, paragraph
from phbportal.ui.values import when


def wheelchair_section(s: Any) -> rx.Component:
    """Nothing where the budget has no wheelchair."""
    chair = s.wheelchair
    facts = summary_list(
        [
            line("Chair", chair.chair),
            line("How it is provided", chair.way),
            line("Budget", chair.budget),
            line("Paid by others", chair.others, shown=chair.others),
            line("How it was worked out", chair.working),
            line("Handed over on", chair.issued, shown=chair.issued),
            line("Runs to", chair.expires, shown=chair.expires),
            line("Looked at again on", chair.review, shown=chair.review),
        ]
    )
    adds = when(chair.adds, paragraph("Who adds to it:"), bullets(chair.adds))
    return when(
        chair.id, section("wheelchair", "Wheelchair", facts, adds, when(chair.unpromised, paragraph(chair.unpromised)))
    )
