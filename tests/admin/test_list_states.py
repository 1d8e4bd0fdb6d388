"""The engine's lists, driven over the socket of the really served portal, on both databases."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from sqlmodel import col

from phbportal.admin.act_many_state import ActManyState
from phbportal.admin.filling import apart_at
from phbportal.admin.heads import Head
from phbportal.admin.list_state import ListState
from phbportal.tables.audit import AuditEvent
from phbportal.tables.equipment import Equipment
from phbportal.tables.phbs import Phb
from phbportal.tables.settings import SavedView, View
from tests.admin import gear
from tests.pages.opening import Opened, opened
from tests.support.portal import Portal


@pytest.fixture(autouse=True)
def _things(portal: Portal) -> None:
    """Forty things of each board's first budget, once a database; and nobody has set a list out or saved one."""
    gear.declared()

    def fill(portal: Portal) -> bool:
        boards = {one.icb_id: one for one in portal.rows(Phb)}
        portal.change(lambda uow: gear.some(uow, boards[portal.world.icb], 40))
        return True

    portal.kept("things", fill)

    def clear(uow: Any) -> None:
        for row in portal.rows(SavedView):
            uow.session.delete(uow.session.get_one(SavedView, row.id))

    portal.change(clear)


def look(portal: Portal, subject: str = "finance", resource: str = "gear", **query: str) -> Opened:
    return opened(portal, subject, ListState, f"/staff/{resource}", resource=resource, **query)


def follow(portal: Portal, frames: Any, subject: str = "finance") -> Opened:
    """The list a redirect leads to, in a browser of its own."""
    (address,) = frames.redirects
    return look(portal, subject, **query_of(address))


def query_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def var(page: Opened, name: str, frames: Any = None) -> Any:
    """A var as the opening, or later frames, left it: what does not change is not sent again."""
    try:
        return page.after(frames, name) if frames is not None else page.var(name)
    except KeyError:
        return page.state.get_fields()[name].default_value()


def names(page: Opened) -> list[str]:
    return [row[1] for row in var(page, "rows")]


def sentences(page: Opened, frames: Any) -> list[str]:
    return [one["sentence"] for one in page.after(frames, "problems")]


def errors(page: Opened, frames: Any) -> dict[str, str]:
    return page.after(frames, "errors")


def dear(portal: Portal, subject: str = "finance") -> str:
    """The address of the list of what cost more than £100, as finance built it."""
    page = look(portal, subject)
    (address,) = page.submit("add", field="price_pence", op="more", value="100").redirects
    return address


# Filters built without code -------------------------------------------------------------------------------------------


def test_a_filter_is_built_from_a_field_a_comparison_and_a_value_and_stands_in_words(portal: Portal) -> None:
    page = look(portal)
    assert {one["text"] for one in var(page, "fields")} >= {"Name", "Price", "Status", "Bought on"}
    chosen = page.send("choose", field="price_pence")
    assert [one["text"] for one in page.after(chosen, "ops")][-3:] == ["is between", "is empty", "is not empty"]
    between = page.send("compare", op="between")
    assert [(one["kind"], one["label"]) for one in page.after(between, "inputs")] == [
        ("money", "From"),
        ("money", "To"),
    ]
    frames = page.submit("add", field="price_pence", op="between", value="1", value__to="25.50")
    (address,) = frames.redirects
    assert re.fullmatch(r"/staff/gear\?view=[0-9a-f-]{36}", address)
    found = follow(portal, frames)
    assert [line["words"] for line in var(found, "lines")] == ["Price is between £1.00 and £25.50"]
    assert 0 < len(var(found, "rows")) < 40
    assert {row[2] for row in var(found, "rows")} == {"£1.00", "£25.50"}
    two = found.submit("add", field="status", op="is", value="LOST")
    both = follow(portal, two)
    assert [line["words"] for line in var(both, "lines")][1] == "Status is Lost or broken"
    less = follow(portal, both.send("drop", place=0))
    assert [line["words"] for line in var(less, "lines")] == ["Status is Lost or broken"]
    assert len(var(less, "rows")) > len(var(both, "rows"))


@pytest.mark.parametrize(
    ("kind", "field"), [("date", "bought_on"), ("select", "status"), ("text", "name"), ("money", "price_pence")]
)
def test_each_field_asks_with_its_own_control(portal: Portal, kind: str, field: str) -> None:
    page = look(portal)
    frames = page.send("choose", field=field)
    (control,) = page.after(frames, "inputs")
    assert control["kind"] == kind


