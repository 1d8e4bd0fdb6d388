"""The opening caseload: its columns, as other people head them and as we do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from phbportal.admin.fields import Choice, Field, Text
from phbportal.admin.imports.declared import Import
from phbportal.domain.eligibility import COHORT_WORDS
from phbportal.domain.imports import PERSON_DECISION_WORDS
from phbportal.domain.phbs import KIND_WORDS
from phbportal.domain.streams import FREQUENCY_WORDS, METHOD_WORDS, PAYEE_WORDS
from phbportal.gateways.caseload_cells import NEEDED, SYNONYMS, code_of
from phbportal.gateways.caseload_draft import LABELS
from phbportal.policy.permissions import Permission
from phbportal.services.caseload_batch import bring_in_caseload_table, read_caseload_table, take_back_caseload

_CHOICES: Mapping[str, Mapping[Any, str]] = {
    "cohort": COHORT_WORDS, "phb_kind": KIND_WORDS, "method": METHOD_WORDS, "payee_kind": PAYEE_WORDS,
    "frequency": FREQUENCY_WORDS, "decision": PERSON_DECISION_WORDS,
}  # fmt: skip
_HINTS = {
    "decision": "Only where the portal has somebody of this name and date of birth under another number",
    "paid_to_on": "The last day your payments so far are for. The portal pays from the day after. If it is left empty, "
    "days can be paid twice",
}


class _Code(Choice):
    """One of several, with the words offices have for it."""

    def parse(self, typed: str) -> Any:
        return code_of(self.name, typed)


def _column(name: str) -> Field:
    label, optional = LABELS[name][:1].upper() + LABELS[name][1:], name not in (*NEEDED, "weekly_amount")
    if name in _CHOICES:
        return _Code(name, label, hint=_HINTS.get(name, ""), optional=optional, choices=_CHOICES[name])
    return Text(name, label, hint=_HINTS.get(name, ""), optional=optional)


CASELOAD = Import(
    code="caseload",
    title="A caseload",
    explains="One row a stream; the rows of one person must agree on the person. Nothing more is paid from a budget "
    "that is brought in until what is still to do about it has been done.",
    permission=Permission.CASELOAD_PREPARE,
    second=Permission.CASELOAD_APPROVE,
    fields=tuple(_column(name) for name in LABELS),
    also=SYNONYMS,
    file=bring_in_caseload_table,
    reads=read_caseload_table,
    all_or_nothing=True,
    take_back=take_back_caseload,
    same_words=PERSON_DECISION_WORDS,
)
