"""What was recorded with an event, as its sentence says it: codes by their words, money, dates, names of fields."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
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

_MONEY_WORDS: dict[str, str] = {
    Verb.ACCOUNT_FOR: "spent",
    Verb.REPAY: "paid back",
    Verb.OWN_MONEY: "of own money added",
    Verb.INTEREST: "of interest",
    Verb.REFUND: "refunded",
}
_FIELD_WORDS: dict[str, str] = {
    "nhs_number": "NHS number",
    "nhs_number_status": "NHS number status",
    "easy_read": "easy read choice",
}


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


def shown(name: str, value: object) -> str:
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
