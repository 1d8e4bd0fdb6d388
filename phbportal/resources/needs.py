"""Assessments of needs, and the registrations of those who sign plans off."""

from __future__ import annotations

from phbportal.admin.fields import Choice, Computed, Day, Group, Link, LongText, Tag, Text
from phbportal.admin.resource import Action, Form, Resource, Section, Step
from phbportal.domain.needs import AREA_WORDS, OUTCOME_WORDS, NeedsOutcome
from phbportal.domain.plans import BODY_WORDS
from phbportal.policy.permissions import Permission
from phbportal.queries.needs import found_needs
from phbportal.resources.beside import OF_THE_PERSON
from phbportal.services.needs import record_assessment, recorded_by_mistake
from phbportal.tables.needs import NeedsAssessment

_WHO = ("assessed_on", "assessor", "profession", "body", "number", "organisation_id")
_MADE = ("outcome", "summary", "next_due_on")
COLOURS = {NeedsOutcome.NEEDS: "green", NeedsOutcome.NO_NEEDS: "grey", NeedsOutcome.MORE_TO_FIND: "yellow"}

_FIELDS = (
    Link("person_id", "Person", to="people", hint="Their name"),
    Day("assessed_on", "Assessed on", needed="Enter the day of the assessment."),
    Text("assessor", "Assessed by", needed="Enter the name of whoever assessed."),
    Text("profession", "Their profession", hint="For example, nurse assessor or occupational therapist",
         needed="Enter the profession of whoever assessed."),
    Choice("body", "Registered with", choices=BODY_WORDS, optional=True,
           hint="Leave this empty for somebody who is not a registered professional"),
    Text("number", "Registration number", optional=True, longest=20),
    Link("organisation_id", "Works for", to="providers", optional=True,
         hint="Only if that is not your board. An organisation that assesses somebody does not plan for them."),
    Group("needs", "Needs", fields=(
        Choice("area", "Area", choices=AREA_WORDS, needed="Choose the area of life."),
        LongText("words", "What they need, in plain words", longest=1000,
                 needed="Say what they need, in plain words."),
    ), one="need", least=0),
    Computed("found", "Needs", load=found_needs, nothing="None"),
    Tag("outcome", "What came of it", choices=OUTCOME_WORDS, colours=COLOURS),
    LongText("summary", "In plain words, for the person", hint="The person reads this, and each need",
             needed="Say in plain words what was found."),
    Day("next_due_on", "To be looked at again by", optional=True),
    Text("mistake", "Recorded by mistake", optional=True, longest=500),
)  # fmt: skip

NEEDS = Resource(
    code="needs-assessments",
    table=NeedsAssessment,
    one="assessment of needs",
    many="Assessments of needs",
    intro="What each person needs, who found it, and when it is looked at again.",
    read=Permission.NEEDS_READ,
    fields=_FIELDS,
    title="assessed_on",
    columns=("assessed_on", "person_id", "assessor", "outcome", "next_due_on"),
    order="-assessed_on",
    sorts=("assessed_on",),
    filters=("outcome",),
    search_through=("person_id",),
    search_hint="By the person’s name",
    sections=(
        Section("About it", ("person_id", *_WHO)),
        Section("What was found", ("found", *_MADE, "mistake")),
        *OF_THE_PERSON,
    ),
    new=Form(
        title="Record an assessment of needs",
        steps=(
            Step("Who assessed", ("person_id", *_WHO)),
            Step("What they need", ("needs",)),
            Step("What came of it", _MADE),
        ),
        permission=Permission.NEEDS_WRITE,
        save=record_assessment,
        done="The assessment is recorded.",
    ),
    actions=(
        Action(
            code="mistake",
            label="It was recorded by mistake",
            permission=Permission.NEEDS_WRITE,
            act=recorded_by_mistake,
            asks=(Text("mistake", "What is the mistake?", longest=500, needed="Say what the mistake is."),),
            explains="It stays to be read by staff. Nothing rests on it any more, and the person does not see it.",
            when=("mistake", ("",)),
            done="It is recorded as a mistake. Record the right assessment now.",
        ),
    ),
)  # fmt: skip
