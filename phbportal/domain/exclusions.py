"""What the money of a personal health budget cannot buy: the one list of it (SI 2013/1617; domain.md §1.8).

``code`` is what a refused item is recorded under. ``words`` follow "You cannot spend it on"; ``easy`` is the same in
as few words as can be.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One thing the money cannot buy."""

    code: str
    words: str
    easy: str


EXCLUSIONS: tuple[Exclusion, ...] = (
    Exclusion("X01", "alcohol", "Alcohol"),
    Exclusion("X02", "cigarettes, vapes or anything else with tobacco or nicotine", "Cigarettes and vapes"),
    Exclusion("X03", "gambling", "Gambling, like betting or lottery tickets"),
    Exclusion("X04", "paying back a debt, unless it is for a service in your plan", "Paying back money you owe"),
    Exclusion("X05", "anything against the law, such as paying somebody less than the minimum wage",
              "Anything against the law"),
    Exclusion("X06", "seeing a GP", "Seeing a GP (a family doctor)"),
    Exclusion("X07", "vaccinations", "Vaccinations (jabs)"),
    Exclusion("X08", "screening, such as breast or bowel screening", "Screening tests"),
    Exclusion("X09", "the weighing and measuring of children at school", "Weighing and measuring children at school"),
    Exclusion("X10", "an NHS Health Check", "An NHS Health Check"),
    Exclusion("X11", "urgent or emergency care, such as an ambulance, A&E or a sudden stay in hospital",
              "Emergency care, like A&E or an ambulance"),
    Exclusion("X12", "an operation", "An operation"),
    Exclusion("X13", "NHS charges, such as prescriptions, dental treatment or eye tests",
              "NHS charges, like prescriptions or the dentist"),
    Exclusion("X14", "anything that is not in your plan", "Things that are not in your plan"),
    Exclusion("X15", "care from your partner or somebody you live with, unless it has been agreed in writing",
              "Paying somebody you live with, unless it is agreed"),
)  # fmt: skip
