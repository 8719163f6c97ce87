"""Measures opinion maps beside red-dwarf and prints one table: ``python -m bench.opinion`` (``make bench-engines``).

Real conversations are read from KURSBUCH_REAL_DATA, or from ../shared/data beside the checkout; invented ones are made
on the spot. Beside red-dwarf, both sides start from votes in memory and end with places, groups, what groups say,
consensus and priorities; elsewhere we start from stances as they are kept.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import tempfile
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from bench.beside import Measured, Row, bandwidth, in_a_process, machine, measure, say, seconds, table, tell

if TYPE_CHECKING:
    from kursbuch.domain.opinion.landscape import Landscape
    from kursbuch.domain.opinion.polis_csv import Votes
    from kursbuch.domain.opinion.stances import Stances

DATA = Path(os.environ.get("KURSBUCH_REAL_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
CONVERSATIONS = DATA / "opinion" / "polis"
RUNS = 7
SAMPLE = 3_000  # people over whom a silhouette is computed in full


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.opinion", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--peer-runs", type=int, default=5, help="runs of red-dwarf on real conversations")
    parser.add_argument("--without-peer", action="store_true", help="do not run red-dwarf")
    parser.add_argument("--only", choices=("real", "invented", "files"), help="a part of the table")
    parser.add_argument("--one", help=argparse.SUPPRESS)  # a single measurement, in this process
    parser.add_argument("arguments", nargs="*", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        tell(ONE[asked.one](*asked.arguments))
        return
    if not asked.without_peer and not _installed("red-dwarf"):
        parser.error("red-dwarf is not installed: make bench-engines, or --without-peer")
    speed = bandwidth()
    print(machine("numba", "numpy", *([] if asked.without_peer else ["red-dwarf"])))
    print(
        f"Memory is read at {speed / 1e9:.1f} GB/s. Medians of at least 5 runs, after a first one not counted;\n"
        "red-dwarf runs once on 10,000 invented people, and not at all on more: it needs them as a dense table.\n"
    )
    parts = {"real": real, "invented": invented, "files": files}
    found = [row for name, part in parts.items() if asked.only in (None, name) for row in part(asked)]
    print(table(found, speed))
    print(f"\nCompiled from nothing, the first call takes {seconds(compilation().first)}; `make setup` does that once.")
    print(f"Load of the machine at the end: {os.getloadavg()[0]:.1f}")
    sys.exit(0 if all(row.verdict != "FAIL" for row in found) else 1)


def _installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def real(asked: argparse.Namespace) -> list[Row]:
    if not CONVERSATIONS.is_dir():
        say(f"no real conversations at {CONVERSATIONS}; set KURSBUCH_REAL_DATA")
        return []
    names = sorted(folder.name for folder in CONVERSATIONS.iterdir() if folder.is_dir())
    return [_beside(name, f"landscape of {name}", asked, asked.peer_runs, at_least_ratio=50.0) for name in names]


def _beside(source: str, work: str, asked: argparse.Namespace, runs: int, **bounds: float) -> Row:
    ours = run("ours", source)
    peer = None
    if ours and not asked.without_peer:
        peer = run("peer", source, str(runs), str(ours.facts["k"]))
    return Row(work, ours, peer=peer, touched=_touched(ours), note=_quality(ours, peer), **bounds)  # type: ignore[arg-type]


def _quality(ours: Measured | None, peer: Measured | None) -> str:
    """How good the groups are on the peer's own objective, at the same number of groups."""
    if ours is None:
        return ""
    mine = ours.facts
    size = f"{mine['people']:,} × {mine['statements']:,}, {mine['stances']:,} stances; k = {mine['k']}"
    if peer is None:
        return f"{size}: inertia {mine['inertia']:,.1f}, silhouette {mine['silhouette']:.3f}"
    other = peer.facts
    return (
        f"{size}: inertia {mine['inertia']:,.1f} against {other['inertia']:,.1f}, silhouette {mine['silhouette']:.3f}"
        f" against {other['silhouette']:.3f} (peer's own k = {other['own_k']}); peer's peak {peer.peak:,.0f} MB"
    )


