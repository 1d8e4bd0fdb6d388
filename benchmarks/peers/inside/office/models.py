"""The portal's tables as unmanaged Django models: the columns an office would put on these screens."""

from __future__ import annotations

from django.db import models

from benchmarks.peers.inside.statuses import STATUSES


class Person(models.Model):
    id = models.UUIDField(primary_key=True, editable=False)
    nhs_number = models.CharField("NHS number", max_length=10, null=True, blank=True)
    local_reference = models.CharField(max_length=40, null=True, blank=True)
    given_name = models.CharField(max_length=200)
    family_name = models.CharField(max_length=200)
    known_as = models.CharField(max_length=200, blank=True)
    search_name = models.CharField(max_length=200, editable=False)
    date_of_birth = models.DateField()
    died_on = models.DateField(null=True, blank=True)
    address = models.CharField(max_length=500, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    telephone = models.CharField(max_length=20, blank=True)
    communication_needs = models.TextField(blank=True)
    easy_read = models.BooleanField()
    lacks_capacity = models.BooleanField()

    class Meta:
        managed = False
        db_table = "person"
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}"


class Responsibility(models.Model):
    id = models.UUIDField(primary_key=True, editable=False)
    person = models.ForeignKey(Person, models.DO_NOTHING)
    icb_id = models.UUIDField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        managed = False
        db_table = "person_responsibility"


class Phb(models.Model):
    id = models.UUIDField(primary_key=True, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    person = models.ForeignKey(Person, models.DO_NOTHING)
    cohort = models.CharField(max_length=20)
    kind = models.CharField(max_length=10)
    status = models.CharField(max_length=20, choices=[(s, s) for s in STATUSES])
    opened_on = models.DateField()
    live_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        managed = False
        db_table = "phb"

    def __str__(self) -> str:
        return f"{self.reference} {self.status}"


class Stream(models.Model):
    id = models.UUIDField(primary_key=True, editable=False)
    phb = models.ForeignKey(Phb, models.DO_NOTHING)
    method = models.CharField(max_length=20)
    status = models.CharField(max_length=20)
    weekly_pence = models.BigIntegerField()
    starts_on = models.DateField()
    frequency = models.CharField(max_length=12)

    class Meta:
        managed = False
        db_table = "stream"


class LedgerAccount(models.Model):
    id = models.UUIDField(primary_key=True, editable=False)
    path = models.CharField(max_length=120)
    phb = models.ForeignKey(Phb, models.DO_NOTHING, null=True)
    balance_pence = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "ledger_account"
