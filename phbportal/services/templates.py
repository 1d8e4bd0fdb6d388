"""Templates of letters and agreements: written, changed and withdrawn by two people (domain.md §9.5).

There is no way here to write one alone: each function is what an approval calls.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from phbportal.domain.change_requests import Values
from phbportal.domain.errors import Refusal, refuse_if
from phbportal.domain.reading import given
from phbportal.domain.templates import STATUS_WORDS, TemplateStatus, filled_in, kind_of, template_problems
from phbportal.domain.text import search_key
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.services.change_requests import applies
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.document_templates import DocumentTemplate

SUBJECT = "document_template"


def template_in_use(uow: UnitOfWork, icb_id: UUID, code: str) -> DocumentTemplate | None:
    """A board's own template for something, if it has one. A fact for whoever writes from it, not for a screen."""
    t = DocumentTemplate
    found = select(t).where(col(t.icb_id) == icb_id, col(t.code) == code, col(t.status) == TemplateStatus.IN_USE.value)
    return uow.session.execute(found).scalar_one_or_none()


def written_from(template: DocumentTemplate, values: Mapping[str, str]) -> str:
    """A template filled in. Refuses one that asks for what there is not: nothing is signed with braces in it."""
    try:
        return filled_in(template.body, values)
    except KeyError as lacking:
        raise Refusal(
            f"The board’s template asks for {{{lacking.args[0]}}}, and there is none here. Change the template first."
        ) from None


def _add(uow: UnitOfWork, _row_id: UUID | None, values: Values, _seen: int | None) -> UUID:
    icb_id = given(uow.actor.icb_id)
    uow.require(Permission.TEMPLATE_PROPOSE, Subject(icbs=frozenset({icb_id})))
    in_use = select(col(DocumentTemplate.id)).where(
        col(DocumentTemplate.icb_id) == icb_id, col(DocumentTemplate.code) == values["code"],
        col(DocumentTemplate.status) == TemplateStatus.IN_USE.value,
    )  # fmt: skip
    if uow.session.execute(in_use.limit(1)).first() is not None:
        raise Refusal("There is a template for this already. Change that one instead.", field="code")
    return _write(uow, icb_id, values["code"], values).id


def _change(uow: UnitOfWork, row_id: UUID | None, values: Values, _seen: int | None) -> UUID:
    """The next version, in the place of the present one."""
    old = _in_use(uow, row_id)
    uow.require(Permission.TEMPLATE_PROPOSE, old)
    uow.change(old, status=TemplateStatus.REPLACED.value)
    new = _write(uow, old.icb_id, old.code, values)
    uow.record("template_replaced", about=old, title=old.title, version=new.version)
    return new.id


def _withdraw(uow: UnitOfWork, row_id: UUID | None, _values: Values, _seen: int | None) -> UUID:
    row = _in_use(uow, row_id)
    uow.require(Permission.TEMPLATE_PROPOSE, row)
    uow.change(row, status=TemplateStatus.WITHDRAWN.value)
    uow.record("template_withdrawn", about=row, title=row.title, version=row.version)
    return row.id


def _in_use(uow: UnitOfWork, row_id: UUID | None) -> DocumentTemplate:
    row = uow.find(DocumentTemplate, given(row_id), lock=True)
    if row.status != TemplateStatus.IN_USE:
        words = STATUS_WORDS[TemplateStatus(row.status)].lower()
        raise Refusal(f"This version is {words}. Only the version in use can be changed or withdrawn.")
    return row


def _write(uow: UnitOfWork, icb_id: UUID, code: str, values: Values) -> DocumentTemplate:
    refuse_if(template_problems(values["body"], values["law_as_of"], uow.today))
    latest = uow.session.execute(
        select(func.max(col(DocumentTemplate.version))).where(
            col(DocumentTemplate.icb_id) == icb_id, col(DocumentTemplate.code) == code
        )
    ).scalar_one()
    row = uow.add(
        DocumentTemplate, icb_id=icb_id, code=code, kind=kind_of(code).value, version=(latest or 0) + 1,
        title=values["title"], search_title=search_key(values["title"])[:200], body=values["body"],
        law_as_of=values["law_as_of"], status=TemplateStatus.IN_USE.value,
    )  # fmt: skip
    uow.record("template_written", about=row, title=row.title, version=row.version)
    return row


_DECIDES = Permission.TEMPLATE_DECIDE
ADD = applies(SUBJECT, "add", what="A template", decides=_DECIDES, apply=_add)
CHANGE = applies(
    SUBJECT, "change", what="A change to a template", decides=_DECIDES, apply=_change, table=DocumentTemplate
)
WITHDRAW = applies(
    SUBJECT, "withdraw", what="The withdrawal of a template", decides=_DECIDES, apply=_withdraw, table=DocumentTemplate
)
