"""The pages of one budget: itself, its plan, its money, and the forms of each."""

from __future__ import annotations

from phbportal import routes
from phbportal.admin.beside_state import BesideState
from phbportal.pages.staff import (
    documents,
    isf,
    isf_forms,
    money,
    money_accounts,
    money_additions,
    money_decisions,
    money_funding,
    money_line,
    money_payments,
    money_spending,
    phb,
    phb_case_manager,
    phb_lists,
    plan,
    plan_additions,
    plan_decisions,
    plan_words,
)

PAGES = (
    (phb.phb, routes.STAFF_PHB, "Personal health budget", [phb.PhbState.load, BesideState.look]),
    (documents.documents, routes.STAFF_PHB_DOCUMENTS, "Documents", documents.DocumentsState.load),
    (phb_lists.payments, routes.STAFF_PHB_PAYMENTS, "Payments", phb_lists.PaymentsState.load),
    (phb_lists.entries, routes.STAFF_PHB_ENTRIES, "Ledger entries", phb_lists.EntriesState.load),
    (
        phb_case_manager.case_manager,
        routes.STAFF_PHB_CASE_MANAGER,
        "Change the case manager",
        phb_case_manager.CaseManagerState.load,
    ),
    (phb_lists.history, routes.STAFF_PHB_HISTORY, "History", phb_lists.HistoryState.load),
    (plan.plan, routes.STAFF_PHB_PLAN, "Plan", plan.PlanState.load),
    (plan_words.plan_words, routes.STAFF_PLAN_WORDS, "Write the plan", plan_words.PlanWordsState.load),
    (plan_additions.outcome, routes.STAFF_PLAN_OUTCOME, "Add an outcome", plan_additions.OutcomeState.load),
    (plan_additions.service, routes.STAFF_PLAN_SERVICE, "Add a service", plan_additions.ServiceState.load),
    (plan_decisions.sign_off, routes.STAFF_PLAN_SIGN_OFF, "Sign the plan off", plan_decisions.SignOffState.load),
    (plan_decisions.approval, routes.STAFF_PLAN_APPROVE, "Approve the plan", plan_decisions.ApprovalState.load),
    (plan_decisions.send_back, routes.STAFF_PLAN_RETURN, "Return the plan", plan_decisions.ReturnState.load),
    (money.money, routes.STAFF_PHB_MONEY, "Money", money.MoneyState.load),
    (money_additions.stream, routes.STAFF_MONEY_STREAM, "Add a stream", money_additions.StreamState.load),
    (money_line.line, routes.STAFF_MONEY_LINE, "Add a budget line", money_line.LineState.load),
    (money_funding.funding, routes.STAFF_MONEY_FUNDING, "Say who pays", money_funding.FundingState.load),
    (money_accounts.account, routes.STAFF_MONEY_ACCOUNT, "Bank details", money_accounts.AccountState.load),
    (
        money_accounts.new_account,
        routes.STAFF_MONEY_NEW_ACCOUNT,
        "Enter bank details",
        money_accounts.NewAccountState.load,
    ),
    (money_payments.payment, routes.STAFF_MONEY_PAYMENT, "Record a payment", money_payments.PaymentState.load),
    (money_decisions.confirm, routes.STAFF_MONEY_CONFIRM, "Confirm a payment", money_decisions.ConfirmState.load),
    (money_decisions.cancel, routes.STAFF_MONEY_CANCEL, "Cancel a payment", money_decisions.CancelState.load),
    (money_spending.spending, routes.STAFF_MONEY_SPENDING, "Record spending", money_spending.SpendingState.load),
    (isf.arrangement, routes.STAFF_ISF, "Third-party budget (ISF)", isf.ArrangementState.load),
    (isf_forms.offer, routes.STAFF_ISF_OFFER, "Offer a third-party budget", isf_forms.OfferState.load),
    (isf_forms.paper, routes.STAFF_ISF_PAPER, "Record a signature on paper", isf_forms.PaperState.load),
)
"""Each page, its address, its title and what fills it in."""
