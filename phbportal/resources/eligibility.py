"""Why people may have a budget."""

from __future__ import annotations

from phbportal.admin.fields import Choice, Day, Link, Text
from phbportal.admin.resource import Resource, Section
from phbportal.domain.eligibility import COHORT_WORDS, RIGHT_WORDS
from phbportal.policy.permissions import Permission
from phbportal.resources.beside import OF_THE_PERSON
from phbportal.tables.eligibility import Eligibility

ELIGIBILITY = Resource(
    code="eligibility",
    table=Eligibility,
    one="reason",
    many="Eligibility",
    counted="reasons",
    intro="Why each person may have, or ask for, a budget.",
    read=Permission.ELIGIBILITY_READ,
    fields=(
        Choice("cohort", "Reason", choices=COHORT_WORDS),
        Choice("entitlement", "Right", choices=RIGHT_WORDS),
        Link("person_id", "Person", to="people"),
        Day("decided_on"),
        Day("starts_on"),
        Day("ends_on"),
        Text("end_reason", "Why it ended"),
    ),
    title="cohort",
    columns=("cohort", "person_id", "entitlement", "starts_on", "ends_on"),
    sorts=("starts_on", "decided_on"),
    filters=("cohort", "entitlement"),
    search_through=("person_id",),
    search_hint="By the person’s name",
    sections=(
        Section("About it", ("person_id", "cohort", "entitlement", "decided_on", "starts_on", "ends_on", "end_reason")),
        *OF_THE_PERSON,
    ),
    export=Permission.PERSON_EXPORT,
)
