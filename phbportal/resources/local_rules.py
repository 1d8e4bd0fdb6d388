"""What a board adds to the list of what the money cannot buy: each rule written, and ended, by two people."""

from __future__ import annotations

from typing import Any

from phbportal.admin.fields import Day, LongText, Text
from phbportal.admin.resource import Action, Form, Resource, Section, fields
from phbportal.policy.permissions import Permission
from phbportal.services.exclusions import ADD, END
from phbportal.tables.local_rules import LocalRule


class _Words(Text):
    """Words that follow "You cannot spend it on", with a capital where they stand alone."""

    def show(self, *values: Any) -> str:
        said = super().show(*values)
        return said[:1].upper() + said[1:]


RULES = Resource(
    code="local-rules",
    table=LocalRule,
    one="rule of the board",
    many="Rules of the board",
    intro="What your board adds to what the money cannot buy. Each rule names the policy it stands in.",
    read=Permission.RULE_READ,
    fields=(
        Text("code"),
        _Words(
            "words", "What the money cannot buy", sort_by="search_words", needed="Say what the money cannot buy.",
            hint="In words that follow “You cannot spend it on”, such as: rent and household bills",
        ),
        Text("easy", "The same in as few words as can be", longest=100, hint="The holder reads this.",
             needed="Say the same in as few words as can be."),
        LongText(
            "looks_like", "Words that name it", longest=500, optional=True,
            hint="Beginnings of words, one a line or apart by commas, such as: rent, mortgage, council tax. "
            "Whoever writes them in a plan is asked why the money may buy it.",
        ),
        Text("policy", hint="Its name, number and page, for whoever wants to read it"),
        Day("starts_on", "From", needed="Enter the day it holds from."),
        Day("ends_on", "Last day", optional=True),
    ),
    title="words",
    columns=("words", "code", "policy", "starts_on", "ends_on"),
    order="words",
    sorts=("words", "starts_on"),
    search=("search_words",),
    search_hint="By its words",
    sections=(Section("About it", ("code", "words", "easy", "looks_like", "policy", "starts_on", "ends_on")),),
    new=Form(
        title="Add a rule", steps=fields("words", "easy", "looks_like", "policy", "starts_on"),
        permission=Permission.RULE_PROPOSE, second=ADD,
    ),
    actions=(
        Action(
            code="end", label="End this rule", permission=Permission.RULE_PROPOSE, second=END,
            asks=(Day("ends_on", "Last day", needed="Enter the last day it holds."),),
        ),
    ),
)  # fmt: skip
