"""Viruses and whereabouts: what is sent is looked at before anybody can open it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from phbportal import routes
from phbportal.domain.documents import Scan
from phbportal.gateways.documents import DocumentFolder
from phbportal.gateways.scanner import Clamd, NoVerdict
from phbportal.services import scans
from phbportal.services.scans import scan_unchecked, scan_waiting
from phbportal.settings import settings
from phbportal.tables.phbs import Task
from tests.endpoints.test_n54_evidence import PDF, files, kept, send
from tests.support.clamd import EICAR, FakeClamd, fake_clamd
from tests.support.portal import Portal

DATA = Path(__file__).parents[1] / "data"
Scanned = Callable[[str], None]


@pytest.fixture
def scanned_by(monkeypatch: pytest.MonkeyPatch) -> Scanned:
    """Sets the address of the scanner."""
    return lambda address: monkeypatch.setattr(settings(), "clamd", address)


@pytest.fixture
def clamd(scanned_by: Scanned) -> Iterator[FakeClamd]:
    with fake_clamd() as one:
        scanned_by(one.address)
        yield one


def folder(portal: Portal) -> DocumentFolder:
    return DocumentFolder(portal.hall.settings.files_dir)


def test_what_is_clean_is_kept_as_checked(portal: Portal, clamd: FakeClamd) -> None:
    content = PDF + os.urandom(9)
    assert send(portal.signed_in("cm"), portal, content).status_code == 303
    assert clamd.seen == [content]
    document = kept(portal)[-1]
    assert document.scan == Scan.CLEAN
    assert document.scanned_at is not None


def test_a_virus_is_refused_in_a_sentence_and_nothing_is_kept(portal: Portal, clamd: FakeClamd) -> None:
    before, manager = (len(kept(portal)), len(files(portal))), portal.signed_in("cm")
    with portal.refused("upload.infected"):
        answer = send(manager, portal, PDF + EICAR)
    assert answer.status_code == 422
    assert "A virus was found in this file" in answer.text
    assert (len(kept(portal)), len(files(portal))) == before


def test_the_night_goes_on_until_none_is_left_and_what_is_not_judged_holds_up_no_other(
    portal: Portal, scanned_by: Scanned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scans, "BATCH", 2)
    scanned_by("127.0.0.1:9")
    for _one in range(5):
        assert send(portal.signed_in("cm"), portal, PDF + os.urandom(9)).status_code == 303
    ids = [one.id for one in kept(portal)[-5:]]
    unjudged = [folder(portal).path(one.stored_as).name for one in kept(portal)[-5:-3]]

    class Unsure:
        def scan(self, path: Path) -> str:
            if path.name in unjudged:
                raise NoVerdict("it is too large")
            return ""

    assert scan_waiting(portal.engine, Unsure(), folder(portal)) >= 5
    stands = {one.id: one.scan for one in kept(portal)}
    assert [stands[one] for one in ids] == [Scan.WAITING] * 2 + [Scan.CLEAN] * 3
    unjudged.clear()
    assert scan_waiting(portal.engine, Unsure(), folder(portal)) == 2


def test_while_the_scanner_is_away_nobody_opens_it_and_the_night_asks_again(
    portal: Portal, scanned_by: Scanned
) -> None:
    scanned_by("127.0.0.1:9")
    manager = portal.signed_in("cm")
    for content in (PDF + os.urandom(9), PDF + EICAR + os.urandom(9)):
        assert send(manager, portal, content).status_code == 303
    clean, infected = kept(portal)[-2:]
    assert {clean.scan, infected.scan} == {Scan.WAITING}
    for one in (clean, infected):
        answer = manager.get(routes.evidence(one.id))
        assert (answer.status_code, "still being checked" in answer.text) == (409, True)
        assert b"%PDF" not in answer.content
    assert scan_waiting(portal.engine, Clamd("127.0.0.1:9"), folder(portal)) == 0
    with fake_clamd() as clamd:
        assert scan_waiting(portal.engine, Clamd(clamd.address), folder(portal)) == 2
        assert scan_waiting(portal.engine, Clamd(clamd.address), folder(portal)) == 0
    assert [one.scan for one in kept(portal)[-2:]] == [Scan.CLEAN, Scan.INFECTED]
    assert manager.get(routes.evidence(clean.id)).status_code == 200
    answer = manager.get(routes.evidence(infected.id))
    assert (answer.status_code, "A virus was found" in answer.text) == (409, True)
    assert not folder(portal).path(infected.stored_as).exists()
    told = [task for task in portal.rows(Task) if task.kind == "DOCUMENT_INFECTED"]
    assert len(told) == 1


class Choosy:
    """A scanner that never judges the first file it is shown, whatever else waits."""

    def __init__(self) -> None:
        self.first: Path | None = None

    def scan(self, path: Path) -> str:
        self.first = self.first or path
        if path == self.first:
            raise NoVerdict("INSTREAM size limit exceeded. ERROR")
        return ""


def test_one_the_scanner_will_not_judge_keeps_no_other_shut(portal: Portal, scanned_by: Scanned) -> None:
    scanned_by("127.0.0.1:9")
    for _ in range(2):
        send(portal.signed_in("cm"), portal, PDF + os.urandom(9))
    scan_waiting(portal.engine, Choosy(), folder(portal))
    assert [one.scan for one in kept(portal)[-2:]] == [Scan.WAITING, Scan.CLEAN]
    with fake_clamd() as clamd:
        scan_waiting(portal.engine, Clamd(clamd.address), folder(portal))


def test_documents_kept_before_there_was_a_scanner_are_looked_at_too(portal: Portal) -> None:
    manager = portal.signed_in("cm")
    send(manager, portal, PDF + os.urandom(9))
    document = kept(portal)[-1]
    assert document.scan == Scan.UNCHECKED
    assert manager.get(routes.evidence(document.id)).status_code == 200
    with fake_clamd() as clamd:
        assert scan_unchecked(portal.engine, Clamd(clamd.address), folder(portal)) >= 1
    assert kept(portal)[-1].scan == Scan.CLEAN


@pytest.mark.parametrize("name", ["taken.jpg", "taken.png", "taken.heic"])
def test_where_a_picture_was_taken_is_neither_kept_nor_handed_over(portal: Portal, name: str) -> None:
    manager, came = portal.signed_in("cm"), (DATA / name).read_bytes()
    assert b"GpsPhone" in came
    sent = send(manager, portal, came, name)
    assert sent.status_code == 303 or "already kept" in sent.text
    document = kept(portal)[-1]
    given = manager.get(routes.evidence(document.id))
    assert given.headers["content-type"] == document.media_type
    assert given.headers["content-disposition"].startswith("attachment;")
    assert b"GpsPhone" not in given.content
    assert len(given.content) == document.size


def test_a_broken_picture_is_refused_in_a_sentence(portal: Portal) -> None:
    before = len(files(portal))
    answer = send(portal.signed_in("cm"), portal, (DATA / "taken.png").read_bytes()[:200], "half.png")
    assert (answer.status_code, "damaged" in answer.text) == (415, True)
    assert len(files(portal)) == before
