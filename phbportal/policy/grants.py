"""Who may: one table. A permission is granted when every question of any one clause says yes (domain.md §9.3)."""

from __future__ import annotations

from phbportal.policy.permissions import Permission as P
from phbportal.policy.questions import (
    Question,
    acts_for_them,
    asked_for_it_themselves,
    did_not_ask_for_it,
    did_not_begin_it,
    did_not_enter_them,
    did_not_make_the_agreement,
    did_not_make_the_offer,
    did_not_prepare_it,
    did_not_prepare_the_decision,
    did_not_prepare_the_money,
    did_not_propose_it,
    did_not_propose_them,
    did_not_record_it,
    did_not_write_or_submit_it,
    had_no_hand_in_it,
    had_no_part_in_the_first,
    in_their_board,
    in_their_board_or_everybodys,
    is_admin,
    is_approver,
    is_auditor,
    is_case_manager,
    is_clinician,
    is_entrusted_to_their_organisation,
    is_everybodys,
    is_finance,
    is_for_their_role,
    is_holder,
    is_let_in,
    is_nominee,
    is_not_about_themselves,
    is_provider,
    is_representative,
    is_system,
    is_the_one_named,
    is_the_person_they_were_let_in_to,
    is_their_own,
    is_work_of_their_role,
    proposed_it_themselves,
    they_have_been_told,
    within_sign_off_limit,
    would_not_get_it,
)

Clause = tuple[Question, ...]


def _staff(*roles: Question) -> tuple[Clause, ...]:
    """Each of these roles, for what belongs to their own board."""
    return tuple((role, in_their_board) for role in roles)


_OWN: Clause = (is_holder, is_their_own)
_REPRESENTED: Clause = (is_representative, acts_for_them)
_PAID: Clause = (is_nominee, acts_for_them)
_ORGANISATION: Clause = (is_provider, is_entrusted_to_their_organisation)
_READERS = (is_case_manager, is_clinician, is_finance, is_approver, is_auditor)

_TOLD: tuple[Clause, ...] = tuple((*who, they_have_been_told) for who in (_OWN, _REPRESENTED, _PAID))

