"""Pictures without where, when and with what they were taken (GPS, EXIF, XMP): the picture itself is left as it came.

Nothing is decoded: a JPEG or PNG is copied part by part without what describes it, and what describes a HEIC is blanked
where it stands. Which way up a JPEG is shown is kept.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

PNG_BEGINS = b"\x89PNG\r\n\x1a\n"
_PNG_DESCRIBES = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})
_SCAN_ENDS = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_ORIENTATION = 0x0112
# A TIFF of no entries, with the four bytes before it that a HEIC's Exif begins with.
_EMPTY_EXIF = b"\0\0\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"
_HOLDS_BOXES = (b"iinf", b"iloc", b"idat")
_MOST_PLACES = 20_000
"""Stretches of a file its items may lie in. A picture has hundreds; a small file could name billions."""


class BrokenPicture(Exception):
    """A file that begins as a picture and goes on as something else."""


def without_whereabouts(content: bytes, media_type: str | None) -> bytes:
    """The same picture, silent about where it was taken; anything that is no picture is handed back as it came.

    Raises BrokenPicture for one whose parts cannot be told apart.
    """
    try:
        match media_type:
            case "image/jpeg":
                return _jpeg(content)
            case "image/png":
                return _png(content)
            case "image/heic":
                return _heic(content)
            case _:
                return content
    except (struct.error, IndexError) as error:
        raise BrokenPicture from error


def _jpeg(content: bytes) -> bytes:
    """Segment by segment to the end of the picture; a second picture behind it, with its own EXIF, is left out."""
    kept, at, turned = [], 2, 1
    while True:
        if content[at] != 0xFF:
            raise BrokenPicture
        marker = content[at + 1]
        if marker == 0xFF:  # a filler before the marker
            at += 1
            continue
        if marker == 0xD9:
            break
        end = at + 2 + _u16(content, at + 2)
        if end > len(content):
            raise BrokenPicture
        if marker == 0xE1:
            turned = _turned(content[at + 4 : end]) or turned
        if _shows(marker, content[at + 4 : end]):
            kept.append(content[at:end])
        at = end
        if marker == 0xDA:
            found = _SCAN_ENDS.search(content, at)
            if found is None:
                raise BrokenPicture
            kept.append(content[at : found.start()])
            at = found.start()
    head = _exif_of(turned) if turned > 1 else b""
    return content[:2] + head + b"".join(kept) + b"\xff\xd9"


def _shows(marker: int, held: bytes) -> bool:
    """Whether a segment is part of how the picture looks: of the free ones, its colours alone."""
    if marker == 0xFE:
        return False
    if not 0xE0 <= marker <= 0xEF:
        return True
    return (marker, held.split(b"\0")[0]) in ((0xE0, b"JFIF"), (0xE2, b"ICC_PROFILE")) or (
        marker == 0xEE and held.startswith(b"Adobe")
    )


def _turned(held: bytes) -> int:
    """Which way up an EXIF segment says that the picture is: 2 to 8, or 0 where it does not say."""
    if not held.startswith(b"Exif\0\0") or held[6:8] not in (b"II", b"MM"):
        return 0
    tiff, order = held[6:], "<" if held[6:8] == b"II" else ">"
    try:
        (at,) = struct.unpack_from(order + "L", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, at)
        for entry in range(count):
            tag, kind, _many, value = struct.unpack_from(order + "HHLH", tiff, at + 2 + 12 * entry)
            if tag == _ORIENTATION and kind == 3:
                return value if 1 < value <= 8 else 0
    except struct.error:
        return 0
    return 0


def _exif_of(turned: int) -> bytes:
    """An EXIF segment that says which way up the picture is, and nothing else."""
    tiff = b"II*\0\x08\0\0\0" + struct.pack("<HHHLHHL", 1, _ORIENTATION, 3, 1, turned, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", 2 + 6 + len(tiff)) + b"Exif\0\0" + tiff


def _png(content: bytes) -> bytes:
    """Chunk by chunk to the end of the picture."""
    kept, at = [content[:8]], 8
    while True:
        kind, end = content[at + 4 : at + 8], at + 12 + struct.unpack_from(">L", content, at)[0]
        if end > len(content) or not kind.isalpha():
            raise BrokenPicture
        if kind not in _PNG_DESCRIBES:
            kept.append(content[at:end])
        if kind == b"IEND":
            return b"".join(kept)
        at = end


def _heic(content: bytes) -> bytes:
    """Its Exif and XMP items, and boxes of somebody's own, blanked where they stand: no place in the file moves."""
    changed, told = bytearray(content), False
    for kind, start, end in _boxes(content, 0, len(content)):
        if kind == b"uuid":
            changed[start + 16 : end] = bytes(end - start - 16)
        if kind == b"meta":
            _blank_items(changed, content, start + 4, end)
            told = True
    if not told:
        raise BrokenPicture
    return bytes(changed)


