"""Words and dates: how a date is shown and read, how a name is searched for, how a count reads."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta

from phbportal.domain.errors import Refusal

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""English whatever the machine's locale, which is why ``calendar.month_name`` is not used."""

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100

_MONTH_NUMBERS = {
    name: number for number, month in enumerate(MONTHS, 1) for name in (month.casefold(), month[:3].casefold())
} | {"sept": 9}
_TIME = r"(?:(?:T| - | |, )[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
_SHAPES = tuple(
    re.compile(shape + _TIME, re.IGNORECASE)
    for shape in (
        r"(?P<year>[0-9]{4})(?P<gap>[-/.])(?P<month>[0-9]{1,2})(?P=gap)(?P<day>[0-9]{1,2})",
        r"(?P<day>[0-9]{1,2})(?P<gap>[-/. ])(?P<month>[0-9]{1,2})(?P=gap)(?P<year>[0-9]{4}|[0-9]{2})",
        r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?(?P<gap>[-/. ]?)(?P<month>[a-z]+)[.,]?(?P=gap)(?P<year>[0-9]{4}|[0-9]{2})",
    )
)
_EXCEL_SERIAL = re.compile(r"(?P<days>[1-6][0-9]{4})(?:\.0+)?")
_EXCEL_DAY_NOUGHT = date(1899, 12, 30)  # Excel counts a 29 February 1900 that never was


def long_date(on: date) -> str:
    """Show a date as the NHS and GOV.UK do: "6 April 2026"."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def parse_date(text: str, *, field: str | None = None, excel_serials: bool = False) -> date:
    """Read a date as people, spreadsheets and other systems write it. The day comes before the month.

    "6 April 2026", "6 Apr 2026", "06/04/2026", "2026-04-06", "2026-04-06 00:00:00", "16/11/2015 - 00:00",
    "09/Jan/2018 - 00:00". A time of day is passed over; a time with a zone is refused, for its date may be another.
    With ``excel_serials`` (for imports only) five figures are a spreadsheet's count of days, 1927 to 2091: "46118".
    Refuses, beside ``field``: what cannot be read, days that never were, short years, years outside 1900 to 2100.
    """
    plain = legible(text)
    if not plain:
        raise Refusal("Enter a date, such as 6 April 2026.", field=field)
    serial = _EXCEL_SERIAL.fullmatch(plain) if excel_serials else None
    if serial:
        return _EXCEL_DAY_NOUGHT + timedelta(days=int(serial["days"]))
    found = next(filter(None, (shape.fullmatch(plain) for shape in _SHAPES)), None)
    month = _month_number(found["month"]) if found else None
    if found is None or month is None:
        raise Refusal("Enter a date with a day, a month and a year, such as 6 April 2026 or 06/04/2026.", field=field)
    year, day = int(found["year"]), int(found["day"])
    if len(found["year"]) < 4:
        raise Refusal("Enter the year with all 4 figures, such as 6 April 2026.", field=field)
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise Refusal(f"The year must be between {EARLIEST_YEAR} and {LATEST_YEAR}.", field=field)
    if not 1 <= month <= 12:
        raise Refusal("The month must be between 1 and 12. Enter the day first, such as 06/04/2026.", field=field)
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise Refusal(f"The day must be between 1 and {last} in {MONTHS[month - 1]} {year}.", field=field)
    return date(year, month, day)


def _month_number(word: str) -> int | None:
    return int(word) if word.isdigit() else _MONTH_NUMBERS.get(word.casefold())


_APOSTROPHES = "'`\u2019\u2018\u201b\u02bc\u02bb\u02b9\u2032\u00b4\uff07"  # curly, modifier, prime, acute, full width
_HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"  # hyphens, dashes, minus, full width
_HYPHENS_TO_ONE = str.maketrans(dict.fromkeys(_HYPHENS, "-"))
# Letters that Unicode does not take apart into a base letter and a mark; casefolding has seen to ß and to capitals.
_SEARCH = str.maketrans("łøđðħ\u0131ŧŋ" + _HYPHENS, "loddhitn" + " " * len(_HYPHENS), _APOSTROPHES) | str.maketrans(
    {"æ": "ae", "œ": "oe", "þ": "th"}
)


def search_key(text: str) -> str:
    """The form in which names are stored beside themselves to be searched and sorted, and in which a search is put.

    Case and diacritics go (also ł, ø, ß and their like), apostrophes of any shape go, hyphens become spaces,
    spaces are single: "Siân  O'Brien-Łuksza" gives "sian obrien luksza". Doing it twice changes nothing.
    """
    if text.isascii() and text.isprintable():  # most names: nothing in them to be taken apart
        return " ".join(text.translate(_SEARCH).lower().split())
    # Apostrophes first: Unicode takes the free-standing acute accent apart into a space and a mark.
    spread = unicodedata.normalize("NFKD", text.translate(_SEARCH))
    folded = unicodedata.normalize("NFKD", spread.casefold()).translate(_SEARCH)
    return legible("".join(letter for letter in folded if not unicodedata.combining(letter)))


def legible(text: str) -> str:
    """What was typed or pasted as a reader sees it: single plain spaces, plain hyphens, nothing invisible."""
    if not (text.isascii() and text.isprintable()):
        text = "".join(c for c in text.translate(_HYPHENS_TO_ONE) if not _is_invisible(c))
    return " ".join(text.split())


def _is_invisible(letter: str) -> bool:
    """What no screen shows and some databases refuse: nul, lone surrogates, zero-width joins, variation selectors."""
    if letter.isspace():
        return False
    return unicodedata.category(letter) in {"Cc", "Cf", "Cs"} or "\ufe00" <= letter <= "\ufe0f"


def plural(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun: "1 person", "1,204 people"; ``many`` defaults to ``one`` with an s."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def within(words: str) -> str:
    """A heading as it stands within a sentence: "Budget lines" gives "budget lines"; capitals that belong to a word
    stay ("ISF offers")."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def listed(words: Sequence[str]) -> str:
    """Words as a sentence lists them: "a", "a and b", "a, b and c"; nothing gives ""."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""
