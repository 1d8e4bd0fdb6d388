"""The kinds of agreement about how the money is managed: which a stream needs, and who signs each (ADR 0030)."""

from __future__ import annotations

from enum import StrEnum

from phbportal.domain.streams import Method


class AgreementKind(StrEnum):
    DIRECT_PAYMENT = "DIRECT_PAYMENT"
    MANAGED = "MANAGED"
    NOTIONAL = "NOTIONAL"
    WHEELCHAIR = "WHEELCHAIR"


KIND_WORDS: dict[AgreementKind, str] = {
    AgreementKind.DIRECT_PAYMENT: "Direct payment agreement",
    AgreementKind.MANAGED: "Managed account agreement",
    AgreementKind.NOTIONAL: "Notional budget agreement",
    AgreementKind.WHEELCHAIR: "Wheelchair agreement",
}
ABOUT_WORDS: dict[AgreementKind, str] = {
    AgreementKind.DIRECT_PAYMENT: "the direct payment",
    AgreementKind.MANAGED: "the managed account",
    AgreementKind.NOTIONAL: "the notional budget",
    AgreementKind.WHEELCHAIR: "the wheelchair",
}
"""What each is about, after "the agreement about"."""
TEMPLATE_CODES: dict[AgreementKind, str] = {
    AgreementKind.DIRECT_PAYMENT: "DP_AGREEMENT",
    AgreementKind.MANAGED: "MANAGED_AGREEMENT",
    AgreementKind.NOTIONAL: "NOTIONAL_AGREEMENT",
    AgreementKind.WHEELCHAIR: "WHEELCHAIR_AGREEMENT",
}
PAID_AFTER = frozenset({AgreementKind.DIRECT_PAYMENT, AgreementKind.MANAGED, AgreementKind.WHEELCHAIR})
"""Nothing is paid before these are signed. A notional budget is paid to whoever gave care, who is owed it, signed or
not: its agreement is asked for, and holds up no invoice."""


def kinds_needed(method: Method, *, is_managed: bool, is_wheelchair: bool) -> tuple[AgreementKind, ...]:
    """The agreements of a stream. A third-party budget has one of its own, signed by three (ADR 0014)."""
    found: list[AgreementKind] = []
    if method is Method.DIRECT_PAYMENT:
        found.append(AgreementKind.DIRECT_PAYMENT)
        if is_managed:
            found.append(AgreementKind.MANAGED)
    if is_wheelchair:
        found.append(AgreementKind.WHEELCHAIR)
    elif method is Method.NOTIONAL:
        found.append(AgreementKind.NOTIONAL)
    return tuple(found)
