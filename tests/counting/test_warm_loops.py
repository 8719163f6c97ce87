"""Warming compiles every inner loop there is."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from importlib import import_module

import pytest
from numba.core.registry import CPUDispatcher

import kursbuch.domain.opinion
import kursbuch.domain.voting

# What only a mistake in the ballots needs, or a count of very many rounds.
RARE = {"find_duplicate", "replay"}


def loops() -> list[str]:
    """Inner loops that nobody has used in this process, apart from those that others call."""
    found = [
        (f"{module.name}.{name}", loop)
        for package in (kursbuch.domain.opinion, kursbuch.domain.voting)
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        for name, loop in vars(import_module(module.name)).items()
        if isinstance(loop, CPUDispatcher) and loop.py_func.__module__ == module.name
    ]
    called = {name for _, loop in found for name in loop.py_func.__code__.co_names}
    return [name for name, loop in found if not loop.signatures and loop.py_func.__name__ not in called]


def test_every_loop_is_compiled() -> None:
    program = (
        "from kursbuch.counting.warm import main, warm_opinion, warm_voting; main();"  # in processes of its own
        "warm_voting(); warm_opinion();"
        "from tests.counting.test_warm_loops import loops; print(*loops(), sep='\\n', end='')"
    )
    warmed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert {name.rpartition(".")[2] for name in warmed.stdout.split()} - RARE == set()
    assert warmed.stderr == "Compiling the inner loops …\n"


def test_loops_are_found() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CPUDispatcher, "signatures", [])
        assert len(loops()) > 20
