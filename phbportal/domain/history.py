"""History in sentences: what each kind of audit event says after the name of whoever did it.

A sentence is a fragment in the past tense ("sent the plan (version 1) for clinical sign-off."): "Jo Bloggs " goes
before it. The places in braces are the details that were recorded with the event; the end of a place's name says
how it is shown (``_pence`` as money, ``on``, ``_on`` and ``period_…`` as dates), codes by their words,
a switch as on or off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from string import Formatter
from typing import cast

from phbportal.domain.acting import ACTING_WORDS, Acting
from phbportal.domain.agreement_kinds import KIND_WORDS as AGREEMENT_WORDS
from phbportal.domain.agreement_kinds import AgreementKind
from phbportal.domain.budget_offers import ANSWER_WORDS, Answer
from phbportal.domain.budgets import LINE_WORDS, LineType
from phbportal.domain.consents import CONSENT_KIND_WORDS, GIVEN_BY_WORDS, ConsentKind, GivenBy
from phbportal.domain.decisions import KIND_WORDS as DECISION_WORDS
from phbportal.domain.decisions import DecisionKind
from phbportal.domain.documents import DOCUMENT_WORDS, DocumentKind
from phbportal.domain.eligibility import COHORT_WORDS, Cohort
from phbportal.domain.endings import END_WORDS, EndReason
from phbportal.domain.ledger import Verb
from phbportal.domain.letters import BY_WORDS, By
from phbportal.domain.money import pounds
from phbportal.domain.plans import BODY_WORDS, RegistrationBody
from phbportal.domain.reconsiderations import OUTCOME_WORDS, Outcome
from phbportal.domain.reviews import RESULT_WORDS, REVIEW_WORDS, ReviewKind, ReviewResult
from phbportal.domain.streams import METHOD_WORDS, Method
from phbportal.domain.text import listed, long_date

SENTENCES: dict[str, str] = {
    "person_added": "added this person.",
    "person_changed": "changed {fields}.",
    "eligibility_ended": "ended an eligibility on {on}: {cohort}.",
    "eligibility_recorded": "recorded eligibility: {cohort}.",
    "needs_assessed": "recorded an assessment of the person’s needs made on {on}.",
    "needs_mistaken": "recorded that the assessment of needs dated {on} was a mistake.",
    "consent_recorded": "recorded a consent to a direct payment, given by {given_by} on {on}.",
    "consent_withdrawn": "recorded that the consent to a direct payment was withdrawn from {on}.",
    "exclusion_checked": "recorded the check against the rules for direct payments.",
    "sign_in_switched": "switched this person’s own sign-in {on}.",
    "phb_opened": "opened the budget {reference}.",
    "budget_offered": "offered the budget to the person on {on}.",
    "offer_answered": "recorded the answer to the offer, given on {on}: {answer}.",
    "assessing_begun": "began to assess the person’s needs with them.",
    "indicative_recorded": "recorded an indicative budget of {weekly_pence} a week and {one_off_pence} one-off.",
    "indicative_shown": "recorded that the indicative budget was shown on {on}.",
    "plan_checked": "checked the money of the plan (version {version}).",
    "plan_approved_first": (
        "approved the plan (version {version}) as the first of two, at {weekly_pence} a week and {one_off_pence} "
        "one-off."
    ),
    "plan_check_ended": "ended a check of the plan (version {version}), because it was returned.",
    "payee_agreement_made": "made the agreement about the direct payment from {starts_on}, for everybody to sign.",
    "payee_agreement_signed": "signed the agreement about the direct payment as {role}.",
    "payee_signature_recorded": "recorded a signature on paper on the agreement about the direct payment, dated {on}.",
    "payee_agreement_in_force": "put the agreement about the direct payment into force: everybody has signed.",
    "payee_agreement_replaced": "ended an agreement about the direct payment, because another takes its place.",
    "kind_agreement_made": "made the {agreement} from {starts_on}, for everybody to sign.",
    "kind_agreement_signed": "signed the {agreement} as {role}.",
    "kind_agreement_on_paper": "recorded a signature on paper on the {agreement}, dated {on}.",
    "kind_agreement_in_force": "put the {agreement} into force: everybody has signed.",
    "kind_agreement_replaced": "ended the {agreement}, because another takes its place.",
    "wheelchair_worked_out": (
        "worked a wheelchair budget out: {budget_pence} from the NHS, and {person_pays_pence} from others."
    ),
    "wheelchair_changed": "changed {fields} of the wheelchair.",
    "wheelchair_handed_over": "recorded that the wheelchair was handed over on {on}; its term runs to {expires_on}.",
    "wheelchair_ended": "recorded that the wheelchair is not in use any more since {on}.",
    "wheelchair_added_to": "wrote down what is added to the wheelchair: {name}, {amount_pence}.",
    "wheelchair_addition_paid": "recorded that {name} paid {amount_pence} towards the wheelchair on {on}.",
    "wheelchair_addition_dropped": "took back what was to be added to the wheelchair: {name}, {amount_pence}.",
    "phb_live": "made the budget active from {on}; the first review is due on {review_due_on}.",
    "plan_started": "started version {version} of the plan.",
    "plan_written": "changed the words of the plan (version {version}).",
    "outcome_added": "added an outcome to the plan (version {version}).",
    "service_added": "added a service to the plan (version {version}).",
    "section_written": "wrote a section of the plan (version {version}): {section}.",
    "risk_written": "wrote a risk of the plan (version {version}).",
    "contingency_written": "wrote what is done if something happens (plan version {version}).",
    "omission_written": "wrote down what was asked for and not agreed (plan version {version}).",
    "part_shared": "changed who else may read a part of the plan (version {version}).",
    "part_copied": "took this over from the version before (plan version {version}).",
    "plan_shared": "shared the plan (version {version}) with the person.",
    "comment_said": "said something about the plan: {place}.",
    "comment_answered": "answered what was said about the plan: {place}.",
    "own_plan_signed": "signed that the plan (version {version}) is their own or that of whom they represent.",
    "own_signature_off": "changed the plan (version {version}) after it was signed, so it is to be signed again.",
    "planner_asked": "asked {name} to write the plan (version {version}).",
    "planner_taken_back": "took back that {name} writes the plan.",
    "planner_declined": "declined to write the plan for {name}.",
    "plan_handed_in": "handed in the plan (version {version}) for {name}.",
    "care_said": "said who gives a service of the plan (version {version}), and whether it must be registered care.",
    "care_exempted": "put an exemption from registration in force that another approved, for a service of the plan "
    "(version {version}).",
    "service_excused": "agreed that the money may buy a service that looked as if it could not: {codes}.",
    "rule_written": "wrote a rule on what the money cannot buy from {starts_on}: {code}, {words}.",
    "rule_ended": "ended a rule on what the money cannot buy on {ends_on}: {code}, {words}.",
    "purchase_asked": "asked before buying something for {cost_pence}.",
    "purchase_bought": "said that something was bought after a yes, for {amount_pence}.",
    "purchase_accounted": "accounted for what was bought after a yes, {amount_pence}.",
    "purchase_answered": "answered a question asked before buying something for {cost_pence}.",
    "plan_submitted": "sent the plan (version {version}) for clinical sign-off.",
    "plan_signed_off": "signed the plan (version {version}) off as a clinician registered with the {body}.",
    "plan_returned": "sent the plan (version {version}) back for changes.",
    "plan_approved": "approved the plan (version {version}) at {weekly_pence} a week and {one_off_pence} one-off.",
    "stream_added": "added a stream from {starts_on}: {method}.",
    "line_added": "added a budget line for {line_type}: {weekly_pence} a week and {one_off_pence} one-off.",
    "line_removed": "took out the budget line for {line_type}: {weekly_pence} a week and {one_off_pence} one-off.",
    "stream_removed": "took out a stream: {method}, the one from {starts_on}.",
    "shares_set": "set who pays for the budget: {shares}.",
    "account_proposed": "entered bank details for an account ending {ending}.",
    "account_approved": "approved the bank details of the account ending {ending}.",
    "account_rejected": "turned down the bank details of the account ending {ending}.",
    "payment_recorded": "recorded payment {reference} of {amount_pence} for {period_start} to {period_end}.",
    "payment_confirmed": "confirmed payment {reference} of {amount_pence}, paid on {paid_on}.",
    "payment_cancelled": "cancelled payment {reference} of {amount_pence}.",
    "money_recorded": "recorded {amount_pence} {verb} on {on}.",
    "list_taken_out": "took a list of {title} out of the portal ({rows} rows).",
    "export_asked": "asked for a list of {title} of more than 500 rows.",
    "export_agreed": "agreed to a list of {title} that somebody else asked for.",
    "export_refused": "refused a list of {title} that somebody else asked for.",
    "export_taken": "downloaded a list of {title} ({rows} rows).",
    "import_begun": "brought a file to be tried: {title}.",
    "import_asked": "asked a second person to agree to a file: {title}.",
    "import_agreed": "agreed to a file that somebody else prepared: {title}.",
    "import_refused": "refused a file that somebody else prepared: {title}.",
    "import_given_up": "gave up a file that was not brought in: {title}.",
    "import_done": (
        "brought in a file: {title}, {rows} rows: {created} new, {changed} changed, {unchanged} as they were, "
        "{refused} refused."
    ),
    "import_undone": "took back a file: {title}, {removed} records removed and {restored} put back as they were.",
    "import_left": "took back what a file had brought in here: {title}.",
    "note_written": "wrote a note.",
    "note_put_right": "put a note right.",
    "equipment_added": "wrote down equipment: {name}.",
    "equipment_changed": "changed {fields} of equipment: {name}.",
    "equipment_written_off": "wrote equipment off as lost or broken: {name}.",
    "equipment_returned": "marked equipment as returned on {on}: {name}.",
    "worker_added": "wrote down a personal assistant: {name}.",
    "worker_changed": "changed {fields} of a personal assistant: {name}.",
    "competence_recorded": "found a personal assistant competent for a health task, to be looked at again by {on}: "
    "{name}.",
    "worker_left": "recorded that a personal assistant left on {on}: {name}.",
    "household_exception_agreed": "put a household exception in force that another approved, to {review_on}: {name}.",
    "document_added": "kept a document: {document}.",
    "document_infected": "found a virus in a document: {document}.",
    "user_invited": "invited a new {role}.",
    "list_shared": "shared a saved list of {page} with the board.",
    "list_unshared": "took back a saved list of {page} from the board.",
    "role_proposed": "proposed the role of {role} for {who}.",
    "role_change_proposed": "proposed another limit or end for the role of {role} that {who} has.",
    "role_shortened": "brought the end of the role of {role} that {who} has forward to {ends_on}.",
    "enabling_proposed": "proposed that {who} may sign in again.",
    "role_granted": "granted what was proposed for {who}.",
    "role_refused": "refused what was proposed for {who}.",
    "role_withdrawn": "withdrew what was proposed for {who}.",
    "invitation_withdrawn": "withdrew an invitation of a {role}.",
    "role_ended": "ended the role of {role} that {who} had.",
    "user_disabled": "disabled {who} everywhere.",
    "break_glass_asked": "asked to be let into this record by break-glass.",
    "break_glass_missed": "asked for break-glass {how}, which fitted no one record of the board.",
    "break_glass_agreed": "let {who} into this record by break-glass for {minutes} minutes.",
    "break_glass_refused": "refused to let {who} into this record by break-glass.",
    "break_glass_ended": "left this record before the time of the break-glass was over.",
    "break_glass_reviewed": "looked at what {who} did in this record under break-glass.",
    "phb_brought_in": (
        "brought in the budget {reference} from a caseload: {weekly_pence} a week and {one_off_pence} one-off, "
        "approved by {approver}."
    ),
    "review_set_for": "set a review for {due_on}: {review}.",
    "review_held": "held a review on {on}: {review}; what changes: {result}.",
    "death_review_held": "held a review on {on}: {review}.",
    "review_moved": "moved a review to {due_on}: {review}.",
    "review_not_needed": "recorded that a review is not needed any more: {review}.",
    "review_answered": "said how the budget works, for a review: {review}.",
    "review_commented": "said how it goes with the money they are paid, for a review: {review}.",
    "registration_recorded": "recorded a registration with the {body} to {ends_on}.",
    "registration_changed": "changed {fields} of a registration with the {body}.",
    "outcome_followed": "wrote down how an outcome stands, at a review.",
    "review_followed": "changed a review by what was done elsewhere on the record.",
    "stay_recorded": "recorded a stay in hospital from {on}.",
    "stay_ended": "recorded the end of a stay in hospital on {on}.",
    "stay_paid_in_full": "decided that payments go on in full for a stay in hospital.",
    "stay_paid_less": "had {amount_pence} taken off the next payments for a stay in hospital.",
    "death_recorded": "recorded that this person died on {on}.",
    "death_taken_back": "took back a death that was recorded by mistake.",
    "payment_held": "put payment {reference} of {amount_pence} on hold, because the budget has ended.",
    "stream_ended": "ended a stream: {method}, the one from {starts_on}.",
    "stream_over": "let a stream wind down that ended on {ends_on}: {method}.",
    "ending_begun": "recorded that the budget ended on {on}: {end}.",
    "ending_taken_back": "took the end of the budget back as a mistake.",
    "final_return_recorded": "recorded the final return that came on {on}, with {balance_pence} left.",
    "liabilities_recorded": "recorded that the payee still owes others {amount_pence}.",
    "rest_written_off": "wrote off {amount_pence} that was left with the payee.",
    "phb_closed": "closed the budget {reference}.",
    "ending_closed": "closed this, and gave {amount_pence} that was never paid back to the board.",
    "task_taken": "took a task.",
    "task_given_back": "gave a task back to the team.",
    "task_passed": "passed a task on to a {role}.",
    "case_manager_changed": "gave the budget another case manager.",
    "payee_email_noted": "noted another e-mail address for the payee.",
    "caseload_brought_in": (
        "brought in a caseload of {rows} rows, approved by {approver}: {created} new, {changed} changed, "
        "{unchanged} as they were."
    ),
    "directory_changed": "brought in a directory that changed {fields} of {organisation}.",
    "organisation_listed": "added {organisation} from a list.",
    "organisation_completed": "brought in a list that changed {fields} of {organisation}.",
    "provider_list_brought_in": (
        "brought in a list of {rows} organisations: {created} new, {changed} changed, {unchanged} as they were."
    ),
    "organisation_merged": "merged {organisation} into {into} from {on}.",
    "organisation_took_in": "recorded that {into} takes the place of {organisation} from {on}.",
    "person_passed_on": "had {into} take over from {organisation} here on {on}.",
    "phb_passed_on": "had {into} take this budget over from {organisation} on {on}.",
    "board_taken_over": "had {into} take over {people} and {budgets} of {organisation} on {on}.",
    "directory_brought_in": (
        "brought in a directory of {rows} providers: {created} new, {changed} changed, {unchanged} as they were, "
        "{gone} gone."
    ),
    "other_consent_recorded": "recorded a consent {consent}, given by {given_by} on {on}.",
    "other_consent_withdrawn": "recorded that a consent {consent} was withdrawn from {on}.",
    "acting_proposed": "proposed {name} as {acting}.",
    "acting_noted": "noted {name} as {acting}.",
    "acting_accepted": "recorded that {name} agreed on {on} to act as {acting}.",
    "acting_checked": "recorded the checks on {name} as {acting}.",
    "acting_agreed": "agreed that {name} acts as {acting}.",
    "nominee_held": (
        "put {name} on hold as nominee, because {representative}, who nominated them, is on hold or no longer acts."
    ),
    "individual_named": "recorded {individual} as who looks after the money at {name} from day to day.",
    "task_done": "said that a task was done: {task}.",
    "acting_suspended": "put {name} on hold as {acting}.",
    "acting_sign_in_ended": "ended the sign-in of somebody of {name}.",
    "acting_ended": "ended the part of {name} as {acting}.",
    "acting_invited": "gave {name} a code to sign in as {acting}.",
    "payee_named": "named {name} as who is paid by the stream that starts on {starts_on}.",
    "stream_suspended": "put a stream on hold: {method}, the one from {starts_on}.",
    "stream_resumed": "let a stream go on: {method}, the one from {starts_on}.",
    "capacity_recorded": "recorded an assessment of capacity made on {on}.",
    "review_at_16": "asked for a review of the stream that starts on {starts_on}, because the person is 16 now.",
    "warned_of_16": "warned that the person will be 16 on {birthday_on}.",
    "isf_offered": "offered the third-party budget to {organisation} (round {round}).",
    "isf_fee_approved": "approved the fee of {organisation}, above the usual, and the offer was sent (round {round}).",
    "isf_fee_turned_down": "turned down the fee of {organisation} (round {round}).",
    "isf_withdrawn": "withdrew the offer to {organisation} (round {round}).",
    "isf_answered": "answered for {organisation} (round {round}): {outcome}.",
    "isf_expired": "ended the offer to {organisation} (round {round}), which nobody answered in 14 days.",
    "agreement_signed": "signed the agreement with {organisation} for {party}.",
    "signature_recorded": "recorded a signature on paper on the agreement with {organisation}, dated {on}.",
    "agreement_in_force": "put the agreement with {organisation} into force: all three have signed.",
    "organisation_user_invited": "invited somebody to sign in for {organisation}.",
    "organisation_code_withdrawn": "took back an unused code to sign in for {organisation}.",
    "organisation_user_ended": "ended the sign-in of somebody for {organisation}.",
    "change_proposed": "proposed {what} for a second person to approve: {title} ({changes}).",
    "change_approved": "approved what {proposer} proposed: {title} ({changes}).",
    "change_returned": "returned what was proposed: {title}.",
    "template_written": "wrote version {version} of a template: {title}.",
    "template_replaced": "put version {version} in the place of this template: {title}.",
    "template_withdrawn": "withdrew version {version} of a template: {title}.",
    "change_let_be": "let what was returned be: {title}.",
    "decision_prepared": "prepared a decision for a second person: {decision}.",
    "decision_issued": "approved a decision somebody else prepared: {decision}, from {on}.",
    "decision_returned": "returned a decision: {decision}.",
    "decision_withdrawn": "withdrew a decision nobody had been told of: {decision}.",
    "decision_in_effect": "carried a decision out: {decision}, from {on}.",
    "decision_lifted": "let the money go on again after a decision: {decision}.",
    "decision_followed": "changed a decision by what came of it when it was looked at again: {decision}.",
    "reconsideration_asked": "asked for a decision to be looked at again: {decision}; the answer is due on {due_on}.",
    "reconsideration_withdrawn": "recorded that a decision need not be looked at again: {decision}.",
    "reconsideration_answered": "answered after looking at a decision again: {decision}; {outcome}.",
    "year_given_back": "gave {amount_pence} of the year’s money back to the board, because the budget costs less.",
    "year_set_aside": "set {amount_pence} more aside for the year, because the budget costs more.",
    "budget_changed": "wrote version {version} of the budget: {weekly_pence} a week from {starts_on}.",
    "price_agreed": "noted that the price of a stream was agreed by hand.",
    "price_free": "noted that the price of a stream is not agreed by hand any more.",
    "uplift_prepared": "prepared an uplift from {on}: {budgets} to choose from.",
    "raise_left_out": "left a stream out of the uplift from {on}.",
    "raise_put_back": "put a stream back into the uplift from {on}.",
    "uplift_proposed": "proposed the uplift from {on} for {budgets}: {amount_pence} more a week.",
    "uplift_approved_first": "approved the uplift from {on} for {budgets} as the first of two.",
    "uplift_approved": "approved the uplift from {on} for {budgets}: {amount_pence} more a week.",
    "uplift_returned": "returned the uplift from {on}.",
    "uplift_withdrawn": "withdrew the uplift from {on}.",
    "uplift_gone_on": "had the uplift from {on} written further, after its writing had stopped.",
    "uplift_written": "wrote all versions of the uplift from {on}.",
    "stream_to_rise": "agreed that a stream is raised from {before_pence} to {after_pence} a week from {on}.",
    "stream_raised": "raised a stream from {before_pence} to {after_pence} a week from {on}.",
    "raise_overtaken": "did not raise a stream from {on}, because something changed first.",
    "phb_followed": "changed where the budget stands by a decision.",
    "letter_written": "wrote a letter: {title}.",
    "letter_ready": "put a letter with those to print: {title}.",
    "letter_sent": "handed a letter to the postal service: {title}.",
    "letters_chosen": "chose to get letters {letters_by}.",
    "letter_emailed": "sent a letter by e-mail: {title}.",
    "letter_came_back": "found that an e-mail came back, and put its letter with those to print: {title}.",
    "letter_posted": "posted a letter: {title}.",
    "change_withdrawn": "withdrew what was proposed: {title}.",
    # What followed for one row from an act that is told elsewhere (services/following.py).
    "plan_followed": "changed the plan (version {version}) by what was done to the budget or another version.",
    "budget_begun": "began version {version} of the budget.",
    "budget_followed": "changed version {version} of the budget by its lines or its plan.",
    "line_followed": "worked out again the budget line for {line_type}: {weekly_pence} a week.",
    "stream_followed": "changed a stream, after a change to its budget or payee: {method}, the one from {starts_on}.",
    "offer_followed": "changed the offer (round {round}) by what was done to another, or by its days running out.",
    "agreement_made": "made the agreement ready to sign.",
    "agreement_followed": "ended the agreement, because another takes its place.",
    "part_followed": "changed this part by what was done elsewhere on the record.",
    "review_set": "set a review for {due_on}.",
    "task_set": "set a task for a {role}.",
    "task_over": "ended a task, because it waits for nothing any more.",
    "budget_brought_in": "brought in version 1 of the budget {reference} from a caseload.",
    "stream_brought_in": "brought in a stream from {starts_on} from a caseload: {method}.",
    "code_used": "used this code to sign in.",
    "signed_in_by_code": "signed in with a code for the role of {role}.",
    "holder_signed_in": "signed in to their own budget for the first time.",
    "role_taken_up": "took up the role of {role}.",
    "role_given": "gave the role of {role}.",
    "role_followed": "changed the role of {role} by a decision about it or about whoever has it.",
    "code_made": "made a code to sign in as {role}.",
    "code_followed": "ended a code to sign in as {role}.",
}

_MONEY_WORDS: dict[str, str] = {
    Verb.ACCOUNT_FOR: "spent",
    Verb.REPAY: "paid back",
    Verb.OWN_MONEY: "of own money added",
    Verb.INTEREST: "of interest",
    Verb.REFUND: "refunded",
}
_FIELD_WORDS = {"nhs_number": "NHS number", "nhs_number_status": "NHS number status", "easy_read": "easy read choice"}


def _fields(names: object) -> str:
    changed = [str(name) for name in cast("list[object]", names)]
    return "the " + listed([_FIELD_WORDS.get(n, n.removesuffix("_pence").replace("_", " ")) for n in changed])


def _small(words: str) -> str:
    """Words that stood at the head of a line, for the middle of a sentence; initials keep their capitals."""
    return words if words[:2].isupper() and words[:2].isalpha() else words[0].lower() + words[1:]


_CODES: dict[str, Callable[[str], str]] = {
    "given_by": lambda code: _small(GIVEN_BY_WORDS[GivenBy(code)]),
    "cohort": lambda code: COHORT_WORDS[Cohort(code)],
    "answer": lambda code: _small(ANSWER_WORDS[Answer(code)]),
    "body": lambda code: BODY_WORDS[RegistrationBody(code)],
    "method": lambda code: _small(METHOD_WORDS[Method(code)]),
    "line_type": lambda code: _small(LINE_WORDS[LineType(code)]),
    "document": lambda code: _small(DOCUMENT_WORDS[DocumentKind(code)]),
    "verb": lambda code: _MONEY_WORDS[code],
    "acting": lambda code: _small(ACTING_WORDS[Acting(code)]),
    "review": lambda code: _small(REVIEW_WORDS[ReviewKind(code)]),
    "result": lambda code: _small(RESULT_WORDS[ReviewResult(code)]),
    "end": lambda code: _small(END_WORDS[EndReason(code)]),
    "decision": lambda code: _small(DECISION_WORDS[DecisionKind(code)]),
    "outcome": lambda code: _small(OUTCOME_WORDS[Outcome(code)]) if code in set(Outcome) else code,
    "agreement": lambda code: _small(AGREEMENT_WORDS[AgreementKind(code)]),
    "letters_by": lambda code: _small(BY_WORDS[By(code)]),
    "consent": lambda code: CONSENT_KIND_WORDS[ConsentKind(code)],
}


def _shown(name: str, value: object) -> str:
    """A detail as a person reads it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if name == "fields":
        return _fields(value)
    if name in _CODES:
        return _CODES[name](str(value))
    if name.endswith("_pence"):
        return pounds(int(str(value)))
    if name == "on" or name.endswith("_on") or name.startswith("period_"):
        return long_date(date.fromisoformat(str(value)))
    return str(value)


def details_of(kind: str) -> frozenset[str]:
    """The details a kind's sentence names; each must be recorded with the event."""
    return frozenset(name for _text, name, _spec, _how in Formatter().parse(SENTENCES[kind]) if name)


def sentence(kind: str, details: Mapping[str, object]) -> str:
    """What happened, to follow a name: ``sentence("plan_submitted", {"version": 1})``.

    ``details`` are the event's own, as read back from its JSON. An unknown kind is a bug and raises KeyError.
    """
    return SENTENCES[kind].format_map({name: _shown(name, details[name]) for name in details_of(kind)})
