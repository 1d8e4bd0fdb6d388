"""The sections, risks, contingencies and omissions of plans, and what was said about them: as text, by plan.

Of each kind one statement, however many plans; what is out of the actor's sight is not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.clock import london_date
from phbportal.domain.eligibility import Cohort
from phbportal.domain.plan_parts import (
    HOLDER_WORDS,
    PLACE_WORDS,
    SECTION_WORDS,
    Place,
    RiskFact,
    Section,
    risk_words,
    sections_for,
    unwritten,
)
from phbportal.domain.plans import SHARE_WORDS, Share
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.domain.text import listed, long_date
from phbportal.policy.actors import Actor
from phbportal.queries.names import names_of
from phbportal.queries.scope import visible
from phbportal.tables.local_rules import LocalRule
from phbportal.tables.phbs import Phb
from phbportal.tables.plan_parts import PlanContingency, PlanOmission, PlanRisk, PlanSection
from phbportal.tables.plan_sharing import PlanComment
from phbportal.tables.plans import Outcome, PlanService


@dataclass(frozen=True, slots=True)
class SectionView:
    """One section: its code, what staff and the holder call it, its words, and who else reads them."""

    code: str
    title: str
    own_title: str
    words: str
    share: str
    version: int = 0
    share_code: str = Share.NOBODY.value


@dataclass(frozen=True, slots=True)
class RiskView:
    """A risk: what, how high ("High: likelihood 4, impact 5"), what is done, who sees to it, who accepted it."""

    id: str
    risk: str
    score: str
    mitigation: str
    owner: str
    accepted: str


@dataclass(frozen=True, slots=True)
class ContingencyView:
    id: str
    happens: str
    action: str
    who: str


@dataclass(frozen=True, slots=True)
class OmissionView:
    id: str
    asked_for: str
    reason: str


@dataclass(frozen=True, slots=True)
class CommentView:
    """Something said about a part of a plan: by whom and when, the words, and the answer once there is one."""

    id: str
    place: str
    said: str
    words: str
    answer: str = ""
    answered: str = ""


@dataclass(frozen=True, slots=True)
class PlanParts:
    """What a plan holds besides words, outcomes and services."""

    sections: list[SectionView] = field(default_factory=list[SectionView])
    risks: list[RiskView] = field(default_factory=list[RiskView])
    contingencies: list[ContingencyView] = field(default_factory=list[ContingencyView])
    omissions: list[OmissionView] = field(default_factory=list[OmissionView])
    comments: list[CommentView] = field(default_factory=list[CommentView])


def parts_of_plans(session: Session, actor: Actor, today: date, plan_ids: Sequence[UUID]) -> dict[UUID, PlanParts]:
    """The parts of these plans by plan, sections in the order of the page. Six statements at most."""
    order = [one.value for one in Section]
    found = {plan_id: PlanParts() for plan_id in plan_ids}
    if not found:
        return found
    for row in sorted(_rows(session, actor, today, PlanSection, plan_ids), key=lambda one: order.index(one.section)):
        found[row.plan_id].sections.append(_section(row))
    for row in _rows(session, actor, today, PlanRisk, plan_ids):
        found[row.plan_id].risks.append(_risk(row))
    for row in _rows(session, actor, today, PlanContingency, plan_ids):
        found[row.plan_id].contingencies.append(ContingencyView(str(row.id), row.happens, row.action, row.who))
    for row in _rows(session, actor, today, PlanOmission, plan_ids):
        found[row.plan_id].omissions.append(OmissionView(str(row.id), row.asked_for, row.reason))
    comments = _rows(session, actor, today, PlanComment, plan_ids)
    names = names_of(session, [one.answered_by for one in comments])
    for row in comments:
        answered = f"{names.of(row.answered_by)}, {long_date(london_date(row.answered_at))}" if row.answered_at else ""
        said = f"{row.said_name}, {ROLE_WORDS[Role(row.said_as)]}, {long_date(london_date(row.created_at))}"
        view = CommentView(str(row.id), PLACE_WORDS[Place(row.place)], said, row.words, row.answer, answered)
        found[row.plan_id].comments.append(view)
    return found


def _rows(session: Session, actor: Actor, today: date, table: Any, plan_ids: Sequence[UUID]) -> list[Any]:
    rows = select(table).where(table.plan_id.in_(plan_ids), visible(actor, table, today)).order_by(table.id)
    return list(session.execute(rows).scalars())


def _section(row: PlanSection) -> SectionView:
    section = Section(row.section)
    return SectionView(
        section.value, SECTION_WORDS[section], HOLDER_WORDS[section], row.words, SHARE_WORDS[Share(row.share)],
        row.row_version, row.share,
    )  # fmt: skip


def _risk(row: PlanRisk) -> RiskView:
    score = RiskFact(row.likelihood, row.impact).score
    words = f"{risk_words(score)}: likelihood {row.likelihood}, impact {row.impact}"
    return RiskView(str(row.id), row.risk, words, row.mitigation, row.owner, row.accepted_by)


def with_empty(parts: PlanParts, cohort: Cohort) -> list[SectionView]:
    """Every section a plan for this cohort has, the empty ones too: what a case manager fills one by one."""
    written = {one.code: one for one in parts.sections}
    return [
        written.get(one.value) or SectionView(one.value, SECTION_WORDS[one], HOLDER_WORDS[one], "", "", 0)
        for one in sections_for(cohort)
    ]


def still_needed(parts: PlanParts, cohort: Cohort) -> str:
    """The sections of regulation 8 that nobody has written yet, in a sentence; "" where there are none."""
    empty = unwritten({Section(one.code): one.words for one in parts.sections}, cohort)
    if not empty:
        return ""
    names = listed([f"“{SECTION_WORDS[one]}”" for one in empty])
    return f"Needed before a first payment (regulation 8) and still empty: {names}."


@dataclass(frozen=True, slots=True)
class SharedPart:
    """A part of a plan that is marked for whoever reads it: which, and what it says."""

    kind: str
    words: str


def shared_parts(
    session: Session, actor: Actor, today: date, plan_id: UUID | ScalarSelect[UUID] | None
) -> tuple[SharedPart, ...]:
    """Everything of one plan that is marked for the actor (a provider, a nominee), in the order of the plan."""
    if plan_id is None:
        return ()

    def of(table: Any, *columns: Any) -> Any:
        rows = select(*columns).where(table.plan_id == plan_id, visible(actor, table, today)).order_by(table.id)
        return session.execute(rows).all()

    found = [SharedPart("What the person wants", row.statement) for row in of(Outcome, col(Outcome.statement))]
    s = PlanService
    found += [
        SharedPart("What helps", ", ".join(filter(None, (row.description, row.who, row.when))))
        for row in of(s, col(s.description), col(s.who), col(s.when))
    ]
    order = list(SECTION_WORDS)
    sections = of(PlanSection, col(PlanSection.section), col(PlanSection.words))
    found += [
        SharedPart(SECTION_WORDS[Section(row.section)], row.words)
        for row in sorted(sections, key=lambda row: order.index(Section(row.section)))
        if row.words
    ]
    r, c, o = PlanRisk, PlanContingency, PlanOmission
    for row in of(r, col(r.risk), col(r.likelihood), col(r.impact), col(r.mitigation), col(r.owner)):
        high = risk_words(RiskFact(row.likelihood, row.impact).score)
        found.append(SharedPart(f"Risk ({high.lower()})", f"{row.risk}. {row.mitigation} ({row.owner})"))
    for row in of(c, col(c.happens), col(c.action), col(c.who)):
        found.append(SharedPart("If something goes wrong", f"{row.happens}: {row.action} ({row.who})"))
    for row in of(o, col(o.asked_for), col(o.reason)):
        found.append(SharedPart("Asked for and not agreed", f"{row.asked_for}: {row.reason}"))
    return tuple(found)


def board_rules(session: Session, actor: Actor, today: date, *, person_id: UUID | None = None) -> list[str]:
    """What the boards of the budgets in sight add to the list of what cannot be bought, in few words. One statement."""
    boards = select(col(Phb.icb_id)).where(visible(actor, Phb, today))
    if person_id is not None:
        boards = boards.where(col(Phb.person_id) == person_id)
    r = LocalRule
    rows = session.execute(
        select(col(r.easy))
        .where(
            col(r.icb_id).in_(boards), col(r.starts_on) <= today,
            or_(col(r.ends_on).is_(None), col(r.ends_on) >= today),
        )
        .order_by(col(r.code), col(r.id))
    ).scalars()  # fmt: skip
    return list(dict.fromkeys(rows))
