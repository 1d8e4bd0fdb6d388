"""What must be known of a workbook before it is opened: is it what it seems, how large does it unpack, what is hidden.

An XLSX file is a zip of XML that may unpack to anything, and the fast reader (``workbooks``) trusts it: two cells at
opposite corners of a sheet are enough to end the process. Here every part is unpacked once, within bounds, and only
what was looked at is packed again for the reader. On the way are noted rows that are hidden, cells that are merged and
formulas that nobody has worked out, of which the reader says nothing.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from phbportal.gateways.table_rows import Unreadable

MOST_UNPACKED = 400 * 1024 * 1024
MOST_ROWS = 200_000
MOST_CELLS = 6_000_000
MOST_AREA = 8_000_000
"""Rows times columns: the reader keeps a place for each, whether anything stands there or not."""
MOST_TEXT = 300 * 1024 * 1024
_MOST_PARTS = 5_000
_STEP = 10_000
_MOST_FOUND = 20_000
_BLOCK = 1024 * 1024
_LONGEST_ROW = 16 * 1024 * 1024
_SMALL = 8 * 1024 * 1024
AGAIN = "Open it in Excel, save it as an Excel workbook (.xlsx) or as CSV UTF-8, and bring that."
_SPLIT = "Split it into several, and bring one after the other."

_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)>")
_LINK = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_CALC = re.compile(rb'<(?:\w+:)?calcPr\b[^>]*fullCalcOnLoad="(?:1|true)"')
_FROM_1904 = re.compile(rb'<(?:\w+:)?workbookPr\b[^>]*date1904="(?:1|true)"')
_ROOT = re.compile(rb"<((?:\w+:)?)worksheet\b")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_STRING = re.compile(rb"<(?:\w+:)?si\b[^>]*>(.*?)</(?:\w+:)?si>|<(?:\w+:)?si/>", re.DOTALL)


@dataclass(slots=True)
class Sheet:
    """One sheet as looked at: rows and columns count from 1."""

    name: str
    hidden: bool
    part: str
    hidden_rows: set[int] = field(default_factory=set[int])
    not_worked_out: dict[int, set[int]] = field(default_factory=dict[int, set[int]])
    """Row → columns with a formula and no value."""
    errors: dict[int, set[int]] = field(default_factory=dict[int, set[int]])
    """Row → columns that show an error."""
    merged: list[tuple[int, int, int, int]] = field(default_factory=list[tuple[int, int, int, int]])
    """First row, first column, last row, last column."""


@dataclass(slots=True)
class Looked:
    """A workbook looked at: its sheets in their order, and itself packed anew for the reader."""

    sheets: list[Sheet]
    packed: io.BytesIO


def look_at(content: bytes) -> Looked:
    """Look at every part of an XLSX file that will be read. Raises Unreadable, in words, for what is not opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _look(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError):
        raise Unreadable(f"This file is damaged: it was perhaps not sent whole. {AGAIN}") from None


def _look(archive: zipfile.ZipFile) -> Looked:
    parts = {info.filename: info for info in archive.infolist()}
    _refuse_what_it_is_not(parts)
    book = _whole(archive, parts, "xl/workbook.xml")
    links = dict(_links(_whole(archive, parts, "xl/_rels/workbook.xml.rels")))
    if _FROM_1904.search(book):
        raise Unreadable("This workbook counts its days from 1904, as old Excel for Mac did. Save it as CSV UTF-8.")
    never_worked_out = bool(_CALC.search(book))
    sheets: list[Sheet] = []
    for tag in _SHEET.findall(book):
        said = dict(_ATTRIBUTE.findall(tag))
        link = next((value for name, value in said.items() if name.endswith(b":id")), b"")
        part = links.get(link, "")
        if part.startswith("xl/worksheets/") and part in parts:
            name = html.unescape(said.get(b"name", b"").decode("utf-8", "replace"))
            sheets.append(Sheet(name, said.get(b"state", b"visible") != b"visible", part))
    if not sheets or len({sheet.part for sheet in sheets}) < len(sheets):
        raise Unreadable(f"We found no sheet in this workbook. {AGAIN}")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        for name in ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels",
                     "xl/styles.xml"):  # fmt: skip
            if name in parts:
                out.writestr(name, _whole(archive, parts, name))
        strings = _pack_strings(archive, parts, out, links)
        cells = 0
        for sheet in sheets:
            cells += _pack_sheet(archive, sheet, out, strings, never_worked_out=never_worked_out)
            if cells > MOST_CELLS:
                raise Unreadable(f"This workbook has more than {MOST_CELLS // 1_000_000} million cells. {_SPLIT}")
    packed.seek(0)
    return Looked(sheets, packed)


