"""Work on shards done by the workers of a Dask cluster (kursbuch[cluster]); decision 15 says why Dask."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence

from distributed import Client, Future

from kursbuch.counting.engine import Part, Shard

_PATIENCE = 30  # seconds until a scheduler must have answered
_AHEAD = 3  # shards for each thread of a worker that are under way or done and not yet taken


class Cluster:
    """A Dask scheduler and its workers, which have kursbuch installed and see the files under the same paths.

    What a lost worker did or was doing is done again by the others: work on a shard gives the same part every time.
    """

    def __init__(self, address: str) -> None:
        self._address = address

    def run(self, work: Callable[[Shard], Part], shards: Sequence[Shard]) -> Iterator[Part]:
        """The parts in the order of the shards; never many more are under way than workers have threads.

        :raises OSError: if nobody answers at the address.
        """
        with Client(f"tcp://{self._address}", timeout=_PATIENCE, set_as_default=False) as client:
            under_way: deque[Future[Part]] = deque()
            for shard in shards:
                under_way.append(client.submit(work, shard, pure=False))
                if len(under_way) >= _AHEAD * max(1, sum(client.nthreads().values())):
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
