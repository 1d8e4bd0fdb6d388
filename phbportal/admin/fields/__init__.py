"""The kinds of field a declaration may use."""

from __future__ import annotations

from phbportal.admin.fields.base import Field, WrongDeclaration
from phbportal.admin.fields.choices import Choice, Choices, Having, Tag, YesNo
from phbportal.admin.fields.computed import Amount, Computed, Sought
from phbportal.admin.fields.days import Day, Moment
from phbportal.admin.fields.groups import Group
from phbportal.admin.fields.links import File, Json, Link
from phbportal.admin.fields.numbers import FileSize, Hours, Integer, Money, Percentage
from phbportal.admin.fields.words import (
    AccountNumber,
    Code,
    CqcId,
    Email,
    LongText,
    Name,
    NhsNumber,
    OdsCode,
    Postcode,
    Reference,
    SortCode,
    Telephone,
    Text,
)

__all__ = [
    "AccountNumber", "Amount", "Choice", "Choices", "Code", "Computed", "CqcId", "Day", "Email",
    "Field", "File", "FileSize", "Group", "Having", "Hours", "Integer", "Json", "Link", "LongText", "Moment", "Money",
    "Name", "NhsNumber", "OdsCode", "Percentage", "Postcode", "Reference", "SortCode", "Sought",
    "Tag", "Telephone", "Text", "WrongDeclaration", "YesNo",
]  # fmt: skip
