"""What is done in a process of its own, to be killed in the middle of it."""

from __future__ import annotations

from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import UUID

from phbportal.db import make_engine
from phbportal.gateways.caseload_file import read_caseload
from phbportal.policy.actors import Actor
from phbportal.services.approvals import approve_plan
from phbportal.services.caseload_import import bring_in_caseload
from phbportal.services.unit_of_work import london_date, open_unit
from phbportal.services.users import board_by_code


def bring_in(said: Connection, url: str, preparer: Actor, approver: Actor, now: datetime, path: str) -> None:
    """Bring a caseload in; says when it begins and when it is done."""
    caseload = read_caseload(Path(path).read_bytes(), today=london_date(now))
    engine = make_engine(url)
    said.send("begun")
    with open_unit(engine, preparer, writes=True, now=now) as uow:
        bring_in_caseload(uow, caseload, board_by_code(uow, "QT1"), approver)
    said.send("done")


def approve(said: Connection, url: str, approver: Actor, now: datetime, plan_id: UUID) -> None:
    """Approve a plan; says when it begins and when it is done."""
    engine = make_engine(url)
    said.send("begun")
    with open_unit(engine, approver, writes=True, now=now) as uow:
        approve_plan(uow, plan_id)
    said.send("done")
