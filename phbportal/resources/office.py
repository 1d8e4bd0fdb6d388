"""The office's own rows: who holds which role, and who asked to be let into a record."""

from __future__ import annotations

from phbportal import routes
from phbportal.admin.fields import Choice, Computed, Day, Moment, Money, Tag, Text
from phbportal.admin.resource import Resource, Section
from phbportal.domain.break_glass import GLASS_WORDS, GlassStatus
from phbportal.domain.roles import LISTED_ROLES, ROLE_WORDS
from phbportal.policy.permissions import Permission
from phbportal.queries.users import named_by_assignment
from phbportal.tables.break_glass import BreakGlass
from phbportal.tables.users import Assignment

ROLES = {role: ROLE_WORDS[role].capitalize() for role in sorted(LISTED_ROLES, key=ROLE_WORDS.__getitem__)}


def _user(found: tuple[str, str]) -> tuple[str, str]:
    name, user = found
    return name, routes.staff_user(user)


ASSIGNMENTS = Resource(
    code="roles",
    table=Assignment,
    one="role",
    many="Roles",
    intro="Who holds which role at your board, from when to when.",
    read=Permission.USER_READ,
    fields=(
        Choice("role", choices=ROLES),
        Computed("holder", "Held by", load=named_by_assignment, pick=_user, leads=True),
        Day("valid_from", "From"),
        Day("valid_to", "To"),
        Money("sign_off_limit_pence", "Limit a week"),
        Moment("revoked_at", "Ended"),
    ),
    title="role",
    columns=("role", "holder", "valid_from", "valid_to", "sign_off_limit_pence", "revoked_at"),
    sorts=("valid_from",),
    filters=("role",),
    sections=(Section("About it", ("role", "holder", "valid_from", "valid_to", "sign_off_limit_pence", "revoked_at")),),
    export=Permission.OFFICE_EXPORT,
)

ASKINGS = Resource(
    code="askings",
    table=BreakGlass,
    one="asking",
    many="Break-glass",
    counted="askings",
    empty="Nobody has asked to be let into a record yet.",
    intro="Who asked to be let into a record, why, and what came of it.",
    read=Permission.BREAK_GLASS_READ,
    fields=(
        Text("reference"),
        Tag("status", choices=GLASS_WORDS, colours={GlassStatus.AGREED: "green", GlassStatus.ASKED: "yellow"}),
        Text("reason", "Why"),
        Moment("created_at", "Asked"),
        Moment("decided_at", "Decided"),
        Moment("ends_at", "Ends"),
        Moment("reviewed_at", "Looked at by an auditor"),
    ),
    title="reference",
    columns=("reference", "status", "reason", "created_at", "ends_at", "reviewed_at"),
    filters=("status",),
    record_page=routes.STAFF_BREAK_GLASS,
    export=Permission.OFFICE_EXPORT,
)
