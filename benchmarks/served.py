"""The portal as it is served, but for the door's limit of 50 messages a second: what is measured sends them faster."""

from __future__ import annotations

from typing import Any

from phbportal.sign_in import hall

hall.MESSAGES_A_SECOND = 1_000_000


def app() -> Any:
    """The application's factory."""
    from phbportal.phbportal import app as portal

    return portal() if callable(portal) else portal
