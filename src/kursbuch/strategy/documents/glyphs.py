"""Signs that Typst's own fonts cannot show: PDF/UA forbids holes in the text, so they are spelled out instead."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

import typst

# Fonts that travel with Typst cover European scripts and symbols below this code; nothing is looked up above it.
_LAST_TESTED = 0x2E80
_TEST = b'#set document(title: "t")\n#set text(font: "Libertinus Serif")\n#json(bytes(sys.inputs.data))'
_known: dict[str, bool] = {}


def spelled_out(data: Any, fonts: Any) -> Any:
    """The same data with every sign that cannot be shown replaced by its name or left out."""
    used = {sign for text in _texts(data) for sign in text if ord(sign) > 0x17F}
    _learn([sign for sign in used if ord(sign) < _LAST_TESTED and sign not in _known], fonts)
    missing = {sign: _in_words(sign) for sign in used if not _known.get(sign, False)}
    missing |= {chr(code): "" for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n"}
    table = str.maketrans(missing)
    return _mapped(data, lambda text: text.translate(table))


def _learn(signs: list[str], fonts: Any) -> None:
    """Tries them together, and in halves where that fails."""
    if not signs:
        return
    if _can_show("".join(signs), fonts):
        _known.update(dict.fromkeys(signs, True))
    elif len(signs) == 1:
        _known[signs[0]] = False
    else:
        half = len(signs) // 2
        _learn(signs[:half], fonts)
        _learn(signs[half:], fonts)


def _can_show(text: str, fonts: Any) -> bool:
    # each sign behind a letter, as accents need one, and apart from the next
    sample = json.dumps(" ".join(f"a{sign}" for sign in text))
    try:
        typst.compile(_TEST, font_paths=fonts, format="pdf", pdf_standards=["ua-1"], sys_inputs={"data": sample})
    except typst.TypstError:
        return False
    return True


def _in_words(sign: str) -> str:
    category = unicodedata.category(sign)
    if category[0] == "C" or category == "Mn":
        return ""
    name = unicodedata.name(sign, "").lower()
    return f"[{name}]" if category == "So" and name else f"[U+{ord(sign):04X}]"


def _texts(data: Any) -> Iterable[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for part in data.values():
            yield from _texts(part)
    elif isinstance(data, list | tuple):
        for part in data:
            yield from _texts(part)


def _mapped(data: Any, change: Callable[[str], str]) -> Any:
    if isinstance(data, str):
        return change(data)
    if isinstance(data, dict):
        return {name: _mapped(part, change) for name, part in data.items()}
    if isinstance(data, list | tuple):
        return [_mapped(part, change) for part in data]
    return data
