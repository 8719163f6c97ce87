"""The interface's own description: what ninja writes, with the errors, headers and parameters as they really are."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_noop as _
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from kursbuch.api import problems
from kursbuch.api.schemas.base import Problem

TITLE = "Kursbuch"
ABOUT = _(
    "The strategy of a city as open data: its elements as of any day, its editions with their decisions, what differs "
    "between them, what is proposed, and the record of everything that happened. For reading only, without a key."
)
PROBLEM = {"$ref": "#/components/schemas/Problem"}
ETAG = {
    "description": "Version of the answer; send it back as If-None-Match.",
    "schema": {"type": "string", "pattern": '^W/"[0-9a-f]{24}"$'},
}
LINK = {"description": 'The next part, as <address>; rel="next".', "schema": {"type": "string"}}


class Interface(NinjaAPI):
    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**given)
        schemas = schema["components"]["schemas"]
        schemas["Problem"] = Problem.model_json_schema(
            ref_template="#/components/schemas/{model}", mode="serialization"
        )
        schemas.update(schemas["Problem"].pop("$defs", {}))
        for path in schema["paths"].values():
            for operation in path.values():
                _complete(operation, schemas)
        schema["components"] = {"schemas": {name: _public(schemas[name]) for name in sorted(schemas)}}
        return schema


def _complete(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    operation["parameters"] = [_parameter(one) for one in operation["parameters"]]
    responses = operation["responses"]
    ok = responses[200]
    ok["headers"] = {"ETag": ETAG}
    if "next" in _properties(ok, schemas):
        ok["headers"]["Link"] = LINK
    responses[304] = {"description": "Not modified since the version in If-None-Match."}
    for status in (400, 404, *operation.pop("x-problems", ()), 422, 429, 500):
        responses[status] = {
            "description": problems.KINDS[status][1],
            "content": {problems.CONTENT_TYPE: {"schema": PROBLEM}},
        }
    operation["responses"] = {str(status): responses[status] for status in sorted(responses)}


def _properties(response: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    reference = response["content"]["application/json"]["schema"].get("$ref", "")
    found: dict[str, Any] = schemas.get(reference.rpartition("/")[2], {}).get("properties", {})
    return found


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    """A parameter that may be left out is not null when it is there."""
    schema = dict(parameter["schema"])
    choices = [one for one in schema.pop("anyOf", ()) if one != {"type": "null"}]
    if len(choices) == 1:
        schema |= choices[0]
    elif choices:
        schema["anyOf"] = choices
    if schema.get("default", 0) is None:
        del schema["default"]
    schema.pop("description", None)
    return {**parameter, "schema": _public(schema)}


def _public(schema: Any) -> Any:
    """Nor the promise that nothing will ever be added; a title only repeats a property's name."""
    if isinstance(schema, dict):
        return {
            name: {key: _public(value) for key, value in part.items()} if name == "properties" else _public(part)
            for name, part in schema.items()
            if not (name == "title" and isinstance(part, str)) and (name, part) != ("additionalProperties", False)
        }
    if isinstance(schema, list):
        return [_public(one) for one in schema]
    return schema
