"""Paint: NHS.UK components as functions; no state, no records."""
