"""The front door: builds the app, hangs sign-in and the Gate, imports the pages."""

from __future__ import annotations

import reflex as rx

from phbportal import frontend
from phbportal.edge.guard import Guard, refuse_to_start_unguarded
from phbportal.edge.house import install
from phbportal.edge.live import OpenPages, install_socket_rules, quieten_logs
from phbportal.pages import everything
from phbportal.settings import settings
from phbportal.sign_in.gate import Gate
from phbportal.sign_in.start import build_hall
from phbportal.ui import shell


def _script_hashes() -> tuple[str, ...]:
    found = frontend.built()
    return found.script_hashes if found else ()


built = build_hall(settings(), _script_hashes)
install(built.hall)
quieten_logs()

app = rx.App(
    **shell.options(brand=settings().brand),
    api_transformer=[built.app, lambda inner: Gate(inner, built.hall)],
)
everything.add_to(app)
app.add_middleware(Guard(), index=0)
install_socket_rules(app)
built.hall.live = OpenPages(app)
refuse_to_start_unguarded()
