"""Ids as they come out of an address: anybody may have typed them."""

from __future__ import annotations

from uuid import UUID

from phbportal.domain.errors import NotFound


def given_id(text: str) -> UUID:
    """The id, or NotFound: an address that is no id reads like a record that is not there."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound() from None
