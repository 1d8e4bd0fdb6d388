"""People: their record is a page made by hand."""

from __future__ import annotations

from phbportal import routes
from phbportal.admin.fields import (
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
from phbportal.admin.resource import Resource
from phbportal.domain import identifiers
from phbportal.policy.permissions import Permission
from phbportal.queries.people import Budgets, budgets_of, with_budget
from phbportal.resources.colours import PHB_COLOURS
from phbportal.tables.people import Person


def _newest(budgets: Budgets) -> tuple[str, str]:
    return budgets.words, routes.staff_phb(budgets.reference)


def _status(budgets: Budgets) -> str:
    return budgets.status


PEOPLE = Resource(
    code="people",
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
