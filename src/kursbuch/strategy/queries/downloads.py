"""Editions and redlines as files, rendered once: an edition never changes, so its file is kept under its digest."""

from __future__ import annotations

import json
import logging
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Max

from kursbuch.city.models import City
from kursbuch.kit.limits import Limit
from kursbuch.strategy.documents.html_writer import write_html
from kursbuch.strategy.documents.json_writer import write_json
from kursbuch.strategy.documents.markdown_writer import write_markdown
from kursbuch.strategy.documents.pdf_writer import write_pdf
from kursbuch.strategy.documents.publication import Publication
from kursbuch.strategy.documents.redline_writer import write_redline_html, write_redline_pdf
from kursbuch.strategy.documents.word_writer import write_docx
from kursbuch.strategy.documents.yaml_writer import write_yaml
from kursbuch.strategy.models import Edition, Rendition
from kursbuch.strategy.queries.publication import offices_of, publication_of

log = logging.getLogger(__name__)

RENDERINGS = Limit("render_download", count=60, per=timedelta(minutes=10))
MOST_BYTES = 500 * 1024 * 1024
WRITER = 1  # counts up when a writer sets the same content differently

LANGUAGES = ("de", "en", "de-simple")
CONTENT_TYPES = {
    "yaml": "application/yaml; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "markdown": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
ENDINGS = {"markdown": "md"}
# these carry all languages at once
WHOLE = frozenset({"yaml", "json"})

_WRITERS: dict[str, Callable[[Publication], str | bytes]] = {
    "yaml": write_yaml,
    "json": write_json,
    "markdown": write_markdown,
    "html": write_html,
    "docx": write_docx,
    "pdf": write_pdf,
}
_REDLINES: dict[str, Callable[[Publication, Publication], str | bytes]] = {
    "pdf": write_redline_pdf,
    "html": write_redline_html,
}


@dataclass(frozen=True)
class Download:
    """A file; ``tag`` stands for its content, which is rendered when it is first asked for."""

    filename: str
    content_type: str
    tag: str
    name: str  # under which it is kept
    render: Callable[[], str | bytes]
    city_id: int

    def content(self, asked_by: str | None = None) -> bytes:
        """``asked_by`` names who is counted for a file still to be rendered; raises ``TooMany``."""
        return _kept(self, asked_by)


def edition_file(city: City, edition: Edition, format_: str, language: str) -> Download:
    """An edition in one of the formats."""
    language = edition.strategy.language if format_ in WHOLE else language
    tag = f"{edition.digest[:16]}-{language}-{_fingerprint(city, (edition,), language, format_)}"

    def render() -> str | bytes:
        return _WRITERS[format_](publication_of(city, edition, language))

    plain = "" if language == edition.strategy.language else f"-{language}"
    name = f"{city.slug}-strategie-fassung-{edition.number}{plain}.{ENDINGS.get(format_, format_)}"
    return Download(name, CONTENT_TYPES[format_], tag, f"{tag}.{format_}", render, city.pk)


def redline_file(city: City, before: Edition, after: Edition, format_: str, language: str) -> Download:
    """What changed between two editions, as PDF or HTML."""
    tag = f"{before.digest[:16]}-{after.digest[:16]}-{_fingerprint(city, (before, after), language, format_)}"

    def render() -> str | bytes:
        return _REDLINES[format_](publication_of(city, before, language), publication_of(city, after, language))

    name = f"{city.slug}-strategie-fassung-{before.number}-zu-{after.number}.{format_}"
    return Download(name, CONTENT_TYPES[format_], tag, f"{tag}.{format_}", render, city.pk)


def _fingerprint(city: City, editions: tuple[Edition, ...], language: str, format_: str) -> str:
    """Of all that stands in the file besides what the digest covers, so that a kept file is never stale."""
    strategy = editions[0].strategy
    renditions = None
    if format_ in WHOLE or language != strategy.language:
        renditions = Rendition.objects.filter(element__strategy=strategy).aggregate(Max("updated_at"), Count("pk"))
    facts = [
        WRITER,
        city.name,
        [strategy.slug, strategy.title, strategy.titles, strategy.horizon, strategy.notice, strategy.kinds],
        [[one.pk, one.number, one.digest, one.summary, one.decision_id, one.illustration] for one in editions],
        [[office.id, office.name, office.name_en] for office in offices_of(city)],
        renditions,
        language,
    ]
    return sha256(json.dumps(facts, default=str, sort_keys=True).encode()).hexdigest()[:24]


def _kept(download: Download, asked_by: str | None) -> bytes:
    folder = Path(settings.DOWNLOADS)
    path = folder / download.name
    try:
        content = path.read_bytes()
        os.utime(path)  # what is asked for is kept longest
    except FileNotFoundError:
        if asked_by is not None:
            RENDERINGS.hit(f"{download.city_id}/{asked_by}")
        made = download.render()
        content = made.encode() if isinstance(made, str) else made
        _keep(folder, path, content)
    return content


def _keep(folder: Path, path: Path, content: bytes) -> None:
    """Whole or not at all; a full or read-only disk must not keep anybody from the file."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as file:
            file.write(content)
        Path(file.name).replace(path)
        _make_room(folder)
    except OSError as error:
        log.warning("a rendered download could not be kept: %s", error.strerror)


def _make_room(folder: Path) -> None:
    """Drops what was asked for longest ago once there is too much."""
    known = []
    for path in folder.iterdir():
        try:
            known.append((path.stat().st_mtime, path.stat().st_size, path))
        except FileNotFoundError:  # another process was quicker
            continue
    total = sum(size for _at, size, _path in known)
    for _at, size, path in sorted(known):
        if total <= MOST_BYTES:
            return
        path.unlink(missing_ok=True)
        total -= size