def invented(asked: argparse.Namespace) -> list[Row]:
    """Ten thousand, a hundred thousand and a million people; what is new; how the cost grows."""
    rows = [_beside("10000", "landscape, 1e4 people × 500, 30 stances each, with reading votes", asked, 1)]
    small, middle, large = run("landscape", "10000"), run("landscape", "100000"), run("landscape", "1000000")
    new = run("update", "1000000", "1000")
    rows += [
        Row("landscape, 1e4 people × 500, 30 stances each", small, at_most=0.1, touched=_touched(small)),
        Row("landscape, 1e5 people × 500, 30 stances each", middle, touched=_touched(middle)),
        Row("landscape, 1e6 people × 500, 30 stances each", large, 1.0, touched=_touched(large), most_memory=600.0),
        Row("1,000 new stances at 1e6 people", new, at_most=0.05, touched=_touched(new), note=_note(new)),
    ]
    if middle and large:
        growth = large.processor / middle.processor / 10
        verdict = "pass" if growth <= 1.2 else "FAIL"
        rows.append(Row(f"growth from 1e5 to 1e6: {growth:.2f} × linear (≤ 1.2): {verdict}", None))
        if verdict == "FAIL":
            rows[-1] = Row(rows[-1].work, Measured(growth, growth, large.runs, 0.0, 0.0), at_most=1.2)
    return rows


def files(asked: argparse.Namespace) -> list[Row]:
    """What stands around the landscape."""
    read = run("read", "10000000")
    rows = [Row("reading votes.csv of 1e7 rows", read, touched=_touched(read), note=_note(read))]
    if CONVERSATIONS.is_dir():
        rows.append(Row("whether groups return, vtaiwan.uberx (39 + 40 pictures)", run("stability", "vtaiwan.uberx")))
    rows.append(Row("whether groups return, 1e6 people (39 + 40 pictures)", run("stability", "1000000")))
    return rows


def run(name: str, *arguments: str) -> Measured | None:
    say(f"{name} {' '.join(arguments)}, load {os.getloadavg()[0]:.1f}")
    return in_a_process("bench.opinion", name, *arguments)


def _touched(measured: Measured | None) -> float | None:
    return float(measured.facts["bytes"]) if measured else None


def _note(measured: Measured | None) -> str:
    return str(measured.facts.get("note", "")) if measured else ""


def compilation() -> Measured:
    with tempfile.TemporaryDirectory(prefix="kursbuch-bench-") as nothing:
        found = in_a_process("bench.opinion", "landscape", "1000", NUMBA_CACHE_DIR=nothing)
    assert found is not None
    return found


# What follows runs in a process of its own.


def votes_of(source: str) -> tuple[Votes, list[int]]:
    """The votes of a real conversation with what is moderated out, or of so many invented people."""
    from bench.synthetic import conversation

    from kursbuch.domain.opinion.polis_csv import Votes, moderated_out, read_statements, read_votes

    if source.isdecimal():
        made = conversation(int(source))
        people = np.repeat(made.people, np.diff(made.starts))
        return Votes(np.arange(len(made)), made.statements.astype(np.int64), people, made.values), []
    folder = CONVERSATIONS / source
    out = moderated_out(read_statements((folder / "comments.csv").read_bytes()))
    return read_votes((folder / "votes.csv").read_bytes()), out.tolist()


def everything(stances: Stances, out: list[int]) -> Landscape:
    """The landscape with all that red-dwarf works out, too."""
    from kursbuch.domain.opinion.landscape import landscape
    from kursbuch.domain.opinion.settings import Moderation

    found = landscape(stances, moderation=Moderation.of(out))
    _ = found.coordinates, found.labels
    _asked_of(found)
    return found


def _asked_of(found: Landscape) -> None:
    """What an overview is asked for: groups and what they say, what connects and divides, priorities."""
    from kursbuch.domain.opinion.stances import Stance

    _ = found.groups, found.group_aware_consensus, found.priorities, found.bridges(), found.divides()
    _ = found.consensus(Stance.AGREE), found.consensus(Stance.DISAGREE)


def ours(source: str) -> Measured:
    votes, out = votes_of(source)
    found = everything(votes.stances(), out)
    measured = measure(lambda: everything(votes.stances(), out), RUNS if len(votes) > 100_000 else 3 * RUNS)
    inside = found.labels >= 0
    measured.facts.update(
        _sizes(found.stances), k=len(found.groups), **_objective(found.coordinates[inside], found.labels[inside])
    )
    return measured


