"""Templates of letters and agreements: what each is for, and which of its words are filled in (domain.md §10.2).

A template is plain paragraphs with an empty line between them. What is filled in stands in braces, by a name of the
list below: "Dear {person_name}".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from phbportal.domain.errors import Problem
from phbportal.domain.text import listed

MOST_LETTERS = 20_000
_BRACES = re.compile(r"\{([^{}]*)\}")


class TemplateKind(StrEnum):
    LETTER = "LETTER"
    AGREEMENT = "AGREEMENT"


class TemplateStatus(StrEnum):
    IN_USE = "IN_USE"
    REPLACED = "REPLACED"
    WITHDRAWN = "WITHDRAWN"


KIND_WORDS: dict[TemplateKind, str] = {TemplateKind.LETTER: "Letter", TemplateKind.AGREEMENT: "Agreement"}
STATUS_WORDS: dict[TemplateStatus, str] = {
    TemplateStatus.IN_USE: "In use",
    TemplateStatus.REPLACED: "Replaced",
    TemplateStatus.WITHDRAWN: "Withdrawn",
}

AGREEMENTS: dict[str, str] = {
    "DP_AGREEMENT": "Agreement: direct payment",
    "MANAGED_AGREEMENT": "Agreement: direct payment into a managed account",
    "ISF_AGREEMENT": "Agreement: money held by an organisation",
    "NOTIONAL_AGREEMENT": "Agreement: notional budget",
    "WHEELCHAIR_AGREEMENT": "Agreement: wheelchair",
}
LETTERS: dict[str, str] = {
    "OFFER": "Letter: offer of a budget",
    "INDICATIVE_BUDGET": "Letter: indicative budget",
    "PLAN_TO_AGREE": "Letter: plan for agreement",
    "REFUSAL": "Letter: refusal",
    "REFUSAL_DP": "Letter: refusal of a direct payment",
    "OMISSION": "Letter: something is left out of a plan",
    "REDUCTION": "Letter: the money is reduced",
    "APPOINTMENT": "Letter: a representative or nominee is appointed",
    "REFUSAL_APPOINTMENT": "Letter: a representative or nominee is refused",
    "EXCEPTION": "Letter: care from somebody in the household is allowed",
    "REFUSAL_EXCEPTION": "Letter: care from somebody in the household is refused",
    "RECONSIDERATION": "Letter: outcome of a reconsideration",
    "PAYMENT_START": "Letter: payments begin",
    "PAYMENT_CHANGE": "Letter: payments change",
    "RETURN_DUE": "Letter: a return is due",
    "RETURN_OVERDUE": "Letter: a return is overdue",
    "SURPLUS": "Letter: money left over",
    "SUSPENSION": "Letter: payments are suspended",
    "STOP": "Letter: payments stop",
    "REPAYMENT": "Letter: repayment",
    "ESTATE_REPAYMENT": "Letter: repayment out of an estate",
    "NOMINEE_ACCEPTED": "Letter: nominee accepted",
    "NOMINEE_ENDED": "Letter: nominee ended",
    "ISF_INVITATION": "Letter: invitation of an organisation",
    "REVIEW": "Letter: invitation to a review",
    "AGE_16": "Letter: turning 16",
    "AGE_18": "Letter: turning 18",
    "ANNUAL_STATEMENT": "Letter: annual statement",
}
USES: dict[str, str] = {**LETTERS, **AGREEMENTS}
"""What templates are for. A board has one of each in use at most."""

PLACEHOLDERS: dict[str, str] = {
    "person_name": "the person’s name",
    "representative_name": "the name of whoever represents them",
    "nominee_name": "the nominee’s name",
    "organisation_name": "the organisation’s name",
    "board_name": "the board’s name",
    "budget_reference": "the budget’s reference",
    "amount": "an amount of money",
    "weekly_amount": "the amount a week",
    "starts_on": "the first day",
    "ends_on": "the last day",
    "due_on": "the day something is due",
    "today": "the day it is written",
    "reasons": "the reasons of a decision",
    "case_manager_name": "the case manager’s name",
    "addressee_name": "the name of whoever gets the letter",
    "decision": "what is decided, in a sentence",
    "ground": "the ground in the law, where it lists grounds",
    "effective_on": "the day a decision takes effect",
    "care": "what happens to the care",
    "how_to_disagree": "how to ask for a decision to be looked at again",
    "outcome": "what came of a reconsideration, in a sentence",
}


def kind_of(code: str) -> TemplateKind:
    """Whether what a template is for is a letter or an agreement."""
    return TemplateKind.AGREEMENT if code in AGREEMENTS else TemplateKind.LETTER


def placeholders_of(body: str) -> tuple[str, ...]:
    """The names in braces, each once, in their order."""
    return tuple(dict.fromkeys(_BRACES.findall(body)))


def template_problems(body: str, law_as_of: date, today: date) -> list[Problem]:
    """What is wrong with a template: braces that hold no known name, or a day that has not come."""
    problems: list[Problem] = []
    unknown = [name for name in placeholders_of(body) if name not in PLACEHOLDERS]
    if unknown:
        names = listed([f"{{{name}}}" for name in unknown])
        problems.append(Problem(f"Nothing can be filled in for {names}. Use the names in the hint.", "body"))
    if "{" in _BRACES.sub("", body) or "}" in _BRACES.sub("", body):
        problems.append(Problem("A brace stands alone. Put what is filled in between { and }.", "body"))
    if law_as_of > today:
        problems.append(Problem("Enter the day the law was last checked. It cannot be in the future.", "law_as_of"))
    return problems


def filled_in(body: str, values: Mapping[str, str]) -> str:
    """A template with its names filled in. Raises KeyError for a name without a value: a letter never leaves with
    braces in it."""
    return _BRACES.sub(lambda found: values[found[1]], body)
