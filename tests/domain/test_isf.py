"""Third-party arrangements: the machine of an offer, what answers come to, I10, the conflict of roles, the words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from phbportal.domain.errors import Refusal
from phbportal.domain.isf import (
    IN_SIGHT,
    LINES,
    STEPS,
    AgreementStatus,
    Answer,
    IsfStatus,
    LineAnswer,
    OrganisationFact,
    Party,
    ThirdPartyFact,
    answer_problems,
    check_answerable,
    conflict_problem,
    last_day,
    organisation_problem,
    organisation_warning,
    outcome_verb,
    signer_problem,
    step,
    third_party_payment_problem,
    third_party_start_problem,
)
from phbportal.domain.isf_offer import (
    FeeKind,
    Offer,
    agreement_text,
    amount_words,
    fee_above,
    line_words,
    parse_percent,
    parts_of,
    percent,
)
from phbportal.domain.streams import Frequency
from tests.support.arranging import TERMS, answers

TODAY = date(2026, 4, 15)
OFFER = Offer(
    "Larch Care CIC", "Amina Okafor-Reyes", "NHS Test One ICB", "PHB-2026-000001", 1, "a" * 64, 90_000, 0,
    Frequency.FOUR_WEEKLY, date(2026, 4, 6), TERMS,
)  # fmt: skip
SIGNED = ThirdPartyFact(
    has_organisation=True, latest=IsfStatus.CONFIRMED, agreement=AgreementStatus.IN_FORCE, confirmed=True,
    signed=frozenset(Party),
)  # fmt: skip


def verbs(**changes: Answer) -> str:
    return outcome_verb({line: given.answer for line, given in answers(**changes).items()})


def test_every_step_is_allowed_from_its_own_states_and_refused_from_every_other() -> None:
    for verb, (allowed, after) in STEPS.items():
        for status in IsfStatus:
            if status in allowed:
                assert step(status, verb) is after
            else:
                with pytest.raises(Refusal, match="Reload the page"):
                    step(status, verb)


def test_an_offer_that_ended_leads_nowhere_and_is_out_of_the_organisation_s_sight() -> None:
    ends = {IsfStatus.DECLINED, IsfStatus.EXPIRED, IsfStatus.WITHDRAWN, IsfStatus.REPLACED}
    assert all(not allowed & ends for allowed, _after in STEPS.values())
    assert not ends & set(IN_SIGHT)
    assert IsfStatus.FEE_WAITS not in IN_SIGHT, "a fee that waits for an approver is not yet the organisation's to see"


@pytest.mark.parametrize(
    ("changes", "verb"),
    [
        ({}, "confirm"),
        ({"line7": Answer.QUERIED}, "ask for changes to"),
        ({"line1": Answer.QUERIED}, "ask for changes to"),
        ({"line12": Answer.DECLINED}, "ask for changes to"),
        ({"line1": Answer.DECLINED}, "decline"),
        ({"line1": Answer.DECLINED, "line2": Answer.QUERIED}, "decline"),
    ],
    ids=["all accepted", "a query", "line 1 queried", "another line declined", "line 1 declined", "and a query"],
)
def test_what_twelve_answers_come_to(changes: dict[str, Answer], verb: str) -> None:
    assert verbs(**changes) == verb


def test_all_twelve_lines_are_answered_and_a_query_says_what_it_asks() -> None:
    assert answer_problems(answers()) == []
    assert [p.field for p in answer_problems({})] == [f"a{line}" for line in LINES]
    bare = answers() | {3: LineAnswer(Answer.QUERIED), 4: LineAnswer(Answer.DECLINED, " ")}
    assert [(p.field, p.sentence.split(": ")[1]) for p in answer_problems(bare)] == [
        ("c3", "write what you ask."), ("c4", "write why you decline it."),
    ]  # fmt: skip


def test_an_offer_is_answered_up_to_its_fourteenth_day() -> None:
    last = last_day(date(2026, 4, 1))
    assert last == date(2026, 4, 15)
    check_answerable(IsfStatus.SENT, last, last)
    with pytest.raises(Refusal, match="ran out on 15 April 2026"):
        check_answerable(IsfStatus.SENT, last, date(2026, 4, 16))
    with pytest.raises(Refusal, match="can no longer be answered"):
        check_answerable(IsfStatus.CONFIRMED, last, last)


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (None, "has not been asked yet"),
        (ThirdPartyFact(has_organisation=True), "has not been asked yet"),
        *[
            (ThirdPartyFact(has_organisation=True, latest=status), words)
            for status, words in (
                (IsfStatus.FEE_WAITS, "waits for an approver"), (IsfStatus.SENT, "has not confirmed"),
                (IsfStatus.CONFIRMED_WITH_CHANGES, "asked for changes"), (IsfStatus.DECLINED, "declined"),
                (IsfStatus.EXPIRED, "ran out"), (IsfStatus.WITHDRAWN, "was withdrawn"),
            )
        ],
        (replace(SIGNED, agreement=AgreementStatus.OPEN, signed=frozenset()), "the person, the organisation and the b"),
        (replace(SIGNED, signed=frozenset(Party) - {Party.BOARD}), "signed by the board"),
        (replace(SIGNED, agreement=AgreementStatus.OPEN), "no longer in force"),
        (replace(SIGNED, same_terms=False), "has changed since"),
    ],
)  # fmt: skip
def test_i10_nothing_is_paid_before_the_offer_is_confirmed_and_all_three_have_signed(
    fact: ThirdPartyFact | None, words: str
) -> None:
    found = third_party_payment_problem(fact)
    assert found is not None
    assert words in found.sentence


def test_i10_a_confirmed_and_signed_arrangement_is_paid_even_while_a_later_offer_waits() -> None:
    assert third_party_payment_problem(SIGNED) is None
    assert third_party_payment_problem(replace(SIGNED, latest=IsfStatus.SENT)) is None


def test_a_third_party_stream_starts_with_an_organisation() -> None:
    assert third_party_start_problem(SIGNED) is None
    assert third_party_start_problem(None) is not None


@pytest.mark.parametrize("role", ["BROKER", "ADVOCATE"])
def test_an_organisation_is_not_both_holder_of_the_money_and_independent_adviser(role: str) -> None:
    assert conflict_problem({role, "NOMINEE"}, holds_isf=True) is not None
    assert conflict_problem({role}, holds_isf=False) is None
    assert conflict_problem({"NOMINEE"}, holds_isf=True) is None


def test_a_board_a_council_and_an_organisation_that_ended_hold_nobody_s_money() -> None:
    for kind in ("ICB", "SUB_ICB", "COUNCIL"):
        assert organisation_problem(OrganisationFact(kind), TODAY) is not None
    ended = organisation_problem(OrganisationFact("ULO", valid_to=date(2026, 3, 31)), TODAY)
    assert ended is not None
    assert "31 March 2026" in ended.sentence
    assert organisation_problem(OrganisationFact("ULO"), TODAY) is None


def test_an_organisation_gone_from_the_directory_is_warned_of_and_not_refused() -> None:
    gone = OrganisationFact("CARE_PROVIDER", gone_from_directory_on=date(2026, 4, 1))
    assert "gone from the Care Quality Commission’s directory since 1 April 2026" in organisation_warning(gone, TODAY)
    assert organisation_problem(gone, TODAY) is None
    assert organisation_warning(OrganisationFact("ULO"), TODAY) == ""


def test_who_cannot_agree_alone_has_a_representative_sign() -> None:
    assert signer_problem(is_representative=False, needs_representative=True) is not None
    assert signer_problem(is_representative=True, needs_representative=True) is None
    assert signer_problem(is_representative=False, needs_representative=False) is None


@pytest.mark.parametrize(("typed", "bp"), [("5", 500), ("7.5", 750), ("12.25 %", 1225), ("0", 0), ("99.99", 9999)])
def test_a_percentage_is_read_in_basis_points_and_shown_again(typed: str, bp: int) -> None:
    assert parse_percent(typed) == bp
    assert parse_percent(percent(bp)) == bp


@pytest.mark.parametrize("typed", ["", "100", "-5", "five", "5.123", "5,5"])
def test_what_is_no_percentage_below_a_hundred_is_refused(typed: str) -> None:
    with pytest.raises(Refusal, match="Enter a percentage"):
        parse_percent(typed)


@pytest.mark.parametrize(
    ("kind", "bp", "weekly", "above"),
    [
        (FeeKind.PERCENT, 500, 0, False), (FeeKind.PERCENT, 501, 0, True), (FeeKind.NONE, 9999, 9999, False),
        (FeeKind.FIXED_WEEKLY, 0, 4500, False), (FeeKind.FIXED_WEEKLY, 0, 4501, True),
    ],
)  # fmt: skip
def test_a_fee_is_above_the_usual_by_a_penny(kind: FeeKind, bp: int, weekly: int, above: bool) -> None:
    """5% of £900.00 a week is £45.00."""
    terms = replace(TERMS, fee_kind=kind, fee_bp=bp, fee_weekly_pence=weekly)
    assert fee_above(terms, 90_000, 5) is above


def test_the_amount_is_said_for_the_payment_period_and_the_week() -> None:
    assert amount_words(90_000, Frequency.FOUR_WEEKLY) == "£3,600.00 every 4 weeks (£900.00 a week)"
    assert amount_words(90_000, Frequency.WEEKLY, 5000) == (
        "£900.00 every week, and £50.00 once with the first payment"
    )
    assert amount_words(90_000, Frequency.MONTHLY) == "£900.00 a week, paid every month for its days"


def test_the_agreement_says_every_line_of_the_offer_and_comes_apart_again() -> None:
    text = agreement_text(OFFER, LINES)
    parts = parts_of(text)
    assert len(parts) == len(LINES) + 2
    assert [part.sentences[0] for part in parts[1:-1]] == list(line_words(OFFER).values())
    assert "£3,600.00 every 4 weeks" in text
    assert "5% of the money" in text
    assert agreement_text(replace(OFFER, weekly_pence=90_001), LINES) != text
