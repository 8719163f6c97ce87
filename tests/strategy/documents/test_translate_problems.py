"""Every reason that a reader can give has its sentence, and the sentence has its German."""

from __future__ import annotations

import ast
from importlib import resources
from pathlib import Path

from django.utils import translation

from kursbuch.domain.framework.schema import Reason
from kursbuch.strategy.documents.document import Problem
from kursbuch.strategy.documents.messages import REASONS, sentence


def given_reasons() -> set[str]:
    """The reasons written down in the readers: the third part of a problem, or of ``problem(…)``, ``_refused(…)``."""
    found: set[str] = set()
    folder = Path(str(resources.files("kursbuch.strategy.documents")))
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            place = {"Problem": 2, "problem": 2, "_refused": 0, "_remark": 0}.get(name)
            if place is not None and len(node.args) > place:
                arguments = [node.args[place]]
                found |= {a.value for a in arguments if isinstance(a, ast.Constant) and isinstance(a.value, str)}
    return found


def test_every_reason_has_its_sentence() -> None:
    reasons = given_reasons() | {reason.value for reason in Reason}
    assert len(reasons) > 40
    assert reasons - REASONS.keys() == set()


def test_problems_are_told_in_german() -> None:
    with translation.override("de"):
        assert sentence(Problem("row 12", "budget", "must be a number", "viel")) == (
            "Zeile 12: Mittel: muss eine Zahl sein (viel)"
        )
        assert sentence(Problem("paragraph 3", "", "a picture was left out")) == "Absatz 3: ein Bild wurde weggelassen"
    with translation.override("en"):
        assert sentence(Problem("row 12", "key", "is required")) == "row 12: Key: is required"
