"""JSON for editions, changes and conflicts: how they are stored, exchanged and shown by the API.

Encoding is stable (same value, same JSON). Decoding is total: it gives the value back or raises
:class:`CodecError`, which names the place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kursbuch.domain.framework.changes import Add, Change, Move, Retire, Revise
from kursbuch.domain.framework.element import Edition, Element, Entry, Fields, TreeError, Value
from kursbuch.domain.framework.rebase import Conflict, ConflictKind, Rebased

Json = dict[str, object]


class CodecError(ValueError):
    """Not what was expected; ``place`` is a path such as ``changes[3].fields.title``."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place or 'input'}: {reason}")
        self.place = place
        self.reason = reason


def value_to_json(value: Value | None) -> object:
    """A field's value; entries and composite values with sorted names."""
    if isinstance(value, tuple):
        return [dict(sorted(entry.items())) for entry in value]
    if isinstance(value, Mapping):
        return dict(sorted(value.items()))
    return value


def value_from_json(data: object, place: str = "value") -> Value:
    """A field's value, its shape checked; entries come back sorted by id."""
    if isinstance(data, str):
        if not data:
            raise CodecError(place, "is empty; leave it out instead")
        return _utf8(data, place)
    if isinstance(data, int) and not isinstance(data, bool):
        return data
    if isinstance(data, Mapping):
        return _entry(data, place)
    if isinstance(data, list | tuple):
        entries = [_entry(entry, f"{place}[{number}]") for number, entry in enumerate(data)]
        ids = [entry.get("id") for entry in entries]
        for number, name in enumerate(ids):
            if not isinstance(name, str) or not name:
                raise CodecError(f"{place}[{number}].id", "is missing")
            if name in ids[:number]:
                raise CodecError(f"{place}[{number}].id", f"{name!r} stands there twice")
        if not entries:
            raise CodecError(place, "is empty; leave it out instead")
        return tuple(sorted(entries, key=lambda entry: str(entry["id"])))
    raise CodecError(place, f"must be text, a whole number, an object or a list, not {_name(data)}")


def fields_to_json(fields: Fields) -> Json:
    """An element's fields, by sorted names."""
    return {name: value_to_json(value) for name, value in sorted(fields.items())}


def fields_from_json(data: object, place: str = "fields") -> dict[str, Value]:
    """An element's fields."""
    return {
        _key(name, place): value_from_json(value, f"{place}.{name}") for name, value in _object(data, place).items()
    }


def element_to_json(element: Element) -> Json:
    """An element's own content, without its place."""
    return {"key": element.key, "kind": element.kind, "fields": fields_to_json(element.fields)}


def element_from_json(data: object, place: str = "element") -> Element:
    """An element's own content."""
    source = _object(data, place)
    return Element(
        _text(source, "key", place),
        _text(source, "kind", place),
        fields_from_json(source.get("fields", {}), f"{place}.fields"),
    )


def change_to_json(change: Change) -> Json:
    """A change; ``"change"`` names its type."""
    match change:
        case Add():
            return {
                "change": "add",
                "key": change.key,
                "kind": change.kind,
                "parent": change.parent,
                "after": change.after,
                "fields": fields_to_json(change.fields),
            }
        case Revise():
            return {
                "change": "revise",
                "key": change.key,
                "field": change.field,
                "before": value_to_json(change.before),
                "after": value_to_json(change.after),
            }
        case Move():
            return {"change": "move", "key": change.key, "parent": change.parent, "after": change.after}
        case Retire():
            return {"change": "retire", "key": change.key, "replaced_by": list(change.replaced_by)}


def change_from_json(data: object, place: str = "change") -> Change:
    """A change of any type."""
    source = _object(data, place)
    kind = source.get("change")
    key = _text(source, "key", place)
    match kind:
        case "add":
            return Add(
                key,
                _text(source, "kind", place),
                _optional_text(source, "parent", place),
                _optional_text(source, "after", place),
                fields_from_json(source.get("fields", {}), f"{place}.fields"),
            )
        case "revise":
            return Revise(
                key,
                _text(source, "field", place),
                _optional_value(source, "before", place),
                _optional_value(source, "after", place),
            )
        case "move":
            return Move(key, _optional_text(source, "parent", place), _optional_text(source, "after", place))
        case "retire":
            named = source.get("replaced_by", [])
            if not isinstance(named, list | tuple):
                raise CodecError(f"{place}.replaced_by", f"must be a list, not {_name(named)}")
            return Retire(key, tuple(_key(name, f"{place}.replaced_by[{at}]") for at, name in enumerate(named)))
    raise CodecError(f"{place}.change", f"must be add, revise, move or retire, not {kind!r}")


def changes_to_json(changes: Iterable[Change]) -> list[Json]:
    """Changes in order."""
    return [change_to_json(change) for change in changes]


