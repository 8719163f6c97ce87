"""A city's colours as KERN design tokens, and the stylesheet made of them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping

from kursbuch.city.colours import MINIMUM, WHITE, contrast, readable_on

ACTION = "--kern-color-action-default"
ON_ACTION = "--kern-color-action-on-default"
FOCUS = "--kern-color-action-focus-default"
SOFT = "--kern-color-layout-background-hued"

# KERN's own values of what the chosen colours meet on a page.
DEFAULT_ACTION = "#2044aa"
DEFAULT_SOFT = "#f3f4f7"
TEXTS = ("#131525", "#51577a")  # usual and muted

_TOKEN = re.compile(r"--kern-[a-z0-9-]+")
_VALUE = re.compile(r"#[0-9a-f]{6}")


def tokens_of(*, action: str = "", soft: str = "", focus: str = "") -> dict[str, str]:
    """The tokens that the chosen colours (``#rrggbb``, empty for KERN's own) set."""
    tokens = {ACTION: action, SOFT: soft, FOCUS: focus, ON_ACTION: readable_on(action) if action else ""}
    return {token: colour for token, colour in tokens.items() if colour}


def worst_contrasts(look: Mapping[str, str]) -> dict[str, float]:
    """Tokens whose colour is too faint somewhere on a page, each with its lowest contrast ratio."""
    action, soft = look.get(ACTION, DEFAULT_ACTION), look.get(SOFT, DEFAULT_SOFT)
    checks = {
        ACTION: min(contrast(action, WHITE), contrast(action, DEFAULT_SOFT)),
        SOFT: min(contrast(text, soft) for text in (*TEXTS, action)),
        FOCUS: contrast(look.get(FOCUS, TEXTS[1]), WHITE),
    }
    return {token: ratio for token, ratio in checks.items() if token in look and ratio < MINIMUM}


def stylesheet(look: Mapping[str, str]) -> str:
    """Only what is a token and a colour gets in, whatever the database holds."""
    lines = [
        f"  {token}: {value};\n"
        for token, value in sorted(look.items())
        if _TOKEN.fullmatch(token) and isinstance(value, str) and _VALUE.fullmatch(value)
    ]
    return f":root {{\n{''.join(lines)}}}\n" if lines else "/* KERN's own colours */\n"


def version(look: Mapping[str, str]) -> str:
    """A short digest: the address of the stylesheet changes with it, so it may be kept for ever."""
    return hashlib.sha256(json.dumps(look, sort_keys=True).encode()).hexdigest()[:12]
