"""Ids as they come out of an address: anybody may have typed them."""

from __future__ import annotations

from uuid import UUID

from phbportal.domain.errors import NotFound


def is_id(text: str) -> bool:
    """Whether a text is an id."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def given_id(text: str) -> UUID:
    """The id, or NotFound: an address that is no id reads like a record that is not there."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound() from None