@pytest.mark.parametrize(("answers", "field", "sentence"), [
    ({"field": "price_pence", "op": "more", "value": "lots"}, "value", "We could not read that"),
    ({"field": "price_pence", "op": "more", "value": ""}, "value", "Enter what to compare with."),
    ({"field": "bought_on", "op": "before", "value__day": "31", "value__month": "2", "value__year": "2026"}, "value",
     "The day must be between 1 and 28"),
    ({"field": "price_pence", "op": "between", "value": "5", "value__to": "1"}, "value-to", "The second must not"),
    ({"field": "status", "op": "is", "value": "NONSENSE"}, "value", "Choose a status from the list."),
    ({"field": "", "op": "", "value": ""}, "field", "Choose what to filter by."),
    ({"field": "id", "op": "is", "value": "1"}, "field", "Choose what to filter by."),
], ids=["money", "blank", "day", "backwards", "choice", "nothing", "no field"])  # fmt: skip
def test_what_cannot_be_compared_is_said_beside_it(
    portal: Portal, answers: dict[str, str], field: str, sentence: str
) -> None:
    page = look(portal)
    frames = page.submit("add", **answers)
    assert frames.redirects == []
    assert errors(page, frames)[field].startswith(sentence)


@pytest.mark.parametrize("answers", [
    {"field": "price_pence", "op": "more", "value": "100"}, {"field": "price_pence", "op": "filled"},
])  # fmt: skip
def test_a_column_one_may_not_see_is_no_filter_by_any_request(portal: Portal, answers: dict[str, str]) -> None:
    page = look(portal, "cm")
    assert "Price" not in {one["text"] for one in var(page, "fields")}
    assert not page.frames.says("£")
    for frames in (page.send("choose", field="price_pence"), page.submit("add", **answers)):
        assert errors(page, frames)["field"] == "Choose what to filter by."
    shown = page.send("arrange", column="price_pence", move="show")
    assert sentences(page, shown) == ["That is not a column of this list."]


def test_a_colleagues_filter_on_what_one_may_not_see_shows_nothing_and_says_so(portal: Portal) -> None:
    query = query_of(dear(portal))
    page = look(portal, "cm", **query)
    assert var(page, "rows") == []
    (line,) = var(page, "lines")
    assert line["words"] == "A filter on something you cannot see"
    assert "Take it away" in line["problem"]
    assert var(page, "nothing") == line["problem"]
    assert not page.frames.says("£")
    # As a value or in words; the bare figures may stand in a random id.
    assert not any(page.frames.says(amount) for amount in ('"100"', "100.00"))
    assert var(page, "summary", page.send("count")) == ""
    without = follow(portal, page.send("drop", place=0), "cm")
    assert len(var(without, "rows")) == 40


def test_what_a_colleague_searched_by_is_not_shown_to_whoever_may_not_see_it(portal: Portal) -> None:
    frames = look(portal).submit("find", search="25.50", status="")
    (address,) = frames.redirects
    assert var(follow(portal, frames), "search") == "25.50"
    page = look(portal, "cm", **query_of(address))
    assert (var(page, "rows"), var(page, "search")) == ([], "")
    assert not page.frames.says("25.50")


@pytest.mark.parametrize("query", [{"status": "NONSENSE"}, {"size": "7"}, {"sort": "returned_on"}, {"saved": "x"},
                                   {"view": "x"}])  # fmt: skip
def test_an_address_nobody_made_shows_the_whole_list(portal: Portal, query: dict[str, str]) -> None:
    assert names(look(portal, **query)) == names(look(portal))


def test_sorting_turning_and_filtering_keep_each_other(portal: Portal) -> None:
    page = look(portal, **query_of(dear(portal)), sort="name", size="25", status="LOST")
    base = var(page, "sort_base")
    kept = query_of(base + "x")
    assert (kept["status"], kept["size"], kept["sort"]) == ("LOST", "25", "x")
    assert kept["view"]
    everything = look(portal, size="25", sort="-price_pence")
    second = follow(portal, everything.send("turn", direction="after"))
    assert (var(second, "has_before"), var(second, "has_after"), len(var(second, "rows"))) == (True, False, 15)
    assert second.query["sort"] == "-price_pence"
    first = look(portal, **{**second.query, "sort": "name"})
    assert names(first) == names(look(portal, size="25", sort="name")), "a place in one order is none in another"


