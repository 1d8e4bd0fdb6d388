"""Who the budgets are for: made-up people, with NHS numbers of the range kept for tests (they begin 999)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from phbportal.domain.eligibility import Cohort
from phbportal.domain.periods import months_after
from phbportal.services.people import PersonEntry

CHILD_MONTHS = 12 * 12 + 5
NEARLY_16_MONTHS = 12 * 16 - 3


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with a budget or on the way to one, and why they may have it."""

    key: str
    cohort: Cohort
    entry: PersonEntry


def _holder(key: str, cohort: Cohort, name: str, born: date, number: str, **more: str) -> Holder:
    given, family = name.split("|")
    return Holder(key, cohort, PersonEntry(given, family, born, nhs_number=number, nhs_number_status="01", **more))


HOLDERS: dict[str, Holder] = {
    one.key: one
    for one in (
        _holder(
            "rosalind", Cohort.CHC, "Rosalind|Achebe", date(1974, 6, 18), "9993100021", known_as="Ros",
            address="1 Example Street, Liverpool", postcode="L2 3SW", telephone="+441632960101",
        ),
        _holder(
            "gareth", Cohort.CHC, "Gareth|Pritchard-Evans", date(1957, 11, 2), "9993100439",
            address="2 Example Street, Chester", postcode="CH1 2HJ", telephone="+441632960102",
            email="gareth.pritchard-evans@example.org", letters_by="EMAIL",
            communication_needs="Hard of hearing: please write, or use a text relay call.",
        ),
        _holder(
            "wilfred", Cohort.CHC, "Wilfred|Oyelaran", date(1939, 1, 27), "9993100846",
            address="3 Example Street, Birkenhead", postcode="CH41 5BR", telephone="+441632960103",
            communication_needs="Large print, 16 point or more.",
        ),
        _holder(
            "mei", Cohort.S117, "Mei-Ling|Chow", date(1996, 3, 9), "9993101257", known_as="Mei",
            address="4 Example Street, St Helens", postcode="WA10 1HP", telephone="+447700900104",
        ),
        _holder(
            "emrys", Cohort.CHC, "Emrys|Vaughan", date(1968, 8, 30), "9993101664",
            address="5 Example Street, Warrington", postcode="WA1 1UH", telephone="+441632960105",
        ),
        _holder(
            "zainab", Cohort.LTC, "Zainab|Siddiqui", date(1985, 12, 5), "9993102075",
            address="6 Example Street, Huyton", postcode="L36 9YU", telephone="+447700900106",
        ),
        _holder(
            "frances", Cohort.CHC, "Frances|O’Dowd", date(1951, 4, 14), "9993102482",
            address="7 Example Street, Southport", postcode="PR8 1DA", telephone="+441632960107",
        ),
        _holder(
            "noah", Cohort.CYPCC, "Noah|Iqbal-Webb", date(2000, 1, 1), "9993103306",
            address="8 Example Street, Runcorn", postcode="WA7 2GX", telephone="+447700900108",
            communication_needs="Noah uses signs and a picture book. Speak to him and to his mother, Sarah Webb.",
        ),
        _holder(
            "dorothy", Cohort.CHC, "Dorothy|Fenwick", date(1946, 10, 21), "9993103713", known_as="Dot",
            address="9 Example Street, Crewe", postcode="CW1 2BJ", telephone="+441632960109",
        ),
        _holder(
            "harpreet", Cohort.CHC, "Harpreet|Sandhu", date(1979, 2, 11), "9993104124",
            address="10 Example Street, Liverpool", postcode="L2 3SW", telephone="+447700900110",
        ),
        _holder(
            "elzbieta", Cohort.S117, "Elżbieta|Nowicka", date(1990, 7, 7), "9993104531", known_as="Ela",
            address="11 Example Street, Bootle", postcode="L20 7AE", telephone="+447700900111",
            communication_needs="First language Polish; reads English well.",
        ),
        _holder(
            "ivor", Cohort.CHC, "Ivor|Powell", date(1949, 5, 23), "9993105767",
            address="13 Example Street, Nantwich", postcode="CW5 5AJ", telephone="+441632960113",
            communication_needs="Ivor had a stroke and finds forms hard. Speak to him, and to his sister Nerys.",
        ),
        _holder(
            "tamsin", Cohort.CYPCC, "Tamsin|Rowe", date(2000, 1, 1), "9993106178",
            address="14 Example Street, Widnes", postcode="WA8 6AA", telephone="+447700900114",
            communication_needs="Speak to Tamsin first. Her father, Joel, helps.",
        ),
        _holder(
            "desmond", Cohort.LD_AUTISM, "Desmond|Clarke", date(1988, 9, 16), "9993104949",
            address="12 Example Street, Manchester", postcode="M2 5DB", telephone="+447700900112",
            communication_needs="Short sentences and pictures.",
        ),
        # At the beginning: one to be offered a budget, one who has been.
        _holder(
            "beryl", Cohort.CHC, "Beryl|Hargreaves", date(1943, 6, 2), "9993107417",
            address="16 Example Street, Liverpool", postcode="L2 3SW", telephone="+441632960116",
        ),
        _holder(
            "idris", Cohort.CHC, "Idris|Morgan", date(1971, 11, 12), "9993107441",
            address="17 Example Street, Chester", postcode="CH1 2HJ", telephone="+447700900117",
        ),
        # Those whose money an organisation holds, or is asked to hold.
        _holder(
            "ruben", Cohort.CHC, "Ruben|Castellano", date(1963, 5, 19), "9993107107",
            address="13 Example Street, Wallasey", postcode="CH44 8ED", telephone="+447700900113",
        ),
        _holder(
            "olive", Cohort.CHC, "Olive|Marchetti", date(1941, 12, 8), "9993107204",
            address="14 Example Street, Liverpool", postcode="L2 3SW", telephone="+441632960114",
        ),
        _holder(
            "priya", Cohort.CHC, "Priya|Nair-Hughes", date(2004, 9, 30), "9993107301",
            address="15 Example Street, Chester", postcode="CH1 2HJ", telephone="+447700900115",
        ),
    )
}  # fmt: skip


def holder(key: str, today: date) -> Holder:
    """Somebody by key. Noah is 12, and Tamsin 16 in three months, whenever the world is begun."""
    found = HOLDERS[key]
    months = {"noah": CHILD_MONTHS, "tamsin": NEARLY_16_MONTHS}.get(key)
    if months is None:
        return found
    return replace(found, entry=replace(found.entry, date_of_birth=months_after(today, -months)))
