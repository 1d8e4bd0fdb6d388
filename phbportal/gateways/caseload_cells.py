"""The cells of a caseload row, each by itself: what offices call the columns, and how each is read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache, lru_cache, partial
from typing import Any, TypeVar

from phbportal.domain import identifiers
from phbportal.domain.eligibility import COHORT_WORDS, Cohort
from phbportal.domain.errors import Refusal
from phbportal.domain.imports import PERSON_DECISION_WORDS, Decision
from phbportal.domain.money import parse_pounds
from phbportal.domain.phbs import KIND_WORDS, STATUS_WORDS, PhbKind, PhbStatus
from phbportal.domain.streams import FREQUENCY_WORDS, METHOD_WORDS, PAYEE_WORDS, Frequency, Method, PayeeKind
from phbportal.domain.text import legible, listed, parse_date
from phbportal.gateways.caseload_draft import LABELS, Draft
from phbportal.gateways.provider_cells import registration_id
from phbportal.gateways.tabular import Row, stray_problem

Value = TypeVar("Value")
Code = TypeVar("Code", bound=StrEnum)

SYNONYMS: dict[str, tuple[str, ...]] = {
    "given_name": ("First name", "Forename", "Forenames", "Given names"),
    "family_name": ("Surname", "Last name"),
    "nhs_number": ("NHS No", "NHS num"),
    "nhs_number_status": ("NHS No status", "NHS status", "NHS number status indicator code"),
    "date_of_birth": ("DOB", "D.o.B.", "Birth date", "Born"),
    "postcode": ("Post code",),
    "local_reference": ("Local ref", "Our reference", "Our ref", "Case reference", "Case number"),
    "cohort": ("Eligibility", "Category"),
    "eligible_from": ("Eligibility date", "Eligible since"),
    "phb_reference": ("PHB ref", "PHB number", "Budget reference"),
    "phb_kind": ("PHB type", "Kind", "Budget kind"),
    "phb_status": ("Status", "Budget status"),
    "phb_ended_on": ("PHB end", "PHB end date", "Budget end", "Budget end date", "End date"),
    "phb_started_on": ("PHB start", "PHB start date", "Budget start", "Budget start date"),
    "method": ("PHB method", "Management", "Method of payment"),
    "stream_started_on": ("Stream start", "Stream start date", "Method start date"),
    "frequency": ("Payment frequency", "Paid"),
    "weekly_amount": ("Weekly", "Weekly £", "Weekly amount £", "Weekly budget", "Per week", "£ per week"),
    "one_off_amount": ("One off", "One-off £", "One-off", "One off payment"),
    "balance": ("Bal", "Balance £", "Current balance", "Account balance"),
    "balance_on": ("Balance date", "Date of balance", "Balance as at"),
    "payee_kind": ("Payee type", "Paid to"),
    "payee_name": ("Payee",),
    "payee_email": ("Payee e-mail", "Email of payee"),
    "account_name": ("Name on account", "Name of account"),
    "sort_code": (),
    "account_number": ("Account No", "Acc no", "A/c no", "Bank account number"),
    "provider_cqc_id": ("CQC id", "CQC number", "Provider CQC number"),
    "provider_name": ("Provider",),
    "case_manager_email": ("Case manager", "Case manager e-mail", "Manager email"),
    "first_payment_on": ("First payment", "First payment date", "Date of first payment"),
    "paid_to_on": (
        "Paid up to",
        "Paid until",
        "Paid till",
        "Paid through",
        "Last paid to",
        "Last paid up to",
        "Last paid until",
        "Already paid up to",
        "Already paid until",
        "Last day paid for",
        "Last day already paid",
        "Last day already paid for",
        "Date paid to",
        "Date paid up to",
        "Paid up to and including",
        "Paid to (date)",
        "Payments made up to",
    ),
    "last_review_on": ("Last review", "Last review date", "Date of last review"),
    "next_review_on": ("Next review", "Next review date", "Review due", "Date of next review"),
    "decision": ("Same or another", "Same person or another"),
}
NEEDED = (
    "given_name",
    "family_name",
    "date_of_birth",
    "postcode",
    "cohort",
    "eligible_from",
    "phb_kind",
    "phb_started_on",
    "method",
    "stream_started_on",
    "case_manager_email",
)
_NOTHING = {"-", "–", "—", "n/a", "N/A"}
_LOST = re.compile(r"[?\ufffd](?=\w)|(?<=\w)[?\ufffd]|\ufffd")
_APOSTROPHE = re.compile(r"(?<=\w)['‘`´ʼ′](?=\w)")
_NAME_MARKS = frozenset(" ’'.,-()")
_LONGEST_NAME = 100
_QUOTED = 40


def one_of(words: Mapping[Any, str]) -> str:
    """What to write where there are only so many answers, in the words the office has for them."""
    return f"Enter one of: {'; '.join(words.values())}."


def _code_reader(codes: type[Code], words: Mapping[Code, str], also: Mapping[str, Code]) -> Callable[[str], Code]:
    """Reads a code however spaced and cased, the words the portal shows for it, and what offices call it."""
    known = {_folded(str(code)): code for code in codes} | {_folded(word): code for code, word in words.items()}
    known |= {_folded(word): code for word, code in also.items()}
    sentence = one_of(words)

    def read(value: str) -> Code:
        code = known.get(_folded(value))
        if code is None:
            raise Refusal(f"We do not know “{value[:_QUOTED]}”. {sentence}")
        return code

    return read


@lru_cache(maxsize=1_000)
def _folded(value: str) -> str:
    return re.sub(r"[^a-z0-9]", "", value.casefold())


def _payee_kind(read: Callable[[str], PayeeKind]) -> Callable[[str], PayeeKind]:
    """Says what to do where a column headed "Paid to" holds days and not payees."""

    def kind(value: str) -> PayeeKind:
        try:
            return read(value)
        except Refusal:
            if not _is_day(value):
                raise
        raise Refusal(
            f"“{value[:_QUOTED]}” is a day and not a kind of payee. If this column says to which day you have paid, "
            "head it “Paid up to”."
        )

    return kind


def _is_day(value: str) -> bool:
    try:
        parse_date(value)
    except Refusal:
        return False
    return True


_CODES: dict[str, Callable[[str], StrEnum]] = {
    "cohort": _code_reader(Cohort, COHORT_WORDS, {"Fast track": Cohort.CHC_FAST_TRACK, "Section 117": Cohort.S117}),
    "phb_kind": _code_reader(PhbKind, KIND_WORDS, {}),
    "phb_status": _code_reader(
        PhbStatus, STATUS_WORDS, {"On hold": PhbStatus.SUSPENDED, "Ended": PhbStatus.CLOSED, "Live": PhbStatus.ACTIVE}
    ),
    "method": _code_reader(
        Method,
        METHOD_WORDS,
        {"DP": Method.DIRECT_PAYMENT, "ISF": Method.THIRD_PARTY, "Third-party budget": Method.THIRD_PARTY},
    ),
    "payee_kind": _payee_kind(_code_reader(PayeeKind, PAYEE_WORDS, {})),
    "frequency": _code_reader(Frequency, FREQUENCY_WORDS, {"4-weekly": Frequency.FOUR_WEEKLY}),
    "decision": _code_reader(Decision, PERSON_DECISION_WORDS, {}),
}


def code_of(column: str, value: str) -> StrEnum:
    """The code a cell of one of the columns with a fixed set of answers means. Raises Refusal."""
    return _CODES[column](value)


_PLAIN_DATES = ("date_of_birth", "eligible_from")
_IF_MISSING = {
    "postcode": " Enter it; for somebody of no fixed abode enter ZZ99 3VZ.",
    **{column: f" {one_of(words)}" for column, words in (("cohort", COHORT_WORDS), ("method", METHOD_WORDS))},
}


class CellReader:
    """Reads the cells of one file, each by itself. What many rows repeat is read once."""

    def __init__(self) -> None:
        day, email = cache(partial(parse_date, excel_serials=True)), cache(identifiers.email)
        self._texts: dict[str, Callable[[str], str]] = {
            "given_name": _person_name,
            "family_name": _person_name,
            "nhs_number": identifiers.nhs_number,
            "nhs_number_status": cache(_nhs_number_status),
            "postcode": cache(identifiers.postcode),
            "local_reference": _local_reference,
            "phb_reference": identifiers.phb_reference,
            "payee_name": _payee_name,
            "payee_email": email,
            "account_name": _typographic,
            "sort_code": cache(identifiers.sort_code),
            "account_number": identifiers.account_number,
            "provider_cqc_id": cache(registration_id),
            "provider_name": _payee_name,
            "case_manager_email": email,
        }
        self._dates = {column: day for column in LABELS if column.endswith("_on") or column in _PLAIN_DATES}
        amount = cache(parse_pounds)
        self._pence: dict[str, Callable[[str], int]] = {
            "weekly_amount": amount,
            "one_off_amount": amount,
            "balance": partial(parse_pounds, allow_negative=True),
        }

    def read(self, row: Row) -> Draft:
        """The row's values by column, and a problem for every cell that could not be read."""
        draft = Draft(row.number)
        if stray := stray_problem(row):
            draft.shifted = True
            draft.refuse("", stray.reason)
            return draft
        cells = {column: value for column, value in row.cells.items() if value and value not in _NOTHING}
        _fill(draft, cells, self._texts, draft.text)
        _fill(draft, cells, self._dates, draft.dates)
        _fill(draft, cells, self._pence, draft.pence)
        codes: dict[str, StrEnum] = {}
        _fill(draft, cells, _CODES, codes)
        for column, code in codes.items():
            setattr(draft, column, code)
        if draft.phb_status:
            draft.text["phb_status"] = STATUS_WORDS[draft.phb_status]  # what rows are compared by
        for column in NEEDED:
            if column not in cells:
                draft.refuse(column, f"The {LABELS[column]} is missing.{_IF_MISSING.get(column, ' Enter it.')}")
        if (name := draft.text.get("account_name")) and (lost := _lost_letter(name)):
            draft.note("account_name", f"{lost} It was kept as it stands: correct it before the account is approved.")
        return draft


