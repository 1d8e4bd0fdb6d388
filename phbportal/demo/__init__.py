"""A named world, a year of one board, built by services as named actors."""
