"""The eleven roles (decisions.md §2) and what each is called on a screen."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    HOLDER = "HOLDER"
    REPRESENTATIVE = "REPRESENTATIVE"
    NOMINEE = "NOMINEE"
    PROVIDER = "PROVIDER"
    CASE_MANAGER = "CASE_MANAGER"
    CLINICIAN = "CLINICIAN"
    FINANCE = "FINANCE"
    APPROVER = "APPROVER"
    AUDITOR = "AUDITOR"
    ADMIN = "ADMIN"
    SYSTEM = "SYSTEM"


STAFF_ROLES = frozenset({Role.CASE_MANAGER, Role.CLINICIAN, Role.FINANCE, Role.APPROVER, Role.AUDITOR, Role.ADMIN})

LISTED_ROLES = STAFF_ROLES | {Role.PROVIDER}
"""Whom a board's list of users shows: who works with the records, never the people the records are about."""

ROLE_WORDS: dict[Role, str] = {
    Role.HOLDER: "budget holder",
    Role.REPRESENTATIVE: "representative",
    Role.NOMINEE: "nominee",
    Role.PROVIDER: "provider",
    Role.CASE_MANAGER: "case manager",
    Role.CLINICIAN: "clinician",
    Role.FINANCE: "finance officer",
    Role.APPROVER: "approver",
    Role.AUDITOR: "auditor",
    Role.ADMIN: "administrator",
    Role.SYSTEM: "the portal",
}

HOLDER_IDLE_SECONDS = 30 * 60
STAFF_IDLE_SECONDS = 15 * 60
ABSOLUTE_SECONDS = 12 * 60 * 60


def idle_seconds(role: Role) -> int:
    """Seconds of doing nothing before sign-out: 30 minutes for holders, 15 for others (decisions.md §2)."""
    return HOLDER_IDLE_SECONDS if role is Role.HOLDER else STAFF_IDLE_SECONDS
