"""The sections, risks, contingencies and omissions of a plan that is being written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from phbportal.domain.eligibility import Cohort
from phbportal.domain.errors import NotFound, Refusal
from phbportal.domain.plan_parts import LONGEST_SECTION, SECTION_WORDS, Section, check_risk, sections_for
from phbportal.domain.plans import Share
from phbportal.domain.reading import Reading, given
from phbportal.policy.permissions import Permission
from phbportal.services.open_plans import open_plan, open_plan_of, unsign
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.phbs import Phb
from phbportal.tables.plan_parts import PlanContingency, PlanOmission, PlanRisk, PlanSection
from phbportal.tables.plans import Outcome, Plan


@dataclass(frozen=True, slots=True)
class SectionEntry:
    """The words of a section, and who else may read them; None leaves that as it is."""

    words: str
    share: Share | None = None


def read_section(form: Mapping[str, object]) -> SectionEntry:
    """Read the form of a section; empty words take it out of the plan's pages."""
    r = Reading(form)
    entry = SectionEntry(
        r.text("words", longest=LONGEST_SECTION), r.choice("share", Share, needed="Choose who else may read it.")
    )
    r.finish()
    return entry


def write_section(
    uow: UnitOfWork, plan_id: UUID, section: Section, entry: SectionEntry, *, seen_version: int = 0
) -> None:
    """Write a section. ``seen_version`` is its version when the form was opened, 0 if it was not there: Conflict if
    somebody else wrote it since."""
    plan = open_plan(uow, plan_id)
    phb = uow.session.get_one(Phb, plan.phb_id)
    if section not in sections_for(Cohort(phb.cohort)):
        raise NotFound()
    row = uow.session.execute(
        select(PlanSection).where(col(PlanSection.plan_id) == plan.id, col(PlanSection.section) == section.value)
    ).scalar_one_or_none()
    if row is None:
        share = entry.share or Share.NOBODY
        row = uow.add(PlanSection, plan_id=plan.id, phb_id=plan.phb_id, section=section.value, words=entry.words,
                      share=share.value)  # fmt: skip
    else:
        if row.words != entry.words:
            uow.check_version(row, seen_version, theirs={"words": row.words}, mine={"words": entry.words})
        if not uow.change(row, words=entry.words, share=(entry.share or Share(row.share)).value):
            return
    unsign(uow, plan)
    uow.record("section_written", about=row, icb_id=plan.icb_id, phb_id=plan.phb_id, version=plan.version,
               section=SECTION_WORDS[section])  # fmt: skip


def add_risk(uow: UnitOfWork, values: Mapping[str, Any]) -> UUID:
    """Add a risk to the plan being written for a budget. Returns its id."""
    check_risk(int(values["likelihood"]), int(values["impact"]))
    return _add(uow, PlanRisk, values, ("risk", "likelihood", "impact", "mitigation", "owner", "accepted_by", "share"),
                "risk_written")  # fmt: skip


def change_risk(uow: UnitOfWork, risk_id: UUID, values: Mapping[str, Any]) -> None:
    """Change a risk of a plan that is being written."""
    check_risk(int(values["likelihood"]), int(values["impact"]))
    _change(uow, PlanRisk, risk_id, values, "risk_written")


def add_contingency(uow: UnitOfWork, values: Mapping[str, Any]) -> UUID:
    """Add what is done if something happens. Returns its id."""
    return _add(uow, PlanContingency, values, ("happens", "action", "who", "share"), "contingency_written")


def change_contingency(uow: UnitOfWork, row_id: UUID, values: Mapping[str, Any]) -> None:
    """Change what is done if something happens."""
    _change(uow, PlanContingency, row_id, values, "contingency_written")


def add_omission(uow: UnitOfWork, values: Mapping[str, Any]) -> UUID:
    """Write down what was asked for and is not in the plan, and why. Returns its id."""
    return _add(uow, PlanOmission, values, ("asked_for", "reason", "share"), "omission_written")


def change_omission(uow: UnitOfWork, row_id: UUID, values: Mapping[str, Any]) -> None:
    """Change what was asked for and is not in the plan, or why."""
    _change(uow, PlanOmission, row_id, values, "omission_written")


def share_outcome(uow: UnitOfWork, outcome_id: UUID, values: Mapping[str, Any]) -> None:
    """Say who else may read an outcome of a plan that is being written."""
    row = uow.find(Outcome, outcome_id, lock=True)
    plan = open_plan(uow, row.plan_id)
    if uow.change(row, share=Share(values["share"]).value):
        uow.record("part_shared", about=row, phb_id=plan.phb_id, version=plan.version)


def _add(uow: UnitOfWork, table: Any, values: Mapping[str, Any], names: tuple[str, ...], kind: str) -> UUID:
    phb = uow.find(Phb, values["phb_id"])
    uow.require(Permission.PLAN_WRITE, phb)
    plan = open_plan_of(uow, phb.id)
    position = uow.session.execute(select(func.max(table.position)).where(table.plan_id == plan.id)).scalar_one()
    row = uow.add(table, plan_id=plan.id, phb_id=phb.id, position=1 + (position or 0), **_kept(values, names))
    _written(uow, plan, row, kind)
    return row.id


def _change(uow: UnitOfWork, table: Any, row_id: UUID, values: Mapping[str, Any], kind: str) -> None:
    row = uow.find(table, row_id, lock=True)
    plan = open_plan(uow, given(row.plan_id))
    names = tuple(name for name in values if name != "phb_id")
    if uow.change(row, **_kept(values, names)):
        _written(uow, plan, row, kind)


def _written(uow: UnitOfWork, plan: Plan, row: Any, kind: str) -> None:
    unsign(uow, plan)
    match kind:
        case "risk_written":
            uow.record("risk_written", about=row, phb_id=plan.phb_id, version=plan.version)
        case "contingency_written":
            uow.record("contingency_written", about=row, phb_id=plan.phb_id, version=plan.version)
        case _:
            uow.record("omission_written", about=row, phb_id=plan.phb_id, version=plan.version)


def _kept(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """What the form said, by column: numbers of a scale as numbers, nothing as nothing."""
    kept: dict[str, Any] = {}
    for name in names:
        value = values[name]
        kept[name] = int(value) if name in ("likelihood", "impact") else value or ""
    if not kept.get("share"):
        raise Refusal("Choose who else may read it.", field="share")
    return kept
