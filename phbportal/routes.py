"""Every path, as constants and builder functions. Records are addressed by reference or UUID, never by NHS number."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

HOME = "/"
ACCESSIBILITY = "/accessibility"

LOGIN = "/auth/login"
LOGOUT = "/auth/logout"
SIGNED_OUT = "/auth/signed-out"
TIMED_OUT = "/auth/timed-out"
CHOOSE_ROLE = "/auth/choose-role"
SESSION = "/auth/session"
STEP_UP = "/auth/step-up"
SESSIONS = "/auth/sessions"
INVITATION = "/auth/invitation"

NOT_FOUND = "/problem/not-found"
NOT_ALLOWED = "/problem/not-allowed"
PROBLEM = "/problem"

MY_BUDGET = "/my-budget"
MY_PLAN = "/my-plan"
MY_PLAN_COMMENT = "/my-plan/comment"
MY_PLAN_SIGN = "/my-plan/sign"
MY_PLAN_WRITE = "/my-plan/write/[invitation]"
MY_ASK = "/my-budget/ask-before-you-buy"
MY_WHO_LOOKED = "/my-budget/who-has-looked"
MY_HELPERS = "/my-budget/who-helps-me"
MY_DECISIONS = "/my-decisions"
MY_DECISION = f"{MY_DECISIONS}/[decision]"
MY_NOMINEE = "/my-budget/who-helps-me/nominee"
MY_OFFER = "/my-budget/offer"
MY_LETTERS = "/my-budget/letters"
MY_DOCUMENTS = "/my-budget/documents"

ACTING_FOR = "/acting-for"
ACTING_FOR_PHB = "/acting-for/[phb]"
ACTING_FOR_PART = "/acting-for/part/[part]"
ACTING_FOR_NOMINEE = f"{ACTING_FOR_PART}/nominee"
ACTING_FOR_ASK = f"{ACTING_FOR_PHB}/ask-before-you-buy"
ACTING_FOR_PLAN = f"{ACTING_FOR_PART}/plan"
ACTING_FOR_PLAN_COMMENT = f"{ACTING_FOR_PLAN}/comment"
ACTING_FOR_PLAN_SIGN = f"{ACTING_FOR_PLAN}/sign"
ACTING_FOR_PLAN_WRITE = "/acting-for/write/[invitation]"
ACTING_FOR_AGREEMENTS = f"{ACTING_FOR_PART}/agreements"
ACTING_FOR_LETTERS = f"{ACTING_FOR_PART}/letters"
ACTING_FOR_OFFER = f"{ACTING_FOR_PART}/offer"
ACTING_FOR_PAYEE_AGREEMENT = f"{ACTING_FOR_PART}/direct-payment-agreement"
ACTING_FOR_DECISIONS = f"{ACTING_FOR_PART}/decisions"
ACTING_FOR_DECISION = f"{ACTING_FOR_DECISIONS}/[decision]"
ACTING_FOR_CONSENT = f"{ACTING_FOR_PART}/consent"
ACTING_FOR_DOCUMENTS = f"{ACTING_FOR_PART}/documents"
ACTING_FOR_WHO_LOOKED = f"{ACTING_FOR_PART}/who-has-looked"

STAFF = "/staff"
STAFF_RECORDS = "/staff/records"
STAFF_OVERVIEW = "/staff/overview"
STAFF_PEOPLE = "/staff/people"
STAFF_NEW_PERSON = "/staff/new-person"
STAFF_PERSON = "/staff/people/[person]"
STAFF_PERSON_CHANGE = f"{STAFF_PERSON}/change"
STAFF_PERSON_ELIGIBILITY = f"{STAFF_PERSON}/eligibility"
STAFF_PERSON_CONSENT = f"{STAFF_PERSON}/consent"
STAFF_PERSON_WITHDRAWAL = f"{STAFF_PERSON}/consent/[consent]"
STAFF_PERSON_CHECK = f"{STAFF_PERSON}/direct-payment-check"
STAFF_PERSON_BUDGET = f"{STAFF_PERSON}/new-budget"
STAFF_PERSON_SIGN_IN = f"{STAFF_PERSON}/sign-in"
STAFF_PHB = "/staff/phbs/[phb]"
STAFF_PHB_PLAN = "/staff/phbs/[phb]/plan"
STAFF_PHB_MONEY = "/staff/phbs/[phb]/money"
STAFF_PHB_HISTORY = "/staff/phbs/[phb]/history"
STAFF_PHB_ENTRIES = "/staff/phbs/[phb]/entries"
STAFF_PHB_DOCUMENTS = "/staff/phbs/[phb]/documents"
STAFF_PHB_PAYMENTS = "/staff/phbs/[phb]/payments"
STAFF_PLAN_WORDS = "/staff/phbs/[phb]/plan/words"
STAFF_PLAN_OUTCOME = "/staff/phbs/[phb]/plan/outcome"
STAFF_PLAN_SERVICE = "/staff/phbs/[phb]/plan/service"
STAFF_PLAN_SECTION = "/staff/phbs/[phb]/plan/section"
STAFF_PLAN_SIGN_OFF = "/staff/phbs/[phb]/plan/sign-off"
STAFF_PLAN_APPROVE = "/staff/phbs/[phb]/plan/approve"
STAFF_PLAN_RETURN = "/staff/phbs/[phb]/plan/return"
STAFF_PLAN_CHECK = "/staff/phbs/[phb]/plan/check"
STAFF_PAYEE_AGREEMENT = "/staff/phbs/[phb]/agreement"
STAFF_PAYEE_PAPER = "/staff/phbs/[phb]/agreement/paper"
STAFF_PHB_OFFER = "/staff/phbs/[phb]/offer"
STAFF_PHB_ANSWER = "/staff/phbs/[phb]/offer/answer"
STAFF_PHB_INDICATIVE = "/staff/phbs/[phb]/indicative"
STAFF_PHB_SHOWN = "/staff/phbs/[phb]/indicative/shown"
STAFF_MONEY_STREAM = "/staff/phbs/[phb]/money/stream"
STAFF_MONEY_LINE = "/staff/phbs/[phb]/money/line"
STAFF_MONEY_FUNDING = "/staff/phbs/[phb]/money/funding"
STAFF_MONEY_ACCOUNT = "/staff/phbs/[phb]/money/account"
STAFF_MONEY_NEW_ACCOUNT = "/staff/phbs/[phb]/money/new-account"
STAFF_MONEY_PAYMENT = "/staff/phbs/[phb]/money/payment"
STAFF_MONEY_CONFIRM = "/staff/phbs/[phb]/money/confirm"
STAFF_MONEY_CANCEL = "/staff/phbs/[phb]/money/cancel"
STAFF_MONEY_SPENDING = "/staff/phbs/[phb]/money/spending"
STAFF_PERSON_CAPACITY = f"{STAFF_PERSON}/capacity"
STAFF_PERSON_NEW_HELPER = f"{STAFF_PERSON}/new-helper"
STAFF_HELPER = f"{STAFF_PERSON}/helper/[helper]"
STAFF_ISF = "/staff/phbs/[phb]/isf"
STAFF_ISF_OFFER = "/staff/phbs/[phb]/isf/offer"
STAFF_ISF_PAPER = "/staff/phbs/[phb]/isf/paper"
STAFF_PROVIDERS = "/staff/providers"
STAFF_PROVIDER = "/staff/providers/[organisation]"
STAFF_PROVIDER_INVITE = "/staff/providers/[organisation]/invite"
STAFF_PROVIDER_MERGE = "/staff/providers/[organisation]/merge"

EVIDENCE = "/api/evidence"
LETTER = "/api/letter"
EXPORT = "/api/export"
EXPORT_FILE = "/api/export-file"
EXPORT_FIGURES = "/api/export-figures"
IMPORT = "/api/import"
IMPORT_REFUSED = "/api/import-refused"

MY_AGREEMENTS = "/my-agreements"
MY_PAYEE_AGREEMENT = f"{MY_AGREEMENTS}/direct-payment"
ORGANISATION = "/provider"
ORGANISATION_ISF = "/provider/isf/[stream]"
ORGANISATION_AGREEMENT = "/provider/agreement/[agreement]"
ORGANISATION_PLAN = "/provider/plan/[invitation]"
ORGANISATION_PEOPLE = "/provider/people"
ORGANISATION_INVITE = "/provider/people/invite"

STAFF_USERS = "/staff/users"
STAFF_USER = "/staff/users/[user]"
STAFF_INVITE = "/staff/invite"
STAFF_USER_ROLE = f"{STAFF_USER}/new-role"
STAFF_USER_CHANGE = f"{STAFF_USER}/change/[assignment]"
STAFF_USER_END = f"{STAFF_USER}/end/[assignment]"
STAFF_USER_DISABLE = f"{STAFF_USER}/disable"
STAFF_USER_ENABLE = f"{STAFF_USER}/enable"
STAFF_USER_CASES = f"{STAFF_USER}/budgets"
STAFF_ROLE_GRANT = "/staff/role-grants/[grant]"
STAFF_BREAK_GLASS = "/staff/break-glass"
STAFF_BREAK_GLASS_ONE = "/staff/break-glass/[asking]"
STAFF_ACCESS = "/staff/access"
STAFF_CHANGES = "/staff/changes"
STAFF_CHANGE = "/staff/changes/[change]"
STAFF_RATES = "/staff/rates"
STAFF_RATE = "/staff/rates/[rate]"
STAFF_SETTINGS = "/staff/settings"
STAFF_SETTING = "/staff/settings/[setting]"
STAFF_SUCCESSION = "/staff/succession"
STAFF_IMPORTS = "/staff/imports"
STAFF_IMPORT = f"{STAFF_IMPORTS}/[brought]"
STAFF_IMPORT_COLUMNS = f"{STAFF_IMPORT}/columns"
STAFF_IMPORT_SHEETS = f"{STAFF_IMPORT}/sheets"
STAFF_TASKS = "/staff/tasks"
STAFF_TASK = f"{STAFF_TASKS}/[task]"
STAFF_REVIEW = "/staff/phbs/[phb]/review"
STAFF_PERSON_DEATH = f"{STAFF_PERSON}/death"
MY_REVIEW = "/my-plan/review"
ACTING_FOR_REVIEW = f"{ACTING_FOR_PART}/review"
STAFF_DECISIONS = "/staff/decisions"
STAFF_DECISION = f"{STAFF_DECISIONS}/[decision]"
STAFF_DECISION_CHANGE = f"{STAFF_DECISION}/change"
STAFF_DECISION_ASKED = f"{STAFF_DECISION}/asked"
STAFF_DECISION_ANSWER = f"{STAFF_DECISION}/answer"
STAFF_PHB_DECIDE = "/staff/phbs/[phb]/decide"
STAFF_PHB_CASE_MANAGER = "/staff/phbs/[phb]/case-manager"

PROTECTED_PREFIXES = (STAFF, MY_BUDGET, MY_PLAN, MY_AGREEMENTS, MY_DECISIONS, ACTING_FOR, ORGANISATION)


def staff_person(person_id: UUID | str) -> str:
    return f"{STAFF_PEOPLE}/{person_id}"


def staff_withdrawal(person_id: UUID | str, consent_id: UUID | str) -> str:
    return f"{staff_person(person_id)}/consent/{consent_id}"


def staff_helper(person_id: UUID | str, part_id: UUID | str) -> str:
    return f"{staff_person(person_id)}/helper/{part_id}"


def acting_part(part_id: UUID | str) -> str:
    return f"{ACTING_FOR}/part/{part_id}"


def of_part(page: str, part_id: UUID | str) -> str:
    """The address of one of a part's own pages, from its pattern."""
    return page.replace("[part]", str(part_id))


