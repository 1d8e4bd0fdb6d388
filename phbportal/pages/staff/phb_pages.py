"""The pages of one budget: itself, its plan, its money, and the forms of each."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.beside_state import BesideState
from phbportal.pages.staff import (
    decision,
    decision_forms,
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
    payee_agreement,
    phb,
    phb_case_manager,
    phb_lists,
    phb_offers,
    plan,
    plan_additions,
    plan_check,
    plan_decisions,
    plan_section,
    plan_words,
    review,
)


def _of(state: Any, words: str) -> Any:
    """The title of a page of one budget: its reference, so that several open tabs can be told apart, never a name."""
    reference = state.head.reference
    return rx.cond(reference, reference + ", " + words, words.capitalize())


PAGES = (
    (phb.phb, routes.STAFF_PHB, _of(phb.PhbState, "personal health budget"), [phb.PhbState.load, BesideState.look]),
    (
        documents.documents,
        routes.STAFF_PHB_DOCUMENTS,
        _of(documents.DocumentsState, "documents"),
        documents.DocumentsState.load,
    ),
    (
        phb_lists.payments,
        routes.STAFF_PHB_PAYMENTS,
        _of(phb_lists.PaymentsState, "payments"),
        phb_lists.PaymentsState.load,
    ),
    (
        phb_lists.entries,
        routes.STAFF_PHB_ENTRIES,
        _of(phb_lists.EntriesState, "ledger entries"),
        phb_lists.EntriesState.load,
    ),
    (
        phb_case_manager.case_manager,
        routes.STAFF_PHB_CASE_MANAGER,
        "Change the case manager",
        phb_case_manager.CaseManagerState.load,
    ),
    (phb_lists.history, routes.STAFF_PHB_HISTORY, _of(phb_lists.HistoryState, "history"), phb_lists.HistoryState.load),
    (review.review, routes.STAFF_REVIEW, "Review", review.ReviewState.load),
    (plan.plan, routes.STAFF_PHB_PLAN, _of(plan.PlanState, "plan"), plan.PlanState.load),
    (plan_words.plan_words, routes.STAFF_PLAN_WORDS, "Write the plan", plan_words.PlanWordsState.load),
    (plan_section.section, routes.STAFF_PLAN_SECTION, "Write a section of the plan", plan_section.SectionState.load),
    (plan_additions.outcome, routes.STAFF_PLAN_OUTCOME, "Add an outcome", plan_additions.OutcomeState.load),
    (plan_additions.service, routes.STAFF_PLAN_SERVICE, "Add a service", plan_additions.ServiceState.load),
    (plan_decisions.sign_off, routes.STAFF_PLAN_SIGN_OFF, "Sign the plan off", plan_decisions.SignOffState.load),
    (plan_check.check, routes.STAFF_PLAN_CHECK, "Check the money", plan_check.CheckMoneyState.load),
    (
        payee_agreement.agreement,
        routes.STAFF_PAYEE_AGREEMENT,
        "Agreement about the money",
        payee_agreement.PayeeAgreementState.load,
    ),
    (
        payee_agreement.paper,
        routes.STAFF_PAYEE_PAPER,
        "Record a signature about the money",
        payee_agreement.PayeePaperState.load,
    ),
    (phb_offers.offer, routes.STAFF_PHB_OFFER, "Record the offer", phb_offers.BudgetOfferState.load),
    (phb_offers.answer, routes.STAFF_PHB_ANSWER, "Record the answer", phb_offers.BudgetAnswerState.load),
    (
        phb_offers.indicative,
        routes.STAFF_PHB_INDICATIVE,
        "Record the indicative budget",
        phb_offers.IndicativeState.load,
    ),
    (phb_offers.shown, routes.STAFF_PHB_SHOWN, "Record that it was shown", phb_offers.ShownState.load),
    (plan_decisions.approval, routes.STAFF_PLAN_APPROVE, "Approve the plan", plan_decisions.ApprovalState.load),
    (plan_decisions.send_back, routes.STAFF_PLAN_RETURN, "Return the plan", plan_decisions.ReturnState.load),
    (money.money, routes.STAFF_PHB_MONEY, _of(money.MoneyState, "money"), money.MoneyState.load),
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
    (
        decision_forms.new_decision,
        routes.STAFF_PHB_DECIDE,
        "Prepare a decision",
        decision_forms.NewDecisionState.load,
    ),
    (decision.decision, routes.STAFF_DECISION, "A decision", decision.DecisionState.load),
    (
        decision_forms.change_decision,
        routes.STAFF_DECISION_CHANGE,
        "Change a decision",
        decision_forms.ChangeDecisionState.load,
    ),
    (
        decision_forms.asked,
        routes.STAFF_DECISION_ASKED,
        "Record that somebody does not agree",
        decision_forms.AskedState.load,
    ),
    (
        decision_forms.answer,
        routes.STAFF_DECISION_ANSWER,
        "Answer when somebody does not agree",
        decision_forms.AnswerState.load,
    ),
    (isf.arrangement, routes.STAFF_ISF, "Third-party budget (ISF)", isf.ArrangementState.load),
    (isf_forms.offer, routes.STAFF_ISF_OFFER, "Offer a third-party budget", isf_forms.OfferState.load),
    (isf_forms.paper, routes.STAFF_ISF_PAPER, "Record a signature on paper", isf_forms.PaperState.load),
)
"""Each page, its address, its title and what fills it in."""
