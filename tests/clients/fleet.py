"""Clients of many makes, each a process of its own that writes without rest, and what they saw of a fault."""
import dataclasses
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

from packages import MODULES

PROGRAMS = pathlib.Path(__file__).parent / "programs"
NAMES = ("redis-cli", "redis-py", "ioredis", "node-redis", "iovalkey", "glide")
DEADLINE = 5.0  # seconds from a fault to writes again
ENOUGH = 20     # writes in a row show that it is over
PAUSE = 0.01


@dataclasses.dataclass
class Outcome:
    """What a fault was to one client."""
    fault: str
    recovered: bool
    gap: float  # seconds, the longest between two acknowledged writes
    errors: list
    before: int  # the last write acknowledged before the fault
    after: int   # the first after it was over, 0 when there was none


class Client:
    """One program of programs/."""

    def __init__(self, name, endpoint):
        self.name = name
        program = next(PROGRAMS.glob(name.replace("-", "_") + ".*"))
        runner = ["node"] if program.suffix == ".cjs" else [sys.executable, "-B"]
        self._process = subprocess.Popen([*runner, program, *map(str, endpoint)], stdin=subprocess.DEVNULL,
                                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
                                         env={**os.environ, "NODE_PATH": str(MODULES)})
        self._told = []   # (when, number of an acknowledged write or None, words of an error)
        self._noise = []  # other lines, such as a client's own log
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        for line in self._process.stdout:
            kind, _, words = line.strip().partition(" ")
            if kind == "ok":
                self._told.append((time.monotonic(), int(words), ""))
            elif kind == "error":
                self._told.append((time.monotonic(), None, words))
            else:
                self._noise.append(line.strip())

    def acknowledged(self, since=0.0):
        """(when, number)"""
        return [(when, number) for when, number, _ in list(self._told) if number is not None and when >= since]

    def errors(self, since=0.0):
        return [words for when, number, words in list(self._told) if number is None and when >= since]

    def last_words(self):
        return self.errors()[-3:] + self._noise[-3:]

    def outcome(self, fault, began, over):
        acknowledged = self.acknowledged()
        # Up to now counts as well: a client that hangs has no second write.
        times = [when for when, _ in acknowledged] + [time.monotonic()]
        gaps = [later - earlier for earlier, later in zip(times, times[1:]) if later >= began]
        after = [number for when, number in acknowledged if when >= over]
        before = [number for when, number in acknowledged if when < began]
        return Outcome(fault, len(after) >= ENOUGH, max(gaps), self.errors(began), before[-1], after[0] if after else 0)

    def close(self):
        # With what it started: redis-cli runs below a program.
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._thread.join()
        self._process.stdout.close()


class Fleet:
    """All of them at one endpoint."""

    def __init__(self, endpoint):
        self._endpoint = endpoint
        self.clients = [Client(name, endpoint) for name in NAMES]

    def __enter__(self):
        self.check_writing()
        return self

    def __exit__(self, *_):
        for client in self.clients:
            client.close()

    def check_writing(self):
        self.wait_writing(0.0, 20)
        for client in self.clients:
            assert len(client.acknowledged()) >= ENOUGH, f"{client.name} never wrote: {client.last_words()}"

    def wait_writing(self, since, seconds):
        """Until everyone has written enough since then, or the time is up."""
        deadline = time.monotonic() + seconds
        while any(len(client.acknowledged(since)) < ENOUGH for client in self.clients) and time.monotonic() < deadline:
            time.sleep(PAUSE)

    def through(self, fault, cause):
        """{client: outcome} of what `cause()` does, which returns when it is over for the cluster."""
        began = time.monotonic()
        cause()
        over = time.monotonic()
        self.wait_writing(over, began + DEADLINE - over)
        outcomes = {client.name: client.outcome(fault, began, over) for client in self.clients}
        self._replace([client for client in self.clients if not outcomes[client.name].recovered])
        return outcomes

    def _replace(self, lost):
        """So that the next fault is not blamed for the one before."""
        for client in lost:
            client.close()
            self.clients[self.clients.index(client)] = Client(client.name, self._endpoint)
        self.check_writing()
