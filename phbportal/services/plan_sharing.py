"""A plan shared with the person it is about: what they say about it, the answer, and their signature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.errors import NotFound, Refusal
from phbportal.domain.plan_parts import PLACE_WORDS, Place
from phbportal.domain.plans import PLAN_STATUS_WORDS, PlanStatus, step
from phbportal.domain.reading import Reading, given
from phbportal.domain.roles import Role
from phbportal.domain.tasks import PLAN_COMMENT, PLAN_HANDED_IN
from phbportal.policy.permissions import Permission
from phbportal.services.tasks import over
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.phbs import Phb, Task
from phbportal.tables.plan_sharing import PlanComment
from phbportal.tables.plans import Plan

SHOWN_TO_THE_PERSON = frozenset(
    {
        PlanStatus.SHARED, PlanStatus.SUBMITTED, PlanStatus.CLINICALLY_SIGNED, PlanStatus.APPROVED, PlanStatus.ACTIVE,
        PlanStatus.RETURNED,
    }
)  # fmt: skip
SHORTEST_COMMENT = 3
SHORTEST_ANSWER = 10


def share_plan(uow: UnitOfWork, plan_id: UUID) -> None:
    """Show a plan that is being written to the person, who may say what should change."""
    plan = uow.find(Plan, plan_id, lock=True)
    uow.require(Permission.PLAN_SHARE, plan)
    uow.change(plan, status=step(PlanStatus(plan.status), "share").value)
    uow.record("plan_shared", about=plan, phb_id=plan.phb_id, version=plan.version)
    over(uow, plan.phb_id, PLAN_HANDED_IN)


def read_comment(form: Mapping[str, object]) -> tuple[Place, str]:
    """Read what somebody says about a plan: about which part of it, and the words."""
    r = Reading(form)
    place = r.choice("place", Place, needed="Choose which part of the plan it is about.")
    words = r.text("words", needed="Write what you want to say.", longest=2000)
    if words and len(words) < SHORTEST_COMMENT:
        r.problem("Write what you want to say.", "words")
    r.finish()
    return given(place), words


def comment(uow: UnitOfWork, plan_id: UUID, place: Place, words: str) -> UUID:
    """Say something about a part of one's own plan, or of the person's one represents. Returns the id."""
    plan = uow.find(Plan, plan_id)
    uow.require(Permission.PLAN_COMMENT, plan)
    _refuse_unseen(plan)
    phb = uow.session.get_one(Phb, plan.phb_id)
    row = uow.add(
        PlanComment, plan_id=plan.id, phb_id=phb.id, person_id=phb.person_id, icb_id=phb.icb_id, place=place.value,
        words=words, said_as=uow.actor.role.value, said_name=uow.actor.display_name,
    )  # fmt: skip
    uow.record("comment_said", about=row, icb_id=phb.icb_id, phb_id=phb.id, person_id=phb.person_id,
               place=PLACE_WORDS[place])  # fmt: skip
    uow.add(Task, icb_id=phb.icb_id, kind=PLAN_COMMENT, role=Role.CASE_MANAGER.value, phb_id=phb.id,
            person_id=phb.person_id, sentence="Answer what was said about the plan.", part_id=row.id)  # fmt: skip
    return row.id


def answer_comment(uow: UnitOfWork, comment_id: UUID, values: Mapping[str, Any]) -> None:
    """Answer what was said about a plan; whoever said it reads the answer. A comment is answered once."""
    row = uow.find(PlanComment, comment_id, lock=True)
    uow.require(Permission.PLAN_COMMENT_ANSWER, row)
    if row.answered_at is not None:
        raise Refusal("This has been answered already. Reload the page to see the answer.")
    answer = str(values["answer"]).strip()
    if len(answer) < SHORTEST_ANSWER:
        raise Refusal("Answer in a sentence. Whoever said it reads this.", field="answer")
    uow.change(row, answer=answer, answered_by=uow.actor.user_id, answered_at=uow.now)
    uow.record("comment_answered", about=row, phb_id=row.phb_id, person_id=row.person_id,
               place=PLACE_WORDS[Place(row.place)])  # fmt: skip
    waiting = select(Task).where(col(Task.part_id) == row.id, col(Task.done_at).is_(None))
    for task in uow.session.execute(waiting).scalars().all():
        uow.change(task, done_at=uow.now, done_by=uow.actor.user_id)


def sign_own_plan(uow: UnitOfWork, plan_id: UUID, *, seen_version: int) -> None:
    """Sign that a plan is one's own, or that of the person one represents, as it was shown (``seen_version``)."""
    plan = uow.find(Plan, plan_id, lock=True)
    uow.require(Permission.PLAN_OWN_SIGN, plan)
    _refuse_unseen(plan)
    if plan.status == PlanStatus.RETURNED:
        raise Refusal("Your team is changing this plan now. Sign it when you have seen the new one.")
    if plan.person_signed_on is not None:
        raise Refusal("This plan is signed already.")
    if plan.row_version != seen_version:
        raise Refusal("The plan has changed since you opened it. Read it again before you sign.")
    uow.change(plan, person_signed_on=uow.today, person_signed_as=uow.actor.role.value,
               person_signed_name=uow.actor.display_name)  # fmt: skip
    uow.record("own_plan_signed", about=plan, icb_id=plan.icb_id, phb_id=plan.phb_id, version=plan.version)


def _refuse_unseen(plan: Plan) -> None:
    """Of a plan nobody has shown to the person there is nothing to say; an old one is no longer talked about."""
    status = PlanStatus(plan.status)
    if status is PlanStatus.DRAFT:
        raise NotFound()
    if status not in SHOWN_TO_THE_PERSON:
        raise Refusal(f"This plan is “{PLAN_STATUS_WORDS[status]}”, so nothing can be said about it any more.")
