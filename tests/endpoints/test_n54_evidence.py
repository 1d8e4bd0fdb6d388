"""Documents in and out: who may, how large, what they must be, and how they are handed over.

Numbers are those of the negative tests in the project's security document.
"""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col

from phbportal import routes
from phbportal.domain.documents import MOST_BYTES
from phbportal.tables.audit import AccessEvent
from phbportal.tables.documents import Document
from tests.support.portal import Browser, Portal

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
BOUNDARY = "----a-boundary"


def send(browser: Browser, portal: Portal, content: bytes = PDF, name: str = "letter.pdf", **more: Any) -> Any:
    """Send the form as a browser does; ``more`` changes its fields."""
    origin = more.pop("origin", "own")
    fields = {"csrf": browser.csrf() if browser.cookies else "x", "phb": portal.budgets["own"], "kind": "LETTER"} | more
    return browser.post(
        routes.EVIDENCE, fields, origin=origin, files={"file": (name, content, "application/octet-stream")}
    )


def kept(portal: Portal) -> list[Document]:
    return portal.rows(Document)


def files(portal: Portal) -> list[Path]:
    folder = portal.hall.settings.files_dir / "documents"
    return sorted(folder.iterdir()) if folder.exists() else []


@pytest.fixture
def nothing_kept(portal: Portal) -> Any:
    """A refused document leaves neither a row nor a file."""
    before = (len(kept(portal)), len(files(portal)))
    yield
    assert (len(kept(portal)), len(files(portal))) == before


def test_a_document_is_kept_listed_and_handed_over_as_it_came(portal: Portal) -> None:
    manager = portal.signed_in("cm")
    content = PDF + os.urandom(200_000)
    answer = send(manager, portal, content, "Wheelchair assessment – März.pdf", kind="ASSESSMENT")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/staff/phbs/{portal.budgets['own']}/documents?done=document"
    document = kept(portal)[-1]
    assert (document.name, document.size) == ("Wheelchair assessment – März.pdf", len(content))
    given = portal.signed_in("auditor").get(routes.evidence(document.id))
    assert given.content == content
    assert given.headers["content-type"] == "application/pdf"
    assert given.headers["content-disposition"].startswith("attachment;")
    looked = portal.rows(AccessEvent, col(AccessEvent.page) == "document")
    assert [one.role for one in looked][-1] == "AUDITOR"


def test_its_file_has_a_random_name_and_is_readable_by_the_portal_alone(portal: Portal) -> None:
    send(portal.signed_in("cm"), portal, PDF + os.urandom(9), "Okafor-Reyes.pdf")
    for file in files(portal):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert "okafor" not in file.name.lower()


def test_the_same_file_twice_is_one_document(portal: Portal) -> None:
    manager, content = portal.signed_in("cm"), PDF + os.urandom(9)
    send(manager, portal, content)
    number = len(kept(portal)), len(files(portal))
    assert "already kept" in send(manager, portal, content).text
    assert (len(kept(portal)), len(files(portal))) == number


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize(
    ("name", "kind", "back"),
    [("", "LETTER", "missing=file&kind=LETTER"), ("a.pdf", "", "missing=kind"), ("", "x", "missing=kind%2Cfile")],
)
def test_what_is_left_out_is_said_beside_its_field(portal: Portal, name: str, kind: str, back: str) -> None:
    answer = send(portal.signed_in("cm"), portal, PDF if name else b"", name, kind=kind)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/staff/phbs/{portal.budgets['own']}/documents?{back}"


