"""The pages of people who act for others: component, address, title, and what fills it."""

from __future__ import annotations

from typing import Any

from phbportal import routes
from phbportal.pages.acting import (
    acting_for,
    acting_for_agreements,
    acting_for_ask,
    acting_for_budget,
    acting_for_consent,
    acting_for_decisions,
    acting_for_documents,
    acting_for_letters,
    acting_for_nominee,
    acting_for_offer,
    acting_for_part,
    acting_for_payee_agreement,
    acting_for_plan,
    acting_for_review,
    acting_for_who_looked,
    acting_for_write,
)

PAGES: tuple[tuple[Any, str, str, Any], ...] = (
    (acting_for.acting_for, routes.ACTING_FOR, "People you act for", acting_for.ActingForState.load),
    (acting_for_budget.budget, routes.ACTING_FOR_PHB, "Money you look after", acting_for_budget.ActingBudgetState.load),
    (acting_for_part.part, routes.ACTING_FOR_PART, "Your part", acting_for_part.ActingPartState.load),
    (
        acting_for_nominee.nominee, routes.ACTING_FOR_NOMINEE, "Propose a nominee",
        acting_for_nominee.ActingNomineeState.load,
    ),
    (
        acting_for_agreements.agreements, routes.ACTING_FOR_AGREEMENTS, "Agreements",
        acting_for_agreements.ActingAgreementsState.load,
    ),
    (acting_for_offer.offer, routes.ACTING_FOR_OFFER, "An offer of a budget", acting_for_offer.ActingOfferState.load),
    (
        acting_for_payee_agreement.agreement, routes.ACTING_FOR_PAYEE_AGREEMENT, "Agreements about the money",
        acting_for_payee_agreement.ActingPayeeAgreementState.load,
    ),
    (
        acting_for_decisions.decisions, routes.ACTING_FOR_DECISIONS, "Decisions",
        acting_for_decisions.ActingDecisionsState.load,
    ),
    (
        acting_for_decisions.decision, routes.ACTING_FOR_DECISION, "A decision",
        acting_for_decisions.ActingDecisionState.load,
    ),
    (
        acting_for_consent.consent, routes.ACTING_FOR_CONSENT, "Withdraw the consent",
        acting_for_consent.ActingConsentState.load,
    ),
    (
        acting_for_documents.documents, routes.ACTING_FOR_DOCUMENTS, "Documents",
        acting_for_documents.ActingDocumentsState.load,
    ),
    (
        acting_for_letters.letters, routes.ACTING_FOR_LETTERS, "How you get letters",
        acting_for_letters.ActingLettersState.load,
    ),
    (
        acting_for_who_looked.who_looked, routes.ACTING_FOR_WHO_LOOKED, "Who has looked",
        acting_for_who_looked.ActingWhoLookedState.load,
    ),
    (acting_for_ask.ask, routes.ACTING_FOR_ASK, "Ask before you buy", acting_for_ask.ActingAskState.load),
    (acting_for_plan.plan, routes.ACTING_FOR_PLAN, "Plan", acting_for_plan.ActingPlanState.load),
    (
        acting_for_plan.say, routes.ACTING_FOR_PLAN_COMMENT, "Say something about the plan",
        acting_for_plan.ActingPlanCommentState.load,
    ),
    (acting_for_plan.sign, routes.ACTING_FOR_PLAN_SIGN, "Sign the plan", acting_for_plan.ActingPlanSignState.load),
    (acting_for_review.review, routes.ACTING_FOR_REVIEW, "Review", acting_for_review.ActingReviewState.load),
    (acting_for_write.write, routes.ACTING_FOR_PLAN_WRITE, "A plan to write", acting_for_write.ActingWriteState.load),
)  # fmt: skip
