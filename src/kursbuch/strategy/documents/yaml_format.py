"""The documented YAML format (docs/format.md): a whole strategy, there and back again with the same digest."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import yaml

from kursbuch.domain.framework.schema import FieldError, Reason, Schema
from kursbuch.strategy.documents.document import (
    DecisionData,
    Document,
    DocumentError,
    OfficeData,
    Problem,
    RawElement,
    TreeBuilder,
)

FORMAT = 1
MAX_ELEMENTS = 20_000
MAX_DEPTH = 20
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-zA-Z0-9]{2,8})*")
OWN_PARTS = {"key", "kind", "elements", "renditions"}


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML as it stands, but with an error for a key that is given twice."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _value in node.value:
            name = str(key.value)
            if name in seen:
                raise yaml.MarkedYAMLError(problem=f"{name!r} is given twice", problem_mark=key.start_mark)
            seen.add(name)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return mapping


def read_yaml(text: str) -> Document:
    """Reads a document; raises :class:`DocumentError` with every problem found."""
    try:
        _refuse_traps(text)
        raw = yaml.load(text, Loader=_Loader)  # noqa: S506 - derived from the safe loader
    except DocumentError:
        raise
    except yaml.MarkedYAMLError as error:
        raise DocumentError(
            [Problem(_place(error.problem_mark), "", "is not valid YAML", str(error.problem or ""))]
        ) from error
    except (yaml.YAMLError, ValueError) as error:  # a date that is none, for example
        raise DocumentError([Problem("file", "", "is not valid YAML", str(error))]) from error
    if _NUL.search(text) and _has_nul(raw):
        raise DocumentError([Problem("file", "", Reason.NOT_TEXT.value, "\\0")])
    if not isinstance(raw, Mapping):
        raise DocumentError([Problem("file", "", "must be a mapping with strategy, kinds and elements")])
    if raw.get("kursbuch") != FORMAT:
        raise DocumentError([Problem("kursbuch", "", "must be the format's version, 1", str(raw.get("kursbuch")))])
    return _document(raw)


_NUL = re.compile(r"\\(0|x00|u0000|U00000000)")


def _has_nul(raw: Any) -> bool:
    """Databases know no such sign."""
    if isinstance(raw, Mapping):
        return any(_has_nul(name) or _has_nul(part) for name, part in raw.items())
    if isinstance(raw, list):
        return any(_has_nul(part) for part in raw)
    return isinstance(raw, str) and "\0" in raw


def _place(mark: Any) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else "file"


def _refuse_traps(text: str) -> None:
    """References could make a small file huge, and deep nesting could exhaust the stack of what builds the tree."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            reason = "uses references (& and *), which are not allowed"
            raise DocumentError([Problem(_place(event.start_mark), "", reason)])
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > 4 * MAX_DEPTH:
                raise DocumentError([Problem(_place(event.start_mark), "", "is nested too deeply")])
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _document(raw: Mapping[str, Any]) -> Document:
    try:
        schema = Schema.from_data(raw.get("kinds") or [])
    except FieldError as error:
        raise DocumentError([Problem(error.field, "", error.reason.value, error.detail)]) from error
    except (AttributeError, TypeError) as error:  # something else where a list or mapping should be
        raise DocumentError([Problem("kinds", "", Reason.WRONG_SHAPE.value)]) from error
    if not schema.kinds:
        raise DocumentError([Problem("kinds", "", "is required")])
    problems: list[Problem] = []
    _check_names(raw, problems)
    head = _head(raw.get("strategy"), problems)
    edition = _mapping(raw.get("edition"), "edition", problems)
    offices = _offices(raw.get("offices"), problems)
    builder = TreeBuilder(schema, (office.id for office in offices))
    roots = [_element(item, f"elements[{n}]", problems) for n, item in _numbered(raw, "elements", "", problems)]
    tree = builder.build([root for root in roots if root is not None])
    problems += builder.problems
    if not len(tree) and not problems:
        problems.append(Problem("elements", "", "is required"))
    number = str(edition.get("number") or "1")
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,5})?", number):
        problems.append(Problem("edition", "number", "must be a number such as 1 or 2.1", number))
    if len(tree) > MAX_ELEMENTS:
        problems.append(Problem("elements", "", "has more than 20,000 elements"))
    in_force_from = _day(edition.get("in_force_from"), "edition", "in_force_from", problems)
    decision = _decision(edition.get("decision"), problems)
    if problems:
        raise DocumentError(problems)
    return Document(
        slug=str(head["slug"]),
        title=str(head["title"]),
        titles=_texts(head.get("titles")),
        language=str(head.get("language") or "de"),
        horizon=int(head["horizon"]),
        notice=_texts(head.get("notice")),
        schema=schema,
        tree=tree,
        offices=offices,
        renditions=builder.renditions,
        number=number,
        in_force_from=in_force_from,
        decision=decision,
        summary=_texts(edition.get("summary")),
    )


