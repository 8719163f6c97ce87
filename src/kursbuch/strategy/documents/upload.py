"""A file as it comes in: which format it is, and whether it is harmless enough to be opened."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from enum import StrEnum

from kursbuch.strategy.documents.document import DocumentError, Problem

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_PARTS = 5_000
MAX_PART = 100 * 1024 * 1024


class Format(StrEnum):
    YAML = "yaml"
    XLSX = "xlsx"
    CSV = "csv"
    DOCX = "docx"


_ENDINGS = {
    "yaml": Format.YAML,
    "yml": Format.YAML,
    "xlsx": Format.XLSX,
    "xlsm": Format.XLSX,
    "csv": Format.CSV,
    "tsv": Format.CSV,
    "txt": Format.CSV,
    "docx": Format.DOCX,
}


@dataclass(frozen=True)
class Upload:
    """A file's name, its format and its bytes, which may be opened."""

    name: str
    format: Format
    data: bytes


def open_upload(name: str, data: bytes) -> Upload:
    """Raises :class:`DocumentError` where the file is too large, of no known format, or a trap."""
    if len(data) > MAX_BYTES:
        raise _refused("is larger than 20 MB", f"{len(data) / 1024 / 1024:.1f} MB")
    if not data.strip():
        raise _refused("is empty")
    ending = name.rpartition(".")[2].lower()
    if ending not in _ENDINGS:
        raise _refused("must end in .yaml, .xlsx, .csv or .docx", name[-40:])
    kind = _ENDINGS[ending]
    if kind in (Format.XLSX, Format.DOCX):
        _check_package(data, "xl/workbook.xml" if kind == Format.XLSX else "word/document.xml")
    elif data[:2] == b"PK" or (b"\0" in data[:1000] and data[:2] not in (b"\xff\xfe", b"\xfe\xff")):
        raise _refused("is not a text file")
    return Upload(name, kind, data)


def _check_package(data: bytes, expected: str) -> None:
    """Sizes as the directory states them; zipfile itself reads no further than that."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            if sum(part.file_size for part in parts) <= MAX_UNPACKED and len(parts) <= MAX_PARTS:
                _refuse_document_types(package, parts)
    except DocumentError:
        raise
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, OSError) as error:
        raise _refused("cannot be opened; is it damaged or of another format?") from error
    if len(parts) > MAX_PARTS or any(part.file_size > MAX_PART for part in parts):
        raise _refused("unpacks to more than is allowed")
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _refused("unpacks to more than is allowed")
    if any(part.flag_bits & 0x1 for part in parts):
        raise _refused("is protected by a password")
    if expected not in {part.filename for part in parts}:
        raise _refused("cannot be opened; is it damaged or of another format?")


def _refuse_document_types(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Office programs write no document types; whoever does wants entities: bombs, or files from elsewhere."""
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels")) and not part.flag_bits & 0x1:
            tail = b""
            with package.open(part) as stream:
                while chunk := stream.read(1 << 20):
                    plain = (tail + chunk).replace(b"\0", b"")
                    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
                        raise _refused("contains a document type, which is not allowed")
                    tail = plain[-16:]


def decoded(data: bytes) -> str:
    """Text in UTF-8 or UTF-16 with its mark, in UTF-8 without, or as Windows programs write it."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16").replace("\0", "")
        except UnicodeDecodeError as error:
            raise _refused("is not a text file") from error
    try:
        return data.decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace").replace("\0", "")


def _refused(reason: str, detail: str = "") -> DocumentError:
    return DocumentError([Problem("file", "", reason, detail)])
