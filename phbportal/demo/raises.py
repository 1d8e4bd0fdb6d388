"""The yearly uplift of the first board: its percentage agreed by two people, and what it comes to, for an approver."""

from __future__ import annotations

from uuid import UUID

from phbportal.demo.stage import Stage
from phbportal.domain.roles import Role
from phbportal.domain.uplifts import next_first_of_april
from phbportal.services.change_requests import approve
from phbportal.services.policies import SettingEntry, propose_setting
from phbportal.services.uplifts import prepare_uplift, propose_uplift

POINTS = "250"
"""Two and a half per cent, in hundredths of one."""


def uplift_that_waits(stage: Stage) -> None:
    """Denise works out what every budget is raised to from 1 April, and proposes it."""
    grace, ruth = stage.staff["grace", Role.ADMIN], stage.staff["ruth", Role.APPROVER]
    denise, on = stage.staff["denise", Role.FINANCE], stage.days.joined
    entry, why = SettingEntry(POINTS, on), "What the board’s finance committee agreed for the year."
    change = UUID(stage.act(grace, "uplift", on, lambda uow: propose_setting(uow, "uplift_basis_points", entry, why)))
    stage.act(ruth, "uplift agreed", on, lambda uow: approve(uow, change))
    today = stage.days.working()
    form = {"effective_on": next_first_of_april(today)}
    uplift = UUID(stage.act(denise, "uplift prepared", today, lambda uow: prepare_uplift(uow, form)))
    stage.act(denise, "uplift proposed", today, lambda uow: propose_uplift(uow, uplift, {}))