_KNOWN = {
    "": {"kursbuch", "strategy", "offices", "kinds", "edition", "elements"},
    "strategy": {"slug", "title", "titles", "language", "horizon", "notice"},
    "edition": {"number", "in_force_from", "decision", "summary"},
    "edition.decision": {"body", "day", "paper", "result", "source"},
}


def _check_names(raw: Mapping[str, Any], problems: list[Problem]) -> None:
    """A misspelt name must not go unnoticed."""
    for place, known in _KNOWN.items():
        part: Any = raw
        for name in filter(None, place.split(".")):
            part = part.get(name) if isinstance(part, Mapping) else None
        if isinstance(part, Mapping):
            problems += [
                Problem(place or "file", str(name), "is not known here") for name in part if str(name) not in known
            ]


def _head(raw: Any, problems: list[Problem]) -> Mapping[str, Any]:
    head = _mapping(raw, "strategy", problems)
    for name, pattern, reason in (
        ("slug", r"[a-z0-9-]{1,50}", "must be small letters, digits and hyphens"),
        ("title", r".{1,200}", "must have 1 to 200 characters"),
        ("horizon", r"(19|20|21)\d\d", "must be a year between 1900 and 2200"),
        ("language", LANGUAGE.pattern, "must be a language tag such as de"),
    ):
        given = str(head.get(name) or ("de" if name == "language" else ""))
        if not re.fullmatch(pattern, given):
            problems.append(Problem("strategy", name, reason, given))
    return head


def _offices(raw: Any, problems: list[Problem]) -> list[OfficeData]:
    offices = [
        OfficeData(str(item.get("id") or ""), str(item.get("name") or ""), str(item.get("name_en") or ""))
        for item in _list(raw, "offices", problems)
    ]
    for number, office in enumerate(offices, 1):
        if not re.fullmatch(r"[a-z0-9-]+", office.id) or not office.name:
            problems.append(Problem(f"offices[{number}]", "id", "needs an id of small letters and a name", office.id))
    return offices


def _element(item: Any, place: str, problems: list[Problem]) -> RawElement | None:
    if not isinstance(item, Mapping):
        problems.append(Problem(place, "", "must be a mapping with kind and title"))
        return None
    if place.count(".elements") >= MAX_DEPTH:
        problems.append(Problem(place, "", "is nested too deeply"))
        return None
    key = str(item.get("key") or "")
    shown = f"{place} ({key})" if key else place
    children = [
        _element(child, f"{place}.elements[{n}]", problems) for n, child in _numbered(item, "elements", shown, problems)
    ]
    renditions = _mapping(item.get("renditions"), f"{shown}.renditions", problems)
    for language in list(renditions):
        if not LANGUAGE.fullmatch(str(language)) or not isinstance(renditions[language], Mapping):
            problems.append(Problem(shown, "renditions", "must name a language and its fields", str(language)))
            renditions = {tag: one for tag, one in renditions.items() if tag != language}
    return RawElement(
        place=shown,
        kind=str(item.get("kind") or ""),
        key=key,
        fields={str(name): value for name, value in item.items() if name not in OWN_PARTS},
        children=[child for child in children if child is not None],
        renditions={str(tag): one for tag, one in renditions.items()},
    )


def _numbered(raw: Mapping[str, Any], name: str, place: str, problems: list[Problem]) -> Sequence[tuple[int, Any]]:
    return list(enumerate(_list(raw.get(name), f"{place}.{name}".lstrip("."), problems, of=object), 1))


def _list(raw: Any, place: str, problems: list[Problem], of: type = Mapping) -> Sequence[Any]:
    if raw is None:
        return []
    if not isinstance(raw, list) or not all(isinstance(item, of) for item in raw):
        problems.append(Problem(place, "", "must be a list"))
        return []
    return raw


def _mapping(raw: Any, place: str, problems: list[Problem]) -> Mapping[str, Any]:
    if raw is None:
        return {}
    if not isinstance(raw, Mapping):
        problems.append(Problem(place, "", "must be a mapping"))
        return {}
    return raw


def _texts(raw: Any) -> Mapping[str, str]:
    """Texts by language; a plain string is German."""
    if isinstance(raw, Mapping):
        return {str(language): str(text).strip() for language, text in raw.items() if text}
    return {"de": str(raw).strip()} if raw else {}


def _day(raw: Any, place: str, field: str, problems: list[Problem]) -> date | None:
    if raw in (None, ""):
        return None
    if isinstance(raw, date):
        return raw
    try:
        return date.fromisoformat(str(raw))
    except ValueError:
        problems.append(Problem(place, field, "must be a day such as 2024-05-31", str(raw)))
        return None


def _decision(raw: Any, problems: list[Problem]) -> DecisionData | None:
    given = _mapping(raw, "edition.decision", problems)
    if not given:
        return None
    day = _day(given.get("day"), "edition.decision", "day", problems)
    if not given.get("body") or day is None:
        problems.append(Problem("edition.decision", "", "needs the body and the day"))
        return None
    parts = {name: str(given.get(name) or "") for name in ("paper", "result", "source")}
    return DecisionData(body=str(given["body"]), day=day, **parts)
