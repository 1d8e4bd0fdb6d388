"""A clinician's registration with their professional body: recorded and checked by an administrator, never typed anew.

No outside register is called: whoever records it looks it up on the body's own public page (``REGISTERS``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from phbportal.domain.errors import Problem
from phbportal.domain.plans import BODY_WORDS, RegistrationBody
from phbportal.domain.text import long_date

WARN_DAYS = 30
"""How long before a registration ends an administrator is asked to check it again."""
LONGEST_YEARS = 3
"""No body registers anybody for longer before they renew (NMC: a year's fee, three years' revalidation)."""

REGISTERS: dict[RegistrationBody, str] = {
    RegistrationBody.NMC: "https://www.nmc.org.uk/registration/search-the-register/",
    RegistrationBody.GMC: "https://www.gmc-uk.org/registration-and-licensing/our-registers",
    RegistrationBody.HCPC: "https://www.hcpc-uk.org/check-the-register/",
    RegistrationBody.SWE: "https://www.socialworkengland.org.uk/registration/search-the-register/",
}
"""Where everybody may look a registration up."""


@dataclass(frozen=True, slots=True)
class RegistrationFact:
    """What a board has recorded of one registration; ``ends_on`` is its last day."""

    body: RegistrationBody
    number: str
    ends_on: date


def sign_off_problem(
    found: Sequence[RegistrationFact], body: RegistrationBody, number: str, today: date
) -> Problem | None:
    """Why a clinician's signature does not count today: nothing recorded with that body, another number, or a lapse."""
    words = BODY_WORDS[body]
    theirs = [one for one in found if one.body is body]
    if not theirs:
        return Problem(
            f"Your registration with the {words} is not recorded here, so you cannot sign a plan off. "
            "Ask an administrator of your board to check and record it.",
            "body",
        )
    same = [one for one in theirs if one.number == number]
    if not same:
        return Problem("This is not the registration number your board has recorded for you. Check it.", "pin")
    latest = max(one.ends_on for one in same)
    if latest < today:
        return Problem(
            f"Your registration with the {words} is recorded here only to {long_date(latest)}, so you cannot sign a "
            "plan off. Ask an administrator of your board to check it again.",
            "pin",
        )
    return None


def finding_problem(found: Sequence[RegistrationFact], today: date) -> Problem | None:
    """Why what a clinician finds of somebody else's competence does not count today: only a registered professional
    hands a health task on (domain.md §1.15)."""
    if any(one.ends_on >= today for one in found):
        return None
    return Problem(
        "Only a registered professional can find this, and no registration of yours is recorded here for today. Ask an "
        "administrator of your board to check and record it."
    )


def registration_problems(*, checked_on: date, ends_on: date, today: date) -> list[Problem]:
    """What is wrong with a registration's dates, each beside its field."""
    problems: list[Problem] = []
    if checked_on > today:
        problems.append(Problem("The day you looked it up cannot be in the future.", "checked_on"))
    if ends_on < checked_on:
        problems.append(Problem("The registration had ended before you looked it up, so it cannot be used.", "ends_on"))
    elif ends_on.year > checked_on.year + LONGEST_YEARS:
        problems.append(Problem("No registration runs that long. Check the year.", "ends_on"))
    return problems
