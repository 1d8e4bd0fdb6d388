"""Deciding: the nearest clause's reason, and questions that break."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from phbportal.domain.roles import Role
from phbportal.policy.actors import SYSTEM, Actor, Subject
from phbportal.policy.decide import could_ever, decide
from phbportal.policy.grants import GRANTS
from phbportal.policy.permissions import Permission
from phbportal.policy.questions import Question
from tests.policy.matrix import BOARD, LIMIT, OTHER_BOARD, OTHER_PERSON, OTHER_USER, PERSON, USER, actor

OURS = Subject(icbs=frozenset({BOARD}))
THEIRS = Subject(icbs=frozenset({OTHER_BOARD}))


def question(name: str, says: bool, *, about_actor: bool = False) -> Question:
    return Question(name, f"Because of {name}.", lambda _actor, _thing: says, about_actor)


def why(who: Actor, permission: Permission, thing: Subject) -> str:
    decision = decide(who, permission, thing)
    assert not decision.allowed
    return decision.because


def test_a_yes_has_no_reason() -> None:
    decision = decide(actor(Role.CASE_MANAGER), Permission.PERSON_READ, OURS)
    assert decision.allowed
    assert decision.because == ""


def test_the_wrong_role_is_told_which_role_is_needed() -> None:
    assert why(actor(Role.CASE_MANAGER), Permission.PLAN_APPROVE, OURS) == "Only an approver can do this."
    assert why(actor(Role.APPROVER), Permission.PERSON_WRITE, OURS) == "Only a case manager can do this."


def test_another_board_s_record_reads_as_not_found() -> None:
    assert why(actor(Role.FINANCE), Permission.PAYMENT_CONFIRM, THEIRS) == "We could not find that."


def test_another_holder_s_record_reads_as_not_found() -> None:
    assert why(actor(Role.HOLDER), Permission.PHB_READ, Subject(person_id=OTHER_PERSON)) == "We could not find that."


def test_the_nearest_clause_gives_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of three questions hold in the second clause, none in the first: the second is what nearly let them."""
    clauses = (
        (question("a", False), question("b", False)),
        (question("c", True), question("d", True), question("e", False)),
    )
    monkeypatch.setitem(GRANTS, Permission.PERSON_READ, clauses)
    assert why(SYSTEM, Permission.PERSON_READ, Subject()) == "Because of e."


def test_of_two_clauses_as_near_the_first_gives_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    clauses = ((question("a", True), question("b", False)), (question("c", False), question("d", True)))
    monkeypatch.setitem(GRANTS, Permission.PERSON_READ, clauses)
    assert why(SYSTEM, Permission.PERSON_READ, Subject()) == "Because of b."


def test_the_first_question_that_fails_in_the_nearest_clause_is_the_one_that_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(
        GRANTS, Permission.PERSON_READ, ((question("a", True), question("b", False), question("c", False)),)
    )
    assert why(SYSTEM, Permission.PERSON_READ, Subject()) == "Because of b."


def test_one_clause_that_holds_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(GRANTS, Permission.PERSON_READ, ((question("a", False),), (question("b", True),)))
    assert decide(SYSTEM, Permission.PERSON_READ, Subject()).allowed


def test_a_fault_inside_a_question_raises_and_does_not_deny(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_actor: Actor, _thing: Subject) -> bool:
        raise ZeroDivisionError

    clause = (question("a", False), Question("broken", "Never said.", broken))
    monkeypatch.setitem(GRANTS, Permission.PERSON_READ, (clause,))
    with pytest.raises(ZeroDivisionError):
        decide(SYSTEM, Permission.PERSON_READ, Subject())


def test_a_fault_inside_a_question_about_the_actor_raises_at_the_guard_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_actor: Actor, _thing: Subject) -> bool:
        raise KeyError("role")

    monkeypatch.setitem(GRANTS, Permission.PERSON_READ, ((Question("broken", "Never said.", broken, True),),))
    with pytest.raises(KeyError):
        could_ever(SYSTEM, Permission.PERSON_READ)


