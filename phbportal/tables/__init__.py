"""The record office: SQLModel tables, no behaviour."""

from sqlmodel import SQLModel

from phbportal.tables import (
    acting,
    arrangements,
    audit,
    board_money,
    break_glass,
    budgets,
    change_requests,
    consents,
    document_templates,
    documents,
    eligibility,
    equipment,
    exports,
    form_drafts,
    funding,
    imports,
    ledger,
    notes,
    organisations,
    payments,
    people,
    phbs,
    plans,
    role_grants,
    sessions,
    settings,
    users,
    workers,
)
from phbportal.tables.append_only import APPEND_ONLY, attach

metadata = SQLModel.metadata
attach(metadata)

__all__ = [
    "APPEND_ONLY", "acting", "arrangements", "audit", "board_money", "break_glass", "budgets", "change_requests",
    "consents", "document_templates", "documents", "eligibility", "equipment", "exports", "form_drafts", "funding",
    "imports", "ledger", "metadata", "notes", "organisations", "payments", "people", "phbs", "plans", "role_grants",
    "sessions", "settings", "users", "workers",
]  # fmt: skip
