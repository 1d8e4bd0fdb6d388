"""What an action asks, over the socket."""

from __future__ import annotations

from phbportal.admin.act_state import ActState
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
    know_rates(world)
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
