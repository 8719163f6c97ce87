"""The interface's description in the form in which the page shows it: in the reader's language, nothing repeated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from kursbuch.api import problems
from kursbuch.api.interface import interface
from kursbuch.api.openapi import ABOUT
from kursbuch.city.request import CityRequest

Schema = Mapping[str, Any]

GROUPS: Mapping[str, str] = {
    "strategy": _("Strategy and editions"),
    "elements": _("Elements"),
    "editions": _("Differences"),
    "amendments": _("Amendments"),
    "chronicle": _("Chronicle"),
}


@dataclass(frozen=True)
class Property:
    """A parameter or a property of an answer."""

    name: str
    kind: str  # in words, before the link
    link: str  # name of a shape explained on the page
    about: str
    required: bool = False


@dataclass(frozen=True)
class Operation:
    name: str
    path: str
    title: str
    about: str
    parameters: list[Property]
    answer: str  # name of its shape
    example: str  # address to try


@dataclass(frozen=True)
class Group:
    name: str
    title: str
    operations: list[Operation]


@dataclass(frozen=True)
class Shape:
    name: str
    properties: list[Property]
    choices: list[str]


def describe(request: CityRequest) -> dict[str, Any]:
    schema = interface.get_openapi_schema()
    root = request.build_absolute_uri(reverse("api:start"))
    groups: dict[str, list[Operation]] = {name: [] for name in GROUPS}
    for path, methods in schema["paths"].items():
        operation = methods["get"]
        groups[operation["tags"][0]].append(_operation(path, operation, root))
    shown = [Group(name, gettext(GROUPS[name]), found) for name, found in groups.items()]
    return {
        "contents": _contents(shown),
        "about": gettext(ABOUT),
        "root": root,
        "description_url": request.build_absolute_uri(reverse("api:openapi-json")),
        "version": schema["info"]["version"],
        "groups": shown,
        "shapes": [_shape(name, one) for name, one in schema["components"]["schemas"].items() if name != "JsonValue"],
        "problems": [
            {"status": status, "name": name, "title": title, "about": gettext(about)}
            for status, (name, title, about) in problems.KINDS.items()
        ],
    }


def _contents(groups: list[Group]) -> list[dict[str, Any]]:
    def node(name: str, title: str, children: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        return {"url": f"#{name}", "title": title, "children": children or []}

    return [
        node("start", gettext("How to begin")),
        node("rules", gettext("What holds everywhere")),
        *(
            node(f"group-{group.name}", group.title, [node(one.name, one.title) for one in group.operations])
            for group in groups
        ),
        node("problems", gettext("Errors")),
        node("shapes", gettext("Shapes of the answers")),
    ]


def _operation(path: str, operation: Schema, root: str) -> Operation:
    title, about = operation["summary"], operation["description"]
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return Operation(
        name=operation["operationId"],
        path=path,
        title=gettext(title),
        about=gettext(about),
        parameters=[_property(one["name"], one["schema"], one) for one in operation["parameters"]],
        answer=_reference(answer),
        example=root + operation["x-example"].lstrip("/"),
    )


def _shape(name: str, schema: Schema) -> Shape:
    required = schema.get("required", ())
    properties = [_property(key, one, one, key in required) for key, one in schema.get("properties", {}).items()]
    return Shape(name, properties, [str(one) for one in schema.get("enum", ())])


def _property(name: str, schema: Schema, source: Schema, required: bool = False) -> Property:
    about = source.get("description", "")
    kinds = list(_kinds(schema))
    link = next((kind for kind, is_link in kinds if is_link), "")
    words = [kind for kind, is_link in kinds if not is_link]
    return Property(
        name=name,
        kind=", ".join(dict.fromkeys(words)),
        link=link,
        about=gettext(about) if about else "",
        required=bool(source.get("required")) if "in" in source else required,
    )


TYPES: Mapping[str, str] = {
    "string": _("text"),
    "integer": _("whole number"),
    "boolean": _("true or false"),
    "null": _("or null"),
    "object": _("object"),
    "date": _("day"),
    "date-time": _("moment"),
}


def _kinds(schema: Schema) -> Iterator[tuple[str, bool]]:
    """Each possible type in words, and whether it is the name of a shape."""
    if "$ref" in schema:
        name = _reference(schema)
        yield (name, True) if name != "JsonValue" else (gettext("any value"), False)
    elif "anyOf" in schema or "oneOf" in schema:
        for one in schema.get("anyOf", schema.get("oneOf", ())):
            yield from _kinds(one)
    elif schema.get("type") == "array":
        yield gettext("list of"), False
        yield from _kinds(schema["items"])
    elif schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        yield gettext("by name"), False
        yield from _kinds(schema["additionalProperties"])
    elif "const" in schema:
        yield str(schema["const"]), False
    elif "enum" in schema:
        yield ", ".join(map(str, schema["enum"])), False
    else:
        form = schema.get("format", "")
        yield gettext(TYPES[form if form in TYPES else schema.get("type", "object")]), False


def _reference(schema: Schema) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]
