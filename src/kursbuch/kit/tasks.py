"""Work that comes round again: a registry of periodic tasks, and runs that are claimed in the database.

Apps declare tasks in their ``tasks.py``; ``kursbuch worker`` runs them. A task is a function without arguments that
may run twice, or late, without harm. Why this and no library: docs/decisions/0010-periodic-tasks.md.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import F, Q
from django.utils.module_loading import autodiscover_modules

from kursbuch.kit import clock, limits
from kursbuch.kit.models import TaskRun

log = logging.getLogger(__name__)

# A claim that was not renewed for so long belongs to a worker that is dead.
CLAIM = timedelta(seconds=60)
FIRST_RETRY = timedelta(seconds=15)
# A task this much overdue means that no worker is running.
GRACE = timedelta(minutes=5)

Work = Callable[[], object]


@dataclass(frozen=True)
class Task:
    name: str  # "chronicle.seal_entries"
    every: timedelta
    work: Work


_registry: dict[str, Task] = {}


def periodic(every: timedelta, *, name: str = "") -> Callable[[Work], Work]:
    """Declare a task: ``@periodic(every=timedelta(minutes=1))``. Its name is "<app>.<function>" unless given."""

    def register(work: Work) -> Work:
        task = Task(name or _name_of(work), every, work)
        known = _registry.get(task.name)
        if known and known.work is not work:
            raise ValueError(f"two tasks are called {task.name}")
        _registry[task.name] = task
        return work

    return register


def _name_of(work: Work) -> str:
    # "kursbuch.chronicle.tasks" → "chronicle"
    app = work.__module__.removesuffix(".tasks").rpartition(".")[2]
    return f"{app}.{getattr(work, '__name__', 'task')}"


def registered() -> dict[str, Task]:
    """All tasks of all installed apps, by name."""
    autodiscover_modules("tasks")
    return dict(_registry)


def prepare(tasks: Iterable[Task]) -> None:
    """Give every task its row; bring a due time forward when a task now comes round more often than before."""
    now = clock.now()
    tasks = list(tasks)
    TaskRun.objects.bulk_create([TaskRun(name=task.name, due=now) for task in tasks], ignore_conflicts=True)
    for task in tasks:
        TaskRun.objects.filter(name=task.name, due__gt=now + task.every).update(due=now + task.every)


def claim_due(tasks: Iterable[Task], worker: str) -> list[Task]:
    """Claim what is due; each task goes to one worker only, since the claim is a single conditional UPDATE."""
    now = clock.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    due = TaskRun.objects.filter(free, due__lte=now)
    names = set(due.values_list("name", flat=True))
    claim = {"worker": worker, "claimed_until": now + CLAIM, "started": now}
    return [task for task in tasks if task.name in names and due.filter(name=task.name).update(**claim)]


def renew(names: Iterable[str], worker: str) -> None:
    """Keep the claims on tasks that are still running."""
    runs = TaskRun.objects.filter(name__in=list(names), worker=worker)
    runs.update(claimed_until=clock.now() + CLAIM)


def release(worker: str) -> None:
    """Give back whatever this worker still holds, when it has to stop in the middle."""
    TaskRun.objects.filter(worker=worker).update(worker="", claimed_until=None)


def run(task: Task, worker: str) -> bool:
    """Run a claimed task and note how it went. An error is logged and noted, never raised."""
    started = clock.now()
    try:
        task.work()
    except Exception as error:
        what = _described(error)  # instead of log.exception: a traceback's message may quote personal data
        log.error("task %s failed: %s", task.name, what)
        _finish(task, worker, started, what)
        return False
    log.debug("task %s done", task.name)
    _finish(task, worker, started, "")
    return True


def run_now(name: str) -> None:
    """Make a task due at once, as after a change that should not wait."""
    TaskRun.objects.filter(name=name).update(due=clock.now())


def _finish(task: Task, worker: str, started: datetime, error: str) -> None:
    mine = TaskRun.objects.filter(name=task.name, worker=worker)
    note = {"worker": "", "claimed_until": None, "finished": clock.now(), "error": error}
    if not error:
        # From the start, so that a minute's task comes every minute; unless run_now has asked for more meanwhile.
        mine.filter(due__lte=started).update(due=started + task.every)
        mine.update(**note, failures=0)
        return
    failures = mine.values_list("failures", flat=True).first() or 0
    pause = min(task.every, FIRST_RETRY * 2 ** min(failures, 20))
    mine.update(**note, failures=F("failures") + 1, due=clock.now() + pause)


def _described(error: BaseException) -> str:
    """The kind of error and the lines it came through. Not its message: that may quote a person's address."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return f"{type(error).__module__}.{type(error).__qualname__} at {' > '.join(places[-6:])}"


def troubles(tasks: Iterable[Task]) -> list[str]:
    """What is wrong with the worker, one line a task; empty if all is well."""
    now = clock.now()
    rows = {row.name: row for row in TaskRun.objects.all()}
    lines = []
    for task in tasks:
        row = rows.get(task.name)
        if row is None or (row.started is None and row.due < now - GRACE):
            lines.append(f"{task.name}: never ran")
        elif row.due < now - GRACE and (row.claimed_until is None or row.claimed_until < now):
            lines.append(f"{task.name}: due since {row.due:%Y-%m-%d %H:%M %Z}")
        elif row.failures >= 3:
            lines.append(f"{task.name}: failed {row.failures} times in a row: {row.error}")
    return lines


@periodic(every=timedelta(hours=1))
def purge_limits() -> None:
    """Forget uses of limits that no longer count."""
    limits.purge()
