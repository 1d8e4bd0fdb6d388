"""``python -m phbportal.cli``: the same as the ``phbportal`` command."""

import sys

from phbportal.cli.main import main

sys.exit(main())