def peer(source: str, runs: str, k: str) -> Measured:
    """red-dwarf's pipeline; its groups are judged by the same two figures, at our number of groups."""
    from reddwarf.implementations.polis import run_pipeline
    from reddwarf.utils.clusterer.base import run_clusterer

    votes, out = votes_of(source)
    latest = votes.stances()  # red-dwarf keeps one vote per person and statement, too
    rows = np.repeat(latest.people, np.diff(latest.starts)).tolist()
    columns = latest.statement_ids[latest.statements].tolist()
    listed = [
        {"participant_id": person, "statement_id": statement, "vote": value, "modified": 0}
        for person, statement, value in zip(rows, columns, latest.values.tolist(), strict=True)
    ]
    found: list[Any] = []

    def work() -> None:
        found[:] = [run_pipeline(votes=listed, mod_out_statement_ids=out, random_state=0)]

    measured = measure(work, int(runs), warm=int(runs) > 1)
    people = found[0].participants_df
    inside = people[people["to_cluster"]]
    places = inside[["x", "y"]].to_numpy(dtype=float)
    forced = run_clusterer(
        clusterer="kmeans", X_participants_clusterable=places, force_group_count=int(k), random_state=0
    )
    measured.facts.update(own_k=int(inside["cluster_id"].nunique()), **_objective(places, forced.labels_))
    return measured


def _objective(places: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """The sum of squared distances to the groups' means, and the silhouette over every so-manieth person."""
    labels = np.unique(labels, return_inverse=True)[1]
    sizes = np.bincount(labels)
    means = np.stack([np.bincount(labels, places[:, axis]) / sizes for axis in (0, 1)], axis=1)
    step = -(-len(places) // SAMPLE)
    return {
        "inertia": float(((places - means[labels]) ** 2).sum()),
        "silhouette": _silhouette(places[::step], labels[::step]),
    }


def _silhouette(places: np.ndarray, labels: np.ndarray) -> float:
    apart = np.sqrt(((places[:, None] - places[None]) ** 2).sum(axis=2))
    members = labels[:, None] == np.arange(labels.max() + 1)
    sizes, sums = members.sum(axis=0), apart @ members
    within = (sums * members).sum(axis=1) / np.maximum(sizes[labels] - 1, 1)
    nearest = np.where(members, np.inf, sums / sizes).min(axis=1)
    return float(((nearest - within) / np.maximum(nearest, within)).mean())


def _sizes(stances: Stances) -> dict[str, int]:
    people, statements = stances.shape
    touched = stances.starts.nbytes + stances.statements.nbytes + stances.values.nbytes
    return {"people": people, "statements": statements, "stances": len(stances), "bytes": touched}


def landscape(people: str) -> Measured:
    from bench.synthetic import conversation

    stances = conversation(int(people))
    measured = measure(lambda: everything(stances, []), RUNS)
    measured.facts.update(_sizes(stances))
    return measured


def update(people: str, count: str) -> Measured:
    """Each run adds other stances to the same landscape; then everything but places is asked for."""
    from bench.synthetic import conversation, new_stances

    from kursbuch.domain.opinion.landscape import landscape, update
    from kursbuch.domain.opinion.stances import stances_of

    former = landscape(conversation(int(people)))
    _asked_of(former)
    batches = iter(
        [stances_of(*np.array(list(new_stances(int(people), int(count), seed=seed))).T) for seed in range(2 * RUNS + 1)]
    )
    gc.collect()

    def work() -> None:
        _asked_of(update(former, next(batches)))

    measured = measure(work, 2 * RUNS)
    # Of everybody who stays where they are, five bytes are copied and compared (decision 19).
    measured.facts.update(
        bytes=5 * len(former.stances.people), note="with what groups say, connects and divides, and priorities"
    )
    return measured


def read(rows: str) -> Measured:
    from kursbuch.domain.opinion.polis_csv import Votes, read_votes, write_votes

    chance, many = np.random.default_rng(0), int(rows)
    times, statements = chance.integers(1_400_000_000_000, 1_700_000_000_000, many), chance.integers(0, 500, many)
    votes = Votes(times, statements, chance.integers(0, many // 25, many), chance.integers(-1, 2, many).astype(np.int8))
    data = write_votes(votes)
    measured = measure(lambda: read_votes(data), 5)
    measured.facts.update(bytes=len(data), note=f"{len(data) / 1e6:,.0f} MB")
    return measured


def stability(source: str) -> Measured:
    from kursbuch.domain.opinion.stability import stability

    votes, out = votes_of(source)
    found = everything(votes.stances(), out)
    measured = measure(lambda: stability(found, 0), 5)
    return replace(measured, facts={})


ONE = {
    "landscape": landscape,
    "ours": ours,
    "peer": peer,
    "read": read,
    "stability": stability,
    "update": update,
}


if __name__ == "__main__":
    main()
