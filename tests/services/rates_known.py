"""A world in which the statutory rates of domain.md §4.2 are known."""

from __future__ import annotations

from phbportal.domain.rates import RATES
from phbportal.policy.actors import SYSTEM
from phbportal.services.unit_of_work import open_unit
from phbportal.tables.settings import Rate
from tests.domain import rate_books
from tests.support.world import World, at


def know_rates(world: World) -> None:
    """Write them down as they are known."""
    with open_unit(world.engine, SYSTEM, writes=True, now=at(world.today)) as uow:
        for rate in rate_books.RATES:
            uow.add(Rate, name=rate.name, unit=RATES[rate.name].unit.value, amount=rate.amount,
                    starts_on=rate.starts_on, ends_on=rate.ends_on)  # fmt: skip
