"""What plans hold besides outcomes and services: sections, risks, what happens if, what was not agreed."""

from __future__ import annotations

from phbportal.admin.fields import Choice, Integer, Link, LongText, Text
from phbportal.admin.resource import Form, Resource, Section, fields
from phbportal.domain.plan_parts import SECTION_WORDS
from phbportal.domain.plans import SHARE_WORDS
from phbportal.policy.permissions import Permission
from phbportal.resources.beside import OF_THE_BUDGET
from phbportal.services.plan_parts import (
    add_contingency,
    add_omission,
    add_risk,
    change_contingency,
    change_omission,
    change_risk,
)
from phbportal.tables.plan_parts import PlanContingency, PlanOmission, PlanRisk, PlanSection

SHARE = Choice("share", "Who else may see it", choices=SHARE_WORDS, needed="Choose who else may read it.")
PHB = Link("phb_id", "Budget", to="phbs", hint="The person’s name or the budget’s reference")
PLAN = Link("plan_id", "Plan", to="plans")

SECTIONS = Resource(
    code="plan-sections",
    table=PlanSection,
    one="section of a plan",
    many="Sections of plans",
    intro="Needs, communication, capacity and the other sections of plans. They are written on the page of the plan.",
    read=Permission.PLAN_CARE_READ,
    fields=(Choice("section", choices=SECTION_WORDS), LongText("words"), SHARE, PHB, PLAN),
    title="section",
    columns=("section", "phb_id", "plan_id", "share"),
    filters=("section", "share"),
    sections=(Section("About it", ("section", "words", "share", "phb_id", "plan_id")), *OF_THE_BUDGET),
)

RISKS = Resource(
    code="plan-risks",
    table=PlanRisk,
    one="risk",
    many="Risks",
    intro="What could go wrong, plan by plan, and what is done about it.",
    read=Permission.PLAN_CARE_READ,
    fields=(
        LongText("risk", "What could go wrong", longest=500, needed="Say what could go wrong."),
        Integer("likelihood", "How likely", least=1, most=5, hint="From 1, very unlikely, to 5, almost certain"),
        Integer("impact", "How bad", least=1, most=5, hint="From 1, hardly felt, to 5, a life is in danger"),
        LongText("mitigation", "What is done about it", longest=1000, needed="Say what is done about it."),
        Text("owner", "Who sees to it", needed="Say who sees to it."),
        Text(
            "accepted_by", "Who accepted it, and when", optional=True,
            hint="Needed before sign-off where likelihood times impact is 15 or more",
        ),
        SHARE, PHB, PLAN,
    ),
    title="risk",
    columns=("risk", "phb_id", "likelihood", "impact", "owner", "accepted_by"),
    filters=("share",),
    sections=(
        Section("About it", ("risk", "likelihood", "impact", "mitigation", "owner", "accepted_by", "share")),
        Section("Where it belongs", ("phb_id", "plan_id")),
        *OF_THE_BUDGET,
    ),
    new=Form(
        title="Add a risk",
        steps=fields("phb_id", "risk", "likelihood", "impact", "mitigation", "owner", "accepted_by", "share"),
        permission=Permission.PLAN_WRITE, save=add_risk, done="The risk is added to the plan.",
    ),
    change=Form(
        title="Change the risk",
        steps=fields("risk", "likelihood", "impact", "mitigation", "owner", "accepted_by", "share"),
        permission=Permission.PLAN_WRITE, save=change_risk, done="The changes were saved.",
    ),
)  # fmt: skip

CONTINGENCIES = Resource(
    code="plan-contingencies",
    table=PlanContingency,
    one="contingency",
    many="Contingencies",
    intro="What is done if somebody is ill, something breaks or nobody can be reached, plan by plan.",
    read=Permission.PLAN_CARE_READ,
    fields=(
        Text("happens", "If this happens", longest=300, needed="Say what may happen."),
        LongText("action", "This is done", longest=1000, needed="Say what is done then."),
        Text("who", "By whom", needed="Say who does it, and how to reach them."),
        SHARE, PHB, PLAN,
    ),
    title="happens",
    columns=("happens", "phb_id", "action", "who"),
    filters=("share",),
    sections=(Section("About it", ("happens", "action", "who", "share", "phb_id", "plan_id")), *OF_THE_BUDGET),
    new=Form(
        title="Add what is done if something happens", steps=fields("phb_id", "happens", "action", "who", "share"),
        permission=Permission.PLAN_WRITE, save=add_contingency, done="It is added to the plan.",
    ),
    change=Form(
        title="Change what is done if something happens", steps=fields("happens", "action", "who", "share"),
        permission=Permission.PLAN_WRITE, save=change_contingency, done="The changes were saved.",
    ),
)  # fmt: skip

OMISSIONS = Resource(
    code="plan-omissions",
    table=PlanOmission,
    one="thing not agreed",
    many="Things not agreed",
    empty="Nothing was asked for that is not in the plan.",
    intro="What people asked for and is not in their plan, with the reason they were given.",
    read=Permission.PLAN_CARE_READ,
    fields=(
        LongText("asked_for", "What was asked for", longest=500, needed="Say what was asked for."),
        LongText(
            "reason", "Why it is not agreed", longest=1000, needed="Say why it is not agreed.",
            hint="The person reads this.",
        ),
        SHARE, PHB, PLAN,
    ),
    title="asked_for",
    columns=("asked_for", "phb_id", "reason"),
    filters=("share",),
    sections=(Section("About it", ("asked_for", "reason", "share", "phb_id", "plan_id")), *OF_THE_BUDGET),
    new=Form(
        title="Add what was asked for and is not agreed", steps=fields("phb_id", "asked_for", "reason", "share"),
        permission=Permission.PLAN_WRITE, save=add_omission, done="It is written down.",
    ),
    change=Form(
        title="Change what was asked for and is not agreed", steps=fields("asked_for", "reason", "share"),
        permission=Permission.PLAN_WRITE, save=change_omission, done="The changes were saved.",
    ),
)  # fmt: skip
