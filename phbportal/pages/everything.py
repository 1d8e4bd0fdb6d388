"""Every page and its address: the one list of what the portal shows."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.pages.public import home
from phbportal.pages.staff import people, phb_pages
from phbportal.settings import settings


def add_to(app: rx.App) -> None:
    """Add every page; the title is the page's h1 and the brand."""
    _add(app, home.home, routes.HOME, "Personal health budgets")
    _add(app, people.people, routes.STAFF_PEOPLE, "People", people.PeopleState.load)
    for component, route, title, load in phb_pages.PAGES:
        _add(app, component, route, title, load)


def _add(app: rx.App, component: Any, route: str, title: str, on_load: Any = None) -> None:
    app.add_page(component, route=route, title=f"{title} - {settings().brand}", on_load=on_load)