# Columns, rows, density -----------------------------------------------------------------------------------------------


def test_columns_are_shown_hidden_and_moved_and_remembered_for_their_person(portal: Portal) -> None:
    page = look(portal)
    page.send("arrange", column="phb_id", move="show")
    page.send("arrange", column="price_pence", move="down")
    frames = page.send("arrange", column="status", move="hide")
    assert [head["label"] for head in page.after(frames, "heads")] == ["Name", "Price", "Bought on", "Budget"]
    again = look(portal)
    assert [head["label"] for head in var(again, "heads")] == ["Name", "Price", "Bought on", "Budget"]
    choices = {one["name"]: (one["shown"], one["can_up"], one["can_down"]) for one in var(again, "columns")}
    assert choices["price_pence"] == (True, False, True)
    assert choices["status"] == (False, False, False)
    assert "name" not in choices, "the title stays first"
    assert [head["label"] for head in var(look(portal, "finance2"), "heads")][:3] == ["Name", "Price", "Status"]


def test_rows_a_page_and_density_are_remembered(portal: Portal) -> None:
    page = look(portal)
    page.submit("set_out", size="25", density="compact")
    again = look(portal)
    assert (len(var(again, "rows")), var(again, "size"), var(again, "density")) == (25, "25", "compact")
    assert len(portal.rows(SavedView)) == 1
    again.submit("set_out", size="9999", density="<script>")
    assert (var(look(portal), "size"), var(look(portal), "density")) == ("25", "comfortable")


# Saved lists ----------------------------------------------------------------------------------------------------------


def saved(portal: Portal, page: Opened, **answers: str) -> str:
    """Save the list that is open; its address."""
    (address,) = page.submit("save", **{"name": "Dear things", **answers}).redirects
    return address


def test_a_saved_list_brings_back_search_filters_columns_and_order(portal: Portal) -> None:
    page = look(portal, **query_of(dear(portal)), status="LOST", sort="-name", size="25")
    address = saved(portal, page)
    assert re.fullmatch(r"/staff/gear\?saved=[0-9a-f-]{36}&done=saved", address)
    found = look(portal, saved=query_of(address)["saved"])
    assert var(found, "rows") == var(page, "rows")
    assert [line["words"] for line in var(found, "lines")] == ["Price is more than £100.00"]
    assert [(one["name"], one["value"]) for one in var(found, "filters")] == [("status", "LOST")]
    assert var(found, "size") == "25"
    links = var(found, "views")
    assert [(one["label"], one["current"]) for one in links] == [("All gear", False), ("Dear things", True)]
    wider = follow(portal, found.submit("find", search="", status=""))
    assert len(var(wider, "rows")) > len(var(found, "rows"))
    assert var(wider, "view_name") == "Dear things", "one still looks at it, and can save the change"
    wider.submit("save_again", name="Dearer things")
    renamed = look(portal, saved=query_of(address)["saved"])
    assert var(renamed, "rows") == var(wider, "rows")
    assert var(renamed, "view_name") == "Dearer things"


def test_a_saved_list_is_ones_own_until_it_is_shared_with_ones_board_alone(portal: Portal) -> None:
    address = saved(portal, look(portal, status="LOST"))
    own = query_of(address)["saved"]
    assert var(look(portal, "finance2"), "views") == []
    assert len(var(look(portal, "finance2", saved=own), "rows")) == 40, "somebody else's reads like none"
    look(portal, saved=own).submit("save_again", name="Lost things", shared="yes")
    assert [one["label"] for one in var(look(portal, "cm"), "views")] == ["All gear", "Lost things"]
    assert {row[2] for row in var(look(portal, "cm", saved=own), "rows")} == {"Lost or broken"}
    for subject in ("other_finance", "other_cm"):
        assert var(look(portal, subject), "views") == []
    kinds = [one.kind for one in portal.rows(AuditEvent, col(AuditEvent.about_id) == UUID(own))]
    assert kinds == ["list_shared"]


def test_only_whoever_saved_a_list_changes_or_deletes_it(portal: Portal) -> None:
    own = query_of(saved(portal, look(portal), shared="yes"))["saved"]
    theirs = look(portal, "finance2", saved=own)
    assert var(theirs, "view_mine") is False
    for frames in (theirs.submit("save_again", name="Mine now"), theirs.send("delete")):
        assert frames.redirects == []
        assert sentences(theirs, frames)
    stranger = look(portal, "other_finance", saved=own)
    assert sentences(stranger, stranger.send("delete"))
    assert [row.name for row in portal.rows(SavedView)] == ["Dear things"]
    (address,) = look(portal, saved=own).send("delete").redirects
    assert address == "/staff/gear?done=list-deleted"
    assert portal.rows(SavedView) == []


