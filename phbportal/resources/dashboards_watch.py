"""The dashboards of those who watch and keep the office: auditors and administrators.

Nothing here is about one person; of small groups an auditor is told only that they are small. An administrator sees
nothing of anybody's money or care.
"""

from __future__ import annotations

from phbportal import routes
from phbportal.admin.dashboards import Chart, Dashboard, Queue, Tile
from phbportal.domain.roles import Role
from phbportal.policy.permissions import Permission
from phbportal.queries import dashboard_budgets as budgets
from phbportal.queries import dashboard_money as money
from phbportal.queries import dashboard_office as office
from phbportal.queries import work, work_office
from phbportal.queries.role_grants import codes_to_make, grants_waiting
from phbportal.resources.lists import ACCOUNTS, BUDGETS, INVITATIONS, LOOKS, PAYMENTS, PLANS

AUDITOR = Dashboard(
    role=Role.AUDITOR,
    title="Your board in figures",
    tiles=(
        Tile(label="People", count=budgets.people, href=routes.STAFF_PEOPLE,
             permission=Permission.PERSON_READ, says="looked after by your board"),
        Tile(label="Budgets", count=budgets.open_budgets, href=BUDGETS + "?which=open",
             permission=Permission.PHB_READ, says="open, in any status"),
        Tile(label="Plans", count=budgets.plans_waiting, href=PLANS + "?which=waiting",
             permission=Permission.PLAN_READ, says="waiting for sign-off or approval"),
        Tile(label="Payments", count=office.payments_confirmed, href=PAYMENTS + "?which=confirmed",
             permission=Permission.PAYMENT_READ, says=f"confirmed in the last {office.MONEY_DAYS} days"),
        Tile(label="Bank details", count=office.bank_details_entered, href=ACCOUNTS + "?which=entered",
             permission=Permission.ACCOUNT_READ, says=f"entered in the last {office.MONEY_DAYS} days"),
        Tile(label="Looks at records", count=office.looks_at_records, href=LOOKS + "?which=records",
             permission=Permission.ACCESS_READ, says=f"in the last {office.LOOKED_DAYS} days"),
    ),
    charts=(
        Chart(kind="bar", title="Open budgets by why people have them", by="Why", series=budgets.budgets_by_cohort,
              permission=Permission.PHB_READ, says="The most open budgets are for: {top} ({top_amount}).",
              nothing="Your board has no open budgets."),
        Chart(kind="line", title="Paid by month", by="Month", series=money.paid_by_month,
              permission=Permission.FIGURES_READ,
              says="Your board paid {total} from {first} to {last}, and {last_amount} of it in {last}.",
              nothing="Your board has paid nothing in the last 12 months."),
    ),
    queues=(
        Queue(title="Roles to grant", rows=grants_waiting, href=routes.STAFF, permission=Permission.ROLE_GRANT_READ),
        Queue(title="Tasks", rows=work.tasks, href=routes.STAFF, permission=Permission.WORK_READ),
    ),
)  # fmt: skip

ADMIN = Dashboard(
    role=Role.ADMIN,
    title="Your office in figures",
    tiles=(
        Tile(label="Members of staff", count=office.staff, href=routes.STAFF_USERS + "?which=staff",
             permission=Permission.USER_READ, says="have a role at your board today"),
        Tile(label="Roles proposed", count=office.roles_proposed, href=routes.STAFF_CHANGES,
             permission=Permission.ROLE_GRANT_READ, says="waiting for a second person"),
        Tile(label="Invitations waiting", count=office.invitations_waiting, href=INVITATIONS + "?standing=OPEN",
             permission=Permission.USER_READ, says="to be used"),
        Tile(label="Invitations run out", count=office.invitations_run_out, href=INVITATIONS + "?standing=OUT",
             permission=Permission.USER_READ, says="unused; invite the person again if they still need a role"),
    ),
    charts=(
        Chart(kind="bar", title="Staff by role", by="Role", series=office.staff_by_role,
              permission=Permission.USER_READ, says="The role most people have is: {top} ({top_amount}).",
              nothing="Nobody has a role at your board today."),
    ),
    queues=(
        Queue(title="Roles to grant", rows=grants_waiting, href=routes.STAFF, permission=Permission.ROLE_GRANT_READ),
        Queue(title="Invitations that were granted", rows=codes_to_make, href=routes.STAFF,
              permission=Permission.WORK_READ),
        Queue(title="Budgets of people who have left", rows=work_office.budgets_of_leavers, href=routes.STAFF,
              permission=Permission.WORK_READ),
        Queue(title="Tasks", rows=work.tasks, href=routes.STAFF, permission=Permission.WORK_READ),
    ),
)  # fmt: skip
