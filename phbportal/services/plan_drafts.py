"""The words of a draft as a planner keeps them: what matters and the sections, in one form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from phbportal.domain.plan_parts import LONGEST_SECTION, Section
from phbportal.domain.reading import Reading
from phbportal.services.open_plans import open_plan
from phbportal.services.plan_parts import SectionEntry, write_section
from phbportal.services.plans import PlanEntry, write_plan
from phbportal.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """The words of a plan, and of the sections that were on the form."""

    words: PlanEntry
    sections: dict[Section, str]


def read_draft(form: Mapping[str, object]) -> DraftEntry:
    """Read the form of a draft. Nothing of it is needed while it is only kept."""
    r = Reading(form)
    words = PlanEntry(*(r.text(name, longest=8000) for name in ("about_me", "what_matters", "contingency")))
    names = {section: f"section_{section.value.lower()}" for section in Section}
    sections = {s: r.text(name, longest=LONGEST_SECTION) for s, name in names.items() if name in form}
    r.finish()
    return DraftEntry(words, sections)


def save_draft(
    uow: UnitOfWork, plan_id: UUID, entry: DraftEntry, *, seen: int, seen_parts: Mapping[str, int]
) -> None:  # fmt: skip
    """Keep what a planner wrote. Conflict if somebody else changed the same words since the page was opened."""
    plan = open_plan(uow, plan_id)
    as_it_is = PlanEntry(plan.about_me, plan.what_matters, plan.contingency)
    if entry.words != as_it_is:
        write_plan(uow, plan_id, entry.words, seen_version=seen)
    for section, words in entry.sections.items():
        if words or section.value in seen_parts:
            write_section(uow, plan_id, section, SectionEntry(words), seen_version=seen_parts.get(section.value, 0))
