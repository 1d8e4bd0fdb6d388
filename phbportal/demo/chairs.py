"""The wheelchairs of the demo world: what each was worked out from, who adds to it, and how it comes to its person."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.demo.stage import Stage
from phbportal.domain.periods import months_after
from phbportal.policy.actors import Actor
from phbportal.services import wheelchairs
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.wheelchairs import Wheelchair

_BOUGHT: dict[str, Any] = {
    "way": "PWB_DIRECT_PAYMENT", "supplier": "Merseyside Mobility", "term_years": 5, "extras_pence": None,
    "relieved_of_vat": None, "repairs_pence": None, "covers": "NOTHING",
}  # fmt: skip
CHAIRS: dict[str, dict[str, Any]] = {
    "rafiq": {
        "way": "PWB_NOTIONAL_CONTRIBUTION", "supplier": "Cheshire and Merseyside Wheelchair Service", "term_years": 5,
        "chair": "Powered chair with a kerb climber", "value_pence": 480_000, "extras_pence": 50_000,
        "relieved_of_vat": False, "repairs_pence": None, "chair_pence": None, "covers": None,
    },
    "eilidh": _BOUGHT | {"chair": "Light active chair", "value_pence": 265_000, "chair_pence": 258_900},
    "sipho": _BOUGHT | {"chair": "A chair that rises", "value_pence": 390_000, "chair_pence": 390_000},
}  # fmt: skip
ADDS: dict[str, tuple[tuple[str, str, int], ...]] = {
    "rafiq": (("Mohammed Rafiq", "PERSON", 35_000), ("Wheels for Mersey", "CHARITY", 25_000)),
}
"""Who adds to a chair: their name, who they are, and pence with the VAT in it."""


def worked_out(stage: Stage, key: str, by: Actor, phb_id: UUID, *, on: date) -> None:
    """A wheelchair budget is worked out as its plan is written, and whoever adds to it says so."""
    values = CHAIRS[key] | {"phb_id": phb_id, "prescribed_on": on}
    chair = UUID(stage.act(by, f"{key} wheelchair", on, lambda uow: wheelchairs.add_wheelchair(uow, values)))
    for name, source, pence in ADDS.get(key, ()):
        adds = {"wheelchair_id": chair, "name": name, "source": source, "amount_pence": pence, "promised_on": on}
        stage.act(by, f"{key} wheelchair {name}", on, lambda uow, v=adds: wheelchairs.add_contribution(uow, v))


def handed_over(stage: Stage, key: str, by: Actor, phb_id: UUID, *, on: date) -> None:
    """The chair comes; it is looked at again after a year."""

    def hand(uow: UnitOfWork) -> None:
        found = uow.session.execute(select(col(Wheelchair.id)).where(col(Wheelchair.phb_id) == phb_id)).scalar_one()
        values = {"issued_on": on, "review_on": months_after(on, 12)}
        wheelchairs.hand_over(uow, found, values)

    stage.act(by, f"{key} handed over", on + timedelta(days=1), hand)