def staff_task(task_id: UUID | str) -> str:
    return STAFF_TASK.replace("[task]", str(task_id))


def staff_record(resource: str, row_id: UUID | str) -> str:
    """A record of a resource, by the resource's code."""
    return f"{STAFF}/{resource}/{row_id}"


def staff_import(batch_id: UUID | str) -> str:
    return f"{STAFF_IMPORTS}/{batch_id}"


def of_import(page: str, batch_id: object) -> str:
    """The address of one of a file's pages, from its pattern."""
    return page.replace("[brought]", str(batch_id))


def staff_new_import(resource: str, way: str) -> str:
    return f"{STAFF}/{resource}/import/{way}"


def staff_provider(organisation_id: UUID | str) -> str:
    return f"{STAFF_PROVIDERS}/{organisation_id}"


def staff_provider_merge(organisation_id: UUID | str, into: str = "") -> str:
    return f"{staff_provider(organisation_id)}/merge{f'?into={into}' if into else ''}"


def staff_provider_invite(organisation_id: UUID | str) -> str:
    return f"{staff_provider(organisation_id)}/invite"


def organisation_isf(stream_id: UUID | str) -> str:
    return f"/provider/isf/{stream_id}"


def organisation_agreement(agreement_id: UUID | str) -> str:
    """Where an organisation reads and signs the agreement about an account it keeps."""
    return ORGANISATION_AGREEMENT.replace("[agreement]", str(agreement_id))


