"""Local policy by board and date, with the defaults of domain.md §4.9: read by whoever needs it, proposed by one
person of the board and written when another has approved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from uuid import UUID

from sqlalchemy import or_, select, true
from sqlmodel import col

from phbportal.domain.change_requests import Shown, Values
from phbportal.domain.errors import NotFound, Refusal
from phbportal.domain.plan_year import PlanYear
from phbportal.domain.policies import DEFAULTS, SETTINGS, SettingKind, parse_setting, show_setting
from phbportal.domain.reading import Reading, given
from phbportal.domain.text import long_date
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.services.change_requests import applies, propose
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.settings import PolicySetting

SUBJECT, ADD, CHANGE = "policy_setting", "add", "change"


@dataclass(frozen=True, slots=True)
class SettingEntry:
    """A setting as it was typed: the value as it is kept, and the day it holds from."""

    value: str
    starts_on: date


def setting(uow: UnitOfWork, icb_id: UUID | None, name: str, on: date | None = None) -> str:
    """The value in force for a board on a day: its own, else everybody's, else the default."""
    return setting_by_day(uow, icb_id, name)(on or uow.today)


def setting_by_day(uow: UnitOfWork, icb_id: UUID | None, name: str) -> Callable[[date], str]:
    """The value in force for a board on any day; the database is asked once, now."""
    dated = uow.session.execute(
        select(col(PolicySetting.starts_on), col(PolicySetting.value))
        .where(
            col(PolicySetting.name) == name,
            or_(col(PolicySetting.icb_id) == icb_id, col(PolicySetting.icb_id).is_(None)),
        )
        .order_by(col(PolicySetting.icb_id).is_(None), col(PolicySetting.starts_on).desc())
    ).all()
    return lambda on: next((value for starts_on, value in dated if starts_on <= on), DEFAULTS[name])


def whole_setting(uow: UnitOfWork, icb_id: UUID | None, name: str) -> int:
    return int(setting(uow, icb_id, name))


def settings_read_once(uow: UnitOfWork) -> Callable[[UUID, str], int]:
    """The same for work on many rows: a setting of a board is read the first time it is asked for."""

    @cache
    def setting(board: UUID, name: str) -> int:
        return whole_setting(uow, board, name)

    return setting


def plan_year(uow: UnitOfWork, icb_id: UUID | None, on: date | None = None) -> PlanYear:
    """How a board counts the year of a weekly amount."""
    return PlanYear(setting(uow, icb_id, "plan_year_weeks", on))


def day_setting(uow: UnitOfWork, icb_id: UUID | None, name: str) -> date:
    return date.fromisoformat(setting(uow, icb_id, name))


def read_setting(form: Mapping[str, object], name: str, today: date) -> tuple[SettingEntry, str]:
    """Read the form: the setting, and why it is proposed. Raises NotFound for a name that is none."""
    if name not in SETTINGS:
        raise NotFound()
    r = Reading(form)
    if SETTINGS[name].kind is SettingKind.DAY:
        on = r.day("value", needed="Enter the day.")
        value = on.isoformat() if on else None
    else:
        value = r.take("value", partial(parse_setting, name), needed="Enter the setting.")
    starts_on = r.day("starts_on", needed="Enter the day it holds from.")
    if starts_on and starts_on < today:
        r.problem(f"{NOT_BACK} Choose today or a later day.", "starts_on")
    reason = r.text("reason", needed="Say why, so that the second person can judge it.", longest=500)
    r.finish()
    return SettingEntry(given(value), given(starts_on)), reason


NOT_BACK = "What was decided under the present setting stands."


def propose_setting(
    uow: UnitOfWork, name: str, entry: SettingEntry, reason: str, *, again: UUID | None = None
) -> UUID:  # fmt: skip
    """Propose a setting of the actor's own board, from a day on. Returns the id of the change request."""
    if uow.actor.icb_id is None:
        raise Refusal("You act for no board, so you cannot propose a setting of one.")
    board = Subject(icbs=frozenset({uow.actor.icb_id}))
    uow.require(Permission.SETTING_PROPOSE, board)
    _refuse_same_day(uow, uow.actor.icb_id, name, entry.starts_on)
    if setting(uow, uow.actor.icb_id, name, entry.starts_on) == entry.value:
        raise Refusal("This is the setting on that day already.", field="value")
    values = {"name": name, "value": entry.value, "starts_on": entry.starts_on}
    return propose(
        uow, subject=SUBJECT, act=ADD, title=f"{SETTINGS[name].label}, from {long_date(entry.starts_on)}",
        before=_then(uow, None, values), after=_shown(name, entry.value, entry.starts_on), values=values, reason=reason,
        permission=Permission.SETTING_PROPOSE, under=board, slot=f"{uow.actor.icb_id}:{name}:{entry.starts_on}",
        again=again,
    )  # fmt: skip


