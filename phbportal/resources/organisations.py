"""Organisations: boards, councils, providers of care and user-led organisations."""

from __future__ import annotations

from phbportal import routes
from phbportal.admin.fields import CqcId, Day, OdsCode, Tag, Text, YesNo
from phbportal.admin.resource import Resource
from phbportal.domain.national import ORGANISATION_WORDS
from phbportal.policy.permissions import Permission
from phbportal.tables.organisations import Organisation

PROVIDERS = Resource(
    code="providers",
    table=Organisation,
    one="organisation",
    many="Organisations",
    intro="Providers of care, user-led organisations, boards and councils.",
    read=Permission.PROVIDER_READ,
    fields=(
        Text("name", sort_by="search_name"),
        Tag("kind", choices=ORGANISATION_WORDS),
        YesNo("is_user_led", "User-led"),
        OdsCode("ods_code", "ODS code"),
        CqcId("cqc_location_id", "CQC number"),
        Text("postcode"),
        Text("rating", "CQC rating"),
        Day("rating_on", "Rated on"),
    ),
    title="name",
    columns=("name", "kind", "cqc_location_id", "ods_code", "postcode", "rating"),
    order="name",
    sorts=("name",),
    filters=("kind", "is_user_led"),
    search=("search_name",),
    finds=("cqc_location_id", "ods_code"),
    search_hint="By the beginning of its name, its CQC number or its ODS code",
    record_page=routes.STAFF_PROVIDERS,
    export=Permission.OFFICE_EXPORT,
)
