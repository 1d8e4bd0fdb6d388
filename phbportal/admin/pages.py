"""The engine's pages: few, and shared by every resource."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin import addresses
from phbportal.admin.act_many_page import act_on_rows
from phbportal.admin.act_many_state import ActManyState
from phbportal.admin.act_page import act_on_row
from phbportal.admin.act_state import ActState
from phbportal.admin.beside_state import BesideState
from phbportal.admin.form_page import form_of_row
from phbportal.admin.form_state import FormState
from phbportal.admin.imports import pages as import_pages
from phbportal.admin.list_page import list_of_rows
from phbportal.admin.list_state import ListState
from phbportal.admin.record_page import record
from phbportal.admin.record_state import RecordState
from phbportal.admin.records_page import records
from phbportal.admin.records_state import RecordsState

_OF_THE_LIST = rx.cond(ListState.title, ListState.title, "Records")

PAGES: tuple[tuple[Any, str, Any, Any], ...] = (
    (records, routes.STAFF_RECORDS, "All records", RecordsState.load),
    (
        list_of_rows,
        addresses.LIST,
        rx.cond(ListState.title, ListState.title, "Records"),
        [ListState.load, ListState.count],
    ),
    (form_of_row, addresses.NEW, rx.cond(FormState.title, FormState.title, "Add a record"), FormState.load),
    (
        record,
        addresses.RECORD,
        rx.cond(RecordState.caption, RecordState.caption, "Record"),
        [RecordState.load, BesideState.look],
    ),
    (form_of_row, addresses.CHANGE, rx.cond(FormState.title, FormState.title, "Change a record"), FormState.load),
    (act_on_rows, addresses.ACT_ON_MANY, "Do something with several records", ActManyState.load),
    (act_on_row, addresses.ACT, rx.cond(ActState.title, ActState.title, "Do something with a record"), ActState.load),
    *import_pages.PAGES,
)
