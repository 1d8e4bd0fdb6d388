"""A service that looks as if the money could not buy it, and for which two people say that it may (domain.md §1.8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from phbportal.domain.change_requests import Values
from phbportal.domain.errors import Refusal
from phbportal.domain.plans import Share
from phbportal.domain.reading import Reading
from phbportal.domain.regulated_care import Activity, GivenBy
from phbportal.policy.permissions import Permission
from phbportal.services.change_requests import applies, propose
from phbportal.services.exclusions import found_in
from phbportal.services.open_plans import open_plan
from phbportal.services.plans import ServiceEntry, put_service
from phbportal.services.regulated_care import check_provider
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.plans import Outcome, Plan

SUBJECT, ADD = "plan_service", "excuse"
SHORTEST = 15


def read_because(form: Mapping[str, object]) -> str:
    """Read why the money may buy what looks as if it could not; "" where nothing was said."""
    r = Reading(form)
    because = r.text("because", longest=500)
    if because and len(because) < SHORTEST:
        r.problem("Say in a sentence why the money may buy it.", "because")
    r.finish()
    return because


def propose_service(uow: UnitOfWork, plan_id: UUID, entry: ServiceEntry, because: str) -> UUID:
    """Propose a service for an approver to agree that the money may buy it. Returns the id of the change request.

    Refuses a reason where none is needed: nothing was found, so the service can simply be added.
    """
    plan = uow.find(Plan, plan_id, lock=True)
    uow.require(Permission.PLAN_WRITE, plan)
    open_plan(uow, plan_id)
    check_provider(uow, entry.activity, entry.organisation_id)
    found = found_in(uow, plan.icb_id, entry.description)
    if not found:
        raise Refusal("Nothing stands in the way of this service. Leave this empty.", field="because")
    outcome = uow.session.get(Outcome, entry.outcome_id)
    if outcome is None or outcome.plan_id != plan.id:
        raise Refusal("Choose an outcome of this plan.", field="outcome")
    codes = ", ".join(one.code for one in found)
    after = {
        "Service": entry.description, "For the outcome": outcome.statement, "Who": entry.who, "When": entry.when,
        "Rules it seems to break": codes, "Why the money may buy it": because,
    }  # fmt: skip
    values: dict[str, Any] = {
        "plan_id": plan.id, "outcome_id": entry.outcome_id, "description": entry.description, "who": entry.who,
        "when": entry.when, "share": entry.share.value, "excused": codes, "because": because,
        "activity": entry.activity.value, "given_by": entry.given_by.value if entry.given_by else "",
        "organisation_id": entry.organisation_id,
    }  # fmt: skip
    return propose(
        uow, subject=SUBJECT, act=ADD, title=f"A service that looks as if the money could not buy it ({codes})",
        before={}, after=after, values=values, reason=because, permission=Permission.PLAN_WRITE, under=plan,
    )  # fmt: skip


def _add(uow: UnitOfWork, _row_id: UUID | None, values: Values, _seen: int | None) -> UUID:
    plan = open_plan(uow, values["plan_id"])
    entry = ServiceEntry(
        values["description"], values["outcome_id"], values["who"], values["when"], Share(values["share"]),
        Activity(values.get("activity") or Activity.NONE),
        GivenBy(values["given_by"]) if values.get("given_by") else None, values.get("organisation_id"),
    )  # fmt: skip
    check_provider(uow, entry.activity, entry.organisation_id)
    found = {one.code for one in found_in(uow, plan.icb_id, entry.description)}
    if new := sorted(found - set(values["excused"].split(", "))):
        raise Refusal(f"The board has a rule now that this was not judged by ({', '.join(new)}). Return it.")
    row = put_service(uow, plan, entry, excused=values["excused"], because=values["because"])
    uow.record("service_excused", about=row, phb_id=plan.phb_id, codes=values["excused"])
    return row.id


applies(
    SUBJECT, ADD, what="A service that looks as if the money could not buy it", decides=Permission.RULE_EXCUSE,
    apply=_add,
)  # fmt: skip
