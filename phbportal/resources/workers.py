"""Personal assistants and others paid from budgets: who they are, their pay and their checks."""

from __future__ import annotations

from dataclasses import replace

from phbportal.admin.fields import Choice, Day, Hours, Link, LongText, Money, Text, YesNo
from phbportal.admin.resource import Action, Form, Related, Resource, Section, Step
from phbportal.domain.relations import RELATION_WORDS, Relation
from phbportal.domain.workers import is_connected
from phbportal.policy.permissions import Permission
from phbportal.resources.beside import OF_THE_BUDGET
from phbportal.services.household import EXCEPTION, look_again
from phbportal.services.workers import add_worker, change_worker, end_worker, record_competence
from phbportal.tables.workers import Worker

_WHO = ("name", "relation", "same_household", "born_on")
_PAY = ("hours_hundredths", "price_pence", "starts_on", "opts_in_pension")
_CHECKS = ("dbs_on", "right_to_work_on", "training", "competencies", "competent_until", "insured_until")
CONNECTED = tuple(relation.value for relation in Relation if is_connected(relation, same_household=True))
_FIELDS = (
    Text("name", sort_by="search_name"),
    Link("phb_id", "Budget", to="phbs", hint="The person’s name or the budget’s reference"),
    Choice("relation", "Who are they to the person?", choices=RELATION_WORDS),
    YesNo("same_household", "Do they live with the person?"),
    Day("born_on", "Date of birth", optional=True, hint="Only if they are under 21: their minimum wage is another"),
    Hours("hours_hundredths", "Hours a week", optional=True, most=16_800),
    Money("price_pence", "Pay an hour", optional=True),
    Day("starts_on", "Starts on", optional=True),
    Day("ends_on", "Left on", optional=True),
    YesNo("opts_in_pension", "Have they asked to be in the pension?"),
    Day("dbs_on", "Date of the DBS certificate", optional=True, hint="Only the date is kept, not the certificate"),
    Day("right_to_work_on", "Right to work checked on", optional=True),
    Text("training", "Training", optional=True, longest=500, hint="What, and when"),
    LongText(
        "competencies",
        "Health tasks they are trained for",
        optional=True,
        longest=500,
        hint="Each task, who found them competent, and when",
    ),
    Day("competent_until", "Competence is looked at again by", optional=True),
    Day("insured_until", "Employer’s liability insurance runs to", optional=True),
    Day("excepted_on", "Household exception since", optional=True),
    Day("exception_review_on", "Exception is looked at again on", optional=True),
    LongText("exception_reason", "Why the exception is necessary", optional=True),
)
_LOOKED_AT = Day(
    "exception_review_on",
    "When is it looked at again?",
    optional=True,
    hint="Within a year. Leave it empty for the day of the next review of the budget",
)
_ACTIONS = (
    Action(
        code="left",
        label="They have left",
        permission=Permission.WORKER_WRITE,
        act=end_worker,
        asks=(Day("ends_on", "What was their last day?"),),
        done="It is recorded that they left.",
    ),
    Action(
        code="competence",
        label="Record a health task they can do",
        permission=Permission.COMPETENCE_WRITE,
        act=record_competence,
        while_empty=("ends_on",),
        explains="You have seen them do it and found them competent. Your name and today’s date are kept with it.",
        asks=(
            Text("task", "Which task?", longest=200, hint="For example, feeding through a tube, or suction"),
            Day("competent_until", "When is it looked at again?"),
        ),
        done="It is recorded.",
    ),
    Action(
        code="household-exception",
        label="Ask for a household exception",
        permission=Permission.WORKER_WRITE,
        second=EXCEPTION,
        why="exception_reason",
        when=("relation", CONNECTED),
        while_empty=("excepted_on",),
        explains="Family and friends in the same household are paid only where it is necessary (regulation 8).",
        asks=(
            LongText("exception_reason", "Why is it necessary?", longest=500, hint="Whoever decides reads this."),
            _LOOKED_AT,
        ),
    ),
    Action(
        code="look-again",
        label="Look at the exception again",
        permission=Permission.WORKER_WRITE,
        act=look_again,
        while_filled=("excepted_on",),
        explains="If it is not necessary any more, agree other help with the person first.",
        asks=(
            Choice("still", "Is it still necessary to pay them?", choices={"YES": "Yes", "NO": "No"}),
            LongText("found", "What did you find?", longest=500),
            replace(_LOOKED_AT, only_if=("still", ("YES",))),
        ),
        done="It is recorded that you looked at the exception.",
    ),
)

WORKERS = Resource(
    code="workers",
    table=Worker,
    one="personal assistant",
    many="Personal assistants",
    intro="Everybody paid from a budget, or about to be, with their pay and their checks.",
    read=Permission.WORKER_READ,
    fields=_FIELDS,
    title="name",
    columns=("name", "phb_id", "hours_hundredths", "price_pence", "dbs_on", "ends_on"),
    order="name",
    sorts=("name",),
    filters=("relation", "same_household"),
    search=("search_name",),
    search_hint="By name",
    export=Permission.BUDGET_EXPORT,
    sections=(
        Section("About them", (*_WHO, "phb_id")),
        Section("Their work", (*_PAY, "ends_on")),
        Section("Checks and training", _CHECKS),
        Section("Household exception", ("excepted_on", "exception_review_on", "exception_reason")),
        Related("budget-lines", by="worker_id", title="Budget lines that pay them"),
        *OF_THE_BUDGET,
    ),
    new=Form(
        title="Add a personal assistant",
        steps=(Step("Who they are", ("phb_id", *_WHO)), Step("Their work", _PAY), Step("Checks and training", _CHECKS)),
        permission=Permission.WORKER_WRITE,
        save=add_worker,
        done="The personal assistant was written down.",
    ),
    change=Form(
        title="Change a personal assistant",
        steps=(Step("Who they are", _WHO), Step("Their work", _PAY), Step("Checks and training", _CHECKS)),
        permission=Permission.WORKER_WRITE,
        save=change_worker,
        done="The changes were saved.",
    ),
    actions=_ACTIONS,
)  # fmt: skip
