"""Where a page is: what its address holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reflex_base.constants import RouteVar


def params_of(state: Any) -> Mapping[str, Any]:
    """The values that stand in the path of the page's address and in its query, by name.

    Reflex's own ``router.page`` is deprecated, and looks through the stack each time it is asked.
    """
    return state.router_data.get(RouteVar.QUERY, {})


def path_of(state: Any) -> str:
    """The path of the page's address, without its query. ``router.url`` puts the whole router together to say it."""
    return str(state.router_data.get(RouteVar.ORIGIN, "")).partition("?")[0].partition("#")[0]
