"""Yearly uplifts: prepared by finance for every budget that is due, chosen from, proposed; approved or returned by an
approver who did not propose it (domain.md §4.4, §8.4, §9.5). What an approval does is in ``uplift_effects``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import col

from phbportal.domain.errors import NotAllowed, Refusal
from phbportal.domain.path import approvers_needed
from phbportal.domain.reading import given
from phbportal.domain.text import plural
from phbportal.domain.uplifts import OPEN, ItemStatus, UpliftStatus, day_problem, step
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.services.approvers import may_still_approve
from phbportal.services.many_rows import insert_many
from phbportal.services.policies import setting, whole_setting
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.uplift_effects import JOB
from phbportal.services.uplift_sums import LIVE, work_out_uplift
from phbportal.tables.audit import AuditEvent
from phbportal.tables.budgets import Stream
from phbportal.tables.settings import Job
from phbportal.tables.uplifts import Uplift, UpliftItem

_BUDGETS = "budget", "budgets"


def prepare_uplift(uow: UnitOfWork, values: Mapping[str, Any]) -> UUID:
    """Work out what every live budget of the board is raised to from a day, and list those that are not, with why.

    The percentage and what it rests on are the board's settings of that day. Refuses a day too far away, a day for
    which another uplift waits, and one that would raise nothing. Returns the uplift's id.
    """
    board, on = given(uow.actor.icb_id), values["effective_on"]
    uow.require(Permission.UPLIFT_PROPOSE, Subject(icbs=frozenset({board})))
    if problem := day_problem(on, uow.today):
        raise Refusal(problem)
    _refuse_a_second(uow, board, on)
    points = int(setting(uow, board, "uplift_basis_points", on))
    uplift = uow.add(
        Uplift, icb_id=board, effective_on=on, basis_points=points, policy=setting(uow, board, "uplift_policy", on),
        status=UpliftStatus.DRAFT.value, proposed_by=given(uow.actor.user_id),
    )  # fmt: skip
    uow.session.flush()
    raises = False
    for rows in work_out_uplift(uow, uplift):
        insert_many(uow.session, UpliftItem, rows)
        raises = raises or any(row["status"] == ItemStatus.CHOSEN for row in rows)
    if not raises:
        raise Refusal(
            "No budget would be raised from that day. Say the board’s percentage in the settings, and the new rates "
            "under rates, first.",
            field="effective_on",
        )
    uow.record("uplift_prepared", about=uplift, icb_id=board, on=on, budgets=_counted(uow, uplift))
    return uplift.id


def leave_out(uow: UnitOfWork, item_id: UUID, _values: Mapping[str, Any]) -> None:
    """Leave a stream out of an uplift that is not proposed yet."""
    item = _to_choose(uow, item_id, ItemStatus.CHOSEN)
    uow.change(item, status=ItemStatus.LEFT_OUT.value)
    uow.record("raise_left_out", about=item, icb_id=item.icb_id, phb_id=item.phb_id, on=item.effective_on)


def put_back(uow: UnitOfWork, item_id: UUID, _values: Mapping[str, Any]) -> None:
    """Put a stream that was left out back into an uplift that is not proposed yet."""
    item = _to_choose(uow, item_id, ItemStatus.LEFT_OUT)
    uow.change(item, status=ItemStatus.CHOSEN.value)
    uow.record("raise_put_back", about=item, icb_id=item.icb_id, phb_id=item.phb_id, on=item.effective_on)


def _to_choose(uow: UnitOfWork, item_id: UUID, was: ItemStatus) -> UpliftItem:
    item = uow.find(UpliftItem, item_id, lock=True)
    uow.require(Permission.UPLIFT_PROPOSE, item)
    # Locked: what is put back while somebody proposes would be in no sum that an approver's limit is measured by.
    if _locked(uow, item.uplift_id).status not in OPEN:
        raise Refusal("This uplift is proposed or decided, so its budgets are chosen already.")
    if item.status != was:
        raise Refusal("An exception is changed on the budget itself. Reload the page to see what is chosen.")
    return item


def propose_uplift(uow: UnitOfWork, uplift_id: UUID, _values: Mapping[str, Any]) -> None:
    """Propose what is chosen to an approver."""
    uplift = _locked(uow, uplift_id)
    uow.require(Permission.UPLIFT_PROPOSE, uplift)
    after = step(UpliftStatus(uplift.status), "propose")
    if not _counted_number(uow, uplift):
        raise Refusal("Choose at least one budget to raise.")
    uow.change(uplift, status=after.value, proposed_by=uow.actor.user_id, return_reason="", first_by=None,
               largest_pence=_largest(uow, uplift))  # fmt: skip
    uow.record("uplift_proposed", about=uplift, icb_id=uplift.icb_id, on=uplift.effective_on,
               budgets=_counted(uow, uplift), amount_pence=_more(uow, uplift))  # fmt: skip


def withdraw_uplift(uow: UnitOfWork, uplift_id: UUID, _values: Mapping[str, Any]) -> None:
    """Withdraw an uplift that nobody has approved."""
    uplift = _locked(uow, uplift_id)
    uow.require(Permission.UPLIFT_PROPOSE, uplift)
    uow.change(uplift, status=step(UpliftStatus(uplift.status), "withdraw").value)
    uow.record("uplift_withdrawn", about=uplift, icb_id=uplift.icb_id, on=uplift.effective_on)


def return_uplift(uow: UnitOfWork, uplift_id: UUID, values: Mapping[str, Any]) -> None:
    """Return what somebody else proposed, with what must be different."""
    uplift = _locked(uow, uplift_id)
    _require_another(uow, uplift)
    uow.change(uplift, status=step(UpliftStatus(uplift.status), "return").value, return_reason=values["why"],
               first_by=None)  # fmt: skip
    uow.record("uplift_returned", about=uplift, icb_id=uplift.icb_id, on=uplift.effective_on)


def approve_uplift(uow: UnitOfWork, uplift_id: UUID, _values: Mapping[str, Any]) -> None:
    """Approve what somebody else proposed: a worker then writes each budget's new version, once.

    Where one of the budgets comes to more than one approver agrees, the first only counts as the first of two (§9.5);
    each must be within their own limit. It is measured by what the budgets come to now, not when it was proposed; and
    a first approver whose limit is below that since counts no more.
    """
    uplift = _locked(uow, uplift_id)
    _require_another(uow, uplift)
    if (largest := _largest(uow, uplift)) != uplift.largest_pence and uplift.status == UpliftStatus.PROPOSED:
        uow.change(uplift, largest_pence=largest)
    uow.require(Permission.UPLIFT_APPROVE, uplift)
    _refuse_who_had_a_hand_in_it(uow, uplift)
    after = step(UpliftStatus(uplift.status), "approve")
    if uplift.first_by == uow.actor.user_id:
        raise NotAllowed("You approved this as the first of two, so another approver must approve it now.")
    limit = whole_setting(uow, uplift.icb_id, "second_approver_over_weekly_pence")
    told: dict[str, Any] = {"icb_id": uplift.icb_id, "on": uplift.effective_on, "budgets": _counted(uow, uplift)}
    first = uplift.first_by is not None and may_still_approve(uow, uplift.first_by, uplift.icb_id, largest)
    if not first and approvers_needed(largest, 0, limit) > 1:
        uow.change(uplift, first_by=uow.actor.user_id)
        uow.record("uplift_approved_first", about=uplift, **told)
        return
    uow.change(uplift, status=after.value, approved_by=uow.actor.user_id, approved_on=uow.today)
    _have_written(uow, uplift)
    uow.record("uplift_approved", about=uplift, amount_pence=_more(uow, uplift), **told)


def write_the_rest(uow: UnitOfWork, uplift_id: UUID, _values: Mapping[str, Any]) -> None:
    """Have a worker go on with an approved uplift whose writing has stopped."""
    uplift = _locked(uow, uplift_id)
    uow.require(Permission.UPLIFT_PROPOSE, uplift)
    if uplift.status != UpliftStatus.APPROVED or not uplift.problem:
        raise Refusal("The writing of this uplift has not stopped. Reload the page to see how far it is.")
    uow.change(uplift, problem=None)
    _have_written(uow, uplift)
    uow.record("uplift_gone_on", about=uplift, icb_id=uplift.icb_id, on=uplift.effective_on)


def _have_written(uow: UnitOfWork, uplift: Uplift) -> None:
    uow.add(Job, kind=JOB, icb_id=uplift.icb_id, status="WAITING", payload=str(uplift.id), outcome="")


def agree_by_hand(uow: UnitOfWork, stream_id: UUID, values: Mapping[str, Any]) -> None:
    """Note that the price of a stream was agreed by hand, with whom and until when, in words: no uplift raises it."""
    stream = uow.find(Stream, stream_id, lock=True)
    uow.require(Permission.BUDGET_WRITE, stream)
    uow.change(stream, price_agreed=values["agreed"])
    uow.record("price_agreed", about=stream, icb_id=stream.icb_id, phb_id=stream.phb_id)


def free_price(uow: UnitOfWork, stream_id: UUID, _values: Mapping[str, Any]) -> None:
    """Note that the price of a stream is not agreed by hand any more."""
    stream = uow.find(Stream, stream_id, lock=True)
    uow.require(Permission.BUDGET_WRITE, stream)
    if not stream.price_agreed:
        raise Refusal("The price of this stream is not agreed by hand.")
    uow.change(stream, price_agreed=None)
    uow.record("price_free", about=stream, icb_id=stream.icb_id, phb_id=stream.phb_id)


def _locked(uow: UnitOfWork, uplift_id: UUID) -> Uplift:
    return uow.find(Uplift, uplift_id, lock=True)


def _require_another(uow: UnitOfWork, uplift: Uplift) -> None:
    """An approver who did not propose it, whatever their limit: returning needs none, for whoever may approve the
    smallest may say that something is wrong."""
    about = Subject(
        icbs=frozenset({uplift.icb_id}), made_by=frozenset({uplift.proposed_by}) | frozenset(
            {uplift.created_by} if uplift.created_by else ())
    )  # fmt: skip
    uow.require(Permission.UPLIFT_APPROVE, about)


def _refuse_who_had_a_hand_in_it(uow: UnitOfWork, uplift: Uplift) -> None:
    """Whoever chose one of its budgets, or proposed it before it was returned, agrees with themselves (I12). The row
    keeps only who proposed it last."""
    me, e = uow.actor.user_id, AuditEvent
    chose = select(col(UpliftItem.id)).where(col(UpliftItem.uplift_id) == uplift.id, col(UpliftItem.updated_by) == me)
    proposed = select(col(e.id)).where(
        col(e.about_id) == uplift.id, col(e.kind) == "uplift_proposed", col(e.created_by) == me
    )
    if any(uow.session.execute(found.limit(1)).first() is not None for found in (chose, proposed)):
        raise NotAllowed("You chose budgets of this uplift, or proposed it before, so someone else must approve it.")


def _refuse_a_second(uow: UnitOfWork, board: UUID, on: date) -> None:
    waits = [UpliftStatus.DRAFT.value, UpliftStatus.PROPOSED.value, UpliftStatus.RETURNED.value,
             UpliftStatus.APPROVED.value]  # fmt: skip
    same = select(col(Uplift.id)).where(
        col(Uplift.icb_id) == board, col(Uplift.effective_on) == on, col(Uplift.status).in_(waits)
    )
    if uow.session.execute(same.limit(1)).first() is not None:
        raise Refusal("An uplift from that day is being prepared or decided already. Open that one.",
                      field="effective_on")  # fmt: skip


def _chosen(uplift: Uplift) -> ColumnElement[bool]:
    return and_(col(UpliftItem.uplift_id) == uplift.id, col(UpliftItem.status) == ItemStatus.CHOSEN.value)


def _counted_number(uow: UnitOfWork, uplift: Uplift) -> int:
    budgets = select(func.count(func.distinct(col(UpliftItem.phb_id)))).where(_chosen(uplift))
    return uow.session.execute(budgets).scalar_one()


def _counted(uow: UnitOfWork, uplift: Uplift) -> str:
    return plural(_counted_number(uow, uplift), *_BUDGETS)


def _more(uow: UnitOfWork, uplift: Uplift) -> int:
    more = func.sum(col(UpliftItem.after_pence) - col(UpliftItem.before_pence))
    return int(uow.session.execute(select(more).where(_chosen(uplift))).scalar_one() or 0)


def _largest(uow: UnitOfWork, uplift: Uplift) -> int:
    """The most that one of the chosen budgets comes to a week, with its streams that are not raised."""
    i = UpliftItem
    more = func.sum(col(i.after_pence) - col(i.before_pence))
    raised = select(col(i.phb_id), more.label("more")).where(_chosen(uplift)).group_by(col(i.phb_id)).subquery()
    whole = (
        select((func.sum(col(Stream.weekly_pence)) + func.max(raised.c.more)).label("whole"))
        .join(raised, raised.c.phb_id == col(Stream.phb_id))
        .where(col(Stream.status).in_(LIVE))
        .group_by(col(Stream.phb_id))
        .subquery()
    )
    return int(uow.session.execute(select(func.max(whole.c.whole))).scalar_one() or 0)
