"""Every page and its address: the one list of what the portal shows."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin import pages as engine_pages
from phbportal.admin.beside_state import BesideState
from phbportal.admin.dashboard_state import DashboardState
from phbportal.pages.acting import pages as acting_pages
from phbportal.pages.holder import (
    my_agreements,
    my_budget,
    my_decisions,
    my_offer,
    my_payee_agreement,
    my_plan,
    my_review,
    propose_nominee,
    who_helps,
    who_looked,
)
from phbportal.pages.holder import pages as holder_pages
from phbportal.pages.organisation import pages as organisation_pages
from phbportal.pages.public import accessibility, home, problems
from phbportal.pages.public.visitor import Visitor
from phbportal.pages.staff import (
    change_pages,
    office_pages,
    overview,
    person,
    person_budget,
    person_capacity,
    person_check,
    person_consent,
    person_death,
    person_details,
    person_eligibility,
    person_helper,
    person_helper_new,
    person_sign_in,
    phb_pages,
    provider,
    provider_invite,
    provider_merge,
    task,
    work,
)
from phbportal.resources import dashboards
from phbportal.resources.everything import declare
from phbportal.settings import settings


def add_to(app: rx.App) -> None:
    """Add every page; the title is the page's h1 and the brand."""
    declare()
    _add(app, home.home, routes.HOME, "Home", Visitor.look)
    _add(app, accessibility.accessibility, routes.ACCESSIBILITY, "Accessibility statement", Visitor.look)
    _add(app, problems.problem, routes.PROBLEM, "Problem with the service", Visitor.look)
    _add(app, problems.not_found, routes.NOT_FOUND, "Page not found", Visitor.look)
    _add(app, problems.not_allowed, routes.NOT_ALLOWED, "No permission to see this page", Visitor.look)
    _add(app, problems.not_found, "404", "Page not found", Visitor.look)
    _add(app, my_budget.my_budget, routes.MY_BUDGET, "My budget", my_budget.MyBudgetState.load)
    _add(app, my_agreements.my_agreements, routes.MY_AGREEMENTS, "My agreements", my_agreements.MyAgreementsState.load)
    _add(app, my_offer.my_offer, routes.MY_OFFER, "An offer of a budget", my_offer.MyOfferState.load)
    _add(
        app, my_payee_agreement.my_payee_agreement, routes.MY_PAYEE_AGREEMENT, "Agreements about my money",
        my_payee_agreement.MyPayeeAgreementState.load,
    )  # fmt: skip
    for page, address, title, fill in (*organisation_pages.PAGES, *holder_pages.PAGES):
        _add(app, page, address, title, fill)
    _add(app, my_plan.my_plan, routes.MY_PLAN, "My plan", my_plan.MyPlanState.load)
    _add(app, my_review.my_review, routes.MY_REVIEW, "My review", my_review.MyReviewState.load)
    _add(app, my_decisions.my_decisions, routes.MY_DECISIONS, "Decisions", my_decisions.MyDecisionsState.load)
    _add(
        app, my_decisions.my_decision, routes.MY_DECISION, "A decision about your budget",
        my_decisions.MyDecisionState.load,
    )  # fmt: skip
    _add(app, who_helps.who_helps, routes.MY_HELPERS, "Who helps me", who_helps.WhoHelpsState.load)
    _add(
        app, propose_nominee.propose_nominee, routes.MY_NOMINEE, "Propose a nominee",
        propose_nominee.ProposeNomineeState.load,
    )  # fmt: skip
    _add(app, who_looked.who_looked, routes.MY_WHO_LOOKED, "Who has looked", who_looked.WhoLookedState.load)
    _add_people(app)
    _add_acting(app)
    for component, route, title, load in office_pages.PAGES:
        _add(app, component, route, title, load)
    for component, route, title, load in engine_pages.PAGES:
        _add(app, component, route, title, load)
    for component, route, title, load in change_pages.PAGES:
        _add(app, component, route, title, load)
    for component, route, title, load in phb_pages.PAGES:
        _add(app, component, route, title, load)


def _add_people(app: rx.App) -> None:
    """The staff's own pages, of people and of organisations."""
    dashboards.declare()
    figures = [DashboardState.load, DashboardState.count]
    _add(app, work.staff_work, routes.STAFF, "Work", [work.WorkState.load, *figures])
    _add(app, overview.overview, routes.STAFF_OVERVIEW, "Overview", [*figures, DashboardState.draw])
    _add(app, task.task, routes.STAFF_TASK, "Task", task.TaskState.load)
    _add(app, person_details.new_person, routes.STAFF_NEW_PERSON, "Add a person", person_details.NewPersonState.load)
    _add(app, person.person, routes.STAFF_PERSON, "Person", [person.PersonState.load, BesideState.look])
    _add(
        app, person_details.change, routes.STAFF_PERSON_CHANGE, "Change details", person_details.ChangePersonState.load
    )
    _add(
        app, person_eligibility.eligibility, routes.STAFF_PERSON_ELIGIBILITY, "Record eligibility",
        person_eligibility.EligibilityState.load,
    )  # fmt: skip
    _add(app, person_consent.consent, routes.STAFF_PERSON_CONSENT, "Record a consent", person_consent.ConsentState.load)
    _add(
        app, person_consent.withdrawal, routes.STAFF_PERSON_WITHDRAWAL, "Record a withdrawal",
        person_consent.WithdrawalState.load,
    )  # fmt: skip
    _add(app, person_check.check, routes.STAFF_PERSON_CHECK, "Check for a direct payment", person_check.CheckState.load)
    _add(app, person_budget.new_budget, routes.STAFF_PERSON_BUDGET, "Open a budget", person_budget.NewBudgetState.load)
    _add(app, person_death.death, routes.STAFF_PERSON_DEATH, "Record a death", person_death.DeathState.load)
    _add(app, person_sign_in.sign_in, routes.STAFF_PERSON_SIGN_IN, "Sign-in", person_sign_in.SignInState.load)
    _add(app, provider.provider, routes.STAFF_PROVIDER, "Organisation", [provider.ProviderState.load, BesideState.look])
    _add(
        app, provider_invite.provider_invite, routes.STAFF_PROVIDER_INVITE, "Invite somebody to sign in",
        provider_invite.InviteFirstState.load,
    )  # fmt: skip
    _add(
        app, provider_merge.provider_merge, routes.STAFF_PROVIDER_MERGE, "Merge into another organisation",
        provider_merge.ProviderMergeState.load,
    )  # fmt: skip


def _add_acting(app: rx.App) -> None:
    """People who act for others: their own pages, and the staff's pages about them."""
    for page, address, title, fill in acting_pages.PAGES:
        _add(app, page, address, title, fill)
    _add(app, person_helper.helper, routes.STAFF_HELPER, "Somebody who helps", person_helper.HelperState.load)
    _add(
        app,
        person_helper_new.new_helper,
        routes.STAFF_PERSON_NEW_HELPER,
        "Add a helper",
        person_helper_new.NewHelperState.load,
    )
    _add(
        app, person_capacity.capacity, routes.STAFF_PERSON_CAPACITY, "Record an assessment of capacity",
        person_capacity.CapacityState.load,
    )  # fmt: skip


def _add(app: rx.App, component: Any, route: str, title: Any, on_load: Any = None) -> None:
    """Add a page; its title may be a var."""
    app.add_page(component, route=route, title=title + f" - {settings().brand}", on_load=on_load)
