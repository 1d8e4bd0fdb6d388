"""Fields of text: lines, paragraphs, names, and the numbers and codes of the field in their own shapes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, or_

from phbportal.admin.fields.base import Field
from phbportal.admin.ops import Op
from phbportal.domain import identifiers
from phbportal.domain.errors import Refusal

_LIKE = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})


@dataclass(frozen=True)
class Text(Field):
    """One line."""

    _: KW_ONLY
    longest: int = 200

    ops: ClassVar[tuple[Op, ...]] = (Op.IS, Op.IS_NOT, Op.CONTAINS, Op.BEGINS, Op.EMPTY, Op.FILLED)

    def empty(self) -> Any:
        return "" if self.optional else super().empty()

    def parse(self, typed: str) -> Any:
        if len(typed) > self.longest:
            raise Refusal(f"This is too long. Use {self.longest} letters or fewer.", field=self.name)
        return typed

    def is_empty(self, column: Any) -> ColumnElement[bool]:
        return or_(column.is_(None), column == "")

    def compared(self, op: Op, typed: str, *, end: bool = False) -> Any:
        return typed.lower().translate(_LIKE) if op in (Op.CONTAINS, Op.BEGINS) else self.parse(typed)

    def told(self, typed: str) -> str:
        return f"“{typed}”"

    @property
    def compares_with(self) -> str:
        return "text"


@dataclass(frozen=True)
class LongText(Text):
    """Several lines."""

    _: KW_ONLY
    longest: int = 5_000

    input: ClassVar[str] = "textarea"
    ops: ClassVar[tuple[Op, ...]] = (Op.CONTAINS, Op.EMPTY, Op.FILLED)


@dataclass(frozen=True)
class Name(Text):
    """A person's name, family name first, out of two columns; sorted and searched by a stored folded column."""

    _: KW_ONLY
    family: str = "family_name"
    first: str = "given_name"

    read_only: ClassVar[bool] = True
    ops: ClassVar[tuple[Op, ...]] = ()

    def columns(self) -> tuple[str, ...]:
        return (self.family, self.first)

    def show(self, *values: Any) -> str:
        return f"{values[0]}, {values[1]}"


@dataclass(frozen=True)
class Code(Text):
    """Text that has one shape: read leniently, kept in one form."""

    _: KW_ONLY
    none: Any = None
    """What an empty answer is kept as."""

    certain: ClassVar[bool] = True
    """Whether what has this shape can be nothing else, such as a name."""

    reader: ClassVar[Callable[..., str]] = identifiers.ods_code
    shower: ClassVar[Callable[[str], str] | None] = None
    ops: ClassVar[tuple[Op, ...]] = (Op.IS, Op.IS_NOT, Op.EMPTY, Op.FILLED)

    def empty(self) -> Any:
        return self.none if self.optional else super().empty()

    def parse(self, typed: str) -> Any:
        return type(self).reader(typed, field=self.name)

    def told(self, typed: str) -> str:
        return self.show(self.parse(typed))

    def slip(self, typed: str) -> str:
        """What to say of something that looks like one and is none; "" for anything else."""
        return ""

    def show(self, *values: Any) -> str:
        shower = type(self).shower
        return shower(values[0]) if values[0] and shower else values[0] or ""


@dataclass(frozen=True)
class NhsNumber(Code):
    """Ten digits with a check digit, shown 3 3 4."""

    example: ClassVar[str] = "999 000 0018"
    reader: ClassVar[Callable[..., str]] = staticmethod(identifiers.nhs_number)
    shower: ClassVar[Callable[[str], str] | None] = staticmethod(identifiers.show_nhs_number)

    def slip(self, typed: str) -> str:
        digits = typed.replace(" ", "").replace("-", "")
        return "It is not a real NHS number either: check each digit." if len(digits) == 10 and digits.isdigit() else ""


@dataclass(frozen=True)
class OdsCode(Code):
    """An organisation's ODS code; a short name may look like one."""

    certain: ClassVar[bool] = False

    example: ClassVar[str] = "RX4"
    certain: ClassVar[bool] = False
    reader: ClassVar[Callable[..., str]] = staticmethod(identifiers.ods_code)


@dataclass(frozen=True)
class CqcId(Code):
    """A CQC provider's or location's number."""

    example: ClassVar[str] = "1-101608238"
    reader: ClassVar[Callable[..., str]] = staticmethod(identifiers.cqc_id)


@dataclass(frozen=True)
class Reference(Code):
    """A budget's reference, PHB-2026-000123."""

    example: ClassVar[str] = "PHB-2026-000001"
    reader: ClassVar[Callable[..., str]] = staticmethod(identifiers.phb_reference)


@dataclass(frozen=True)
class Postcode(Code):
    """A postcode."""

    example: ClassVar[str] = "L8 7SS"
    reader: ClassVar[Callable[..., str]] = staticmethod(identifiers.postcode)


@dataclass(frozen=True)
class Email(Code):
    """An e-mail address."""

    example: ClassVar[str] = "name@example.org"
    input: ClassVar[str] = "email"
    reader: ClassVar[Callable[..., str]] = staticmethod(identifiers.email)


@dataclass(frozen=True)
class Telephone(Code):
    """A telephone number, kept as E.164."""

    example: ClassVar[str] = "01632 960001"
    input: ClassVar[str] = "tel"
    reader: ClassVar[Callable[..., str]] = staticmethod(identifiers.telephone)
    shower: ClassVar[Callable[[str], str] | None] = staticmethod(identifiers.show_telephone)


@dataclass(frozen=True)
class SortCode(Code):
    """A bank's sort code: in a list its last two figures only."""

    example: ClassVar[str] = "08-99-99"
    secret: ClassVar[bool] = True
    ops: ClassVar[tuple[Op, ...]] = ()
    reader: ClassVar[Callable[..., str]] = staticmethod(identifiers.sort_code)
    shower: ClassVar[Callable[[str], str] | None] = staticmethod(lambda digits: f"••-••-{digits[-2:]}")


@dataclass(frozen=True)
class AccountNumber(Code):
    """A bank account's number: only its last four figures are ever shown, written into history or exported."""

    example: ClassVar[str] = "66374958"
    secret: ClassVar[bool] = True
    ops: ClassVar[tuple[Op, ...]] = ()
    reader: ClassVar[Callable[..., str]] = staticmethod(identifiers.account_number)
    shower: ClassVar[Callable[[str], str] | None] = staticmethod(lambda digits: f"ending {digits[-4:]}")

    def fill(self, *values: Any) -> dict[str, str]:
        return {self.name: ""}
