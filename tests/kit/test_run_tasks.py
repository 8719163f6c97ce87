"""Periodic tasks: due, claimed by one worker, retried after errors, and a worker that stops when asked."""

import logging
import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from tests.kit.installation import Installation

from kursbuch.kit import clock, tasks
from kursbuch.kit.models import TaskRun
from kursbuch.kit.tasks import CLAIM, Task

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Counter:
    def __init__(self) -> None:
        self.calls = 0
        self.error: Exception | None = None

    def __call__(self) -> None:
        self.calls += 1
        if self.error:
            raise self.error


@pytest.fixture
def work() -> Counter:
    return Counter()


@pytest.fixture
def task(db: None, work: Counter) -> Iterator[Task]:
    task = Task("kit.example", MINUTE, work)
    with clock.at(NOON):
        tasks.prepare([task])
    yield task


def claim_at(moment: datetime, task: Task, worker: str = "a") -> bool:
    with clock.at(moment):
        return tasks.claim_due([task], worker) == [task]


def run_at(moment: datetime, task: Task, worker: str = "a") -> bool:
    with clock.at(moment):
        return tasks.claim_due([task], worker) == [task] and tasks.run(task, worker)


def test_runs_when_due_and_not_before(task: Task, work: Counter) -> None:
    assert run_at(NOON, task)
    assert not claim_at(NOON + timedelta(seconds=59), task)
    assert run_at(NOON + MINUTE, task)
    assert work.calls == 2


def test_only_one_worker_gets_a_task(task: Task) -> None:
    assert claim_at(NOON, task, "a")
    assert not claim_at(NOON, task, "b")


def test_a_dead_workers_claim_lapses(task: Task) -> None:
    assert claim_at(NOON, task, "a")
    assert not claim_at(NOON + CLAIM, task, "b")
    assert claim_at(NOON + CLAIM + timedelta(seconds=1), task, "b")


def test_a_living_workers_claim_is_renewed(task: Task) -> None:
    assert claim_at(NOON, task, "a")
    with clock.at(NOON + CLAIM / 2):
        tasks.renew([task.name], "a")
    assert not claim_at(NOON + CLAIM + timedelta(seconds=1), task, "b")


def test_a_claim_given_back_is_free(task: Task) -> None:
    assert claim_at(NOON, task, "a")
    tasks.release("a")
    assert claim_at(NOON, task, "b")


def test_an_error_is_noted_without_its_message_and_tried_again(
    task: Task, work: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    work.error = ValueError("anna@example.org")
    assert not run_at(NOON, task)
    row = TaskRun.objects.get(name=task.name)
    assert row.failures == 1
    assert "ValueError at" in row.error
    assert "__call__" in row.error
    assert "anna" not in row.error + caplog.text
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert not claim_at(NOON + timedelta(seconds=14), task)
    assert not run_at(NOON + timedelta(seconds=15), task)
    assert not claim_at(NOON + timedelta(seconds=44), task)  # twice as long
    work.error = None
    assert run_at(NOON + timedelta(seconds=45), task)
    row.refresh_from_db()
    assert (row.failures, row.error) == (0, "")


def test_a_task_asked_for_while_it_runs_comes_again_at_once(task: Task, work: Counter) -> None:
    with clock.at(NOON):
        tasks.claim_due([task], "a")
    with clock.at(NOON + timedelta(seconds=2)):
        tasks.run_now(task.name)
    with clock.at(NOON + timedelta(seconds=1)):  # when the run began
        tasks.run(task, "a")
    assert claim_at(NOON + timedelta(seconds=3), task)


def test_a_shorter_period_brings_the_due_time_forward(task: Task, work: Counter) -> None:
    daily = Task(task.name, timedelta(days=1), work)
    assert run_at(NOON, daily)
    with clock.at(NOON + timedelta(seconds=1)):
        tasks.prepare([task])
    assert claim_at(NOON + MINUTE + timedelta(seconds=1), task)


def test_two_tasks_of_one_name_are_refused() -> None:
    tasks.registered()
    with pytest.raises(ValueError, match=r"kit\.purge_limits"):
        tasks.periodic(every=MINUTE, name="kit.purge_limits")(lambda: None)


def test_check_tells_of_overdue_and_failing_tasks(task: Task, work: Counter) -> None:
    with clock.at(NOON):
        assert tasks.troubles([task]) == []
    with clock.at(NOON + timedelta(hours=1)):
        assert tasks.troubles([task]) == ["kit.example: never ran"]
    work.error = KeyError("x")
    for minute in (0, 1, 2):
        run_at(NOON + minute * MINUTE, task)
    with clock.at(NOON + 3 * MINUTE):
        (line,) = tasks.troubles([task])
        assert line.startswith("kit.example: failed 3 times in a row: builtins.KeyError")
    with clock.at(NOON + timedelta(hours=1)):
        (line,) = tasks.troubles([task])
        assert "due since" in line


@pytest.mark.django_db
def test_the_check_command_fails_where_no_worker_runs() -> None:
    with pytest.raises(CommandError, match=r"kit\.purge_limits: never ran"):
        call_command("worker", "--check")


def wait_for(installation: Installation, condition: str) -> None:
    for _ in range(60):
        if "True" in installation.python(f"from kursbuch.kit.models import TaskRun\nprint({condition})"):
            return
        time.sleep(0.2)
    raise AssertionError(condition)


RAN = "TaskRun.objects.filter(name='kit.purge_limits', finished__isnull=False, error='').exists()"


def test_once_runs_what_is_due_and_ends(installation: Installation) -> None:
    installation.kursbuch("worker", "--once")
    assert "True" in installation.python(f"from kursbuch.kit.models import TaskRun\nprint({RAN})")
    assert "on time" in installation.kursbuch("worker", "--check")


def test_a_worker_works_until_it_is_asked_to_stop(installation: Installation) -> None:
    process = installation.start("worker")
    try:
        wait_for(installation, RAN)
        os.kill(process.pid, signal.SIGTERM)
        output, _ = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "worker stopped" in output


TWO_WORKERS = """
import sys, time
from datetime import timedelta
from pathlib import Path
from django.db import connections
from kursbuch.kit.tasks import Task
from kursbuch.kit.worker import Worker
file = Path({file!r})

def work():
    with file.open("a") as log:
        log.write("x")
    time.sleep(0.3)

worker = Worker([Task(f"kit.example{{n}}", timedelta(hours=1), work) for n in range(10)])
worker.once()
"""


def test_workers_side_by_side_run_each_task_once(installation: Installation) -> None:
    file = installation.data / "log"
    code = TWO_WORKERS.format(file=str(file))
    processes = [installation.start_python(code) for _ in range(3)]
    outputs = [process.communicate(timeout=120)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], outputs
    assert file.read_text() == "x" * 10
