"""``migrate`` and ``run``: the database brought up to date, the pages built, the portal served."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from alembic.config import Config

from alembic import command
from phbportal import frontend
from phbportal.cli.work import child_of
from phbportal.settings import Settings, listen_on, settings

ROOT = Path(__file__).resolve().parent.parent.parent


def add_to(commands: Any) -> None:
    run = commands.add_parser("run", help="build the pages if they changed, migrate, and serve the portal")
    run.add_argument("--host", default="127.0.0.1", help="the address to listen on (default 127.0.0.1)")
    run.add_argument("--port", type=int, default=8000, help="the port to listen on (default 8000)")
    run.add_argument("--workers", type=int, default=1, help="how many processes (several need PHB_REDIS_URL)")
    run.add_argument("--demo", action="store_true", help="build the demo world first, if it is not there")
    run.set_defaults(act=serve)
    migrate = commands.add_parser("migrate", help="bring the database up to date")
    migrate.set_defaults(act=lambda _: upgrade(settings()))


def upgrade(found: Settings) -> int:
    """Run the migrations that have not been run."""
    config = Config(str(ROOT / "alembic.ini"))
    config.attributes["url"] = found.database_url
    command.upgrade(config, "head")
    print("The database is up to date.")
    return 0


def serve(arguments: argparse.Namespace) -> int:
    """Everything from a checkout to a page."""
    listen_on(arguments.port)
    found = settings()
    if arguments.workers > 1 and not found.redis_url:
        print("Several workers need PHB_REDIS_URL: each would otherwise know only its own sign-ins.", file=sys.stderr)
        return 64
    upgrade(found)
    if arguments.demo:
        from phbportal.cli.office import build_demo

        build_demo(found)
    frontend.build(ROOT)
    _say_where(found, demo=arguments.demo)
    os.environ.setdefault("PHB_PUBLIC_ORIGIN", found.public_origin)
    with child_of(found, ROOT):
        frontend.serve(arguments.host, arguments.port, workers=arguments.workers, root=ROOT)
    return 0


def _say_where(found: Settings, *, demo: bool) -> None:
    print(f"\nOpen {found.public_origin} in a browser.")
    if demo:
        print("Choose “Sign in” and be one of the people listed there:")
        from phbportal.cli.office import demo_people

        for line in demo_people(found):
            print(f"  {line}")
    print("Stop with Ctrl+C.\n", flush=True)
