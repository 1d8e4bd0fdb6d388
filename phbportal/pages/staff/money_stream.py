"""What a page about one stream shares: the stream its address names, in the actor's sight."""

from __future__ import annotations

from uuid import UUID

from phbportal.domain.errors import NotFound
from phbportal.pages.staff.phb_frame import PhbPage
from phbportal.queries.ledger import balances_of
from phbportal.queries.phbs import Case
from phbportal.queries.streams import StreamRecord, StreamView, streams_of
from phbportal.services.unit_of_work import UnitOfWork


class StreamPage(PhbPage, mixin=True):
    """The state of a page about one stream of a budget."""

    stream_view: StreamView = StreamView()

    def _stream(self, uow: UnitOfWork, case: Case) -> StreamRecord:
        """The stream of the address, if it is one of this budget's; else NotFound."""
        streams = streams_of(uow.session, uow.actor, uow.now, case, balances_of(uow.session, case.id))
        found = next((s for s in streams if s.view.id == self._param("stream")), None)
        if found is None:
            raise NotFound()
        return found

    def _open_stream(self, uow: UnitOfWork, page: str) -> tuple[Case, StreamRecord]:
        case = self._open(uow, page)
        found = self._stream(uow, case)
        self.stream_view = found.view
        return case, found

    def _stream_id(self, uow: UnitOfWork) -> UUID:
        return self._stream(uow, self._case(uow)).id
