"""Organisations of every kind: their record is a page made by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from phbportal import routes
from phbportal.admin.fields import Choice, Computed, CqcId, Day, OdsCode, Postcode, Text, YesNo
from phbportal.admin.imports.declared import Import
from phbportal.admin.ops import Op
from phbportal.admin.resource import Resource
from phbportal.domain.imports import ORGANISATION_DECISION_WORDS
from phbportal.domain.national import ORGANISATION_WORDS
from phbportal.gateways.provider_directory import directory_table
from phbportal.gateways.provider_list import COLUMNS, KIND_WORDS
from phbportal.policy.permissions import Permission
from phbportal.queries.organisations import place_words, rating_words, standings
from phbportal.services.directory_batch import bring_in_directory_file, read_directory_file
from phbportal.services.provider_list_import import bring_in_list_table, read_list_table
from phbportal.services.reference_data import authority_names
from phbportal.tables.organisations import Organisation

RATINGS = {words: words for words in ("Outstanding", "Good", "Requires improvement", "Inadequate")}


@dataclass(frozen=True)
class _Told(Text):
    """Words out of two columns, neither typed nor compared as one."""

    of: tuple[str, str] = ("", "")

    read_only: ClassVar[bool] = True
    ops: ClassVar[tuple[Op, ...]] = ()

    def columns(self) -> tuple[str, ...]:
        return self.of


class _Code(_Told):
    """The CQC's number of a place, or else an organisation's ODS code."""

    def show(self, *values: Any) -> str:
        return values[0] or values[1] or ""


class _Place(_Told):
    """The town and the postcode."""

    def show(self, *values: Any) -> str:
        return place_words(*values) or "Not given"


class _Rating(Choice):
    """The CQC's rating, with the day it was given."""

    def columns(self) -> tuple[str, ...]:
        return ("rating", "rating_on")

    def show(self, *values: Any) -> str:
        return rating_words(values[0], values[1] if len(values) > 1 else None) or "Not given"


DIRECTORY = Import(
    code="directory",
    title="The CQC’s directory",
    explains="The care directory as the Care Quality Commission publishes it, a CSV file.",
    permission=Permission.PROVIDER_IMPORT,
    fields=(Text("location", "CQC location ID"), Text("name"), Text("rest", "Its other columns", optional=True)),
    file=bring_in_directory_file,
    reads=read_directory_file,
    any_columns=True,
    table=directory_table,
)

OWN_LIST = Import(
    code="list",
    title="Our own list of organisations",
    explains="User-led organisations, payroll bureaux and charities are often in no directory. What the portal knows "
    "of an organisation stays; what it lacks is filled in.",
    permission=Permission.PROVIDER_IMPORT,
    fields=(
        Text("name", "Name"),
        Choice("kind", "Kind", optional=True, choices=KIND_WORDS),
        YesNo("user_led", "Led by its users", optional=True),
        Text("cqc_location_id", "CQC number", optional=True),
        Text("ods_code", "ODS code", optional=True),
        Text("address", optional=True),
        Text("postcode", optional=True),
        Text("telephone", optional=True),
        Text("website", optional=True),
        Choice(
            "decision", "Decision", optional=True, choices=ORGANISATION_DECISION_WORDS,
            hint="Only where the portal has an organisation of this name, and it is not certain that it is this one",
        ),
    ),
    also=COLUMNS,
    file=bring_in_list_table,
    reads=read_list_table,
    same_words=ORGANISATION_DECISION_WORDS,
)  # fmt: skip

PROVIDERS = Resource(
    code="providers",
    imports=(DIRECTORY, OWN_LIST),
    table=Organisation,
    one="organisation",
    many="Providers and organisations",
    intro="Who provides care, who holds money for people, and the boards.",
    read=Permission.PROVIDER_READ,
    fields=(
        Text("name", sort_by="search_name"),
        Choice("kind", choices=ORGANISATION_WORDS),
        _Code("code", of=("cqc_location_id", "ods_code")),
        _Place("place", "Where", of=("address", "postcode")),
        Choice("local_authority_code", "Local authority", choices=authority_names(), optional=True),
        _Rating("rating", "CQC rating", choices=RATINGS),
        Computed("status", load=standings, colours={"Current": "green"}),
        YesNo("is_user_led", "User-led"),
        OdsCode("ods_code", "ODS code", optional=True),
        CqcId("cqc_location_id", "CQC number", optional=True),
        CqcId("cqc_provider_id", "CQC number of its provider", optional=True),
        Text("cqc_provider_name", "Registered provider", optional=True),
        Postcode("postcode", optional=True),
        Text("region", optional=True),
        Day("gone_from_directory_on", "Gone from the directory since", optional=True),
    ),
    title="name",
    columns=("name", "kind", "code", "place", "local_authority_code", "rating", "is_user_led", "status"),
    order="name",
    sorts=("name",),
    filters=("kind",),
    search=("search_name",),
    finds=("cqc_location_id", "cqc_provider_id", "ods_code"),
    search_hint="By the beginning of its name, its CQC number or its ODS code",
    empty="There are no organisations yet. An administrator brings them in from the CQC’s directory.",
    record_page=routes.STAFF_PROVIDERS,
)
