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
    USER_READ = "USER_READ"
    USER_END = "USER_END"
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
    # One board taken over by others.
    SUCCESSION_PROPOSE = "SUCCESSION_PROPOSE"
    SUCCESSION_DECIDE = "SUCCESSION_DECIDE"


SENTENCES: dict[Permission, str] = {
    Permission.WORK_READ: "See the work that waits for you.",
    Permission.PERSON_READ: "See a person's name, date of birth and contact details.",
    Permission.NHS_NUMBER_READ: "See a person's NHS number.",
    Permission.PERSON_WRITE: "Add a person and change their details.",
    Permission.ELIGIBILITY_READ: "See why a person may have a budget.",
    Permission.ELIGIBILITY_WRITE: "Record why a person may have a budget.",
    Permission.CONSENT_READ: "See a person's consents and the direct payment check.",
    Permission.CONSENT_WRITE: "Record a consent, its withdrawal, and the direct payment check.",
    Permission.PHB_READ: "See a personal health budget and where it stands.",
    Permission.PHB_OPEN: "Open a personal health budget for a person.",
    Permission.PLAN_READ: "Read a plan, its outcomes and services.",
    Permission.PLAN_WRITE: "Write a plan, its outcomes and services.",
    Permission.PLAN_SUBMIT: "Send a plan for clinical sign-off.",
    Permission.PLAN_SIGN_OFF: "Sign a plan off as a registered clinician.",
    Permission.PLAN_APPROVE: "Approve a signed-off plan and its budget.",
    Permission.PLAN_RETURN: "Send a plan back for changes.",
    Permission.BUDGET_READ: "See a budget's amounts and lines.",
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
    Permission.ACCESS_READ: "See who has looked at a person's record.",
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
    Permission.NOTE_READ: "Read the notes on a record.",
    Permission.NOTE_WRITE: "Write a note on a record one may see, and put one's own right.",
    Permission.PERSON_EXPORT: "Take lists of people out of the portal as a file.",
    Permission.BUDGET_EXPORT: "Take lists of budgets and what belongs to them out of the portal as a file.",
    Permission.OFFICE_EXPORT: "Take lists of organisations, users and access out of the portal as a file.",
    Permission.EXPORT_READ: "See which lists were asked for, and what became of it.",
    Permission.EXPORT_ASK: "Ask a second person for a list of more than 500 rows, and download it.",
    Permission.EXPORT_DECIDE: "Agree to or refuse a list of more than 500 rows that somebody else asked for.",
    Permission.IMPORT_READ: "See which files were brought in, row by row, and what became of them.",
    Permission.IMPORT_PREPARE: "Try a file of one's own, say what its columns are, bring it in or ask for that.",
    Permission.IMPORT_DECIDE: "Agree to or refuse a file that somebody else prepared, and take it back.",
    Permission.OWN_BUDGET_READ: "See your own budget, plan and balance.",
    Permission.OWN_SETTINGS_WRITE: "Choose how your own pages are shown to you.",
    Permission.PLAN_PART_READ: "Read the outcomes and services of a plan.",
    Permission.ACTING_READ: "See who helps a person or acts for them.",
    Permission.ACTING_WRITE: "Propose who acts for a person, record their checks, put on hold, end, and invite.",
    Permission.ACTING_AGREE: "Agree that somebody proposed by another acts for a person.",
    Permission.ACTED_FOR_READ: "See the people you act for and their money.",
    Permission.ACTED_FOR_ANSWER: "Accept to act for a person, or stop.",
    Permission.CONSENT_GIVE: "Give or withdraw consent to a direct payment for the person you represent.",
    Permission.NOMINEE_PROPOSE: "Propose a nominee for yourself, or for the person you represent.",
    Permission.TASK_DONE: "Say that a task is done, and what came of it.",
    Permission.ARRANGEMENT_READ: "See a third-party arrangement: the offer, the answers, the agreement.",
    Permission.ARRANGEMENT_OFFER: "Offer a third-party budget to an organisation.",
    Permission.ISF_FEE_APPROVE: "Approve an organisation's fee above the usual, when somebody else made the offer.",
    Permission.ARRANGEMENT_ANSWER: "Answer an offer line by line for an organisation.",
    Permission.AGREEMENT_SIGN: "Sign a three-party agreement as one of its parties.",
    Permission.SIGNATURE_RECORD: "Record a signature that a person gave on paper.",
    Permission.ORGANISATION_INVITE: "Invite the first person to sign in for an organisation.",
    Permission.OWN_ORGANISATION_READ: "See what waits for your organisation, and who signs in for it.",
    Permission.OWN_ORGANISATION_WRITE: "Invite people to sign in for your organisation, and end their sign-in.",
    Permission.USER_READ: "See who works at the board, in which roles, and how they sign in.",
    Permission.USER_END: "End somebody's role, or disable them everywhere at once.",
    Permission.CASES_REASSIGN: "Give budgets to another case manager.",
    Permission.ROLE_GRANT_READ: "See roles and limits that were proposed, and what became of them.",
    Permission.ROLE_GRANT_PROPOSE: "Propose a role, a limit, a later end or a return for a second person to grant.",
    Permission.ROLE_GRANT_DECIDE: "Grant or refuse a role somebody else proposed for somebody else.",
    Permission.BREAK_GLASS_READ: "See who asked to be let into a record by break-glass, and why.",
    Permission.BREAK_GLASS_ASK: "Ask to be let into one person's record for 60 minutes.",
    Permission.BREAK_GLASS_DECIDE: "Let an administrator into one person's record for 60 minutes, or refuse.",
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
}
