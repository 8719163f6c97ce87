"""Whoever follows docs/chronicle.md, without our code, comes to the same digests."""

from __future__ import annotations

import re
from datetime import UTC
from pathlib import Path
from typing import Any

from kursbuch.chronicle.models import Entry, Seal
from kursbuch.chronicle.services import seal_entries

DOCUMENT = Path(__file__).parents[2] / "docs" / "chronicle.md"


def documented() -> dict[str, Any]:
    """The functions of the page's second block of code."""
    blocks = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    exec(blocks[1], names)  # our own documentation
    return names


def test_digests_can_be_recomputed_as_documented(place_bench, city, anna):
    for number in range(7):
        place_bench(str(number), actor=anna.person, about=["path:a"], data={"größe": 1.5})
        if number == 3:
            seal_entries(city.pk)
    seal_entries(city.pk)
    how = documented()

    def moment(at: Any) -> str:
        return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")

    previous = ""
    for seal in Seal.objects.order_by("number"):
        leaves = []
        for entry in Entry.objects.filter(seal=seal).order_by("pk"):
            said = {
                "city": city.pk,
                "at": moment(entry.at),
                "verb": entry.verb,
                "thing": entry.thing,
                "because": entry.because,
                "summary": entry.summary,
                "data": entry.data,
                "public": entry.public,
                "mentions": sorted(mention.thing for mention in entry.mentions.all()),
                "personal": entry.personal_digest,
            }
            assert how["entry_digest"](said) == entry.digest
            leaves.append(how["leaf"](entry.pk, entry.digest))
        sealed = {
            "city": city.pk,
            "number": seal.number,
            "count": len(leaves),
            "total": seal.total,
            "root": how["root"](leaves).hex(),
            "previous": previous,
            "at": moment(seal.at),
        }
        assert how["seal_digest"](sealed) == seal.digest
        previous = seal.digest
    assert previous
