"""People hand in amendments all at once while the server is killed: nothing accepted is lost, nothing comes twice.

    python -m bench.crash --people 50 --seconds 30 --kills 2

makes a city of its own in the installation that the environment names, and prints what it found as JSON.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import asdict, dataclass, field

from bench.figures import Figure

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")

KEYS = ("L001", "F001", "Z001")  # where changes are proposed
PAUSE = 0.2  # seconds until somebody presses the button again
GRACE = 60.0  # seconds after the end in which what was begun may be brought to its end


@dataclass
class Outcome:
    """What the people saw, and what the database says."""

    accepted: int = 0  # handed in, and told so
    again: int = 0  # sent once more, because there was no answer
    refused: list[str] = field(default_factory=list)  # answers that nobody should get
    kills: int = 0
    lost: int = 0
    twice: int = 0
    half: int = 0  # handed in without exactly one entry in the chronicle
    findings: str = ""  # of ``kursbuch strategy verify``

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.twice or self.half or self.findings or self.refused)


def run(*, people: int, seconds: float, kills: int, elements: int, host: str = "crash.example") -> Outcome:
    from bench.generate import generate_strategy
    from bench.people import Browser, person
    from bench.server import Server

    words = elements * 150
    strategy = generate_strategy(
        elements=elements, words=words, editions=3, pending=0, host=host, slug=host.partition(".")[0]
    )
    server = Server()
    browsers = [Browser(person(strategy.city, f"Person{n}"), host, server.port) for n in range(people)]
    outcome = Outcome()
    crowd = Crowd(outcome)
    server.start()
    threads = [threading.Thread(target=crowd.hand_in, args=(n, browser)) for n, browser in enumerate(browsers)]
    try:
        for thread in threads:
            thread.start()
        for _ in range(kills):
            time.sleep(seconds / (kills + 1))
            server.kill()
            outcome.kills += 1
            server.start()
        time.sleep(seconds / (kills + 1))
        crowd.go_home()
        for thread in threads:
            thread.join()
    finally:
        server.kill()
    judge(outcome, crowd, strategy.city.slug)
    return outcome


class Crowd:
    """Each person hands in one amendment after the other, and insists until it is accepted."""

    def __init__(self, outcome: Outcome) -> None:
        self.until, self.outcome = math.inf, outcome
        self.lock = threading.Lock()
        self.accepted: dict[str, str] = {}  # by title: the token it was sent with
        self.sent: set[str] = set()

    def go_home(self) -> None:
        """Whoever is still at it brings it to its end."""
        self.until = time.monotonic()

    def hand_in(self, number: int, browser) -> None:  # type: ignore[no-untyped-def] - Django is set up later
        from django.db import connection

        connection.close()
        count = 0
        while time.monotonic() < self.until:
            count += 1
            title, token = f"Antrag {number}-{count}", str(uuid.uuid4())
            with self.lock:
                self.sent.add(title)
            if self._insist(browser, title, token, f"/antraege/neu/?element={KEYS[number % len(KEYS)]}"):
                with self.lock:
                    self.accepted[title] = token
                    self.outcome.accepted += 1

    def _insist(self, browser, title: str, token: str, address: str) -> bool:  # type: ignore[no-untyped-def]
        """Draft and hand in; whatever got no answer is sent once more, with the same token."""
        draft = self._send(browser, address, {"title": title, "text": f"Neu: {title}.", "token": token})
        if not draft.endswith("/bearbeiten/"):
            return False
        fields = {"title": title, "rationale": f"Weil {title} besser ist.", "submit": "1"}
        return bool(self._send(browser, draft, fields))

    def _send(self, browser, address: str, fields: dict[str, str]) -> str:  # type: ignore[no-untyped-def]
        from bench.people import NO_ANSWER

        while time.monotonic() < self.until + GRACE:
            try:
                status, location = browser.post(address, fields)
            except NO_ANSWER:
                with self.lock:
                    self.outcome.again += 1
                time.sleep(PAUSE)
                continue
            if status == 302:
                return str(location)
            with self.lock:
                self.outcome.refused.append(f"{status} {address}")
            return ""
        return ""


def judge(outcome: Outcome, crowd: Crowd, slug: str) -> None:
    """Hold what the people were told against what is there."""
    from collections import Counter

    from kursbuch.chronicle.models import Entry
    from kursbuch.strategy.models import Amendment, State

    rows = Amendment.objects.filter(strategy__city__slug=slug)
    there = list(rows.filter(title__in=crowd.sent).values_list("pk", "title", "token", "state"))
    titles = Counter(title for _pk, title, _token, _state in there)
    outcome.twice = sum(count > 1 for count in titles.values())
    handed_in = {title: str(token) for _pk, title, token, state in there if state == State.SUBMITTED}
    outcome.lost = sum(handed_in.get(title) != token for title, token in crowd.accepted.items())
    submitted = Counter(Entry.objects.filter(verb="amendment_submitted").values_list("thing", flat=True))
    outcome.half = sum(
        submitted[f"amendment:{pk}"] != (1 if state == State.SUBMITTED else 0) for pk, _title, _token, state in there
    )
    verify = subprocess.run(
        [sys.executable, "-m", "kursbuch.config.cli", "strategy", "verify", "--city", slug],
        capture_output=True,
        text=True,
        check=False,
    )
    outcome.findings = "" if verify.returncode == 0 else verify.stdout + verify.stderr


def figures() -> list[Figure]:
    outcome = run(people=50, seconds=30, kills=2, elements=2000)
    if not outcome.is_clean or outcome.kills != 2:
        print(json.dumps(asdict(outcome), indent=2), file=sys.stderr)
    return [
        Figure("50 people hand in for 30 s, server killed twice: accepted", outcome.accepted, "", at_least=1),
        Figure("… sent once more for want of an answer", outcome.again, ""),
        Figure("… accepted, but lost", outcome.lost, "", at_most=0),
        Figure("… there twice", outcome.twice, "", at_most=0),
        Figure("… without exactly one entry in the chronicle", outcome.half, "", at_most=0),
        Figure("… answers with an error", len(outcome.refused), "", at_most=0),
        Figure("… findings of strategy verify", len(outcome.findings.splitlines()), "", at_most=0),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--elements", type=int, default=2000)
    asked = parser.parse_args()

    import django

    django.setup()
    outcome = run(people=asked.people, seconds=asked.seconds, kills=asked.kills, elements=asked.elements)
    print(json.dumps(asdict(outcome)))


if __name__ == "__main__":
    main()
