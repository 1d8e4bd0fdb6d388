"""The portal, really served, for every test here that asks for it."""

from __future__ import annotations

from tests.support.portal import portal

__all__ = ["portal"]
