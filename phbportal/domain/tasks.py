"""Tasks that a person says are done, in place of an act that ends them by itself."""

from __future__ import annotations

NOMINATION_CHANGED = "NOMINATION_CHANGED"
NOMINEE_PROPOSED = "NOMINEE_PROPOSED"
PLAN_HANDED_IN = "PLAN_HANDED_IN"
PLAN_COMMENT = "PLAN_COMMENT"
PURCHASE_QUESTION = "PURCHASE_QUESTION"
TASK_WORDS: dict[str, str] = {
    NOMINATION_CHANGED: "the review of who is paid",
}
"""The kinds that are done when somebody has looked and decided, and what each is called in a sentence."""
LEADS_TO: dict[str, str] = {
    PLAN_COMMENT: "plan-comments",
    PLAN_HANDED_IN: "planners",
    PURCHASE_QUESTION: "purchase-questions",
}
"""The kinds whose ``part_id`` is a row of this list, on whose record what is asked for is done."""
SHORTEST_NOTE = 10
