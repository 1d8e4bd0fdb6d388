"""Decisions, and the letters that tell of them."""

from __future__ import annotations

from phbportal import routes
from phbportal.admin.fields import Choice, Computed, Day, Integer, Link, LongText, Tag, Text
from phbportal.admin.resource import Action, Resource, Section
from phbportal.domain.decisions import DECISION_STATUS_WORDS, KIND_WORDS
from phbportal.domain.letters import LETTER_STATUS_WORDS, LetterStatus
from phbportal.domain.templates import LETTERS as USES
from phbportal.policy.permissions import Permission
from phbportal.queries.letters import documents_of
from phbportal.resources.colours import DECISION_CODES
from phbportal.services.letters import post_letter
from phbportal.tables.decisions import Decision
from phbportal.tables.letters import Letter

LETTER_COLOURS = {
    LetterStatus.WAITING: "blue", LetterStatus.TO_POST: "yellow", LetterStatus.POSTED: "green",
    LetterStatus.SENT: "green",
}  # fmt: skip


def _opens(found: tuple[str, str]) -> tuple[str, str]:
    return found


DECISIONS = Resource(
    code="decisions",
    table=Decision,
    one="decision",
    many="Decisions",
    intro="What was decided about budgets: refused, left out, reduced, suspended, stopped, and who may act.",
    read=Permission.DECISION_READ,
    fields=(
        Choice("kind", "Decision", choices=KIND_WORDS),
        Link("phb_id", "Budget", to="phbs"),
        Link("person_id", "Person", to="people"),
        Tag("status", choices=DECISION_STATUS_WORDS, colours=DECISION_CODES),
        Day("effective_on", "Takes effect"),
        Day("issued_on", "Issued"),
    ),
    title="kind",
    columns=("kind", "phb_id", "person_id", "status", "effective_on", "issued_on"),
    order="-id",
    sorts=("effective_on",),
    filters=("kind", "status"),
    search_through=("person_id",),
    search_hint="By the person’s name",
    export=Permission.BUDGET_EXPORT,
    record_page=routes.STAFF_DECISIONS,
)

LETTERS = Resource(
    code="letters",
    table=Letter,
    one="letter",
    many="Letters",
    intro="Letters as they were sent, and those that wait to be printed.",
    read=Permission.LETTER_READ,
    fields=(
        Text("title", "Letter"),
        Choice("code", "What it is for", choices=USES),
        Text("addressee", "To"),
        Link("phb_id", "Budget", to="phbs"),
        Link("decision_id", "Decision", to="decisions"),
        Tag("status", choices=LETTER_STATUS_WORDS, colours=LETTER_COLOURS),
        Day("written_on", "Written"),
        Day("post_by", "Post by"),
        Day("left_on", "Left"),
        Day("law_as_of", "Law as of"),
        Integer("template_version", "Version of the template"),
        LongText("body", "Words"),
        Computed("file", "To print", load=documents_of, pick=_opens, leads=True),
    ),
    title="title",
    columns=("title", "addressee", "phb_id", "status", "post_by", "left_on", "file"),
    order="-id",
    sorts=("post_by",),
    filters=("status", "code"),
    sections=(
        Section("About it", ("code", "addressee", "phb_id", "decision_id", "status", "written_on", "post_by", "left_on",
                             "file")),
        Section("Words", ("body", "law_as_of", "template_version")),
    ),
    actions=(
        Action(
            code="posted", label="Mark as posted", permission=Permission.LETTER_POST, act=post_letter,
            on=("one", "selected"), when=("status", (LetterStatus.TO_POST,)), done="It is marked as posted.",
        ),
    ),
)  # fmt: skip