@pytest.mark.usefixtures("nothing_kept")
def test_n54_nobody_signed_in_keeps_nothing(portal: Portal) -> None:
    with portal.refused("session.none"):
        assert send(portal.browser(), portal).status_code == 403


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("origin", [None, "null", "https://evil.example"])
def test_n54_from_a_page_that_is_not_ours_nothing_is_kept(portal: Portal, origin: str | None) -> None:
    manager = portal.signed_in("cm")
    with portal.refused("upload.origin"):
        assert send(manager, portal, origin=origin).status_code == 403


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("csrf", ["", "wrong", "0" * 64])
def test_n54_without_the_session_s_own_token_nothing_is_kept(portal: Portal, csrf: str) -> None:
    manager = portal.signed_in("cm")
    with portal.refused("upload.csrf"):
        assert send(manager, portal, csrf=csrf).status_code == 403


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize(("who", "reason", "status"), [
    ("auditor", "guard.role", 403), ("approver", "guard.role", 403), ("holder", "guard.role", 403),
    ("other_cm", "guard.object", 404),
])  # fmt: skip
def test_n54_for_a_budget_that_is_not_theirs_to_write_nothing_is_kept(
    portal: Portal, who: str, reason: str, status: int
) -> None:
    person = portal.signed_in(who)
    with portal.refused(reason):
        assert send(person, portal).status_code == status


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("who", ["holder", "auditor", "provider"])
def test_n54_whoever_may_never_keep_a_document_is_refused_before_its_bytes_are_read(portal: Portal, who: str) -> None:
    browser = portal.signed_in(who)
    request = (
        f"POST {routes.EVIDENCE} HTTP/1.1\r\nHost: localhost:{portal.server.port}\r\nOrigin: {portal.origin}\r\n"
        f"Cookie: {browser.cookie_header}\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
        "Content-Length: 5000000\r\n\r\n"
    )
    with portal.refused("guard.role"), socket.create_connection(("127.0.0.1", portal.server.port), 10) as tcp:
        tcp.sendall(request.encode() + f"--{BOUNDARY}\r\n".encode())  # and not a byte more
        tcp.settimeout(5)
        assert b" 403 " in tcp.recv(65_536).split(b"\r\n")[0]


@pytest.mark.parametrize("method", ["HEAD", "GET"])
@pytest.mark.parametrize("part", [{}, {"Range": "bytes=0-3"}, {"If-None-Match": "*"}], ids=["whole", "range", "cached"])
def test_n57_neither_a_head_nor_a_range_nor_a_cached_copy_tells_another_board_anything(
    portal: Portal, method: str, part: dict[str, str]
) -> None:
    send(portal.signed_in("cm"), portal, PDF + os.urandom(9))
    address = routes.evidence(kept(portal)[-1].id)
    answer = portal.signed_in("other_cm").request(method, address, headers=part)
    assert answer.status_code == 404
    assert not {"etag", "content-range", "content-disposition", "last-modified"} & set(answer.headers)


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("phb", ["", "PHB-2026-999999", "' OR 1=1 --", "../../etc"])
def test_n54_for_a_budget_that_is_not_there_nothing_is_kept(portal: Portal, phb: str) -> None:
    manager = portal.signed_in("cm")
    with portal.refused("guard.object"):
        assert send(manager, portal, phb=phb).status_code == 404


@pytest.mark.usefixtures("nothing_kept")
def test_n55_one_byte_over_the_limit_is_refused(portal: Portal) -> None:
    manager = portal.signed_in("cm")
    answer = send(manager, portal, PDF + bytes(MOST_BYTES - len(PDF) + 1))
    assert answer.status_code == 413
    assert "larger than 10 MB" in answer.text


@pytest.mark.usefixtures("nothing_kept")
def test_n55_in_pieces_without_a_length_it_is_refused_as_soon_as_it_is_too_large(portal: Portal) -> None:
    manager = portal.signed_in("cm")
    head = "".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (("csrf", manager.csrf()), ("phb", portal.budgets["own"]), ("kind", "LETTER"))
    )
    head += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    request = (
        f"POST {routes.EVIDENCE} HTTP/1.1\r\nHost: localhost:{portal.server.port}\r\nOrigin: {portal.origin}\r\n"
        f"Cookie: {manager.cookie_header}\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", portal.server.port), 10) as tcp:
        tcp.sendall(request.encode())
        answer = b""
        for part in (head.encode(), PDF, *(bytes(1024**2) for _ in range(12))):
            try:
                tcp.sendall(f"{len(part):x}\r\n".encode() + part + b"\r\n")
            except OSError:
                break
        tcp.settimeout(5)
        answer += tcp.recv(65_536)
    assert b" 413 " in answer.split(b"\r\n")[0]


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("page.html", b"<html><script>alert(1)</script></html>", "must be a PDF"),
        ("page.pdf", b"<html><script>alert(1)</script></html>", "something else inside"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "must be a PDF"),
        ("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "something else inside"),
        ("both.pdf", b"var x='\n" + PDF + b"';alert(1)", "something else inside"),
        ("marked.pdf", b"\xef\xbb\xbf" + PDF, "something else inside"),
        ("letter.pdf.exe", PDF, "must be a PDF"),
        ("letter", PDF, "must be a PDF"),
        ("picture.pdf", PNG, "something else inside"),
        ("letter.pdf", b"", "empty"),
    ],
)
def test_n56_what_is_not_a_pdf_or_a_picture_is_refused_in_words(
    portal: Portal, name: str, content: bytes, says: str
) -> None:
    answer = send(portal.signed_in("cm"), portal, content, name)
    assert answer.status_code in (415, 422)
    assert says in answer.text


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\windows\\letter.pdf", "letter.pdf"),
        ("a\u202eexe.pdf", "aexe.pdf"),
        ("n" * 300 + ".pdf", "n" * 116 + ".pdf"),
    ],
)
def test_n56_a_name_is_only_ever_shown(portal: Portal, sent: str, shown: str) -> None:
    assert send(portal.signed_in("cm"), portal, PDF + os.urandom(9), sent).status_code == 303
    assert kept(portal)[-1].name == shown


