"""Care that only a registered provider may give, and whether a provider is registered for it (domain.md §1.15).

What is looked at is what the portal knows from the Care Quality Commission's directory; nobody else is asked.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from phbportal.domain.errors import Problem
from phbportal.domain.text import long_date


class Activity(StrEnum):
    """A regulated activity, or none. Schedule 1 to SI 2014/2936."""

    NONE = "NONE"
    PERSONAL_CARE = "PERSONAL_CARE"
    NURSING_CARE = "NURSING_CARE"
    CARE_HOME = "CARE_HOME"
    SUBSTANCE_MISUSE = "SUBSTANCE_MISUSE"
    TREATMENT = "TREATMENT"
    DETAINED = "DETAINED"
    SURGERY = "SURGERY"
    DIAGNOSIS = "DIAGNOSIS"
    BLOOD = "BLOOD"
    TRANSPORT = "TRANSPORT"
    MATERNITY = "MATERNITY"
    TERMINATION = "TERMINATION"
    SLIMMING = "SLIMMING"
    FAMILY_PLANNING = "FAMILY_PLANNING"


CQC_NAMES: dict[Activity, str] = {
    Activity.PERSONAL_CARE: "Personal care",
    Activity.NURSING_CARE: "Nursing care",
    Activity.CARE_HOME: "Accommodation for persons who require nursing or personal care",
    Activity.SUBSTANCE_MISUSE: "Accommodation for persons who require treatment for substance misuse",
    Activity.TREATMENT: "Treatment of disease, disorder or injury",
    Activity.DETAINED: "Assessment or medical treatment for persons detained under the 1983 Act",
    Activity.SURGERY: "Surgical procedures",
    Activity.DIAGNOSIS: "Diagnostic and screening procedures",
    Activity.BLOOD: "Management of supply of blood and blood derived products",
    Activity.TRANSPORT: "Transport services, triage and medical advice provided remotely",
    Activity.MATERNITY: "Maternity and midwifery services",
    Activity.TERMINATION: "Termination of pregnancies",
    Activity.SLIMMING: "Services in slimming clinics",
    Activity.FAMILY_PLANNING: "Family planning services",
}
"""What the CQC calls each, in its directory too."""
ACTIVITY_WORDS: dict[Activity, str] = {
    Activity.NONE: "No, none of these",
    Activity.PERSONAL_CARE: "Personal care: help to wash, dress, eat or use the toilet",
    Activity.NURSING_CARE: "Nursing care: care by a nurse, or under one",
    Activity.CARE_HOME: "A place to stay with nursing or personal care",
    Activity.SUBSTANCE_MISUSE: "A place to stay with treatment for drugs or alcohol",
    Activity.TREATMENT: "Treatment by a health professional",
    **{activity: CQC_NAMES[activity] for activity in list(CQC_NAMES)[5:]},
}
"""The choice as whoever writes a plan reads it, the usual ones of a budget first."""


class GivenBy(StrEnum):
    """Who gives care: an organisation, or somebody employed directly by the person or by whoever is paid for them."""

    ORGANISATION = "ORGANISATION"
    EMPLOYED = "EMPLOYED"


GIVEN_BY_WORDS: dict[GivenBy, str] = {
    GivenBy.ORGANISATION: "An organisation",
    GivenBy.EMPLOYED: "Somebody employed by the person, or by whoever is paid for them",
}


class Exemption(StrEnum):
    """Why the law asks for no registration, or why the portal does not know of one."""

    INTRODUCES = "INTRODUCES"
    LOOKED_UP = "LOOKED_UP"
    OTHER = "OTHER"


EXEMPTION_WORDS: dict[Exemption, str] = {
    Exemption.INTRODUCES: "It only introduces carers, and manages no care afterwards",
    Exemption.LOOKED_UP: "It is registered: somebody looked it up on the CQC’s own register",
    Exemption.OTHER: "Another exemption of the law, named in the reason",
}
NOT_SAID = "Nobody has said whether it must be registered."
NOT_FOR_AN_EXEMPTION = (
    "If the law asks for no registration, leave this open, write the name under who provides it, and ask for an "
    "exemption on the page of the service."
)


@dataclass(frozen=True, slots=True)
class ProviderFact:
    """An organisation as the directory knows it. ``activities`` are the regulated ones the CQC named; empty where its
    file named none for anybody."""

    name: str
    cqc_number: str | None
    activities: frozenset[str] = frozenset()
    valid_to: date | None = None
    gone_on: date | None = None
    id: UUID | None = None

    def ended_on(self, today: date) -> date | None:
        """Since when it is not registered any more, as far as is known."""
        if self.valid_to is not None and self.valid_to < today:
            return self.valid_to
        return self.gone_on if self.gone_on is not None and self.gone_on <= today else None


@dataclass(frozen=True, slots=True)
class CareFact:
    """A service of a plan. ``holder`` is the organisation that holds the money for it, by a third-party budget, and so
    gives or directs what no other is named for; ``exempt_on`` is the day two people agreed on an exemption, and
    ``exempt_for`` the organisation that gave it then."""

    description: str
    activity: Activity | None
    given_by: GivenBy | None = None
    provider: ProviderFact | None = None
    holder: ProviderFact | None = None
    exempt_on: date | None = None
    exempt_for: UUID | None = None


def regulated_of(items: Collection[str]) -> frozenset[str]:
    """Which of the words kept with an organisation are regulated activities."""
    return frozenset(CQC_NAMES.values()) & frozenset(items)


def provider_problem(activity: Activity, provider: ProviderFact, today: date, *, field: str = "") -> Problem | None:
    """Why an organisation may not give such care: never registered, not any more, or not for this."""
    if activity is Activity.NONE:
        return None
    what, name = CQC_NAMES[activity], provider.name
    if provider.cqc_number is None:
        said = f"{name} has no registration with the Care Quality Commission here, and “{what}” needs one."
    elif (ended := provider.ended_on(today)) is not None:
        said = (
            f"{name} is not registered with the Care Quality Commission any more, as far as we know, since "
            f"{long_date(ended)}. “{what}” needs a registration."
        )
    elif provider.activities and what not in provider.activities:
        said = f"{name} is registered with the Care Quality Commission, but not for “{what}”."
    else:
        return None
    return Problem(said, field or None)


def gives(care: CareFact) -> ProviderFact | None:
    """The organisation that gives or directs care, and so must be registered for it; None where none does, or none is
    known. A third-party budget's holder is the employer of those who are employed with it."""
    if care.given_by is GivenBy.EMPLOYED:
        return care.holder
    return care.provider or care.holder


