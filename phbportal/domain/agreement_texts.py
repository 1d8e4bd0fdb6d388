"""The portal's own words of agreements that are not about a direct payment, for boards without a template: a managed
account, a notional budget, a wheelchair (domain.md §2.3, §2.4, §3.4).

Each is as it is signed: a heading line begins with "# ", every other line is a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from phbportal.domain.isf_offer import amount_words
from phbportal.domain.money import pounds
from phbportal.domain.payee_agreement import LAW_AS_OF, Terms
from phbportal.domain.text import long_date, plural
from phbportal.domain.wheelchairs import (
    COVER_WORDS,
    OWNED_BY_THE_NHS,
    Cover,
    WheelchairOffer,
    wheelchair_budget,
    working,
)

MANAGED_VERSION, NOTIONAL_VERSION, WHEELCHAIR_VERSION = "Managed account 1", "Notional 1", "Wheelchair 1"
Parts = Sequence[tuple[str, Sequence[str]]]

DISAGREE = (
    "If you disagree",
    (
        "The person can ask the board to look at a decision again, and can complain. After that there is the "
        "Parliamentary and Health Service Ombudsman.",
    ),
)


def _written(parts: Parts, version: str, last: str) -> str:
    agree = ("What all agree", (last, f"This agreement follows the law as it stood on {long_date(LAW_AS_OF)} (wording "
                                f"{version})."))  # fmt: skip
    return "\n".join(line for heading, said in (*parts, DISAGREE, agree) for line in (f"# {heading}", *said))


def _amount(t: Terms) -> str:
    return amount_words(t.weekly_pence, t.frequency, t.one_off_pence, t.monthly)


def managed_text(t: Terms, organisation: str) -> str:
    """A managed account: whose instructions count, what the organisation keeps and shows, and how it ends."""
    payee = t.payee
    parts: Parts = [
        ("Who this agreement is between", (
            f"{t.person}, whose money it is.",
            *((f"{payee}, who is paid in their place.",) if payee != t.person else ()),
            f"{organisation}, which keeps the account.", f"{t.board}, which pays into it.",
            f"It is about the personal health budget {t.reference}.",
        )),
        ("The money", (
            f"The board pays {_amount(t)} into the account, in advance, from {long_date(t.starts_on)}.",
            f"It stays {t.person}’s direct payment. {organisation} keeps it apart from its own money and from that of "
            "others.",
        )),
        ("Who decides", (
            f"{organisation} pays only what {payee} tells it to pay, and only for what version {t.plan_version} of the "
            "plan says.",
            f"{organisation} does not employ anybody with this money, and does not choose who gives the care.",
            f"{payee} still answers to the board for what the money is spent on.",
        )),
        ("Records", (
            f"{organisation} keeps where each amount came from and went to, and sends {payee} a statement every 4 "
            "weeks.",
            "The board may see the records when it asks.",
        )),
        ("What it costs", ("The charge for the account is a line of the budget. Nothing else is taken.",)),
        ("Changes and endings", (
            f"Any side can end this agreement with {plural(t.notice_days, 'day')} of notice.",
            f"At the end {organisation} gives a last statement within 28 days and hands over what is left as {payee} "
            "and the board agree.",
        )),
    ]  # fmt: skip
    return _written(parts, MANAGED_VERSION, "Nothing is paid into the account before everybody has signed.")


def notional_text(t: Terms) -> str:
    """A notional budget: the board keeps the money and contracts; the person chooses, and is told what is left."""
    parts: Parts = [
        ("Who this agreement is between", (
            f"{t.person}, whose budget it is.", f"{t.board}, which looks after the money.",
            f"It is about the personal health budget {t.reference}.",
        )),
        ("The money", (
            f"The budget is {_amount(t)}, from {long_date(t.starts_on)}.",
            "The board keeps it, and pays those who give the care. No money is paid to the person, and nobody is "
            "employed with it.",
        )),
        ("What the person decides", (
            f"The person chooses, with the board, who gives the care that version {t.plan_version} of the plan says.",
            "They can ask for another way to hold the money, or for a mix of ways, at any time.",
        )),
        ("What the board does", (
            "The board agrees the care with providers, sees that they are registered, and tells the person what was "
            "paid and what is left.",
            "The board names a care co-ordinator and reviews plan and budget with the person: first within 3 months, "
            "then at least once a year.",
        )),
        ("Tell the board", ("Tell the board of a stay in hospital, a change of health, or care that does not come.",)),
        ("Changes and endings", (
            f"The board gives {plural(t.notice_days, 'day')} of notice, and its reasons in writing, before it reduces "
            "or stops the budget.",
        )),
    ]  # fmt: skip
    return _written(parts, NOTIONAL_VERSION, "The care of the plan does not wait for the signatures.")


@dataclass(frozen=True, slots=True)
class WheelchairTerms:
    """What an agreement says of one wheelchair. ``adds`` are who adds to it and how much, in pence."""

    offer: WheelchairOffer
    chair: str
    covers: Cover
    supplier: str
    term_years: int
    adds: tuple[tuple[str, int], ...] = ()
    issued_on: date | None = None


def wheelchair_text(t: Terms, w: WheelchairTerms) -> str:
    """A wheelchair: what is paid and by whom, whose the chair is, who sees to it, and how long it is meant to last."""
    found, nhs = wheelchair_budget(w.offer), w.offer.way in OWNED_BY_THE_NHS
    owner = (
        ("The chair belongs to the NHS. It is given back when it is not needed any more.",
         "The NHS repairs and maintains it."
         + (" Repairs to what was added are paid for by the person." if w.offer.extras_pence else ""))
        if nhs
        else ("The chair belongs to the person.",
              f"The budget pays for: {COVER_WORDS[w.covers].lower()}. The person sees to the upkeep of the chair and "
              "keeps it safe and insured.")
    )  # fmt: skip
    parts: Parts = [
        ("Who this agreement is between", (
            f"{t.person}, whose chair it is for.", f"{t.board}, which pays for it.",
            f"It is about the personal wheelchair budget {t.reference}.",
        )),
        ("The chair", (f"{w.chair.rstrip('.')}.", *((f"It comes from {w.supplier}.",) if w.supplier else ()))),
        ("What is paid", (
            *working(w.offer),
            *(f"{name} pays {pounds(pence)} of it." for name, pence in w.adds),
            *(("Nobody else pays anything.",) if not found.person_pays_pence else ()),
        )),
        ("Whose it is, and who looks after it", owner),
        ("How long it lasts", (
            f"The budget is meant to last {plural(w.term_years, 'year')} from the day the chair is handed over.",
            "If the person’s needs change before, they are assessed again and need not wait.",
        )),
        ("Tell the wheelchair service", (
            "Tell the service at once if the chair is not safe, does not fit any more, is lost or is broken.",
        )),
    ]  # fmt: skip
    return _written(parts, WHEELCHAIR_VERSION, "The chair is paid for when everybody has signed.")
