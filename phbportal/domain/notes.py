"""Notes on a record: what may be written, and how one is put right."""

from __future__ import annotations

from collections.abc import Mapping

from phbportal.domain.reading import Reading

LONGEST = 2_000


def read_note(form: Mapping[str, object]) -> str:
    """The words of a note. Refuses none, and more than 2,000 letters."""
    r = Reading(form)
    words = r.text("note", needed="Write the note.", longest=LONGEST)
    r.finish()
    return words
