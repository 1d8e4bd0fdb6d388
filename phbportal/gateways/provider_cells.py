"""The cells of the CQC's care directory, each by itself: ids, lists, telephone numbers, websites, regions, ratings.

Each reader returns what is stored and raises Refusal for what cannot be.
"""

from __future__ import annotations

import re

from phbportal.domain import identifiers
from phbportal.domain.errors import Refusal
from phbportal.domain.regulated_care import CQC_NAMES
from phbportal.domain.text import listed

REGULATED_ACTIVITIES = frozenset(CQC_NAMES.values())
"""Schedule 1 to the Health and Social Care Act 2008 (Regulated Activities) Regulations 2014, in the CQC's words."""

REGIONS = {
    "East": "East of England",
    "Yorkshire & Humberside": "Yorkshire and The Humber",
    "Yorkshire and Humberside": "Yorkshire and The Humber",
} | {
    name: name
    for name in (
        "East Midlands",
        "East of England",
        "London",
        "North East",
        "North West",
        "South East",
        "South West",
        "West Midlands",
        "Yorkshire and The Humber",
    )
}
"""The CQC's words for a region → the name of the Office for National Statistics."""

_REGIONS_FOLDED = {name.casefold(): region for name, region in REGIONS.items()}

RATINGS = ("Outstanding", "Good", "Requires improvement", "Inadequate")
_RATINGS_FOLDED = {rating.casefold(): rating for rating in RATINGS}
CQC_ID = re.compile(r"1-\d{6,12}", re.ASCII)
_WEBSITE = re.compile(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]+)?(?=[/?#]|$)", re.IGNORECASE)
_UNRATED = {"no published rating", "inspected but not rated", "insufficient evidence to rate", "not rated"}


def registration_id(value: str, *, field: str | None = None) -> str:
    """A provider's or location's id in the directory: the CQC's own, or (NHS bodies) the ODS code. Refuses others."""
    if CQC_ID.fullmatch(value):
        return value
    if value.lstrip().startswith("1-"):
        return identifiers.cqc_id(value, field=field)
    code = value.strip().upper()
    if not re.fullmatch(r"(?=[0-9]*[A-Z])[A-Z0-9]{3,6}", code):
        raise Refusal(
            "Enter the CQC number, which begins with 1 and a hyphen, such as 1-101608238, or an NHS body’s ODS code.",
            field=field,
        )
    return code


def items(value: str) -> tuple[str, ...]:
    """What stands between bars, once each, in the file's order."""
    return tuple(dict.fromkeys(filter(None, (item.strip() for item in value.split("|")))))


def telephone(value: str) -> str:
    """A number as E.164, the 0 it lost put back."""
    try:
        return identifiers.telephone(value)
    except Refusal as refusal:
        raise Refusal("This is not a telephone number that can be called.") from refusal


def website(value: str) -> str:
    """An address a browser may be sent to; what was typed behind it is left out, a missing http:// put back."""
    first = value.split()[0]
    address = first if "://" in first else f"http://{first}"
    if not _WEBSITE.match(address):
        raise Refusal("This is not the address of a website.")
    return address


def region(value: str) -> str:
    """The name the Office for National Statistics has for the CQC's region."""
    known = _REGIONS_FOLDED.get(value.casefold())
    if known is None:
        raise Refusal("We know no region of that name.")
    return known


def rating(value: str) -> str | None:
    """One of ``RATINGS``, or None for what the CQC has looked at and not rated."""
    if value.casefold() in _UNRATED:
        return None
    known = _RATINGS_FOLDED.get(value.casefold())
    if known is None:
        raise Refusal(f"A rating is one of {listed(RATINGS)}.")
    return known
