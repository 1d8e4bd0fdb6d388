"""What stands beside many records: the tasks and the documents of the budget, or of the person, they belong to."""

from __future__ import annotations

from sqlmodel import SQLModel

from phbportal import routes
from phbportal.admin.fields import Computed
from phbportal.admin.resource import Related
from phbportal.queries.whose import budgets_of

_TASK = ("sentence", "role", "due_on", "done_at")

OF_THE_BUDGET = (
    Related("tasks", by="phb_id", of="phb_id", title="Tasks of this budget", columns=_TASK),
    Related("documents", by="phb_id", of="phb_id", title="Documents of this budget",
            columns=("name", "kind", "created_at", "file")),
)  # fmt: skip
OF_THE_PERSON = (Related("tasks", by="person_id", of="person_id", title="Tasks about this person", columns=_TASK),)


def its_budget(table: type[SQLModel]) -> Computed:
    """The budget of a row that names only its plan or its version: a column that leads there."""
    return Computed(
        "budget", "Budget", load=budgets_of(table), leads=True,
        pick=lambda reference: (reference, routes.of_phb(routes.STAFF_PHB, reference)),
    )  # fmt: skip