def _fill(
    draft: Draft, cells: Mapping[str, str], parsers: Mapping[str, Callable[[str], Value]], into: dict[str, Value]
) -> None:
    for column, parse in parsers.items():
        value = cells.get(column)
        if value is None:
            continue
        try:
            into[column] = parse(value)
        except Refusal as refusal:
            draft.refuse(column, " ".join(problem.sentence for problem in refusal.problems))


def _nhs_number_status(value: str) -> str:
    status = value.zfill(2)
    if status not in {f"0{n}" for n in range(1, 9)}:
        raise Refusal("Enter the NHS number status as a code from 01 to 08, such as 01 for verified.")
    return status


def _local_reference(value: str) -> str:
    if len(value) > _QUOTED:
        raise Refusal(f"Enter a local reference of {_QUOTED} letters and digits or fewer.")
    return value


def _typographic(value: str) -> str:
    """A name with single spaces, plain hyphens and the curly apostrophe, so that O'Brien and O’Brien are one."""
    composed = value if value.isascii() else unicodedata.normalize("NFC", legible(value))
    return _APOSTROPHE.sub("’", composed)


def _payee_name(value: str) -> str:
    """The name of a person or organisation, refused where a letter was lost."""
    name = _typographic(value)
    if lost := _lost_letter(name):
        raise Refusal(f"{lost} Write the name in full.")
    if len(name) > _LONGEST_NAME:
        raise Refusal(f"The name is longer than {_LONGEST_NAME} letters. Check that it is one name.")
    return name


def _person_name(value: str) -> str:
    """The name of a person: letters of any language, with hyphens, apostrophes, full stops and brackets."""
    name = _payee_name(value)
    strange = [c for c in dict.fromkeys(name) if not (c.isalpha() or c in _NAME_MARKS or _is_mark(c))]
    if strange:
        raise Refusal(
            f"“{name}” has {listed(strange)} in it, which is no part of a name. Write the name in full, "
            "and save the file as CSV UTF-8 so that accents stay."
        )
    if not any(c.isalpha() for c in name):
        raise Refusal("Enter the name in letters.")
    return name


def _is_mark(letter: str) -> bool:
    return "\u0300" <= letter <= "\u036f"


def _lost_letter(name: str) -> str | None:
    """A sentence saying which letter an older encoding turned into a question mark, if one did."""
    found = _LOST.search(name)
    if found is None:
        return None
    start = name.rfind(" ", 0, found.start()) + 1
    word = name[start:].split(" ")[0][:_QUOTED]
    return f"Letter {found.start() - start + 1} of “{word}” was lost when the file was saved (not as CSV UTF-8)."
