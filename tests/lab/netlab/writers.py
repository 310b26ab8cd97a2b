"""Writers at work in a process of their own on a client's host, and what they have logged so far."""
import json
import pathlib
import subprocess
import sys
import time

from harness.waiting import wait_until

HERE = pathlib.Path(__file__).resolve().parents[1]
IMPATIENT, PATIENT = 0.5, 15.0  # seconds until a client gives an answer up
KEYS = {"list": ("LRANGE", 0, -1), "set": ("SMEMBERS",)}


class Log:
    """A growing file of events, of which each line is read once."""

    def __init__(self, path):
        self.path = path
        self._offset = 0
        self._events = []

    def read(self):
        if self.path.exists():
            with open(self.path, "rb") as log:
                log.seek(self._offset)
                whole = log.read().rpartition(b"\n")[0]
            if whole:
                self._offset += len(whole) + 1
                self._events += [json.loads(line) for line in whole.split(b"\n")]
        return self._events


class Writers:
    def __init__(self, host, directory):
        self._host = host
        self._directory = pathlib.Path(directory)
        self._clients = {}  # name -> arguments of netlab.writer
        self._logs = {}
        self._process = None

    def add(self, kind, target, count=4):
        """Every other one is patient with its `direct` target; every other pair has a fifth of its writes confirmed."""
        for number in range(count):
            name = f"{kind}-{number}"
            patient = kind != "through" and number % 2
            self._logs[name] = Log(self._directory / f"{name}.jsonl")
            self._clients[name] = {"client": name, "address": target[0], "port": target[1],
                                   "timeout": PATIENT if patient else IMPATIENT, "wait_every": 5 if number % 4 > 1 else 0,
                                   "log": str(self._logs[name].path)}

    def begin(self):
        words = [sys.executable, "-B", "-m", "netlab.writer", json.dumps(list(self._clients.values()))]
        self._process = subprocess.Popen(self._host.command(*words), cwd=HERE, stdin=subprocess.PIPE)

    def end(self):
        """Ends them; their last operations have unknown outcomes."""
        if self._process:
            self._process.stdin.close()
            self._process.wait(20)
            self._process = None

    @property
    def logs(self):
        return [log.path for log in self._logs.values()]

    def keys(self):
        """{key: words of the command that reads all of it, without its name}"""
        return {f"{kind}-{client}": words for client in self._clients for kind, words in KEYS.items()}

    def events(self, kind):
        """What the clients of a kind logged so far."""
        found = []
        for client, log in self._logs.items():
            if client.startswith(kind):
                found += log.read()
        return found

    def acked(self, kind, since=0):
        return [event for event in self.events(kind) if event["ty"] == "ok" and event["t"] > since]

    def errors(self, kind):
        """Whatever these clients were not served with."""
        return [event for event in self.events(kind) if event["ty"] in ("fail", "info")]

    def wait_acked(self, kind, count, seconds=20.0):
        """Until each client of the kind had so many further writes acknowledged."""
        since = time.monotonic_ns()
        clients = [client for client in self._clients if client.startswith(kind)]

        def enough():
            acked = [event["p"] for event in self.acked(kind, since)]
            return all(acked.count(client) >= count for client in clients)
        wait_until(f"{count} more acknowledgements for each of {', '.join(clients)}", enough, seconds)

    def gap_ms(self, kind):
        """The longest time in which none of them was acknowledged. Those that use WAIT wait, and do not count."""
        counted = {name for name, each in self._clients.items() if not each["wait_every"]}
        times = sorted(event["t"] for event in self.acked(kind) if event["p"] in counted)
        return max((after - before) / 1e6 for before, after in zip(times, times[1:]))


def contents(connection, keys):
    return {key: [int(value) for value in connection.call(words[0], key, *words[1:])] for key, words in keys.items()}


def write_final(path, began, read):
    """The final read as a part of the history."""
    with open(path, "w", encoding="utf-8") as log:
        for key, values in read.items():
            base = {"p": f"reader-{key}", "f": "final", "k": key}
            print(json.dumps({**base, "t": began, "ty": "invoke"}), file=log)
            print(json.dumps({**base, "t": time.monotonic_ns(), "ty": "ok", "v": values}), file=log)
