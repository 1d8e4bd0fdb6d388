"""Rows chosen from a list, and what is done to all of them at once: all or nothing.

Which rows are chosen is kept here and never stands in an address; whoever acts must see each of them still.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from phbportal.admin import addresses
from phbportal.admin.asking import Asking
from phbportal.admin.cells import titles
from phbportal.admin.listing import matching
from phbportal.admin.proposing import propose_act
from phbportal.admin.resource import Action, Resource
from phbportal.domain.errors import NotFound, Problem, Refusal
from phbportal.domain.text import plural
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.queries.views import kept_view
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.views import keep_view

MOST = 500
MOST_REASONS = 20
ON_MANY = ("selected", "all")
PICKED = "picked"


@dataclass(frozen=True)
class ManyAct:
    """Something that can be done to the chosen rows."""

    code: str
    label: str


def acts_on_many(actor: Actor, resource: Resource) -> list[ManyAct]:
    """What this actor could do to several rows at once."""
    return [
        ManyAct(one.code, one.label)
        for one in resource.actions
        if is_on_many(one) and could_ever(actor, one.permission)
    ]


def is_on_many(action: Action) -> bool:
    """Whether an action is offered for several rows."""
    return any(where in ON_MANY for where in action.on)


def picked_words(resource: Resource, ids: list[UUID]) -> str:
    """How many are chosen; "" for none."""
    return f"{plural(len(ids), resource.one, resource.several)} chosen" if ids else ""


def picked(before: list[str], ids: list[str], on: bool) -> list[str]:
    """The chosen rows after some more of them, or fewer. Raises Refusal for more than can be done at once."""
    after = list(dict.fromkeys([*before, *ids])) if on else [one for one in before if one not in set(ids)]
    if len(after) > MOST:
        raise Refusal(f"No more than {MOST} can be chosen at once.")
    return after


def all_matching(uow: UnitOfWork, now: Asking) -> list[UUID]:
    """Every row the list holds, on whatever page. Raises Refusal for more than can be done at once."""
    found = matching(uow.session, uow.actor, uow.today, now.resource, now.asked(), MOST)
    if len(found) > MOST:
        raise Refusal(f"More than {MOST} match, the most that can be chosen at once. Filter the list further first.")
    return found


def begin_acting(uow: UnitOfWork, resource: Resource, action: str, ids: list[UUID], query: Mapping[str, str]) -> str:
    """Keep the chosen rows and return the address of the action's page; ``query`` leads back to the list."""
    if not ids:
        raise Refusal("Choose at least one row first.")
    kept = keep_view(uow, _page(resource), conditions=json.dumps(sorted(str(one) for one in ids)))
    address = addresses.ACT_ON_MANY.replace("[resource]", resource.code).replace("[action]", action)
    return f"{address}?{urlencode({**query, PICKED: str(kept)})}"


def chosen_rows(uow: UnitOfWork, resource: Resource, kept: str) -> dict[UUID, str]:
    """The rows somebody chose themselves and still sees, with what each is called; NotFound for none."""
    view = kept_view(uow.session, uow.actor, _page(resource), kept)
    if not view.found or not view.mine:
        raise NotFound()
    ids = [UUID(one) for one in json.loads(view.conditions)]
    found = titles(uow.session, uow.actor, uow.today, resource.code, ids)
    if not found:
        raise NotFound()
    return {one: found[one][0] for one in ids if one in found}


def act_on_many(
    uow: UnitOfWork, resource: Resource, action: Action, rows: Mapping[UUID, str], values: Mapping[str, Any], key: str
) -> int:  # fmt: skip
    """Do it to every row, in the order of their ids, or to none. Returns how many. Raises Refusal with the reason of
    each row that cannot be. A second press does nothing more."""

    def do() -> str:
        problems: list[Problem] = []
        for row_id in sorted(rows):
            try:
                # What a refused row had begun must not decide about the next.
                with uow.session.begin_nested():
                    if action.second:
                        propose_act(uow, resource, action, row_id, values)
                    else:
                        action.act(uow, row_id, values)
            except Refusal as refusal:
                problems += [Problem(f"{rows[row_id]}: {p.sentence}", p.field) for p in refusal.problems[:1]]
        if problems:
            raise Refusal(*_reasons(problems, len(rows)))
        return str(len(rows))

    ids = hashlib.sha256(" ".join(sorted(map(str, rows))).encode()).hexdigest()
    said = {name: str(value) for name, value in values.items()}
    return int(uow.once(f"{resource.code}/{action.code}/many", key, {"rows": ids, **said}, do))


def _reasons(problems: list[Problem], of: int) -> list[Problem]:
    head = Problem(f"Nothing was changed: it cannot be done to {len(problems)} of {of}. Leave those out.")
    more = len(problems) - MOST_REASONS
    rest = [Problem(f"And {more} more.")] if more > 0 else []
    return [head, *problems[:MOST_REASONS], *rest]


def _page(resource: Resource) -> str:
    return f"{resource.code[:30]}:{PICKED}"
