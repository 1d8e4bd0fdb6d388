"""The board's letters about decisions, each template proposed by an administrator and approved by an auditor."""

from __future__ import annotations

from datetime import date

from phbportal.demo.stage import Stage
from phbportal.domain.letters import OWN_LAW_AS_OF, OWN_WORDS, TITLES
from phbportal.domain.templates import USES
from phbportal.policy.actors import Actor, Subject
from phbportal.policy.permissions import Permission
from phbportal.services.change_requests import approve, propose
from phbportal.services.templates import ADD, SUBJECT
from phbportal.services.unit_of_work import UnitOfWork

WHY = "The board’s own words, as its letters have them."


def letters_of_the_board(stage: Stage, admin: Actor, second: Actor, *, on: date) -> None:
    """A template for each kind of decision, and for what came of a reconsideration."""
    for code in TITLES:
        asked = stage.act(admin, f"template {code}", on, lambda uow, c=code: _propose(uow, c))
        stage.act(second, f"template {code} agreed", on, lambda uow, one=asked: _approve(uow, one))


def _propose(uow: UnitOfWork, code: str) -> str:
    values = {"code": code, "title": TITLES[code], "body": OWN_WORDS[code], "law_as_of": OWN_LAW_AS_OF}
    board = Subject(icbs=frozenset({uow.actor.icb_id} if uow.actor.icb_id else ()))
    request = propose(
        uow, subject=SUBJECT, act=ADD.partition("/")[2], title=USES[code], before={},
        after={"Title": TITLES[code], "Words": OWN_WORDS[code]}, values=values, reason=WHY,
        permission=Permission.TEMPLATE_PROPOSE, under=board, slot=f"{uow.actor.icb_id}:{code}",
    )  # fmt: skip
    return str(request)


def _approve(uow: UnitOfWork, request: str) -> str:
    from uuid import UUID

    return str(approve(uow, UUID(request)))
