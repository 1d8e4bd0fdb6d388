"""Other admin tools over the same database, measured beside the portal in one run: ``python -m benchmarks --peers``."""
