"""Bringing a file in: where it stands, what becomes of a row, and which of our columns a heading stands for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from difflib import SequenceMatcher
from enum import StrEnum

from phbportal.domain.errors import Refusal

MOST_BYTES = 20 * 1024 * 1024
KEPT_FOR = timedelta(hours=24)
"""Files, and what their rows say of people, are kept this long after they were last worked on."""
NEAR = 820
"""How alike two headings are that mean the same, of a thousand: "Serial numbers" and "Serial No." are."""
_SHORTEST_PART = 4


class ImportStatus(StrEnum):
    READ = "READ"
    TRYING = "TRYING"
    TRIED = "TRIED"
    ASKED = "ASKED"
    DOING = "DOING"
    DONE = "DONE"
    UNDOING = "UNDOING"
    UNDONE = "UNDONE"
    REFUSED = "REFUSED"
    GONE = "GONE"


IMPORT_WORDS: dict[ImportStatus, str] = {
    ImportStatus.READ: "Say what the columns are",
    ImportStatus.TRYING: "Being tried",
    ImportStatus.TRIED: "Tried, nothing written yet",
    ImportStatus.ASKED: "Waiting for a second person",
    ImportStatus.DOING: "Being brought in",
    ImportStatus.DONE: "Brought in",
    ImportStatus.UNDOING: "Being taken back",
    ImportStatus.UNDONE: "Taken back",
    ImportStatus.REFUSED: "Refused",
    ImportStatus.GONE: "No longer kept",
}
AT_WORK = frozenset({ImportStatus.TRYING, ImportStatus.DOING, ImportStatus.UNDOING})
"""The portal is at it: how far it is changes by itself."""
OPEN = frozenset({ImportStatus.READ, ImportStatus.TRIED, ImportStatus.ASKED})
"""Nothing of it has been written, and it can be given up."""

_S = ImportStatus
_STEPS: dict[str, tuple[frozenset[ImportStatus], ImportStatus]] = {
    "sheets": (frozenset({_S.READ, _S.TRIED}), _S.READ),
    "try": (frozenset({_S.READ, _S.TRIED}), _S.TRYING),
    "tried": (frozenset({_S.TRYING}), _S.TRIED),
    "not tried": (frozenset({_S.TRYING}), _S.READ),
    "ask": (frozenset({_S.TRIED}), _S.ASKED),
    "do": (frozenset({_S.TRIED}), _S.DOING),
    "agree": (frozenset({_S.ASKED}), _S.DOING),
    "refuse": (frozenset({_S.ASKED}), _S.REFUSED),
    "done": (frozenset({_S.DOING}), _S.DONE),
    "not done": (frozenset({_S.DOING}), _S.TRIED),
    "undo": (frozenset({_S.DONE}), _S.UNDOING),
    "undone": (frozenset({_S.UNDOING}), _S.UNDONE),
    "not undone": (frozenset({_S.UNDOING}), _S.DONE),
    "give up": (OPEN, _S.GONE),
}


def follows(status: ImportStatus, act: str) -> bool:
    """Whether an act belongs where a file stands."""
    return status in _STEPS[act][0]


def step(status: ImportStatus, act: str) -> ImportStatus:
    """Where an act leads. Refuses one that does not belong here."""
    before, after = _STEPS[act]
    if status not in before:
        raise Refusal(f"This is not possible now. It stands at: {IMPORT_WORDS[status].lower()}.")
    return after


class Outcome(StrEnum):
    """What becomes of a row, or would."""

    NEW = "NEW"
    CHANGED = "CHANGED"
    SAME = "SAME"
    REFUSED = "REFUSED"


OUTCOME_WORDS: dict[Outcome, str] = {
    Outcome.NEW: "New",
    Outcome.CHANGED: "Changed",
    Outcome.SAME: "As it was",
    Outcome.REFUSED: "Refused",
}


class Decision(StrEnum):
    """What a person says of a row that may mean what the portal has already: the portal does not guess."""

    SAME = "same"
    ANOTHER = "another"


PERSON_DECISION_WORDS: dict[Decision, str] = {
    Decision.SAME: "The same person",
    Decision.ANOTHER: "Another person",
}
ORGANISATION_DECISION_WORDS: dict[Decision, str] = {
    Decision.SAME: "The same organisation",
    Decision.ANOTHER: "Another organisation",
}
DECIDE_PERSON = (
    "{} of this name and date of birth under another NHS number or reference, or none. Say whether this is the same "
    "person or another: on the page of the file, or as “same” or “another” in a column “Decision”."
)
"""Why a row waits for a decision; the gap is for where somebody is: "The portal has somebody"."""
MOST_ASKED = 100
"""Rows a person is asked to decide about at once."""


def plain(heading: str) -> str:
    """A heading as it is compared: letters and digits only, without case or accents."""
    spread = unicodedata.normalize("NFKD", heading).casefold()
    return "".join(letter for letter in spread if letter.isalnum())


def propose_columns(
    headings: Sequence[str], names: Mapping[str, Iterable[str]], remembered: Mapping[str, str]
) -> dict[str, str]:
    """Which of our columns each heading stands for, "" where none does; no column is proposed twice.

    ``names`` are the names of each of our columns, ``remembered`` what was said before of a heading (as ``plain`` has
    it; "" for one to leave out). What was said goes before what is the same, and that before what is merely near.
    """
    ours = {key: [plain(name) for name in (key, *also)] for key, also in names.items()}
    found: dict[str, str] = {}
    for heading in headings:
        said = remembered.get(plain(heading))
        if said is not None and (not said or (said in ours and said not in found.values())):
            found[heading] = said
    for heading in headings:
        if heading not in found:
            same = next((key for key, known in ours.items() if plain(heading) in known), "")
            if same and same not in found.values():
                found[heading] = same
    near = sorted(
        ((-_alike(plain(heading), ours[key]), heading, key) for heading in headings for key in ours),
        key=lambda one: one[0],
    )
    for score, heading, key in near:
        if -score >= NEAR and heading not in found and key not in found.values():
            found[heading] = key
    return {heading: found.get(heading, "") for heading in headings}


def _alike(heading: str, names: Sequence[str]) -> int:
    """How near a heading is to the nearest of some names; one that holds the whole of a name is near."""
    best = 0
    for name in names:
        if (
            len(name) >= _SHORTEST_PART
            and heading
            and (name in heading or (heading in name and 2 * len(heading) >= len(name)))
        ):
            best = max(best, NEAR + len(name))
        best = max(best, int(1000 * SequenceMatcher(None, heading, name).ratio()))
    return best
