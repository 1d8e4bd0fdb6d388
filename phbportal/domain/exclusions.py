"""What the money of a personal health budget cannot buy: the one list of it (SI 2013/1617; domain.md §1.8).

``code`` is what a refused item is recorded under. ``words`` follow "You cannot spend it on"; ``easy`` is the same in
as few words as can be. A board may add rules of its own (L01 and on), each with the policy it stands in.

What somebody writes is looked at for words that name such a thing. A word can be wrong (a gel with alcohol in it is
not a drink), so nothing is forbidden by it: what is found needs a reason, and an approver who agrees.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One thing the money cannot buy. ``looks_like`` are beginnings of words that name it; ``unless`` is the exception
    the rules themselves know, "" for none; ``theirs`` the words about another's money, where "your" would be wrong."""

    code: str
    words: str
    easy: str
    looks_like: tuple[str, ...] = ()
    unless: str = ""
    theirs: str = ""

    @property
    def for_others(self) -> str:
        """``words`` as somebody reads them who looks after the money of another."""
        return self.theirs or self.words


EXCLUSIONS: tuple[Exclusion, ...] = (
    Exclusion("X01", "alcohol", "Alcohol",
              ("alcohol", "beer", "wine", "lager", "cider", "whisky", "vodka", "off licence", "off-licence")),
    Exclusion("X02", "cigarettes, vapes or anything else with tobacco or nicotine", "Cigarettes and vapes",
              ("cigar", "tobacco", "vape", "vaping", "nicotine", "e-cig")),
    Exclusion("X03", "gambling", "Gambling, like betting or lottery tickets",
              ("gambl", "betting", "lottery", "casino", "bingo", "scratchcard", "scratch card")),
    Exclusion("X04", "paying back a debt, unless it is for a service in your plan", "Paying back money you owe",
              ("debt", "loan repay", "repay a loan", "credit card", "arrears"),
              "the debt is for a service that is in the plan",
              "paying back a debt, unless it is for a service in the plan"),
    Exclusion("X05", "anything against the law, such as paying somebody less than the minimum wage",
              "Anything against the law", ("cash in hand", "cannabis", "illegal")),
    Exclusion("X06", "seeing a GP", "Seeing a GP (a family doctor)",
              ("gp appointment", "gp consultation", "private gp", "seeing a gp", "family doctor")),
    Exclusion("X07", "vaccinations", "Vaccinations (jabs)", ("vaccin", "immunis", "flu jab")),
    Exclusion("X08", "screening, such as breast or bowel screening", "Screening tests",
              ("screening", "mammogram", "smear test")),
    Exclusion("X09", "the weighing and measuring of children at school", "Weighing and measuring children at school",
              ("child measurement",)),
    Exclusion("X10", "an NHS Health Check", "An NHS Health Check", ("health check", "health assessment")),
    Exclusion("X11", "urgent or emergency care, such as an ambulance, A&E or a sudden stay in hospital",
              "Emergency care, like A&E or an ambulance",
              ("ambulance", "a&e", "accident and emergency", "emergency treatment", "urgent care")),
    Exclusion("X12", "an operation", "An operation", ("surgery", "surgical", "operation")),
    Exclusion("X13", "NHS charges, such as prescriptions, dental treatment or eye tests",
              "NHS charges, like prescriptions or the dentist",
              ("prescription charge", "prescription cost", "prescription fee", "dentist", "dental", "eye test",
               "optician")),
    Exclusion("X14", "anything that is not in your plan", "Things that are not in your plan",
              theirs="anything that is not in the plan"),
    Exclusion("X15", "care from your partner or somebody you live with, unless it has been agreed in writing",
              "Paying somebody you live with, unless it is agreed",
              ("paid to my wife", "paid to my husband", "paid to my partner", "wage for my wife",
               "wage for my husband", "wage for my partner"),
              "the board has agreed in writing that it is necessary",
              "care from the person’s partner or somebody who lives with them, unless it has been agreed in writing"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LocalRule:
    """What one board adds: ``code`` from L01, ``looks_like`` as above, and the policy it stands in."""

    code: str
    words: str
    looks_like: tuple[str, ...]
    policy: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A thing that may not be bought, by its code, and the sentence to whoever wrote it."""

    code: str
    sentence: str


def findings(text: str, local: Iterable[LocalRule] = ()) -> tuple[Finding, ...]:
    """What of the two lists a text seems to name, in the order of the lists; each once."""
    plain = " ".join(text.casefold().replace("’", "'").split())
    found = [
        Finding(rule.code, _sentence(rule.words.split(", unless")[0], rule.code, rule.unless))
        for rule in EXCLUSIONS
        if _names(plain, rule.looks_like)
    ]
    for rule in local:
        if _names(plain, rule.looks_like):
            policy = f"{rule.words} ({rule.code}, by the board’s {rule.policy})"
            found.append(Finding(rule.code, f"This looks like {policy}. {_WAY_OUT}"))
    return tuple(found)


_WAY_OUT = "Change it, or say why the money may buy it, so that an approver can agree."


def _sentence(words: str, code: str, unless: str) -> str:
    rule = f", unless {unless}" if unless else ""
    return f"This looks like {words}, which the money cannot buy{rule} ({code}). {_WAY_OUT}"


def _names(plain: str, beginnings: tuple[str, ...]) -> bool:
    return bool(beginnings) and _pattern(beginnings).search(plain) is not None


@cache
def _pattern(beginnings: tuple[str, ...]) -> re.Pattern[str]:
    """Any of these at the beginning of a word; "alcohol-free" is free of it."""
    any_of = "|".join(re.escape(one.strip().casefold()) for one in beginnings if one.strip())
    return re.compile(rf"(?<![a-z0-9-])(?:{any_of})(?!\w*[ -]free\b)") if any_of else re.compile(r"(?!)")


def looks_like_of(typed: str) -> tuple[str, ...]:
    """Words that name a thing, as somebody typed them: one a line, or apart by commas."""
    return tuple(dict.fromkeys(part.strip() for part in re.split(r"[,\n]", typed) if part.strip()))
