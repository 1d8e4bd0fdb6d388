"""Agreements about how the money is managed: who signs each, and what that about a direct payment says (domain.md §3.4,
§9.4 READY guard). The other kinds' words are in ``agreement_texts``."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from phbportal.domain.agreement_kinds import ABOUT_WORDS, AgreementKind
from phbportal.domain.errors import Problem
from phbportal.domain.isf_offer import amount_words
from phbportal.domain.money_rules import AS_USUAL, MoneyRules, account_sentence, record_sentences
from phbportal.domain.periods import MonthlyPay
from phbportal.domain.streams import Frequency, PayeeKind
from phbportal.domain.text import listed, long_date, plural

TEMPLATE_VERSION = "DP 2"
LAW_AS_OF = date(2026, 4, 1)


class Signer(StrEnum):
    """A party that signs; the person is signed for by a representative who decides for them."""

    PERSON = "PERSON"
    NOMINEE = "NOMINEE"
    ORGANISATION = "ORGANISATION"
    BOARD = "BOARD"


SIGNER_WORDS: dict[Signer, str] = {
    Signer.PERSON: "the person",
    Signer.NOMINEE: "the nominee",
    Signer.ORGANISATION: "the organisation",
    Signer.BOARD: "the board",
}


class AgreementStatus(StrEnum):
    OPEN = "OPEN"
    IN_FORCE = "IN_FORCE"
    REPLACED = "REPLACED"


STATUS_WORDS: dict[AgreementStatus, str] = {
    AgreementStatus.OPEN: "Waiting for signatures",
    AgreementStatus.IN_FORCE: "Signed by everybody",
    AgreementStatus.REPLACED: "Replaced",
}


def signers(payee: PayeeKind, kind: AgreementKind = AgreementKind.DIRECT_PAYMENT) -> tuple[Signer, ...]:
    """Who must sign: a nominee too where the money is paid to one, for they answer for it (reg 6), and the organisation
    that keeps a managed account (reg 10(1A))."""
    paid = kind in (AgreementKind.DIRECT_PAYMENT, AgreementKind.MANAGED)
    nominee = (Signer.NOMINEE,) if paid and payee is PayeeKind.NOMINEE else ()
    keeper = (Signer.ORGANISATION,) if kind is AgreementKind.MANAGED else ()
    return (Signer.PERSON, *nominee, *keeper, Signer.BOARD)


def missing(
    payee: PayeeKind, signed: Collection[Signer], kind: AgreementKind = AgreementKind.DIRECT_PAYMENT
) -> tuple[Signer, ...]:
    """Who has not signed yet, in the order they are named."""
    return tuple(one for one in signers(payee, kind) if one not in signed)


def unsigned_problem(
    payee: PayeeKind, status: AgreementStatus | None, signed: Collection[Signer],
    kind: AgreementKind = AgreementKind.DIRECT_PAYMENT,
) -> Problem | None:  # fmt: skip
    """Nothing is paid before the agreement about it is signed by everybody (domain.md §9.4, refusal 19)."""
    if status is AgreementStatus.IN_FORCE:
        return None
    about = ABOUT_WORDS[kind]
    if status is None:
        return Problem(
            f"There is no agreement about {about} yet. Nothing can be paid before it is signed.", "agreement"
        )
    still = listed([SIGNER_WORDS[one] for one in missing(payee, signed, kind)])
    return Problem(
        f"The agreement about {about} still has to be signed by {still}. Nothing can be paid before that.", "agreement"
    )


@dataclass(frozen=True, slots=True)
class Terms:
    """What an agreement says of one direct payment. Amounts in pence, days of notice and rules as the board has set
    them."""

    person: str
    payee: str
    payee_kind: PayeeKind
    board: str
    reference: str
    plan_version: int
    weekly_pence: int
    one_off_pence: int
    frequency: Frequency
    starts_on: date
    notice_days: int
    surplus_weeks: int
    monthly: MonthlyPay = MonthlyPay.BY_DAYS
    rules: MoneyRules = AS_USUAL


def agreement_text(terms: Terms) -> str:
    """The agreement as it is signed: a heading line begins with "# ", every other line is a sentence."""
    t = terms
    to = "" if t.payee_kind is PayeeKind.HOLDER else f"{t.payee}, who is paid in their place and answers for the money."
    whoever = t.person if t.payee_kind is PayeeKind.HOLDER else t.payee
    parts: list[tuple[str, tuple[str, ...]]] = [
        ("Who this agreement is between", (
            f"{t.person}, whose money it is.", *((to,) if to else ()), f"{t.board}, which pays it.",
            f"It is about the personal health budget {t.reference}.",
        )),
        ("How much, and when", (
            f"The board pays {amount_words(t.weekly_pence, t.frequency, t.one_off_pence, t.monthly)}, in advance, from "
            f"{long_date(t.starts_on)}.",
        )),
        ("The account", (
            "The money is kept in an account of its own, used for nothing else.", account_sentence(t.rules),
        )),
        ("What it may buy", (
            f"The money buys only what version {t.plan_version} of the plan says.",
            "It never buys what the law keeps from a direct payment, such as alcohol, tobacco, gambling or debts.",
        )),
        ("Records", (
            *record_sentences(t.rules, whoever),
            "The board may look at the records, and share them where the law says so, against fraud too.",
        )),
        ("Employing somebody", (
            f"Whoever employs assistants is their employer in law: {whoever} sees to insurance, checks, pay and tax.",
        )),
        ("Money that is left", (
            f"More than {plural(t.surplus_weeks, 'week')} of payments left over, beside what is owed, may be asked "
            "back or set against the next payment.",
        )),
        ("Tell the board", (
            "Tell the board at once of a new address or account, a stay in hospital, a change of health, or a change "
            "of who helps.",
        )),
        ("What the board does", (
            "The board names a care co-ordinator, gives advice and support, and reviews plan and money with the "
            "person: first within 3 months of the first payment, then at least once a year.",
        )),
        ("Changes and endings", (
            f"Any side can end this agreement with {plural(t.notice_days, 'day')} of notice.",
            "The board may stop at once where the money is misused or somebody is not safe.",
            "At the end wages, notice and tax are paid first; what is left goes back to the board.",
        )),
        ("If you disagree", (
            "The person can ask the board to look at a decision again, and can complain. After that there is the "
            "Parliamentary and Health Service Ombudsman.",
        )),
        ("What all agree", (
            "Nothing is paid before everybody has signed.",
            f"This agreement follows the law as it stood on {long_date(LAW_AS_OF)} (wording {TEMPLATE_VERSION}).",
        )),
    ]  # fmt: skip
    return "\n".join(line for heading, said in parts for line in (f"# {heading}", *said))


def from_template(title: str, body: str, version: int, law_as_of: date) -> str:
    """A board's own template, filled in, in the same shape; it says which version it is and the law it follows."""
    paragraphs = [" ".join(part.split()) for part in body.split("\n\n") if part.strip()]
    last = f"This agreement follows the law as it stood on {long_date(law_as_of)} (wording {version})."
    return "\n".join(
        [f"# {title}", *paragraphs, "# What all agree", "Nothing is paid before everybody has signed.", last]
    )
