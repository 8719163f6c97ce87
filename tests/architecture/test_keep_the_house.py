"""Rules of the house that no linter knows; import-linter (make lint) guards who may import whom."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "kursbuch"
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc"}

MODULES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted(path for path in SOURCE.rglob("templates/**/*") if path.suffix in {".html", ".txt", ".xml"})
PAGES = [path for path in TEMPLATES if path.suffix == ".html" and "mail" not in path.relative_to(SOURCE).parts]
STYLES = sorted(SOURCE.rglob("static/**/*.css"))
SCRIPTS = sorted(SOURCE.rglob("static/**/*.js"))

INLINE = re.compile(
    r"""<style\b
      | <script\b(?![^>]*\bsrc=)(?![^>]*type="application/(?:ld\+)?json")
      | \sstyle\s*=
      | \son[a-z]+\s*=\s*["']
      | javascript:""",
    re.VERBOSE | re.IGNORECASE,
)
# What a browser loads by itself, as opposed to a link that a person follows.
LOADED_FROM_ELSEWHERE = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed|object|use)\b[^>]*(?:src|srcset|data|href)\s*=\s*["'](?:https?:)?//
      | <link\b(?![^>]*rel=["'](?:license|canonical|alternate)["'])[^>]*href\s*=\s*["'](?:https?:)?//""",
    re.VERBOSE | re.IGNORECASE,
)
URL_IN_STYLE = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])(?:https?:)?//""", re.IGNORECASE)
COMMENT = re.compile(r"{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}|{#.*?#}", re.DOTALL)


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def test_there_is_something_to_guard() -> None:
    assert len(MODULES) > 50
    assert len(PAGES) > 10
    assert STYLES
    assert SCRIPTS


def test_no_room_for_odds_and_ends() -> None:
    found = [
        relative(path) for path in SOURCE.rglob("*") if path.stem in FORBIDDEN_NAMES and path.suffix in {"", ".py"}
    ]
    assert not found


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_module_says_why_it_exists(path: Path) -> None:
    source = path.read_text()
    docstring = ast.get_docstring(ast.parse(source))
    assert docstring, f"{relative(path)} does not begin with a docstring"
    assert source.lstrip().startswith(('"""', 'r"""')), f"{relative(path)}: the docstring comes first"


def _offences(paths: list[Path], pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in paths:
        text = COMMENT.sub(lambda match: "\n" * match.group().count("\n"), path.read_text())
        found += [f"{relative(path)}:{line_of(text, m.start())}: {m.group()[:80]}" for m in pattern.finditer(text)]
    return found


def test_templates_have_no_inline_style_or_script() -> None:
    assert not _offences(PAGES, INLINE)


def test_templates_load_nothing_from_other_hosts() -> None:
    assert not _offences(PAGES, LOADED_FROM_ELSEWHERE)


def test_styles_load_nothing_from_other_hosts() -> None:
    assert not _offences(STYLES, URL_IN_STYLE)


def test_scripts_build_no_code_and_no_styles() -> None:
    """The policy forbids it anyway; here one hears of it before a reader does."""
    assert not _offences(SCRIPTS, re.compile(r"\beval\(|new Function\(|\.innerHTML\s*=|\.style\b|document\.write\("))


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        "<script>alert(1)</script>",
        '<button onclick="go()">',
        '<a href="javascript:go()">',
    ],
)
def test_guard_knows_inline_code(text: str) -> None:
    assert INLINE.search(text)


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://cdn.example/x.js"></script>',
        '<img alt="" src="//cdn.example/x.png">',
        '<link rel="stylesheet" href="https://fonts.example/css">',
    ],
)
def test_guard_knows_other_hosts(text: str) -> None:
    assert LOADED_FROM_ELSEWHERE.search(text)


@pytest.mark.parametrize(
    "text",
    [
        '<script src="/static/x.js" defer></script>',
        '<script type="application/ld+json">{}</script>',
        '<a href="https://example.org">',
        '<p class="style" data-on="x">',
    ],
)
def test_guard_lets_the_rest_pass(text: str) -> None:
    assert not INLINE.search(text)
    assert not LOADED_FROM_ELSEWHERE.search(text)