def propose_setting_change(
    uow: UnitOfWork, setting_id: UUID, entry: SettingEntry, reason: str, *, seen_version: int, again: UUID | None = None
) -> UUID:
    """Propose that a setting that is still to come is another, or comes on another day."""
    row = uow.find(PolicySetting, setting_id)
    uow.require(Permission.SETTING_PROPOSE, row)
    _refuse_begun(row, uow.today)
    if row.row_version != seen_version:
        raise Refusal("Somebody else changed this while you had it open. Reload the page, and look at it again.")
    _refuse_same_day(uow, row.icb_id, row.name, entry.starts_on, but=row.id)
    return propose(
        uow, subject=SUBJECT, act=CHANGE, title=f"{SETTINGS[row.name].label}, from {long_date(row.starts_on)}",
        before=_as_it_stands(uow, row.id, {}), after=_shown(row.name, entry.value, entry.starts_on),
        values={"name": row.name, "value": entry.value, "starts_on": entry.starts_on}, reason=reason,
        permission=Permission.SETTING_PROPOSE, row=row, seen_version=seen_version, again=again,
    )  # fmt: skip


def _add_setting(uow: UnitOfWork, _row_id: UUID | None, values: Values, _seen_version: int | None) -> UUID:
    icb_id = given(uow.actor.icb_id)
    uow.require(Permission.SETTING_PROPOSE, Subject(icbs=frozenset({icb_id})))
    _refuse_past(values["starts_on"], uow.today)
    _refuse_same_day(uow, icb_id, values["name"], values["starts_on"])
    return uow.add(PolicySetting, icb_id=icb_id, **values).id


def _change_setting(uow: UnitOfWork, row_id: UUID | None, values: Values, _seen_version: int | None) -> UUID:
    row = uow.find(PolicySetting, given(row_id), lock=True)
    uow.require(Permission.SETTING_PROPOSE, row)
    _refuse_begun(row, uow.today)
    _refuse_past(values["starts_on"], uow.today)
    _refuse_same_day(uow, row.icb_id, row.name, values["starts_on"], but=row.id)
    uow.change(row, **values)
    return row.id


def _then(uow: UnitOfWork, _row_id: UUID | None, values: Values) -> Shown:
    """The setting that holds for the board on the day a new one would begin, as things stand."""
    name, on = values["name"], values["starts_on"]
    return {"Setting": show_setting(name, setting(uow, uow.actor.icb_id, name, on))}


def _as_it_stands(uow: UnitOfWork, row_id: UUID | None, _values: Values) -> Shown:
    row = uow.find(PolicySetting, given(row_id))
    return _shown(row.name, row.value, row.starts_on)


def _shown(name: str, value: str, starts_on: date) -> Shown:
    return {"Setting": show_setting(name, value), "From": long_date(starts_on)}


def _refuse_begun(row: PolicySetting, today: date) -> None:
    if row.starts_on <= today:
        raise Refusal("This setting holds already, so it cannot be changed. Propose a new one from a later day.")


def _refuse_past(starts_on: date, today: date) -> None:
    if starts_on < today:
        raise Refusal(f"The day it was to hold from has passed. {NOT_BACK} Return it, with a later day.")


def _refuse_same_day(
    uow: UnitOfWork, icb_id: UUID | None, name: str, starts_on: date, *, but: UUID | None = None
) -> None:
    there = select(col(PolicySetting.id)).where(
        col(PolicySetting.icb_id) == icb_id, col(PolicySetting.name) == name, col(PolicySetting.starts_on) == starts_on,
        col(PolicySetting.id) != but if but else true(),
    )  # fmt: skip
    if uow.session.execute(there.limit(1)).first() is not None:
        raise Refusal("There is a setting from that day already. Change that one instead.", field="starts_on")


applies(SUBJECT, ADD, what="A setting", decides=Permission.SETTING_DECIDE, apply=_add_setting, now=_then)
applies(
    SUBJECT, CHANGE, what="A change to a setting", decides=Permission.SETTING_DECIDE, apply=_change_setting,
    table=PolicySetting, now=_as_it_stands,
)  # fmt: skip