GRANTS: dict[P, tuple[Clause, ...]] = {
    P.WORK_READ: tuple((role,) for role in (*_READERS, is_admin)),
    P.PERSON_READ: (*_staff(*_READERS), _OWN, _REPRESENTED),
    P.NHS_NUMBER_READ: (*_staff(is_case_manager, is_clinician, is_approver, is_auditor), _OWN, _REPRESENTED),
    P.PERSON_WRITE: _staff(is_case_manager),
    P.ELIGIBILITY_READ: (*_staff(is_case_manager, is_clinician, is_approver, is_auditor), _OWN, _REPRESENTED),
    P.ELIGIBILITY_WRITE: _staff(is_case_manager),
    # Clinical: finance reads the money that meets the needs, not the needs (§9.3).
    P.NEEDS_READ: (*_staff(is_case_manager, is_clinician, is_approver, is_auditor), *_TOLD[:2]),
    P.NEEDS_WRITE: _staff(is_case_manager, is_clinician),
    P.CONSENT_READ: (*_staff(is_case_manager, is_clinician, is_finance, is_approver, is_auditor), _OWN, _REPRESENTED),
    P.CONSENT_WRITE: _staff(is_case_manager),
    P.PHB_READ: (*_staff(*_READERS), _OWN, _REPRESENTED),
    P.PHB_OPEN: _staff(is_case_manager),
    P.PLAN_READ: (*_staff(is_case_manager, is_clinician, is_finance, is_approver, is_auditor), _OWN, _REPRESENTED),
    P.PLAN_WRITE: _staff(is_case_manager, is_clinician),
    P.PLAN_SUBMIT: _staff(is_case_manager),
    P.PLAN_SIGN_OFF: ((is_clinician, in_their_board, did_not_write_or_submit_it),),
    P.PLAN_APPROVE: ((is_approver, in_their_board, had_no_hand_in_it, within_sign_off_limit),),
    P.PLAN_RETURN: _staff(is_clinician, is_finance, is_approver),
    P.PLAN_CHECK: ((is_finance, in_their_board, did_not_prepare_the_money),),
    P.BUDGET_OFFER: _staff(is_case_manager),
    P.BUDGET_OFFER_ANSWER: (_OWN, _REPRESENTED),
    P.INDICATIVE_WRITE: _staff(is_case_manager, is_finance),
    P.INDICATIVE_SHOW: _staff(is_case_manager),
    P.PAYEE_AGREEMENT_READ: (
        *_staff(is_case_manager, is_finance, is_approver, is_auditor),
        _OWN,
        _REPRESENTED,
        _PAID,
        _ORGANISATION,
    ),
    P.PAYEE_AGREEMENT_MAKE: _staff(is_case_manager),
    P.PAYEE_AGREEMENT_SIGN: (
        *(_OWN, _REPRESENTED, _PAID, _ORGANISATION),
        (is_approver, in_their_board, did_not_make_the_agreement),
    ),
    P.WHEELCHAIR_READ: (*_staff(*_READERS), _OWN, _REPRESENTED),
    P.WHEELCHAIR_WRITE: _staff(is_case_manager, is_finance),
    P.BUDGET_READ: (*_staff(*_READERS), _OWN, _REPRESENTED, _PAID, _ORGANISATION),
    P.BUDGET_WRITE: _staff(is_case_manager, is_finance),
    P.BALANCE_READ: (*_staff(*_READERS), _OWN, _REPRESENTED, _PAID, _ORGANISATION),
    P.LEDGER_READ: (*_staff(is_case_manager, is_finance, is_approver, is_auditor), _OWN, _REPRESENTED, _PAID),
    P.FIGURES_READ: _staff(*_READERS),
    P.ACCOUNT_READ: (*_staff(is_case_manager, is_finance, is_approver, is_auditor), _OWN, _REPRESENTED, _PAID),
    P.ACCOUNT_READ_FULL: _staff(is_finance),
    P.ACCOUNT_PROPOSE: _staff(is_case_manager, is_finance),
    P.ACCOUNT_APPROVE: ((is_finance, in_their_board, did_not_enter_them),),
    P.PAYMENT_READ: (
        *_staff(is_case_manager, is_finance, is_approver, is_auditor),
        _OWN,
        _REPRESENTED,
        _PAID,
        _ORGANISATION,
    ),
    P.PAYMENT_RECORD: _staff(is_finance),
    P.PAYMENT_CONFIRM: ((is_finance, in_their_board, did_not_record_it),),
    P.SPENDING_RECORD: _staff(is_finance),
    P.HISTORY_READ: _staff(is_case_manager, is_clinician, is_finance, is_approver, is_auditor),
    P.ACCESS_READ: (*_staff(is_auditor), _OWN, _REPRESENTED),
    # An administrator sees no clinical or financial content, and tasks speak of both.
    P.TASK_READ: (*_staff(*_READERS), (is_admin, in_their_board, is_for_their_role)),
    P.PROVIDER_READ: tuple((role,) for role in (*_READERS, is_admin)),
    P.PROVIDER_IMPORT: ((is_admin,), (is_system,)),
    P.PROVIDER_MERGE: ((is_admin, is_everybodys),),
    P.PROVIDER_MERGE_DECIDE: tuple((role, is_everybodys, did_not_propose_it) for role in (is_approver, is_admin)),
    P.CASELOAD_PREPARE: _staff(is_case_manager, is_admin),
    P.CASELOAD_APPROVE: ((is_approver, in_their_board, did_not_prepare_it),),
    P.USER_INVITE: ((is_admin, in_their_board), (is_system,)),
    P.DOCUMENT_READ: (*_staff(is_case_manager, is_clinician, is_finance, is_approver, is_auditor), *_TOLD[:2]),
    P.DOCUMENT_ADD: _staff(is_case_manager, is_clinician, is_finance),
    P.EQUIPMENT_READ: _staff(*_READERS),
    P.EQUIPMENT_WRITE: _staff(is_case_manager, is_finance),
    P.EQUIPMENT_DECIDE: tuple((role, in_their_board, did_not_propose_it) for role in (is_finance, is_approver)),
    P.WORKER_READ: (*_staff(*_READERS), _OWN, _REPRESENTED, _PAID),
    P.WORKER_WRITE: _staff(is_case_manager, is_finance),
    # A registered professional finds somebody competent for a health task that is handed to them (domain.md §1.15).
    P.COMPETENCE_WRITE: _staff(is_clinician),
    P.WORKER_DECIDE: ((is_approver, in_their_board, did_not_propose_it),),
    P.NOTE_READ: _staff(*_READERS),
    P.NOTE_WRITE: _staff(is_case_manager, is_clinician, is_finance, is_approver),
    P.PERSON_EXPORT: _staff(is_case_manager, is_approver),
    P.BUDGET_EXPORT: _staff(is_case_manager, is_finance, is_approver),
    P.OFFICE_EXPORT: _staff(is_auditor, is_admin),
    P.EXPORT_READ: (
        *_staff(is_approver, is_auditor),
        *((role, in_their_board, asked_for_it_themselves) for role in (is_case_manager, is_finance, is_admin)),
    ),
    P.EXPORT_ASK: tuple(
        (role, in_their_board, asked_for_it_themselves)
        for role in (is_case_manager, is_finance, is_approver, is_auditor, is_admin)
    ),
    P.EXPORT_DECIDE: tuple((role, in_their_board, did_not_ask_for_it) for role in (is_approver, is_auditor)),
    # What a file is, and who may bring it in, its resource says; these are about the file and its rows.
    P.IMPORT_READ: (
        *_staff(is_approver, is_auditor),
        *((role, in_their_board, asked_for_it_themselves) for role in (is_case_manager, is_finance, is_admin)),
    ),
    P.IMPORT_PREPARE: tuple(
        (role, in_their_board, asked_for_it_themselves) for role in (is_case_manager, is_finance, is_admin)
    ),
    P.IMPORT_DECIDE: ((is_approver, in_their_board, did_not_ask_for_it),),
    P.OWN_BUDGET_READ: (_OWN,),
    P.OWN_SETTINGS_WRITE: (_OWN,),
    P.PLAN_PART_READ: (*_staff(*_READERS), _OWN, _REPRESENTED, _PAID, _ORGANISATION),
    P.ACTING_READ: (*_staff(*_READERS), _OWN, _REPRESENTED, _PAID),
    P.ACTING_WRITE: _staff(is_case_manager),
    P.ACTING_AGREE: ((is_approver, in_their_board, did_not_propose_them),),
    P.ACTED_FOR_READ: (_REPRESENTED, _PAID),
    P.ACTED_FOR_ANSWER: ((is_representative, is_the_one_named), (is_nominee, is_the_one_named)),
    P.CONSENT_GIVE: (_REPRESENTED,),
    P.NOMINEE_PROPOSE: (_OWN, _REPRESENTED),
    P.TASK_DONE: ((is_case_manager, in_their_board, is_for_their_role),),
    P.TASK_TAKE: tuple(
        (role, in_their_board, is_for_their_role) for role in (is_case_manager, is_clinician, is_finance, is_approver)
    ),
    # Reviews, and what happens in a life.
    P.REVIEW_WRITE: _staff(is_case_manager, is_clinician),
    P.REVIEW_ANSWER: (_OWN, _REPRESENTED),
    # Asked of the stream they are paid; what is said is read by staff and by whoever said it.
    P.REVIEW_COMMENT: (_PAID, _ORGANISATION),
    P.REVIEW_COMMENT_READ: (*_staff(*_READERS), (*_PAID, asked_for_it_themselves), _ORGANISATION),
    P.STAY_READ: (*_staff(*_READERS), _OWN, _REPRESENTED),
    P.STAY_WRITE: _staff(is_case_manager),
    P.STAY_DECIDE: ((is_approver, in_their_board, did_not_propose_it),),
    P.ENDING_READ: _staff(*_READERS),
    P.ENDING_BEGIN: _staff(is_case_manager),
    P.ENDING_SETTLE: _staff(is_finance),
    P.ENDING_DECIDE: tuple((role, in_their_board, did_not_propose_it) for role in (is_finance, is_approver)),
    P.ENDING_CLOSE: tuple((role, in_their_board, did_not_begin_it) for role in (is_finance, is_approver)),
    # Third-party (ISF) arrangements and organisations.
    P.ARRANGEMENT_READ: (
        *_staff(is_case_manager, is_finance, is_approver, is_auditor),
        _OWN,
        _REPRESENTED,
        _ORGANISATION,
    ),
    P.ARRANGEMENT_OFFER: _staff(is_case_manager),
    P.ISF_FEE_APPROVE: ((is_approver, in_their_board, did_not_make_the_offer),),
    P.ARRANGEMENT_ANSWER: ((*_ORGANISATION, did_not_make_the_offer),),
    P.AGREEMENT_SIGN: (
        _OWN,
        (*_REPRESENTED, did_not_make_the_offer),
        (*_ORGANISATION, did_not_make_the_offer),
        (is_approver, in_their_board, did_not_make_the_offer),
    ),
    P.SIGNATURE_RECORD: _staff(is_case_manager),
    P.ORGANISATION_INVITE: _staff(is_case_manager, is_admin),
    P.OWN_ORGANISATION_READ: (_ORGANISATION,),
    P.OWN_ORGANISATION_WRITE: (_ORGANISATION,),
    # The office: an administrator prepares, another person decides, nobody for themselves (domain.md §9.5, T35).
    P.USER_READ: _staff(is_admin, is_auditor),
    P.REGISTRATION_READ: _staff(is_admin, is_auditor, is_clinician),
    P.REGISTRATION_WRITE: ((is_admin, in_their_board, is_not_about_themselves),),
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
    P.BREAK_GLASS_REVIEW: ((is_auditor, in_their_board, did_not_ask_for_it),),
    # A change is seen by the roles that could propose or decide it, and by auditors; its own permission says who may
    # decide it (domain.md §9.5). Whoever proposed it never does, whatever role they act in.
    P.CHANGE_READ: (
        *((role, in_their_board_or_everybodys, is_work_of_their_role) for role in (*_READERS, is_admin)),
        (is_auditor, in_their_board_or_everybodys),
    ),
    P.CHANGE_DECIDE: tuple(
        (role, in_their_board_or_everybodys, is_work_of_their_role, did_not_propose_it)
        for role in (*_READERS, is_admin)
    ),
    P.CHANGE_WITHDRAW: tuple(
        (role, in_their_board_or_everybodys, proposed_it_themselves)
        for role in (is_case_manager, is_clinician, is_finance, is_approver, is_admin)
    ),
    # Statutory rates are the same for every board: finance or an administrator of any of them proposes, an approver or
    # another finance officer decides. A board's settings are its own; small teams have a second administrator or an
    # auditor where there is no approver (domain.md §9.3).
    P.RATE_READ: tuple((role,) for role in (*_READERS, is_admin)),
    P.RATE_PROPOSE: tuple((role, is_everybodys) for role in (is_finance, is_admin)),
    P.RATE_DECIDE: tuple((role, is_everybodys, did_not_propose_it) for role in (is_finance, is_approver)),
    P.SETTING_READ: tuple((role, in_their_board_or_everybodys) for role in (*_READERS, is_admin)),
    P.SETTING_PROPOSE: _staff(is_finance, is_admin),
    P.SETTING_DECIDE: tuple((role, in_their_board, did_not_propose_it) for role in (is_approver, is_auditor, is_admin)),
    P.TEMPLATE_READ: _staff(*_READERS, is_admin),
    P.TEMPLATE_PROPOSE: _staff(is_finance, is_admin),
    P.TEMPLATE_DECIDE: tuple(
        (role, in_their_board, did_not_propose_it) for role in (is_approver, is_auditor, is_admin)
    ),
    # A board that ends: its administrator proposes; another one, or an approver, of it or of the board that takes over
    # decides.
    P.SUCCESSION_PROPOSE: _staff(is_admin),
    P.SUCCESSION_DECIDE: tuple((role, in_their_board, did_not_propose_it) for role in (is_approver, is_admin)),
    # Needs, risks and the other sections speak of health: finance reads the money of a plan, not these (§9.3).
    P.PLAN_CARE_READ: (
        *_staff(is_case_manager, is_clinician, is_approver, is_auditor),
        _OWN,
        _REPRESENTED,
        _PAID,
        _ORGANISATION,
    ),
    P.PLAN_SHARE: _staff(is_case_manager),
    P.PLANNER_READ: (
        *_staff(is_case_manager, is_clinician, is_approver, is_auditor),
        _OWN,
        _REPRESENTED,
        _PAID,
        _ORGANISATION,
    ),
    P.PLANNER_INVITE: _staff(is_case_manager),
    P.PLAN_DRAFT: tuple((*clause, is_for_their_role) for clause in (_OWN, _REPRESENTED, _PAID, _ORGANISATION)),
    P.PLAN_COMMENT_READ: (*_staff(is_case_manager, is_clinician, is_approver, is_auditor), _OWN, _REPRESENTED),
    P.PLAN_COMMENT: (_OWN, _REPRESENTED),
    P.PLAN_COMMENT_ANSWER: _staff(is_case_manager, is_clinician),
    P.PLAN_OWN_SIGN: (_OWN, _REPRESENTED),
    # A nominee sees what they asked themselves, and not what the person asked.
    P.PURCHASE_READ: (*_staff(*_READERS), _OWN, _REPRESENTED, (*_PAID, asked_for_it_themselves)),
    P.PURCHASE_ASK: (_OWN, _REPRESENTED, _PAID),
    P.PURCHASE_ANSWER: _staff(is_case_manager, is_finance),
    P.RULE_READ: _staff(*_READERS, is_admin),
    P.RULE_PROPOSE: _staff(is_finance, is_admin),
    P.RULE_DECIDE: tuple((role, in_their_board, did_not_propose_it) for role in (is_approver, is_auditor, is_admin)),
    P.RULE_EXCUSE: ((is_approver, in_their_board, did_not_propose_it),),
    P.CARE_EXEMPT: ((is_approver, in_their_board, did_not_propose_it),),
    # Decisions and their letters: a case manager prepares, an approver approves; the person and those who act for them
    # read what has been issued, and may ask for it to be looked at again, which another approver answers (I24).
    P.DECISION_READ: (*_staff(*_READERS), *_TOLD),
    P.DECISION_PREPARE: _staff(is_case_manager),
    P.DECISION_APPROVE: ((is_approver, in_their_board, did_not_prepare_the_decision),),
    P.RECONSIDERATION_ASK: _TOLD,
    P.RECONSIDERATION_RECORD: _staff(is_case_manager),
    P.RECONSIDERATION_DECIDE: ((is_approver, in_their_board, had_no_part_in_the_first),),
    P.LETTER_READ: (*_staff(*_READERS), _OWN, _REPRESENTED, _PAID),
    P.LETTER_POST: _staff(is_case_manager, is_finance),
    # Yearly uplifts: finance proposes for many budgets at once, an approver who did not agrees (domain.md §4.4, §9.5).
    P.UPLIFT_READ: _staff(is_case_manager, is_finance, is_approver, is_auditor),
    P.UPLIFT_STREAM_READ: _staff(is_case_manager, is_finance, is_approver, is_auditor),
    P.UPLIFT_PROPOSE: _staff(is_finance),
    P.UPLIFT_APPROVE: ((is_approver, in_their_board, did_not_propose_it, within_sign_off_limit),),
}

