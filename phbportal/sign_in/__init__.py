"""The hall: plain HTTP under /auth, sessions, the Gate."""