def _blank_items(changed: bytearray, content: bytes, start: int, end: int) -> None:
    inside = {kind: (at, until) for kind, at, until in _boxes(content, start, end) if kind in _HOLDS_BOXES}
    if b"iinf" not in inside or b"iloc" not in inside:
        raise BrokenPicture
    describing, blanked = _describing(content, *inside[b"iinf"]), 0
    for item, in_idat, at, size in _places(content, *inside[b"iloc"]):
        if item not in describing:
            continue
        at += inside[b"idat"][0] if in_idat and b"idat" in inside else 0
        blanked += size
        if at + size > len(content) or blanked > len(content):  # the same stretch over and over
            raise BrokenPicture
        empty = _EMPTY_EXIF if size >= len(_EMPTY_EXIF) and describing[item] == b"Exif" else b""
        changed[at : at + size] = empty + bytes(size - len(empty))


def _boxes(content: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Each box of a stretch: its kind, and where what it holds begins and ends."""
    while at + 8 <= end:
        size, kind = struct.unpack_from(">L4s", content, at)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", content, at + 8)
            head = 16
        until = end if size == 0 else at + size
        if until > end or until < at + head:
            raise BrokenPicture
        yield kind, at + head, until
        at = until


def _describing(content: bytes, start: int, end: int) -> dict[int, bytes]:
    """The items that are about the picture and not of it, by number: Exif, and the XMP among the others."""
    wide = content[start] > 0
    found: dict[int, bytes] = {}
    for kind, at, until in _boxes(content, start + (8 if wide else 6), end):
        version = content[at]
        if kind != b"infe" or version < 2:
            continue
        item = struct.unpack_from(">L" if version > 2 else ">H", content, at + 4)[0]
        at += 4 + (4 if version > 2 else 2) + 2
        sort = content[at : at + 4]
        if sort == b"Exif" or (sort == b"mime" and b"rdf+xml" in content[at:until]):
            found[item] = sort
    return found


def _places(content: bytes, start: int, end: int) -> Iterator[tuple[int, bool, int, int]]:
    """Where each item lies: its number, whether in the box beside, where it begins and how long it is."""
    version, sizes = content[start], struct.unpack_from(">H", content, start + 4)[0]
    of_offset, of_length, of_base = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    of_index = sizes & 15 if version else 0
    wide, at, places = version > 1, start + 6, 0

    def number(size: int) -> int:
        nonlocal at
        if at + size > end:
            raise BrokenPicture
        value = int.from_bytes(content[at : at + size], "big")
        at += size
        return value

    for _ in range(number(4 if wide else 2)):
        item = number(4 if wide else 2)
        beside = bool(version and number(2) & 15 == 1)
        number(2)
        base = number(of_base)
        extents = number(2)
        places += 1 + extents
        if places > _MOST_PLACES:
            raise BrokenPicture
        for _extent in range(extents):
            number(of_index)
            offset = number(of_offset)
            yield item, beside, base + offset, number(of_length)


def _u16(content: bytes, at: int) -> int:
    return struct.unpack_from(">H", content, at)[0]
