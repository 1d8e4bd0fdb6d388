"""Pages for people who act for others: nominees and representatives."""
