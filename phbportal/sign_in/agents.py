"""Which kind of browser: a family word such as "Firefox on Windows", and nothing that would tell one person's apart."""

from __future__ import annotations

from functools import lru_cache

# The first mark that is found decides: many browsers also claim to be Chrome or Safari, and Android to be Linux.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"), ("Chrome/", "Chrome"), ("CriOS/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "Chromebook"),
    ("Macintosh", "Mac"), ("Linux", "Linux"),
)  # fmt: skip
OTHER = "Another browser"


@lru_cache(maxsize=512)
def family_of(agent: str) -> str:
    """The family of a User-Agent header: "Safari on iPhone"; OTHER for one that says nothing we know."""
    browser = next((words for mark, words in _BROWSERS if mark in agent), "")
    system = next((words for mark, words in _SYSTEMS if mark in agent), "")
    return " on ".join(filter(None, [browser or (OTHER if system else ""), system])) or OTHER
