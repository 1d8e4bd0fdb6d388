"""What stands around every page: the head, the body's classes, the connection banner; Reflex's own shell is taken off.

``rx.App(**shell.options(), …)`` in the front door; ``plugins=[shell.Shell()]`` in ``rxconfig.py``.
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.constants import Templates
from reflex_base.plugins import Plugin

from phbportal.built import asset_version, stylesheets
from phbportal.ui.connection import connection_banner, error_boundary
from phbportal.ui.links import SERVER_PATHS
from phbportal.ui.page import BRAND, page
from phbportal.ui.styles import add_styles

_STATE_JS = Templates.Dirs.WEB_TEMPLATE / "utils" / "state.js"
BODY_CLASSES = "js-enabled nhsuk-frontend-supported"
"""Without them the NHS styles take the browser for one without script."""
SCRIPTS = ("portal.js", "session.js", "lists.js")


def options(*, brand: str = BRAND) -> dict[str, Any]:
    """The keyword arguments of ``rx.App`` that make its pages ours.

    ``app_wraps`` in place of Reflex's drops its "Connection Error" div; ``toaster=None`` its notification landmark;
    ``hydrate_fallback`` is what a page that is not pre-rendered shows until its script has started.
    """
    return {
        "html_lang": "en",
        "reset_style": False,
        "toaster": None,
        "head_components": head(),
        "app_wraps": {
            (55, "ErrorBoundary"): lambda stateful: error_boundary(),
            (5, "Overlay"): lambda stateful: rx.fragment(connection_banner()) if stateful else None,
        },
        "hydrate_fallback": page("Loading", brand=brand, audience="public"),
    }


def head() -> list[rx.Component]:
    """Styles, icon and scripts. Their addresses change with their content: browsers may keep them for a year."""
    return [
        rx.el.meta(name="theme-color", content="#005eb8"),
        rx.el.link(rel="icon", href=f"/favicon.svg?v={asset_version('favicon.svg')}", type="image/svg+xml"),
        *[rx.el.link(rel="stylesheet", href=address) for address in stylesheets()],
        *[rx.el.script(src=f"/{name}?v={asset_version(name)}", defer=True) for name in SCRIPTS],
    ]


class Shell(Plugin):
    """Five changes to what Reflex writes, and the NHS styles beside it.

    Each change fails the build if Reflex no longer writes what it changes.
    """

    def pre_compile(self, **context: Any) -> None:
        """Hand Reflex the changes."""
        modify = context["add_modify_task"]
        modify("app/_document.js", _body_classes)
        # from Reflex's own file each time: the one in .web carries the changes of the last build
        modify("utils/state.js", lambda _: _state_js(_STATE_JS.read_text(encoding="utf-8")))

    def post_build(self, **context: Any) -> None:
        """Add the styles before Reflex compresses the files."""
        client = context["static_dir"]
        add_styles(client.parent.parent / "node_modules" / "nhsuk-frontend", client)


def _body_classes(code: str) -> str:
    return _replace(code, 'jsx("body",{},', f'jsx("body",{{className:"{BODY_CLASSES}"}},')


def _state_js(code: str) -> str:
    for change in (_same_origin, _server_paths, _stays_connected, _keeps_what_was_typed):
        code = change(code)
    return code


def _same_origin(code: str) -> str:
    """Pages, files and the socket share one origin: a build must not remember the port it was made for."""
    return _replace(
        code,
        "const endpoint = new URL(url_str);",
        'const endpoint = typeof window === "undefined" ? new URL(url_str)\n'
        "    : new URL(new URL(url_str).pathname, window.location.origin);\n"
        '  if (typeof window !== "undefined") return endpoint;',
    )


def _server_paths(code: str) -> str:
    """``rx.redirect`` to what the server answers (sign-in, files) must leave the page router, it has no such page.

    Not while the page signs out (``assets/session.js``): its own tabs are sent away before it has its answer.
    """
    router = "    if (event.payload.replace) {\n      navigate(pathname, { replace: true });"
    test = " || ".join(f'pathname.startsWith("{path}")' for path in SERVER_PATHS)
    leave = "document.documentElement.dataset.leaving || window.location.assign(pathname)"
    return _replace(code, router, f"    if ({test}) return {leave};\n{router}")


def _stays_connected(code: str) -> str:
    """A file that is fetched and a page that is not left after all begin like leaving: neither ends the connection."""
    return _replace(code, '    window.addEventListener("beforeunload", disconnectTrigger);\n', "")


def _keeps_what_was_typed(code: str) -> str:
    """After a reconnection the server empties the page and loads it anew. It is drawn when it is loaded: what somebody
    typed would go with the empty page."""
    code = _replace(code, '  socket.current.on("event", (update) => {\n', _HOLD)
    end = '    }\n  });\n  socket.current.on("new_token"'
    return _replace(code, end, end.replace("});", "};"))


_HOLD = """\
  let held = null, late;
  const letGo = () => {
    const updates = held ?? [];
    held = null;
    window.clearTimeout(late);
    updates.forEach(take);
  };
  socket.current.on("disconnect", () => { held = []; });
  socket.current.on("connect", () => {
    window.clearTimeout(late);
    late = window.setTimeout(letGo, 10000);
  });
  socket.current.on("event", (update) => {
    if (!held) return take(update);
    held.push(update);
    const loaded = update.delta?.reflex___state____state?.is_hydrated_rx_state_;
    if (loaded || update.events?.length) letGo();
  });
  const take = (update) => {
"""


def _replace(code: str, old: str, new: str) -> str:
    if code.count(old) != 1:
        raise ValueError(f"Reflex no longer writes {old!r} exactly once: look at phbportal/ui/shell.py.")
    return code.replace(old, new)
