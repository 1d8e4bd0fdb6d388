"""What a declaration says of a second person, and what is wrong with it: nothing is written that one person decided."""

from __future__ import annotations

from sqlmodel import SQLModel

from phbportal.admin.fields import Computed, Field, Group, LongText
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.domain.text import listed
from phbportal.policy.decide import roles_that_could
from phbportal.policy.grants import GRANTS
from phbportal.policy.permissions import Permission
from phbportal.policy.questions import did_not_propose_it
from phbportal.services.change_requests import Applies, kind_of

WORDS = "Another person must approve this before it is written. You cannot approve it yourself."
PROPOSED = "Proposed. Another person must approve it; it is on their work list."
PROPOSE = "Propose it"
"""The button of such a form that does not say another."""
REASON = LongText(
    "second_reason", "Why?", longest=500, hint="Whoever decides reads this.",
    needed="Say why, so that the second person can judge it.",
)  # fmt: skip
"""Asked on every form that proposes, but for those that ask why themselves."""


def asked(second: str, why: str = "") -> tuple[Field, ...]:
    """What such a form asks besides its own fields; nothing where one of those, ``why``, says why already."""
    return (REASON,) if second and not why else ()


def tells(field: Field) -> bool:
    """Whether a proposal may tell of a field: whoever sees the change sees all of it."""
    kept = field.load is not None if isinstance(field, Group) else bool(field.columns())
    return kept and field.needs is None and not (field.secret or isinstance(field, Computed))


def problem(
    second: str, *, table: type[SQLModel], read: Permission, proposes: Permission, every: tuple[Field, ...],
    asks: tuple[Field, ...], is_new: bool,
) -> str:  # fmt: skip
    """What is wrong with a form or an action that names this kind of change; "" for nothing. ``every`` are the fields
    of the resource, ``asks`` those that are filled in."""
    kind = kind_of(second)
    if kind is None:
        return f"it is for a second person, and no service has said with applies(…) how {second!r} is carried out."
    if not is_new and kind.table is not table:
        return f"{second!r} changes another table: say table= where it is told how that is carried out."
    for field in asks:
        if field.secret:
            return f"{field.name!r} is kept nowhere but in its own table, so it cannot wait for a second person here."
        if field.needs is not None:
            return f"{field.name!r} is for some only, and whoever decides must see all that they decide."
        if isinstance(field, Group) and field.load is None and not is_new:
            return f"{field.name!r} does not say how to load what is there, so it cannot be shown before and after."
    names = {one.name for one in every}
    typed = [one for one in asks if one.name not in names]
    labels = [one.words() for one in (*filter(tells, every), *typed)]
    if twice := next((label for label in labels if labels.count(label) > 1), ""):
        return f"two fields read {twice!r}, and a change of one would hide behind the other. Give one another label."
    return _of_deciding(second, kind, read) or _of_seeing(kind, read, proposes)


def _of_deciding(second: str, kind: Applies, read: Permission) -> str:
    clauses = GRANTS.get(kind.decides, ())
    if not clauses:
        return f"nobody may decide {second!r}: grant {kind.decides.value} in policy/grants.py."
    if not all(did_not_propose_it in clause for clause in clauses):
        return f"one person could do both: put did_not_propose_it among the questions of {kind.decides.value}."
    if not roles_that_could(kind.decides) <= roles_that_could(Permission.CHANGE_DECIDE):
        return f"some who hold {kind.decides.value} may decide no change: grant them CHANGE_DECIDE too."
    if not roles_that_could(kind.decides) <= roles_that_could(read):
        return f"some who hold {kind.decides.value} may not read what they decide: grant them {read.value} too."
    return ""


def _of_seeing(kind: Applies, read: Permission, proposes: Permission) -> str:
    """A change is seen by the roles that could propose or decide it, and by auditors (queries/scope.py)."""
    blind = (roles_that_could(kind.decides, proposes) | {Role.AUDITOR}) - roles_that_could(read)
    if not blind:
        return ""
    names = listed([f"{ROLE_WORDS[role]}s" for role in sorted(blind)])
    return f"{names} would see the change and may not read the record: grant them {read.value} too."
