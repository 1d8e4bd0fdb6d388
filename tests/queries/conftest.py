"""Built worlds, shared or copied, on each kind of database."""

from tests.queries.worlds import kind, module_engine, quick_postgres, worlds

__all__ = ["kind", "module_engine", "quick_postgres", "worlds"]
