"""Registrations of clinicians, as an administrator looked them up."""

from __future__ import annotations

from phbportal.admin.fields import Choice, Computed, Day, Having, Link, Text
from phbportal.admin.resource import Form, Resource, Section, fields
from phbportal.domain.plans import BODY_WORDS
from phbportal.policy.permissions import Permission
from phbportal.queries import registrations
from phbportal.services.registrations import change_registration, record_registration
from phbportal.tables.registrations import Registration

_LOOKED_UP = ("number", "profession", "checked_on", "ends_on")


def _theirs(found: tuple[str, str]) -> tuple[str, str]:
    return found


REGISTRATIONS = Resource(
    code="registrations",
    table=Registration,
    one="registration",
    many="Professional registrations",
    intro="Who is registered with which body, and until when. Only clinicians whose registration is recorded here and "
    "has not ended sign plans off.",
    read=Permission.REGISTRATION_READ,
    fields=(
        Text("number", "Registration number", longest=20, hint="For example, 12A3456E (NMC) or 1234567 (GMC)",
             needed="Enter the registration number."),
        Link("user_id", "Who", to="users", hint="Their name", needed="Enter their name."),
        Computed("clinician", load=registrations.clinicians_of, pick=_theirs, leads=True),
        Choice("body", "Registered with", choices=BODY_WORDS, needed="Choose the body they are registered with."),
        Text("profession", "Profession", hint="For example, registered nurse", needed="Enter their profession."),
        Day("checked_on", "Looked up on", needed="Enter the day you looked it up on the body’s own register."),
        Day("ends_on", "Registered until", needed="Enter the last day of the registration."),
        Having("stands", "Which", choices=registrations.STANDING_WORDS, condition=registrations.stands),
    ),
    title="number",
    columns=("number", "clinician", "body", "ends_on", "checked_on"),
    order="ends_on",
    sorts=("ends_on", "checked_on"),
    filters=("body", "stands"),
    sections=(Section("About it", ("clinician", "body", *_LOOKED_UP)),),
    new=Form(
        title="Record a registration",
        steps=fields("user_id", "body", *_LOOKED_UP),
        permission=Permission.REGISTRATION_WRITE,
        save=record_registration,
        step_up=True,
        done="The registration is recorded.",
    ),
    change=Form(
        title="Look a registration up again",
        steps=fields(*_LOOKED_UP),
        permission=Permission.REGISTRATION_WRITE,
        save=change_registration,
        step_up=True,
        done="The registration is saved.",
    ),
)  # fmt: skip
