"""A process's own memory for rendered pages, bounded by bytes.

Django's local-memory cache counts entries only: two thousand whole strategies of two megabytes each would be four
gigabytes. This one forgets what was not read for longest as soon as the bytes exceed OPTIONS["MAX_BYTES"]. It hands
out the very objects it was given, without pickling them: a page of four megabytes would be copied with every answer.
So what is kept must not change, and ``len()`` of it must say how many bytes it takes.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sized
from threading import Lock
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache


class Store:
    """What all instances of one name share: Django makes an instance for every thread."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.held: OrderedDict[str, tuple[Sized, float]] = OrderedDict()  # read last stands last; until when
        self.size = 0

    def drop(self, key: str) -> bool:
        entry = self.held.pop(key, None)
        if entry is not None:
            self.size -= len(entry[0])
        return entry is not None

    def drop_oldest(self) -> None:
        self.drop(next(iter(self.held)))


_stores: dict[str, Store] = {}


class BoundedMemoryCache(BaseCache):
    """A cache that keeps at most MAX_BYTES and MAX_ENTRIES; one value may take a quarter of the bytes."""

    _max_entries: int  # of the parent, which the stubs leave out

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._max_bytes = int(params.get("OPTIONS", {}).get("MAX_BYTES", 64 * 1024 * 1024))
        self._store = _stores.setdefault(name, Store())

    @property
    def size(self) -> int:
        """Bytes held at the moment."""
        return self._store.size

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        key = self.make_key(key, version=version)
        with self._store.lock:
            value, until = self._store.held.get(key, (None, 0.0))
            if value is None:
                return default
            if until < time.time():
                self._store.drop(key)
                return default
            self._store.held.move_to_end(key)
            return value

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        key = self.make_key(key, version=version)
        until = self.get_backend_timeout(timeout)
        store = self._store
        with store.lock:
            store.drop(key)
            if len(value) > self._max_bytes // 4:
                return
            store.held[key] = value, float("inf") if until is None else until
            store.size += len(value)
            while store.size > self._max_bytes or len(store.held) > self._max_entries:
                store.drop_oldest()

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        if self.get(key, version=version) is not None:
            return False
        self.set(key, value, timeout, version)
        return True

    def delete(self, key: str, version: int | None = None) -> bool:
        with self._store.lock:
            return self._store.drop(self.make_key(key, version=version))

    def clear(self) -> None:
        with self._store.lock:
            self._store.held.clear()
            self._store.size = 0
