"""Where the work on shards is done: here, one after the other, or on the workers of a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

Shard = TypeVar("Shard")
Part = TypeVar("Part")


class Engine(Protocol):
    """Does some work on every shard and hands back the parts in the order of the shards."""

    def run(self, work: Callable[[Shard], Part], shards: Sequence[Shard]) -> Iterator[Part]: ...


class Here:
    """This process; a shard is read when the part before it has been taken."""

    def run(self, work: Callable[[Shard], Part], shards: Sequence[Shard]) -> Iterator[Part]:
        return map(work, shards)


def engine(url: str | None) -> Engine:
    """The engine at ``url``: ``dask://host:port`` is a Dask scheduler; None is this process.

    :raises ValueError: for any other URL, or if Dask is not installed.
    """
    if url is None:
        return Here()
    scheme, separator, address = url.partition("://")
    if scheme != "dask" or not separator or not address:
        raise ValueError(f"{url} is no engine: dask://host:port is one")
    try:
        from kursbuch.counting.cluster import Cluster
    except ModuleNotFoundError as missing:
        raise ValueError(f"{missing.name} is not installed: install kursbuch[cluster]") from missing
    return Cluster(address)
