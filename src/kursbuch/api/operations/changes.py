"""The domain's typed changes in the shape of the interface."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import TypeAdapter

from kursbuch.api.schemas.strategy import Change
from kursbuch.domain.framework.changes import Change as DomainChange
from kursbuch.domain.framework.codec import changes_to_json

_CHANGES: TypeAdapter[list[Change]] = TypeAdapter(list[Change])


def changes_of(changes: Iterable[DomainChange]) -> list[Change]:
    return _CHANGES.validate_python(changes_to_json(changes))
