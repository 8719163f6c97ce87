"""Files to take away: right type and name, kept once rendered, never stale, and not without end."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from tests.strategy.test_import_files import YAML

from kursbuch.city.models import City
from kursbuch.kit.limits import Limit
from kursbuch.strategy.documents.upload import open_upload
from kursbuch.strategy.documents.yaml_format import read_yaml
from kursbuch.strategy.models import Edition, Strategy
from kursbuch.strategy.queries import downloads
from kursbuch.strategy.services.import_strategy import import_strategy


@pytest.fixture
def edition(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Edition:
    monkeypatch.setattr(settings, "DOWNLOADS", tmp_path / "downloads")
    return import_strategy(city=city, document=read_yaml(YAML))


def url(format_: str, number: str = "1") -> str:
    return reverse("edition-download", args=[number, format_])


def content(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def kept() -> list[Path]:
    return sorted(Path(settings.DOWNLOADS).glob("*"))


@pytest.mark.parametrize(
    ("format_", "type_", "name", "start"),
    [
        ("yaml", "application/yaml; charset=utf-8", "gelsenkirchen-strategie-fassung-1.yaml", b"# Der Plan"),
        ("json", "application/json; charset=utf-8", "gelsenkirchen-strategie-fassung-1.json", b"{"),
        ("markdown", "text/markdown; charset=utf-8", "gelsenkirchen-strategie-fassung-1.md", b"# Der Plan"),
        ("html", "text/html; charset=utf-8", "gelsenkirchen-strategie-fassung-1.html", b"<!doctype html>"),
        ("docx", downloads.CONTENT_TYPES["docx"], "gelsenkirchen-strategie-fassung-1.docx", b"PK"),
        ("pdf", "application/pdf", "gelsenkirchen-strategie-fassung-1.pdf", b"%PDF-"),
    ],
)
def test_every_format_has_its_type_and_name(
    edition: Edition, visitor: Client, format_: str, type_: str, name: str, start: bytes
) -> None:
    answer = visitor.get(url(format_))
    assert answer.status_code == 200
    assert answer["Content-Type"] == type_
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert content(answer).startswith(start)


def test_a_file_is_rendered_once_and_known_by_its_tag(
    edition: Edition, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = visitor.get(url("pdf"))
    body = content(first)
    assert len(kept()) == 1
    monkeypatch.setitem(downloads._WRITERS, "pdf", lambda publication: pytest.fail("rendered again"))
    assert content(visitor.get(url("pdf"))) == body
    known = visitor.get(url("pdf"), headers={"if-none-match": first["ETag"]})
    assert known.status_code == 304


def test_a_kept_file_is_never_stale(edition: Edition, city: City, visitor: Client) -> None:
    before = visitor.get(url("html"))
    City.objects.filter(pk=city.pk).update(name="Umbenannt")
    after = visitor.get(url("html"))
    assert before["ETag"] != after["ETag"]
    assert "Umbenannt" in content(after).decode()


def test_rendering_is_limited_but_kept_files_are_not(
    edition: Edition, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = downloads.RENDERINGS
    monkeypatch.setattr(downloads, "RENDERINGS", Limit(limit.name, count=1, per=limit.per))
    assert visitor.get(url("json")).status_code == 200
    refused = visitor.get(url("html"))
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert visitor.get(url("json")).status_code == 200


def test_rendering_is_limited_for_the_reader_not_for_the_proxy(
    edition: Edition, visitor: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    limit = downloads.RENDERINGS
    monkeypatch.setattr(downloads, "RENDERINGS", Limit(limit.name, count=1, per=limit.per))
    settings.BEHIND_PROXY = True
    asked = [("json", "192.0.2.1"), ("html", "192.0.2.1"), ("html", "192.0.2.2")]
    answers = [visitor.get(url(format_), headers={"x-forwarded-for": reader}) for format_, reader in asked]
    assert [answer.status_code for answer in answers] == [200, 429, 200]


def test_what_was_asked_for_longest_ago_makes_room(
    edition: Edition, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.get(url("json"))
    monkeypatch.setattr(downloads, "MOST_BYTES", 10)
    visitor.get(url("yaml"))
    assert kept() == []


def test_redlines_are_files_too(edition: Edition, visitor: Client) -> None:
    answer = visitor.get(reverse("compare-pdf", args=["1", "1"]))
    assert answer["Content-Disposition"] == 'attachment; filename="gelsenkirchen-strategie-fassung-1-zu-1.pdf"'
    assert content(answer).startswith(b"%PDF-")


def test_what_is_not_there_is_not_found(edition: Edition, visitor: Client, other_city: City) -> None:
    from tests.personas import visitor_of

    assert visitor.get(url("exe")).status_code == 404
    assert visitor.get(url("pdf", "7")).status_code == 404
    assert visitor.get(f"{url('pdf')}?sprache=fr").status_code == 404
    assert visitor_of(other_city).get(url("pdf")).status_code == 404
    assert Strategy.objects.count() == 1


def test_plain_language_and_english_have_their_own_files(edition: Edition, visitor: Client) -> None:
    plain = visitor.get(f"{url('html')}?sprache=de-simple")
    assert plain["Content-Disposition"].endswith('-1-de-simple.html"')
    assert open_upload("a.yaml", content(visitor.get(url("yaml")))).name == "a.yaml"
