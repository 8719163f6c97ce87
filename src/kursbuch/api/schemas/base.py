"""What all answers have in common: strict models, pages with a cursor, and problems."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _
from pydantic import BaseModel, ConfigDict, Field

# Texts by language (BCP 47): {"de": "…", "en": "…"}
Texts = dict[str, str]
Entry = dict[str, str | int]
FieldValue = str | int | Entry | list[Entry]
Fields = dict[str, FieldValue]


class Model(BaseModel):
    """Every property is always there; what is unknown is null."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


class Page(Model):
    next: str | None = Field(None, description=_("Address of the next part, null on the last one."))


class FieldProblem(Model):
    place: str = Field(description=_("Where the mistake is, such as query.limit."))
    detail: str = Field(description=_("What is wrong there."))


class Problem(Model):
    """An error as RFC 9457 describes it."""

    model_config = ConfigDict(extra="allow", json_schema_serialization_defaults_required=False)

    type: str = Field(description=_("Address that explains this kind of error."))
    title: str = Field(description=_("The kind of error in words; always the same for one type."))
    status: int = Field(description=_("The HTTP status."))
    detail: str = Field(description=_("What happened this time."))
    errors: list[FieldProblem] = Field([], description=_("One entry for every parameter that is wrong."))
    replaced_by: list[str] = Field([], description=_("Keys of what stands for a retired element now."))
