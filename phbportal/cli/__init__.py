"""The back door: the ``phbportal`` command."""

from phbportal.cli.main import main

__all__ = ["main"]
