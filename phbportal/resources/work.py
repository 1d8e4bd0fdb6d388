"""What is to be done and kept: reviews, tasks, documents, notes."""

from __future__ import annotations

from phbportal import routes
from phbportal.admin.fields import Choice, Computed, Day, FileSize, Having, Link, LongText, Moment, Text
from phbportal.admin.resource import Action, Form, Resource, Section, fields
from phbportal.domain.documents import DOCUMENT_WORDS, SCAN_WORDS
from phbportal.domain.reviews import ASKED_FOR, RESULT_WORDS, REVIEW_WORDS
from phbportal.domain.roles import ROLE_WORDS, STAFF_ROLES, Role
from phbportal.policy.permissions import Permission
from phbportal.queries import which
from phbportal.queries.documents import files_of
from phbportal.queries.reviews import pages_of
from phbportal.queries.tasks import takers_of
from phbportal.resources.beside import OF_THE_BUDGET
from phbportal.services.review_setting import not_needed, set_review
from phbportal.services.tasks import give_back_task, pass_task_on, take_task
from phbportal.tables.documents import Document
from phbportal.tables.notes import Note
from phbportal.tables.phbs import Review, Task

ROLES = {role: ROLE_WORDS[role].capitalize() for role in sorted(STAFF_ROLES, key=ROLE_WORDS.__getitem__)}


TO_PASS = {role: words for role, words in ROLES.items() if role is not Role.ADMIN}


def _file(found: tuple[str, str]) -> tuple[str, str]:
    return found


REVIEWS = Resource(
    code="reviews",
    table=Review,
    one="review",
    many="Reviews",
    intro="When each budget is to be looked at again.",
    read=Permission.PHB_READ,
    fields=(
        Choice("kind", "Review", choices=REVIEW_WORDS),
        Link("phb_id", "Budget", to="phbs", hint="The person’s name or the budget’s reference"),
        Day("due_on", "Due on", needed="Enter the day it is due by."),
        Text("reason", "Why", longest=500, needed="Say why, in a few words."),
        Day("held_on", "Held on"),
        Choice("result", "What changes", choices=RESULT_WORDS),
        Computed("page", "What was found", load=pages_of, pick=_file, leads=True),
        Having("which", "Which", choices=which.REVIEWS, condition=which.reviews),
    ),
    title="kind",
    columns=("kind", "phb_id", "due_on", "held_on"),
    order="due_on",
    sorts=("due_on",),
    filters=("kind", "which"),
    sections=(
        Section("About it", ("kind", "phb_id", "due_on", "reason", "held_on", "result", "page")),
        *OF_THE_BUDGET,
    ),
    export=Permission.BUDGET_EXPORT,
    new=Form(
        title="Set a review",
        steps=fields("phb_id", "kind", "due_on", "reason"),
        permission=Permission.REVIEW_WRITE,
        save=set_review,
        done="The review is set.",
    ),
    actions=(
        Action(
            code="not-needed",
            label="It is not needed any more",
            permission=Permission.REVIEW_WRITE,
            act=not_needed,
            asks=(Text("why", "Why?", longest=500, needed="Say why it is not needed."),),
            when=("kind", tuple(kind.value for kind in ASKED_FOR)),
            while_empty=("held_on", "not_needed_on"),
            done="It is off the work list.",
        ),
    ),
)

TASKS = Resource(
    code="tasks",
    table=Task,
    one="task",
    many="Tasks",
    intro="What waits for somebody, and what has been done.",
    read=Permission.TASK_READ,
    fields=(
        Text("sentence", "Task"),
        Choice("role", "For whom", choices=ROLES),
        Link("phb_id", "Budget", to="phbs"),
        Link("person_id", "Person", to="people"),
        Day("due_on", "Due on"),
        Moment("created_at", "Since"),
        Moment("done_at", "Done"),
        Computed("taken", "Taken by", load=takers_of, nothing="Nobody"),
        Having("which", "Which", choices=which.TASKS, condition=which.tasks),
    ),
    title="sentence",
    columns=("sentence", "role", "phb_id", "due_on", "taken", "done_at"),
    filters=("role", "which"),
    actions=(
        Action(
            code="take",
            label="Take them",
            permission=Permission.TASK_TAKE,
            act=take_task,
            on=("selected",),
            done="They are yours now.",
        ),
        Action(
            code="give-back",
            label="Give them back to the team",
            permission=Permission.TASK_TAKE,
            act=give_back_task,
            on=("selected",),
            done="They are the team’s again.",
        ),
        Action(
            code="pass-on",
            label="Pass them on to another team",
            permission=Permission.TASK_TAKE,
            act=pass_task_on,
            asks=(Choice("to_role", "To whom?", choices=TO_PASS),),
            on=("selected",),
            done="They are passed on.",
        ),
    ),
    record_page=routes.STAFF_TASKS,
)

DOCUMENTS = Resource(
    code="documents",
    table=Document,
    one="document",
    many="Documents",
    intro="Files kept with budgets.",
    read=Permission.DOCUMENT_READ,
    fields=(
        Text("name", "Document"),
        Choice("kind", choices=DOCUMENT_WORDS),
        Link("phb_id", "Budget", to="phbs"),
        FileSize("size", "Size"),
        Moment("created_at", "Kept"),
        Choice("scan", "Virus check", choices=SCAN_WORDS),
        Computed("file", load=files_of, pick=_file, leads=True),
    ),
    title="name",
    columns=("name", "kind", "phb_id", "created_at", "file"),
    filters=("kind",),
    sections=(Section("About it", ("name", "kind", "phb_id", "size", "created_at", "scan", "file")),),
)

NOTES = Resource(
    code="notes",
    table=Note,
    one="note",
    many="Notes",
    intro="What people wrote on records.",
    read=Permission.NOTE_READ,
    fields=(
        LongText("words", "Note"),
        Choice("role", "Written as", choices=ROLES),
        Link("person_id", "Person", to="people"),
        Link("phb_id", "Budget", to="phbs"),
        Moment("created_at", "When"),
    ),
    title="words",
    columns=("words", "person_id", "phb_id", "role", "created_at"),
    filters=("role",),
    search_through=("person_id",),
    search_hint="By the person’s name",
)
