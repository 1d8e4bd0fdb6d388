"""Refusals: every "no" is a sentence a person can act on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: a sentence, and the form field (or file column) it stands beside."""

    sentence: str
    field: str | None = None


class Refusal(Exception):
    """A business "no". Carries one or more problems, in the order a person should read them."""

    def __init__(self, *problems: Problem | str, field: str | None = None) -> None:
        self.problems: tuple[Problem, ...] = tuple(Problem(p, field) if isinstance(p, str) else p for p in problems)
        super().__init__(" ".join(p.sentence for p in self.problems))


class NotFound(Refusal):
    """Absent, or out of the asker's sight: the two read the same on purpose."""

    def __init__(self, sentence: str = "We could not find that.") -> None:
        super().__init__(sentence)


class NotAllowed(Refusal):
    """A permission was refused; the sentence is the first failed question of the nearest clause."""


class Conflict(Refusal):
    """Somebody else changed the record first: what they wrote, and what was about to be written.

    ``theirs`` and ``mine`` map field names to text as shown on the form.
    """

    def __init__(self, sentence: str, *, theirs: dict[str, str], mine: dict[str, str], row_version: int) -> None:
        super().__init__(sentence)
        self.theirs = theirs
        self.mine = mine
        self.row_version = row_version


def refuse_if(problems: list[Problem]) -> None:
    """Raise one Refusal carrying every problem, or return if there are none."""
    if problems:
        raise Refusal(*problems)
