"""The world of the scope tests, on both databases."""

from __future__ import annotations

from tests.queries.test_scope import boards
from tests.queries.worlds import kind, module_engine, quick_postgres, worlds

__all__ = ["boards", "kind", "module_engine", "quick_postgres", "worlds"]
