"""Plans, their outcomes and services. A plan is written on its own pages; here it is found."""

from __future__ import annotations

from phbportal.admin.fields import Choice, Day, Having, Integer, Link, LongText, Moment, Tag, Text
from phbportal.admin.resource import Action, Form, Related, Resource, Section, fields
from phbportal.domain.plans import OUTCOME_WORDS, PLAN_STATUS_WORDS, SHARE_WORDS
from phbportal.domain.regulated_care import ACTIVITY_WORDS, CQC_NAMES, EXEMPTION_WORDS, GIVEN_BY_WORDS, GivenBy
from phbportal.policy.permissions import Permission
from phbportal.queries import which
from phbportal.resources.beside import OF_THE_BUDGET, its_budget
from phbportal.resources.colours import PLAN_COLOURS
from phbportal.services.plan_parts import share_outcome
from phbportal.services.regulated_care import EXEMPTION, change_service
from phbportal.tables.plans import Outcome, Plan, PlanService

_WHOLE = Permission.PLAN_READ
"""What a part that is shared does not tell to whoever sees no more of the plan."""
_REGULATED = tuple(activity.value for activity in CQC_NAMES)

PLANS = Resource(
    code="plans",
    table=Plan,
    one="plan",
    many="Plans",
    intro="Every version of every plan, and where it stands.",
    read=Permission.PLAN_READ,
    fields=(
        Integer("version", "Plan", called="Version"),
        Link("phb_id", "Budget", to="phbs"),
        Tag("status", choices=PLAN_STATUS_WORDS, colours=PLAN_COLOURS),
        Moment("submitted_at", "Sent for sign-off"),
        Day("signed_on", "Signed off on"),
        Moment("approved_at", "Approved"),
        LongText("about_me"),
        LongText("what_matters"),
        LongText("contingency", "If something goes wrong"),
        LongText("return_reason", "Why it was sent back"),
        Day("person_signed_on", "Signed by the person on"),
        Having("which", "Which", choices=which.PLANS, condition=which.plans),
    ),
    title="version",
    columns=("version", "phb_id", "status", "submitted_at", "signed_on", "approved_at"),
    filters=("status", "which"),
    search_hint="",
    sections=(
        Section(
            "Where it stands",
            ("phb_id", "status", "submitted_at", "signed_on", "approved_at", "person_signed_on", "return_reason"),
        ),
        Section("Its words", ("about_me", "what_matters", "contingency")),
        Related("outcomes", by="plan_id", columns=("statement", "measure", "target_on", "status", "share")),
        Related("services", by="plan_id", columns=("description", "who", "when", "share")),
        Related("plan-sections", by="plan_id"),
        Related("plan-risks", by="plan_id"),
        Related("plan-contingencies", by="plan_id"),
        Related("plan-omissions", by="plan_id"),
        Related("plan-comments", by="plan_id"),
        Related("planners", by="plan_id"),
        *OF_THE_BUDGET,
    ),
    export=Permission.BUDGET_EXPORT,
)

OUTCOMES = Resource(
    code="outcomes",
    table=Outcome,
    one="outcome",
    many="Outcomes",
    intro="What people want to be different, plan by plan.",
    read=Permission.PLAN_PART_READ,
    fields=(
        Text("statement", "Outcome"),
        Text("measure", "How we will know"),
        Day("target_on", "By"),
        Choice("status", choices=OUTCOME_WORDS),
        Choice("share", "Who else may see it", choices=SHARE_WORDS, needed="Choose who else may see it."),
        Link("plan_id", "Plan", to="plans"),
        its_budget(Outcome),
    ),
    title="statement",
    columns=("statement", "budget", "measure", "target_on", "status", "share"),
    filters=("status", "share"),
    sections=(Section("About it", ("statement", "budget", "measure", "target_on", "status", "share", "plan_id")),),
    change=Form(
        title="Who else may see this outcome",
        steps=fields("share"),
        permission=Permission.PLAN_WRITE,
        save=share_outcome,
        done="It is saved.",
    ),
)

SERVICES = Resource(
    code="services",
    table=PlanService,
    one="service",
    many="Services",
    intro="What plans say will be bought or provided.",
    read=Permission.PLAN_PART_READ,
    fields=(
        Text("description", "Service"),
        Text("who", "Who provides it"),
        Text("when", "When"),
        Choice("share", "Who else may see it", choices=SHARE_WORDS, needed="Choose who else may see it."),
        Text("excused", "Rules it was let off", needs=_WHOLE),
        Text("excused_because", "Why the money may buy it", needs=_WHOLE),
        Choice("activity", "Is it care that must be registered?", choices=ACTIVITY_WORDS,
               hint="With the Care Quality Commission (CQC)", needed="Say whether it is care that must be registered."),
        Choice("given_by", "Who gives such care?", choices=GIVEN_BY_WORDS, optional=True,
               only_if=("activity", _REGULATED), hint="It is needed before the plan is sent"),
        Link("organisation_id", "Which organisation?", to="providers", optional=True,
             only_if=("given_by", (GivenBy.ORGANISATION.value,)),
             hint="Leave it open where the holder of a third-party budget gives it"),
        Choice("exempt", "Exemption from registration", choices=EXEMPTION_WORDS, needs=_WHOLE),
        LongText("exempt_because", "Why it is exempt", needs=_WHOLE),
        Day("exempt_on", "Exempt since", needs=_WHOLE),
        Link("plan_id", "Plan", to="plans"),
        its_budget(PlanService),
    ),
    title="description",
    columns=("description", "budget", "who", "when", "share"),
    filters=("share", "activity"),
    sections=(
        Section("About it", ("description", "budget", "who", "when", "share", "excused", "excused_because", "plan_id")),
        Section(
            "Registered care", ("activity", "given_by", "organisation_id", "exempt", "exempt_because", "exempt_on")
        ),
    ),
    change=Form(
        title="Who gives this service, and who else may see it",
        steps=fields("activity", "given_by", "organisation_id", "share"),
        permission=Permission.PLAN_WRITE,
        save=change_service,
        done="It is saved.",
    ),
    actions=(
        Action(
            code="exempt",
            label="Ask for an exemption from registration",
            permission=Permission.PLAN_WRITE,
            second=EXEMPTION,
            why="exempt_because",
            when=("activity", _REGULATED),
            explains="Where the law asks for no registration, or somebody looked it up on the CQC’s own register.",
            asks=(
                Choice("exempt", "Which exemption is it?", choices=EXEMPTION_WORDS, needed="Choose an exemption."),
                LongText("exempt_because", "Why is it exempt?", longest=500, needed="Say why it is exempt.",
                         hint="Name the organisation, and where it was looked up"),
            ),
        ),
    ),
)  # fmt: skip
