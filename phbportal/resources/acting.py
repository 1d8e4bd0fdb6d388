"""People who act for others, assessments of capacity, consents."""

from __future__ import annotations

from phbportal.admin.fields import Choice, Day, Link, Tag, Text, YesNo
from phbportal.admin.resource import Resource, Section
from phbportal.domain.acting import ACTING_STATUS_WORDS, ACTING_WORDS, BASIS_WORDS, NOMINATED_WORDS
from phbportal.domain.capacity import CAPACITY_WORDS
from phbportal.domain.consents import CONSENT_KIND_WORDS, GIVEN_BY_WORDS
from phbportal.domain.relations import RELATION_WORDS
from phbportal.policy.permissions import Permission
from phbportal.resources.beside import OF_THE_PERSON
from phbportal.resources.colours import HELPER_CODES
from phbportal.tables.acting import CapacityAssessment, PersonRole
from phbportal.tables.consents import Consent

HELPERS = Resource(
    code="helpers",
    table=PersonRole,
    one="helper",
    many="People who act for others",
    intro="Representatives, nominees and others who help, and where each stands.",
    read=Permission.ACTING_READ,
    fields=(
        Text("name"),
        Choice("role", "Acts as", choices=ACTING_WORDS),
        Link("person_id", "For", to="people"),
        Tag("status", choices=ACTING_STATUS_WORDS, colours=HELPER_CODES),
        Choice("relation", choices=RELATION_WORDS),
        Choice("basis", "On what basis", choices=BASIS_WORDS),
        Choice("nominated_by", choices=NOMINATED_WORDS),
        YesNo("lives_in_household"),
        Day("agreed_on", "They agreed on"),
        Day("board_agreed_on", "Your board agreed on"),
        Day("dbs_on", "DBS checked on"),
        Day("ended_on"),
        Text("end_reason", "Why it ended"),
    ),
    title="name",
    columns=("name", "role", "person_id", "status", "relation", "board_agreed_on"),
    filters=("role", "status", "relation"),
    search_through=("person_id",),
    search_hint="By the name of the person they help",
    sections=(
        Section("About them", ("name", "role", "person_id", "relation", "lives_in_household", "basis", "nominated_by")),
        Section("Where it stands", ("status", "agreed_on", "dbs_on", "board_agreed_on", "ended_on", "end_reason")),
        *OF_THE_PERSON,
    ),
)

CAPACITY = Resource(
    code="capacity",
    table=CapacityAssessment,
    one="assessment",
    many="Assessments of capacity",
    intro="One decision each, and whether the person could make it.",
    read=Permission.CONSENT_READ,
    fields=(
        Text("decision", "Decision"),
        Link("person_id", "Person", to="people"),
        Choice("outcome", "Found", choices=CAPACITY_WORDS),
        Day("assessed_on"),
        Text("assessed_by"),
        Day("review_on", "To be looked at again"),
    ),
    title="decision",
    columns=("decision", "person_id", "outcome", "assessed_on", "review_on"),
    sorts=("assessed_on",),
    filters=("outcome",),
    search_through=("person_id",),
    search_hint="By the person’s name",
    sections=(
        Section("About it", ("decision", "person_id", "outcome", "assessed_on", "assessed_by", "review_on")),
        *OF_THE_PERSON,
    ),
)

CONSENTS = Resource(
    code="consents",
    table=Consent,
    one="consent",
    many="Consents",
    intro="Who consented to what, and what was withdrawn.",
    read=Permission.CONSENT_READ,
    fields=(
        Choice("kind", "Consent", choices={kind: f"Consent {words}" for kind, words in CONSENT_KIND_WORDS.items()}),
        Link("person_id", "Person", to="people"),
        Choice("given_by", "Given by", choices=GIVEN_BY_WORDS),
        Text("giver_name", "Name"),
        Day("given_on"),
        Day("withdrawn_on"),
        Text("evidence", "Where it is recorded"),
    ),
    title="kind",
    columns=("kind", "person_id", "given_by", "given_on", "withdrawn_on"),
    sorts=("given_on",),
    filters=("kind", "given_by"),
    search_through=("person_id",),
    search_hint="By the person’s name",
    sections=(
        Section("About it", ("kind", "person_id", "given_by", "giver_name", "given_on", "withdrawn_on", "evidence")),
        *OF_THE_PERSON,
    ),
)
