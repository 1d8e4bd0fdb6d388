"""Codes of the NHS data dictionary and organisation kinds that the records use (domain.md §7.1, §9.1)."""

from __future__ import annotations

from enum import StrEnum

NHS_NUMBER_STATUS_WORDS: dict[str, str] = {
    "01": "Verified",
    "02": "Present, not traced",
    "03": "Trace required",
    "04": "No match or several matches",
    "05": "To be resolved",
    "06": "In progress",
    "07": "Not present and not required",
    "08": "Trace postponed (baby under six weeks old)",
}


class OrganisationKind(StrEnum):
    ICB = "ICB"
    SUB_ICB = "SUB_ICB"
    COUNCIL = "COUNCIL"
    NHS_PROVIDER = "NHS_PROVIDER"
    CARE_PROVIDER = "CARE_PROVIDER"
    ULO = "ULO"
    PAYROLL_BUREAU = "PAYROLL_BUREAU"
    CHARITY = "CHARITY"
    WHEELCHAIR_SERVICE = "WHEELCHAIR_SERVICE"
    SUPPLIER = "SUPPLIER"
    OTHER = "OTHER"


ORGANISATION_WORDS: dict[OrganisationKind, str] = {
    OrganisationKind.ICB: "Integrated care board",
    OrganisationKind.SUB_ICB: "Sub-ICB location",
    OrganisationKind.COUNCIL: "Council",
    OrganisationKind.NHS_PROVIDER: "NHS provider",
    OrganisationKind.CARE_PROVIDER: "Care provider",
    OrganisationKind.ULO: "User-led organisation",
    OrganisationKind.PAYROLL_BUREAU: "Payroll bureau",
    OrganisationKind.CHARITY: "Charity",
    OrganisationKind.WHEELCHAIR_SERVICE: "Wheelchair service",
    OrganisationKind.SUPPLIER: "Supplier",
    OrganisationKind.OTHER: "Other",
}
