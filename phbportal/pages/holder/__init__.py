"""Pages: holder."""
