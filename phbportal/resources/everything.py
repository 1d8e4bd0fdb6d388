"""Every resource there is: the one list of them."""

from __future__ import annotations

from phbportal.admin.registry import check_links, register
from phbportal.resources.acting import CAPACITY, CONSENTS, HELPERS
from phbportal.resources.arrangements import AGREEMENTS, OFFERS
from phbportal.resources.audit import ACCESS, HISTORY
from phbportal.resources.budgets import BUDGETS, LINES, STREAMS
from phbportal.resources.decisions import DECISIONS, LETTERS
from phbportal.resources.eligibility import ELIGIBILITY
from phbportal.resources.equipment import EQUIPMENT
from phbportal.resources.exports import EXPORTS
from phbportal.resources.imports import IMPORTS
from phbportal.resources.life import ENDINGS, STAYS
from phbportal.resources.local_rules import RULES
from phbportal.resources.needs import NEEDS
from phbportal.resources.office import ASKINGS, ASSIGNMENTS
from phbportal.resources.path import BUDGET_OFFERS, INDICATIVE, PAYEE_AGREEMENTS
from phbportal.resources.payments import ACCOUNTS, LEDGER, PAYMENTS
from phbportal.resources.people import PEOPLE
from phbportal.resources.phbs import PHBS
from phbportal.resources.plan_parts import CONTINGENCIES, OMISSIONS, RISKS, SECTIONS
from phbportal.resources.plan_sharing import COMMENTS, PLANNERS, PURCHASES
from phbportal.resources.plans import OUTCOMES, PLANS, SERVICES
from phbportal.resources.providers import PROVIDERS
from phbportal.resources.registrations import REGISTRATIONS
from phbportal.resources.templates import TEMPLATES
from phbportal.resources.uplifts import UPLIFT_STREAMS, UPLIFTS
from phbportal.resources.users import INVITATIONS, USERS
from phbportal.resources.wheelchairs import CONTRIBUTIONS, WHEELCHAIRS
from phbportal.resources.work import DOCUMENTS, NOTES, REVIEWS, TASKS
from phbportal.resources.workers import WORKERS

RESOURCES = (
    PEOPLE, PHBS, ELIGIBILITY, NEEDS, CONSENTS, CAPACITY, HELPERS, PLANS, OUTCOMES, SERVICES, BUDGETS, LINES, STREAMS,
    PAYMENTS, ACCOUNTS, LEDGER, OFFERS, AGREEMENTS, PROVIDERS, EQUIPMENT, WORKERS, DECISIONS, LETTERS, REVIEWS, STAYS,
    ENDINGS, TASKS, DOCUMENTS, NOTES, SECTIONS, RISKS, CONTINGENCIES, OMISSIONS, PLANNERS, COMMENTS, PURCHASES, RULES,
    BUDGET_OFFERS, INDICATIVE, PAYEE_AGREEMENTS, WHEELCHAIRS, CONTRIBUTIONS, UPLIFTS, UPLIFT_STREAMS,
    USERS, REGISTRATIONS, INVITATIONS, ASSIGNMENTS, ASKINGS, EXPORTS, IMPORTS, TEMPLATES, HISTORY, ACCESS,
)  # fmt: skip


def declare() -> None:
    """Register them all. Raises WrongDeclaration, in a sentence, for one that cannot work."""
    register(*RESOURCES)
    check_links()


declare()