def is_exempt(care: CareFact, today: date) -> bool:
    """Whether an exemption stands: it was agreed about this provider, and as it was: not before its registration
    ended."""
    if care.exempt_on is None:
        return False
    giver = gives(care)
    if giver is None:
        return True
    ended = giver.ended_on(today)
    return giver.id == care.exempt_for and (ended is None or ended <= care.exempt_on)


def care_problem(care: CareFact, today: date, *, must_be_said: bool = True) -> Problem | None:
    """What is missing, or wrong, about who gives a service: nothing is sent, approved or agreed before it is mended.

    ``must_be_said`` asks what nobody has answered yet: of a plan that is being written, not of one that is in force.
    """
    what = f"“{care.description}”"
    if care.activity is None:
        asked = Problem(f"Say of {what} whether it is care that must be registered.", "services")
        return asked if must_be_said else None
    if care.activity is Activity.NONE or is_exempt(care, today):
        return None
    giver = gives(care)
    if giver is None:
        if care.given_by is GivenBy.EMPLOYED:
            return None  # who works directly for the person need not be registered, nor whoever employs them for them
        if not must_be_said:
            return None
        return Problem(
            f"Nobody is named who gives {what}, which must be registered care. Say which organisation does, or that "
            "somebody is employed for it.",
            "services",
        )
    problem = provider_problem(care.activity, giver, today)
    return Problem(f"About {what}: {problem.sentence}", "services") if problem else None


def care_words(care: CareFact, today: date) -> str:
    """How a service stands, in a few words for its row; "" where nothing is asked of it."""
    if care.activity is None:
        return NOT_SAID
    if care.activity is Activity.NONE:
        return ""
    what = CQC_NAMES[care.activity]
    if is_exempt(care, today):
        return f"{what}. Two people agreed that it needs no registration."
    if care.given_by is GivenBy.EMPLOYED and care.holder is None:
        return f"{what}, by somebody employed directly."
    if problem := care_problem(care, today):
        return problem.sentence.removeprefix(f"About “{care.description}”: ")
    giver = gives(care)
    return f"{what}, by {giver.name}, registered as {giver.cqc_number}." if giver else f"{what}."


def nominee_warning(organisation: str) -> str:
    """What is said where an organisation is the nominee and employs assistants: it may not be exempt (§1.15)."""
    return (
        f"{organisation} is an organisation, and employs personal assistants as the nominee. It may have to be "
        "registered with the Care Quality Commission to do so. Ask before the money starts."
    )
