"""Roles are proposed by one person and granted by another (domain.md §9.5, security.md T35)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from phbportal.domain.money import pounds
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.domain.text import long_date


class GrantKind(StrEnum):
    INVITATION = "INVITATION"
    ROLE = "ROLE"
    CHANGE = "CHANGE"
    ENABLE = "ENABLE"


class GrantStatus(StrEnum):
    PROPOSED = "PROPOSED"
    GRANTED = "GRANTED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


KIND_WORDS: dict[GrantKind, str] = {
    GrantKind.INVITATION: "Somebody new",
    GrantKind.ROLE: "A further role",
    GrantKind.CHANGE: "A change to a role",
    GrantKind.ENABLE: "Signing in again",
}
STATUS_WORDS: dict[GrantStatus, str] = {
    GrantStatus.PROPOSED: "Waiting for a second person",
    GrantStatus.GRANTED: "Granted",
    GrantStatus.REFUSED: "Refused",
    GrantStatus.WITHDRAWN: "Withdrawn",
}
FIRST_ADMINS = 2
"""So many administrators of a board need no second person: until there are two, there is nobody to ask."""


@dataclass(frozen=True, slots=True)
class RoleTerms:
    """A role with its end and its limit. ``limit_pence`` is pence a week and an approver's only; None: no limit."""

    role: Role
    ends_on: date | None = None
    limit_pence: int | None = None


def needs_second_person(before: RoleTerms, after: RoleTerms) -> bool:
    """Whether a change gives power: another limit, or a later end. An earlier end only takes some away."""
    if before.limit_pence != after.limit_pence:
        return True
    if before.ends_on == after.ends_on:
        return False
    return after.ends_on is None or (before.ends_on is not None and after.ends_on > before.ends_on)


def terms_words(terms: RoleTerms) -> str:
    """A role in words: "Approver, up to £1,000.00 a week, until 31 March 2027"."""
    words = ROLE_WORDS[terms.role].capitalize()
    if terms.role is Role.APPROVER:
        words += f", up to {pounds(terms.limit_pence)} a week" if terms.limit_pence is not None else ", any amount"
    return f"{words}, until {long_date(terms.ends_on)}" if terms.ends_on else f"{words}, no end date"
