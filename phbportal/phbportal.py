"""The front door: builds the app, hangs sign-in and the Gate, imports the pages."""

from __future__ import annotations

import reflex as rx
from starlette.types import ASGIApp

from phbportal.admin.worker import scanner, work
from phbportal.built import built, straight_to_pages
from phbportal.edge.guard import Guard, refuse_to_start_unguarded
from phbportal.edge.house import install
from phbportal.edge.live import OpenPages, install_socket_rules, quieten_logs
from phbportal.edge.memory import settle
from phbportal.edge.outcomes import unexpected
from phbportal.endpoints.evidence import Evidence
from phbportal.endpoints.export import Exports
from phbportal.endpoints.imports import Imports
from phbportal.endpoints.letters import Letters
from phbportal.gateways.documents import DocumentFolder, import_folder
from phbportal.pages import everything
from phbportal.settings import Environment, Where, settings
from phbportal.sign_in.gate import Gate
from phbportal.sign_in.start import build_hall
from phbportal.ui import shell

finished = built()
front = build_hall(settings(), lambda: finished.script_hashes if finished else ())
install(front.hall)
folder = settings().files_dir
if folder:
    front.app.router.routes.extend(Evidence(front.hall, DocumentFolder(folder), scanner).all())
    front.app.router.routes.extend(Exports(front.hall, folder / "exports").all())
    front.app.router.routes.extend(Imports(front.hall, import_folder(folder)).all())
front.app.router.routes.extend(Letters(front.hall).all())
quieten_logs()


def gated(inner: ASGIApp) -> ASGIApp:
    """The Gate, outermost."""
    return Gate(inner, front.hall)


app = rx.App(
    **shell.options(brand=settings().brand),
    api_transformer=[front.app, straight_to_pages, gated],
    backend_exception_handler=unexpected,
)
everything.add_to(app)
app.add_middleware(Guard(), index=0)
install_socket_rules(app)
front.hall.live = OpenPages(app)
refuse_to_start_unguarded()
if settings().environment is not Environment.TEST:  # a test process goes on to other things
    settle()
    if folder and settings().worker is Where.INSIDE:
        app.register_lifespan_task(work, engine=front.hall.engine, folder=folder / "exports")
