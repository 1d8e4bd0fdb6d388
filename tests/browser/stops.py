"""Every page of the portal and who looks at it. A new page is a new line here."""

from __future__ import annotations

from dataclasses import dataclass

HOLDER, EASY_READER, SEVERAL, NO_BUDGET = "Gareth Pritchard-Evans", "Ros Achebe", "Toby Ellis", "Nia Morgan"
CASE_MANAGER, CLINICIAN, FINANCE = "Marta Kowalska", "Siobhán Kelly", "Denise Hartley"
APPROVER, AUDITOR, ADMIN = "Ruth Abernethy", "Yasmin Farouk", "Grace Liu"
STAFF = (CASE_MANAGER, CLINICIAN, FINANCE, APPROVER, AUDITOR, ADMIN)
SEVERAL_ROLES = "Bethan Lloyd"


@dataclass(frozen=True)
class Stop:
    """A page: who looks ("" for nobody signed in), its path (places in braces are ``Portal.facts``), words that are
    there once its data is, and the button that brings out its errors, if it has a form."""

    who: str
    path: str
    shows: str
    press: str = ""

    def __str__(self) -> str:
        return f"{self.who or 'nobody'} at {self.path}"


PUBLIC = (
    Stop("", "/", "Sign in"),
    Stop("", "/accessibility", "01632 960 999"),
    Stop("", "/problem", "01632 960 999"),
    Stop("", "/problem?reference=0a1b2c3d", "0a1b2c3d"),
    Stop("", "/problem/not-found", "Page not found"),
    Stop("", "/problem/not-allowed", "01632 960 999"),
    Stop("", "/no/such/page", "Page not found"),
    Stop("", "/auth/login", "Choose who to sign in as"),
    Stop("", "/auth/signed-out", "You have been signed out"),
    Stop("", "/auth/timed-out", "You have been signed out"),
    Stop("", "/auth/invitation", "Use your code", press="Continue"),
    Stop(SEVERAL_ROLES, "/auth/choose-role", "Which role are you working in?"),
    Stop(HOLDER, "/", "Go to my budget"),
    Stop(CASE_MANAGER, "/", "Go to my work"),
    Stop(SEVERAL_ROLES, "/", "Choose your role"),
)
HOLDERS = (
    Stop(HOLDER, "/my-budget", "left to spend"),
    Stop(HOLDER, "/my-plan", "What I can spend on"),
    Stop(SEVERAL, "/my-budget", "This budget ended"),
    Stop(SEVERAL, "/my-plan", "I like boats"),
    Stop(NO_BUDGET, "/my-budget", "You do not have a personal health budget yet"),
    Stop(NO_BUDGET, "/my-plan", "You do not have a personal health budget yet"),
)
STAFF_PAGES = (
    *(Stop(who, "/staff/people", "Pritchard-Evans, Gareth") for who in STAFF if who != ADMIN),
)  # fmt: skip

EVERY_PAGE = (*PUBLIC, *HOLDERS, *STAFF_PAGES)
