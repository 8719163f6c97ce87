"""The loop behind ``kursbuch worker``: claims due tasks, runs them in threads, survives what goes wrong."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import DatabaseError, InterfaceError, close_old_connections, connections

from kursbuch.kit import tasks
from kursbuch.kit.tasks import Task

log = logging.getLogger(__name__)

TICK = 1.0  # seconds between two looks at what is due
RENEW = 15.0
PATIENCE = 25.0  # for running tasks when asked to stop; systemd and compose kill later than that
THREADS = 4  # so that a slow mail server does not keep entries from being sealed


class Worker:
    """Runs every task of the installation until ``stop`` is called."""

    def __init__(self, registered: list[Task]) -> None:
        self.name = secrets.token_hex(8)
        self.tasks = registered
        self.running: dict[Future[bool], Task] = {}
        self.failed: list[str] = []
        self._stopping = threading.Event()
        self._renewed = 0.0
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="task")

    def stop(self) -> None:
        self._stopping.set()

    def serve(self) -> None:
        """Work until stopped. A database that is away is waited for."""
        log.info("worker started: %d tasks", len(self.tasks))
        pause, prepared = TICK, False
        while not self._stopping.is_set():
            try:
                close_old_connections()
                if not prepared:
                    tasks.prepare(self.tasks)
                    prepared = True
                self._turn()
                pause = TICK
            except (DatabaseError, InterfaceError) as error:
                pause = min(pause * 2, 30.0)
                log.error("the database did not answer (%s); next attempt in %.0f s", type(error).__name__, pause)
            except Exception:
                pause = min(pause * 2, 30.0)
                log.exception("the worker's loop failed; next attempt in %.0f s", pause)
            self._stopping.wait(pause)
        self._wind_up()

    def once(self) -> list[str]:
        """Run everything that is due one time; the names of the tasks that failed."""
        tasks.prepare(self.tasks)
        for task in tasks.claim_due(self.tasks, self.name):
            self._start(task)
        while self.running:
            self._collect()
            self._renew()
            time.sleep(0.05)
        self._pool.shutdown()
        return self.failed

    def _turn(self) -> None:
        self._collect()
        self._renew()
        free = THREADS - len(self.running)
        idle = [task for task in self.tasks if task not in self.running.values()]
        if free > 0:
            for task in tasks.claim_due(idle, self.name):
                self._start(task)

    def _start(self, task: Task) -> None:
        self.running[self._pool.submit(self._run, task)] = task

    def _run(self, task: Task) -> bool:
        try:
            return tasks.run(task, self.name)
        finally:
            connections.close_all()  # this thread's own

    def _collect(self) -> None:
        for future in [future for future in self.running if future.done()]:
            task = self.running.pop(future)
            if future.exception() is not None or not future.result():
                self.failed.append(task.name)

    def _renew(self) -> None:
        if self.running and time.monotonic() - self._renewed > RENEW:
            tasks.renew([task.name for task in self.running.values()], self.name)
            self._renewed = time.monotonic()

    def _wind_up(self) -> None:
        """Let running tasks finish, for a while; what is still running is given back for another worker."""
        until = time.monotonic() + PATIENCE
        while self.running and time.monotonic() < until:
            self._collect()
            time.sleep(0.05)
        left = [task.name for task in self.running.values()]
        self._pool.shutdown(wait=False, cancel_futures=True)
        if left:
            log.warning("worker stopped in the middle of: %s", ", ".join(left))
            tasks.release(self.name)
        else:
            log.info("worker stopped")
        connections.close_all()
