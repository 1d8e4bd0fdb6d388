"""Cohorts and rights (domain.md §1.2, §9.1), and the rules that hang on them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from phbportal.domain.errors import Refusal
from phbportal.domain.people import birthday


class Cohort(StrEnum):
    CHC = "CHC"
    CHC_FAST_TRACK = "CHC_FAST_TRACK"
    CYPCC = "CYPCC"
    S117 = "S117"
    JOINT_FUNDED = "JOINT_FUNDED"
    WHEELCHAIR = "WHEELCHAIR"
    EHC = "EHC"
    LD_AUTISM = "LD_AUTISM"
    MENTAL_HEALTH = "MENTAL_HEALTH"
    LTC = "LTC"
    DISCHARGE = "DISCHARGE"
    OTHER = "OTHER"


COHORT_WORDS: dict[Cohort, str] = {
    Cohort.CHC: "NHS continuing healthcare",
    Cohort.CHC_FAST_TRACK: "NHS continuing healthcare, fast track",
    Cohort.CYPCC: "Children and young people’s continuing care",
    Cohort.S117: "Section 117 aftercare",
    Cohort.JOINT_FUNDED: "Joint funded with the council",
    Cohort.WHEELCHAIR: "Personal wheelchair budget",
    Cohort.EHC: "Education, health and care plan",
    Cohort.LD_AUTISM: "Learning disability or autism",
    Cohort.MENTAL_HEALTH: "Mental health",
    Cohort.LTC: "Long-term condition",
    Cohort.DISCHARGE: "Leaving hospital",
    Cohort.OTHER: "Other",
}


class Right(StrEnum):
    HAVE = "HAVE"
    ASK = "ASK"


RIGHT_WORDS: dict[Right, str] = {Right.HAVE: "Right to have a budget", Right.ASK: "Right to ask for a budget"}

_HAVE = frozenset({Cohort.CHC, Cohort.CHC_FAST_TRACK, Cohort.CYPCC, Cohort.S117, Cohort.WHEELCHAIR})


def right_of(cohort: Cohort) -> Right:
    """The right a cohort brings: to have a budget, or to ask for one (domain.md §1.2)."""
    return Right.HAVE if cohort in _HAVE else Right.ASK


def check_cohort_for_age(cohort: Cohort, date_of_birth: date, on: date) -> None:
    """Children's continuing care is for people aged 17 or under (SI 2012/2996 reg 32A; invariant I28)."""
    if cohort is Cohort.CYPCC and on >= birthday(date_of_birth, 18):
        raise Refusal(
            "Children and young people’s continuing care ends at 18. Choose the adult eligibility.", field="cohort"
        )
    if cohort in (Cohort.CHC, Cohort.CHC_FAST_TRACK) and on < birthday(date_of_birth, 18):
        raise Refusal(
            "NHS continuing healthcare starts at 18. Choose children and young people’s continuing care.",
            field="cohort",
        )