def test_a_permission_without_a_grant_is_a_fault_and_not_a_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(GRANTS, Permission.PERSON_READ)
    with pytest.raises(KeyError):
        decide(SYSTEM, Permission.PERSON_READ, Subject())


def test_the_guard_asks_only_what_it_can_know() -> None:
    """An approver could ever approve, even the plan they wrote: which plan it is, only the service knows."""
    approver = actor(Role.APPROVER)
    assert could_ever(approver, Permission.PLAN_APPROVE)
    assert not could_ever(approver, Permission.PAYMENT_CONFIRM)
    assert not could_ever(actor(Role.NOMINEE), Permission.PHB_READ)


def test_nobody_in_particular_cannot_be_the_second_person() -> None:
    """Without a user there is nobody to compare with the maker."""
    nobody = replace(actor(Role.FINANCE), user_id=None)
    assert why(nobody, Permission.PAYMENT_CONFIRM, OURS).startswith("You recorded this payment")


@pytest.mark.parametrize(
    ("role", "permission", "words"),
    [
        (Role.CLINICIAN, Permission.PLAN_SIGN_OFF, "You wrote or submitted this plan"),
        (Role.APPROVER, Permission.PLAN_APPROVE, "You wrote, submitted or signed this plan"),
        (Role.FINANCE, Permission.ACCOUNT_APPROVE, "You entered these bank details"),
        (Role.FINANCE, Permission.PAYMENT_CONFIRM, "You recorded this payment"),
        (Role.APPROVER, Permission.CASELOAD_APPROVE, "You prepared this caseload"),
    ],
)
def test_i12_whoever_made_it_is_told_why_they_cannot_decide_it(role: Role, permission: Permission, words: str) -> None:
    own = replace(OURS, made_by=frozenset({USER, OTHER_USER}))
    assert why(actor(role), permission, own).startswith(words)
    assert decide(actor(role), permission, replace(OURS, made_by=frozenset({OTHER_USER}))).allowed


def test_i12_whoever_wrote_any_part_of_a_plan_cannot_approve_it_though_a_clinician_may_sign_it_off() -> None:
    part = replace(OURS, changed_by=frozenset({USER}))
    assert why(actor(Role.APPROVER), Permission.PLAN_APPROVE, part).startswith("You wrote, submitted or signed")
    assert decide(actor(Role.CLINICIAN), Permission.PLAN_SIGN_OFF, part).allowed


@pytest.mark.parametrize(("pence", "allowed"), [(LIMIT - 1, True), (LIMIT, True), (LIMIT + 1, False)])
def test_an_approver_approves_up_to_their_limit_and_not_a_penny_more(pence: int, allowed: bool) -> None:
    decision = decide(actor(Role.APPROVER), Permission.PLAN_APPROVE, replace(OURS, weekly_pence=pence))
    assert decision.allowed is allowed
    assert allowed or decision.because.startswith("This is above your sign-off limit")


def test_an_approver_without_a_limit_has_none() -> None:
    free = replace(actor(Role.APPROVER), sign_off_limit_pence=None)
    assert decide(free, Permission.PLAN_APPROVE, replace(OURS, weekly_pence=10**10)).allowed


@pytest.mark.parametrize("role", list(Role))
def test_an_actor_without_a_board_or_a_person_reaches_nothing_of_boards_or_persons(role: Role) -> None:
    """Nobody's board is not everybody's: an assignment without a board must not match a record without one."""
    stray = Actor(role, user_id=USER)
    for permission in (Permission.PERSON_READ, Permission.HISTORY_READ, Permission.ACCESS_READ, Permission.PHB_READ):
        for thing in (Subject(), OURS, Subject(person_id=PERSON), Subject(icbs=frozenset({UUID(int=0)}))):
            assert not decide(stray, permission, thing).allowed
