"""A process's own memory for rendered pages, bounded by bytes.

Django's local-memory cache counts entries only: two thousand whole strategies of two megabytes each would be four
gigabytes. This one forgets what was not read for longest as soon as the bytes exceed OPTIONS["MAX_BYTES"]. Reading
costs 6 to 30 µs (unpickling included), too little beside a request to be worth a store without pickling.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache

_sizes: dict[str, int] = {}  # by name of the cache: instances (one a thread) share what they hold


class BoundedMemoryCache(LocMemCache):
    """A local-memory cache that keeps at most MAX_BYTES; one value may take a quarter of it."""

    # of the parent, which the stubs leave out
    _cache: OrderedDict[str, bytes]
    _expire_info: dict[str, float | None]
    _lock: Lock
    _cull_frequency: int

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(name, params)
        self._name = name
        self._max_bytes = int(params.get("OPTIONS", {}).get("MAX_BYTES", 64 * 1024 * 1024))
        _sizes.setdefault(name, 0)

    @property
    def size(self) -> int:
        """Bytes held at the moment."""
        return _sizes[self._name]

    # All three are called with the lock held; values are pickled already.

    def _set(self, key: str, value: bytes, timeout: Any = DEFAULT_TIMEOUT) -> None:
        self._delete(key)
        if len(value) > self._max_bytes // 4:
            return
        super()._set(key, value, timeout)  # type: ignore[misc]
        _sizes[self._name] += len(value)
        while _sizes[self._name] > self._max_bytes:
            self._delete(next(reversed(self._cache)))  # read or written longest ago

    def _delete(self, key: str) -> bool:
        held = self._cache.get(key)
        deleted: bool = super()._delete(key)  # type: ignore[misc]
        if deleted and held is not None:
            _sizes[self._name] -= len(held)
        return deleted

    def _cull(self) -> None:
        for _ in range(max(1, len(self._cache) // (self._cull_frequency or 1))):
            self._delete(next(reversed(self._cache)))

    def clear(self) -> None:
        with self._lock:
            self._cache.clear()
            self._expire_info.clear()
            _sizes[self._name] = 0
