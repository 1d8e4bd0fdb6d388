"""People who act for others: the DBS rule, the steps of a part, who may be paid in somebody's place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from phbportal.domain.acting import (
    ACTING_STATUS_WORDS,
    ACTING_WORDS,
    BASIS_WORDS,
    NOMINATED_WORDS,
    ActedFor,
    Acting,
    ActingFact,
    ActingStatus,
    Basis,
    NominatedBy,
    appointment_problems,
    basis_problem,
    dbs_needed,
    payee_role_problem,
    step,
)
from phbportal.domain.capacity import CAPACITY_WORDS, Capacity, lacks_capacity
from phbportal.domain.errors import Refusal
from phbportal.domain.relations import CLOSE_FAMILY, RELATION_WORDS, Relation

TODAY = date(2026, 4, 1)
ADULT = ActedFor(date(1961, 2, 3), False)
NOMINEE = ActingFact(
    Acting.NOMINEE, ActingStatus.ACTIVE, nominated_by=NominatedBy.HOLDER, relation=Relation.SIBLING, agreed_on=TODAY,
    board_agreed_on=TODAY,
)  # fmt: skip


@pytest.mark.parametrize("relation", list(Relation))
def test_i06_a_certificate_is_needed_of_a_nominee_outside_the_close_family(relation: Relation) -> None:
    assert dbs_needed(replace(NOMINEE, relation=relation)) is (relation not in CLOSE_FAMILY)


@pytest.mark.parametrize(
    ("changes", "needed"),
    [
        ({"relation": Relation.NEIGHBOUR}, True),
        ({"relation": Relation.NEIGHBOUR, "lives_in_household": True}, False),
        ({"relation": Relation.FRIEND}, True),
        ({"relation": Relation.FRIEND, "involved_friend": True}, False),
        ({"relation": Relation.ORGANISATION, "lives_in_household": True}, True),
        ({"relation": Relation.OTHER_FAMILY}, True),
    ],
)
def test_a_household_or_an_involved_friend_needs_no_certificate_and_an_organisation_always_does(
    changes: dict[str, object], needed: bool
) -> None:
    assert dbs_needed(replace(NOMINEE, **changes)) is needed  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(("basis", "needed"), [(b, b is Basis.APPOINTED_BY_ICB) for b in Basis])
def test_of_representatives_only_one_the_board_appoints_needs_a_certificate(basis: Basis, needed: bool) -> None:
    fact = ActingFact(Acting.REPRESENTATIVE, ActingStatus.CHECKS, basis, relation=Relation.PROFESSIONAL)
    assert dbs_needed(fact) is needed


def test_a_part_goes_from_proposed_by_checks_to_active_and_its_end_is_the_end() -> None:
    assert step(step(ActingStatus.PROPOSED, "check"), "agree") is ActingStatus.ACTIVE
    assert step(step(ActingStatus.ACTIVE, "suspend"), "agree") is ActingStatus.ACTIVE
    for status, verb in (
        (ActingStatus.PROPOSED, "agree"), (ActingStatus.ACTIVE, "agree"), (ActingStatus.CHECKS, "suspend"),
        *((ActingStatus.ENDED, verb) for verb in ("check", "agree", "suspend", "end")),
    ):  # fmt: skip
        with pytest.raises(Refusal):
            step(status, verb)


@pytest.mark.parametrize(
    ("born", "lacks", "basis", "allowed"),
    [
        (date(2016, 4, 1), False, Basis.PARENT, True),
        (date(2010, 4, 2), False, Basis.PARENT, True),  # 15 on the day
        (date(2010, 4, 1), False, Basis.PARENT, False),  # 16 on the day, and decides
        (date(2010, 4, 1), True, Basis.PARENT, True),
        (date(2008, 4, 1), True, Basis.PARENT, False),  # 18 on the day
        (date(2008, 4, 1), True, Basis.DEPUTY, True),
        (date(2016, 4, 1), False, Basis.EPA, False),
        (date(1961, 2, 3), True, Basis.LPA, True),
        (date(1961, 2, 3), False, Basis.LPA, False),
    ],
)
def test_each_basis_goes_with_its_ages_and_with_capacity(born: date, lacks: bool, basis: Basis, allowed: bool) -> None:
    fact = ActingFact(Acting.REPRESENTATIVE, ActingStatus.PROPOSED, basis)
    assert (basis_problem(fact, ActedFor(born, lacks), TODAY) is None) is allowed


def test_whoever_the_board_appointed_nominates_nobody_and_then_the_board_does() -> None:
    alone = ActedFor(date(1961, 2, 3), True, frozenset({Basis.APPOINTED_BY_ICB}))
    by_them = replace(NOMINEE, nominated_by=NominatedBy.REPRESENTATIVE)
    assert basis_problem(by_them, alone, TODAY) is not None
    assert basis_problem(replace(NOMINEE, nominated_by=NominatedBy.ICB), alone, TODAY) is None


def test_everything_an_appointment_needs_is_said_at_once() -> None:
    bare = replace(NOMINEE, status=ActingStatus.CHECKS, relation=Relation.NEIGHBOUR, agreed_on=None)
    assert [p.field for p in appointment_problems(bare, ADULT, TODAY)] == ["agreed_on", "dbs_on"]
    assert appointment_problems(replace(bare, agreed_on=TODAY, dbs_on=TODAY), ADULT, TODAY) == []


def test_i06_each_reason_not_to_pay_a_nominee_has_words_of_its_own() -> None:
    assert payee_role_problem(NOMINEE, Acting.NOMINEE) is None
    facts = [
        None, replace(NOMINEE, status=ActingStatus.SUSPENDED), replace(NOMINEE, status=ActingStatus.ENDED),
        replace(NOMINEE, agreed_on=None), replace(NOMINEE, relation=Relation.NEIGHBOUR),
        replace(NOMINEE, status=ActingStatus.CHECKS),
    ]  # fmt: skip
    said = {p.sentence for fact in facts if (p := payee_role_problem(fact, Acting.NOMINEE))}
    assert len(said) == len(facts)


def test_capacity_that_comes_and_goes_changes_nothing() -> None:
    assert lacks_capacity([Capacity.LACKS, Capacity.FLUCTUATING], before=False)
    assert not lacks_capacity([Capacity.FLUCTUATING], before=False)
    assert lacks_capacity([], before=True)


def test_every_code_has_words() -> None:
    for words, codes in (
        (ACTING_WORDS, Acting), (ACTING_STATUS_WORDS, ActingStatus), (BASIS_WORDS, Basis),
        (NOMINATED_WORDS, NominatedBy), (RELATION_WORDS, Relation), (CAPACITY_WORDS, Capacity),
    ):  # fmt: skip
        assert words.keys() == set(codes)
