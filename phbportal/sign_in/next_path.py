"""Where to go after sign-in: one of our own pages, or home."""

from __future__ import annotations

import re

from phbportal import routes

_SAFE = re.compile(r"^/[A-Za-z0-9][A-Za-z0-9/_-]{0,200}$")


def safe_next(given: str | None) -> str:
    """A path of ours, or ``/``. Refuses everything an open redirect is made of (T16)."""
    if given and _SAFE.fullmatch(given) and "//" not in given and routes.is_protected(given):
        return given
    return routes.HOME
