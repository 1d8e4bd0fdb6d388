"""A world for imports, and what can be counted in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, func, select
from sqlmodel import col

from phbportal import tables
from phbportal.domain.roles import Role
from phbportal.gateways.caseload_file import Caseload, read_caseload
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.services.caseload_import import bring_in_caseload
from phbportal.services.import_report import FileRefused, ImportReport
from phbportal.services.users import board_by_code
from phbportal.tables.base import Row
from phbportal.tables.ledger import LedgerAccount
from tests.gateways.caseload_rows import TODAY
from tests.support.world import World, add_staff, make_world

R = TypeVar("R", bound=Row)
FILES = Path(__file__).parents[1] / "data" / "caseload"


def import_world(engine: Engine) -> World:
    """The test world with the case manager whom the caseload files name (``world.case_manager``)."""
    world = make_world(engine, today=TODAY)
    with world.unit(world.admin) as uow:
        world.actors["case_manager"] = add_staff(uow, "case.manager", Role.CASE_MANAGER, world.icb, world.today)
    return world


def read_file(name: str) -> Caseload:
    return read_caseload((FILES / name).read_bytes(), today=TODAY)


def bring_in(
    world: World, file: Caseload, *, by: Actor | None = None, approver: Actor | None = None, dry_run: bool = False,
    icb: str = "QT1",
) -> ImportReport:  # fmt: skip
    """Bring a file in as the case manager and the approver; a refused file gives its report."""
    try:
        with world.unit(by or world.cm, writes=not dry_run) as uow:
            second = approver or world.approver
            return bring_in_caseload(uow, file, board_by_code(uow, icb), second, dry_run=dry_run)
    except FileRefused as refused:
        return refused.report


def outcome(report: ImportReport) -> tuple[int, int, int, int]:
    """Created, changed, unchanged, and rows refused."""
    return report.created, report.changed, report.unchanged, len({problem.row for problem in report.refused})


def counts(engine: Engine) -> dict[str, int]:
    """How many rows each table has."""
    with engine.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables.metadata.sorted_tables
        }


def rows_of(world: World, table: type[R], *conditions: Any) -> list[R]:
    """Rows of a table in the order they were made."""
    with world.unit(SYSTEM, writes=False) as uow:
        return list(uow.session.execute(select(table).where(*conditions).order_by(col(table.id))).scalars())


def balance(world: World, path: str) -> int:
    """What a ledger account holds; nothing where it was never moved."""
    found = rows_of(world, LedgerAccount, col(LedgerAccount.path) == path)
    return found[0].balance_pence if found else 0
