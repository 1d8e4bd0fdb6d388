"""Who may: actors, permissions, questions, grants, decide."""
