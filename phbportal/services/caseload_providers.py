"""The organisations a caseload names: found by their CQC number or exact name, or added to be completed by somebody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import col

from phbportal.domain.national import OrganisationKind
from phbportal.domain.roles import Role
from phbportal.domain.streams import Method
from phbportal.domain.text import search_key
from phbportal.gateways.caseload_file import CaseRow
from phbportal.services.caseload_people import Refuse
from phbportal.services.many_rows import parts_of
from phbportal.services.new_rows import NewRows
from phbportal.services.provider_merge import stays_for
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.organisations import Organisation
from phbportal.tables.phbs import Task

_BOARDS = (OrganisationKind.ICB.value, OrganisationKind.SUB_ICB.value)
_TO_DO = timedelta(days=28)


@dataclass
class Providers:
    """The organisations that the rows may mean."""

    by_number: dict[str, list[Organisation]] = field(default_factory=lambda: defaultdict[str, list[Organisation]](list))
    """Under the number of the location, and under that of its provider."""
    by_name: dict[str, list[Organisation]] = field(default_factory=lambda: defaultdict[str, list[Organisation]](list))
    added: dict[str, UUID] = field(default_factory=dict[str, UUID])


def provider_name(row: CaseRow) -> str:
    """What a row calls the organisation that provides or holds the money, if it names one."""
    return row.provider_name or (row.payee_name if row.method is Method.THIRD_PARTY else "") or ""


def read_providers(uow: UnitOfWork, rows: Sequence[CaseRow]) -> Providers:
    """Read what the rows name, in one statement a thousand of them."""
    providers = Providers()
    numbers = sorted({row.provider_cqc_id for row in rows if row.provider_cqc_id})
    names = sorted({search_key(name)[:200] for row in rows if (name := provider_name(row))})
    for part in parts_of(numbers):
        location, provider = col(Organisation.cqc_location_id), col(Organisation.cqc_provider_id)
        numbered = select(Organisation).where(or_(location.in_(part), provider.in_(part)))
        for found in stays_for(uow, uow.session.execute(numbered).scalars()):
            for number in {found.cqc_location_id, found.cqc_provider_id} & set(part):
                providers.by_number[number or ""].append(found)
    for part in parts_of(names):
        named = select(Organisation).where(
            col(Organisation.search_name).in_(part), col(Organisation.kind).not_in(_BOARDS)
        )
        by_name: defaultdict[str, list[Organisation]] = defaultdict(list)
        for found in uow.session.execute(named).scalars():
            by_name[found.search_name].append(found)
        for name, alike in by_name.items():
            providers.by_name[name] = stays_for(uow, alike)
    return providers


def check_provider(providers: Providers, row: CaseRow, refuse: Refuse) -> None:
    """Refuse a row whose organisation is in doubt."""
    if row.provider_cqc_id:
        found = _numbered(providers, row.provider_cqc_id)
        if not found:
            refuse(
                row, "provider_cqc_id",
                "The portal knows no provider with this CQC number. Check it, bring in the CQC’s directory first, or "
                "leave the number empty and give the name.",
            )  # fmt: skip
        elif len(found) > 1:
            refuse(
                row, "provider_cqc_id",
                "This provider has more than one location. Enter the CQC number of the location.",
            )  # fmt: skip
    elif len(_named(providers, provider_name(row))) > 1:
        refuse(
            row, "provider_name" if row.provider_name else "payee_name",
            "More than one organisation has this name. Enter the CQC number of the right one as well.",
        )  # fmt: skip


def provider_of(uow: UnitOfWork, providers: Providers, row: CaseRow, new: NewRows, icb_id: UUID) -> UUID | None:
    """The organisation of a row that was checked; one that nobody knows is added, with a task to complete it."""
    name = provider_name(row)
    found = _numbered(providers, row.provider_cqc_id) if row.provider_cqc_id else _named(providers, name)
    if found:
        return found[0].id
    key = search_key(name)[:200]
    if name and key not in providers.added:
        providers.added[key] = new.put(
            Organisation, kind=OrganisationKind.OTHER.value, name=name, search_name=key, is_user_led=False
        )
        new.put(
            Task, icb_id=icb_id, kind="complete_organisation", role=Role.ADMIN.value, due_on=uow.today + _TO_DO,
            sentence=f"Complete the details of {name}: a caseload named it, and it is not in the CQC’s directory.",
        )  # fmt: skip
    return providers.added.get(key)


def _numbered(providers: Providers, number: str) -> list[Organisation]:
    found = providers.by_number.get(number, [])
    return [organisation for organisation in found if organisation.cqc_location_id == number] or found


def _named(providers: Providers, name: str) -> list[Organisation]:
    """Those of a name; one that a caseload once added gives way to one that is known better."""
    found = providers.by_name.get(search_key(name)[:200], []) if name else []
    return [organisation for organisation in found if organisation.kind != OrganisationKind.OTHER] or found
