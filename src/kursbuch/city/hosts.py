"""Writes host names in the one way in which they are stored and compared."""

from __future__ import annotations

import re
import unicodedata

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def host_name(raw: str) -> str:
    """``raw`` in lower case, without port and final dot, letters beyond ASCII as browsers send them.

    Raises ``ValueError`` when it cannot be a host name.
    """
    text = unicodedata.normalize("NFC", raw.strip().lower())
    if text.startswith("["):  # an IPv6 address
        address, bracket, _port = text.partition("]")
        if not bracket or not re.fullmatch(r"\[[0-9a-f:.]+", address):
            raise ValueError(f"not a host name: {raw!r}")
        return address + bracket
    labels = [_ascii(label) for label in text.partition(":")[0].rstrip(".").split(".")]
    name = ".".join(labels)
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError(f"not a host name: {raw!r}")
    return name


def _ascii(label: str) -> str:
    # IDNA 2008, for labels that are already lower case and composed; unlike Python's "idna" codec, which
    # follows the standard of 2003, it keeps the ß.
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")
