"""The world outside: identity providers, files, directories."""
