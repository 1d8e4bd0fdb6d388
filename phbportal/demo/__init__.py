"""A small named world, built by services as named actors."""
