"""Before the tests: is this machine fit, and what will they do to it? Said in words, before anything runs."""

from __future__ import annotations

import sys

from tests.support import oidc_provider
from tests.support.postgres import refuse_root_unless_asked


def main() -> int:
    try:
        refuse_root_unless_asked()
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        print(f"Sign-in tests use {oidc_provider.find_or_get()}")
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    if "--no-browser" not in sys.argv:
        from tests.support.chromium import find_or_get

        print(f"Browser tests use {find_or_get()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
