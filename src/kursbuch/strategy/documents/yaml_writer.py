"""Writes a strategy in the documented YAML format, so that reading it again gives the same digest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from kursbuch.domain.framework.element import Value
from kursbuch.domain.framework.schema import FieldType
from kursbuch.strategy.documents.document import Document, RenditionData
from kursbuch.strategy.documents.publication import Publication, entries_of
from kursbuch.strategy.documents.yaml_format import FORMAT


class _OneLine(dict[str, Any]):
    """A mapping that is written on one line."""


class _OneLineList(list[Any]):
    """A list that is written on one line."""


class _Dumper(yaml.SafeDumper):
    """Several lines of text as a literal block, small things on one line, lists indented."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(
    _OneLine, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=True)
)
_Dumper.add_representer(
    _OneLineList, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)
)


def write_yaml(publication: Publication) -> str:
    """The whole strategy with its kinds, offices, decision and the renditions that are up to date."""
    document = publication.document
    title = " ".join(document.title.split())
    head = f"# {title}\n# Kursbuch, edition {document.number}, digest {publication.digest}\n"
    data = yaml.dump(
        _document(document), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110, default_flow_style=False
    )
    return head + data


def _document(document: Document) -> dict[str, Any]:
    decision = document.decision
    edition: dict[str, Any] = {
        "number": document.number,
        "in_force_from": document.in_force_from,
        "decision": _given(
            body=decision.body, day=decision.day, paper=decision.paper, result=decision.result, source=decision.source
        )
        if decision
        else None,
        "summary": dict(document.summary),
    }
    return {
        "kursbuch": FORMAT,
        "strategy": _given(
            slug=document.slug,
            title=document.title,
            titles=dict(document.titles),
            language=document.language,
            horizon=document.horizon,
            notice=dict(document.notice),
        ),
        **_given(offices=[_OneLine(_given(id=one.id, name=one.name, name_en=one.name_en)) for one in document.offices]),
        "kinds": [_kind(kind) for kind in document.schema.to_data()],
        "edition": _given(**edition),
        "elements": _below(document, _renditions(document), None),
    }


def _given(**parts: Any) -> dict[str, Any]:
    return {name: part for name, part in parts.items() if part not in (None, "", [], {})}


def _kind(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "slug": data["slug"],
        "prefix": data["prefix"],
        "names": _OneLine({language: _OneLineList(names) for language, names in data["names"].items()}),
        "parents": _OneLineList(data["parents"]),
        "fields": [one if isinstance(one, str) else _OneLine(one) for one in data["fields"]]
        if any(not isinstance(one, str) for one in data["fields"])
        else _OneLineList(data["fields"]),
    }


def _renditions(document: Document) -> dict[str, list[RenditionData]]:
    by_key: dict[str, list[RenditionData]] = {}
    for rendition in document.renditions:
        by_key.setdefault(rendition.key, []).append(rendition)
    return by_key


def _below(document: Document, renditions: Mapping[str, list[RenditionData]], parent: str | None) -> list[Any]:
    found = []
    for key in document.tree.children.get(parent, ()):
        element = document.tree[key]
        kind = document.schema.kind(element.kind)
        item: dict[str, Any] = {"key": key, "kind": element.kind}
        for spec in kind.fields:
            if spec.name in element.fields:
                item[spec.name] = _value(spec.type, element.fields[spec.name])
        if key in renditions:
            item["renditions"] = {
                one.language: {**one.fields, **_given(translator=one.translator), "reviewed": one.reviewed}
                for one in renditions[key]
            }
        children = _below(document, renditions, key)
        if children:
            item["elements"] = children
        found.append(item)
    return found


def _value(type_: FieldType, value: Value) -> Any:
    if type_ == FieldType.ALIGNMENTS:
        return [{"ref": entry["id"], "reason": entry["reason"]} for entry in _entries(value)]
    if type_ == FieldType.FACTS:
        names = ("id", "text", "source", "date")
        return [{name: entry[name] for name in names if name in entry} for entry in _entries(value)]
    if isinstance(value, Mapping):
        for alone in ("office", "place"):
            if list(value) == [alone]:
                return value[alone]
        return _OneLine(value)
    return value


def _entries(value: Value) -> list[Mapping[str, str | int]]:
    return sorted(entries_of(value), key=lambda entry: (len(str(entry["id"])), str(entry["id"])))
