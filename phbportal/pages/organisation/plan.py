"""The plan an organisation is asked to write for somebody."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import organisation_page
from phbportal.pages.shared.plan_draft import DraftPage, draft_content
from phbportal.ui.links import back_link
from phbportal.ui.text import loading


class OrganisationPlanState(DraftPage, rx.State):
    """The draft."""

    _home: str = routes.ORGANISATION


def plan() -> rx.Component:
    """The draft, whole."""
    s: Any = OrganisationPlanState
    return organisation_page(
        "Plan of " + s.view.person,
        rx.cond(s.ready, draft_content(s), loading()),
        state=s,
        before=back_link(routes.ORGANISATION, "Arrangements"),
    )
