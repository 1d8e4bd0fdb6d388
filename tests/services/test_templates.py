"""Templates of letters and agreements: every version is written by two people, on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from phbportal.admin.proposing import propose_act, propose_form
from phbportal.domain.change_requests import unpack
from phbportal.domain.errors import NotFound, Refusal
from phbportal.domain.roles import Role
from phbportal.policy.actors import Actor
from phbportal.resources.everything import declare
from phbportal.resources.templates import TEMPLATES
from phbportal.services.change_requests import approve
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.audit import AuditEvent
from phbportal.tables.change_requests import ChangeRequest
from phbportal.tables.document_templates import DocumentTemplate
from tests.services.asking import refused, row, rows
from tests.support.world import World

declare()
LETTER = {"code": "REVIEW", "title": "Your review", "body": "Dear {person_name},\n\nCome on {starts_on}."}
WHY = {"second_reason": "The law has changed."}


def values(world: World, **more: Any) -> dict[str, Any]:
    return {**LETTER, "law_as_of": world.today, **WHY, **more}


def proposed(world: World, by: Actor | None = None, **more: Any) -> UUID:
    form = TEMPLATES.new
    assert form is not None
    return world.do(by or world.admin, lambda uow: propose_form(uow, TEMPLATES, form, None, values(world, **more)))


def changed(world: World, template: UUID, by: Actor | None = None, **more: Any) -> UUID:
    form = TEMPLATES.change
    assert form is not None

    def act(uow: UnitOfWork) -> UUID:
        found = uow.find(DocumentTemplate, template)
        sent = {name: value for name, value in values(world, **more).items() if name != "code"}
        return propose_form(uow, TEMPLATES, form, found, sent)

    return world.do(by or world.finance, act)


def approved(world: World, change: UUID, by: Actor | None = None) -> UUID:
    return world.do(by or world.approver, lambda uow: approve(uow, change))


def versions(world: World) -> list[tuple[int, str, str]]:
    found = sorted(rows(world, DocumentTemplate), key=lambda one: one.version)
    return [(one.version, one.status, one.title) for one in found]


def test_a_template_is_written_when_a_second_person_approves_it(world: World) -> None:
    change = proposed(world)
    assert versions(world) == []
    template = row(world, DocumentTemplate, approved(world, change))
    assert (template.icb_id, template.kind, template.version, template.search_title) == (
        world.icb, "LETTER", 1, "your review",
    )  # fmt: skip
    assert template.created_by == world.admin.user_id
    shown = unpack(row(world, ChangeRequest, change).after_json).shown
    assert (shown["What it is for"], shown["Words"]) == ("Letter: invitation to a review", LETTER["body"])


def test_a_change_makes_the_next_version_and_keeps_the_earlier_one(world: World) -> None:
    first = approved(world, proposed(world))
    change = changed(world, first, title="Your yearly review")
    shown = unpack(row(world, ChangeRequest, change).after_json).shown
    assert (shown["Title"], shown["Version"]) == ("Your yearly review", "2")
    second = approved(world, change)
    assert versions(world) == [(1, "REPLACED", "Your review"), (2, "IN_USE", "Your yearly review")]
    assert second != first
    kinds = [one.kind for one in rows(world, AuditEvent, about_id=first)]
    assert kinds == ["template_written", "template_replaced"]


def test_a_version_that_is_not_in_use_is_neither_changed_nor_withdrawn(world: World) -> None:
    first = approved(world, proposed(world))
    approved(world, changed(world, first, title="Another"))
    with pytest.raises(Refusal, match="This version is replaced"):
        changed(world, first, title="Again")
    withdraw = TEMPLATES.actions[0]
    said = refused(world, world.admin, lambda uow: propose_act(uow, TEMPLATES, withdraw, first, WHY))
    assert said.startswith("This version is replaced.")


def test_a_withdrawn_template_makes_room_for_a_new_one_with_the_next_number(world: World) -> None:
    first = approved(world, proposed(world))
    withdraw = TEMPLATES.actions[0]
    change = world.do(world.admin, lambda uow: propose_act(uow, TEMPLATES, withdraw, first, WHY))
    assert unpack(row(world, ChangeRequest, change).after_json).shown == {"Status": "Withdrawn"}
    approved(world, change, world.auditor)
    approved(world, proposed(world))
    assert versions(world) == [(1, "WITHDRAWN", "Your review"), (2, "IN_USE", "Your review")]


def test_there_is_one_template_of_a_kind_at_a_board_and_each_board_has_its_own(world: World) -> None:
    approved(world, proposed(world))
    with pytest.raises(Refusal, match="There is a template for this already"):
        proposed(world, world.finance)
    theirs = row(world, DocumentTemplate, approved(world, proposed(world, world.other_admin), world.other_approver))
    assert (theirs.icb_id, theirs.version) == (world.other_icb, 1)


def test_two_who_wait_for_the_same_place_leave_one(world: World) -> None:
    """Each was right when it was proposed; the second approval is told so in words."""
    first, second = proposed(world), proposed(world, world.finance, title="Mine")
    approved(world, first)
    said = refused(world, world.approver, lambda uow: approve(uow, second))
    assert said.startswith("There is a template for this already.")


def test_words_that_cannot_be_filled_in_are_refused_when_proposed(world: World) -> None:
    with pytest.raises(Refusal) as refusal:
        proposed(world, body="Dear {nmae}")
    assert [one.field for one in refusal.value.problems] == ["body"]
    assert rows(world, ChangeRequest) == []


def test_nobody_decides_their_own_and_only_those_of_the_matrix_decide(world: World) -> None:
    change = proposed(world)
    for role in (Role.ADMIN, Role.APPROVER, Role.AUDITOR):
        said = refused(world, replace(world.admin, role=role), lambda uow: approve(uow, change))
        assert said == "You proposed this, so someone else must decide it."
    for outside in (world.cm, world.actors["clinician"], world.other_approver):
        with pytest.raises(NotFound):
            world.do(outside, lambda uow: approve(uow, change))
    assert refused(world, world.finance, lambda uow: approve(uow, change)) == "Only an approver can do this."
    approved(world, change, world.auditor)


@pytest.mark.parametrize("by", ["cm", "clinician", "approver", "auditor"])
def test_only_finance_and_administrators_propose(world: World, by: str) -> None:
    with pytest.raises(Refusal):
        proposed(world, world.actors[by])
    assert versions(world) == []
