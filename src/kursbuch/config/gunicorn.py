"""How gunicorn serves Kursbuch; every value can be set by gunicorn's own options as well."""

from __future__ import annotations

import os

from kursbuch.config.environment import env_int, env_text

wsgi_app = "kursbuch.config.wsgi:application"
bind = env_text("KURSBUCH_BIND", "127.0.0.1:8000")
workers = env_int("KURSBUCH_WORKERS", 2)
# Threads, because a browser keeps connections open without asking for anything; a process without threads would
# wait on them. How many is not critical: four is a choice between memory and waiting, not a measured best.
worker_class = "gthread"
threads = env_int("KURSBUCH_THREADS", 4)
preload_app = True  # one load of the code, whose memory the processes share
timeout = 60
graceful_timeout = 20
keepalive = 5
# A process's heartbeat is a file: in memory, so that a busy disk does not make it look dead.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK | os.X_OK) else None  # noqa: S108
# Who may tell us of the reader's protocol: the proxy on this machine.
forwarded_allow_ips = env_text("KURSBUCH_PROXY_IPS", "127.0.0.1,::1")
accesslog = None  # addresses of readers are nobody's business; the proxy may keep a log if a law asks for it
loglevel = "warning"
control_socket_disable = True
proc_name = "kursbuch"


def when_ready(server: object) -> None:
    """Before the processes are made, so that all have it from the beginning; whoever asks meanwhile waits in line."""
    from django.apps import apps

    from kursbuch.config.readiness import get_ready

    if apps.ready:  # not with gunicorn's --no-preload
        get_ready()


def post_fork(server: object, worker: object) -> None:
    """Whatever the code opened while it was loaded belongs to the parent process."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
