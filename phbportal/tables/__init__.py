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
    decisions,
    document_templates,
    documents,
    eligibility,
    endings,
    equipment,
    exports,
    form_drafts,
    funding,
    imports,
    ledger,
    letters,
    local_rules,
    notes,
    organisations,
    path,
    payee_agreements,
    payments,
    people,
    phbs,
    plan_parts,
    plan_sharing,
    plans,
    purchases,
    reviews,
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
    "consents", "decisions", "document_templates", "documents", "eligibility", "endings", "equipment", "exports",
    "form_drafts", "funding", "imports", "ledger", "letters", "local_rules", "metadata", "notes", "organisations",
    "path", "payee_agreements", "payments", "people", "phbs", "plan_parts", "plan_sharing", "plans", "purchases",
    "reviews", "role_grants", "sessions", "settings", "users", "workers",
]  # fmt: skip
