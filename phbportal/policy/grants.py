"""Who may: one table. A permission is granted when every question of any one clause says yes (domain.md §9.3)."""

from __future__ import annotations

from phbportal.policy.permissions import Permission as P
from phbportal.policy.questions import (
    Question,
    asked_for_it_themselves,
    did_not_ask_for_it,
    did_not_enter_them,
    did_not_prepare_it,
    did_not_propose_it,
    did_not_record_it,
    did_not_write_or_submit_it,
    had_no_hand_in_it,
    in_their_board,
    is_admin,
    is_approver,
    is_auditor,
    is_case_manager,
    is_clinician,
    is_finance,
    is_for_their_role,
    is_holder,
    is_let_in,
    is_not_about_themselves,
    is_system,
    is_the_person_they_were_let_in_to,
    is_their_own,
    within_sign_off_limit,
    would_not_get_it,
)

Clause = tuple[Question, ...]


def _staff(*roles: Question) -> tuple[Clause, ...]:
    """Each of these roles, for what belongs to their own board."""
    return tuple((role, in_their_board) for role in roles)


_OWN: Clause = (is_holder, is_their_own)
_READERS = (is_case_manager, is_clinician, is_finance, is_approver, is_auditor)

GRANTS: dict[P, tuple[Clause, ...]] = {
    P.WORK_READ: tuple((role,) for role in (*_READERS, is_admin)),
    P.PERSON_READ: (*_staff(*_READERS), _OWN),
    P.NHS_NUMBER_READ: (*_staff(is_case_manager, is_clinician, is_approver, is_auditor), _OWN),
    P.PERSON_WRITE: _staff(is_case_manager),
    P.ELIGIBILITY_READ: (*_staff(is_case_manager, is_clinician, is_approver, is_auditor), _OWN),
    P.ELIGIBILITY_WRITE: _staff(is_case_manager),
    P.CONSENT_READ: (*_staff(is_case_manager, is_clinician, is_finance, is_approver, is_auditor), _OWN),
    P.CONSENT_WRITE: _staff(is_case_manager),
    P.PHB_READ: (*_staff(*_READERS), _OWN),
    P.PHB_OPEN: _staff(is_case_manager),
    P.PLAN_READ: (*_staff(is_case_manager, is_clinician, is_finance, is_approver, is_auditor), _OWN),
    P.PLAN_WRITE: _staff(is_case_manager, is_clinician),
    P.PLAN_SUBMIT: _staff(is_case_manager),
    P.PLAN_SIGN_OFF: ((is_clinician, in_their_board, did_not_write_or_submit_it),),
    P.PLAN_APPROVE: ((is_approver, in_their_board, had_no_hand_in_it, within_sign_off_limit),),
    P.PLAN_RETURN: _staff(is_clinician, is_approver),
    P.BUDGET_READ: (*_staff(*_READERS), _OWN),
    P.BUDGET_WRITE: _staff(is_case_manager, is_finance),
    P.BALANCE_READ: (*_staff(*_READERS), _OWN),
    P.LEDGER_READ: (*_staff(is_case_manager, is_finance, is_approver, is_auditor), _OWN),
    P.ACCOUNT_READ: (*_staff(is_case_manager, is_finance, is_approver, is_auditor), _OWN),
    P.ACCOUNT_READ_FULL: _staff(is_finance),
    P.ACCOUNT_PROPOSE: _staff(is_case_manager, is_finance),
    P.ACCOUNT_APPROVE: ((is_finance, in_their_board, did_not_enter_them),),
    P.PAYMENT_READ: (*_staff(is_case_manager, is_finance, is_approver, is_auditor), _OWN),
    P.PAYMENT_RECORD: _staff(is_finance),
    P.PAYMENT_CONFIRM: ((is_finance, in_their_board, did_not_record_it),),
    P.SPENDING_RECORD: _staff(is_finance),
    P.HISTORY_READ: _staff(is_case_manager, is_clinician, is_finance, is_approver, is_auditor),
    P.ACCESS_READ: _staff(is_auditor),
    # An administrator sees no clinical or financial content, and tasks speak of both.
    P.TASK_READ: (*_staff(*_READERS), (is_admin, in_their_board, is_for_their_role)),
    P.PROVIDER_READ: tuple((role,) for role in (*_READERS, is_admin)),
    P.PROVIDER_IMPORT: ((is_admin,), (is_system,)),
    P.CASELOAD_PREPARE: _staff(is_case_manager, is_admin),
    P.CASELOAD_APPROVE: ((is_approver, in_their_board, did_not_prepare_it),),
    P.USER_INVITE: ((is_admin, in_their_board), (is_system,)),
    P.OWN_BUDGET_READ: (_OWN,),
    P.OWN_SETTINGS_WRITE: (_OWN,),
    # The office: an administrator prepares, another person decides, nobody for themselves (domain.md §9.5, T35).
    P.USER_READ: _staff(is_admin, is_auditor),
    P.USER_END: ((is_admin, in_their_board, is_not_about_themselves),),
    P.CASES_REASSIGN: _staff(is_case_manager, is_admin),
    P.ROLE_GRANT_READ: _staff(is_approver, is_auditor, is_admin),
    P.ROLE_GRANT_PROPOSE: ((is_admin, in_their_board, is_not_about_themselves),),
    P.ROLE_GRANT_DECIDE: tuple(
        (role, in_their_board, did_not_propose_it, would_not_get_it) for role in (is_approver, is_auditor, is_admin)
    ),
    P.BREAK_GLASS_READ: (*_staff(is_approver, is_auditor), (is_admin, in_their_board, asked_for_it_themselves)),
    P.BREAK_GLASS_ASK: _staff(is_admin),
    P.BREAK_GLASS_DECIDE: tuple((role, in_their_board, did_not_ask_for_it) for role in (is_approver, is_auditor)),
    P.BREAK_GLASS_REVIEW: _staff(is_auditor),
}

LET_IN_TO: frozenset[P] = frozenset(
    {
        P.PERSON_READ, P.NHS_NUMBER_READ, P.ELIGIBILITY_READ, P.CONSENT_READ, P.PHB_READ, P.PLAN_READ, P.BUDGET_READ,
        P.BALANCE_READ, P.LEDGER_READ, P.ACCOUNT_READ, P.PAYMENT_READ, P.HISTORY_READ, P.TASK_READ,
    }
)  # fmt: skip
"""What break-glass opens, of one person: everything that is read, nothing that is written, nobody's looks."""

_LET_IN: Clause = (is_let_in, in_their_board, is_the_person_they_were_let_in_to)
GRANTS.update({permission: (*GRANTS[permission], _LET_IN) for permission in P if permission in LET_IN_TO})