def changes_from_json(data: object, place: str = "changes") -> tuple[Change, ...]:
    """Changes in order."""
    return tuple(change_from_json(item, f"{place}[{at}]") for at, item in enumerate(_list(data, place)))


def conflict_to_json(conflict: Conflict) -> Json:
    """A conflict with the change it is about."""
    return {
        "key": conflict.key,
        "field": conflict.field,
        "base": value_to_json(conflict.base),
        "ours": value_to_json(conflict.ours),
        "theirs": value_to_json(conflict.theirs),
        "kind": conflict.kind.value,
        "change": change_to_json(conflict.change),
    }


def conflict_from_json(data: object, place: str = "conflict") -> Conflict:
    """A conflict."""
    source = _object(data, place)
    kind = _text(source, "kind", place)
    if kind not in {member.value for member in ConflictKind}:
        raise CodecError(f"{place}.kind", f"{kind!r} is no kind of conflict")
    return Conflict(
        _text(source, "key", place),
        _optional_text(source, "field", place),
        _optional_value(source, "base", place),
        _optional_value(source, "ours", place),
        _optional_value(source, "theirs", place),
        ConflictKind(kind),
        change_from_json(source.get("change"), f"{place}.change"),
    )


def rebased_to_json(rebased: Rebased) -> Json:
    """The outcome of a rebase."""
    return {
        "changes": changes_to_json(rebased.changes),
        "conflicts": [conflict_to_json(conflict) for conflict in rebased.conflicts],
        "in_force": changes_to_json(rebased.in_force),
    }


def rebased_from_json(data: object, place: str = "rebased") -> Rebased:
    """The outcome of a rebase."""
    source = _object(data, place)
    conflicts = _list(source.get("conflicts", []), f"{place}.conflicts")
    return Rebased(
        changes_from_json(source.get("changes", []), f"{place}.changes"),
        tuple(conflict_from_json(item, f"{place}.conflicts[{at}]") for at, item in enumerate(conflicts)),
        changes_from_json(source.get("in_force", []), f"{place}.in_force"),
    )


def edition_to_json(edition: Edition) -> Json:
    """All elements in reading order, each with its parent: siblings stand in their order."""
    return {
        "elements": [
            {"key": element.key, "kind": element.kind, "parent": parent, "fields": fields_to_json(element.fields)}
            for _, element in edition.walk()
            for parent in (edition.parents[element.key],)
        ]
    }


def edition_from_json(data: object, place: str = "edition") -> Edition:
    """An edition; the elements must form one tree."""
    elements: list[Element] = []
    children: dict[str | None, list[str]] = {}
    for at, item in enumerate(_list(_object(data, place).get("elements"), f"{place}.elements")):
        where = f"{place}.elements[{at}]"
        element = element_from_json(item, where)
        elements.append(element)
        children.setdefault(_optional_text(_object(item, where), "parent", where), []).append(element.key)
    try:
        return Edition(elements, children)
    except TreeError as error:
        at = next((at for at, element in enumerate(elements) if element.key == error.key), 0)
        raise CodecError(f"{place}.elements[{at}]", str(error)) from error


def _name(data: object) -> str:
    if data is None:
        return "nothing"
    if isinstance(data, bool):
        return "true" if data else "false"
    return type(data).__name__


def _object(data: object, place: str) -> Mapping[str, object]:
    if not isinstance(data, Mapping):
        raise CodecError(place, f"must be an object, not {_name(data)}")
    return data


def _list(data: object, place: str) -> list[object] | tuple[object, ...]:
    if not isinstance(data, list | tuple):
        raise CodecError(place, f"must be a list, not {_name(data)}")
    return data


def _utf8(text: str, place: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise CodecError(place, "is not valid Unicode text") from None
    return text


def _key(name: object, place: str) -> str:
    if not isinstance(name, str) or not name:
        raise CodecError(place, "must be text that is not empty")
    return _utf8(name, place)


def _text(source: Mapping[str, object], name: str, place: str) -> str:
    return _key(source.get(name), f"{place}.{name}")


def _optional_text(source: Mapping[str, object], name: str, place: str) -> str | None:
    return None if source.get(name) is None else _text(source, name, place)


def _optional_value(source: Mapping[str, object], name: str, place: str) -> Value | None:
    data = source.get(name)
    return None if data is None else value_from_json(data, f"{place}.{name}")


def _entry(data: object, place: str) -> Entry:
    entry: dict[str, str | int] = {}
    for name, value in _object(data, place).items():
        key = _key(name, place)
        if isinstance(value, str):
            entry[key] = _utf8(value, f"{place}.{name}")
        elif isinstance(value, int) and not isinstance(value, bool):
            entry[key] = value
        else:
            raise CodecError(f"{place}.{name}", f"must be text or a whole number, not {_name(value)}")
    if not entry:
        raise CodecError(place, "is empty; leave it out instead")
    return dict(sorted(entry.items()))
