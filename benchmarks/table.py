"""The one table: the portal beside whoever was measured in the same run, and which of the floors asked for hold."""

from __future__ import annotations

from benchmarks.happenings import ASKED
from benchmarks.measuring import Measured

OURS, ALONE = "portal", "SQL alone"


def heading(others: list[str]) -> str:
    """The first two lines, as Markdown."""
    named = ["event", ALONE, OURS, *others, "ours ÷ SQL"]
    if others:
        named += ["beside the fastest", "at the client"]
    named += ["asked", "holds"]
    return f"| {' | '.join(named)} |\n|{'---|' * len(named)}"


def line(event: str, found: dict[str, Measured], others: list[str]) -> str:
    """One event: ``p50 / p95 ms, kB`` for each."""
    ours, alone = found.get(OURS), found.get(ALONE)
    asked = ASKED[event]
    cells = [event, f"{alone.p50:.1f}" if alone else "", *(_cell(found.get(name)) for name in (OURS, *others))]
    cells.append(f"{ours.p50 / alone.p50:.1f}" if ours and alone else "")
    share = None
    theirs = [found[name] for name in others if name in found]
    if others:
        if ours and theirs:
            share = ours.p50 / min(t.p50 for t in theirs)
            cells += [_beside(share), _beside(ours.at_client / min(t.at_client for t in theirs))]
        else:
            cells += ["", ""]
    cells += [asked.words(), _holds(ours, share, event)]
    return f"| {' | '.join(cells)} |"


def _cell(measured: Measured | None) -> str:
    if measured is None:
        return "not there yet"
    return f"{measured.p50:.1f} / {measured.p95:.1f}, {measured.size / 1000:.1f} kB"


def _beside(share: float) -> str:
    """Our time over theirs, in words."""
    return f"{1 / share:.1f} × faster" if share < 1 else f"{share:.1f} × as long"


def _holds(ours: Measured | None, share: float | None, event: str) -> str:
    if ours is None:
        return ""
    asked = ASKED[event]
    missed = [
        words
        for words, held in (
            ("p50", ours.p50 <= asked.p50),
            ("p95", ours.p95 <= asked.p95),
            ("beside the fastest peer", share is None or share <= asked.share),
        )
        if not held
    ]
    return f"not {', '.join(missed)}" if missed else "yes"
