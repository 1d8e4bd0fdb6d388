"""People: their record is a page made by hand."""

from __future__ import annotations

from phbportal import routes
from phbportal.admin.fields import (
    Choice,
    Computed,
    Day,
    LongText,
    Name,
    NhsNumber,
    Postcode,
    Sought,
    Telephone,
    Text,
    YesNo,
)
from phbportal.admin.imports.declared import Import
from phbportal.admin.resource import Resource
from phbportal.domain import identifiers
from phbportal.domain.imports import PERSON_DECISION_WORDS
from phbportal.policy.permissions import Permission
from phbportal.queries.boards import boards_of_people, code_of
from phbportal.queries.people import Budgets, budgets_of, with_budget
from phbportal.resources.colours import PHB_COLOURS
from phbportal.services.people_import import bring_in_people
from phbportal.tables.people import Person


def _newest(budgets: Budgets) -> tuple[str, str]:
    return budgets.words, routes.staff_phb(budgets.reference)


def _status(budgets: Budgets) -> str:
    return budgets.status


IMPORT = Import(
    code="list",
    title="A list of people",
    explains="One row a person. Somebody the board knows by NHS number or reference has their contact details changed.",
    permission=Permission.PERSON_WRITE,
    fields=(
        Text("given_name", "First names"),
        Text("family_name", "Family name"),
        Day("date_of_birth", "Date of birth"),
        NhsNumber("nhs_number", "NHS number", optional=True, needs=Permission.NHS_NUMBER_READ),
        Text("local_reference", "Reference", optional=True, longest=40),
        Text("known_as", "Known as", optional=True),
        Text("address", "Address", optional=True, longest=500),
        Postcode("postcode", "Postcode", optional=True),
        Telephone("telephone", "Telephone", optional=True),
        YesNo("easy_read", "Easy read"),
        Choice(
            "decision",
            "Decision",
            optional=True,
            choices=PERSON_DECISION_WORDS,
            hint="Only where the portal has somebody of this name and date of birth under another number",
        ),
    ),
    also={
        "given_name": ("First name", "Forename", "Given name"),
        "family_name": ("Surname", "Last name"),
        "date_of_birth": ("DOB", "Born", "Birth date"),
        "nhs_number": ("NHS No",),
        "local_reference": ("Local ref", "Our ref", "Case number"),
        "telephone": ("Phone", "Tel", "Mobile"),
        "decision": ("Same or another", "Same person or another"),
    },
    key=("nhs_number",),
    file=bring_in_people,
    same_words=PERSON_DECISION_WORDS,
)

PEOPLE = Resource(
    code="people",
    imports=(IMPORT,),
    table=Person,
    one="person",
    many="People",
    intro="Everybody your board looks after, with a budget or without.",
    read=Permission.PERSON_READ,
    fields=(
        Name("name", sort_by="search_name"),
        Day("date_of_birth", "Born"),
        NhsNumber("nhs_number", "NHS number", needs=Permission.NHS_NUMBER_READ),
        Text("local_reference", "reference"),
        Text("given_name", "First names"),
        Text("family_name"),
        Text("known_as"),
        LongText("address"),
        Postcode("postcode"),
        Telephone("telephone"),
        LongText("communication_needs"),
        YesNo("easy_read"),
        Sought("phb", "reference", reader=identifiers.phb_reference, find=with_budget),
        Computed("budget", load=budgets_of, pick=_newest, leads=True),
        Computed("status", load=budgets_of, pick=_status, colours=PHB_COLOURS, nothing="No budget"),
        Computed("board", "Board code", load=boards_of_people, pick=code_of),
    ),
    title="name",
    columns=("name", "date_of_birth", "nhs_number", "budget", "status"),
    order="name",
    sorts=("name",),
    search=("search_name", "search_given"),
    finds=("nhs_number", "phb", "local_reference"),
    empty="Your board does not look after anybody here yet.",
    export=Permission.PERSON_EXPORT,
    record_page=routes.STAFF_PEOPLE,
    new_page=routes.STAFF_NEW_PERSON,
    new_label="Add a person",
    new_needs=Permission.PERSON_WRITE,
)
