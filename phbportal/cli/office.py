"""``demo``, ``invite``, ``check-ledger`` and ``tick``."""

from __future__ import annotations

import argparse
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine

from phbportal import routes
from phbportal.db import make_engine
from phbportal.domain.money import parse_pounds, pounds
from phbportal.domain.roles import STAFF_ROLES, Role
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.queries.ledger import check_ledger
from phbportal.queries.users import staff_actor
from phbportal.services import reference_data, role_proposals, users
from phbportal.services.unit_of_work import open_unit
from phbportal.settings import Settings, settings

NOT_INVITED_HERE = (Role.SYSTEM, Role.HOLDER, Role.PROVIDER)
"""Holders need no invitation; people of an organisation are invited from its record, for that organisation."""


def add_to(commands: Any) -> None:
    demo = commands.add_parser("demo", help="build the demo world, if it is not there")
    demo.add_argument("--small", action="store_true", help="only the people of the tour, for a quick look")
    demo.set_defaults(act=lambda arguments: build_demo(settings(), small=arguments.small))
    invite = commands.add_parser("invite", help="make a single-use code that lets somebody sign in")
    invite.add_argument("--role", required=True, choices=[r.value for r in Role if r not in NOT_INVITED_HERE])
    invite.add_argument("--icb", required=True, metavar="CODE", help="the board’s ODS code, such as QYG")
    invite.add_argument("--name", required=True, help="the person’s name")
    invite.add_argument("--email", help="their e-mail address; without it the code lasts 28 days, for a letter")
    invite.add_argument("--limit", metavar="POUNDS", help="an approver’s limit in pounds a week")
    invite.add_argument("--as", dest="as_user", metavar="USER", help="the administrator who invites, by e-mail")
    invite.add_argument("--reason", default="", help="why they need the role, for the second person who grants it")
    invite.set_defaults(act=_invite)
    check = commands.add_parser("check-ledger", help="recompute every balance from its postings")
    check.set_defaults(act=_check_ledger)
    tick = commands.add_parser(
        "tick", help="do what is due today: next year’s money, reviews, birthdays, offers that run out"
    )
    tick.set_defaults(act=_tick)


@contextmanager
def database(found: Settings | None = None) -> Generator[Engine]:
    """The portal's database, closed again at the end of a command."""
    engine = make_engine((found or settings()).database_url)
    try:
        yield engine
    finally:
        engine.dispose()


def actor_of(engine: Engine, email: str | None, icb: str | None, *roles: Role) -> Actor:
    """The member of staff with this e-mail in one of these roles at the board; nobody named is the portal itself."""
    if email is None:
        return SYSTEM
    with open_unit(engine, SYSTEM, writes=False) as uow:
        return staff_actor(uow.session, email, icb, uow.today, roles)


def _invite(arguments: argparse.Namespace) -> int:
    """A code at once for a board's first two administrators and for roles outside it; else a proposal, for a second
    person to grant on the screen."""
    role, limit = Role(arguments.role), parse_pounds(arguments.limit) if arguments.limit else None
    origin = settings().public_origin
    with database() as engine:
        reference_data.load_boards(engine)
        actor = actor_of(engine, arguments.as_user, arguments.icb, Role.ADMIN)
        with open_unit(engine, actor, writes=True) as uow:
            board = users.board_by_code(uow, arguments.icb)
            if role in STAFF_ROLES and actor is not SYSTEM and not users.needs_no_second_person(uow, role, board.id):
                form = {"name": arguments.name, "email": arguments.email or "", "role": role.value,
                        "limit": arguments.limit or "", "reason": arguments.reason}  # fmt: skip
                grant = role_proposals.propose_invitation(uow, role_proposals.read_invitation(form, uow.today))
                print(
                    "Proposed. An approver, an auditor or another administrator of the board must grant it.\n"
                    f"Then make the code at {origin}{routes.staff_role_grant(grant)}"
                )
                return 0
            code = users.invite(
                uow, role=role, icb_id=board.id, name=arguments.name, email=arguments.email, limit_pence=limit
            )
    print(f"Code: {code}\nIt is shown once. Use it at {origin}/auth/invitation")
    return 0


def _check_ledger(_: argparse.Namespace) -> int:
    with database() as engine, open_unit(engine, SYSTEM, writes=False) as uow:
        wrong = check_ledger(uow.session)
    for one in wrong:
        print(f"{one.path}: kept {pounds(one.kept_pence)}, postings say {pounds(one.computed_pence)}")
    print(f"{len(wrong)} balances are wrong." if wrong else "Every balance agrees with its postings.")
    return 1 if wrong else 0


def _tick(_: argparse.Namespace) -> int:
    from phbportal.gateways.documents import DocumentFolder
    from phbportal.gateways.scanner import Clamd
    from phbportal.services.scans import scan_waiting
    from phbportal.services.tick import tick
    from phbportal.services.walks import Left
    from phbportal.settings import settings

    left = Left()
    with database() as engine:
        done = tick(engine, left=left)
        found = settings()
        if found.clamd and found.files_dir:
            scan_waiting(engine, Clamd(found.clamd), DocumentFolder(found.files_dir))
    print(f"Set aside this year’s money for {done} budgets." if done else "No budget’s money was due.")
    if left.things:
        print("Something is left, because somebody was working on it: the log says what. Run this again in an hour.")
    return 1 if left.things else 0


def build_demo(found: Settings, *, small: bool = False) -> int:
    """The demo world, in a database that has none; a small one has the people of the tour alone."""
    if found.is_production:
        print("The demo world is not for production.")
        return 1
    from phbportal.demo.build import build

    with database(found) as engine:
        built = build(engine, f"{found.public_origin}/dev-idp", small=small)
    print("The demo world is built." if built else "The demo world is already there.")
    return 0


def demo_people(found: Settings) -> list[str]:
    """Who can be chosen at the development sign-in, a line each."""
    from phbportal.sign_in.start import development_people

    with database(found) as engine:
        people = development_people(engine, f"{found.public_origin}/dev-idp")
    known = [p for p in people if p.subject != "somebody-new"]
    return [f"{p.role_words}: {p.name}" + (f" ({p.note})" if p.note else "") for p in known]
