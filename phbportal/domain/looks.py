"""What somebody looked at, as the person whose record it is reads it in a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.domain.text import listed

RECORD = "your record"
WORDS: dict[str, str] = {
    "person record": RECORD,
    "history": "what has happened to your record",
    "change of details": "your details",
    "sign-in form": "your details",
    "eligibility form": "why you may have a budget",
    "consent form": "your consents",
    "direct payment check": "the check before a direct payment",
    "new budget form": "your budget",
    "budget": "your budget",
    "plan": "your plan",
    "plan words": "your plan",
    "plan section": "your plan",
    "plan sign-off": "your plan",
    "plan approval": "your plan",
    "plan return": "your plan",
    "plan check": "your plan",
    "budget offer form": "the offer of your budget",
    "budget answer form": "the offer of your budget",
    "indicative form": "about how much money there may be",
    "shown form": "about how much money there may be",
    "payee agreement": "the agreement about your money",
    "payee paper form": "the agreement about your money",
    "new outcome": "your plan",
    "new service": "your plan",
    "money": "your money",
    "new stream": "your money",
    "new line": "your money",
    "who pays": "your money",
    "record spending": "your money",
    "phb-entries": "your money",
    "bank details": "your bank details",
    "new bank details": "your bank details",
    "record payment": "your payments",
    "confirm payment": "your payments",
    "cancel payment": "your payments",
    "phb-payments": "your payments",
    "arrangement": "the money an organisation holds for you",
    "document": "a document kept with your budget",
    "change request": "a change that was proposed to your record",
    "review": "a review of your budget",
    "death form": "your details",
    "task": "a task about your record",
    "phb-history": "what has happened to your budget",
    "case manager form": "who looks after your budget",
    "helper": "who helps you",
    "helper form": "who helps you",
    "capacity form": "who can decide for you",
    "assessment of needs": "what you need help with",
    "offer form": "the agreement about your money",
    "paper signature form": "the agreement about your money",
    "documents": "your documents",
    "decision": "a decision about your budget",
    "decision form": "a decision about your budget",
    "letter": "a letter to you",
    "reason": "why you may have a budget",
    "consent": "your consents",
    "assessment": "who can decide for you",
    "offer of a budget": "the offer of your budget",
    "indicative budget": "about how much money there may be",
    **dict.fromkeys(
        (
            "outcome",
            "service",
            "section of a plan",
            "risk",
            "contingency",
            "thing not agreed",
            "planner",
            "comment on a plan",
        ),
        "your plan",
    ),
    **dict.fromkeys(("version of a budget", "line", "stream", "entry", "stream in an uplift"), "your money"),
    "payment": "your payments",
    "account": "your bank details",
    **dict.fromkeys(("agreement", "agreement about money", "offer"), "the agreement about your money"),
    "personal assistant": "who works for you",
    "piece of equipment": "what was bought with your money",
    "question before buying": "what you asked before you bought it",
    **dict.fromkeys(("wheelchair budget", "contribution to a wheelchair"), "your wheelchair"),
    "stay in hospital": "your stay in hospital",
    "ending": "the end of your budget",
}
"""By the name a page gives its looks. A page without words of its own is a part of the record."""

NAMES: dict[str, str] = {
    "phb-payments": "Payments",
    "phb-entries": "Ledger entries",
    "phb-history": "History of the budget",
    "history": "History of the person",
    "helper": "Somebody who helps",
    "helper form": "Form for somebody who helps",
    "break-glass": "Break-glass",
    "new line": "New budget line",
    "line": "Budget line",
    "entry": "Ledger entry",
}
"""What staff call a page, where its own name does not say it."""


def page_name(page: str) -> str:
    """A page by the name its looks are kept under, to those who watch over the looks."""
    said = page.replace("_", " ")
    return NAMES.get(page) or said[:1].upper() + said[1:]


def look_sentence(name: str, role: Role, pages: Iterable[str], *, organisation: str = "", own: bool = True) -> str:
    """Who looked at what, in the order given, each thing once. ``name`` is empty for the portal itself;
    ``organisation`` is whom they work for, where that is not the board; ``own`` is False where somebody reads it who
    represents the person: the same sentence with "their" for "your"."""
    who = f"{name}, {ROLE_WORDS[role]}," if name else "The portal"
    if name and organisation:
        who = f"{name} of {organisation}"
    said = f"{who} looked at {listed(list(dict.fromkeys(_opened(page) for page in pages)))}."
    return said if own else said.replace(" your ", " their ")


def _opened(page: str) -> str:
    """What a page is about, to the person; a form for a thing is about that thing."""
    thing = page.removeprefix("change of ").removeprefix("form about ")
    return WORDS.get(page) or WORDS.get(thing, RECORD)
