"""Pages: organisation."""