def test_a_shared_list_never_shows_more_than_its_reader_may_see(portal: Portal) -> None:
    own = query_of(saved(portal, look(portal, **query_of(dear(portal))), shared="yes"))["saved"]
    page = look(portal, "cm", saved=own)
    assert var(page, "rows") == []
    assert var(page, "lines")[0]["words"] == "A filter on something you cannot see"
    assert not page.frames.says("£")
    kept = page.submit("save", name="Mine")
    assert sentences(page, kept) == ["Take away the filters that cannot be used before you save the list."]


def test_one_list_opens_first_and_the_whole_list_is_one_press_away(portal: Portal) -> None:
    saved(portal, look(portal, status="LOST"), opens__first="yes")
    page = look(portal)
    assert {row[3] for row in var(page, "rows")} == {"Lost or broken"}
    whole = var(page, "views")[0]
    assert whole["href"] == "/staff/gear?saved=all"
    assert len(var(look(portal, saved="all"), "rows")) == 40
    assert len(var(look(portal, "finance2"), "rows")) == 40
    saved(portal, look(portal, saved="all", sort="-name"), name="Other", opens__first="yes")
    assert [row.opens_first for row in portal.rows(SavedView)] == [False, True]


@pytest.mark.parametrize(("name", "sentence"), [
    ("  ", "Enter a name for the list."), ("x" * 61, "The name is too long."), ("DEAR  things", "You have already"),
])  # fmt: skip
def test_a_saved_list_needs_a_name_of_its_own(portal: Portal, name: str, sentence: str) -> None:
    saved(portal, look(portal))
    page = look(portal)
    assert errors(page, page.submit("save", name=name))["name"].startswith(sentence)


# Several rows at once -------------------------------------------------------------------------------------------------


def in_use(portal: Portal) -> list[Equipment]:
    return portal.rows(Equipment, col(Equipment.status) == "IN_USE", col(Equipment.icb_id) == portal.world.icb)


def chosen(portal: Portal, rows: list[Equipment]) -> str:
    """The address of the page that takes these back."""
    page = look(portal, size="100")
    for row in rows:
        page.send("pick", key=str(row.id), on=True)
    (address,) = page.send("act", action="take-back").redirects
    return address


def acting(portal: Portal, address: str, subject: str = "finance") -> Opened:
    return opened(
        portal, subject, ActManyState, urlsplit(address).path, resource="gear", action="take-back", **query_of(address)
    )


BACK = {"returned_on__day": "3", "returned_on__month": "4", "returned_on__year": "2026"}


def test_chosen_rows_are_counted_and_no_id_stands_in_an_address(portal: Portal) -> None:
    page = look(portal, size="25")
    assert [one["label"] for one in var(page, "acts")] == ["Mark as returned"], "one at a time is not offered for many"
    first = var(page, "rows")[0][0]
    frames = page.send("pick", key=first, on=True)
    assert (page.after(frames, "picked"), page.after(frames, "picked_words")) == ([first], "1 thing chosen")
    assert var(page, "picked_words", page.send("pick", key="not-a-row", on=True)) in ("", "1 thing chosen")
    assert page.after(page.send("pick_page", on=True), "picked_words") == "25 gear chosen"
    assert page.after(page.send("pick_all"), "picked_words") == "40 gear chosen"
    (address,) = page.send("act", action="take-back").redirects
    assert re.fullmatch(r"/staff/gear/act/take-back\?size=25&picked=[0-9a-f-]{36}", address)
    assert first not in address
    none = page.send("pick_none")
    assert page.after(none, "picked_words") == ""
    assert sentences(page, page.send("act", action="take-back")) == ["Choose at least one row first."]


