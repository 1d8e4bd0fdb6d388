"""Identity providers over OpenID Connect: configuration, a client that trusts little, and a strict ID-token check."""

from phbportal.gateways.identity.claims import Claims
from phbportal.gateways.identity.client import OidcClient
from phbportal.gateways.identity.config import check_development_only, load_providers
from phbportal.gateways.identity.failure import SignInFailed, failure_of
from phbportal.gateways.identity.logout import LogoutToken
from phbportal.gateways.identity.metadata import Metadata
from phbportal.gateways.identity.provider import DEVELOPMENT_PATH, Provider, is_loopback
from phbportal.gateways.identity.shapes import shape_of
from phbportal.gateways.identity.verify import verify_id_token

__all__ = [
    "DEVELOPMENT_PATH",
    "Claims",
    "LogoutToken",
    "Metadata",
    "OidcClient",
    "Provider",
    "SignInFailed",
    "check_development_only",
    "failure_of",
    "is_loopback",
    "load_providers",
    "shape_of",
    "verify_id_token",
]
