"""Who chooses a nominee and who signs for a person: by age, capacity and basis, in the words of whoever asks."""

from __future__ import annotations

from datetime import date

import pytest

from phbportal.domain.acting import ActedFor, Acting, ActingFact, ActingStatus, Basis, NominatedBy, appointment_problems
from phbportal.domain.acting_words import LONGEST_SIGNS_AS, SIGNS_AS, signs_for
from phbportal.domain.looks import look_sentence
from phbportal.domain.nominations import (
    holder_nominates_problem,
    representative_nominates_problem,
    represents_problem,
)
from phbportal.domain.relations import Relation
from phbportal.domain.roles import Role

ON = date(2026, 4, 20)
CHILD, SIXTEEN, EIGHTEEN = date(2010, 4, 21), date(2010, 4, 20), date(2008, 4, 20)


def words(problem: object) -> str:
    return getattr(problem, "sentence", "")


@pytest.mark.parametrize(
    ("born", "lacks", "refused"),
    [(CHILD, False, "under 16"), (SIXTEEN, False, ""), (SIXTEEN, True, "somebody else decides"), (EIGHTEEN, False, "")],
)
def test_a_holder_chooses_from_their_16th_birthday_with_capacity(born: date, lacks: bool, refused: str) -> None:
    said = words(holder_nominates_problem(ActedFor(born, lacks), ON))
    assert (refused in said) if refused else said == ""


@pytest.mark.parametrize("basis", list(Basis))
@pytest.mark.parametrize(("born", "lacks"), [(CHILD, False), (SIXTEEN, True), (EIGHTEEN, True), (EIGHTEEN, False)])
def test_a_representative_signs_while_the_person_cannot_and_the_basis_holds(
    basis: Basis, born: date, lacks: bool
) -> None:
    said = words(represents_problem(basis, ActedFor(born, lacks), ON))
    if born == EIGHTEEN and not lacks:
        assert "can decide, so only they" in said
    elif born == EIGHTEEN and basis is Basis.PARENT:
        assert "parental responsibility for an adult" in said
    else:
        assert said == ""


@pytest.mark.parametrize("basis", list(Basis))
def test_all_kinds_but_one_the_board_appointed_choose_a_nominee(basis: Basis) -> None:
    said = words(representative_nominates_problem(basis, ActedFor(CHILD, False), ON))
    assert ("The board appointed you" in said) == (basis is Basis.APPOINTED_BY_ICB)


@pytest.mark.parametrize(
    ("nominator", "count"),
    [(None, 0), (ActingStatus.ACTIVE, 0), (ActingStatus.SUSPENDED, 1), (ActingStatus.ENDED, 1)],
)
def test_the_board_agrees_a_nominee_only_while_the_representative_who_nominated_them_acts(
    nominator: ActingStatus | None, count: int
) -> None:
    person = ActedFor(CHILD, False, frozenset({Basis.PARENT}))
    fact = ActingFact(
        Acting.NOMINEE, ActingStatus.CHECKS, nominated_by=NominatedBy.REPRESENTATIVE, relation=Relation.SIBLING,
        agreed_on=ON, nominator=nominator,
    )  # fmt: skip
    assert len(appointment_problems(fact, person, ON)) == count


@pytest.mark.parametrize("basis", list(Basis))
def test_a_signature_says_for_whom_and_why_and_fits_where_it_is_kept(basis: Basis) -> None:
    assert signs_for("Nia Young", basis) == f"for Nia Young, {SIGNS_AS[basis]}"
    long = signs_for("N" * 100 + " Young", basis)
    assert len(long) <= LONGEST_SIGNS_AS
    assert long == f"for the person, {SIGNS_AS[basis]}"


def test_a_representative_reads_the_holders_sentence_in_the_third_person() -> None:
    pages = ["plan", "bank details", "plan"]
    own = look_sentence("Marta", Role.CASE_MANAGER, pages)
    assert own == "Marta, case manager, looked at your plan and your bank details."
    assert look_sentence("Marta", Role.CASE_MANAGER, pages, own=False) == own.replace("your", "their")
