"""The ``kursbuch`` command finds counting beside Django's commands, and lists both."""

from __future__ import annotations

import sys

import pytest

from kursbuch.config.cli import main


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr(sys, "argv", ["kursbuch", *arguments])
    main()


@pytest.mark.parametrize("arguments", [("help",), ("--help",), ()])
def test_lists_counting_and_the_rest(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, *arguments)
    listed = capsys.readouterr().out
    assert "[counting]\n    opinion   Draw the map" in listed
    assert "    tally     Count the ballots" in listed
    assert "migrate" in listed


@pytest.mark.parametrize("command", ["tally", "opinion"])
@pytest.mark.parametrize("arguments", [("help", "{}"), ("{}", "--help")])
def test_helps_with_counting(
    arguments: tuple[str, str],
    command: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as stop:
        run(monkeypatch, *(each.format(command) for each in arguments))
    assert stop.value.code == 0
    assert f"usage: kursbuch {command}" in capsys.readouterr().out


def test_hands_other_commands_on(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    run(monkeypatch, "help", "migrate")
    assert "usage: kursbuch migrate" in capsys.readouterr().out


def test_returns_the_exit_code(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        run(monkeypatch, "tally", "no such file.pb")
    assert stop.value.code == 2
    assert "no such file.pb" in capsys.readouterr().err
