"""``succeed``: other boards take over from one, tried and then carried out by two people's names.

Exit status: 0 done, tried, or done already; 1 refused, in words; 2 a file that cannot be read.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from phbportal.cli.office import actor_of, database
from phbportal.domain.errors import Refusal
from phbportal.domain.roles import Role
from phbportal.domain.text import long_date, plural
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.services import reference_data
from phbportal.services.change_requests import approve
from phbportal.services.succession_trials import SuccessionEntry, Trial, any_board, is_done, try_succession
from phbportal.services.successions import day_of, gather, propose_succession, read_succession
from phbportal.services.unit_of_work import open_unit

UNREADABLE = 2
MOST_BYTES = 5 * 1024**2


def add_to(commands: Any) -> None:
    """Add the command."""
    one = commands.add_parser("succeed", help="have other boards take over from one that ends")
    one.add_argument("--from", dest="board", required=True, metavar="CODE", help="the board that ends, such as QHG")
    one.add_argument("--to", required=True, metavar="CODES", help="who takes over, the first one first: S1Y5D,D7T5G")
    one.add_argument("--on", metavar="DATE", default="", help="the day, where the portal does not know it")
    one.add_argument("--by", metavar="FILE", help="who goes where, with several boards: lines of a postcode or a "
                     "reference, a comma and a code")  # fmt: skip
    one.add_argument("--staff", metavar="FILE", help="which staff come along: lines of an e-mail, a comma and a code")
    one.add_argument("--as", dest="as_user", required=True, metavar="USER", help="its administrator, by e-mail")
    second = "the second person: an approver or administrator of it, or of the first to take over"
    one.add_argument("--approve-as", dest="approver", metavar="USER", help=second)
    one.add_argument("--reason", default="", help="why, for the second person and the history")
    one.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
    one.set_defaults(act=_act)


def _act(arguments: argparse.Namespace) -> int:
    try:
        lines, staff = (_text(path) for path in (arguments.by, arguments.staff))
    except OSError as error:
        print(f"We could not open {error.filename}.", file=sys.stderr)
        return UNREADABLE
    except UnicodeDecodeError:
        print("A file is not plain text (UTF-8). Save it as CSV in UTF-8.", file=sys.stderr)
        return UNREADABLE
    with database() as engine:
        reference_data.load_boards(engine)
        if _done_already(engine, arguments.board):
            return 0
        proposer = actor_of(engine, arguments.as_user, arguments.board, Role.ADMIN)
        with open_unit(engine, proposer, writes=False) as uow:
            form = {"successors": arguments.to, "on": arguments.on, "lines": lines, "staff": staff}
            if not arguments.on:
                codes = tuple(code.strip().upper() for code in arguments.to.split(","))
                known = day_of(uow, codes)
                form["on"] = long_date(known) if known else ""
            entry = read_succession(form)
            _tell(try_succession(uow, entry))
        if arguments.dry_run:
            print("Nothing was written.")
            return 0
        if not arguments.approver:
            raise Refusal("A second person must approve this. Name one with --approve-as, or try it with --dry-run.")
        if not arguments.reason:
            raise Refusal("Say why with --reason: the second person and the history are told.")
        second = _second(engine, arguments, entry)
        with open_unit(engine, proposer, writes=True) as uow:
            change = propose_succession(uow, entry, arguments.reason)
            approve(replace(uow, actor=second), change)  # both or neither: nothing is left to wait
    print("It is done.")
    return 0


def _text(path: str | None) -> str:
    if path is None:
        return ""
    file = Path(path)
    if file.stat().st_size > MOST_BYTES:
        raise Refusal(f"{path} has more than {MOST_BYTES // 1024**2} MB, which no such list has.")
    return file.read_text(encoding="utf-8-sig")


def _done_already(engine: Engine, code: str) -> bool:
    """Whether it was carried out before; what somebody wrote in that very moment is taken along."""
    with open_unit(engine, SYSTEM, writes=True) as uow:
        board = any_board(uow, code)
        done = is_done(uow, board.id)
        if done is None:
            return False
        rows = gather(uow, board, done)
    late = f" {plural(rows, 'row')} written in the moment of it came along." if rows else ""
    print(f"It is done: {done.title}.{late}")
    return True


def _second(engine: Engine, arguments: argparse.Namespace, entry: SuccessionEntry) -> Actor:
    """The second person, at the board that ends or else at the first that takes over."""
    try:
        return actor_of(engine, arguments.approver, arguments.board, Role.APPROVER, Role.ADMIN)
    except Refusal:
        return actor_of(engine, arguments.approver, entry.codes[0], Role.APPROVER, Role.ADMIN)


def _tell(trial: Trial) -> None:
    for one in trial.takes:
        counts = [
            plural(one.people, "person", "people"), plural(one.budgets, "budget"), plural(one.tasks, "open task"),
            plural(one.payments, "payment") + " not made yet", plural(one.offers, "open offer"),
            f"{one.staff:,} of staff",
        ]  # fmt: skip
        print(f"{one.name} ({one.code}) takes over {', '.join(counts)}.")
    if trial.stays:
        print(f"Roles only end for {', '.join(one.name for one in trial.stays)}.")
    for sentence in (*trial.refusals, *trial.warnings):
        print(sentence, file=sys.stderr)
