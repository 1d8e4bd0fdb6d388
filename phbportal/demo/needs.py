"""What assessments found of some people of the demo world, in words they could have been told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from phbportal.domain.needs import NeedArea, NeedsOutcome

ASSESSORS = {
    "Beatrice Okoro": ("Nurse assessor", "NMC", "17K2231E"),
    "Callum Frost": ("Occupational therapist", "", ""),
}
NEEDS: dict[str, tuple[str, str, tuple[tuple[NeedArea, str], ...]]] = {
    "rosalind": (
        "Beatrice Okoro",
        "Ros decides everything herself. She needs somebody there at night and for most of the day, whom she chooses.",
        (
            (NeedArea.MOVING, "A hoist and two people for every move, and turning twice in the night."),
            (NeedArea.BREATHING, "A cough machine each morning. Whoever is there must know how to use it."),
        ),
    ),
    "noah": (
        "Beatrice Okoro",
        "Noah is happiest with people he knows. He needs somebody trained beside him at all times, also at school.",
        (
            (NeedArea.EATING, "He is fed through a tube four times a day."),
            (NeedArea.AWARENESS, "He has seizures about once a week. Whoever is there must know what to do."),
            (NeedArea.LEARNING, "Signs and pictures, used the same way at home and at school."),
        ),
    ),
    "ivor": (
        "Callum Frost",
        "Since his stroke Ivor needs help with most things, at his own pace. His sister Nerys knows his ways.",
        (
            (NeedArea.TALKING, "Time to answer, and short questions he can say yes or no to."),
            (NeedArea.MOVING, "One person to help him out of bed and to the chair."),
        ),
    ),
}


def assessment_of(key: str, person_id: UUID, on: date) -> dict[str, Any] | None:
    """What is recorded of one of them, as the form would give it; None for everybody else."""
    if key not in NEEDS:
        return None
    assessor, summary, needs = NEEDS[key]
    profession, body, number = ASSESSORS[assessor]
    return {
        "person_id": person_id, "assessed_on": on, "assessor": assessor, "profession": profession, "body": body,
        "number": number, "organisation_id": None, "outcome": NeedsOutcome.NEEDS.value, "summary": summary,
        "next_due_on": on + timedelta(days=365),
        "needs": [{"area": area.value, "words": words} for area, words in needs],
    }  # fmt: skip
