"""Tasks that a person says are done, in place of an act that ends them by itself."""

from __future__ import annotations

NOMINATION_CHANGED = "NOMINATION_CHANGED"
NOMINEE_PROPOSED = "NOMINEE_PROPOSED"
PLAN_HANDED_IN = "PLAN_HANDED_IN"
PLAN_COMMENT = "PLAN_COMMENT"
PURCHASE_QUESTION = "PURCHASE_QUESTION"
HOSPITAL_DECIDE = "HOSPITAL_DECIDE"
AGE14_CHECKLIST, AGE16_PRINCIPLE = "AGE14_CHECKLIST", "AGE16_PRINCIPLE"
AGE18_WARNING, AGE18_SOON, AGE18_TODAY = "AGE18_WARNING", "AGE18_SOON", "AGE18_TODAY"
REVIEW_FOUND, REVIEW_UNSAFE = "REVIEW_FOUND", "REVIEW_UNSAFE"
AFTER_A_DEATH, CLOSE_ACCOUNTS = "AFTER_A_DEATH", "CLOSE_ACCOUNTS"
DECISION_FOLLOWS = "DECISION_FOLLOWS"
DOCUMENT_INFECTED = "DOCUMENT_INFECTED"
PURCHASE_BOUGHT = "PURCHASE_BOUGHT"
INSURANCE_ENDS, WHEELCHAIR_ENDS = "INSURANCE_ENDS", "WHEELCHAIR_ENDS"
NEEDS_DUE, REGISTRATION_ENDS = "NEEDS_DUE", "REGISTRATION_ENDS"
STREAM_ENDS, NOTHING_RUNS = "STREAM_ENDS", "NOTHING_RUNS"
UPLIFT_OVERTAKEN = "UPLIFT_OVERTAKEN"
CONSENT_GONE, BARRED, HOUSEHOLD = "CONSENT_GONE", "BARRED", "HOUSEHOLD"
HOUSEHOLD_REVIEW = "HOUSEHOLD_REVIEW"
CARE_UNREGISTERED = "CARE_UNREGISTERED"
YEAR_NOT_SET_ASIDE = "YEAR_NOT_SET_ASIDE"
"""Finance's: a night could not set a year's money aside; ended by the night that does."""
TASK_WORDS: dict[str, str] = {
    NOMINATION_CHANGED: "the review of who is paid",
    AGE14_CHECKLIST: "the checklist at 14",
    AGE16_PRINCIPLE: "what is decided in principle at 16",
    AGE18_WARNING: "what is planned for after 18",
    AGE18_SOON: "what is decided for after 18",
    REVIEW_FOUND: "what a review left to do",
    REVIEW_UNSAFE: "what a review found unsafe or not enough",
    AFTER_A_DEATH: "writing to the family after a death",
    DECISION_FOLLOWS: "what follows from a decision",
    DOCUMENT_INFECTED: "a document with a virus",
    INSURANCE_ENDS: "insurance that runs out",
    WHEELCHAIR_ENDS: "a wheelchair budget that runs out",
    STREAM_ENDS: "what follows a stream’s last day",
    NOTHING_RUNS: "a live budget with no stream that runs",
    UPLIFT_OVERTAKEN: "a budget that was not raised with the others",
    CONSENT_GONE: "a direct payment that nobody consents to",
    BARRED: "a direct payment that the rules forbid",
    CARE_UNREGISTERED: "care whose provider is not registered any more",
    HOUSEHOLD: "somebody of the household who is paid",
}
"""The kinds that are done when somebody has looked and decided, and what each is called in a sentence."""
LEADS_TO: dict[str, str] = {
    PLAN_COMMENT: "plan-comments",
    PLAN_HANDED_IN: "planners",
    PURCHASE_QUESTION: "purchase-questions",
    PURCHASE_BOUGHT: "purchase-questions",
    INSURANCE_ENDS: "workers",
    HOUSEHOLD: "workers",
    HOUSEHOLD_REVIEW: "workers",
    WHEELCHAIR_ENDS: "wheelchairs",
    NEEDS_DUE: "needs-assessments",
    REGISTRATION_ENDS: "registrations",
    CARE_UNREGISTERED: "services",
}
"""The kinds whose ``part_id`` is a row of this list, on whose record what is asked for is done."""
SHORTEST_NOTE = 10
