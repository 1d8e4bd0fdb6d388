"""A file is taken back while somebody works on what it changed: nobody's work is lost between the look and the act."""

from __future__ import annotations

from threading import Thread
from time import sleep
from uuid import UUID

import pytest

from phbportal.services import taking_back
from phbportal.services.taking_back import Built, undo_import
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.imports import ImportBatch, ImportMade
from phbportal.tables.people import Person
from tests.services.asking import row
from tests.support import journey
from tests.support.world import World

MOMENT = 0.5


def a_file_that_changed(world: World, person: UUID) -> UUID:
    """A file that gave a person the postcode they have, and is being taken back."""

    def act(uow: UnitOfWork) -> UUID:
        found = uow.find(Person, person, lock=True)
        uow.change(found, postcode="L8 7SS")
        batch = uow.add(
            ImportBatch, icb_id=world.icb, resource="people", way="people", title="People", file_name="people.csv",
            sha256="0" * 64, size=1, status="UNDOING", needs="person.write", prepared_by=world.cm.user_id,
            prepared_role="CASE_MANAGER", taken_back_by=world.cm.user_id,
        )  # fmt: skip
        uow.add(
            ImportMade, batch_id=batch.id, of_table="person", ids=person.hex, version=found.row_version,
            before='{"postcode": "L1 1AA"}',
        )  # fmt: skip
        return batch.id

    return world.do(world.cm, act)


def test_what_somebody_changes_while_a_file_is_taken_back_is_not_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = journey.add_person(world)
    batch = a_file_that_changed(world, person)

    def moves(uow: UnitOfWork) -> None:
        uow.change(uow.find(Person, person, lock=True), postcode="M1 2AB")

    meanwhile = Thread(target=lambda: world.do(world.cm2, moves))
    look = taking_back.built_upon

    def looks(uow: UnitOfWork, batch_id: UUID) -> Built:
        built = look(uow, batch_id)
        meanwhile.start()
        sleep(MOMENT)  # so long the other has, unless what the file changed is held
        return built

    monkeypatch.setattr(taking_back, "built_upon", looks)
    assert not world.do(world.cm, lambda uow: undo_import(uow, batch)).anything()
    meanwhile.join(20)
    assert (row(world, Person, person).postcode, row(world, ImportBatch, batch).status) == ("M1 2AB", "UNDONE")
