"""Letters about decisions: which template each is written from, the portal's own words where a board has none yet,
and where each stands on its way out (domain.md §10.2, invariant I23)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from phbportal.domain.decisions import DecisionKind
from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.templates import filled_in, placeholders_of

OUTCOME_CODE = "RECONSIDERATION"
RAISE_CODE = "PAYMENT_CHANGE"
"""The notice of an uplift: good news needs no reconsideration."""
_STARTS_A_LINK = re.compile(r"\bhttps?://", re.IGNORECASE)
CODES: dict[DecisionKind, str] = {
    DecisionKind.REFUSE_PHB: "REFUSAL",
    DecisionKind.REFUSE_DP: "REFUSAL_DP",
    DecisionKind.OMIT_SERVICE: "OMISSION",
    DecisionKind.REDUCE: "REDUCTION",
    DecisionKind.STOP: "STOP",
    DecisionKind.SUSPEND: "SUSPENSION",
    DecisionKind.APPOINT: "APPOINTMENT",
    DecisionKind.REFUSE_APPOINT: "REFUSAL_APPOINTMENT",
    DecisionKind.ALLOW_EXCEPTION: "EXCEPTION",
    DecisionKind.REFUSE_EXCEPTION: "REFUSAL_EXCEPTION",
}
TITLES: dict[str, str] = {
    "REFUSAL": "About your request for a personal health budget",
    "REFUSAL_DP": "About your request for a direct payment",
    "OMISSION": "Something is left out of the plan",
    "REDUCTION": "The money changes",
    "STOP": "The money stops",
    "SUSPENSION": "The money is on hold",
    "APPOINTMENT": "Who can act",
    "REFUSAL_APPOINTMENT": "Who cannot act",
    "EXCEPTION": "Care from somebody in the household",
    "REFUSAL_EXCEPTION": "Care from somebody in the household",
    OUTCOME_CODE: "We looked at our decision again",
    RAISE_CODE: "The money goes up",
}
_HEAD = "Dear {addressee_name}\n\nThis letter is about the personal health budget of {person_name}, {budget_reference}."
_FOOT = "If something in this letter is not clear, ask {case_manager_name} or the team.\n\n{board_name}"
# The day it is written on stands above every letter, so it is not among the words.
_AGAINST = (
    f"{_HEAD}\n\n{{decision}}\n\n{{ground}}\n\nOur reasons: {{reasons}}\n\n{{care}}\n\n{{how_to_disagree}}\n\n{_FOOT}"
)
_FOR = f"{_HEAD}\n\n{{decision}}\n\nOur reasons: {{reasons}}\n\n{_FOOT}"
_OUTCOME = (
    f"{_HEAD}\n\n{{outcome}}\n\nThis was the decision: {{decision}}\n\nOur reasons: {{reasons}}\n\n"
    "If you are not happy with how we dealt with this, you can complain to us. If you are not happy with the answer "
    f"to a complaint, you can go to the Parliamentary and Health Service Ombudsman.\n\n{_FOOT}"
)
_RAISE = (
    f"{_HEAD}\n\nThe money goes up. From {{starts_on}} it is {{weekly_amount}} a week, in place of {{amount}} a week."
    "\n\n"
    "Why: {reasons}\n\nYou do not have to do anything. If money has been paid already for days from then on, the next "
    f"payment makes up the difference.\n\n{_FOOT}"
)
OWN_WORDS: dict[str, str] = {
    **{code: _FOR if code in ("APPOINTMENT", "EXCEPTION") else _AGAINST for code in TITLES},
    OUTCOME_CODE: _OUTCOME,
    RAISE_CODE: _RAISE,
}
"""What the portal writes where a board has no template of its own in use."""
OWN_LAW_AS_OF = date(2026, 4, 1)


class LetterStatus(StrEnum):
    WAITING = "WAITING"
    TO_POST = "TO_POST"
    POSTED = "POSTED"
    SENT = "SENT"


LETTER_STATUS_WORDS: dict[LetterStatus, str] = {
    LetterStatus.WAITING: "On its way out",
    LetterStatus.TO_POST: "To print and post",
    LetterStatus.POSTED: "Printed and posted",
    LetterStatus.SENT: "Sent",
}


class By(StrEnum):
    """How somebody has chosen to get letters. ``EMAIL``: the letter itself; ``EMAIL_NOTE``: only that one waits."""

    POST = "POST"
    EMAIL = "EMAIL"
    EMAIL_NOTE = "EMAIL_NOTE"


BY_WORDS: dict[By, str] = {
    By.POST: "By post",
    By.EMAIL: "By e-mail, the whole letter",
    By.EMAIL_NOTE: "By e-mail, only that a letter waits in the portal",
}


class OutboxStatus(StrEnum):
    WAITING = "WAITING"
    SENDING = "SENDING"
    DONE = "DONE"


class Way(StrEnum):
    """How a letter leaves: printed here, or by GOV.UK Notify."""

    PRINT = "PRINT"
    NOTIFY = "NOTIFY"


def by_of(kept: str | None) -> By:
    """How a row says that letters go; the post where it says nothing."""
    return By(kept) if kept else By.POST


def by_said(answer: str) -> By | None:
    """What somebody chose, as a code or in its words; the post where they were not asked, None for anything else."""
    known = {"": By.POST, **{code.value: code for code in By}, **{words: code for code, words in BY_WORDS.items()}}
    return known.get(answer)


def email_problem(by: By, email: str) -> Problem | None:
    """An e-mail wants an address."""
    if by is not By.POST and not email:
        return Problem("Enter the e-mail address that letters go to, or choose the post.", "email")
    return None


def email_words(by: By, board: str, paragraphs: Sequence[str]) -> str:
    """What an e-mail says: the letter's own paragraphs, or that one waits. Nothing in it can be followed: nobody should
    get used to links in messages about their money."""
    if by is By.EMAIL_NOTE:
        return (
            f"A letter from {board} waits for you in the portal. Sign in as you always do to read it.\n\n"
            "We never put links in our messages."
        )
    return "\n\n".join(_STARTS_A_LINK.sub("", paragraph) for paragraph in paragraphs)


def body_problem(code: str, body: str) -> Problem | None:
    """Why no letter of this kind may be written from these words: it must say the reasons, and how to disagree; that
    the money goes up, how much it is from when."""
    said = placeholders_of(body)
    needed = ["reasons"]
    if code == RAISE_CODE:
        needed += ["weekly_amount", "starts_on"]
    else:
        needed += ["outcome"] if code == OUTCOME_CODE else ["decision"]
    needed += ["how_to_disagree"] if "how_to_disagree" in OWN_WORDS[code] else []
    missing = [name for name in needed if name not in said]
    if missing:
        names = ", ".join(f"{{{name}}}" for name in missing)
        return Problem(f"The board’s template for this letter does not say {names}. It must be changed first.")
    return None


def written(code: str, body: str, values: Mapping[str, str]) -> str:
    """The words of a letter. Paragraphs that came out empty are left out; refuses words that fill in what is not
    known here."""
    try:
        whole = filled_in(body, values)
    except KeyError as missing:
        raise Refusal(
            f"The board’s template for this letter asks for {{{missing.args[0]}}}, which is not known for it. "
            "It must be changed first."
        ) from None
    return "\n\n".join(part.strip() for part in whole.split("\n\n") if part.strip())


def paragraphs_of(body: str) -> list[str]:
    """The paragraphs of a letter, each on one line."""
    return [" ".join(part.split()) for part in body.split("\n\n") if part.strip()]
