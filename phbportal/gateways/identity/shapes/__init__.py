"""The kinds of provider the portal knows, by the name the configuration gives them. Nothing else asks for a name."""

from __future__ import annotations

from phbportal.gateways.identity.provider import Provider
from phbportal.gateways.identity.shapes.cis2 import Cis2
from phbportal.gateways.identity.shapes.entra import Entra
from phbportal.gateways.identity.shapes.nhs_login import NhsLogin
from phbportal.gateways.identity.shapes.shape import Asked, Shape, Vouched


class Development(Shape):
    """The sign-in of a developer's machine: everybody, by choosing from a list."""

    audiences = ("holder", "organisation", "staff")


SHAPES: dict[str, Shape] = {
    "generic": Shape(),
    "nhs_login": NhsLogin(),
    "cis2": Cis2(),
    "entra": Entra(),
    "development": Development(),
}


def shape_of(provider: Provider) -> Shape:
    """The shape a provider is configured with."""
    return SHAPES[provider.shape]


__all__ = ["SHAPES", "Asked", "Shape", "Vouched", "shape_of"]
