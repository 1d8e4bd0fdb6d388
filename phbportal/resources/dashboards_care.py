"""The dashboards of those who plan care: case managers and clinicians."""

from __future__ import annotations

from phbportal import routes
from phbportal.admin.dashboards import Chart, Dashboard, Queue, Tile
from phbportal.domain.roles import Role
from phbportal.policy.permissions import Permission
from phbportal.queries import dashboard_budgets as budgets
from phbportal.queries import dashboard_money as money
from phbportal.queries import work, work_arrangements, work_plans
from phbportal.resources.lists import BUDGETS, PLANS, REVIEWS

CASE_MANAGER = Dashboard(
    role=Role.CASE_MANAGER,
    title="Your budgets in figures",
    tiles=(
        Tile(label="Your budgets", count=budgets.own_budgets, href=BUDGETS + "?which=mine",
             permission=Permission.PHB_READ, says="open, in any status"),
        Tile(label="Plans to finish", count=budgets.own_plans_to_finish, href=PLANS + "?which=mine",
             permission=Permission.PLAN_READ, says="yours, being written or returned"),
        Tile(label="Reviews overdue", count=budgets.own_reviews_overdue, href=REVIEWS + "?which=overdue",
             permission=Permission.PHB_READ, says="of your budgets"),
        Tile(label="Reviews due", count=budgets.own_reviews_soon, href=REVIEWS + "?which=soon",
             permission=Permission.PHB_READ, says=f"of your budgets, in the next {budgets.REVIEW_DAYS} days"),
        Tile(label="Without a case manager", count=budgets.budgets_of_nobody, href=BUDGETS + "?which=nobodys",
             permission=Permission.PHB_READ, says="open budgets of your board"),
    ),
    charts=(
        Chart(kind="bar", title="Your budgets by status", by="Status", series=budgets.own_budgets_by_status,
              permission=Permission.PHB_READ, says="Of your {total} open budgets the most are: {top} ({top_amount}).",
              nothing="You have no open budgets."),
        Chart(kind="line", title="Paid by month", by="Month", series=money.paid_by_month,
              permission=Permission.FIGURES_READ,
              says="Your board paid {total} from {first} to {last}, and {last_amount} of it in {last}.",
              nothing="Your board has paid nothing in the last 12 months."),
    ),
    queues=(
        Queue(title="Plans to write", rows=work_plans.to_write, href=routes.STAFF, permission=Permission.WORK_READ),
        Queue(title="Offers to make", rows=work_arrangements.to_offer, href=routes.STAFF,
              permission=Permission.WORK_READ),
        Queue(title="Reviews due", rows=work_plans.reviews_due, href=routes.STAFF, permission=Permission.WORK_READ),
        Queue(title="Tasks", rows=work.tasks, href=routes.STAFF, permission=Permission.WORK_READ),
    ),
)  # fmt: skip

CLINICIAN = Dashboard(
    role=Role.CLINICIAN,
    title="Sign-off in figures",
    tiles=(
        Tile(label="Plans to sign off", count=budgets.plans_to_sign_off, href=PLANS + "?status=SUBMITTED",
             permission=Permission.PLAN_READ, says="waiting at your board, whoever wrote them"),
        Tile(label="Plans signed off", count=budgets.plans_signed_lately, href=PLANS + "?which=signed",
             permission=Permission.PLAN_READ, says=f"at your board in the last {budgets.SIGNED_DAYS} days"),
        Tile(label="Budgets", count=budgets.open_budgets, href=BUDGETS + "?which=open",
             permission=Permission.PHB_READ, says="open, in any status"),
    ),
    charts=(
        Chart(kind="line", title="Plans signed off by month", by="Month", series=budgets.plans_signed_by_month,
              permission=Permission.PLAN_READ,
              says="{total} plans were signed off from {first} to {last}; the most in {top} ({top_amount}).",
              nothing="No plan has been signed off in the last 12 months."),
        Chart(kind="bar", title="Open budgets by why people have them", by="Why", series=budgets.budgets_by_cohort,
              permission=Permission.PHB_READ, says="Of {total} open budgets the most are for: {top} ({top_amount}).",
              nothing="Your board has no open budgets."),
    ),
    queues=(
        Queue(title="Plans to sign off", rows=work_plans.to_sign_off, href=routes.STAFF,
              permission=Permission.WORK_READ),
        Queue(title="Tasks", rows=work.tasks, href=routes.STAFF, permission=Permission.WORK_READ),
    ),
)  # fmt: skip
