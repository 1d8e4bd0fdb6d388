"""Every page has a title of its own: what a tab says, and what is read out first."""

from __future__ import annotations

from collections import Counter
from typing import Any

from phbportal.pages import everything
from phbportal.settings import settings

THE_SAME_FOR_OTHERS = ("/my-", "/acting-for", "/provider", "/problem", "404")
"""A holder's page and the same page for whoever acts for them are one page to its reader."""


class Listens:
    """Takes pages as an app does, and remembers what each is called."""

    def __init__(self) -> None:
        self.titles: dict[str, str] = {}

    def add_page(self, _page: Any, *, route: str, title: Any, on_load: Any = None) -> None:
        self.titles[route] = str(title)


def test_every_staff_page_has_a_title_of_its_own() -> None:
    app = Listens()
    everything.add_to(app)  # pyright: ignore[reportArgumentType]
    staff = {route: title for route, title in app.titles.items() if not route.startswith(THE_SAME_FOR_OTHERS)}
    assert len(staff) > 80
    assert [title for title, many in Counter(staff.values()).items() if many > 1] == []
    assert [route for route, title in staff.items() if settings().brand not in title] == []
    plain = [title for title in staff.values() if "?" not in title and "(" not in title]
    assert [title for title in plain if not title[:1].isupper()] == []
