"""The rules of decisions and reconsiderations: notice, grounds, care, terms, days, words; no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.decision_words import (
    Decided,
    care_sentences,
    decision_sentence,
    disagree_paragraphs,
    disagree_sentences,
)
from phbportal.domain.decisions import (
    AGAINST,
    GROUND_WORDS,
    GROUNDS,
    KIND_WORDS,
    MUST_STOP,
    OF_MONEY,
    About,
    DecisionFact,
    DecisionKind,
    DecisionStatus,
    Early,
    Ground,
    StreamAt,
    decision_problems,
    earliest,
    step,
)
from phbportal.domain.eligibility import Right
from phbportal.domain.errors import Refusal
from phbportal.domain.letters import CODES, OUTCOME_CODE, OWN_WORDS, TITLES, body_problem, paragraphs_of, written
from phbportal.domain.payment_calendar import sum_of_rates
from phbportal.domain.periods import MonthlyPay, part_period
from phbportal.domain.phbs import MONEY_AGREED, PhbStatus
from phbportal.domain.reconsiderations import Answer, Outcome, answer_problems, asking_problem, clock_words
from phbportal.domain.reductions import AmountChange, rates
from phbportal.domain.streams import Method, StreamStatus
from phbportal.domain.templates import LETTERS, PLACEHOLDERS, placeholders_of

TODAY = date(2026, 4, 6)
LATER = TODAY + timedelta(days=28)
REASONS = "We looked at everything, and this is why."
PAID = StreamAt("paid", Method.DIRECT_PAYMENT, StreamStatus.ACTIVE, 100_000, TODAY - timedelta(days=90), None)
CARE = StreamAt("care", Method.NOTIONAL, StreamStatus.ACTIVE, 40_000, TODAY, None)
STOP = DecisionFact(
    DecisionKind.STOP, REASONS, Ground.OUTSIDE_PLAN, LATER, 28, no_replacement="Nurses come every day from then on."
)
LIVE = About(PhbStatus.ACTIVE, None, Right.HAVE, PAID)
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
kinds, statuses = st.sampled_from(list(DecisionKind)), st.sampled_from(list(PhbStatus))


def said(fact: DecisionFact, about: About, on: date = TODAY) -> list[str]:
    return [problem.sentence for problem in decision_problems(fact, about, on)]


def test_a_whole_decision_has_no_problem() -> None:
    assert said(STOP, LIVE) == []
    assert said(replace(STOP, no_replacement=""), replace(LIVE, replacement=CARE)) == []


@settings(max_examples=200)
@given(kind=kinds, ground=st.sampled_from([None, *Ground]), early=st.sampled_from([None, *Early]),
       notice=st.integers(7, 112), on=days)  # fmt: skip
def test_notice_is_waited_for_unless_the_law_or_somebody_s_safety_forbids_it(
    kind: DecisionKind, ground: Ground | None, early: Early | None, notice: int, on: date
) -> None:
    first = earliest(kind, ground, early, notice, on)
    waits = kind in OF_MONEY and early is None and ground not in MUST_STOP
    assert first == (on + timedelta(days=notice) if waits else on)


@settings(max_examples=200)
@given(kind=kinds, status=statuses, offset=st.integers(-400, 800), reasons=st.text(max_size=60),
       ground=st.sampled_from([None, *Ground]))  # fmt: skip
def test_whatever_is_prepared_is_refused_in_whole_sentences_or_could_be_issued(
    kind: DecisionKind, status: PhbStatus, offset: int, reasons: str, ground: Ground | None
) -> None:
    fact = DecisionFact(kind, reasons, ground, TODAY + timedelta(days=offset), 28, subject="A thing", has_part=True)
    found = said(fact, replace(LIVE, phb_status=status))
    assert all(one[0].isupper() and one.endswith(".") for one in found)
    if not found:
        assert len(reasons.strip()) >= 20
        assert (status in MONEY_AGREED) if kind in OF_MONEY else True
        assert ground in GROUNDS.get(kind, (None,))


@pytest.mark.parametrize("kind", list(DecisionKind))
def test_every_kind_has_words_a_letter_and_a_ground_where_the_law_lists_them(kind: DecisionKind) -> None:
    assert KIND_WORDS[kind]
    assert CODES[kind] in LETTERS
    assert CODES[kind] in TITLES
    assert (kind in GROUNDS) == (kind.value in {"REFUSE_PHB", "REFUSE_DP", "REDUCE", "STOP", "SUSPEND"})
    assert all(ground in GROUND_WORDS for ground in GROUNDS.get(kind, ()))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": StreamStatus.SUSPENDED}, "on hold itself"),
        ({"starts_on": LATER + timedelta(days=1)}, "after this takes effect"),
        ({"ends_on": LATER - timedelta(days=1)}, "ends before"),
        ({"status": StreamStatus.CLOSED}, "Choose another stream"),
        ({"id": "paid"}, "Choose another stream"),
    ],
)
def test_i25_care_that_does_not_go_on_takes_the_place_of_none(change: dict[str, object], words: str) -> None:
    found = said(replace(STOP, no_replacement=""), replace(LIVE, replacement=replace(CARE, **change)))  # pyright: ignore
    assert len(found) == 1
    assert words in found[0]


def test_nothing_about_the_dead_or_about_what_has_ended() -> None:
    assert "has died" in said(STOP, replace(LIVE, died_on=TODAY))[0]
    assert "has ended" in said(STOP, replace(LIVE, phb_status=PhbStatus.CLOSED))[0]


def test_a_reduction_is_less_and_more_than_nothing() -> None:
    fact = DecisionFact(DecisionKind.REDUCE, REASONS, Ground.STILL_ENOUGH, LATER, 28, weekly_pence=90_000)
    assert said(fact, LIVE) == []
    for wrong in (None, 0, 100_000, 120_000):
        assert len(said(replace(fact, weekly_pence=wrong), LIVE)) == 1
    assert said(fact, replace(LIVE, stream=None)) == ["Choose which stream is reduced."]


def test_every_step_that_does_not_follow_is_refused_with_where_it_stands() -> None:
    verbs = ("approve", "return", "withdraw", "prepare", "take effect", "lift", "change", "reverse")
    pairs = [(status, verb) for status in DecisionStatus for verb in verbs]
    refused = [pair for pair in pairs if _refusal(*pair)]
    assert len(pairs) - len(refused) == 11
    assert all(_refusal(*pair).startswith("You cannot ") for pair in refused)


def _refusal(status: DecisionStatus, verb: str) -> str:
    try:
        step(status, verb)
    except Refusal as refusal:
        return refusal.problems[0].sentence
    return ""


@pytest.mark.parametrize("code", sorted(OWN_WORDS))
def test_the_portal_s_own_words_say_what_the_law_wants_said(code: str) -> None:
    assert body_problem(code, OWN_WORDS[code]) is None
    assert set(placeholders_of(OWN_WORDS[code])) <= set(PLACEHOLDERS)


@pytest.mark.parametrize("code", sorted(OWN_WORDS))
def test_the_day_stands_above_a_letter_and_not_in_its_words_again(code: str) -> None:
    assert "today" not in placeholders_of(OWN_WORDS[code])


def test_a_letter_says_how_to_disagree_one_thing_a_paragraph() -> None:
    said = disagree_sentences(DecisionKind.STOP, 28, own=True)
    parts = disagree_paragraphs(DecisionKind.STOP, 28, own=True)
    assert " ".join(parts) == " ".join(said)
    assert len(parts) == 4
    assert max(len(part) for part in parts) < 200
    assert disagree_paragraphs(DecisionKind.APPOINT, 28, own=True) == []


def test_words_without_reasons_or_how_to_disagree_write_no_letter() -> None:
    assert body_problem("STOP", "{decision} {how_to_disagree}") is not None
    assert body_problem("STOP", "{decision} {reasons}") is not None
    assert body_problem(OUTCOME_CODE, "{reasons}") is not None
    assert body_problem("APPOINTMENT", "{decision} {reasons}") is None


def test_a_letter_never_leaves_with_braces_and_keeps_what_somebody_wrote() -> None:
    with pytest.raises(Refusal, match=r"asks for \{organisation_name\}"):
        written("STOP", "{reasons} {organisation_name}", {"reasons": "x"})
    assert written("STOP", "{reasons}\n\n{ground}\n\nEnd", {"reasons": "a {board_name} b", "ground": ""}) == (
        "a {board_name} b\n\nEnd"
    )
    assert paragraphs_of("one\ntwo\n\n\n\nthree") == ["one two", "three"]


@settings(max_examples=200)
@given(kind=kinds, own=st.booleans(), method=st.sampled_from([None, *Method]))
def test_a_decision_reads_as_sentences_to_the_person_and_to_those_who_act(
    kind: DecisionKind, own: bool, method: Method | None
) -> None:
    found = Decided(kind, LATER, method, "Day trips", 100_000, 90_000, no_replacement="Nurses come")
    told = [decision_sentence(found, "Ada Ash", own=own), *care_sentences(found, "Ada Ash", own=own, today=TODAY)]
    told += disagree_sentences(kind, 28, own=own)
    assert all(one.endswith(".") and not one.endswith("..") for one in told)
    assert told[0].startswith("We have decided ")
    assert bool(disagree_sentences(kind, 28, own=own)) == (kind in AGAINST)
    if not own:
        assert "your " not in " ".join(told[:1])


def test_what_takes_effect_at_once_says_nothing_of_the_days_before() -> None:
    found = Decided(DecisionKind.SUSPEND, TODAY, Method.DIRECT_PAYMENT, no_replacement="Nurses come")
    assert care_sentences(found, "Ada Ash", own=True, today=TODAY) == ["Your care goes on.", "Nurses come."]
    later = care_sentences(replace(found, effective_on=LATER), "Ada Ash", own=True, today=TODAY)
    assert later[-1] == "Nothing changes before 4 May 2026. Until then the money is paid as it is now."


def test_it_is_asked_again_once_at_a_time_and_after_six_months() -> None:
    about = (DecisionKind.STOP, DecisionStatus.ISSUED)
    answered = date(2026, 1, 31)
    assert asking_problem(*about, waits=False, answered_on=None, again_months=6, on=TODAY) is None
    assert asking_problem(*about, waits=True, answered_on=None, again_months=6, on=TODAY) is not None
    assert asking_problem(*about, waits=False, answered_on=answered, again_months=6, on=date(2026, 7, 30)) is not None
    assert asking_problem(*about, waits=False, answered_on=answered, again_months=6, on=date(2026, 7, 31)) is None
    assert asking_problem(*about, waits=False, answered_on=answered, again_months=0, on=answered) is None
    assert asking_problem(DecisionKind.APPOINT, about[1], waits=False, answered_on=None, again_months=6, on=TODAY)


@settings(max_examples=200)
@given(outcome=st.sampled_from(list(Outcome)), kind=kinds, day=st.one_of(st.none(), days),
       weekly=st.one_of(st.none(), st.integers(0, 200_000)),
       status=st.sampled_from([DecisionStatus.ISSUED, DecisionStatus.IN_EFFECT]))  # fmt: skip
def test_only_a_changed_decision_about_money_has_new_terms_and_they_are_kinder(
    outcome: Outcome, kind: DecisionKind, day: date | None, weekly: int | None, status: DecisionStatus
) -> None:
    answer = Answer(outcome, REASONS, day, weekly)
    found = answer_problems(
        answer, kind, status, effective_on=LATER, weekly_before=100_000, weekly_after=90_000, today=TODAY
    )
    assert all(one.sentence.endswith(".") for one in found)
    if not found and (day is not None or weekly is not None):
        assert outcome is Outcome.CHANGED
        assert kind in OF_MONEY
        assert day is None or day > LATER
        assert weekly is None or 90_000 < weekly < 100_000


def test_how_long_an_answer_is_late_is_said_to_the_person() -> None:
    assert clock_words(LATER, TODAY) == "We will answer by 4 May 2026."
    assert clock_words(TODAY, TODAY + timedelta(days=1)).endswith("That is 1 day ago.")


@settings(max_examples=200)
@given(before=st.integers(1, 500_000), after=st.integers(1, 500_000), offset=st.integers(-30, 400),
       length=st.integers(1, 120), in_effect=st.booleans(), ends=st.one_of(st.none(), st.integers(1, 500)))  # fmt: skip
def test_every_day_of_a_stream_has_one_amount_across_a_reduction(
    before: int, after: int, offset: int, length: int, in_effect: bool, ends: int | None
) -> None:
    day = TODAY + timedelta(days=offset)
    last = TODAY + timedelta(days=ends) if ends else None
    changes = [AmountChange(day, before, after, in_effect)]
    found = rates(after if in_effect else before, TODAY, last, changes, monthly=MonthlyPay.BY_DAYS)
    for n in range(0, 450, 7):
        on = TODAY + timedelta(days=n)
        amounts = [rate.weekly_pence for rate in found if rate.days_within(on, on)]
        assert amounts == ([] if last and on > last else [before if on < day else after])
    end = TODAY + timedelta(days=length)
    whole, parts = part_period(found, TODAY, end), sum_of_rates(found, TODAY, end, 0)
    assert whole >= 0
    assert parts.endswith(".")


def test_t19_fourteen_days_of_each_amount_are_4740_pounds() -> None:
    start, end = date(2026, 9, 21), date(2026, 10, 18)
    reduction = AmountChange(date(2026, 10, 5), 125_000, 112_000, in_effect=False)
    found = rates(125_000, date(2026, 4, 13), None, [reduction], monthly=MonthlyPay.BY_DAYS)
    assert part_period(found, start, end) == 474_000
    assert sum_of_rates(found, start, end, 0) == (
        "14 days at £1,250.00 a week and 14 days at £1,120.00 a week is £4,740.00."
    )
