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
is_representative = is_a(Role.REPRESENTATIVE)
is_nominee = is_a(Role.NOMINEE)
is_provider = is_a(Role.PROVIDER)
is_system = Question("is_system", "Only the portal itself does this.", lambda a, _t: a.role is Role.SYSTEM, True)


@because("We could not find that.")
def in_their_board(actor: Actor, thing: Subject) -> bool:
    return actor.icb_id is not None and actor.icb_id in thing.icbs


@because("We could not find that.")
def is_their_own(actor: Actor, thing: Subject) -> bool:
    return actor.person_id is not None and actor.person_id == thing.person_id


@because("We could not find that.")
def is_entrusted_to_their_organisation(actor: Actor, thing: Subject) -> bool:
    return actor.organisation_id is not None and actor.organisation_id in thing.organisations


@because("We could not find that.")
def is_for_their_role(actor: Actor, task: Subject) -> bool:
    return actor.role is task.for_role


def _is_no_maker(actor: Actor, thing: Subject) -> bool:
    """Self-approval is blocked by who somebody is, whatever role they act in (invariant I12)."""
    return actor.user_id is not None and actor.user_id not in thing.made_by


@because("You wrote or submitted this plan, so another clinician must sign it off.")
def did_not_write_or_submit_it(actor: Actor, plan: Subject) -> bool:
    return _is_no_maker(actor, plan)


@because("You wrote, submitted or signed this plan or its budget, so someone else must approve it.")
def had_no_hand_in_it(actor: Actor, plan: Subject) -> bool:
    return _is_no_maker(actor, plan) and actor.user_id not in plan.changed_by


@because("You wrote part of this plan or its budget, so another finance officer must check it.")
def did_not_prepare_the_money(actor: Actor, plan: Subject) -> bool:
    return _is_no_maker(actor, plan) and actor.user_id not in plan.changed_by


@because("You entered these bank details, so another finance officer must approve them.")
def did_not_enter_them(actor: Actor, account: Subject) -> bool:
    return _is_no_maker(actor, account)


@because("You recorded this payment, so another finance officer must confirm it.")
def did_not_record_it(actor: Actor, payment: Subject) -> bool:
    return _is_no_maker(actor, payment)


@because("You prepared this caseload, so someone else must approve it.")
def did_not_prepare_it(actor: Actor, caseload: Subject) -> bool:
    return _is_no_maker(actor, caseload)


@because("You made this offer for the board, so someone else must do this.")
def did_not_make_the_offer(actor: Actor, offer: Subject) -> bool:
    return _is_no_maker(actor, offer)


@because("You made this agreement ready for the board, so someone else must sign it.")
def did_not_make_the_agreement(actor: Actor, agreement: Subject) -> bool:
    return _is_no_maker(actor, agreement)


@because("You cannot do this to yourself. Ask another administrator.")
def is_not_about_themselves(actor: Actor, thing: Subject) -> bool:
    return actor.user_id is not None and actor.user_id != thing.user_id


@because("You began this ending, so someone else must do this.")
def did_not_begin_it(actor: Actor, ending: Subject) -> bool:
    return _is_no_maker(actor, ending)


@because("You prepared this decision, so someone else must approve it.")
def did_not_prepare_the_decision(actor: Actor, decision: Subject) -> bool:
    return _is_no_maker(actor, decision)


@because("You had a part in this decision, or asked for it to be looked at again, so someone else must answer.")
def had_no_part_in_the_first(actor: Actor, reconsideration: Subject) -> bool:
    """Who prepared, approved, asked or recorded (invariant I24)."""
    return _is_no_maker(actor, reconsideration)


@because("We could not find that.")
def they_have_been_told(actor: Actor, thing: Subject) -> bool:
    return not thing.untold


@because("You proposed this, so someone else must decide it.")
def did_not_propose_it(actor: Actor, grant: Subject) -> bool:
    return _is_no_maker(actor, grant)


@because("We could not find that.")
def in_their_board_or_everybodys(actor: Actor, thing: Subject) -> bool:
    return actor.icb_id is not None and (thing.everybodys or actor.icb_id in thing.icbs)


@because("We could not find that.")
def is_everybodys(actor: Actor, thing: Subject) -> bool:
    return actor.icb_id is not None and thing.everybodys


@because("We could not find that.")
def is_work_of_their_role(actor: Actor, change: Subject) -> bool:
    """Their role could have proposed it, or could decide it."""
    return actor.role in change.for_roles


@because("Only whoever proposed this can withdraw it. You can return it instead.")
def proposed_it_themselves(actor: Actor, change: Subject) -> bool:
    return actor.user_id is not None and actor.user_id in change.made_by


@because("This would be yours, so someone else must decide it.")
def would_not_get_it(actor: Actor, grant: Subject) -> bool:
    return actor.user_id is not None and actor.user_id != grant.user_id


@because("You asked for this, so someone else must decide it.")
def did_not_ask_for_it(actor: Actor, asking: Subject) -> bool:
    return _is_no_maker(actor, asking)


@because("We could not find that.")
def asked_for_it_themselves(actor: Actor, asking: Subject) -> bool:
    return actor.user_id is not None and actor.user_id == asking.user_id


def _let_in(actor: Actor, _thing: Subject) -> bool:
    """The moment is looked at when the actor is read, at the beginning of each event."""
    return actor.role is Role.ADMIN and actor.let_in_to is not None


is_let_in = Question("is_let_in", "You are not let into this record, or your 60 minutes are over.", _let_in, True)


@because("We could not find that.")
def is_the_person_they_were_let_in_to(actor: Actor, thing: Subject) -> bool:
    return actor.let_in_to is not None and actor.let_in_to == thing.person_id


@because("This is above your sign-off limit. Ask an approver with a higher limit.")
def within_sign_off_limit(actor: Actor, thing: Subject) -> bool:
    return actor.sign_off_limit_pence is None or thing.weekly_pence <= actor.sign_off_limit_pence


@because("We could not find that.")
def acts_for_them(actor: Actor, thing: Subject) -> bool:
    """Through a live part in the person's life, or one their own board gave their organisation (I29, I30)."""
    if actor.user_id is not None and (actor.role, actor.user_id, None) in thing.open_to:
        return True
    organisation, board = actor.organisation_id, actor.icb_id
    return organisation is not None and board is not None and (actor.role, organisation, board) in thing.open_to


@because("We could not find that.")
def is_the_one_named(actor: Actor, part: Subject) -> bool:
    if part.party is None or part.party == actor.user_id:
        return part.party is not None
    return part.party == actor.organisation_id and actor.icb_id in part.icbs


@because("You proposed this person, or are this person, so someone else must agree.")
def did_not_propose_them(actor: Actor, part: Subject) -> bool:
    return _is_no_maker(actor, part)
