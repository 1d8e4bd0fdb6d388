"""Pages: shared."""
