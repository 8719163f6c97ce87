"""The demonstration as a publication, and files as people make them."""

from __future__ import annotations

import io
from collections.abc import Callable
from importlib import resources
from typing import Any

import docx
import openpyxl
import pytest

from kursbuch.domain.framework.digest import digest
from kursbuch.strategy.documents.document import Document
from kursbuch.strategy.documents.publication import Publication
from kursbuch.strategy.documents.upload import Upload, open_upload
from kursbuch.strategy.documents.yaml_format import read_yaml


@pytest.fixture(scope="session")
def demonstration() -> Document:
    folder = resources.files("kursbuch.strategy") / "demonstration"
    return read_yaml((folder / "gelsenkirchen.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def publish(demonstration: Document) -> Callable[..., Publication]:
    def make(document: Document = demonstration, language: str = "de", **parts: Any) -> Publication:
        return Publication("Gelsenkirchen", document, digest(document.tree), language, **parts)

    return make


def csv_file(text: str, encoding: str = "utf-8-sig", name: str = "liste.csv") -> Upload:
    return open_upload(name, text.encode(encoding))


def xlsx_file(*rows: list[Any]) -> Upload:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return open_upload("liste.xlsx", out.getvalue())


def docx_file(write: Callable[[Any], None]) -> Upload:
    document = docx.Document()
    write(document)
    out = io.BytesIO()
    document.save(out)
    return open_upload("strategie.docx", out.getvalue())
