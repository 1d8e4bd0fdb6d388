"""Numbers and codes the field runs on: read leniently, kept in one form, shown in one form.

Rules: domain.md §7.1 to §7.3; board codes: decisions.md §10. Every reader returns the form that is stored and
refuses beside ``field``. No refusal repeats what was typed, nor carries the library error that may: it may be
personal, and refusals may be logged.
"""

from __future__ import annotations

import re

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from stdnum.exceptions import ValidationError
from stdnum.gb import nhs

from phbportal.domain.errors import Refusal
from phbportal.domain.text import legible


def _tidy(text: str) -> str:
    """Capitals, plain hyphens, no spaces, no spreadsheet apostrophe in front.

    Text with letters outside ASCII keeps its case: the capital of "ß" is two letters and would pass for others.
    """
    plain = legible(text).replace(" ", "").removeprefix("'")
    return plain.upper() if plain.isascii() else plain


def _digits(text: str) -> str:
    """A number as text: no spaces or hyphens, and no ".0" where a spreadsheet took it for a quantity."""
    return re.sub(r"\.0+$", "", _tidy(text).replace("-", ""))


def _matching(pattern: str, tidied: str, sentence: str, field: str | None) -> str:
    if not re.fullmatch(pattern, tidied, re.ASCII):
        raise Refusal(sentence, field=field)
    return tidied


def nhs_number(text: str, *, field: str | None = None) -> str:
    """Ten digits that pass the modulus 11 check and are not all the same (I01); spaces and hyphens are forgiven."""
    found = _digits(text)
    sentence = "Enter the 10 digits of the NHS number, such as 999 000 0018."
    if re.fullmatch(r"\d{9}", found, re.ASCII):
        sentence += " This has 9: a spreadsheet may have dropped a 0 at the front, or one was left out."
    digits = _matching(r"\d{10}", found, sentence, field)
    if len(set(digits)) == 1:
        raise Refusal("An NHS number is never one digit 10 times. Check it against a letter from the NHS.", field=field)
    try:
        return nhs.validate(digits)
    except ValidationError:
        raise Refusal(
            "This is not a real NHS number: its last digit does not fit the others. "
            "Check each digit against a letter from the NHS.",
            field=field,
        ) from None


def show_nhs_number(digits: str) -> str:
    """Show "9990000018" as "999 000 0018"."""
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


def ods_code(text: str, *, field: str | None = None) -> str:
    """An organisation's ODS code: 3 to 10 letters and digits."""
    return _matching(
        r"[A-Z0-9]{3,10}", _tidy(text), "Enter an ODS code of 3 to 10 letters and numbers, such as RX4.", field
    )


def icb_code(text: str, *, field: str | None = None) -> str:
    """A board's ODS code: three characters from Q, or (since 2026) five characters."""
    return _matching(
        r"Q[A-Z0-9]{2}|[A-Z0-9]{5}",
        _tidy(text),
        "Enter the code of an integrated care board: 3 characters that begin with Q, such as QYG, "
        "or 5 characters, such as S1Y5D.",
        field,
    )


def cqc_id(text: str, *, field: str | None = None) -> str:
    """A CQC provider or location id."""
    return _matching(
        r"1-\d{6,12}",
        _tidy(text),
        "Enter a CQC number that begins with 1 and a hyphen, such as 1-101608238.",
        field,
    )


def postcode(text: str, *, field: str | None = None) -> str:
    """A postcode in capitals with one space before the last three; ZZ99 codes (no fixed abode) are postcodes."""
    tidied = _tidy(text)
    return _matching(
        r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}",
        f"{tidied[:-3]} {tidied[-3:]}",
        "Enter a full UK postcode, such as L8 7SS.",
        field,
    )


def sort_code(text: str, *, field: str | None = None) -> str:
    """Six digits. A lost first 0 is not put back: a wrong guess would send money to another bank."""
    return _matching(
        r"\d{6}",
        _digits(text),
        "Enter the 6 digits of the sort code, such as 08-99-99, with any 0 at the front.",
        field,
    )


def show_sort_code(digits: str) -> str:
    """Show "089999" as "08-99-99"."""
    return "-".join((digits[:2], digits[2:4], digits[4:]))


