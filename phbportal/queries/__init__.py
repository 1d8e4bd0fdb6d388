"""The reading room: SELECT only, scoped, frozen views out."""
