"""Ranks: short strings that keep siblings in order, so that moving one element rewrites one row.

Digits and lower-case letters only: SQLite's BINARY, PostgreSQL's "C" and Python order them alike. A rank is read
as a fraction in base 36 and never ends in "0", so there is always room between two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kursbuch.domain.framework.increasing import longest_increasing

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_BASE = len(_DIGITS)
_VALUE = {digit: value for value, digit in enumerate(_DIGITS)}


def rank_between(a: str | None, b: str | None) -> str:
    """A rank behind ``a`` and before ``b`` (``None``: no limit), as short as it goes.

    Raises :class:`ValueError` if either is no rank or ``a`` is not before ``b``.
    """
    for rank in (a, b):
        if rank is not None and not is_rank(rank):
            raise ValueError(f"not a rank: {rank!r}")
    if a is not None and b is not None:
        if a >= b:
            raise ValueError(f"{a!r} is not before {b!r}")
        return _middle(a, b)
    if a is not None:
        return _behind(a)
    return _before(b) if b is not None else _DIGITS[_BASE // 2]


def is_rank(text: str) -> bool:
    """Whether the text is a rank as made here."""
    return bool(text) and text[-1] != "0" and all(sign in _VALUE for sign in text)


def ranks(n: int) -> list[str]:
    """``n`` ranks in order, evenly spread and of one length before trailing zeros go."""
    length = 1
    while _BASE**length < 2 * (n + 1):
        length += 1
    step = _BASE**length
    return [_digits(step * place // (n + 1), length) for place in range(1, n + 1)]


def reassign(order: Sequence[str], current: Mapping[str, str]) -> dict[str, str]:
    """Ranks that put keys into ``order``: those on the longest run already in order stay, the others are new.

    Returns the rank of every key of ``order``; what changed is where it differs from ``current``.
    """
    placed = [place for place, key in enumerate(order) if is_rank(current.get(key, ""))]
    run = longest_increasing([current[order[place]] for place in placed])
    result: dict[str, str] = {}
    start, low = 0, None
    for place in [*(placed[at] for at in run), len(order)]:
        high = current[order[place]] if place < len(order) else None
        result.update(zip(order[start:place], _spread(place - start, low, high), strict=True))
        if high is not None:
            result[order[place]] = high
        start, low = place + 1, high
    return result


def _spread(count: int, low: str | None, high: str | None) -> list[str]:
    if count == 0:
        return []
    if low is None and high is None:
        return ranks(count)
    middle = rank_between(low, high)
    left = count // 2
    return [*_spread(left, low, middle), middle, *_spread(count - left - 1, middle, high)]


def _digits(value: int, length: int) -> str:
    digits = []
    for _ in range(length):
        value, digit = divmod(value, _BASE)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits)).rstrip("0")


def _behind(a: str) -> str:
    """Just behind: the first digit that can grow grows by one, so that appending stays short."""
    for place, digit in enumerate(a):
        if digit != "z":
            return a[:place] + _DIGITS[_VALUE[digit] + 1]
    return a + "1"


def _before(b: str) -> str:
    for place, digit in enumerate(b):
        if _VALUE[digit] > 1:
            return b[:place] + _DIGITS[_VALUE[digit] - 1]
        if digit == "1":
            return b[:place] + "0z"
    raise ValueError(f"not a rank: {b!r}")


def _middle(a: str, b: str) -> str:
    prefix: list[str] = []
    place = 0
    open_end = False  # once the prefix is less than b's, only a limits
    while True:
        low = _VALUE[a[place]] if place < len(a) else 0
        high = _BASE if open_end else (_VALUE[b[place]] if place < len(b) else 0)
        if high - low > 1:
            return "".join(prefix) + _DIGITS[(low + high) // 2]
        prefix.append(_DIGITS[low])
        open_end = open_end or high > low
        place += 1