def plan_to_write(role: str, invitation_id: UUID | str) -> str:
    """Where somebody in this role writes the plan they are asked to write."""
    pages = {"HOLDER": MY_PLAN_WRITE, "PROVIDER": ORGANISATION_PLAN}
    return pages.get(role, ACTING_FOR_PLAN_WRITE).replace("[invitation]", str(invitation_id))


def staff_user(user_id: UUID | str) -> str:
    return f"{STAFF_USERS}/{user_id}"


def of_user(page: str, user_id: UUID | str, assignment_id: UUID | str = "") -> str:
    """The address of one of a user's own pages, from its pattern."""
    return page.replace("[user]", str(user_id)).replace("[assignment]", str(assignment_id))


def staff_role_grant(grant_id: UUID | str) -> str:
    return STAFF_ROLE_GRANT.replace("[grant]", str(grant_id))


def staff_change(change_id: UUID | str) -> str:
    return STAFF_CHANGE.replace("[change]", str(change_id))


def staff_decision(decision_id: UUID | str) -> str:
    return f"{STAFF_DECISIONS}/{decision_id}"


def of_decision(page: str, decision_id: UUID | str) -> str:
    """The address of one of a decision's own pages, from its pattern."""
    return page.replace("[decision]", str(decision_id))


def letter(letter_id: UUID | str, *, pdf: bool = False) -> str:
    """A letter as a page, or as a document to print."""
    return f"{LETTER}/{letter_id}{'?as=pdf' if pdf else ''}"


