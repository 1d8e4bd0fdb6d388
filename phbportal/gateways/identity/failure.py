"""A sign-in that must not go on: a reason code for the log, which the person never reads (security.md 5.6)."""

from __future__ import annotations

PROVIDER_UNAVAILABLE = "provider.unavailable"
PROVIDER_ISSUER = "provider.issuer"
FLOW_ISS = "flow.iss"
ASSURANCE_LOW = "assurance.low"


class SignInFailed(Exception):
    """A sign-in was refused or could not be finished.

    ``reason_code`` is one of: ``token.missing | exchange | size | malformed | header | alg | typ | kid | signature |
    iss | aud | azp | exp | iat | nbf | nonce | at_hash | sub | auth_time``, of a logout token also ``token.events | jti
    | sid | replayed``, ``userinfo.sub | refused``, ``flow.iss``, ``assurance.low``, ``claim.<name>``,
    ``provider.unavailable | issuer | <error code>``.
    ``detail`` is for the log: it never holds a token, a code or a person.
    """

    def __init__(self, reason_code: str, detail: str = "") -> None:
        self.reason_code = reason_code
        self.detail = detail
        super().__init__(f"{reason_code}: {detail}" if detail else reason_code)

    @property
    def is_outage(self) -> bool:
        """Whether the provider is out of order, rather than the person or the token: answer 503, to be tried again."""
        return self.reason_code in (PROVIDER_UNAVAILABLE, PROVIDER_ISSUER)


_TRY_LATER = frozenset({"temporarily_unavailable", "server_error"})
_KNOWN = frozenset(
    {
        "access_denied", "account_selection_required", "consent_required", "interaction_required", "invalid_request",
        "invalid_scope", "login_required", "sso_login_required", "unauthorized_client", "unsupported_response_type",
    }
)  # fmt: skip


def failure_of(error: str) -> SignInFailed:
    """What an ``error`` in the provider's answer means (RFC 6749 section 4.1.2.1 and what NHS login adds to it)."""
    if error in _TRY_LATER:
        return SignInFailed(PROVIDER_UNAVAILABLE, error)
    return SignInFailed(f"provider.{error}" if error in _KNOWN else "provider.error")
