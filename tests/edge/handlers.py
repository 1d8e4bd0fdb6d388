"""Every handler the portal registers, and a payload for each."""

from __future__ import annotations

from typing import Any

from reflex_base.registry import RegistrationContext

from phbportal.domain.roles import Role
from phbportal.edge.names import policy_of
from phbportal.edge.payloads import HandlerPolicy
from phbportal.pages import everything
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from tests.support import trial

assert everything.add_to  # importing the pages registers their handlers
assert trial.Trial

SUBJECTS = {
    Role.CASE_MANAGER: "cm", Role.CLINICIAN: "clinician", Role.FINANCE: "finance", Role.APPROVER: "approver",
    Role.AUDITOR: "auditor", Role.ADMIN: "admin", Role.HOLDER: "holder", Role.REPRESENTATIVE: "representative",
    Role.NOMINEE: "nominee", Role.PROVIDER: "provider",
}  # fmt: skip
NOT_THEIRS = ("Quillfeather", "999 000 0026", "9990000026")


def policies() -> dict[str, HandlerPolicy]:
    """Every handler with a marker, the tests' own page among them."""
    names = sorted(RegistrationContext.get().event_handlers)
    return {name: policy for name in names if (policy := policy_of(name)) is not None}


GUARDED = [name for name, policy in policies().items() if policy.permission is not None]
SHARED = [name for name in GUARDED if callable(policies()[name].permission)]
"""Of states that pages share: which permission depends on what they show (tests/admin tries those)."""
PUBLIC = [name for name, policy in policies().items() if policy.permission is None]


def short(name: str) -> str:
    return ".".join(part.rpartition("____")[2] for part in name.split(".")[1:])


def payload_for(policy: HandlerPolicy, text: str = "x") -> dict[str, Any]:
    """A payload of the right shape: the same text wherever one goes."""
    kinds = {"string": text, "integer": 1, "boolean": True, "object": {"name": text, "search": text}}
    properties = policy.payload.model_json_schema().get("properties", {})
    return {name: kinds[about["type"]] for name, about in properties.items()}


def callers(policy: HandlerPolicy) -> list[Role]:
    """The roles that may call a handler; of one that pages share, every role, as each may read something."""
    wanted = policy.permission
    if not (wanted is None or isinstance(wanted, Permission)):
        return list(SUBJECTS)
    return [r for r in SUBJECTS if wanted is None or could_ever(Actor(r), wanted)]
