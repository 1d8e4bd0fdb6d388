"""Pictures without where they were taken: real files of three kinds, and files that only begin as pictures."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from time import monotonic

import pytest

from phbportal.gateways.documents import media_type_of
from phbportal.gateways.pictures import BrokenPicture, without_whereabouts

DATA = Path(__file__).parents[1] / "data"
KINDS = {"taken.jpg": "image/jpeg", "taken.png": "image/png", "taken.heic": "image/heic"}
# Written into the pictures' EXIF, XMP and comments when they were made.
TELLTALES = (b"GpsPhone", b"CameraMaker", b"xmpmeta", b"\x33\0\0\0\x01\0\0\0\x1e\0\0\0")


def read(name: str) -> bytes:
    return (DATA / name).read_bytes()


@pytest.mark.parametrize("name", KINDS)
def test_nothing_says_where_or_with_what_it_was_taken_and_it_is_the_same_picture(name: str) -> None:
    came, kind = read(name), KINDS[name]
    assert media_type_of(came[:512]) == kind
    assert b"GpsPhone" in came
    kept = without_whereabouts(came, kind)
    assert not [mark for mark in TELLTALES if mark in kept]
    assert media_type_of(kept[:512]) == kind
    assert pixels(name, kept) == pixels(name, came)
    assert without_whereabouts(kept, kind) == kept


def pixels(name: str, content: bytes) -> list[bytes]:
    """The parts that hold the picture itself, as they stand in the file."""
    if name.endswith(".jpg"):
        return re.findall(rb"\xff[\xdb\xc0\xc4\xda].*", content, re.DOTALL)
    if name.endswith(".png"):
        return re.findall(rb"IDAT.*?(?=....IEND)", content, re.DOTALL)
    found = re.search(rb"mdat", content)
    return [content[found.start() : found.start() + 12]] if found else []


def test_which_way_up_a_photograph_is_shown_is_kept() -> None:
    kept = without_whereabouts(read("taken.jpg"), "image/jpeg")
    assert struct.pack("<HHLH", 0x0112, 3, 1, 6) in kept


def test_a_second_picture_behind_the_first_is_left_out() -> None:
    one = read("taken.jpg")
    assert without_whereabouts(one + one, "image/jpeg") == without_whereabouts(one, "image/jpeg")


def test_nothing_in_a_heic_moves() -> None:
    came = read("taken.heic")
    assert len(without_whereabouts(came, "image/heic")) == len(came)


def test_what_is_no_picture_stays_as_it_came() -> None:
    assert without_whereabouts(b"%PDF-1.7 GpsPhone", "application/pdf") == b"%PDF-1.7 GpsPhone"


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("part", [0.1, 0.5, 0.97])
def test_a_picture_that_breaks_off_is_broken(name: str, part: float) -> None:
    came = read(name)
    with pytest.raises(BrokenPicture):
        without_whereabouts(came[: int(len(came) * part)], KINDS[name])


@pytest.mark.parametrize(("kind", "content"), [
    ("image/jpeg", b"\xff\xd8\xff\xe0" + b"\xff" * 400),
    ("image/png", b"\x89PNG\r\n\x1a\n" + bytes(64)),
    ("image/heic", b"\0\0\0\x18ftypheic" + bytes(12) + b"\0\0\0\x08meta"),
    ("image/heic", b"\0\0\0\x18ftypheic" + bytes(12)),
])  # fmt: skip
def test_what_only_begins_as_a_picture_is_broken(kind: str, content: bytes) -> None:
    with pytest.raises(BrokenPicture):
        without_whereabouts(content, kind)


def test_a_small_heic_that_names_billions_of_places_is_broken_at_once() -> None:
    """65,535 stretches of no length an item, in eight bytes each: minutes of counting for a file of a few kilobytes."""

    def box(kind: bytes, held: bytes) -> bytes:
        return struct.pack(">L", 8 + len(held)) + kind + held

    items = 4_000
    places = b"\0\0\0\0" + bytes(2) + struct.pack(">H", items) + struct.pack(">HHH", 1, 0, 65_535) * items
    inside = box(b"iinf", bytes(6)) + box(b"iloc", places)
    began = monotonic()
    with pytest.raises(BrokenPicture):
        without_whereabouts(box(b"ftyp", b"heic" + bytes(12)) + box(b"meta", bytes(4) + inside), "image/heic")
    assert monotonic() - began < 5
