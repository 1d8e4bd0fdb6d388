"""Somebody of the same name and birth date: nothing is guessed, and what a person decides is done and told."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from phbportal.domain.imports import Decision
from phbportal.gateways.caseload_file import Caseload
from phbportal.services import caseload_import, people
from phbportal.services.bringing_in import Decided
from phbportal.services.caseload_import import bring_in_caseload
from phbportal.services.import_report import FileRefused, ImportReport
from phbportal.services.users import board_by_code
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from tests.gateways.caseload_rows import NOTIONAL, caseload
from tests.services.import_world import bring_in, import_world, outcome, rows_of
from tests.support.world import World

CM = {"case_manager_email": "cm@example.org"}
TWIN = CM | NOTIONAL | {"nhs_number": "9990000026", "local_reference": "CM-2", "cohort": "WHEELCHAIR"}
WITHOUT = TWIN | {"nhs_number": "", "nhs_number_status": "03"}


@pytest.fixture
def world(engine: Engine) -> World:
    found = import_world(engine)
    assert bring_in(found, caseload(CM)).created == 1
    return found


def said(
    world: World, file: Caseload, decided: dict[int, tuple[str, Decision]], *, dry_run: bool = False
) -> ImportReport:
    """A file brought in with what was decided on the screen."""
    try:
        with world.unit(world.cm, writes=not dry_run) as uow:
            board = board_by_code(uow, "QT1")
            return bring_in_caseload(uow, file, board, world.approver, dry_run=dry_run, said=Decided(decided))
    except FileRefused as refused:
        return refused.report


def doubts(report: ImportReport) -> dict[int, str]:
    return {one.number: one.doubt for one in report.came if one.doubt}


def numbers(world: World) -> list[str | None]:
    return [person.nhs_number for person in rows_of(world, Person)]


def test_it_is_asked_once_a_person_and_refused_until_it_is_decided(world: World) -> None:
    second = TWIN | {"cohort": "S117"}
    report = said(world, caseload(TWIN, second), {}, dry_run=True)
    assert {problem.row for problem in report.refused} == {2, 3}
    (person,) = rows_of(world, Person)
    assert doubts(report) == {2: str(person.id)}
    assert said(world, caseload(TWIN, second), {}).created == 0
    assert numbers(world) == ["9990000018"]


@pytest.mark.parametrize("twin", [TWIN, WITHOUT], ids=["another number", "no number"])
def test_another_person_is_added_and_known_the_next_time(world: World, twin: dict[str, str]) -> None:
    (person,) = rows_of(world, Person)
    report = said(world, caseload(twin), {2: (str(person.id), Decision.ANOTHER)})
    assert outcome(report) == (1, 0, 0, 0)
    assert "another person" in report.came[0].reason
    assert len(numbers(world)) == 2
    assert outcome(said(world, caseload(twin), {})) == (0, 0, 1, 0), "known by its number or reference from now on"


@pytest.mark.parametrize("twin", [TWIN, WITHOUT], ids=["another number", "no number"])
def test_the_same_person_has_another_budget_and_keeps_the_number(world: World, twin: dict[str, str]) -> None:
    (person,) = rows_of(world, Person)
    report = said(world, caseload(twin), {2: (str(person.id), Decision.SAME)})
    assert outcome(report) == (1, 0, 0, 0)
    assert ("keeps the NHS number" in report.came[0].reason) is (twin is TWIN)
    (same,) = rows_of(world, Person)
    assert (same.id, same.nhs_number, same.nhs_number_status) == (person.id, "9990000018", "01")
    assert {phb.person_id for phb in rows_of(world, Phb)} == {person.id}
    assert len(rows_of(world, Phb)) == 2


def test_somebody_without_a_number_gets_it_from_the_file_when_they_are_the_same(world: World) -> None:
    entry = people.PersonEntry("Bo", "Lind", date(1970, 1, 2), None, "07", local_reference="X-1", postcode="L8 7SS")
    bo = world.do(world.cm, lambda uow: people.add_person(uow, entry))
    row = TWIN | {"given_name": "Bo", "family_name": "Lind", "date_of_birth": "1970-01-02", "local_reference": ""}
    about = doubts(said(world, caseload(row), {}, dry_run=True))
    assert about == {2: str(bo)}
    report = said(world, caseload(row), {2: (about[2], Decision.SAME)})
    assert "written in the portal by hand" in report.refused[0].reason, "a file does not overwrite what a person wrote"


def test_a_column_of_the_file_decides_as_well_and_then_nothing_is_asked(world: World) -> None:
    another = said(world, caseload(TWIN | {"decision": "Another person"}), {}, dry_run=True)
    assert (outcome(another), doubts(another)) == ((1, 0, 0, 0), {})
    same = said(world, caseload(TWIN | {"decision": "same"}), {}, dry_run=True)
    assert (outcome(same), doubts(same)) == ((1, 0, 0, 0), {})
    strange = said(world, caseload(TWIN | {"decision": "perhaps"}), {}, dry_run=True)
    assert "We do not know “perhaps”" in strange.refused[0].reason
    both = caseload(TWIN | {"decision": "same"}, TWIN | {"cohort": "S117", "decision": "another"})
    assert "both “same” and “another”" in said(world, both, {}, dry_run=True).refused[0].reason


def test_a_decision_is_about_one_person_and_holds_for_no_other(world: World) -> None:
    other = "0" * 8
    report = said(world, caseload(TWIN), {2: (other, Decision.SAME)}, dry_run=True)
    assert [problem.row for problem in report.refused] == [2]


def test_two_of_one_name_in_a_file_are_two_when_it_is_said_and_one_only_under_one_number(world: World) -> None:
    new = CM | NOTIONAL | {"given_name": "Cy", "nhs_number": "9990000034", "local_reference": "C-1"}
    twin = new | {"nhs_number": "", "nhs_number_status": "03", "local_reference": "C-2"}
    file = caseload(new, twin)
    about = doubts(said(world, file, {}, dry_run=True))
    assert about == {3: "row 2"}
    same = said(world, file, {3: ("row 2", Decision.SAME)}, dry_run=True)
    assert "Write the same NHS number and local reference in both" in same.refused[0].reason
    assert outcome(said(world, file, {3: ("row 2", Decision.ANOTHER)})) == (2, 0, 0, 0)
    assert len(numbers(world)) == 3


def test_a_local_reference_that_is_taken_stays_refused_whatever_is_decided(world: World) -> None:
    row = TWIN | {"local_reference": "CM-1"}
    (person,) = rows_of(world, Person)
    another = said(world, caseload(row), {2: (str(person.id), Decision.ANOTHER)}, dry_run=True)
    assert [problem.column for problem in another.refused] == ["local_reference"]
    assert outcome(said(world, caseload(row), {2: (str(person.id), Decision.SAME)}, dry_run=True)) == (1, 0, 0, 0)


def test_who_is_of_the_same_name_is_seen_however_few_people_are_matched_at_a_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = CM | NOTIONAL | {"given_name": "Cy", "nhs_number": "9990000034", "local_reference": "C-1"}
    twin = new | {"nhs_number": "", "nhs_number_status": "03", "local_reference": "C-2"}
    file = caseload(new, TWIN, twin, TWIN | {"cohort": "S117"})
    (person,) = rows_of(world, Person)
    at_once = said(world, file, {}, dry_run=True)
    monkeypatch.setattr(caseload_import, "AT_ONCE", 1)
    a_few = said(world, file, {}, dry_run=True)
    assert a_few == at_once
    assert doubts(a_few) == {3: str(person.id), 4: "row 2"}
    decided = {3: (str(person.id), Decision.SAME), 4: ("row 2", Decision.ANOTHER)}
    report = said(world, file, decided)
    assert outcome(report) == (4, 0, 0, 0)
    assert [note.row for note in report.notes] == [3, 5, 4], "told in the order in which people are met"
    assert len(numbers(world)) == 3
    assert len(rows_of(world, Phb)) == 5
