"""Files that are too large, bombs, or not what they say: refused before anything opens them."""

from __future__ import annotations

import io
import zipfile

import pytest

from kursbuch.strategy.documents import upload
from kursbuch.strategy.documents.document import DocumentError
from kursbuch.strategy.documents.upload import MAX_BYTES, open_upload


def package(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


def reason_of(name: str, data: bytes) -> str:
    with pytest.raises(DocumentError) as error:
        open_upload(name, data)
    return error.value.problems[0].reason


DAMAGED = "cannot be opened; is it damaged or of another format?"
DOCTYPE = "contains a document type, which is not allowed"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.pdf", b"%PDF", "must end in .yaml, .xlsx, .csv or .docx"),
        ("a.yaml", b"  \n", "is empty"),
        ("a.csv", b"PK\x03\x04", "is not a text file"),
        ("a.csv", b"a;\0b", "is not a text file"),
        ("a.xlsx", b"no zip", DAMAGED),
        ("a.xlsx", package(word__document_xml=b"<a/>"), DAMAGED),
        ("a.docx", package(word__document_xml=b"<!DOCTYPE a [<!ENTITY x 'y'>]><a/>"), DOCTYPE),
        ("a.docx", package(word__document_xml="<!DOCTYPE a><a/>".encode("utf-16")), DOCTYPE),
    ],
)  # fmt: skip
def test_what_is_no_good_is_refused(name: str, data: bytes, reason: str) -> None:
    assert reason_of(name, data) == reason


def test_a_file_that_is_too_large_is_refused() -> None:
    assert reason_of("a.csv", b"x" * (MAX_BYTES + 1)) == "is larger than 20 MB"


def test_a_bomb_is_refused_by_its_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = package(xl__workbook_xml=b"<a/>", xl__sheet_xml=b" " * 3_000_000)
    assert len(bomb) < 10_000
    monkeypatch.setattr(upload, "MAX_UNPACKED", 2_000_000)
    assert reason_of("a.xlsx", bomb) == "unpacks to more than is allowed"


def test_too_many_parts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "MAX_PARTS", 3)
    parts = {f"xl__p{n}_xml": b"<a/>" for n in range(4)}
    assert reason_of("a.xlsx", package(**parts)) == "unpacks to more than is allowed"
