"""People out of a list: who a row means, what is left to a person, and what is written of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.errors import NotAllowed
from phbportal.domain.imports import Decision, Outcome
from phbportal.services.bringing_in import Brought, Came, Decided, Given, Line
from phbportal.services.people_import import bring_in_people
from phbportal.tables.audit import AuditEvent
from phbportal.tables.people import Person, PersonResponsibility
from tests.queries.worlds import Worlds
from tests.services.import_world import rows_of
from tests.support.world import World

ADA: dict[str, Any] = {
    "given_name": "Ada", "family_name": "Byron", "date_of_birth": date(1970, 12, 10), "nhs_number": "9990000018",
    "local_reference": "X-1", "postcode": "L8 7SS",
}  # fmt: skip
NAMESAKE = ADA | {"nhs_number": "9990000026", "local_reference": "X-2"}


@pytest.fixture
def world(worlds: Worlds, kind: str) -> Iterator[World]:
    """With Ada, out of a list."""
    with worlds.copy(kind, "ada", lambda world: bring(world, ADA)) as (world, _brought):
        yield world


def bring(
    world: World, *values: dict[str, Any], dry_run: bool = False, said: dict[int, tuple[str, Decision]] | None = None
) -> Brought:  # fmt: skip
    """Rows from the second of a file on, as its fields read them."""
    lines = [Line(number, one) for number, one in enumerate(values, 2)]
    with world.unit(world.cm, writes=not dry_run) as uow:
        return bring_in_people(uow, Given(lines, None, dry_run, Decided(said or {})))


def outcomes(brought: Brought) -> list[str]:
    return [one.outcome.value for one in brought.came]


def ours(world: World) -> list[Person]:
    return rows_of(world, Person, col(Person.family_name) == "Byron")


def test_a_namesake_is_asked_about_and_nothing_is_written_of_the_row_until_it_is_decided(world: World) -> None:
    for dry_run in (True, False):
        brought = bring(world, NAMESAKE, dry_run=dry_run)
        (one,) = brought.came
        (ada,) = ours(world)
        assert (one.outcome, one.doubt) == (Outcome.REFUSED, str(ada.id))
        assert one.reason.startswith("The portal has somebody of this name and date of birth under another NHS number")


def test_another_person_is_added_and_known_the_next_time(world: World) -> None:
    doubt = bring(world, NAMESAKE, dry_run=True).came[0].doubt
    said = {2: (doubt, Decision.ANOTHER)}
    assert outcomes(bring(world, NAMESAKE, dry_run=True, said=said)) == ["NEW"]
    brought = bring(world, NAMESAKE, said=said)
    assert brought.came[0].reason == "Said to be another person than the one of this name and date of birth."
    assert [one.nhs_number for one in ours(world)] == ["9990000018", "9990000026"]
    assert {one.table for one in brought.made} == {Person, PersonResponsibility}
    assert outcomes(bring(world, NAMESAKE)) == ["SAME"]


def test_the_same_person_keeps_the_number_the_portal_has_and_is_told(world: World) -> None:
    (ada,) = ours(world)
    moved = NAMESAKE | {"postcode": "M1 1AE"}
    brought = bring(world, moved, said={2: (str(ada.id), Decision.SAME)})
    assert brought.came[0].reason == (
        "Said to be the person the portal has already. The portal keeps the NHS number and reference it has: check "
        "which is right. Another postcode."
    )
    (ada,) = ours(world)
    assert (ada.nhs_number, ada.local_reference, ada.postcode, ada.row_version) == (
        "9990000018", "X-1", "M1 1AE", 2,
    )  # fmt: skip
    assert [(one.table, dict(one.before)) for one in brought.made] == [(Person, {"postcode": "L8 7SS"})]
    with world.unit(world.cm, writes=False) as uow:
        kinds = uow.session.execute(select(col(AuditEvent.kind)).where(col(AuditEvent.person_id) == ada.id)).scalars()
        assert sorted(kinds) == ["person_added", "person_changed"]


def test_a_decision_is_about_one_person_and_holds_for_no_other(world: World) -> None:
    brought = bring(world, NAMESAKE, said={2: ("somebody else", Decision.SAME)})
    assert outcomes(brought) == ["REFUSED"]


@pytest.mark.parametrize(("decision", "becomes"), [("same", "CHANGED"), ("another", "NEW")])
def test_a_column_of_the_file_decides_as_well_and_then_nothing_is_asked(
    world: World, decision: str, becomes: str
) -> None:
    (one,) = bring(world, NAMESAKE | {"postcode": "M1 1AE", "decision": decision}).came
    assert (one.outcome.value, one.doubt) == (becomes, "")


def test_somebody_without_a_number_gets_it_from_the_list(world: World) -> None:
    bare = {**ADA, "given_name": "Mary", "nhs_number": None, "local_reference": "M-1"}
    assert outcomes(bring(world, bare)) == ["NEW"]
    brought = bring(world, bare | {"nhs_number": "9990000026"})
    assert (brought.came[0].outcome, brought.came[0].reason) == (Outcome.CHANGED, "NHS number added.")
    mary = ours(world)[-1]
    assert (mary.nhs_number, mary.nhs_number_status) == ("9990000026", "02")


REFUSED: list[tuple[list[dict[str, Any]], str]] = [
    ([ADA, ADA | {"nhs_number": None}], "Row 2 is about the same person. Take one of the two out."),
    ([NAMESAKE | {"given_name": "Mary"}, NAMESAKE | {"given_name": "Siân", "nhs_number": None}],
     "Reference: row 2 has it too. Correct one of the two."),
    ([ADA | {"family_name": "King"}], "The portal has another family name for this NHS number. Look whose it is"),
    ([ADA | {"nhs_number": None, "date_of_birth": date(1971, 12, 10)}],
     "The portal has another date of birth for this reference. Look whose it is"),
    ([ADA | {"nhs_number": "9990000026"}], "Reference: the portal has it for somebody with another NHS number."),
    ([ADA | {"date_of_birth": date(2070, 1, 1)}], "Date of birth: Check the year."),
]  # fmt: skip


@pytest.mark.parametrize(("values", "sentence"), REFUSED)
def test_a_row_in_which_something_is_wrong_is_refused_with_what_to_do(
    world: World, values: list[dict[str, Any]], sentence: str
) -> None:
    found = bring(world, *values).came[-1]
    assert found.outcome is Outcome.REFUSED
    assert found.reason.startswith(sentence), found.reason


def test_twins_in_the_list_are_asked_about_and_what_was_said_holds_when_they_are_written(world: World) -> None:
    twins = [ADA | {"given_name": "Mary", "nhs_number": None, "local_reference": f"T-{n}"} for n in (1, 2)]
    (first, second) = bring(world, *twins, dry_run=True).came
    assert (first.outcome, second.outcome, second.doubt) == (Outcome.NEW, Outcome.REFUSED, "row 2")
    once = bring(world, *twins, dry_run=True, said={3: ("row 2", Decision.SAME)}).came[1]
    assert once.reason == "Row 2 is about the same person. Take one of the two out."
    assert outcomes(bring(world, *twins, said={3: ("row 2", Decision.ANOTHER)})) == ["NEW", "NEW"]


def test_a_row_its_cells_refused_stays_refused_and_in_its_place(world: World) -> None:
    wrong = Came(3, Outcome.REFUSED, "Ada", "Date of birth: Enter a date.")
    with world.unit(world.cm) as uow:
        brought = bring_in_people(uow, Given([Line(2, ADA), wrong], None, False))
    assert [one.number for one in brought.came] == [2, 3]
    assert brought.came[1] is wrong


def test_others_bring_in_nobody(world: World) -> None:
    for who in ("finance", "approver", "admin"):
        with pytest.raises(NotAllowed), world.unit(world.actors[who]) as uow:
            bring_in_people(uow, Given([Line(2, NAMESAKE)], None, False))
