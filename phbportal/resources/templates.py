"""Templates of letters and agreements: every version, each written by two people."""

from __future__ import annotations

from phbportal.admin.fields import Choice, Day, Integer, LongText, Tag, Text
from phbportal.admin.resource import Action, Form, Related, Resource, Section, fields
from phbportal.domain.templates import KIND_WORDS, MOST_LETTERS, PLACEHOLDERS, STATUS_WORDS, USES, TemplateStatus
from phbportal.policy.permissions import Permission
from phbportal.services.templates import ADD, CHANGE, WITHDRAW
from phbportal.tables.document_templates import DocumentTemplate

COLOURS = {TemplateStatus.IN_USE: "green", TemplateStatus.REPLACED: "grey", TemplateStatus.WITHDRAWN: "grey"}
NAMES = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)

TEMPLATES = Resource(
    code="templates",
    table=DocumentTemplate,
    one="template",
    many="Templates",
    intro="The letters and agreements of your board. A change makes a new version, and two people agree on it.",
    read=Permission.TEMPLATE_READ,
    fields=(
        Choice("code", "What it is for", choices=USES),
        Tag("kind", choices=KIND_WORDS),
        Integer("version"),
        Text("title", sort_by="search_title"),
        LongText(
            "body", "Words", longest=MOST_LETTERS, needed="Enter the words.",
            hint=f"Leave an empty line between paragraphs. What is filled in stands in braces: {NAMES}",
        ),
        Day("law_as_of", "Law as of", needed="Enter the day the law was last checked."),
        Tag("status", choices=STATUS_WORDS, colours=COLOURS),
    ),
    title="title",
    columns=("title", "code", "version", "law_as_of", "status"),
    order="title",
    sorts=("title", "version", "law_as_of"),
    filters=("status", "kind", "code"),
    search=("search_title",),
    search_hint="By title",
    sections=(
        Section("About it", ("code", "kind", "version", "status", "law_as_of")),
        Section("Words", ("title", "body")),
        Related("templates", by="code", of="code", title="Every version", columns=("version", "law_as_of", "status")),
    ),
    new=Form(
        title="Add a template",
        steps=fields("code", "title", "body", "law_as_of"),
        permission=Permission.TEMPLATE_PROPOSE,
        second=ADD,
    ),
    change=Form(
        title="Change this template",
        steps=fields("title", "body", "law_as_of"),
        permission=Permission.TEMPLATE_PROPOSE,
        second=CHANGE,
    ),
    actions=(
        Action(
            code="withdraw",
            label="Withdraw this template",
            permission=Permission.TEMPLATE_PROPOSE,
            second=WITHDRAW,
            when=("status", (TemplateStatus.IN_USE,)),
        ),
    ),
)  # fmt: skip
