"""Questions: clauses that answer yes or no and carry their own refusal sentence.

A question about the actor alone (``@about_actor``) is what the Guard asks before the thing is known;
every question is asked again of the thing itself by the service.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.policy.actors import Actor, Subject

Ask = Callable[[Actor, Subject], bool]


@dataclass(frozen=True, slots=True)
class Question:
    """A named predicate, the sentence for "no", and whether it is about the actor alone."""

    name: str
    because: str
    ask: Ask
    about_actor: bool = False


def because(sentence: str) -> Callable[[Ask], Question]:
    """Make a predicate into a question with its refusal sentence."""

    def wrap(ask: Ask) -> Question:
        return Question(ask.__name__, sentence, ask)

    return wrap


def is_a(role: Role) -> Question:
    """Does the actor act in this role?"""
    return Question(
        f"is_{role.value.lower()}",
        f"Only {'an' if ROLE_WORDS[role][0] in 'aeiou' else 'a'} {ROLE_WORDS[role]} can do this.",
        lambda actor, _thing: actor.role is role,
        about_actor=True,
    )


is_case_manager = is_a(Role.CASE_MANAGER)
is_clinician = is_a(Role.CLINICIAN)
is_finance = is_a(Role.FINANCE)
is_approver = is_a(Role.APPROVER)
is_auditor = is_a(Role.AUDITOR)
is_admin = is_a(Role.ADMIN)
is_holder = is_a(Role.HOLDER)
is_system = Question("is_system", "Only the portal itself does this.", lambda a, _t: a.role is Role.SYSTEM, True)


@because("We could not find that.")
def in_their_board(actor: Actor, thing: Subject) -> bool:
    return actor.icb_id is not None and actor.icb_id in thing.icbs


@because("We could not find that.")
def is_their_own(actor: Actor, thing: Subject) -> bool:
    return actor.person_id is not None and actor.person_id == thing.person_id


@because("You prepared this, so someone else must decide it.")
def did_not_prepare_it(actor: Actor, thing: Subject) -> bool:
    return actor.user_id is not None and actor.user_id not in thing.made_by


@because("This is above your sign-off limit. Ask an approver with a higher limit.")
def within_sign_off_limit(actor: Actor, thing: Subject) -> bool:
    return actor.sign_off_limit_pence is None or thing.weekly_pence <= actor.sign_off_limit_pence
