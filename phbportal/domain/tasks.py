"""Tasks that a person says are done, in place of an act that ends them by itself."""

from __future__ import annotations

NOMINATION_CHANGED = "NOMINATION_CHANGED"
NOMINEE_PROPOSED = "NOMINEE_PROPOSED"
PLAN_HANDED_IN = "PLAN_HANDED_IN"
PLAN_COMMENT = "PLAN_COMMENT"
PURCHASE_QUESTION = "PURCHASE_QUESTION"
HOSPITAL_DECIDE = "HOSPITAL_DECIDE"
AGE18_WARNING, AGE18_SOON, AGE18_TODAY = "AGE18_WARNING", "AGE18_SOON", "AGE18_TODAY"
REVIEW_FOUND, REVIEW_UNSAFE = "REVIEW_FOUND", "REVIEW_UNSAFE"
AFTER_A_DEATH, CLOSE_ACCOUNTS = "AFTER_A_DEATH", "CLOSE_ACCOUNTS"
DECISION_FOLLOWS = "DECISION_FOLLOWS"
UPLIFT_OVERTAKEN = "UPLIFT_OVERTAKEN"
TASK_WORDS: dict[str, str] = {
    NOMINATION_CHANGED: "the review of who is paid",
    AGE18_WARNING: "what is planned for after 18",
    AGE18_SOON: "what is decided for after 18",
    REVIEW_FOUND: "what a review left to do",
    REVIEW_UNSAFE: "what a review found unsafe or not enough",
    AFTER_A_DEATH: "writing to the family after a death",
    DECISION_FOLLOWS: "what follows from a decision",
    UPLIFT_OVERTAKEN: "a budget that was not raised with the others",
}
"""The kinds that are done when somebody has looked and decided, and what each is called in a sentence."""
LEADS_TO: dict[str, str] = {
    PLAN_COMMENT: "plan-comments",
    PLAN_HANDED_IN: "planners",
    PURCHASE_QUESTION: "purchase-questions",
}
"""The kinds whose ``part_id`` is a row of this list, on whose record what is asked for is done."""
SHORTEST_NOTE = 10
