"""``phbportal``: run, work, demo, migrate, invite, import, import-providers, import-provider-list, import-caseload,
succeed, check-ledger, tick, new-resource.

Exit status: 0 done; 1 refused, in words; 2 a file that cannot be read; 64 the command was typed wrongly.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from phbportal.cli import bring_in, imports, new_resource, office, server, succeed, work
from phbportal.domain.errors import Refusal
from phbportal.settings import SettingsWrong

USAGE = 64
Command = Callable[[argparse.Namespace], int]


class Parser(argparse.ArgumentParser):
    """Says what is wrong and exits 64 (EX_USAGE)."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: {message}\n")


def parser() -> Parser:
    """Every command and its options."""
    top = Parser(prog="phbportal", description="An admin portal for NHS personal health budgets.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for room in (server, work, office, imports, bring_in, succeed, new_resource):
        room.add_to(commands)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    arguments = parser().parse_args(argv)
    try:
        return arguments.act(arguments)
    except SettingsWrong as wrong:
        print(wrong, file=sys.stderr)
        return 1
    except Refusal as refusal:
        for problem in refusal.problems:
            print(problem.sentence, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