def account_number(text: str, *, field: str | None = None) -> str:
    """Eight digits. A lost first 0 is not put back, for the same reason as in a sort code."""
    return _matching(
        r"\d{8}",
        _digits(text),
        "Enter the 8 digits of the account number. If it has fewer, put 0s in front until there are 8.",
        field,
    )


def last_four(account: str) -> str:
    """All that most people may see of an account number."""
    return account[-4:]


def email(text: str, *, field: str | None = None) -> str:
    """An email address, its domain in small letters. Nothing is looked up."""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        raise Refusal("Enter an email address in full, such as name@example.com.", field=field) from None


# Ofcom keeps these for drama: nobody answers them, so samples and demonstrations need them.
_DRAMA_NUMBERS = re.compile(r"\+44(1632960|7700900)\d{3}")


def telephone(text: str, *, field: str | None = None) -> str:
    """A telephone number as E.164 ("+441632960001"); British unless it begins with +.

    A 0 lost from the front, as spreadsheets lose it, is put back. An extension is refused, for E.164 cannot hold it.
    """
    plain = re.sub(r"\.0+$", "", legible(text).removeprefix("'"))
    if re.search("[A-Za-z#]", plain):
        raise Refusal("Enter the telephone number in digits only, without an extension.", field=field)
    sentence = "Enter a telephone number, such as 01632 960 001 or 07700 900 982."
    try:
        number = phonenumbers.parse(plain, "GB")
    except phonenumbers.NumberParseException:
        raise Refusal(sentence, field=field) from None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if not phonenumbers.is_valid_number(number) and not _DRAMA_NUMBERS.fullmatch(e164):
        raise Refusal(sentence, field=field)
    return e164


def show_telephone(e164: str) -> str:
    """Show "+441632960001" as a British caller dials it, "01632 960001"; a foreign number keeps its country code."""
    try:
        number = phonenumbers.parse(e164, "GB")
    except phonenumbers.NumberParseException:
        return e164
    how = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, how.NATIONAL if number.country_code == 44 else how.INTERNATIONAL)


_PIN_SHAPES = {
    "NMC": (r"\d{2}[A-Z]\d{4}[A-Z]", "Enter an NMC PIN: 2 digits, a letter, 4 digits and a letter, such as 99A1234E."),
    "GMC": (r"\d{7}", "Enter a GMC number of 7 digits, such as 1234567."),
    "HCPC": (r"[A-Z]{2,3}\d{4,6}", "Enter an HCPC number of 2 or 3 letters and up to 6 digits, such as OT12345."),
}
_OTHER_PIN = (r"[A-Z0-9][A-Z0-9/.-]{2,19}", "Enter a registration number of 3 to 20 letters and numbers.")


def registration_pin(body: str, text: str, *, field: str | None = None) -> str:
    """A professional's registration number in a shape its body uses ("NMC", "HCPC", "GMC"; any other is lenient).

    The shape only: whether it is registered, and to whom, is for the body's own register to say.
    """
    pattern, sentence = _PIN_SHAPES.get(body.strip().upper(), _OTHER_PIN)
    return _matching(pattern, _tidy(text), sentence, field)


def format_phb_reference(year: int, number: int) -> str:
    """The reference of a budget, "PHB-2026-000123". Years of 4 digits, numbers of 1 to 6 (ValueError)."""
    if not (1000 <= year <= 9999 and 1 <= number <= 999_999):
        raise ValueError("a reference needs a year of 4 digits and a number from 1 to 999999")
    return f"PHB-{year}-{number:06d}"


def parse_phb_reference(text: str, *, field: str | None = None) -> tuple[int, int]:
    """The year and number of a reference, however spaced or cased; all six digits must be there."""
    bare = _tidy(text).replace("-", "")
    sentence = "Enter a budget reference such as PHB-2026-000123."
    _matching(r"PHB[1-9]\d{3}(?!000000)\d{6}", bare, sentence, field)
    return int(bare[3:7]), int(bare[7:])


def phb_reference(text: str, *, field: str | None = None) -> str:
    """A reference in the form it is stored and shown in, "PHB-2026-000123"."""
    return format_phb_reference(*parse_phb_reference(text, field=field))
