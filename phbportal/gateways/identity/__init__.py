"""Identity providers over OpenID Connect: configuration, a client that trusts little, and a strict ID-token check."""

from phbportal.gateways.identity.claims import Claims
from phbportal.gateways.identity.client import OidcClient
from phbportal.gateways.identity.config import Provider, check_development_only, is_loopback, load_providers
from phbportal.gateways.identity.failure import SignInFailed
from phbportal.gateways.identity.metadata import Metadata
from phbportal.gateways.identity.verify import verify_id_token

__all__ = [
    "Claims",
    "Metadata",
    "OidcClient",
    "Provider",
    "SignInFailed",
    "check_development_only",
    "is_loopback",
    "load_providers",
    "verify_id_token",
]
