"""Help for tests: databases, a small world, a portal to talk to."""
