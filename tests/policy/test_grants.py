"""The grants as a whole: the written-out grid, and what every grant must have."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from phbportal.domain.roles import STAFF_ROLES, Role
from phbportal.policy import questions
from phbportal.policy.actors import Subject
from phbportal.policy.decide import decide
from phbportal.policy.grants import GRANTS, LET_IN_TO
from phbportal.policy.permissions import SENTENCES, Permission
from phbportal.policy.questions import Question
from tests.policy import matrix

WITHOUT: tuple[Role, ...] = ()
SECOND_PERSON = {
    Permission.STAY_DECIDE, Permission.ENDING_DECIDE, Permission.ENDING_CLOSE,
    Permission.EXPORT_DECIDE, Permission.IMPORT_DECIDE,
    Permission.PLAN_SIGN_OFF, Permission.PLAN_CHECK, Permission.PLAN_APPROVE, Permission.ACCOUNT_APPROVE,
    Permission.PAYMENT_CONFIRM,
    Permission.CASELOAD_APPROVE, Permission.ACTING_AGREE, Permission.ISF_FEE_APPROVE, Permission.AGREEMENT_SIGN,
    Permission.ROLE_GRANT_DECIDE, Permission.BREAK_GLASS_DECIDE, Permission.BREAK_GLASS_REVIEW,
    Permission.CHANGE_DECIDE, Permission.RATE_DECIDE, Permission.SETTING_DECIDE, Permission.EQUIPMENT_DECIDE,
    Permission.TEMPLATE_DECIDE, Permission.PROVIDER_MERGE_DECIDE, Permission.SUCCESSION_DECIDE,
    Permission.RULE_DECIDE, Permission.RULE_EXCUSE, Permission.CARE_EXEMPT, Permission.WORKER_DECIDE,
    Permission.PAYEE_AGREEMENT_SIGN,
    Permission.DECISION_APPROVE, Permission.RECONSIDERATION_DECIDE,
    Permission.UPLIFT_APPROVE,
}  # fmt: skip
# What an administrator may read beside, and break-glass opens more of.
READ_ANYWAY = {Permission.TASK_READ, Permission.CHANGE_READ}


def test_the_grid_in_the_repository_is_what_the_grants_say() -> None:
    assert matrix.GRID.read_text() == matrix.grid(), (
        "The grants have changed. Look at the difference, then write the grid anew: python -m tests.policy.matrix"
    )


def test_the_document_of_permissions_is_up_to_date() -> None:
    assert matrix.DOCUMENT.read_text() == matrix.document(), (
        "docs/permissions.md is out of date. Write it anew: python -m tests.policy.matrix"
    )


def test_every_permission_has_a_sentence_of_its_own_and_a_grant() -> None:
    assert SENTENCES.keys() == GRANTS.keys() == set(Permission)
    assert len(set(SENTENCES.values())) == len(Permission)
    assert all(s[0].isupper() and s.endswith(".") for s in SENTENCES.values())
    assert all(clauses and all(clauses) for clauses in GRANTS.values())


@pytest.mark.parametrize("permission", list(Permission))
def test_every_clause_asks_who_somebody_is_before_anything_else(permission: Permission) -> None:
    """Without a question about the actor the guard would let everybody through to ask."""
    for clause in GRANTS[permission]:
        assert clause[0].about_actor, f"{permission}: the first question of each clause must be about the actor"


def test_every_question_is_asked_by_some_grant() -> None:
    asked = {question for clauses in GRANTS.values() for clause in clauses for question in clause}
    defined = {thing for thing in vars(questions).values() if isinstance(thing, Question)}
    assert defined == asked, f"never asked: {sorted(q.name for q in defined - asked)}"


def test_every_question_has_words_a_person_can_read() -> None:
    for question in (thing for thing in vars(questions).values() if isinstance(thing, Question)):
        assert question.because[0].isupper()
        assert question.because.endswith(".")


def test_questions_that_refuse_different_things_have_different_words() -> None:
    """All but those that hide: out of sight, whichever way, reads the same on purpose."""
    said: dict[str, set[str]] = {}
    for question in (thing for thing in vars(questions).values() if isinstance(thing, Question)):
        said.setdefault(question.because, set()).add(question.name)
    shared = {sentence: names for sentence, names in said.items() if len(names) > 1}
    hiding = {
        "in_their_board", "is_their_own", "is_for_their_role", "acts_for_them", "is_the_one_named",
        "is_entrusted_to_their_organisation", "asked_for_it_themselves", "is_the_person_they_were_let_in_to",
        "in_their_board_or_everybodys", "is_everybodys", "is_work_of_their_role", "they_have_been_told",
    }  # fmt: skip
    assert shared == {"We could not find that.": hiding}


@pytest.mark.parametrize("role", WITHOUT)
def test_a_role_that_is_not_built_yet_may_do_nothing(role: Role) -> None:
    assert {matrix.answer(role, permission) for permission in Permission} == {matrix.NO}


def test_what_needs_a_second_person_is_known() -> None:
    found = {
        permission
        for permission in Permission
        for role in Role
        if matrix.answer(role, permission) in (matrix.SECOND, matrix.LIMITED, matrix.EVERYBODYS_SECOND)
    }
    assert found == SECOND_PERSON


def test_an_administrator_sees_nothing_clinical_or_financial() -> None:
    granted = {p for p in Permission if matrix.answer(Role.ADMIN, p) != matrix.NO}
    assert granted == {
        Permission.WORK_READ, Permission.TASK_READ, Permission.PROVIDER_READ, Permission.PROVIDER_IMPORT,
        Permission.PROVIDER_MERGE, Permission.PROVIDER_MERGE_DECIDE,
        Permission.CASELOAD_PREPARE, Permission.USER_INVITE, Permission.ORGANISATION_INVITE,
        Permission.CASELOAD_PREPARE, Permission.USER_INVITE, Permission.USER_READ, Permission.USER_END,
        Permission.CASES_REASSIGN, Permission.ROLE_GRANT_READ, Permission.ROLE_GRANT_PROPOSE,
        Permission.ROLE_GRANT_DECIDE, Permission.BREAK_GLASS_READ, Permission.BREAK_GLASS_ASK, Permission.CHANGE_READ,
        Permission.CHANGE_DECIDE, Permission.CHANGE_WITHDRAW, Permission.RATE_READ, Permission.RATE_PROPOSE,
        Permission.SETTING_READ, Permission.SETTING_PROPOSE, Permission.SETTING_DECIDE,
        Permission.TEMPLATE_READ, Permission.TEMPLATE_PROPOSE, Permission.TEMPLATE_DECIDE,
        Permission.OFFICE_EXPORT, Permission.EXPORT_READ, Permission.EXPORT_ASK,
        Permission.SUCCESSION_PROPOSE, Permission.SUCCESSION_DECIDE,
        Permission.RULE_READ, Permission.RULE_PROPOSE, Permission.RULE_DECIDE,
        Permission.IMPORT_READ, Permission.IMPORT_PREPARE,  # of what they brought themselves
        Permission.REGISTRATION_READ, Permission.REGISTRATION_WRITE,
    }  # fmt: skip
    assert granted.isdisjoint(LET_IN_TO - READ_ANYWAY)
    assert matrix.answer(Role.ADMIN, Permission.TASK_READ) == matrix.OWN_WORK


def test_an_auditor_changes_nothing() -> None:
    """Invariant I32: an auditor writes nothing but second signatures and that they have looked (decisions.md §2);
    they take the audit and access logs out (domain.md §9.3)."""
    granted = {p for p in Permission if matrix.answer(Role.AUDITOR, p) != matrix.NO}
    assert {permission for permission in granted if not permission.value.endswith("_READ")} == {
        Permission.ROLE_GRANT_DECIDE, Permission.BREAK_GLASS_DECIDE, Permission.BREAK_GLASS_REVIEW,
        Permission.EXPORT_DECIDE, Permission.EXPORT_ASK, Permission.OFFICE_EXPORT,
        Permission.CHANGE_DECIDE, Permission.SETTING_DECIDE, Permission.TEMPLATE_DECIDE, Permission.RULE_DECIDE,
    }  # fmt: skip


def test_break_glass_opens_what_is_read_and_nothing_that_is_written_to_that_one_person_only() -> None:
    let_in = replace(matrix.actor(Role.ADMIN), let_in_to=matrix.OTHER_PERSON)

    def may(permission: Permission, board: UUID, person: UUID) -> bool:
        return decide(let_in, permission, Subject(icbs=frozenset({board}), person_id=person)).allowed

    before = {p for p in Permission if matrix.answer(Role.ADMIN, p) != matrix.NO}
    opened = {p for p in Permission if may(p, matrix.BOARD, matrix.OTHER_PERSON)} - before | READ_ANYWAY
    assert opened == LET_IN_TO
    assert all(permission.value.endswith("_READ") for permission in opened)
    assert not any(may(p, matrix.BOARD, matrix.PERSON) or may(p, matrix.OTHER_BOARD, matrix.OTHER_PERSON)
                   for p in LET_IN_TO)  # fmt: skip
    assert not any(
        decide(replace(matrix.actor(role), let_in_to=matrix.OTHER_PERSON), p,
               Subject(icbs=frozenset({matrix.BOARD}), person_id=matrix.OTHER_PERSON)).allowed
        for role in (Role.HOLDER, *WITHOUT) for p in LET_IN_TO
    )  # fmt: skip


def test_a_holder_may_only_ever_touch_their_own() -> None:
    reach = {matrix.answer(Role.HOLDER, p) for p in Permission}
    assert reach == {matrix.OWN, matrix.NO}


def test_a_provider_may_only_ever_touch_what_is_entrusted_to_their_organisation() -> None:
    reach = {matrix.answer(Role.PROVIDER, p) for p in Permission}
    assert reach == {matrix.OWN_ORGANISATION, matrix.NO}


def test_i31_a_provider_has_no_permission_for_people_accounts_or_the_history() -> None:
    """Invariant I31: no NHS number, no date of birth, no bank details, nothing of other streams."""
    granted = {p for p in Permission if matrix.answer(Role.PROVIDER, p) != matrix.NO}
    assert granted == {
        Permission.PLAN_PART_READ, Permission.BUDGET_READ, Permission.BALANCE_READ, Permission.PAYMENT_READ,
        Permission.ARRANGEMENT_READ, Permission.ARRANGEMENT_ANSWER, Permission.AGREEMENT_SIGN,
        Permission.OWN_ORGANISATION_READ, Permission.OWN_ORGANISATION_WRITE,
        # Of plans: the parts marked for it, and the one it is asked to write.
        Permission.PLAN_CARE_READ, Permission.PLANNER_READ,
        # The agreement about an account it keeps for somebody.
        Permission.PAYEE_AGREEMENT_READ, Permission.PAYEE_AGREEMENT_SIGN,
        # What it says itself before a review, and no review.
        Permission.REVIEW_COMMENT, Permission.REVIEW_COMMENT_READ,
    }  # fmt: skip


def test_no_member_of_staff_reads_a_person_beyond_their_board() -> None:
    for permission in (Permission.PERSON_READ, Permission.PLAN_READ, Permission.BUDGET_READ, Permission.ACCOUNT_READ):
        assert all(matrix.answer(role, permission) in (matrix.OWN_BOARD, matrix.NO) for role in STAFF_ROLES)
