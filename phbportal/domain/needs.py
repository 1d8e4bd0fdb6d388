"""An assessment of needs: who assessed what, in plain words, what came of it, and when to look again.

domain.md §3 (step 2) and the NHS delivery model: understanding needs is not the Decision Support Tool, which is about
eligibility only. Planning is kept apart from whoever assessed (§2.3).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.identifiers import registration_pin
from phbportal.domain.periods import months_after

LONGEST_GAP_MONTHS = 24
"""Nobody's needs stay unlooked at for longer than this; a board's own practice is usually a year."""
WARN_DAYS = 28
"""How long before the day the team is told that needs are to be looked at again."""


class NeedArea(StrEnum):
    BREATHING = "BREATHING"
    EATING = "EATING"
    TOILET = "TOILET"
    SKIN = "SKIN"
    MOVING = "MOVING"
    TALKING = "TALKING"
    FEELINGS = "FEELINGS"
    THINKING = "THINKING"
    BEHAVIOUR = "BEHAVIOUR"
    MEDICINES = "MEDICINES"
    AWARENESS = "AWARENESS"
    DAILY_LIFE = "DAILY_LIFE"
    LEARNING = "LEARNING"
    FAMILY = "FAMILY"
    OTHER = "OTHER"


AREA_WORDS: dict[NeedArea, str] = {
    NeedArea.BREATHING: "Breathing",
    NeedArea.EATING: "Eating and drinking",
    NeedArea.TOILET: "Using the toilet",
    NeedArea.SKIN: "Looking after the skin",
    NeedArea.MOVING: "Moving about",
    NeedArea.TALKING: "Talking and being understood",
    NeedArea.FEELINGS: "Feelings and mental health",
    NeedArea.THINKING: "Thinking and remembering",
    NeedArea.BEHAVIOUR: "Behaviour",
    NeedArea.MEDICINES: "Medicines and pain",
    NeedArea.AWARENESS: "Being awake and aware, such as in seizures",
    NeedArea.DAILY_LIFE: "Everyday life and safety",
    NeedArea.LEARNING: "Learning and school",
    NeedArea.FAMILY: "Family and carers",
    NeedArea.OTHER: "Something else",
}
"""The areas of an assessment, as a person would say them."""


class NeedsOutcome(StrEnum):
    NEEDS = "NEEDS"
    NO_NEEDS = "NO_NEEDS"
    MORE_TO_FIND = "MORE_TO_FIND"


OUTCOME_WORDS: dict[NeedsOutcome, str] = {
    NeedsOutcome.NEEDS: "There are needs that a budget can meet",
    NeedsOutcome.NO_NEEDS: "There are no needs that the NHS would meet",
    NeedsOutcome.MORE_TO_FIND: "More has to be found out first",
}
OWN_OUTCOME: dict[NeedsOutcome, str] = {
    NeedsOutcome.NEEDS: "A personal health budget can help with what you need.",
    NeedsOutcome.NO_NEEDS: "The assessment found nothing that the NHS would pay for.",
    NeedsOutcome.MORE_TO_FIND: "We have to find out more before we can say.",
}
"""The same, as the person reads it."""


def assessor_problems(body: str, number: str) -> tuple[str, list[Problem]]:
    """The registration number in the shape its body uses, and what is wrong with it. Both are given, or neither:
    not every assessor is a registered professional."""
    if body and not number:
        return "", [Problem("Enter the registration number.", "number")]
    if number and not body:
        return "", [Problem("Choose the body the number is of.", "body")]
    if not body:
        return "", []
    try:
        return registration_pin(body, number, field="number"), []
    except Refusal as refusal:
        return "", list(refusal.problems)


def assessment_problems(
    *, assessed_on: date, next_due_on: date | None, outcome: NeedsOutcome, areas: Sequence[str], born_on: date,
    today: date,
) -> list[Problem]:  # fmt: skip
    """What cannot be in an assessment, each beside its field."""
    problems: list[Problem] = []
    if assessed_on > today:
        problems.append(Problem("The date of the assessment cannot be in the future.", "assessed_on"))
    if assessed_on < born_on:
        problems.append(Problem("The date of the assessment is before the person was born.", "assessed_on"))
    if outcome is not NeedsOutcome.NO_NEEDS and next_due_on is None:
        problems.append(Problem("Enter when the needs are looked at again.", "next_due_on"))
    if next_due_on is not None and next_due_on <= assessed_on:
        problems.append(Problem("The next assessment must be after this one.", "next_due_on"))
    if next_due_on is not None and next_due_on > months_after(assessed_on, LONGEST_GAP_MONTHS):
        problems.append(Problem("The next assessment must be within two years.", "next_due_on"))
    if outcome is NeedsOutcome.NEEDS and not areas:
        problems.append(Problem("Write down at least one need.", "needs-more"))
    twice = {area for area in areas if area != NeedArea.OTHER and list(areas).count(area) > 1}
    problems += [
        Problem(f"“{AREA_WORDS[NeedArea(area)]}” is there twice. Write it in one place.", f"needs-{place}-area")
        for area in sorted(twice)
        for place in [max(n for n, one in enumerate(areas) if one == area)]
    ]
    return problems


def mistake_problem(why: str, *, already: bool) -> Problem | None:
    """Why an assessment cannot be said to be recorded by mistake."""
    if already:
        return Problem("This is recorded as a mistake already. Reload the page.")
    return Problem("Say what the mistake is, in a sentence.", "mistake") if len(why.strip()) < 10 else None


def can_find_eligible(outcome: NeedsOutcome) -> Problem | None:
    """An assessment that found no needs, or is not finished, makes nobody eligible."""
    if outcome is NeedsOutcome.NEEDS:
        return None
    return Problem("That assessment found no needs that a budget can meet. Choose another, or none.", "assessment")
