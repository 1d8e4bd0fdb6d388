"""The engine's pages and who looks at them, worked out from the declarations and the grants: no line a resource."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from phbportal.admin.addresses import record_base
from phbportal.admin.picking import is_on_many
from phbportal.admin.resource import Action, Form, Resource
from phbportal.domain.roles import STAFF_ROLES, Role
from phbportal.policy.decide import roles_that_could
from phbportal.policy.permissions import Permission
from phbportal.resources.everything import RESOURCES
from tests.browser.stops import ADMIN, APPROVER, AUDITOR, CASE_MANAGER, CLINICIAN, FINANCE
from tests.policy.matrix import OWN_BOARD, YES, answer

WHO = {
    Role.CASE_MANAGER: CASE_MANAGER, Role.CLINICIAN: CLINICIAN, Role.FINANCE: FINANCE, Role.APPROVER: APPROVER,
    Role.AUDITOR: AUDITOR, Role.ADMIN: ADMIN,
}  # fmt: skip
LIST, RECORD, NEW, CHANGE, ACT, ACT_ON_MANY = "list", "record", "new", "change", "act", "act on many"


@dataclass(frozen=True)
class Walk:
    """A resource walked through in a role: its list, a record, and every form the role may fill in there."""

    resource: Resource
    role: Role

    def __str__(self) -> str:
        return f"{self.resource.code} as {self.role.lower()}"

    def may(self, permission: Permission) -> bool:
        return self.role in roles_that_could(permission)

    def form(self, form: Form | None) -> bool:
        return form is not None and self.may(form.permission)

    def acts(self) -> list[Action]:
        return [one for one in self.resource.actions if self.may(one.permission)]

    def kinds(self) -> frozenset[str]:
        """The kinds of pages there are on the way."""
        one, made = self.resource, record_base(self.resource) == f"/staff/{self.resource.code}"
        there = {
            LIST: True, RECORD: made and not one.record_page, NEW: self.form(one.new), CHANGE: self.form(one.change),
            ACT: any("one" in act.on for act in self.acts()), ACT_ON_MANY: any(is_on_many(act) for act in self.acts()),
        }  # fmt: skip
        return frozenset(kind for kind, is_there in there.items() if is_there)

    def sees_all(self) -> bool:
        """Whether the role reads what everybody at the board put there: then there are rows to walk through."""
        return answer(self.role, self.resource.read) in (YES, OWN_BOARD)

    def shows(self) -> set[tuple[str, str]]:
        """What is surely seen of it: each kind of page in the role, and each kind of page of the resource."""
        kinds = self.kinds() if self.sees_all() else frozenset[str]()
        return {(kind, self.role.value) for kind in kinds} | {(kind, self.resource.code) for kind in kinds}


def every_walk() -> list[Walk]:
    """Every resource in every role that may read it."""
    return [Walk(one, role) for one in RESOURCES for role in sorted(STAFF_ROLES) if role in roles_that_could(one.read)]


def enough(walks: list[Walk]) -> list[Walk]:
    """So few of the walks that each resource's pages are seen by somebody and each role sees each kind of page."""
    chosen: list[Walk] = []
    seen: set[tuple[str, str]] = set()
    while left := [one for one in walks if one.shows() - seen]:
        walked = Counter(one.role for one in chosen)
        best = max(left, key=lambda one: (len(one.shows() - seen), -walked[one.role]))  # the first of equals
        chosen.append(best)
        seen |= best.shows()
    return chosen


WALKS = sorted(enough(every_walk()), key=lambda one: (one.role, one.resource.code))
