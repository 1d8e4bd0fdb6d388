"""The settings of a board by name: its own from their days, else every board's, else the default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.errors import NotFound
from phbportal.domain.policies import DEFAULTS, SETTINGS, SettingKind, bounds_words, show_setting
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor, Subject
from phbportal.policy.decide import decide
from phbportal.policy.permissions import Permission
from phbportal.queries.dated import DatedRow, DatedValue, NamedRow, dated_rows, named_row, until_the_next
from phbportal.queries.scope import visible
from phbportal.tables.settings import PolicySetting

OWN, SHARED = "Your board’s choice", "The same for every board"


@dataclass(frozen=True, slots=True)
class SettingView:
    """One setting by name. ``kind`` says how it is answered; ``usual`` is the default in words,
    ``choices`` what a choice is made from: codes and words."""

    label: str
    kind: str
    hint: str
    usual: str
    rows: tuple[DatedRow, ...]
    may_propose: bool
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SettingForm:
    """A setting that is to come, as a form starts from it; the day is the one it holds from."""

    id: UUID
    value: str
    day: str
    month: str
    year: str
    row_version: int


def settings_list(session: Session, actor: Actor, today: date) -> tuple[NamedRow, ...]:
    """Every setting, in the order of domain.md §4.9. One statement."""
    found = _found(session, actor, today)
    return tuple(
        named_row(
            one.label, routes.staff_setting(name), _values(name, found.get(name, [])), today,
            f"{show_setting(name, DEFAULTS[name])}, as is usual",
        )
        for name, one in SETTINGS.items()
    )  # fmt: skip


def setting_view(session: Session, actor: Actor, today: date, name: str) -> SettingView:
    """One setting. One statement. Raises NotFound for a name that is none."""
    if name not in SETTINGS:
        raise NotFound()
    board = Subject(icbs=frozenset({actor.icb_id} if actor.icb_id else ()))
    proposes = decide(actor, Permission.SETTING_PROPOSE, board).allowed
    values = _values(name, _found(session, actor, today, name).get(name, []))
    href = f"{routes.staff_setting(name)}?row=" if proposes else ""
    return SettingView(
        SETTINGS[name].label, SETTINGS[name].kind.value, bounds_words(name), show_setting(name, DEFAULTS[name]),
        dated_rows(values, today, href, only_coming=True), proposes, tuple(SETTINGS[name].choices.items()),
    )  # fmt: skip


def setting_form(session: Session, actor: Actor, today: date, name: str, setting_id: UUID) -> SettingForm:
    """One setting of the board, to be changed before it comes. Raises NotFound."""
    p = PolicySetting
    row = session.execute(
        select(p).where(
            visible(actor, p, today), col(p.id) == setting_id, col(p.name) == name, col(p.icb_id).is_not(None)
        )
    ).scalar_one_or_none()
    if row is None:
        raise NotFound()
    shown = typed_setting(name, row.value)
    return SettingForm(
        row.id, shown, str(row.starts_on.day), str(row.starts_on.month), str(row.starts_on.year), row.row_version
    )


def typed_setting(name: str, value: str) -> str:
    """A value as somebody types or chooses it."""
    match SETTINGS[name].kind:
        case SettingKind.MONEY:
            return f"{int(value) // 100}.{int(value) % 100:02d}"
        case SettingKind.DAY:
            return long_date(date.fromisoformat(value))
        case SettingKind.PERCENT:
            return show_setting(name, value).removesuffix("%")
        case _:
            return value


def _found(session: Session, actor: Actor, today: date, name: str = "") -> dict[str, list[Any]]:
    p = PolicySetting
    statement = select(p).where(visible(actor, p, today)).order_by(col(p.starts_on), col(p.id))
    found: dict[str, list[Any]] = {}
    for row in session.execute(statement.where(col(p.name) == name) if name else statement).scalars():
        found.setdefault(row.name, []).append(row)
    return found


def _values(name: str, rows: list[Any]) -> list[DatedValue]:
    """What holds when: the board's own once it has any, whatever every board's says after (services/policies.py)."""
    own = [row for row in rows if row.icb_id is not None]
    first = own[0].starts_on if own else None
    shared = [row for row in rows if row.icb_id is None and (first is None or row.starts_on < first)]
    return until_the_next(
        [(row.id if row.icb_id else None, show_setting(name, row.value), row.starts_on, OWN if row.icb_id else SHARED)
         for row in [*shared, *own]]
    )  # fmt: skip
