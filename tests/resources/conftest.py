"""Built worlds, on each kind of database."""

from tests.queries.worlds import module_engine, quick_postgres

__all__ = ["module_engine", "quick_postgres"]
