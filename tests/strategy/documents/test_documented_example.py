"""The example in docs/format.md is read as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

from kursbuch.domain.framework.schema import STANDARD_FIELDS, FieldType
from kursbuch.strategy.documents.yaml_format import read_yaml

DOCS = Path(__file__).parents[3] / "docs" / "format.md"


def test_the_documented_example_is_read() -> None:
    example = re.search(r"```yaml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    document = read_yaml(example[1])
    assert [element.key for _depth, element in document.tree.walk()] == ["L1", "M001", "W1"]
    assert document.tree["M001"].fields["partner"] == "Hochschule"
    assert {one.language for one in document.renditions} == {"en", "de-simple"}


def test_every_type_and_standard_field_is_documented() -> None:
    text = DOCS.read_text(encoding="utf-8")
    rows = {row.split("|")[1].strip(): row for row in text.splitlines() if row.startswith("| `")}
    for type_ in FieldType:
        assert f"`{type_}`" in rows
    for name, spec in STANDARD_FIELDS.items():
        assert f"`{name}`" in rows[f"`{spec.type}`"]
