"""The parts of a plan that are neither outcome nor service: sections, risks, what happens if, what was not agreed."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import UniqueConstraint

from phbportal.domain.plan_parts import Section
from phbportal.domain.plans import Share
from phbportal.tables.base import CheckConstraint, Record, link, long_text, one_of, text, whole


class PlanSection(Record, table=True):
    """The words of one section of one version of a plan, and who else may read them."""

    __tablename__ = "plan_section"
    __table_args__ = (
        one_of("plan_section", "section", Section),
        one_of("plan_section", "share", Share),
        UniqueConstraint("plan_id", "section", name="uq_plan_section"),
    )

    plan_id: UUID = link("plan", index=False)
    phb_id: UUID = link("phb")
    section: str = text(length=20)
    words: str = long_text(personal=True)
    share: str = text(length=10)


class PlanRisk(Record, table=True):
    """What could go wrong, how likely and how bad (1 to 5 each), what is done about it, and who accepted it."""

    __tablename__ = "plan_risk"
    __table_args__ = (
        one_of("plan_risk", "share", Share),
        CheckConstraint("likelihood BETWEEN 1 AND 5", name="ck_plan_risk_likelihood"),
        CheckConstraint("impact BETWEEN 1 AND 5", name="ck_plan_risk_impact"),
    )

    plan_id: UUID = link("plan")
    phb_id: UUID = link("phb")
    position: int = whole()
    risk: str = text(personal=True, length=500)
    likelihood: int = whole(personal=True)
    impact: int = whole(personal=True)
    mitigation: str = text(personal=True, length=1000)
    owner: str = text(personal=True)
    accepted_by: str = text(personal=True, default="")
    share: str = text(length=10)


class PlanContingency(Record, table=True):
    """If this happens, that is done, by whom."""

    __tablename__ = "plan_contingency"
    __table_args__ = (one_of("plan_contingency", "share", Share),)

    plan_id: UUID = link("plan")
    phb_id: UUID = link("phb")
    position: int = whole()
    happens: str = text(personal=True, length=300)
    action: str = text(personal=True, length=1000)
    who: str = text(personal=True)
    share: str = text(length=10)


class PlanOmission(Record, table=True):
    """Something that was asked for and is not in the plan, and why not."""

    __tablename__ = "plan_omission"
    __table_args__ = (one_of("plan_omission", "share", Share),)

    plan_id: UUID = link("plan")
    phb_id: UUID = link("phb")
    position: int = whole()
    asked_for: str = text(personal=True, length=500)
    reason: str = text(personal=True, length=1000)
    share: str = text(length=10)
