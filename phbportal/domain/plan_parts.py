"""What a plan holds besides its outcomes and services: short sections, risks, what happens if, what was not agreed.

The contents are the union of regulation 8 of SI 2013/1617, the five criteria of a personalised care and support plan
and the headings of the national record standard that matter for a budget (domain.md §3.3, §1.7, §7.6). Every section
has one name for staff and one, in the first person, for the holder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from phbportal.domain.eligibility import Cohort
from phbportal.domain.errors import Problem, Refusal

LONGEST_SECTION = 8_000
MUST_BE_ACCEPTED = 15
"""From this score on somebody must have accepted a risk before a clinician signs the plan off (domain.md §9.4)."""


class Section(StrEnum):
    NEEDS = "NEEDS"
    HEALTH = "HEALTH"
    COMMUNICATION = "COMMUNICATION"
    CAPACITY = "CAPACITY"
    MONEY = "MONEY"
    CO_ORDINATOR = "CO_ORDINATOR"
    MONITORING = "MONITORING"
    STAFF = "STAFF"
    EDUCATION = "EDUCATION"
    REVIEW = "REVIEW"
    NOTICE = "NOTICE"


SECTION_WORDS: dict[Section, str] = {
    Section.NEEDS: "Needs",
    Section.HEALTH: "Health conditions",
    Section.COMMUNICATION: "Communication and accessibility",
    Section.CAPACITY: "Capacity and consent",
    Section.MONEY: "Who manages the money, and how",
    Section.CO_ORDINATOR: "Care co-ordinator",
    Section.MONITORING: "Who watches over the health condition",
    Section.STAFF: "Staff plan",
    Section.EDUCATION: "Education outcomes (EHC plan)",
    Section.REVIEW: "Review",
    Section.NOTICE: "Notice",
}

SECTION_HINTS: dict[Section, str] = {
    Section.NEEDS: "The health needs this budget meets, one a line.",
    Section.HEALTH: "Only what is needed to understand the plan. The health record holds the rest.",
    Section.COMMUNICATION: "How to talk and write to the person, and what must be accessible to them.",
    Section.CAPACITY: "Which decisions the person makes, who makes the others, and what was consented to.",
    Section.MONEY: "Who holds the money, who decides what is paid, and who keeps the records.",
    Section.CO_ORDINATOR: "The one person at the board who answers for this plan: name, telephone, e-mail.",
    Section.MONITORING: "The named professional who watches over the health condition, and how often.",
    Section.STAFF: "Who works when, what they are trained for, which health tasks they do, and who supervises them.",
    Section.EDUCATION: "The outcomes of the education, health and care plan that this budget serves.",
    Section.REVIEW: "When and how this is looked at again, and who comes.",
    Section.NOTICE: "How much notice is given before the budget is reduced or stopped.",
}

HOLDER_WORDS: dict[Section, str] = {
    Section.NEEDS: "What I need help with",
    Section.HEALTH: "My health",
    Section.COMMUNICATION: "How to talk to me",
    Section.CAPACITY: "What I decide, and who helps me decide",
    Section.MONEY: "Who looks after the money",
    Section.CO_ORDINATOR: "The person who looks after my plan",
    Section.MONITORING: "Who keeps an eye on my health",
    Section.STAFF: "The people who work with me",
    Section.EDUCATION: "School and learning",
    Section.REVIEW: "How we look at it again",
    Section.NOTICE: "If my budget changes or stops",
}

HOLDER_HINTS: dict[Section, str] = {
    Section.NEEDS: "What is hard, and what help is needed. One thing a line.",
    Section.HEALTH: "Only what somebody must know to understand the plan.",
    Section.COMMUNICATION: "How to talk and write to me, and what helps me to understand.",
    Section.CAPACITY: "What I decide myself, who decides the rest, and what was agreed to.",
    Section.MONEY: "Who holds the money, who says what is paid, and who keeps the papers.",
    Section.CO_ORDINATOR: "The one person at the NHS to call about this plan: name, telephone, e-mail.",
    Section.MONITORING: "The nurse, doctor or other professional, and how often they look.",
    Section.STAFF: "Who works when, what they are trained to do, and who looks over their work.",
    Section.EDUCATION: "What school or college should lead to, from the education, health and care plan (EHC plan).",
    Section.REVIEW: "When the plan is looked at again, and who comes.",
    Section.NOTICE: "How long before a change I am told.",
}
"""What belongs in a section, to the person or whoever writes the plan for them."""

FOR_CHILDREN = frozenset({Section.EDUCATION})
_WITH_EDUCATION = frozenset({Cohort.CYPCC, Cohort.EHC})
NEEDED: tuple[Section, ...] = (Section.NEEDS, Section.MONEY, Section.CO_ORDINATOR, Section.MONITORING, Section.NOTICE)
"""What regulation 8 asks for in words of its own, before a first payment (domain.md §1.7)."""


def sections_for(cohort: Cohort) -> tuple[Section, ...]:
    """The sections of a plan for somebody of this cohort: education only where there may be an EHC plan."""
    return tuple(one for one in Section if one not in FOR_CHILDREN or cohort in _WITH_EDUCATION)


def unwritten(written: Mapping[Section, str], cohort: Cohort) -> tuple[Section, ...]:
    """The sections of regulation 8 that are still empty, in the order of the page."""
    return tuple(one for one in sections_for(cohort) if one in NEEDED and not written.get(one, "").strip())


class Place(StrEnum):
    """Where in a plan a comment stands: a section, or one of the parts that are no section."""

    WHOLE = "WHOLE"
    ABOUT_ME = "ABOUT_ME"
    WHAT_MATTERS = "WHAT_MATTERS"
    OUTCOMES = "OUTCOMES"
    SERVICES = "SERVICES"
    RISKS = "RISKS"
    CONTINGENCY = "CONTINGENCY"
    OMISSIONS = "OMISSIONS"
    NEEDS = "NEEDS"
    HEALTH = "HEALTH"
    COMMUNICATION = "COMMUNICATION"
    CAPACITY = "CAPACITY"
    MONEY = "MONEY"
    CO_ORDINATOR = "CO_ORDINATOR"
    MONITORING = "MONITORING"
    STAFF = "STAFF"
    EDUCATION = "EDUCATION"
    REVIEW = "REVIEW"
    NOTICE = "NOTICE"


PLACE_WORDS: dict[Place, str] = {
    Place.WHOLE: "The whole plan",
    Place.ABOUT_ME: "About me",
    Place.WHAT_MATTERS: "What matters to me",
    Place.OUTCOMES: "What I want to achieve",
    Place.SERVICES: "My care and support",
    Place.RISKS: "What could go wrong, and how we keep it safe",
    Place.CONTINGENCY: "If something goes wrong",
    Place.OMISSIONS: "What I asked for and did not get",
    **{Place(one.value): words for one, words in HOLDER_WORDS.items()},
}
"""Each place as the holder reads it."""


@dataclass(frozen=True, slots=True)
class RiskFact:
    """A risk as the rules see it: likelihood and impact from 1 to 5, and who accepted it."""

    likelihood: int
    impact: int
    accepted_by: str = ""

    @property
    def score(self) -> int:
        """Likelihood times impact, 1 to 25."""
        return self.likelihood * self.impact


def risk_words(score: int) -> str:
    """A score of 1 to 25 as people say it."""
    if score >= MUST_BE_ACCEPTED:
        return "High"
    return "Medium" if score >= 6 else "Low"


def check_risk(likelihood: int, impact: int) -> None:
    """Refuse what is not on the scale of 1 to 5."""
    problems = [
        Problem("Choose a number from 1 to 5.", name)
        for name, number in (("likelihood", likelihood), ("impact", impact))
        if not 1 <= number <= 5
    ]
    if problems:
        raise Refusal(*problems)


def unaccepted(risks: Iterable[RiskFact]) -> int:
    """How many high risks nobody has accepted (domain.md §9.4: the guard of clinical sign-off)."""
    return sum(1 for risk in risks if risk.score >= MUST_BE_ACCEPTED and not risk.accepted_by.strip())


def risk_problem(risks: Iterable[RiskFact]) -> Problem | None:
    """Why a plan cannot be signed off with its risks as they stand."""
    open_ones = unaccepted(risks)
    if not open_ones:
        return None
    what = "A high risk has" if open_ones == 1 else f"{open_ones} high risks have"
    return Problem(
        f"{what} been accepted by nobody. Lower it with the person, or write who accepted it, and when.", "risks"
    )
