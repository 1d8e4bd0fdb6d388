"""What an action asks, over the socket."""

from __future__ import annotations

from datetime import date

from phbportal.admin.act_state import CHANGED, ActState
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.workers import add_worker
from phbportal.tables.phbs import Phb
from phbportal.tables.workers import Worker
from tests.pages.opening import opened
from tests.services.rates_known import know_rates
from tests.services.test_workers import VALUES
from tests.support.portal import Portal


def test_a_question_that_depends_on_another_of_an_action_follows_its_answer(portal: Portal) -> None:
    world, phb = portal.world, portal.rows(Phb)[0]
    portal.kept("rates", lambda one: know_rates(one.world))
    wife = {**VALUES, "relation": "PARTNER", "same_household": True, "phb_id": phb.id}
    who = world.do(world.cm, lambda uow: add_worker(uow, wife))

    def agreed(uow: UnitOfWork) -> None:
        found = uow.find(Worker, who, lock=True)
        uow.change(found, excepted_on=uow.today, exception_reason="Nobody else can.")

    world.do(world.cm, agreed)
    path = f"/staff/workers/{who}/act/look-again"
    page = opened(portal, "cm", ActState, path, resource="workers", row=str(who), action="look-again")
    assert page.var("answers") == {"still": ""}
    assert page.after(page.send("answer", field="still", value="NO"), "answers") == {"still": "NO"}


def test_an_action_on_what_has_changed_since_is_asked_once_more(portal: Portal) -> None:
    world, phb = portal.world, portal.rows(Phb)[0]
    portal.kept("rates", lambda one: know_rates(one.world))
    who = world.do(world.cm, lambda uow: add_worker(uow, {**VALUES, "name": "Another", "phb_id": phb.id}))
    at = {"resource": "workers", "row": str(who), "action": "left"}
    first, second = (opened(portal, "cm", ActState, f"/staff/workers/{who}/act/left", **at) for _tab in range(2))
    ends = {"ends_on-day": "1", "ends_on-month": "6"}
    assert "done=left" in str(first.send("act", form={**ends, "ends_on-year": "2026"}).events)
    said = second.send("act", form={**ends, "ends_on-year": "2027"})
    assert second.after(said, "problems")[0]["sentence"] == CHANGED
    assert second.after(said, "values") == {**ends, "ends_on-year": "2027"}, "what was typed stays"
    assert [one.ends_on for one in portal.rows(Worker) if one.id == who] == [date(2026, 6, 1)]
    assert "done=left" in str(second.send("act", form={**ends, "ends_on-year": "2027"}).events)
    assert [one.ends_on for one in portal.rows(Worker) if one.id == who] == [date(2027, 6, 1)]
