"""Boards, their successions and the councils, from the data the package ships."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Engine, select
from sqlmodel import col

from phbportal.domain.text import search_key
from phbportal.gateways import reference
from phbportal.policy.actors import SYSTEM
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.tables.organisations import Organisation, OrganisationSuccession


def authority_names() -> Mapping[str, str]:
    """The names of the local authorities of England by ONS code."""
    return {authority.ons_code: authority.name for authority in reference.local_authorities()}


def load_boards(engine: Engine) -> None:
    """Write every board and succession that is not there yet, in a unit of its own."""
    with open_unit(engine, SYSTEM, writes=True) as uow:
        add_boards(uow)


def add_boards(uow: UnitOfWork) -> int:
    """Write every board and succession that is not there yet. Returns how many boards were new."""
    rows = uow.session.execute(
        select(col(Organisation.ods_code), col(Organisation.id)).where(col(Organisation.kind) == "ICB")
    )
    known = {row.ods_code: row.id for row in rows}
    new = 0
    for board in reference.boards():
        if board.ods_code in known:
            continue
        row = uow.add(
            Organisation, kind="ICB", name=board.name, search_name=search_key(board.name), ods_code=board.ods_code,
            region=board.region, valid_from=board.valid_from, valid_to=board.valid_to,
        )  # fmt: skip
        known[board.ods_code] = row.id
        new += 1
    linked = {
        (row.predecessor_id, row.successor_id)
        for row in uow.session.execute(
            select(col(OrganisationSuccession.predecessor_id), col(OrganisationSuccession.successor_id))
        )
    }
    for link in reference.succession():
        pair = (known[link.predecessor], known[link.successor])
        if pair not in linked:
            uow.add(
                OrganisationSuccession, predecessor_id=pair[0], successor_id=pair[1], succeeds_on=link.on,
                kind=link.kind,
            )  # fmt: skip
    return new