def test_n57_nobody_else_is_handed_a_document(portal: Portal) -> None:
    send(portal.signed_in("cm"), portal, PDF + os.urandom(9))
    address = routes.evidence(kept(portal)[-1].id)
    for who, reason in (("", "session.none"), ("nominee", "guard.object"), ("provider", "guard.object"),
                        ("other_cm", "guard.object"), ("admin", "guard.object")):  # fmt: skip
        browser = portal.signed_in(who) if who else portal.browser()
        with portal.refused(reason):
            answer = browser.get(address)
        assert answer.status_code in (403, 404)
        assert b"%PDF" not in answer.content


@pytest.mark.parametrize(("kind", "status"), [("LETTER", 200), ("ASSESSMENT", 404), ("OTHER", 404)])
def test_n57_the_person_is_handed_what_they_gave_or_were_given(portal: Portal, kind: str, status: int) -> None:
    send(portal.signed_in("cm"), portal, PDF + os.urandom(9), kind=kind)
    assert portal.signed_in("holder").get(routes.evidence(kept(portal)[-1].id)).status_code == status


def test_n57_a_letter_kept_before_anybody_was_told_who_reads_it_stays_with_the_team(portal: Portal) -> None:
    manager = portal.signed_in("cm")
    send(manager, portal, PDF + os.urandom(9))
    letter = kept(portal)[-1].id
    portal.change(lambda uow: setattr(uow.session.get_one(Document, letter), "for_them", None))
    assert portal.signed_in("holder").get(routes.evidence(letter)).status_code == 404
    assert manager.get(routes.evidence(letter)).status_code == 200


@pytest.mark.usefixtures("nothing_kept")
def test_n76_a_cookie_in_another_kind_of_browser_neither_keeps_nor_opens_a_document(portal: Portal) -> None:
    owner = Browser(portal, agent="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    assert owner.sign_in("cm").status_code == 303
    thief = Browser(portal, dict(owner.cookies), agent="Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0 Safari/537.36")
    kept_before = kept(portal)[-1]
    with portal.refused("session.agent", times=2):
        assert send(thief, portal).status_code == 403
        answer = thief.get(routes.evidence(kept_before.id))
    assert answer.status_code == 403
    assert b"%PDF" not in answer.content
    assert owner.get(routes.evidence(kept_before.id)).status_code == 200


@pytest.mark.parametrize("wrong", ["x", "..%2f..%2fetc%2fpasswd", "00000000-0000-7000-8000-000000000000"])
def test_n57_a_document_that_is_not_there_is_not_found(portal: Portal, wrong: str) -> None:
    assert portal.signed_in("cm").get(f"{routes.EVIDENCE}/{wrong}").status_code == 404


def test_n57_a_document_is_saved_and_never_run_inside_the_portal(portal: Portal) -> None:
    manager = portal.signed_in("cm")
    send(manager, portal, PDF + os.urandom(9), "a; filename=evil.html.pdf")
    answer = manager.get(routes.evidence(kept(portal)[-1].id))
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''a%3B%20filename%3D")
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
