"""The portal, really served, for every test here that asks for it."""

from tests.support.portal import portal, tidy

__all__ = ["portal", "tidy"]
