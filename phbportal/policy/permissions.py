"""Every permission, each with the sentence that says what it lets a person do."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    WORK_READ = "WORK_READ"
    PERSON_READ = "PERSON_READ"
    NHS_NUMBER_READ = "NHS_NUMBER_READ"
    PERSON_WRITE = "PERSON_WRITE"
    ELIGIBILITY_READ = "ELIGIBILITY_READ"
    ELIGIBILITY_WRITE = "ELIGIBILITY_WRITE"
    NEEDS_READ = "NEEDS_READ"
    NEEDS_WRITE = "NEEDS_WRITE"
    CONSENT_READ = "CONSENT_READ"
    CONSENT_WRITE = "CONSENT_WRITE"
    PHB_READ = "PHB_READ"
    PHB_OPEN = "PHB_OPEN"
    PLAN_READ = "PLAN_READ"
    PLAN_WRITE = "PLAN_WRITE"
    PLAN_SUBMIT = "PLAN_SUBMIT"
    PLAN_SIGN_OFF = "PLAN_SIGN_OFF"
    PLAN_APPROVE = "PLAN_APPROVE"
    PLAN_RETURN = "PLAN_RETURN"
    PLAN_CHECK = "PLAN_CHECK"
    BUDGET_OFFER = "BUDGET_OFFER"
    BUDGET_OFFER_ANSWER = "BUDGET_OFFER_ANSWER"
    INDICATIVE_WRITE = "INDICATIVE_WRITE"
    INDICATIVE_SHOW = "INDICATIVE_SHOW"
    PAYEE_AGREEMENT_READ = "PAYEE_AGREEMENT_READ"
    PAYEE_AGREEMENT_MAKE = "PAYEE_AGREEMENT_MAKE"
    PAYEE_AGREEMENT_SIGN = "PAYEE_AGREEMENT_SIGN"
    BUDGET_READ = "BUDGET_READ"
    BUDGET_WRITE = "BUDGET_WRITE"
    BALANCE_READ = "BALANCE_READ"
    LEDGER_READ = "LEDGER_READ"
    FIGURES_READ = "FIGURES_READ"
    ACCOUNT_READ = "ACCOUNT_READ"
    ACCOUNT_READ_FULL = "ACCOUNT_READ_FULL"
    ACCOUNT_PROPOSE = "ACCOUNT_PROPOSE"
    ACCOUNT_APPROVE = "ACCOUNT_APPROVE"
    PAYMENT_READ = "PAYMENT_READ"
    PAYMENT_RECORD = "PAYMENT_RECORD"
    PAYMENT_CONFIRM = "PAYMENT_CONFIRM"
    SPENDING_RECORD = "SPENDING_RECORD"
    HISTORY_READ = "HISTORY_READ"
    ACCESS_READ = "ACCESS_READ"
    TASK_READ = "TASK_READ"
    PROVIDER_READ = "PROVIDER_READ"
    PROVIDER_IMPORT = "PROVIDER_IMPORT"
    PROVIDER_MERGE = "PROVIDER_MERGE"
    PROVIDER_MERGE_DECIDE = "PROVIDER_MERGE_DECIDE"
    CASELOAD_PREPARE = "CASELOAD_PREPARE"
    CASELOAD_APPROVE = "CASELOAD_APPROVE"
    USER_INVITE = "USER_INVITE"
    DOCUMENT_READ = "DOCUMENT_READ"
    DOCUMENT_ADD = "DOCUMENT_ADD"
    EQUIPMENT_READ = "EQUIPMENT_READ"
    EQUIPMENT_WRITE = "EQUIPMENT_WRITE"
    EQUIPMENT_DECIDE = "EQUIPMENT_DECIDE"
    WORKER_READ = "WORKER_READ"
    WORKER_WRITE = "WORKER_WRITE"
    WORKER_DECIDE = "WORKER_DECIDE"
    COMPETENCE_WRITE = "COMPETENCE_WRITE"
    NOTE_READ = "NOTE_READ"
    NOTE_WRITE = "NOTE_WRITE"
    PERSON_EXPORT = "PERSON_EXPORT"
    BUDGET_EXPORT = "BUDGET_EXPORT"
    OFFICE_EXPORT = "OFFICE_EXPORT"
    EXPORT_READ = "EXPORT_READ"
    EXPORT_ASK = "EXPORT_ASK"
    EXPORT_DECIDE = "EXPORT_DECIDE"
    IMPORT_READ = "IMPORT_READ"
    IMPORT_PREPARE = "IMPORT_PREPARE"
    IMPORT_DECIDE = "IMPORT_DECIDE"
    OWN_BUDGET_READ = "OWN_BUDGET_READ"
    OWN_SETTINGS_WRITE = "OWN_SETTINGS_WRITE"
    # Third-party (ISF) arrangements and organisations.
    ARRANGEMENT_READ = "ARRANGEMENT_READ"
    ARRANGEMENT_OFFER = "ARRANGEMENT_OFFER"
    ISF_FEE_APPROVE = "ISF_FEE_APPROVE"
    ARRANGEMENT_ANSWER = "ARRANGEMENT_ANSWER"
    AGREEMENT_SIGN = "AGREEMENT_SIGN"
    SIGNATURE_RECORD = "SIGNATURE_RECORD"
    ORGANISATION_INVITE = "ORGANISATION_INVITE"
    OWN_ORGANISATION_READ = "OWN_ORGANISATION_READ"
    OWN_ORGANISATION_WRITE = "OWN_ORGANISATION_WRITE"

    # People who act for others.
    PLAN_PART_READ = "PLAN_PART_READ"
    ACTING_READ = "ACTING_READ"
    ACTING_WRITE = "ACTING_WRITE"
    ACTING_AGREE = "ACTING_AGREE"
    ACTED_FOR_READ = "ACTED_FOR_READ"
    ACTED_FOR_ANSWER = "ACTED_FOR_ANSWER"
    CONSENT_GIVE = "CONSENT_GIVE"
    NOMINEE_PROPOSE = "NOMINEE_PROPOSE"
    TASK_DONE = "TASK_DONE"
    TASK_TAKE = "TASK_TAKE"
    # Reviews, and what happens in a life.
    REVIEW_WRITE = "REVIEW_WRITE"
    REVIEW_ANSWER = "REVIEW_ANSWER"
    REVIEW_COMMENT = "REVIEW_COMMENT"
    REVIEW_COMMENT_READ = "REVIEW_COMMENT_READ"
    STAY_READ = "STAY_READ"
    STAY_WRITE = "STAY_WRITE"
    STAY_DECIDE = "STAY_DECIDE"
    ENDING_READ = "ENDING_READ"
    ENDING_BEGIN = "ENDING_BEGIN"
    ENDING_SETTLE = "ENDING_SETTLE"
    ENDING_DECIDE = "ENDING_DECIDE"
    ENDING_CLOSE = "ENDING_CLOSE"
    USER_READ = "USER_READ"
    USER_END = "USER_END"
    REGISTRATION_READ = "REGISTRATION_READ"
    REGISTRATION_WRITE = "REGISTRATION_WRITE"
    CASES_REASSIGN = "CASES_REASSIGN"
    ROLE_GRANT_READ = "ROLE_GRANT_READ"
    ROLE_GRANT_PROPOSE = "ROLE_GRANT_PROPOSE"
    ROLE_GRANT_DECIDE = "ROLE_GRANT_DECIDE"
    BREAK_GLASS_READ = "BREAK_GLASS_READ"
    BREAK_GLASS_ASK = "BREAK_GLASS_ASK"
    BREAK_GLASS_DECIDE = "BREAK_GLASS_DECIDE"
    BREAK_GLASS_REVIEW = "BREAK_GLASS_REVIEW"
    # Changes that need a second person, and their first users.
    CHANGE_READ = "CHANGE_READ"
    CHANGE_DECIDE = "CHANGE_DECIDE"
    CHANGE_WITHDRAW = "CHANGE_WITHDRAW"
    RATE_READ = "RATE_READ"
    RATE_PROPOSE = "RATE_PROPOSE"
    RATE_DECIDE = "RATE_DECIDE"
    SETTING_READ = "SETTING_READ"
    SETTING_PROPOSE = "SETTING_PROPOSE"
    SETTING_DECIDE = "SETTING_DECIDE"
    TEMPLATE_READ = "TEMPLATE_READ"
    TEMPLATE_PROPOSE = "TEMPLATE_PROPOSE"
    TEMPLATE_DECIDE = "TEMPLATE_DECIDE"
    # Wheelchair budgets.
    WHEELCHAIR_READ = "WHEELCHAIR_READ"
    WHEELCHAIR_WRITE = "WHEELCHAIR_WRITE"
    # One board taken over by others.
    SUCCESSION_PROPOSE = "SUCCESSION_PROPOSE"
    SUCCESSION_DECIDE = "SUCCESSION_DECIDE"
    # What a plan holds, who writes it, what the person says of it, and what the money may buy.
    PLAN_CARE_READ = "PLAN_CARE_READ"
    PLAN_SHARE = "PLAN_SHARE"
    PLANNER_READ = "PLANNER_READ"
    PLANNER_INVITE = "PLANNER_INVITE"
    PLAN_DRAFT = "PLAN_DRAFT"
    PLAN_COMMENT_READ = "PLAN_COMMENT_READ"
    PLAN_COMMENT = "PLAN_COMMENT"
    PLAN_COMMENT_ANSWER = "PLAN_COMMENT_ANSWER"
    PLAN_OWN_SIGN = "PLAN_OWN_SIGN"
    PURCHASE_READ = "PURCHASE_READ"
    PURCHASE_ASK = "PURCHASE_ASK"
    PURCHASE_ANSWER = "PURCHASE_ANSWER"
    RULE_READ = "RULE_READ"
    RULE_PROPOSE = "RULE_PROPOSE"
    RULE_DECIDE = "RULE_DECIDE"
    RULE_EXCUSE = "RULE_EXCUSE"
    CARE_EXEMPT = "CARE_EXEMPT"
    # Decisions, what is asked of them again, and letters.
    DECISION_READ = "DECISION_READ"
    DECISION_PREPARE = "DECISION_PREPARE"
    DECISION_APPROVE = "DECISION_APPROVE"
    RECONSIDERATION_ASK = "RECONSIDERATION_ASK"
    RECONSIDERATION_RECORD = "RECONSIDERATION_RECORD"
    RECONSIDERATION_DECIDE = "RECONSIDERATION_DECIDE"
    LETTER_READ = "LETTER_READ"
    LETTER_POST = "LETTER_POST"
    # Yearly uplifts.
    UPLIFT_READ = "UPLIFT_READ"
    UPLIFT_STREAM_READ = "UPLIFT_STREAM_READ"
    UPLIFT_PROPOSE = "UPLIFT_PROPOSE"
    UPLIFT_APPROVE = "UPLIFT_APPROVE"


SENTENCES: dict[Permission, str] = {
    Permission.WORK_READ: "See the work that waits for you.",
    Permission.PERSON_READ: "See a person’s name, date of birth and contact details.",
    Permission.NHS_NUMBER_READ: "See a person’s NHS number.",
    Permission.PERSON_WRITE: "Add a person and change their details.",
    Permission.ELIGIBILITY_READ: "See why a person may have a budget.",
    Permission.ELIGIBILITY_WRITE: "Record why a person may have a budget.",
    Permission.NEEDS_READ: "Read what an assessment of a person’s needs found.",
    Permission.NEEDS_WRITE: "Record an assessment of a person’s needs, and put it right.",
    Permission.CONSENT_READ: "See a person’s consents and the direct payment check.",
    Permission.CONSENT_WRITE: "Record a consent, its withdrawal, and the direct payment check.",
    Permission.PHB_READ: "See a personal health budget and where it stands.",
    Permission.PHB_OPEN: "Open a personal health budget for a person.",
    Permission.PLAN_READ: "Read a plan, its outcomes and services.",
    Permission.PLAN_WRITE: "Write a plan, its outcomes and services.",
    Permission.PLAN_SUBMIT: "Send a plan for clinical sign-off.",
    Permission.PLAN_SIGN_OFF: "Sign a plan off as a registered clinician.",
    Permission.PLAN_APPROVE: "Approve a signed-off plan and its budget.",
    Permission.PLAN_RETURN: "Send a plan back for changes.",
    Permission.PLAN_CHECK: "Check the money of a signed-off plan that somebody else wrote.",
    Permission.BUDGET_OFFER: "Record that a budget was offered, and what the person answered.",
    Permission.BUDGET_OFFER_ANSWER: "Answer an offer of a budget for yourself, or for the person you represent.",
    Permission.INDICATIVE_WRITE: "Record an indicative budget and how it was worked out.",
    Permission.INDICATIVE_SHOW: "Record that an indicative budget was shown to the person.",
    Permission.PAYEE_AGREEMENT_READ: "Read the agreements about how the money is managed.",
    Permission.PAYEE_AGREEMENT_MAKE: "Make an agreement about how the money is managed, for everybody to sign.",
    Permission.PAYEE_AGREEMENT_SIGN: "Sign an agreement about how the money is managed as one of its parties.",
    Permission.WHEELCHAIR_READ: "See a wheelchair budget, how it was worked out, and who adds to it.",
    Permission.WHEELCHAIR_WRITE: "Work a wheelchair budget out, record who adds to it, and that it was handed over.",
    Permission.BUDGET_READ: "See a budget’s amounts and lines.",
    Permission.BUDGET_WRITE: "Write a budget: streams and lines.",
    Permission.BALANCE_READ: "See what a budget has left.",
    Permission.LEDGER_READ: "See the entries that make up a balance.",
    Permission.FIGURES_READ: "See what the money of the whole board comes to.",
    Permission.ACCOUNT_READ: "See the last four digits of an account.",
    Permission.ACCOUNT_READ_FULL: "See whole bank details.",
    Permission.ACCOUNT_PROPOSE: "Enter bank details for a second person to approve.",
    Permission.ACCOUNT_APPROVE: "Approve bank details somebody else entered.",
    Permission.PAYMENT_READ: "See payments.",
    Permission.PAYMENT_RECORD: "Record a payment for a second officer to confirm.",
    Permission.PAYMENT_CONFIRM: "Confirm a payment another officer recorded.",
    Permission.SPENDING_RECORD: "Record what a payee spent, repaid or added.",
    Permission.HISTORY_READ: "Read what has happened to a budget, in sentences.",
    Permission.ACCESS_READ: "See who has looked at a person’s record.",
    Permission.TASK_READ: "See tasks.",
    Permission.PROVIDER_READ: "See providers and organisations.",
    Permission.PROVIDER_IMPORT: "Bring in the directory of providers.",
    Permission.PROVIDER_MERGE: "Merge two rows of one organisation; where money points at either, propose it.",
    Permission.PROVIDER_MERGE_DECIDE: "Approve or return a merger of two organisations that somebody else proposed.",
    Permission.CASELOAD_PREPARE: "Prepare the bringing-in of a caseload.",
    Permission.CASELOAD_APPROVE: "Approve the bringing-in of a caseload somebody else prepared.",
    Permission.USER_INVITE: "Invite a person to sign in.",
    Permission.DOCUMENT_READ: "Open the documents kept with a budget.",
    Permission.DOCUMENT_ADD: "Keep a document with a budget.",
    Permission.EQUIPMENT_READ: "See equipment bought from budgets.",
    Permission.EQUIPMENT_WRITE: "Write down equipment bought from a budget, change it, and take it back.",
    Permission.EQUIPMENT_DECIDE: "Approve or return the writing off of equipment that somebody else proposed.",
    Permission.WORKER_READ: "See the personal assistants a budget pays, their pay and their checks.",
    Permission.WORKER_WRITE: "Write down personal assistants and checks; ask for and look at household exceptions.",
    Permission.COMPETENCE_WRITE: "Record that a personal assistant can do a health task, having seen it.",
    Permission.WORKER_DECIDE: "Agree to or return a household exception that somebody else asked for.",
    Permission.NOTE_READ: "Read the notes on a record.",
    Permission.NOTE_WRITE: "Write a note on a record one may see, and put one’s own right.",
    Permission.PERSON_EXPORT: "Take lists of people out of the portal as a file.",
    Permission.BUDGET_EXPORT: "Take lists of budgets and what belongs to them out of the portal as a file.",
    Permission.OFFICE_EXPORT: "Take lists of organisations, users and access out of the portal as a file.",
    Permission.EXPORT_READ: "See which lists were asked for, and what became of it.",
    Permission.EXPORT_ASK: "Ask a second person for a list of more than 500 rows, and download it.",
    Permission.EXPORT_DECIDE: "Agree to or refuse a list of more than 500 rows that somebody else asked for.",
    Permission.IMPORT_READ: "See which files were brought in, row by row, and what became of them.",
    Permission.IMPORT_PREPARE: "Try a file of one’s own, say what its columns are, bring it in or ask for that.",
    Permission.IMPORT_DECIDE: "Agree to or refuse a file that somebody else prepared, and take it back.",
    Permission.OWN_BUDGET_READ: "See your own budget, plan and balance.",
    Permission.OWN_SETTINGS_WRITE: "Choose how your own pages are shown to you, and how you get letters.",
    Permission.PLAN_PART_READ: "Read the outcomes and services of a plan.",
    Permission.ACTING_READ: "See who helps a person or acts for them.",
    Permission.ACTING_WRITE: "Propose who acts for a person, record their checks, put on hold, end, and invite.",
    Permission.ACTING_AGREE: "Agree that somebody proposed by another acts for a person.",
    Permission.ACTED_FOR_READ: "See the people you act for and their money.",
    Permission.ACTED_FOR_ANSWER: "Accept to act for a person, choose how you get letters, or stop.",
    Permission.CONSENT_GIVE: "Give or withdraw consent to a direct payment for the person you represent.",
    Permission.NOMINEE_PROPOSE: "Propose a nominee for yourself, or for the person you represent.",
    Permission.TASK_DONE: "Say that a task is done, and what came of it.",
    Permission.TASK_TAKE: "Take a task of one’s own role, give it back, or pass it to another role.",
    Permission.REVIEW_WRITE: "Set a review, hold it, and write down what was found and what the holder said.",
    Permission.REVIEW_ANSWER: "Say how one’s budget works, or that of the person one represents, and ask for a review.",
    Permission.REVIEW_COMMENT: "Tell the team before a review how it goes with the money one is paid for somebody.",
    Permission.REVIEW_COMMENT_READ: "Read what a nominee or an organisation said before a review.",
    Permission.STAY_READ: "See that a person was in hospital, and what was taken off their payments for it.",
    Permission.STAY_WRITE: "Record a stay in hospital, and propose what is paid after the days of full pay.",
    Permission.STAY_DECIDE: "Agree that less is paid for a stay in hospital, when somebody else proposed it.",
    Permission.ENDING_READ: "See how budgets end, and what is left to settle.",
    Permission.ENDING_BEGIN: "Record a death, or that a budget has ended and why.",
    Permission.ENDING_SETTLE: "Record the final return and what is owed, and propose to write a small rest off.",
    Permission.ENDING_DECIDE: "Agree that a small rest is written off, when somebody else proposed it.",
    Permission.ENDING_CLOSE: "Close a budget, or take back an ending that was a mistake, when somebody else began it.",
    Permission.ARRANGEMENT_READ: "See a third-party arrangement: the offer, the answers, the agreement.",
    Permission.ARRANGEMENT_OFFER: "Offer a third-party budget to an organisation.",
    Permission.ISF_FEE_APPROVE: "Approve an organisation’s fee above the usual, when somebody else made the offer.",
    Permission.ARRANGEMENT_ANSWER: "Answer an offer line by line for an organisation.",
    Permission.AGREEMENT_SIGN: "Sign a three-party agreement as one of its parties.",
    Permission.SIGNATURE_RECORD: "Record a signature that a person gave on paper.",
    Permission.ORGANISATION_INVITE: "Invite the first person to sign in for an organisation.",
    Permission.OWN_ORGANISATION_READ: "See what waits for your organisation, and who signs in for it.",
    Permission.OWN_ORGANISATION_WRITE: "Invite people to sign in for your organisation, and end their sign-in.",
    Permission.USER_READ: "See who works at the board, in which roles, and how they sign in.",
    Permission.REGISTRATION_READ: "See the professional registrations of those who work at the board.",
    Permission.REGISTRATION_WRITE: "Record somebody else’s professional registration, as looked up on its register.",
    Permission.USER_END: "End somebody’s role, or disable them everywhere at once.",
    Permission.CASES_REASSIGN: "Give budgets to another case manager.",
    Permission.ROLE_GRANT_READ: "See roles and limits that were proposed, and what became of them.",
    Permission.ROLE_GRANT_PROPOSE: "Propose a role, a limit, a later end or a return for a second person to grant.",
    Permission.ROLE_GRANT_DECIDE: "Grant or refuse a role somebody else proposed for somebody else.",
    Permission.BREAK_GLASS_READ: "See who asked to be let into a record by break-glass, and why.",
    Permission.BREAK_GLASS_ASK: "Ask to be let into one person’s record for 60 minutes.",
    Permission.BREAK_GLASS_DECIDE: "Let an administrator into one person’s record for 60 minutes, or refuse.",
    Permission.BREAK_GLASS_REVIEW: "Say that you have looked at what was done under break-glass.",
    Permission.CHANGE_READ: "See changes that wait for a second person, and what became of them.",
    Permission.CHANGE_DECIDE: "Approve or return a change somebody else proposed, if it is your role’s to decide.",
    Permission.CHANGE_WITHDRAW: "Withdraw a change you proposed.",
    Permission.RATE_READ: "See statutory rates, with what they were and will be.",
    Permission.RATE_PROPOSE: "Propose a statutory rate from a day on, for a second person to approve.",
    Permission.RATE_DECIDE: "Approve or return a rate somebody else proposed.",
    Permission.SETTING_READ: "See the settings of your board, with what they were and will be.",
    Permission.SETTING_PROPOSE: "Propose a setting of your board from a day on, for a second person to approve.",
    Permission.SETTING_DECIDE: "Approve or return a setting somebody else proposed.",
    Permission.TEMPLATE_READ: "See the templates of letters and agreements, every version.",
    Permission.TEMPLATE_PROPOSE: "Propose a template, a new version of it or its withdrawal, for a second person.",
    Permission.TEMPLATE_DECIDE: "Approve or return what somebody else proposed about a template.",
    Permission.SUCCESSION_PROPOSE: "Propose that other boards take over from yours, and try what would become of it.",
    Permission.SUCCESSION_DECIDE: "Approve or return that other boards take over from a board, as one of either.",
    Permission.PLAN_CARE_READ: "Read the needs, risks and other sections of a plan.",
    Permission.PLAN_SHARE: "Share a plan that is being written with the person.",
    Permission.PLANNER_READ: "See who is asked to write a plan.",
    Permission.PLANNER_INVITE: "Ask somebody to write the draft of a plan, and take that back.",
    Permission.PLAN_DRAFT: "Write the draft of the one plan you are asked to write, and hand it in.",
    Permission.PLAN_COMMENT_READ: "Read what a person said about their plan.",
    Permission.PLAN_COMMENT: "Say something about your own plan, or that of the person you represent.",
    Permission.PLAN_COMMENT_ANSWER: "Answer what a person said about their plan.",
    Permission.PLAN_OWN_SIGN: "Sign that a plan is your own, or that of the person you represent.",
    Permission.PURCHASE_READ: "See what was asked before buying, and the answers.",
    Permission.PURCHASE_ASK: "Ask before you buy.",
    Permission.PURCHASE_ANSWER: "Answer what somebody asked before buying.",
    Permission.RULE_READ: "See what your board adds to what the money cannot buy.",
    Permission.RULE_PROPOSE: "Propose a rule of your board on what the money cannot buy, or its end.",
    Permission.RULE_DECIDE: "Approve or return a rule on what the money cannot buy that somebody else proposed.",
    Permission.RULE_EXCUSE: "Agree that the money may buy what looks as if it could not.",
    Permission.CARE_EXEMPT: "Agree that care needs no registration, or that its registration was looked up.",
    Permission.DECISION_READ: "Read a decision, its reasons, and what came of it when somebody did not agree.",
    Permission.DECISION_PREPARE: "Prepare a decision to refuse, reduce, suspend, stop or appoint, for a second person.",
    Permission.DECISION_APPROVE: "Approve or return a decision somebody else prepared.",
    Permission.RECONSIDERATION_ASK: "Ask for a decision to be looked at again.",
    Permission.RECONSIDERATION_RECORD: "Record that somebody asked for a decision to be looked at again.",
    Permission.RECONSIDERATION_DECIDE: "Answer when a decision one had no part in is to be looked at again.",
    Permission.LETTER_READ: "Read letters as they were sent.",
    Permission.LETTER_POST: "Say that a letter was printed and posted.",
    Permission.UPLIFT_READ: "See the yearly uplifts of the board, and what each comes to.",
    Permission.UPLIFT_STREAM_READ: "See what a budget is raised to from a day and how it was worked out, or why not.",
    Permission.UPLIFT_PROPOSE: "Prepare a yearly uplift, choose the budgets, and propose it.",
    Permission.UPLIFT_APPROVE: "Approve or return a yearly uplift somebody else proposed, within the sign-off limit.",
}
