"""The overview: what a role's work comes to, in figures and pictures."""

from __future__ import annotations

import reflex as rx

from phbportal import routes
from phbportal.admin.dashboard_page import dashboard_body
from phbportal.admin.dashboard_state import DashboardState
from phbportal.admin.frame import staff_page
from phbportal.ui.links import back_link


def overview() -> rx.Component:
    """The dashboard of whoever asks, whole."""
    s = DashboardState
    return staff_page("Overview", dashboard_body(), state=s, caption=s.title, before=back_link(routes.STAFF, "Work"))
