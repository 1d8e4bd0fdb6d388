"""The dashboards of those who answer for money: finance officers and approvers."""

from __future__ import annotations

from phbportal import routes
from phbportal.admin.dashboards import Chart, Dashboard, Queue, Tile
from phbportal.domain.roles import Role
from phbportal.policy.permissions import Permission
from phbportal.queries import dashboard_budgets as budgets
from phbportal.queries import dashboard_money as money
from phbportal.queries import people_who_help, spent_by_funder, uplifts, work, work_arrangements, work_money, work_plans
from phbportal.queries.role_grants import grants_waiting
from phbportal.resources.lists import ACCOUNTS, BUDGETS, PAYMENTS, PLANS, STREAMS, VERSIONS

PAID_SAYS = "Your board paid {total} from {first} to {last}, and {last_amount} of it in {last}."
NOTHING_PAID = "Your board has paid nothing in the last 12 months."
WHERE = Chart(
    kind="stacked", title="Where the money is", by="Why", series=money.where_money_is,
    permission=Permission.FIGURES_READ,
    says="Of {total} that came into budgets the most is for: {top} ({top_amount}).",
    nothing="No money has been given to a budget yet.",
)  # fmt: skip

FINANCE = Dashboard(
    role=Role.FINANCE,
    title="Your board’s money in figures",
    tiles=(
        Tile(label="Paid", sum=money.paid_this_year, href=PAYMENTS + "?status=PAID",
             permission=Permission.FIGURES_READ, says="since 1 April"),
        Tile(label="Set aside", sum=money.set_aside, href=PAYMENTS + "?status=PLANNED",
             permission=Permission.FIGURES_READ, says="for payments not made yet"),
        Tile(label="Left", sum=money.left_to_pay, href=BUDGETS + "?which=open",
             permission=Permission.FIGURES_READ, says="in budgets, to pay out"),
        Tile(label="With payees", sum=money.with_payees, href=BUDGETS + "?which=open",
             permission=Permission.FIGURES_READ, says="paid, and not accounted for yet"),
        Tile(label="Payments to confirm", count=money.payments_to_confirm, href=PAYMENTS + "?status=PLANNED",
             permission=Permission.PAYMENT_READ, says="at your board, whoever recorded them"),
        Tile(label="Bank details to approve", count=money.accounts_to_approve, href=ACCOUNTS + "?status=PROPOSED",
             permission=Permission.ACCOUNT_READ, says="at your board, whoever entered them"),
        Tile(label="Streams to raise", count=uplifts.streams_not_raised, href=STREAMS + "?which=to_raise",
             permission=Permission.UPLIFT_READ, says="not raised by a yearly uplift so far"),
    ),
    charts=(
        Chart(kind="line", title="Paid by month", by="Month", series=money.paid_by_month,
              permission=Permission.FIGURES_READ, says=PAID_SAYS, nothing=NOTHING_PAID),
        Chart(kind="stacked", title="Paid by month and method", by="Month", series=money.paid_by_method,
              permission=Permission.FIGURES_READ, nothing=NOTHING_PAID,
              says="The most was paid in {top}: {top_amount}. The parts are the ways the money is managed."),
        Chart(kind="bar", title="Paid since 1 April", by="Why", series=money.paid_by_cohort,
              permission=Permission.FIGURES_READ, says="Of {total} paid the most is for: {top} ({top_amount}).",
              nothing="Nothing has been paid since 1 April."),
        Chart(kind="stacked", title="Spent by quarter and funder", by="Quarter", series=spent_by_funder.spent_chart,
              permission=Permission.LEDGER_READ,
              says="{total} was spent, the most of it in {top}: {top_amount}. The parts are who pays.",
              nothing="Nothing has been spent in the last 2 years.", file="spent-by-funder",
              export=Permission.BUDGET_EXPORT, whole=spent_by_funder.spent_figures),
        WHERE,
    ),
    queues=(
        Queue(title="Bank details to approve", rows=work_money.accounts_to_approve, href=routes.STAFF,
              permission=Permission.WORK_READ),
        Queue(title="Payments to confirm", rows=work_money.payments_to_confirm, href=routes.STAFF,
              permission=Permission.WORK_READ),
        Queue(title="Uplifts to propose", rows=uplifts.to_propose, href=routes.STAFF,
              permission=Permission.UPLIFT_READ),
        Queue(title="Payments to record", rows=work_money.payments_due, href=routes.STAFF,
              permission=Permission.WORK_READ),
        Queue(title="Tasks", rows=work.tasks, href=routes.STAFF, permission=Permission.WORK_READ),
    ),
)  # fmt: skip

APPROVER = Dashboard(
    role=Role.APPROVER,
    title="Your board’s budgets in figures",
    tiles=(
        Tile(label="Plans to approve", count=budgets.plans_to_approve, href=PLANS + "?status=CLINICALLY_SIGNED",
             permission=Permission.PLAN_READ, says="waiting at your board, whatever their amount"),
        Tile(label="Budgets", count=budgets.open_budgets, href=BUDGETS + "?which=open",
             permission=Permission.PHB_READ, says="open, in any status"),
        Tile(label="Agreed", sum=money.agreed_this_year, href=VERSIONS + "?status=APPROVED",
             permission=Permission.FIGURES_READ, says="for the year to 31 March"),
        Tile(label="Paid", sum=money.paid_this_year, href=PAYMENTS + "?status=PAID",
             permission=Permission.FIGURES_READ, says="since 1 April"),
        Tile(label="Left", sum=money.left_to_pay, href=BUDGETS + "?which=open",
             permission=Permission.FIGURES_READ, says="in budgets, to pay out"),
    ),
    charts=(
        Chart(kind="line", title="Agreed by month", by="Month", series=money.agreed_by_month,
              permission=Permission.FIGURES_READ,
              says="Your board agreed {total} from {first} to {last}, and {last_amount} of it in {last}.",
              nothing="Your board has agreed no money in the last 12 months."),
        WHERE,
        Chart(kind="bar", title="Open budgets by status", by="Status", series=budgets.budgets_by_status,
              permission=Permission.PHB_READ, says="Of {total} open budgets the most are: {top} ({top_amount}).",
              nothing="Your board has no open budgets."),
    ),
    queues=(
        Queue(title="Plans to approve", rows=work_plans.to_approve, href=routes.STAFF,
              permission=Permission.WORK_READ),
        Queue(title="Uplifts to approve", rows=uplifts.to_approve, href=routes.STAFF,
              permission=Permission.UPLIFT_READ),
        Queue(title="People to agree", rows=people_who_help.to_agree, href=routes.STAFF,
              permission=Permission.WORK_READ),
        Queue(title="Fees to approve", rows=work_arrangements.fees_to_approve, href=routes.STAFF,
              permission=Permission.WORK_READ),
        Queue(title="Agreements to sign", rows=work_arrangements.to_sign, href=routes.STAFF,
              permission=Permission.WORK_READ),
        Queue(title="Roles to grant", rows=grants_waiting, href=routes.STAFF,
              permission=Permission.ROLE_GRANT_READ),
        Queue(title="Tasks", rows=work.tasks, href=routes.STAFF, permission=Permission.WORK_READ),
    ),
)  # fmt: skip
