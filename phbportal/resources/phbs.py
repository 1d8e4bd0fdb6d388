"""Personal health budgets: their record is a page made by hand."""

from __future__ import annotations

from phbportal import routes
from phbportal.admin.fields import Computed, Day, Having, Link, Reference, Tag
from phbportal.admin.resource import Resource
from phbportal.domain.phbs import STATUS_WORDS
from phbportal.policy.permissions import Permission
from phbportal.queries import which
from phbportal.queries.boards import boards_of_budgets, code_of
from phbportal.resources.caseload import CASELOAD
from phbportal.resources.colours import PHB_CODES
from phbportal.tables.phbs import Phb

PHBS = Resource(
    code="phbs",
    imports=(CASELOAD,),
    table=Phb,
    one="budget",
    many="Budgets",
    intro="Every personal health budget of your board.",
    read=Permission.PHB_READ,
    fields=(
        Reference("reference"),
        Link("person_id", "Person", to="people"),
        Tag("status", choices=STATUS_WORDS, colours=PHB_CODES),
        Day("opened_on", "Opened on"),
        Having("which", "Which", choices=which.BUDGETS, condition=which.budgets),
        Computed("board", "Board code", load=boards_of_budgets, pick=code_of),
    ),
    title="reference",
    columns=("reference", "person_id", "status", "opened_on"),
    order="-id",
    filters=("status", "which"),
    search_through=("person_id",),
    finds=("reference",),
    search_hint="By the person’s name or the budget’s reference",
    export=Permission.BUDGET_EXPORT,
    key="reference",
    record_page=f"{routes.STAFF}/phbs",
)
