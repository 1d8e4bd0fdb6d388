"""Every page and its address: the one list of what the portal shows."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.pages.holder import my_budget, my_plan
from phbportal.pages.public import accessibility, home, problems
from phbportal.pages.public.visitor import Visitor
from phbportal.pages.staff import people
from phbportal.settings import settings


def add_to(app: rx.App) -> None:
    """Add every page; the title is the page's h1 and the brand."""
    _add(app, home.home, routes.HOME, "Home", Visitor.look)
    _add(app, accessibility.accessibility, routes.ACCESSIBILITY, "Accessibility statement", Visitor.look)
    _add(app, problems.problem, routes.PROBLEM, "Problem with the service", Visitor.look)
    _add(app, problems.not_found, routes.NOT_FOUND, "Page not found", Visitor.look)
    _add(app, problems.not_allowed, routes.NOT_ALLOWED, "No permission to see this page", Visitor.look)
    _add(app, problems.not_found, "404", "Page not found", Visitor.look)
    _add(app, my_budget.my_budget, routes.MY_BUDGET, "My budget", my_budget.MyBudgetState.load)
    _add(app, my_plan.my_plan, routes.MY_PLAN, "My plan", my_plan.MyPlanState.load)
    _add(app, people.people, routes.STAFF_PEOPLE, "People", people.PeopleState.load)


def _add(app: rx.App, component: Any, route: str, title: str, on_load: Any = None) -> None:
    app.add_page(component, route=route, title=f"{title} - {settings().brand}", on_load=on_load)