def _refuse_what_it_is_not(parts: dict[str, zipfile.ZipInfo]) -> None:
    if any(info.flag_bits & 1 for info in parts.values()):
        raise Unreadable("This file is locked with a password. Take the password off, and bring it again.")
    if "xl/vbaProject.bin" in parts:
        raise Unreadable("This workbook has macros in it, which are never opened here. Save it as an Excel workbook "
                       "(.xlsx), which leaves them out, and bring that.")  # fmt: skip
    if "xl/workbook.xml" not in parts:
        kinds = (
            ("xl/workbook.bin", "This is a binary Excel workbook (.xlsb)."), ("word/", "This is a Word document."),
            ("ppt/", "This is a PowerPoint presentation."), ("content.xml", "This is an OpenDocument file."),
            ("Index/", "This is an Apple Numbers file."),
        )  # fmt: skip
        known = (sentence for part, sentence in kinds if any(name.startswith(part) for name in parts))
        what = next(known, "This is a zip file and not a workbook.")
        raise Unreadable(f"{what} Save the table as an Excel workbook (.xlsx) or as CSV UTF-8, and bring that.")
    if len(parts) > _MOST_PARTS or sum(info.file_size for info in parts.values()) > MOST_UNPACKED:
        raise Unreadable(
            f"This workbook unpacks to more than {MOST_UNPACKED // 1024 // 1024} MB, so it was not opened. Take out "
            "pictures, and rows that are empty but formatted; or save the table as CSV UTF-8, and bring that."
        )


def _whole(archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], name: str) -> bytes:
    """A small part, whole."""
    if name not in parts or parts[name].file_size > _SMALL:
        raise Unreadable(f"We cannot read how this workbook is put together. {AGAIN}")
    found = archive.read(name)
    _refuse_declarations(found)
    return found


def _refuse_declarations(xml: bytes) -> None:
    """Entities, comments and other encodings: no office program writes them, and they hide from whoever looks."""
    if b"<!" in xml or b"\x00" in xml:
        raise Unreadable(f"We cannot read how this workbook is put together. {AGAIN}")


def _links(xml: bytes) -> Iterator[tuple[bytes, str]]:
    for tag in _LINK.findall(xml):
        said = dict(_ATTRIBUTE.findall(tag))
        target = said.get(b"Target", b"").decode("utf-8", "replace")
        yield said.get(b"Id", b""), target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _blocks(archive: zipfile.ZipFile, part: str, end: bytes) -> Iterator[bytes]:
    """A part piece by piece, each cut behind an ``end`` tag."""
    left = b""
    with archive.open(part) as stream:
        while piece := stream.read(_BLOCK):
            left += piece
            cut = left.rfind(end)
            if cut >= 0:
                yield left[: cut + len(end)]
                left = left[cut + len(end) :]
            elif len(left) > _LONGEST_ROW:
                raise Unreadable(f"A row of this workbook is too long to be one. {AGAIN}")
    if left:
        yield left


def _pack_strings(
    archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], out: zipfile.ZipFile, links: dict[bytes, str]
) -> list[int]:
    """Pack the texts that cells share. Returns how long each is."""
    part = next((part for part in links.values() if part.casefold() == "xl/sharedstrings.xml"), "")
    lengths: list[int] = []
    if part in parts:
        with out.open(part, "w") as packed:
            for block in _blocks(archive, part, b"si>"):
                _refuse_declarations(block)
                lengths += [len(found) for found in _STRING.findall(block)]
                packed.write(block)
    return lengths


