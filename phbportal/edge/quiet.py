"""What other people's code may write into our logs: where it happened, never what it said."""

from __future__ import annotations

import logging
from typing import Any

OURS = "phbportal"


def quieten_logs() -> None:
    """Withhold values from everything that is not our own: the place and the kind of error are kept, the words are not.

    Reflex, the socket libraries, the server and asyncio log whole events and tracebacks: payloads with names and
    amounts, rows of the database, and the idents of sessions.
    """
    inner = logging.getLogRecordFactory()
    if getattr(inner, "withholds", False):
        return

    def without_values(*args: Any, **more: Any) -> logging.LogRecord:
        record = inner(*args, **more)
        # Asked for twice, it must not withhold from itself the kind of error it has just kept.
        if record.name.split(".")[0] != OURS and not hasattr(record, "withheld"):
            record.withheld = True
            kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
            record.msg = f"{record.name} {record.module}:{record.lineno}: message withheld {kind}".rstrip()
            record.args, record.exc_info, record.exc_text, record.stack_info = (), None, None, None
        return record

    without_values.withholds = True  # pyright: ignore[reportFunctionMemberAccess] - so that it is done once
    logging.setLogRecordFactory(without_values)
