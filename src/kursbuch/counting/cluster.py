"""Work on shards done by the workers of a Dask cluster (kursbuch[cluster]); decision 15 says why Dask."""

from __future__ import annotations

import asyncio
import platform
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

from distributed import Client, Future, KilledWorker
from distributed.versions import VersionMismatchWarning

from kursbuch.counting.compiled import digest
from kursbuch.counting.engine import Part, Shard

_PATIENCE = 30  # seconds until a scheduler must have answered, and at least one worker must be there
_AHEAD = 3  # shards for each thread of a worker that are under way or done and not yet taken
_LOOK = 5  # seconds between two looks whether there still are workers


class Cluster:
    """A Dask scheduler and its workers, which have kursbuch installed and see the files under the same paths.

    What a lost worker did or was doing is done again by the others: work on a shard gives the same part every time.
    """

    def __init__(self, address: str) -> None:
        self._address = address

    def run(self, work: Callable[[Shard], Part], shards: Sequence[Shard]) -> Iterator[Part]:
        """The parts in the order of the shards; never many more are under way than workers have threads.

        :raises ConnectionError: if nobody answers at the address, no worker is there or left, or a worker has other
            versions than this machine.
        """
        with self._complaints(), self._client() as client:
            self._check_workers(client)
            under_way: deque[Future[Part]] = deque()
            for shard in shards:
                under_way.append(client.submit(work, shard, pure=False))
                if len(under_way) >= _AHEAD * max(1, sum(client.nthreads().values())):
                    yield self._taken(client, under_way.popleft())
            while under_way:
                yield self._taken(client, under_way.popleft())

    def _client(self) -> Client:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", VersionMismatchWarning)  # an error anyway, said in fewer words
            return Client(f"tcp://{self._address}", timeout=_PATIENCE, set_as_default=False)

    def _check_workers(self, client: Client) -> None:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError:
            raise self._error("no worker has come to the scheduler") from None
        mine = versions()
        for worker, theirs in client.run(versions).items():
            differing = [
                f"{name} {theirs.get(name)} instead of {mine[name]}" for name in mine if mine[name] != theirs.get(name)
            ]
            if differing:
                raise self._error(f"the worker {worker} has {', '.join(differing)}: install the same everywhere")

    def _taken(self, client: Client, part: Future[Any]) -> Any:
        alone_since = None
        while True:
            try:
                return part.result(timeout=_LOOK)
            except TimeoutError:
                if client.nthreads():
                    alone_since = None
                elif alone_since is None:
                    alone_since = time.monotonic()
                elif time.monotonic() - alone_since > _PATIENCE:
                    raise self._error("all workers are gone") from None

    @contextmanager
    def _complaints(self) -> Iterator[None]:
        """What goes wrong with the cluster as one kind of error; what is wrong with files stays as it is."""
        try:
            yield
        except (ValueError, ArithmeticError, ConnectionError):
            raise
        except KilledWorker as error:
            raise self._error(
                f"{error.allowed_failures + 1} workers died of the same shard, perhaps of too little memory"
            ) from None
        except (CancelledError, asyncio.CancelledError):
            raise self._error("the scheduler is gone") from None
        except OSError as error:
            raise self._error(str(error)) from error
        except (ImportError, AttributeError, TypeError, RuntimeError) as error:  # of unpickling, for instance
            raise self._error(f"a worker cannot do the work: {type(error).__name__}: {error}") from error

    def _error(self, reason: str) -> ConnectionError:
        return ConnectionError(f"dask://{self._address}: {reason}")


def versions() -> dict[str, str]:
    """What must be the same on all machines, so that all count alike."""
    names = ("kursbuch", "numpy", "numba", "duckdb", "distributed")
    return {"Python": platform.python_version(), **{name: version(name) for name in names}, "inner loops": digest()}
