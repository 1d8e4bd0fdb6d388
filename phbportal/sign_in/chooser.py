"""Which ways in are offered, to whom, and in what order."""

from __future__ import annotations

from collections.abc import Iterable

from phbportal.gateways.identity import Provider, shape_of

HEADINGS = {
    "holder": "If you have a personal health budget, or act for somebody who has",
    "staff": "If you work for the NHS",
    "organisation": "If you work for another organisation",
}


def ways_in(providers: Iterable[Provider]) -> list[tuple[str, list[Provider]]]:
    """Heading and providers, for every kind of person there is a provider for. NHS login's rule is that its button
    comes first; the others stand in the order of the configuration."""
    everyone = sorted(providers, key=lambda provider: not shape_of(provider).first_to_choose)
    found = [(words, [p for p in everyone if audience in p.audience]) for audience, words in HEADINGS.items()]
    return [(words, group) for words, group in found if group]
