"""The admin of these tables: as its tutorial has it, or (``BENCH_TUNED``) as its documentation advises for size."""

from __future__ import annotations

import os
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import QuerySet, Sum
from django.http import HttpRequest
from django.utils.functional import cached_property

from benchmarks.peers.inside.office.models import LedgerAccount, Person, Phb, Responsibility, Stream

TUNED = os.environ.get("BENCH_TUNED") == "yes"
MOST_COUNTED = 1001


class Estimated(Paginator):
    """All rows as the database estimates them; of a search or a filter no more than the first 1,001."""

    @cached_property
    def count(self) -> int:
        query = self.object_list.query
        if query.where:
            return self.object_list.order_by()[:MOST_COUNTED].count()
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [query.model._meta.db_table])
            return int(cursor.fetchone()[0])


class Lists(admin.ModelAdmin):
    """Lists of 50."""

    list_per_page = 50
    if TUNED:
        show_full_result_count = False
        paginator = Estimated


class ReadOnly(admin.TabularInline):
    """Rows beside a record, to read."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Responsibilities(ReadOnly):
    model = Responsibility
    fields = ("icb_id", "starts_on", "ends_on")


class Budgets(ReadOnly):
    model = Phb
    fields = ("reference", "status", "opened_on")


class Streams(ReadOnly):
    model = Stream
    fields = ("method", "status", "weekly_pence", "starts_on", "frequency")


class Accounts(ReadOnly):
    model = LedgerAccount
    fields = ("path", "balance_pence")


@admin.register(Person)
class PersonAdmin(Lists):
    list_display = ("family_name", "given_name", "date_of_birth", "nhs_number", "budgets")
    ordering = ("search_name", "id")
    search_fields = ("^search_name", "nhs_number__exact") if TUNED else ("search_name", "nhs_number")
    inlines = (Responsibilities, Budgets)
    if TUNED:

        def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
            return super().get_queryset(request).prefetch_related("phb_set")

    @admin.display
    def budgets(self, person: Person) -> str:
        return ", ".join(str(phb) for phb in person.phb_set.all())


@admin.register(Phb)
class PhbAdmin(Lists):
    list_display = ("reference", "person", "cohort", "status", "opened_on")
    list_filter = ("status",)
    ordering = ("reference",)
    search_fields = ("^reference",) if TUNED else ("reference",)
    raw_id_fields = ("person",)  # a choice of 200,000 people is no form at all, tuned or not
    readonly_fields = ("balance",)
    inlines = (Streams, Accounts)
    if TUNED:
        list_select_related = ("person",)

    @admin.display
    def balance(self, phb: Phb) -> str:
        pence = LedgerAccount.objects.filter(phb=phb).aggregate(all=Sum("balance_pence"))["all"] or 0
        return f"£{pence / 100:,.2f}"
