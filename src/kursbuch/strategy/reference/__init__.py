"""Published lists that a strategy can be aligned to: read once from the package, looked up by a stable reference."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml

__all__ = ["ReferenceEntry", "ReferenceList", "code_order", "entries", "entry", "label", "lists"]

# Every list is written in these; German is what a reader of any other language gets.
LANGUAGES = ("de", "en")
FALLBACK = "de"

# Name, as references begin with it, and file; in the order in which the lists are offered.
FILES = {"sdg": "sdg.yaml", "charta": "smart-city-charta.yaml", "networks": "networks.yaml"}

# libyaml reads a list ten times faster than the pure Python loader; not every build of PyYAML has it.
_Loader: type[yaml.SafeLoader] | type[yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class ReferenceEntry:
    """One entry of a list. `ref` is what gets stored: the list's name, a colon, the code ("sdg:11.3")."""

    ref: str
    list: str
    code: str
    labels: Mapping[str, str] = field(hash=False)
    about: Mapping[str, str] = field(hash=False)  # empty where the label says it all
    parent: str | None
    publisher: Mapping[str, str] = field(hash=False)  # empty where the whole list has one source
    year: int | None

    def label(self, language: str) -> str:
        return _in_language(self.labels, language)


@dataclass(frozen=True, slots=True)
class ReferenceList:
    """A list as a whole: its name, who published it, and its entries in official order, each after its parent."""

    name: str
    names: Mapping[str, str] = field(hash=False)
    source: Mapping[str, str] = field(hash=False)
    entries: tuple[ReferenceEntry, ...]


def lists() -> tuple[ReferenceList, ...]:
    """All lists, in the order in which they are offered."""
    return tuple(_load(name) for name in FILES)


def entries(list_name: str) -> tuple[ReferenceEntry, ...]:
    """The entries of one list in official order. KeyError if there is no such list."""
    if list_name not in FILES:
        raise KeyError(f"No reference list is called {list_name!r}; there are {', '.join(FILES)}.")
    return _load(list_name).entries


def entry(ref: str) -> ReferenceEntry:
    """The entry behind a reference such as "sdg:11.3". KeyError if there is none."""
    list_name, separator, code = ref.partition(":")
    if not separator:
        raise KeyError(f"{ref!r} is not a reference; one reads like 'sdg:11.3'.")
    entries(list_name)
    try:
        return _by_ref(list_name)[ref]
    except KeyError:
        raise KeyError(f"The reference list {list_name!r} has no entry {code!r}.") from None


def label(ref: str, language: str) -> str:
    """An entry's short name in a language ("en", "de-simple"), in German where there is no such translation."""
    return entry(ref).label(language)


def code_order(code: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key that puts codes in their official order: 9, 10, 10.2, 10.10, 10.a."""
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in code.split("."))


@cache
def _load(list_name: str) -> ReferenceList:
    source = resources.files(__name__).joinpath(FILES[list_name]).read_text(encoding="utf-8")
    data = yaml.load(source, Loader=_Loader)  # noqa: S506 - either loader is a safe one
    found: list[ReferenceEntry] = []
    _collect(list_name, data["entries"], None, found)
    return ReferenceList(
        name=data["list"],
        names=MappingProxyType(data["names"]),
        source=MappingProxyType(data["source"]),
        entries=tuple(found),
    )


@cache
def _by_ref(list_name: str) -> Mapping[str, ReferenceEntry]:
    return MappingProxyType({item.ref: item for item in _load(list_name).entries})


def _collect(list_name: str, rows: list[dict[str, Any]], parent: str | None, found: list[ReferenceEntry]) -> None:
    """Flatten the nested rows of a file, each entry before those below it."""
    for row in rows:
        ref = f"{list_name}:{row['code']}"
        found.append(
            ReferenceEntry(
                ref=ref,
                list=list_name,
                code=row["code"],
                labels=MappingProxyType(row["label"]),
                about=MappingProxyType(row.get("about", {})),
                parent=parent,
                publisher=MappingProxyType(row.get("publisher", {})),
                year=row.get("year"),
            )
        )
        _collect(list_name, row.get("entries", []), ref, found)


def _in_language(texts: Mapping[str, str], language: str) -> str:
    primary = language.partition("-")[0].lower()
    return texts.get(primary) or texts[FALLBACK]
