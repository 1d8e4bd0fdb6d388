"""What people did, and what they looked at: read by those who watch, changed by nobody."""

from __future__ import annotations

from typing import Any

from phbportal.admin.fields import Choice, Computed, Having, Integer, Link, Moment, Text
from phbportal.admin.resource import Resource
from phbportal.domain.looks import page_name
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.policy.permissions import Permission
from phbportal.queries import which
from phbportal.queries.history import HistoryRow, sentences_of
from phbportal.queries.looks import lookers
from phbportal.tables.audit import AccessEvent, AuditEvent

ROLES = {role: ROLE_WORDS[role].capitalize() for role in sorted(Role, key=ROLE_WORDS.__getitem__)}


def _sentence(row: HistoryRow) -> str:
    return row.sentence


def _who(row: HistoryRow) -> str:
    return row.who


class _Page(Text):
    """A page by the name staff call it."""

    def show(self, *values: Any) -> str:
        return page_name(values[0] or "")


HISTORY = Resource(
    code="history",
    table=AuditEvent,
    one="entry",
    many="History",
    counted="entries",
    intro="Everything that was done at your board, in sentences.",
    read=Permission.HISTORY_READ,
    fields=(
        Moment("created_at", "When"),
        Computed("sentence", "What", load=sentences_of, pick=_sentence, nothing="Something you may not see"),
        Computed("who", load=sentences_of, pick=_who),
        Choice("role", "In which role", choices=ROLES),
        Link("phb_id", "Budget", to="phbs"),
    ),
    title="created_at",
    columns=("created_at", "sentence", "who", "phb_id"),
    filters=("role",),
    export=Permission.OFFICE_EXPORT,
)

ACCESS = Resource(
    code="looks",
    table=AccessEvent,
    one="look",
    many="Looks",
    intro="Who looked at what at your board.",
    read=Permission.ACCESS_READ,
    fields=(
        Moment("created_at", "When"),
        Computed("who", load=lookers, nothing="The portal"),
        Choice("role", "In which role", choices=ROLES),
        _Page("page", "What"),
        Integer("rows_shown", "Rows"),
        Link("person_id", "Person", to="people"),
        Link("phb_id", "Budget", to="phbs"),
        Having("which", "Which", choices=which.LOOKS, condition=which.looks),
    ),
    title="created_at",
    columns=("created_at", "who", "role", "page", "rows_shown", "person_id"),
    filters=("role", "which"),
    export=Permission.OFFICE_EXPORT,
)
