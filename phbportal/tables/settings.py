"""Local policy and statutory rates, by date; background jobs; and what a person typed to search (views)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint

from phbportal.tables.base import Record, Row, day, link, long_text, moment, one_of, pence, text, whole, yes_no


class PolicySetting(Record, table=True):
    """A local choice of a board (domain.md §4.9), from a day on."""

    __tablename__ = "policy_setting"
    __table_args__ = (UniqueConstraint("icb_id", "name", "starts_on", name="uq_policy_setting"),)

    icb_id: UUID | None = link("organisation", default=None)
    name: str = text(length=60)
    value: str = text(length=200)
    starts_on: date = day()


class Rate(Record, table=True):
    """A statutory or local rate (domain.md §4.2), from a day to a day."""

    __tablename__ = "rate"
    __table_args__ = (
        UniqueConstraint("name", "starts_on", name="uq_rate"),
        one_of("rate", "unit", ("PENCE_PER_HOUR", "PENCE_PER_YEAR", "PENCE", "BASIS_POINTS")),
    )

    name: str = text(length=60)
    unit: str = text(length=20)
    amount: int = pence("pence or basis points, as the unit says")
    starts_on: date = day()
    ends_on: date | None = day(default=None)
    source: str = text(length=300, default="")


class Job(Record, table=True):
    """Work outside an event: decided once, survives a restart, says how far it is.

    ``attempts`` is how often a worker began it and did not give it back in good order; empty for none.
    """

    __tablename__ = "job"
    __table_args__ = (one_of("job", "status", ("WAITING", "RUNNING", "DONE", "FAILED")),)

    kind: str = text(length=40)
    icb_id: UUID | None = link("organisation", default=None)
    status: str = text(length=10, index=True)
    done_count: int = whole(default=0)
    total_count: int = whole(default=0)
    payload: str = long_text(personal=True)
    outcome: str = long_text(personal=True)
    finished_at: datetime | None = moment()
    attempts: int | None = whole(default=None)


class View(Row, table=True):
    """What somebody typed to search and where they had paged to, so that neither is in an address (decisions.md §5)."""

    __tablename__ = "view"

    icb_id: UUID | None = link("organisation", default=None, index=False)
    user_id: UUID | None = link("user_account", default=None)
    page: str = text(length=40)
    search: str = text(personal=True, length=200, default="")
    cursor: str = text(personal=True, length=400, default="")
    direction: str = text(length=10, default="")
    conditions: str = long_text(personal=True, default="")
    columns: str = text(length=400, default="")
    density: str = text(length=12, default="")


class SavedView(Record, table=True):
    """A list as somebody wants to find it again: theirs alone, or shared with their board."""

    __tablename__ = "saved_view"

    icb_id: UUID | None = link("organisation", default=None)
    user_id: UUID = link("user_account")
    page: str = text(length=40)
    name: str = text(personal=True, length=60)
    shared: bool = yes_no()
    opens_first: bool = yes_no()
    search: str = text(personal=True, length=200, default="")
    conditions: str = long_text(personal=True, default="")
    columns: str = text(length=400, default="")
    sort: str = text(length=60, default="")
    size: int = whole(default=50)
    density: str = text(length=12, default="")


class Submission(Row, table=True):
    """A form sent once: its key, a digest of what it said, and what came of it. Swept with old drafts."""

    __tablename__ = "submission"

    key: str = text(length=100, unique=True)
    user_id: UUID | None = link("user_account", default=None, index=False)
    kind: str = text(length=60)
    content_hash: str = text(length=64)
    result: str = text(length=200, default="")
