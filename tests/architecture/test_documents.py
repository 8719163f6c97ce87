"""What the documents say of the software is so: settings, links, pictures, the changelog, publiccode.yml."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
PICTURES = sorted(ROOT.glob("docs/images/*"))
CONFIG = sorted((ROOT / "src" / "kursbuch" / "config").glob("*.py"))

SETTING = re.compile(r"""env_\w+\(\s*["'](\w+)["']""")
KURSBUCH_VARIABLE = re.compile(r"\bKURSBUCH_[A-Z_]*[A-Z]\b")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.+?)\s*$", re.MULTILINE)


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchors(text: str) -> set[str]:
    """The addresses of a document's headings: small letters, hyphens for spaces, punctuation gone."""
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(CODE.sub(_inner, text)))
    return {heading.strip().replace(" ", "-") for heading in plain}


def _inner(match: re.Match[str]) -> str:
    code = match.group()
    return "" if code.startswith("```") else code.strip("`")


def links(path: Path) -> list[tuple[bool, str, str]]:
    found = LINK.findall(CODE.sub("", path.read_text()))
    return [(bool(mark), text, target) for mark, text, target in found]


def variables_in_the_table() -> set[str]:
    rows = [line for line in (ROOT / "docs" / "operator.md").read_text().splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([A-Z_]{6,})`", row.split("|")[1])}


def test_there_are_documents_to_read() -> None:
    names = {relative(path) for path in DOCUMENTS}
    guides = {"resident", "office", "operator", "developer", "architecture", "glossary", "format", "api", "speed"}
    assert {f"docs/{name}.md" for name in guides} <= names
    assert {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"} <= names
    assert len(list(ROOT.glob("docs/decisions/*.md"))) >= 13


def test_every_setting_is_explained() -> None:
    read = {name for path in CONFIG for name in SETTING.findall(path.read_text())}
    assert "KURSBUCH_DATA" in read
    assert read == variables_in_the_table()


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_document_names_no_unknown_variable(path: Path) -> None:
    # the tests have settings of their own
    sources = [*CONFIG, ROOT / ".ci" / "test", ROOT / "tests" / "e2e" / "chromium.py"]
    known = {name for source in sources for name in KURSBUCH_VARIABLE.findall(source.read_text())}
    assert set(KURSBUCH_VARIABLE.findall(path.read_text())) <= known


def test_deployment_sets_known_variables_only() -> None:
    files = [path for path in ROOT.glob("deploy/**/*") if path.is_file()]
    assert files
    named = {name for path in files for name in KURSBUCH_VARIABLE.findall(path.read_text())}
    assert named <= variables_in_the_table()


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_links_lead_somewhere(path: Path) -> None:
    dead = []
    for _, _, target in links(path):
        if re.match(r"[a-z]+:", target) or target.startswith("/"):  # other sites, and examples of our own pages
            continue
        name, _, anchor = unquote(target).partition("#")
        there = (path.parent / name).resolve() if name else path
        has_anchor = not anchor or there.suffix != ".md" or (there.exists() and anchor in anchors(there.read_text()))
        if not there.exists() or not has_anchor:
            dead.append(target)
    assert not dead


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_pictures_are_described(path: Path) -> None:
    assert not [target for is_picture, text, target in links(path) if is_picture and len(text) < 20]


def test_pictures_are_small_and_used() -> None:
    used = {
        (path.parent / target).resolve() for path in DOCUMENTS for is_picture, _, target in links(path) if is_picture
    }
    assert PICTURES
    assert [relative(path) for path in PICTURES if path not in used] == []
    assert [relative(path) for path in PICTURES if path.stat().st_size > 300_000] == []


@pytest.mark.parametrize("path", sorted(ROOT.glob("docs/decisions/*.md")), ids=relative)
def test_decision_has_its_parts(path: Path) -> None:
    text = path.read_text()
    number = int(path.name[:4])
    assert re.match(rf"# 0*{number}[. ]", text)
    assert [part for part in ("**Context.**", "**Decision.**", "**Consequence.**") if part not in text] == []


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in ROOT.glob("docs/decisions/*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_changelog_says_what_is_unreleased() -> None:
    text = (ROOT / "CHANGELOG.md").read_text()
    versions = re.findall(r"^## \[([^\]]+)\]", text, re.MULTILINE)
    assert versions[0] == "Unreleased"
    unreleased = text.split("## [Unreleased]")[1].split("\n## [")[0]
    kinds = re.findall(r"^### (\w+)", unreleased, re.MULTILINE)
    assert kinds
    assert set(kinds) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_publiccode_has_what_the_standard_demands() -> None:
    """All but ``url``, which the repository gets with its public address."""
    found = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    demanded = {
        "publiccodeYmlVersion",
        "name",
        "platforms",
        "categories",
        "developmentStatus",
        "softwareType",
        "description",
        "legal",
        "maintenance",
        "localisation",
    }
    assert demanded <= set(found)
    assert found["publiccodeYmlVersion"].startswith("0")
    assert found["legal"]["license"] == "EUPL-1.2"
    assert found["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert found["maintenance"]["type"] in {"internal", "contract", "community", "none"}
    assert found["maintenance"].get("contacts") or found["maintenance"]["type"] in {"contract", "none"}
    assert set(found["localisation"]) >= {"localisationReady", "availableLanguages"}
    date.fromisoformat(str(found["releaseDate"]))
    for language, texts in found["description"].items():
        assert language in found["localisation"]["availableLanguages"]
        assert len(texts["shortDescription"]) <= 150
        assert 150 <= len(texts["longDescription"]) <= 10_000
        assert texts["features"]


def test_publiccode_and_project_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    found = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    assert found["softwareVersion"] == project["version"]
    assert found["legal"]["license"] == project["license"]
