"""Tasks that a person says are done, in place of an act that ends them by itself."""

from __future__ import annotations

NOMINATION_CHANGED = "NOMINATION_CHANGED"
NOMINEE_PROPOSED = "NOMINEE_PROPOSED"
PLAN_HANDED_IN = "PLAN_HANDED_IN"
PLAN_COMMENT = "PLAN_COMMENT"
TASK_WORDS: dict[str, str] = {
    NOMINATION_CHANGED: "the review of who is paid",
    PLAN_HANDED_IN: "the reading of a plan that was handed in",
}
"""The kinds that are done when somebody has looked and decided, and what each is called in a sentence."""
SHORTEST_NOTE = 10
