"""Where the lists are that figures lead to."""

from __future__ import annotations

from phbportal.admin.addresses import list_address
from phbportal.resources.audit import ACCESS
from phbportal.resources.budgets import BUDGETS as BUDGET_VERSIONS
from phbportal.resources.budgets import STREAMS as ALL_STREAMS
from phbportal.resources.payments import ACCOUNTS as PAYEE_ACCOUNTS
from phbportal.resources.payments import PAYMENTS as PAYMENT_ITEMS
from phbportal.resources.phbs import PHBS
from phbportal.resources.plans import PLANS as ALL_PLANS
from phbportal.resources.users import INVITATIONS as ALL_INVITATIONS
from phbportal.resources.work import REVIEWS as ALL_REVIEWS

ACCOUNTS = list_address(PAYEE_ACCOUNTS)
BUDGETS = list_address(PHBS)
INVITATIONS = list_address(ALL_INVITATIONS)
LOOKS = list_address(ACCESS)
PAYMENTS = list_address(PAYMENT_ITEMS)
PLANS = list_address(ALL_PLANS)
REVIEWS = list_address(ALL_REVIEWS)
STREAMS = list_address(ALL_STREAMS)
VERSIONS = list_address(BUDGET_VERSIONS)
