"""Choosing a nominee, and signing for a person: who may, in the words of whoever does it (SI 2013/1617 reg 5, 6)."""

from __future__ import annotations

from datetime import date

from phbportal.domain.acting import MAY_NOMINATE, ActedFor, Basis
from phbportal.domain.errors import Problem
from phbportal.domain.people import ADULT_AGE, age_on, is_child_for_direct_payments


def decides(person: ActedFor, on: date) -> bool:
    """Whether the person decides for themselves: 16 or over, and not found to lack capacity."""
    return not is_child_for_direct_payments(person.date_of_birth, on) and not person.lacks_capacity


def holder_nominates_problem(person: ActedFor, on: date) -> Problem | None:
    """Whether a budget holder may choose a nominee themselves."""
    if is_child_for_direct_payments(person.date_of_birth, on):
        return Problem("You are under 16, so whoever has parental responsibility for you chooses. Talk to your team.")
    if person.lacks_capacity:
        return Problem("Your team’s record says that somebody else decides this for you. Talk to your team.")
    return None


def representative_nominates_problem(basis: Basis | None, person: ActedFor, on: date) -> Problem | None:
    """Whether a representative may choose a nominee for the person: kinds (a) to (d) of domain.md §1.3 may."""
    return represents_problem(basis, person, on) or (
        None
        if basis in MAY_NOMINATE
        else Problem("The board appointed you, so it chooses a nominee where one is needed. Talk to the team.")
    )


def represents_problem(basis: Basis | None, person: ActedFor, on: date) -> Problem | None:
    """Whether a representative still decides and signs for the person: by the person's age, capacity, and the basis."""
    if decides(person, on):
        return Problem("This person is 16 or over and can decide, so only they can do this.")
    if basis is None:
        return Problem("The record does not say why you represent this person. Ask the team to put that right.")
    if basis is Basis.PARENT and age_on(person.date_of_birth, on) >= ADULT_AGE:
        return Problem("Nobody has parental responsibility for an adult, so you cannot do this for them any more.")
    return None
