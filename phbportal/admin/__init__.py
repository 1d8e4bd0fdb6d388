"""ROOM 10 · the low-code engine: a table and a declaration become a list, a record and forms. It names no noun."""
