"""Tasks that a person says are done, in place of an act that ends them by itself."""

from __future__ import annotations

NOMINATION_CHANGED = "NOMINATION_CHANGED"
NOMINEE_PROPOSED = "NOMINEE_PROPOSED"
DECISION_FOLLOWS = "DECISION_FOLLOWS"
TASK_WORDS: dict[str, str] = {
    NOMINATION_CHANGED: "the review of who is paid",
    DECISION_FOLLOWS: "what follows from a decision",
}
"""The kinds that are done when somebody has looked and decided, and what each is called in a sentence."""
SHORTEST_NOTE = 10
