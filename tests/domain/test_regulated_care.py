"""Care that must be registered: who gives it, whether they are, and what the law leaves out (domain.md §1.15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from phbportal.domain.regulated_care import (
    ACTIVITY_WORDS,
    CQC_NAMES,
    NOT_SAID,
    Activity,
    CareFact,
    GivenBy,
    ProviderFact,
    care_problem,
    care_words,
    provider_problem,
    regulated_of,
)

TODAY, DAY = date(2026, 4, 1), timedelta(days=1)
CARE, NONE = Activity.PERSONAL_CARE, Activity.NONE
GOOD = ProviderFact("Larch Care", "1-101608238")
NEVER = replace(GOOD, cqc_number=None)
GONE = replace(GOOD, gone_on=TODAY)
HELP = CareFact("Help to wash", CARE, GivenBy.ORGANISATION, GOOD)


def said(care: CareFact, *, must_be_said: bool = True) -> str:
    problem = care_problem(care, TODAY, must_be_said=must_be_said)
    return problem.sentence if problem else ""


def test_every_activity_has_words_and_all_but_none_the_name_the_directory_gives_it() -> None:
    assert set(ACTIVITY_WORDS) == set(Activity) == set(CQC_NAMES) | {NONE}
    assert regulated_of(["Dementia", "Personal care"]) == {"Personal care"}


@pytest.mark.parametrize(
    ("provider", "words"),
    [
        (GOOD, ""),
        (NEVER, "has no registration with the Care Quality Commission here"),
        (GONE, "not registered with the Care Quality Commission any more, as far as we know, since 1 April 2026"),
        (replace(GOOD, gone_on=TODAY + DAY), ""),
        (replace(GOOD, valid_to=TODAY), ""),
        (replace(GOOD, valid_to=TODAY - DAY), "any more, as far as we know, since 31 March 2026"),
        (replace(GOOD, activities=frozenset({"Personal care"})), ""),
        (replace(GOOD, activities=frozenset({"Nursing care"})), "but not for “Personal care”"),
    ],
    ids=["registered", "never", "gone", "goes tomorrow", "last day", "ended", "for this", "for something else"],
)
def test_a_provider_is_registered_today_and_for_this(provider: ProviderFact, words: str) -> None:
    problem = provider_problem(CARE, provider, TODAY, field="organisation")
    assert (problem is None) is not words
    if problem is not None:
        assert words in problem.sentence
        assert problem.field == "organisation"
    assert provider_problem(NONE, provider, TODAY) is None


@pytest.mark.parametrize(
    ("care", "words"),
    [
        (HELP, ""),
        (replace(HELP, activity=None), "Say of “Help to wash” whether it is care that must be registered."),
        (replace(HELP, activity=NONE, provider=None), ""),
        (replace(HELP, provider=None, given_by=None), "Say which organisation does, or that somebody is employed"),
        (replace(HELP, provider=None), "Nobody is named who gives “Help to wash”"),
        (replace(HELP, provider=GONE), "“Help to wash”: Larch Care is not registered"),
        (CareFact("Help to wash", CARE, GivenBy.EMPLOYED), ""),
        (CareFact("Help to wash", CARE, GivenBy.EMPLOYED, holder=GOOD), ""),
        (CareFact("Help to wash", CARE, GivenBy.EMPLOYED, holder=NEVER), "Larch Care has no registration"),
        (CareFact("Help to wash", CARE, GivenBy.ORGANISATION, holder=NEVER), "Larch Care has no registration"),
        (replace(HELP, holder=NEVER), ""),
    ],
    ids=[
        "registered", "nobody has said", "not regulated", "by nobody", "by an organisation nobody named", "ended",
        "employed directly", "employed by a registered holder", "employed by an unregistered holder",
        "given by an unregistered holder", "given by another than the holder",
    ],
)  # fmt: skip
def test_whoever_gives_or_directs_care_is_registered_and_who_works_directly_need_not_be(
    care: CareFact, words: str
) -> None:
    assert words in said(care)
    assert bool(said(care)) is bool(words)


@pytest.mark.parametrize("care", [replace(HELP, activity=None), replace(HELP, provider=None, given_by=None)])
def test_of_a_plan_in_force_what_was_never_asked_is_not_asked(care: CareFact) -> None:
    assert said(care)
    assert not said(care, must_be_said=False)


def test_an_exemption_counts_until_a_registration_ends_after_it() -> None:
    exempt = replace(HELP, provider=None, exempt_on=TODAY)
    assert not said(exempt)
    assert not said(replace(exempt, provider=NEVER))
    assert not said(replace(exempt, provider=GONE)), "agreed on the day it ended, or after"
    assert said(replace(exempt, provider=GONE, exempt_on=TODAY - DAY))


def test_an_exemption_is_for_who_gave_the_care_when_it_was_agreed() -> None:
    one, other = UUID(int=1), UUID(int=2)
    held = CareFact("Help", CARE, GivenBy.ORGANISATION, holder=replace(NEVER, id=one), exempt_on=TODAY, exempt_for=one)
    assert not said(held)
    assert said(replace(held, holder=replace(NEVER, id=other)))
    assert said(replace(held, exempt_for=None)), "agreed before anybody held the money for it"
    assert not said(replace(held, holder=None))


@pytest.mark.parametrize(
    ("care", "words"),
    [
        (HELP, "Personal care, by Larch Care, registered as 1-101608238."),
        (replace(HELP, activity=None), NOT_SAID),
        (replace(HELP, activity=NONE), ""),
        (CareFact("Help", CARE, GivenBy.EMPLOYED), "Personal care, by somebody employed directly."),
        (replace(HELP, exempt_on=TODAY), "Personal care. Two people agreed that it needs no registration."),
        (replace(HELP, provider=GONE, description="X"), "Larch Care is not registered with the Care Quality"),
    ],
)
def test_a_row_says_how_its_care_stands(care: CareFact, words: str) -> None:
    found = care_words(care, TODAY)
    assert found.startswith(words)
    assert bool(found) is bool(words)
