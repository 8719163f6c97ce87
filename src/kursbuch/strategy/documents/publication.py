"""One edition with all that its documents say of it: what every writer is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from kursbuch.domain.framework.element import Entry, Fields, Value
from kursbuch.strategy.documents.document import Document, RenditionData


@dataclass(frozen=True)
class Publication:
    """``document`` is what was adopted; ``language`` is the reader's ("de", "en", "de-simple")."""

    city: str
    document: Document
    digest: str
    language: str
    editorial: bool = False
    illustration: bool = False

    @property
    def interface_language(self) -> str:
        """The language of labels and dates: plain German is German."""
        return self.language.partition("-")[0]

    @property
    def title(self) -> str:
        return self.document.titles.get(self.language) or (
            self.document.titles.get(self.interface_language) or self.document.title
        )

    @property
    def notice(self) -> str:
        return _in(self.document.notice, self.interface_language, self.document.language)

    @property
    def summary(self) -> str:
        return _in(self.document.summary, self.interface_language, self.document.language)

    @cached_property
    def renditions(self) -> dict[str, RenditionData]:
        """By key: the texts in the reader's language, where there are any."""
        return {one.key: one for one in self.document.renditions if one.language == self.language}

    def rendition(self, key: str) -> RenditionData | None:
        return None if self.language == self.document.language else self.renditions.get(key)

    def fields(self, key: str) -> Fields:
        """An element's fields as the reader is shown them: rendered where possible, else as adopted."""
        rendition = self.rendition(key)
        adopted = self.document.tree[key].fields
        return {**adopted, **rendition.fields} if rendition else adopted

    def language_of(self, key: str) -> str:
        return self.language if self.rendition(key) else self.document.language


def _in(texts: Mapping[str, str], *languages: str) -> str:
    return next((texts[language] for language in languages if texts.get(language)), "")


def entries_of(value: Value) -> tuple[Entry, ...]:
    """The entries of a field that holds a set of them; none of any other."""
    return value if isinstance(value, tuple) else ()
