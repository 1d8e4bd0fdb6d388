"""What we keep of a sign-in: a few claims, checked for type and length. Tokens are not among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from phbportal.gateways.identity.failure import ASSURANCE_LOW, SignInFailed
from phbportal.gateways.identity.provider import Provider
from phbportal.gateways.identity.shapes import shape_of
from phbportal.gateways.identity.verify import MOST_SUBJECT_CHARACTERS

_ASSURANCE = frozenset({"acr", "vot", "amr", "authentication_assurance_level", "id_assurance_level"})
_SIGNED_ONLY = _ASSURANCE | {"tid", "oid", "roles"}  # what lets somebody in is taken from the signed token alone
_MOST_CHARACTERS = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Who a provider says has signed in. A claim that is absent, of the wrong type or too long is None.

    ``auth_time`` is in seconds since 1970, ``birthdate`` text as sent (YYYY-MM-DD). ``raw`` holds the claims the
    configuration requires; ``assurance`` is the level in the provider's own word, ``boards`` the ODS codes of the
    boards its roles are for, or None where it says nothing of boards. Personal claims stay out of ``repr``, so that
    logging one of these gives nobody away.
    """

    issuer: str
    subject: str
    sid: str | None = None
    acr: str | None = None
    vot: str | None = None
    amr: tuple[str, ...] = ()
    auth_time: int | None = None
    email: str | None = field(default=None, repr=False)
    email_verified: bool = False
    name: str | None = field(default=None, repr=False)
    nhs_number: str | None = field(default=None, repr=False)
    birthdate: str | None = field(default=None, repr=False)
    family_name: str | None = field(default=None, repr=False)
    given_name: str | None = field(default=None, repr=False)
    assurance: str = ""
    boards: tuple[str, ...] | None = None
    raw: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}), repr=False)


def gather_claims(
    provider: Provider, id_token: Mapping[str, object], userinfo: Mapping[str, object], accepted: Sequence[str] = ()
) -> Claims:
    """Join a verified ID token and userinfo (its ``sub`` already found equal); the signed one wins. ``accepted`` are
    the levels this sign-in asked for.

    Raises SignInFailed("assurance.low" or "claim.<name>") where a claim is not as the configuration or the shape wants.
    """
    both = {**{name: value for name, value in userinfo.items() if name not in _SIGNED_ONLY}, **id_token}
    for claim, values in provider.required_claims.items():
        if not _is_one_of(both.get(claim), values):
            raise SignInFailed(ASSURANCE_LOW if claim in _ASSURANCE else f"claim.{claim}", claim)
    vouched = shape_of(provider).vouch(provider, accepted, id_token, userinfo)
    mail = id_token if "email" in id_token else userinfo  # an address and its being verified belong together
    auth_time = id_token.get("auth_time")
    amr = id_token.get("amr")
    return Claims(
        issuer=provider.issuer,
        subject=_subject(provider, id_token),
        sid=_text(id_token, "sid"),
        acr=_text(id_token, "acr"),
        vot=_text(id_token, "vot"),
        amr=tuple(m for m in amr if isinstance(m, str))[:20] if isinstance(amr, list) else (),
        auth_time=auth_time if type(auth_time) is int and 0 <= auth_time < 10**11 else None,
        email=_text(mail, "email"),
        email_verified=mail.get("email_verified") is True,  # the text "true" is not a promise
        name=_text(both, "name"),
        nhs_number=_text(both, "nhs_number"),
        birthdate=_text(both, "birthdate"),
        family_name=_text(both, "family_name"),
        given_name=_text(both, "given_name"),
        assurance=vouched.assurance,
        boards=vouched.boards,
        raw=MappingProxyType({claim: both[claim] for claim in provider.required_claims}),
    )


def _subject(provider: Provider, id_token: Mapping[str, object]) -> str:
    parts = [_text(id_token, claim) for claim in provider.subject_claims]
    subject = ":".join(part for part in parts if part)
    if not all(parts) or len(subject) > MOST_SUBJECT_CHARACTERS:
        raise SignInFailed("token.sub")
    return subject


def _is_one_of(value: object, accepted: tuple[object, ...]) -> bool:
    """Equal in value and in type (1 is not true); of a list, one of its members."""
    given = value if isinstance(value, list) else [value]
    return any(type(g) is type(a) and g == a for g in given for a in accepted)


def _text(claims: Mapping[str, object], name: str) -> str | None:
    value = claims.get(name)
    fits = isinstance(value, str) and 1 <= len(value) <= _MOST_CHARACTERS and value.isprintable()
    return str(value) if fits else None
