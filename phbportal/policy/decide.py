"""Deciding: yes, or no with the sentence a person reads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from phbportal.domain.roles import Role
from phbportal.policy.actors import Actor, Subject
from phbportal.policy.grants import GRANTS
from phbportal.policy.permissions import Permission


@dataclass(frozen=True, slots=True)
class Decision:
    """Allowed or not; ``because`` is empty when allowed."""

    allowed: bool
    because: str = ""


ALLOWED = Decision(True)
_NOTHING = Subject()


def decide(actor: Actor, permission: Permission, thing: Subject) -> Decision:
    """May this actor do this to this thing?

    When no clause holds, the reason is the first failed question of the nearest clause: the one with the
    most satisfied questions, ties to the first (decisions.md §2). A bug inside a question raises.
    """
    best, reason = -1, "You do not have permission to do this."
    for clause in GRANTS[permission]:
        answers = [question.ask(actor, thing) for question in clause]
        if all(answers):
            return ALLOWED
        if sum(answers) > best:
            best = sum(answers)
            reason = clause[answers.index(False)].because
    return Decision(False, reason)


def could_ever(actor: Actor, permission: Permission) -> bool:
    """Could this actor ever do this to anything? Asks only what is about the actor (the Guard's question)."""
    for clause in GRANTS[permission]:  # in loops: a page asks this a hundred times
        for question in clause:
            if question.about_actor and not question.ask(actor, _NOTHING):
                break
        else:
            return True
    return False


@cache
def roles_that_could(*permissions: Permission) -> frozenset[Role]:
    """The roles in which somebody could ever do any of these, leaving out who is let in by break-glass."""
    return frozenset(role for role in Role if any(could_ever(Actor(role), one) for one in permissions))
