"""Measures tallies beside pabutools and prints one table: ``python -m bench.voting`` (``make bench-engines``).

Real elections are read from KURSBUCH_REAL_DATA, or from ../shared/data beside the checkout; invented ones are made on
the spot. "Rule only" is from the supporters of each project to who is funded, on both sides: no reading or grouping of
ballots, and no exact prices, which pabutools does not tell either. Both decide as exact fractions would.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from bench.beside import Measured, Row, bandwidth, in_a_process, machine, measure, say, seconds, table, tell

DATA = Path(os.environ.get("KURSBUCH_REAL_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data") / "pabulib"
BIG = {
    "Łódź 2022": "Poland_Lodz_2022",
    "Warszawa 2026": "Poland_Warszawa_2026",
    "Budapest 2024": "Hungary_Budapest_2024",
}
SMALL = {"Assen 2024": "Netherlands_Assen_2024", "Wieliczka 2023": "Poland_Wieliczka_2023_Green_Budget"}
MILLION = "1000000"
RUNS = 7


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.voting", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--peer-runs", type=int, default=1, help="runs of pabutools on big elections (15–25 s each)")
    parser.add_argument("--without-peer", action="store_true", help="do not run pabutools")
    parser.add_argument(
        "--huge", metavar="BALLOTS", type=int, help="also count so many ballots from Parquet: 100000000"
    )
    parser.add_argument("--one", help=argparse.SUPPRESS)  # a single measurement, in this process
    parser.add_argument("arguments", nargs="*", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        tell(ONE[asked.one](*asked.arguments))
        return
    speed = bandwidth()
    print(machine("numba", "numpy", "pabutools"))
    print(
        f"Memory is read at {speed / 1e9:.1f} GB/s. Medians of {RUNS} runs in a process that does the work once before;"
    )
    print(
        f"pabutools runs {asked.peer_runs} time(s) on the three big elections, 5 on the others, on grouped ballots.\n"
    )
    found = rows(asked)
    print(table(found, speed))
    print(f"\nCompiled from nothing, the first call takes {seconds(compilation().first)}; `make setup` does that once.")
    print(f"Load of the machine at the end: {os.getloadavg()[0]:.1f}")
    sys.exit(0 if all(row.verdict != "FAIL" for row in found) else 1)


def rows(asked: argparse.Namespace) -> list[Row]:
    found = []
    for name, file in {**SMALL, **BIG}.items():
        big = name in BIG
        ours = run("rule", file)
        runs = asked.peer_runs if big else 5
        peer = None if asked.without_peer else run("peer_rule", file, str(runs))
        bounds = {"at_most": 0.003, "at_least_ratio": 4000} if big else {}
        found.append(Row(f"equal shares, {name}: rule only", ours, peer=peer, touched=touched(ours), **bounds))
        if big:
            priced = run("prices", file)
            what = f"equal shares, {name}: with the exact price in each round"
            found.append(Row(what, priced, peer=peer, touched=touched(priced), **bounds))
    for name, step, bound in (("Warszawa 2026", "1%", 0.3), ("Budapest 2024", "1", 1.0)):
        what = f"add1, {name}, step {step}"
        ours = run("add1", BIG[name], step)
        found.append(Row(what, ours, at_most=bound, touched=touched(ours), note=steps(ours)))
    for name, file in SMALL.items():
        ours, peer = run("add1", file, "1"), None if asked.without_peer else run("peer_add1", file, "5")
        found.append(Row(f"add1, {name}, step 1", ours, peer=peer, touched=touched(ours), note=steps(ours)))
    for name in ("Łódź 2022", "Warszawa 2026"):
        found.append(Row(f"writing the certificate of {name}", run("write", BIG[name])))
        found.append(Row(f"checking the certificate of {name}", run("verify", BIG[name])))
    found += invented()
    if asked.huge:
        found += huge(asked.huge)
    return found


def invented() -> list[Row]:
    """A hundred thousand and a million ballots: the rule, the file, and how the cost grows."""
    small, large = run("kernel", "100000"), run("kernel", MILLION)
    little, file, whole = run("file", "100000"), run("file", MILLION), run("file_and_rule", MILLION)
    return [
        Row("equal shares, 1e5 × 100 invented: with exact prices", small, touched=touched(small)),
        Row("equal shares, 1e6 × 100 invented: with exact prices", large, at_most=0.1, touched=touched(large)),
        Row("reading and grouping the .pb of 1e5 ballots", little, touched=touched(little)),
        Row("reading and grouping the .pb of 1e6 ballots", file, touched=touched(file)),
        Row("equal shares, 1e6 × 100: with reading the .pb", whole, at_most=1.5, touched=touched(whole)),
        *growth("the rule: processor time from 1e5 to 1e6 ballots", small, large),
        *growth("the file: processor time from 1e5 to 1e6 ballots", little, file),
    ]


def growth(work: str, small: Measured | None, large: Measured | None) -> list[Row]:
    """How many times the cost grows while ballots become ten times as many, over ten."""
    if small is None or large is None:
        return []
    share = large.processor / small.processor / 10
    return [Row(work, None, must="≤ 1.2 × linear", passed=share <= 1.2, note=f"{share:.2f} × linear")]


def huge(ballots: int) -> list[Row]:
    """More ballots than fit into memory: made first, in a folder that goes away, then counted once in each way.

    People name up to five projects, as most cities have it: memory grows with how many different ballots that makes.
    """
    from bench.synthetic import Electorate, ballots_to_parquet, election_bytes

    bounds = {"at_most": 120 * ballots / 1e8, "most_memory": 2000}
    with tempfile.TemporaryDirectory(prefix="kursbuch-bench-") as folder:
        projects, where = Path(folder) / "projects.pb", Path(folder) / "ballots"
        projects.write_bytes(election_bytes(1))
        say(f"inventing {ballots:,} ballots")
        ballots_to_parquet(where, ballots, Electorate(most=5))
        ballots_to_parquet(Path(folder) / "few", 1000, Electorate(most=5))
        read = sum(file.stat().st_size for file in where.glob("*.parquet"))
        return [
            Row(
                f"equal shares of {ballots:,} ballots from Parquet, completion {completion}",
                run("parquet", str(where), str(projects), str(Path(folder) / "few"), completion),
                touched=read,
                note=f"{read / 1e6:,.0f} MB",
                **bounds,
            )
            for completion in ("none", "add1u")
        ]


def run(name: str, *arguments: str) -> Measured | None:
    say(f"{name} {' '.join(arguments)}, load {os.getloadavg()[0]:.1f}")
    return in_a_process("bench.voting", name, *arguments)


def touched(measured: Measured | None) -> float | None:
    return float(measured.facts["bytes"]) if measured else None


def steps(measured: Measured | None) -> str:
    return f"{measured.facts['steps']:,} steps" if measured else ""


def compilation() -> Measured:
    with tempfile.TemporaryDirectory(prefix="kursbuch-bench-") as nothing:
        found = in_a_process("bench.voting", "prices", SMALL["Assen 2024"], NUMBA_CACHE_DIR=nothing)
    assert found is not None
    return found


# What follows runs in a process of its own.


def rule(file: str) -> Measured:
    """Equal shares from the supporters to who is funded."""
    from kursbuch.domain.voting.equal_shares import Contest, Run

    source, order = supporters(file)

    def funded() -> list[int]:
        return Run(Contest.of(source, ranks=order), Fraction(source.budget, source.voters)).funded

    return measure(funded, RUNS * 3, bytes=size(source))


def prices(file: str) -> Measured:
    """The same and what each of them cost, exactly, as an outcome tells it."""
    from kursbuch.domain.voting.equal_shares import equal_shares

    source, order = supporters(file)
    return measure(lambda: equal_shares(source, ranks=order), RUNS * 3, bytes=size(source))


def add1(file: str, step: str) -> Measured:
    from kursbuch.domain.voting.equal_shares import equal_shares_add1

    source, order = supporters(file)
    raise_by = Fraction(source.budget, source.voters) / 100 if step == "1%" else Fraction(step)
    found = []
    measured = measure(lambda: found.append(equal_shares_add1(source, raise_by, ranks=order)), RUNS)
    measured.facts.update(bytes=size(source), steps=found[0].steps)
    return measured


def kernel(ballots: str) -> Measured:
    from kursbuch.domain.voting.equal_shares import equal_shares

    source, order = invented_supporters(int(ballots))
    return measure(lambda: equal_shares(source, ranks=order), RUNS, bytes=size(source))


def file(ballots: str) -> Measured:
    from bench.synthetic import election_bytes

    from kursbuch.domain.voting.pabulib import parse

    data = election_bytes(int(ballots))
    return measure(lambda: parse(data).election(), RUNS, bytes=len(data))


def file_and_rule(ballots: str) -> Measured:
    """All that ``kursbuch tally --completion none`` does between opening the file and printing."""
    from bench.synthetic import election_bytes

    from kursbuch.domain.voting.method import Completion, Method
    from kursbuch.domain.voting.pabulib import parse
    from kursbuch.domain.voting.tally import tally

    data, method = election_bytes(int(ballots)), Method(completion=Completion.NONE)
    return measure(lambda: tally(parse(data).election(), method), RUNS, bytes=len(data))


def write(file: str) -> Measured:
    """The evidence for the default method, which is counting once more in whole numbers."""
    from kursbuch.domain.voting.certificate import certificate
    from kursbuch.domain.voting.method import Method
    from kursbuch.domain.voting.pabulib import parse
    from kursbuch.domain.voting.tally import tally

    election = parse((DATA / f"{file}.pb").read_bytes()).election()
    counted = tally(election, Method())
    return measure(lambda: certificate(election, counted), 5)


def verify(file: str) -> Measured:
    from kursbuch.domain.voting.certificate import certificate
    from kursbuch.domain.voting.checker import check
    from kursbuch.domain.voting.method import Method
    from kursbuch.domain.voting.pabulib import parse
    from kursbuch.domain.voting.tally import tally

    election = parse((DATA / f"{file}.pb").read_bytes()).election()
    written = json.loads(json.dumps(certificate(election, tally(election, Method()))))
    assert check(written, election) == []
    return measure(lambda: check(written, election), 5)


def parquet(where: str, projects: str, few: str, completion: str) -> Measured:
    """Grouping out of core, and the method; once, after a few ballots that get everything ready."""
    from kursbuch.counting.engine import engine
    from kursbuch.counting.parquet_ballots import election_from_parquet
    from kursbuch.domain.voting.method import Completion, Method
    from kursbuch.domain.voting.pabulib import parse
    from kursbuch.domain.voting.tally import tally

    described, method = parse(Path(projects).read_bytes()), Method(completion=Completion(completion))

    def count(ballots: str) -> None:
        tally(election_from_parquet(Path(ballots), described, engine(None)), method)

    count(few)
    return measure(lambda: count(where), 1, warm=False)


def peer_rule(file: str, runs: str) -> Measured:
    from pabutools.election import Cost_Sat
    from pabutools.rules import method_of_equal_shares

    instance, profile = in_pabutools(file)
    return measure(lambda: method_of_equal_shares(instance, profile, sat_class=Cost_Sat), int(runs), warm=int(runs) > 1)


def peer_add1(file: str, runs: str) -> Measured:
    """One unit of the currency more for everybody at each step; it stops as soon as nothing more fits."""
    from pabutools.election import Cost_Sat
    from pabutools.rules import method_of_equal_shares

    instance, profile = in_pabutools(file)
    return measure(
        lambda: method_of_equal_shares(instance, profile, sat_class=Cost_Sat, voter_budget_increment=1), int(runs)
    )


def in_pabutools(file: str):  # type: ignore[no-untyped-def]
    from pabutools.election import parse_pabulib

    instance, profile = parse_pabulib(str(DATA / f"{file}.pb"))
    return instance, profile.as_multiprofile()


def supporters(file: str):  # type: ignore[no-untyped-def]
    from kursbuch.domain.voting.pabulib import parse

    return _ready(parse((DATA / f"{file}.pb").read_bytes()).election())


def invented_supporters(ballots: int):  # type: ignore[no-untyped-def]
    from bench.synthetic import Electorate, approvals

    from kursbuch.domain.voting.arrangement import arranged
    from kursbuch.domain.voting.election import BallotKind, Election, Project
    from kursbuch.domain.voting.grouping import group

    electorate = Electorate()
    starts, projects = approvals(ballots, electorate)
    named = tuple(Project(str(at), cost) for at, cost in enumerate(electorate.costs().tolist()))
    ballots = arranged(group(BallotKind.APPROVAL, starts, projects))
    return _ready(Election(named, ballots, electorate.budget(), 100))


def _ready(election):  # type: ignore[no-untyped-def]
    from kursbuch.domain.voting.method import Method, Utility
    from kursbuch.domain.voting.ties import ranks
    from kursbuch.domain.voting.utilities import profile

    source = profile(election, Utility.COST)
    return source, ranks(election, source, Method())


def size(source) -> int:  # type: ignore[no-untyped-def]
    """The bytes of the supporters and of everybody's purse, read once."""
    return int(source.types.nbytes + source.starts.nbytes + source.costs.nbytes + 16 * len(source.weights))


MEASUREMENTS = (rule, prices, add1, kernel, file, file_and_rule, write, verify, parquet, peer_rule, peer_add1)
ONE: dict[str, Callable[..., Measured]] = {each.__name__: each for each in MEASUREMENTS}

if __name__ == "__main__":
    main()
