"""What the money cannot buy: looked for when a service or a line is written, and what a board adds to the list."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import col

from phbportal.domain import exclusions
from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.exclusions import Finding, looks_like_of
from phbportal.domain.reading import given
from phbportal.domain.text import long_date
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.services.change_requests import applies, propose
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.local_rules import LocalRule

NOT_BACK = "What was decided under the rules of that day stands. Choose today or a later day."


def rules_of(uow: UnitOfWork, icb_id: UUID) -> list[exclusions.LocalRule]:
    """What a board adds to the list today."""
    r = LocalRule
    found = uow.session.execute(
        select(r)
        .where(
            col(r.icb_id) == icb_id, col(r.starts_on) <= uow.today,
            or_(col(r.ends_on).is_(None), col(r.ends_on) >= uow.today),
        )
        .order_by(col(r.code))
    ).scalars()  # fmt: skip
    return [exclusions.LocalRule(row.code, row.words, looks_like_of(row.looks_like), row.policy) for row in found]


def found_in(uow: UnitOfWork, icb_id: UUID, text: str) -> tuple[Finding, ...]:
    """What of the two lists a text seems to name."""
    return exclusions.findings(text, rules_of(uow, icb_id))


def refuse_excluded(
    uow: UnitOfWork, icb_id: UUID, text: str, *, field: str, excused: Collection[str] = ()
) -> None:  # fmt: skip
    """Refuse, beside its field, what looks as if the money could not buy it; ``excused`` are codes two people agreed
    on for the service it belongs to."""
    found = [one for one in found_in(uow, icb_id, text) if one.code not in excused]
    if found:
        raise Refusal(*(Problem(one.sentence, field) for one in found))


def propose_rule(uow: UnitOfWork, values: Mapping[str, Any], reason: str) -> UUID:
    """Propose a rule of the actor's own board, for a second person to agree. Returns the id of the change request."""
    board = Subject(icbs=frozenset({uow.actor.icb_id} if uow.actor.icb_id else ()))
    uow.require(Permission.RULE_PROPOSE, board)
    after = {
        "What the money cannot buy": values["words"], "Words that name it": values["looks_like"] or "",
        "Policy": values["policy"], "From": long_date(values["starts_on"]),
    }  # fmt: skip
    return propose(
        uow, subject="local_rule", act="add", title=f"Add a rule: {values['words']}", before={}, after=after,
        values=values, reason=reason, permission=Permission.RULE_PROPOSE, under=board,
    )  # fmt: skip


def _add_rule(uow: UnitOfWork, _row_id: UUID | None, values: Mapping[str, Any], _seen: int | None) -> UUID:
    board = given(uow.actor.icb_id)
    uow.require(Permission.RULE_PROPOSE, Subject(icbs=frozenset({board})))
    if values["starts_on"] < uow.today:
        raise Refusal(NOT_BACK, field="starts_on")
    codes = uow.session.execute(select(col(LocalRule.code)).where(col(LocalRule.icb_id) == board)).scalars()
    number = 1 + max((int(code[1:]) for code in codes), default=0)
    if number > 99:
        raise Refusal("A board can add 99 rules. End or change the policy instead.")
    row = uow.add(LocalRule, icb_id=board, code=f"L{number:02d}", **_columns(values), starts_on=values["starts_on"])
    uow.record("rule_written", about=row, code=row.code, words=row.words, starts_on=row.starts_on)
    return row.id


def _end_rule(uow: UnitOfWork, rule_id: UUID | None, values: Mapping[str, Any], _seen: int | None) -> UUID:
    row = uow.find(LocalRule, given(rule_id), lock=True)
    uow.require(Permission.RULE_PROPOSE, row)
    last = values["ends_on"]
    if last < uow.today - timedelta(days=1):
        raise Refusal(NOT_BACK, field="ends_on")
    if last < row.starts_on:
        raise Refusal("A rule ends on or after the day it begins.", field="ends_on")
    uow.change(row, ends_on=last)
    uow.record("rule_ended", about=row, code=row.code, words=row.words, ends_on=last)
    return row.id


def _columns(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: values[name] or "" for name in ("words", "easy", "looks_like", "policy")}


ADD = applies("local_rule", "add", what="A rule on what the money cannot buy", decides=Permission.RULE_DECIDE,
              apply=_add_rule)  # fmt: skip
END = applies("local_rule", "end", what="The end of a rule on what the money cannot buy",
              decides=Permission.RULE_DECIDE, apply=_end_rule, table=LocalRule)  # fmt: skip
