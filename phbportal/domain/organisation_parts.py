"""What one organisation may do besides holding money, each kept apart from the others (domain.md §2.3), in words."""

from __future__ import annotations

from dataclasses import dataclass

from phbportal.domain.acting import Acting


@dataclass(frozen=True, slots=True)
class Part:
    """A role of an organisation: its heading, the parts in people's lives it is noted by, and what it lets it see."""

    heading: str
    noted_as: frozenset[Acting]
    sees: tuple[str, ...]


PARTS: tuple[Part, ...] = (
    Part(
        "Helping people to plan (broker or advocate)",
        frozenset({Acting.BROKER, Acting.ADVOCATE}),
        (
            "In this role you see only the plan a board asks you to write, until you hand it in, and nobody’s money.",
            "Who helps a person to plan cannot hold that person’s money as well.",
        ),
    ),
    Part(
        "Acting for people (nominee or representative)",
        frozenset({Acting.NOMINEE, Acting.REPRESENTATIVE}),
        (
            "Whoever does this signs in as a nominee or a representative, with a code from the board, and sees those "
            "people there and not here.",
        ),
    ),
    Part(
        "Care and support that people buy from you",
        frozenset(),
        (
            "Somebody with a direct payment pays you themselves and has the contract with you. You see nothing of "
            "their budget here, and we do not say who has one.",
        ),
    ),
)
