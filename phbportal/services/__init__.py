"""What happens: one function per act; nothing here commits but the unit of work."""
