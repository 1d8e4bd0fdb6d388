"""Two rows of one organisation become one: the one that goes points to the one that stays, from a day on.

Nothing is deleted. They were one all along: whatever names the one that goes names the one that stays from then on
(money, offers, agreements, accounts it keeps, parts in people's lives, invitations, its own users), its record leads
there, and so does whatever is looked for. What can only be added to, a signature say, keeps whom it named. Where
anything is entrusted to either, a second person decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Select, select, update
from sqlmodel import SQLModel, col

from phbportal.domain.change_requests import Shown, Values
from phbportal.domain.errors import Refusal
from phbportal.domain.national import ORGANISATION_WORDS, OrganisationKind
from phbportal.domain.text import long_date
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.services.change_requests import applies, propose
from phbportal.services.many_rows import parts_of
from phbportal.services.organisation_roles import assesses_and_plans, holds_and_advises
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.append_only import APPEND_ONLY
from phbportal.tables.organisations import Organisation, OrganisationSuccession

SUBJECT, MERGE = "organisation", "merge"
MERGED = "merged"
"""The kind of a succession that only says two rows were one organisation all along."""
_EVERYBODYS = Subject(everybodys=True)
_NOT_MERGED = (OrganisationKind.ICB, OrganisationKind.SUB_ICB, OrganisationKind.COUNCIL)
_NUMBERS = (("cqc_location_id", "CQC number"), ("ods_code", "ODS code"))


def merge_provider(
    uow: UnitOfWork, organisation_id: UUID, into: UUID, values: Mapping[str, Any]
) -> UUID | None:  # fmt: skip
    """Merge an organisation into another, or propose it where money points at either: then the change's id is returned.

    ``values``: ``on`` (the day from which) and ``reason``. Refuses boards and councils, two places with numbers of
    their own, what was merged already, whoever advises a person with whoever holds their money, and whoever assessed
    one with whoever writes their plan (§2.3).
    """
    uow.require(Permission.PROVIDER_MERGE, _EVERYBODYS)
    gone, stays = _held(uow, organisation_id, into)
    _check(uow, gone, stays, values["on"])
    if not points_at(uow, (gone.id, stays.id)):
        _merge(uow, gone, stays, values["on"])
        return None
    return propose(
        uow, subject=SUBJECT, act=MERGE, title=f"{gone.name}, merged into {stays.name}", before=_stands(gone),
        after={"Organisation": f"{stays.name}, from {long_date(values['on'])}"},
        values={"gone": gone.id, "stays": stays.id, "on": values["on"]}, reason=values["reason"],
        permission=Permission.PROVIDER_MERGE, under=_EVERYBODYS, national=True, slot=str(gone.id),
    )  # fmt: skip


def _held(uow: UnitOfWork, gone_id: UUID, stays_id: UUID) -> tuple[Organisation, Organisation]:
    """Both, locked with their keys: whoever has just named one of them and has not committed is waited for, and seen;
    a lock without the key would not know of them (ADR 0040)."""
    both = select(col(Organisation.id)).where(col(Organisation.id).in_((gone_id, stays_id)))
    uow.session.execute(both.order_by(col(Organisation.id)).with_for_update())
    return uow.find(Organisation, gone_id, lock=True), uow.find(Organisation, stays_id, lock=True)


def merger_ahead(uow: UnitOfWork, organisation_id: UUID, into: UUID) -> tuple[str, bool]:
    """What stands in the way of a merger, "" for nothing; and whether a second person would have to decide."""
    uow.require(Permission.PROVIDER_MERGE, _EVERYBODYS)
    gone, stays = uow.find(Organisation, organisation_id), uow.find(Organisation, into)
    try:
        _check(uow, gone, stays, uow.today)
    except Refusal as refusal:
        return refusal.problems[0].sentence, False
    return "", points_at(uow, (gone.id, stays.id))


def naming() -> list[Column[Any]]:
    """The columns that name an organisation other than a board and may change, streams first: payments lock them so.

    A table that is added later follows by itself (``tests/services/test_provider_merge.py`` walks every link)."""
    tables = sorted(SQLModel.metadata.tables.items(), key=lambda one: (one[0] != "stream", one[0]))
    return [
        table.c.organisation_id for name, table in tables if "organisation_id" in table.c and name not in APPEND_ONLY
    ]


def points_at(uow: UnitOfWork, organisation_ids: Iterable[UUID]) -> bool:
    """Whether anything is entrusted to either: money, an account, an offer, a part in somebody's life, a plan to write;
    or somebody signs in for it."""
    ids = list(organisation_ids)
    return any(
        uow.session.execute(select(1).where(column.in_(ids)).limit(1)).first() is not None for column in naming()
    )


def stays_for(uow: UnitOfWork, found: Iterable[Organisation]) -> list[Organisation]:
    """These organisations, those that were merged as the ones they point to today, each once."""
    known = {row.id: row for row in found}
    into: dict[UUID, UUID] = {}
    asked = set(known)
    while asked:  # one may point to another that was merged since
        for part in parts_of(sorted(asked)):
            into |= {row.predecessor_id: row.successor_id for row in uow.session.execute(_pointers(part, uow.today))}
        asked = set(into.values()) - known.keys()
        more = uow.session.execute(select(Organisation).where(col(Organisation.id).in_(asked))).scalars()
        known |= {row.id: row for row in more} if asked else {}
    return [row for row in known.values() if row.id not in into]


def _pointers(ids: Iterable[UUID], today: date) -> Select[UUID, UUID]:
    s = OrganisationSuccession
    return select(col(s.predecessor_id), col(s.successor_id)).where(
        col(s.predecessor_id).in_(list(ids)), col(s.kind) == MERGED, col(s.succeeds_on) <= today
    )


def _check(uow: UnitOfWork, gone: Organisation, stays: Organisation, on: date) -> None:
    if gone.id == stays.id:
        raise Refusal("That is the organisation itself. Choose the other one, which stays.", field="into")
    for row in (gone, stays):
        if OrganisationKind(row.kind) in _NOT_MERGED:
            what = ORGANISATION_WORDS[OrganisationKind(row.kind)].lower()
            raise Refusal(f"{row.name} is a {what}, which is not merged here.", field="into")
    merged = {row.predecessor_id for row in uow.session.execute(_pointers((gone.id, stays.id), date.max))}
    if gone.id in merged:
        raise Refusal(f"{gone.name} was merged already: its record says into which.")
    if stays.id in merged:
        raise Refusal(f"{stays.name} was itself merged into another. Choose the one that stayed.", field="into")
    for column, words in _NUMBERS:
        theirs, ours = getattr(gone, column), getattr(stays, column)
        if theirs and ours:
            raise Refusal(f"Each has a {words} of its own, so they are two places. Leave them as they are.")
        if theirs:
            raise Refusal(f"{gone.name} has the {words}. Merge the other one into it instead.", field="into")
    if holds_and_advises(uow, (gone.id, stays.id)):
        raise Refusal(
            "One of the two advises somebody whose money the other holds, or plans for them. An organisation is never "
            "both: one of these must end first.",
            field="into",
        )
    if assesses_and_plans(uow, (gone.id, stays.id)):
        raise Refusal(
            "One of the two assessed somebody whose plan the other is writing. Planning is kept apart from that: wait "
            "until the plan is approved, or take the invitation back.",
            field="into",
        )
    if on > uow.today:
        raise Refusal("Enter today or a day in the past.", field="on")
    if on <= max(filter(None, (gone.valid_from, stays.valid_from)), default=date.min):
        raise Refusal("One of the two did not exist yet on that day. Enter a later one.", field="on")


def _merge(uow: UnitOfWork, gone: Organisation, stays: Organisation, on: date) -> None:
    uow.add(OrganisationSuccession, predecessor_id=gone.id, successor_id=stays.id, succeeds_on=on, kind=MERGED)
    uow.change(gone, valid_to=on - timedelta(days=1))
    uow.session.flush()
    for column in naming():
        table = column.table
        stamps = {"row_version": table.c.row_version + 1, "updated_at": uow.now, "updated_by": uow.actor.user_id}
        uow.session.execute(update(table).where(column == gone.id).values(organisation_id=stays.id, **stamps))
    uow.session.expire_all()
    uow.record("organisation_merged", about=gone, organisation=gone.name, into=stays.name, on=on)
    uow.record("organisation_took_in", about=stays, organisation=gone.name, into=stays.name, on=on)


def _apply(uow: UnitOfWork, _row_id: UUID | None, values: Values, _seen_version: int | None) -> UUID:
    uow.require(Permission.PROVIDER_MERGE, _EVERYBODYS)
    gone, stays = _held(uow, values["gone"], values["stays"])
    _check(uow, gone, stays, values["on"])
    _merge(uow, gone, stays, values["on"])
    return gone.id


def _now(uow: UnitOfWork, _row_id: UUID | None, values: Values) -> Shown:
    return _stands(uow.find(Organisation, values["gone"]))


def _stands(row: Organisation) -> Shown:
    return {"Organisation": row.name}


applies(
    SUBJECT, MERGE, what="A merger of two organisations", decides=Permission.PROVIDER_MERGE_DECIDE, apply=_apply,
    now=_now,
)  # fmt: skip