def test_what_is_done_to_many_is_done_to_each_once(portal: Portal) -> None:
    rows = in_use(portal)[:3]
    page = acting(portal, chosen(portal, rows))
    assert (var(page, "title"), var(page, "caption")) == ("Mark as returned", "3 gear chosen")
    assert sorted(var(page, "names")) == sorted(row.name for row in rows)
    first = page.submit("act", **BACK)
    (address,) = first.redirects
    assert query_of(address) == {"size": "100", "done": "take-back", "count": "3"}
    assert page.submit("act", **BACK).redirects == [address]
    after = {row.id: row for row in portal.rows(Equipment, col(Equipment.id).in_([one.id for one in rows]))}
    assert {row.status for row in after.values()} == {"RETURNED"}
    assert {row.row_version for row in after.values()} == {2}
    assert var(look(portal, **query_of(address)), "notice") == "3 gear: Returned."


def test_one_row_that_cannot_be_leaves_all_as_they_were_and_says_which(portal: Portal) -> None:
    rows = in_use(portal)[:2]
    (gone,) = portal.rows(Equipment, col(Equipment.status) == "RETURNED", col(Equipment.icb_id) == portal.world.icb)[:1]
    page = acting(portal, chosen(portal, [*rows, gone]))
    before = portal.snapshot()
    frames = page.submit("act", **BACK)
    assert frames.redirects == []
    head, reason = sentences(page, frames)
    assert head == "Nothing was changed: it cannot be done to 1 of 3. Leave those out."
    assert reason.startswith(f"{gone.name}: ")
    assert portal.snapshot() == before


def test_what_is_asked_is_refused_beside_its_field(portal: Portal) -> None:
    page = acting(portal, chosen(portal, in_use(portal)[:1]))
    frames = page.submit("act", returned_on__day="", returned_on__month="", returned_on__year="")
    assert errors(page, frames)["returned_on"]


@pytest.mark.parametrize("subject", ["finance2", "other_finance", "clinician"])
def test_rows_somebody_else_chose_are_nobodys(portal: Portal, subject: str) -> None:
    address = chosen(portal, in_use(portal)[:1])
    page = acting(portal, address, subject)
    assert page.frames.redirects or var(page, "missing") is True
    with portal.writes() as writes:
        page.submit("act", **BACK)
    assert [table for table in writes if table != "view"] == []


def test_an_action_for_one_row_is_not_done_to_many(portal: Portal) -> None:
    address = chosen(portal, in_use(portal)[:1])
    page = opened(
        portal, "finance", ActManyState, "/staff/gear/act/alone", resource="gear", action="alone", **query_of(address)
    )  # fmt: skip
    assert var(page, "missing") is True


def test_a_row_out_of_sight_is_not_acted_on_though_its_id_was_kept(portal: Portal) -> None:
    (theirs,) = portal.rows(Equipment, col(Equipment.icb_id) == portal.world.icb)[:1]
    address = chosen(portal, [theirs])
    view = query_of(address)["picked"]
    foreign = portal.world.other_icb

    def move(uow: Any) -> None:
        uow.session.get_one(Equipment, theirs.id).icb_id = foreign
        uow.session.flush()

    portal.change(move)
    assert var(acting(portal, address), "missing") is True
    assert json.loads(portal.rows(View, col(View.id) == UUID(view))[0].conditions) == [str(theirs.id)]

    def back(uow: Any) -> None:
        uow.session.get_one(Equipment, theirs.id).icb_id = portal.world.icb
        uow.session.flush()

    portal.change(back)


def test_what_was_chosen_is_forgotten_with_another_search_and_kept_from_page_to_page(portal: Portal) -> None:
    page = look(portal, size="25")
    page.send("pick_page", on=True)
    (address,) = page.send("turn", direction="after").redirects
    page.query = {"resource": "gear", **query_of(address)}
    turned = page.send("load")
    assert var(page, "picked", turned) == []
    assert page.after(page.send("pick_page", on=True), "picked_words") == "40 gear chosen"
    page.query = {"resource": "gear", "status": "LOST"}
    assert var(page, "picked_words", page.send("load")) == ""


@pytest.mark.parametrize(
    ("rows", "at"),
    [
        ([["1", "Ramp", "red", "A"], ["2", "Hoist", "red", "A"]], []),
        ([["1", "Ramp", "red", "A"], ["2", "Ramp", "blue", "B"]], [3]),
        ([["1", "Ramp", "red", "A"], ["2", "Ramp", "blue", "A"]], [3, 2]),
        ([], []),
    ],
)
def test_rows_of_one_title_are_told_apart_by_what_they_belong_to_and_what_differs(
    rows: list[list[str]], at: list[int]
) -> None:
    heads = [Head("Name", "record", 1), Head("Colour", "text", 2), Head("Budget", "link", 3)]
    assert apart_at(heads, rows) == at
