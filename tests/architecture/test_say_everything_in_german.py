"""Every text of the code and the templates has its German in the catalogue of its app."""

from __future__ import annotations

import string
from pathlib import Path

import allauth
import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from tests.architecture.catalogue import messages_of

APPS = Path(__file__).parents[2] / "src" / "kursbuch"
SPEAKING = sorted(path.name for path in APPS.iterdir() if (path / "__init__.py").exists() and path.name != "domain")


def catalogue_of(app: Path) -> dict[tuple[str, str], Message]:
    path = app / "locale" / "de" / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, locale="de", abort_invalid=True)
    return {(message.context or "", _singular(message)): message for message in catalogue if message.id}


def _singular(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, tuple | list) else message.id)


def _translations(message: Message) -> list[str]:
    texts = message.string if isinstance(message.string, tuple | list) else [message.string]
    return [str(text or "") for text in texts]


def _places(text: str) -> set[str]:
    """The named places for values: %(name)s and {name}."""
    percent = {part.split(")", 1)[0] for part in text.split("%(")[1:]}
    try:
        braces = {name for _, name, _, _ in string.Formatter().parse(text) if name}
    except ValueError:  # a brace that is only a brace
        braces = set()
    return percent | braces


@pytest.mark.parametrize("app", SPEAKING)
def test_every_text_is_translated(app: str) -> None:
    catalogue = catalogue_of(APPS / app)
    missing = []
    for (context, text), place in messages_of(APPS / app).items():
        message = catalogue.get((context, text))
        if message is None:
            missing.append(f"{place}: not in the catalogue: {text!r}")
        elif message.fuzzy:
            missing.append(f"{place}: fuzzy: {text!r}")
        elif not all(_translations(message)):
            missing.append(f"{place}: empty: {text!r}")
    assert not missing, "\n" + "\n".join(missing)


@pytest.mark.parametrize("app", SPEAKING)
def test_translations_fill_in_the_same_values(app: str) -> None:
    wrong = [
        f"{text!r} → {translation!r}"
        for (_, text), message in catalogue_of(APPS / app).items()
        for translation in _translations(message)
        if translation and not _places(translation) <= _places(text)
    ]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("app", SPEAKING)
def test_catalogue_holds_nothing_that_is_never_said(app: str) -> None:
    said = messages_of(APPS / app)
    if app == "identity":  # it also gives the pages of allauth our words
        said |= messages_of(Path(allauth.__file__).parent)
    left_over = [text for (context, text) in catalogue_of(APPS / app) if (context, text) not in said]
    assert not left_over, "\n" + "\n".join(left_over)


def test_one_text_has_one_translation_everywhere() -> None:
    """Django puts the catalogues of all apps into one; two translations of one text would hide each other."""
    said: dict[tuple[str, str], dict[tuple[str, ...], str]] = {}
    for app in SPEAKING:
        for key, message in catalogue_of(APPS / app).items():
            said.setdefault(key, {}).setdefault(tuple(_translations(message)), app)
    torn = [f"{text!r}: {versions}" for (_, text), versions in said.items() if len(versions) > 1]
    assert not torn, "\n" + "\n".join(torn)