def staff_rate(name: str) -> str:
    return STAFF_RATE.replace("[rate]", name)


def staff_setting(name: str) -> str:
    return STAFF_SETTING.replace("[setting]", name)


def staff_break_glass(asking_id: UUID | str) -> str:
    return STAFF_BREAK_GLASS_ONE.replace("[asking]", str(asking_id))


def access_of_person(person_id: UUID | str) -> str:
    return f"{STAFF_ACCESS}?person={person_id}"


def of_person(page: str, person_id: UUID | str) -> str:
    """The address of one of a person's own pages, from its pattern."""
    return page.replace("[person]", str(person_id))


def staff_phb(reference: str) -> str:
    return f"/staff/phbs/{reference}"


def staff_phb_plan(reference: str) -> str:
    return f"/staff/phbs/{reference}/plan"


def staff_phb_money(reference: str) -> str:
    return f"/staff/phbs/{reference}/money"


def evidence(document_id: UUID | str) -> str:
    return f"{EVIDENCE}/{document_id}"


def of_phb(route: str, reference: str, **query: str) -> str:
    """The address of one of a budget's pages. ``query`` holds codes, references and ids, never words about anybody."""
    address = route.replace("[phb]", reference)
    return f"{address}?{urlencode(query)}" if query else address


def is_protected(path: str) -> bool:
    """Whether a page needs somebody signed in before it is served at all."""
    return any(path == p or path.startswith(p + "/") for p in PROTECTED_PREFIXES)
