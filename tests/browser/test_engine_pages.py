"""Every page the engine makes, as somebody who may open it: for everybody, wide and narrow, with and without errors."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from playwright.sync_api import expect

from phbportal.admin.addresses import list_address, record_base
from phbportal.admin.fields import Field, Group
from phbportal.admin.picking import is_on_many
from phbportal.admin.resource import Action, Form
from phbportal.admin.second import PROPOSE
from tests.browser.engine_stops import ACT, ACT_ON_MANY, CHANGE, NEW, RECORD, WALKS, WHO, Walk, every_walk
from tests.browser.stops import STAFF
from tests.browser.test_office import confirmed
from tests.browser.visitor import SUMMARY, Given, Visitor

RECORDS_TRIED = 4
ADDRESSES = "all => all.map(a => a.getAttribute('href'))"


def test_the_walks_show_every_resource_and_every_kind_of_page_to_every_role() -> None:
    possible = {shown for walk in every_walk() for shown in walk.shows()}
    assert {shown for walk in WALKS for shown in walk.shows()} == possible
    assert {walk.role for walk in WALKS} == set(WHO)


@pytest.mark.parametrize("who", STAFF)
def test_the_way_to_every_list_is_for_everybody_and_only_to_lists_one_may_read(guests: Given, who: str) -> None:
    visitor = guests.the_same(who).opens("/staff/records", shows="Providers and organisations")
    visitor.is_content()
    role = next(role for role, name in WHO.items() if name == who)
    shown = visitor.page.locator("main .phb-ways a").evaluate_all(ADDRESSES)
    assert sorted(shown) == sorted(list_address(walk.resource) for walk in every_walk() if walk.role is role)


@pytest.mark.parametrize("walk", WALKS, ids=str)
def test_a_resource_s_pages_are_for_everybody_wide_and_narrow(guests: Given, walk: Walk) -> None:
    visitor = guests.the_same(WHO[walk.role])
    visitor.complaints.clear()
    kinds, address = walk.kinds(), f"{list_address(walk.resource)}?saved=all"
    looks_through(visitor, walk, address)
    rows = rows_shown(visitor, walk)
    if ACT_ON_MANY in kinds:
        for action in walk.acts():
            if is_on_many(action):
                acts_on_one_row_of(visitor, walk, address, action)
    if NEW in kinds and walk.resource.new:
        fills_in(visitor, f"/staff/{walk.resource.code}/new", walk, walk.resource.new)
    if RECORD in kinds:
        reads_records(visitor, walk, [*rows_for_acts(visitor, walk, address), *rows])
    elif rows:
        finds(visitor, rows[0])
    if CHANGE in kinds and walk.resource.change:
        fills_in(visitor, f"{rows[0]}/change", walk, walk.resource.change)
    assert [c for c in visitor.complaints if "CSP" in c or "error in the page" in c] == []


def looks_through(visitor: Visitor, walk: Walk, address: str) -> None:
    """The list with everything on it opened."""
    visitor.opens(address, shows=walk.resource.intro)
    assert visitor.page.locator("tbody tr").count() > 0, f"nobody has put a row on this list: {walk}"
    visitor.page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    visitor.is_content()
    offered = visitor.page.locator(f"main a[href='/staff/{walk.resource.code}/new']").count()
    assert offered == (NEW in walk.kinds()), "the form for a new row is offered to those who may fill it in"


def rows_shown(visitor: Visitor, walk: Walk) -> list[str]:
    """Where the rows of a list lead."""
    base = record_base(walk.resource) or "/nowhere"
    return visitor.page.locator(f"tbody a[href^='{base}/']").evaluate_all(ADDRESSES)


def rows_for_acts(visitor: Visitor, walk: Walk, address: str) -> list[str]:
    """A row for what may be done only to rows of some kind, found by the list's own filter."""
    for name, values in (action.when for action in walk.acts() if action.when[0] in walk.resource.filters):
        for value in values:
            visitor.opens(f"{address}&{name}={value}", shows=walk.resource.intro)
            if rows := rows_shown(visitor, walk):
                return rows[:1]
    return []


def reads_records(visitor: Visitor, walk: Walk, rows: list[str]) -> None:
    """The first record; and of the first few the one on which something may be done."""
    assert rows, "no row leads to its record"
    finds(visitor, rows[0]).is_content()
    changes = visitor.page.locator(f"main a[href='{rows[0]}/change']").count()
    assert changes == (CHANGE in walk.kinds()), "the change form is offered to those who may fill it in"
    if ACT not in walk.kinds():
        assert visitor.page.locator("main a[href*='/act/']").count() == 0
        return
    seen: set[str] = set()
    for row in dict.fromkeys(rows[: RECORDS_TRIED + 1]):
        finds(visitor, row)
        found = visitor.page.locator("main a[href*='/act/']").evaluate_all(
            "all => all.map(a => a.getAttribute('href'))"
        )
        for href in found:
            action = next(one for one in walk.acts() if href.endswith(f"/act/{one.code}"))
            if action.code not in seen:
                seen.add(action.code)
                visitor.opens(href, shows=action.explains).is_content()
                shows_errors(visitor, action)
    assert seen, "no record offers any of what may be done with one"


def finds(visitor: Visitor, address: str) -> Visitor:
    """A page that a list leads to, and that is there."""
    visitor.opens(address)
    assert visitor.heading() != "Page not found", f"{address} leads nowhere"
    return visitor


def acts_on_one_row_of(visitor: Visitor, walk: Walk, address: str, action: Action) -> None:
    """The first row chosen, and the page of what is done to the chosen rows."""
    visitor.opens(address, shows=walk.resource.intro)
    visitor.page.locator("tbody .phb-pick__box").first.click()
    visitor.sees(f"1 {walk.resource.one} chosen").presses(action.label)
    visitor.page.wait_for_url(f"**/act/{action.code}?**")
    visitor.settles("It is done to all of these, or to none").is_content()
    shows_errors(visitor, action)


def shows_errors(visitor: Visitor, action: Action) -> None:
    """What an action asks, left empty, if it must be answered: pressed with nothing in it another would be done."""
    if must_be_answered(action.asks):
        confirmed(visitor)
        visitor.presses(PROPOSE if action.second else action.label).page.locator(SUMMARY).wait_for()
        visitor.is_content()


def must_be_answered(asked: Iterable[Field]) -> bool:
    """Whether something of what is asked may not be left empty."""
    return any(not field.optional and not (isinstance(field, Group) and not field.least) for field in asked)


def fills_in(visitor: Visitor, address: str, walk: Walk, form: Form) -> None:
    """Every page of a form, as it is opened; and left empty, where something must be answered."""
    named = {field.name: field for field in walk.resource.fields}
    pages = len(form.steps) if len(form.steps) == 1 else len(form.steps) + 1
    for step in range(pages):
        visitor.opens(f"{address}?step={step}", shows=form.steps[step].title if step < len(form.steps) else "Check")
        visitor.is_content()
        if step == len(form.steps):
            return
        if not must_be_answered(named[name] for name in form.steps[step].names):
            continue
        for box in visitor.page.locator("main form input[type=text], main form textarea").all():
            box.fill("")
        confirmed(visitor)
        sends = PROPOSE if form.second else form.button
        visitor.presses("Continue" if pages > 1 else sends).page.locator(SUMMARY).wait_for()
        expect(visitor.page.locator(SUMMARY)).to_be_focused()
        visitor.is_content()