def _pack_sheet(
    archive: zipfile.ZipFile, sheet: Sheet, out: zipfile.ZipFile, strings: list[int], *, never_worked_out: bool
) -> int:
    """Look through a sheet, and pack it. Returns how many cells say something."""
    tags, cells, width, depth, text = None, 0, 26, _STEP, 0
    longest = max(strings, default=0)
    with out.open(sheet.part, "w") as packed:
        for block in _blocks(archive, sheet.part, b"row>"):
            _refuse_declarations(block)
            if tags is None:
                root = _ROOT.search(block)
                tags = _Tags(root[1] if root else b"")
            tags.refuse_unusual(block)
            cells += block.count(tags.value) + block.count(tags.inline)
            width = max(width, *map(_column, tags.columns_used(block)), 0)
            depth = tags.depth_of(block, depth)
            if longest * cells > MOST_TEXT:
                text += sum(strings[i] for i in map(int, tags.shared.findall(block)) if i < len(strings))
            if cells > MOST_CELLS or width * depth > MOST_AREA or text > MOST_TEXT:
                raise Unreadable(
                    f"The sheet “{sheet.name}” is too large to be opened: it has too many cells, a cell far from the "
                    f"others, or very long texts. Delete what is not part of the table. {_SPLIT}"
                )
            tags.note_hidden(block, sheet)
            if tags.formula in block:
                tags.note_formulas(block, sheet, all_of_them=never_worked_out)
            if b't="e"' in block:
                for letters, row in tags.error.findall(block):
                    sheet.errors.setdefault(int(row), set()).add(_column(letters))
            for first, top, last, bottom in _MERGED.findall(block) if b"mergeCell" in block else ():
                sheet.merged.append((int(top), _column(first), int(bottom), _column(last)))
            if max(len(sheet.merged), len(sheet.not_worked_out), len(sheet.errors)) > _MOST_FOUND:
                raise Unreadable(
                    f"The sheet “{sheet.name}” has thousands of cells that are merged, in error, or have a formula "
                    f"that was never worked out. Put these right. {AGAIN}"
                )
            packed.write(block)
    return cells


class _Tags:
    """The tags of one sheet, which some programs write with a prefix ("x:c" for "c")."""

    def __init__(self, prefix: bytes) -> None:
        p = re.escape(prefix)
        self.cell = b"<" + prefix + b"c"
        self.value, self.inline, self.formula = (b"<" + prefix + name for name in (b"v>", b"is>", b"f"))
        self._wide = re.compile(b"<" + p + rb'c r="([A-Z]{2,3})\d+"(?:[^>]*[^/>])?>')
        self._says = b"<" + p + rb'c r="[A-Z]{1,3}(%s)"(?:[^>]*[^/>])?>'
        self.shared = re.compile(rb't="s"[^>]*><' + p + rb"v>(\d+)<")
        self.error = re.compile(b"<" + p + rb'c r="([A-Z]{1,3})(\d+)"[^>]* t="e"')
        self._row = re.compile(b"<" + p + rb'row\b[^>]*\br="(\d+)"[^>]*>')
        self._formulas = re.compile(
            b"<" + p + rb'c r="([A-Z]{1,3})(\d+)"[^>/]*>(?:(?!</' + p + rb"c>).)*?<" + p + rb"f\b(.*?)</" + p + b"c>",
            re.DOTALL,
        )

    def refuse_unusual(self, block: bytes) -> None:
        """A cell that does not say first where it stands: every office program writes it so."""
        usual = block.count(self.cell + b' r="')
        if usual == block.count(self.cell):
            return
        others = (b" ", b">", b"/", b"\t", b"\n", b"\r")
        if usual != sum(block.count(self.cell + end) for end in others):
            raise Unreadable(f"We cannot read how this workbook is put together. {AGAIN}")

    def columns_used(self, block: bytes) -> set[bytes]:
        """Columns beyond Z in which something stands."""
        return set(self._wide.findall(block))

    def depth_of(self, block: bytes, depth: int) -> int:
        """The row below which nothing stands, in steps; ``depth`` is what was found in earlier blocks."""
        while found := re.search(self._says % _from(depth // _STEP), block):
            depth = (int(found[1]) // _STEP + 1) * _STEP
            if depth > MOST_ROWS:
                raise Unreadable(f"This workbook has more than {MOST_ROWS:,} rows, the most we read. {_SPLIT}")
        return depth

    def note_hidden(self, block: bytes, sheet: Sheet) -> None:
        if b"hidden=" in block:
            for row in self._row.finditer(block):
                if re.search(rb'\bhidden="(?:1|true)"', row[0]) and len(sheet.hidden_rows) < MOST_ROWS:
                    sheet.hidden_rows.add(int(row[1]))

    def note_formulas(self, block: bytes, sheet: Sheet, *, all_of_them: bool) -> None:
        """Formulas without a value, or all of them where the workbook says that none was ever worked out."""
        empty = self.value[:-1]
        for letters, row, rest in self._formulas.findall(block):
            if all_of_them or empty not in rest:
                sheet.not_worked_out.setdefault(int(row), set()).add(_column(letters))


def _column(letters: bytes) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _from(step: int) -> bytes:
    """A pattern for row numbers from so many steps of 10,000 on, to be looked for without reading every number."""
    if step < 10:
        return b"[%d-9]\\d{4}|[1-9]\\d{5,}" % step
    return b"%d[%d-9]\\d{4}|[%d-9]\\d{5}|\\d{7,}" % (step // 10, step % 10, min(step // 10 + 1, 9))