LET_IN_TO: frozenset[P] = frozenset(
    {
        P.PERSON_READ, P.NHS_NUMBER_READ, P.ELIGIBILITY_READ, P.CONSENT_READ, P.PHB_READ, P.PLAN_READ, P.BUDGET_READ,
        P.BALANCE_READ, P.LEDGER_READ, P.ACCOUNT_READ, P.PAYMENT_READ, P.HISTORY_READ, P.TASK_READ,
        P.PLAN_PART_READ, P.ACTING_READ, P.ARRANGEMENT_READ, P.DOCUMENT_READ, P.CHANGE_READ,
        P.EQUIPMENT_READ,
        P.WORKER_READ,
        P.NOTE_READ,
        P.PLAN_CARE_READ, P.PLANNER_READ, P.PLAN_COMMENT_READ, P.PURCHASE_READ, P.PAYEE_AGREEMENT_READ, P.STAY_READ,
        P.ENDING_READ, P.DECISION_READ, P.LETTER_READ, P.WHEELCHAIR_READ, P.NEEDS_READ, P.REVIEW_COMMENT_READ,
        P.UPLIFT_STREAM_READ,
    }
)  # fmt: skip
"""What break-glass opens, of one person: everything that is read, nothing that is written, nobody's looks."""

_LET_IN: Clause = (is_let_in, in_their_board, is_the_person_they_were_let_in_to)
GRANTS.update({permission: (*GRANTS[permission], _LET_IN) for permission in P if permission in LET_IN_TO})
