"""Histories: lines of JSON, one event each, paired into operations.

    {"t": ns, "p": client, "ty": "invoke|ok|fail|info", "f": "add|append|remove|final|mark", "k": key, "v": value,
     "node": address, "run": run id of the engine, "epoch": e, "wait": replicas that confirmed}

Times are nanoseconds of one monotonic clock. A client has one operation at a time. Its outcome is
    ok      acknowledged
    fail    certainly without effect: refused, or never sent
    info    unknown: it may take effect at any later time. An operation without an outcome is the same.
`add` and `remove` concern a set, `append` a list; `final` reads a whole key after all writes. Values of a key are unique.
A mark is something that is no operation: `{"ty": "info", "f": "mark", "v": "fault", …}`; the mark `promote` names the
run that was made primary and its epoch.
"""
import dataclasses
import json

WRITES = ("add", "append", "remove")
OUTCOMES = ("ok", "fail", "info")


class HistoryError(Exception):
    """No history: nothing can be concluded from it."""


@dataclasses.dataclass
class Op:
    client: str
    f: str
    key: str
    value: object
    invoked: int
    ended: int | None = None  # None with an unknown outcome: no end is known
    outcome: str = "info"
    node: str | None = None
    run: str | None = None
    epoch: int | None = None
    wait: int = 0

    @property
    def acked(self):
        return self.outcome == "ok"

    @property
    def effective(self):
        """Whether it took effect or may have."""
        return self.outcome != "fail"

    def surely_before(self, other):
        """Whether it was over before the other began."""
        return self.ended is not None and self.ended < other.invoked

    def __str__(self):
        by = f" by {self.run or self.node}" if self.run or self.node else ""
        end = "?" if self.ended is None else f"{self.ended / 1e6:.1f}"
        return f"{self.client}: {self.f} {self.key} {self.value} {self.outcome}{by} [{self.invoked / 1e6:.1f}, {end}] ms"


@dataclasses.dataclass(frozen=True)
class Mark:
    t: int
    what: str
    run: str | None = None
    epoch: int | None = None


class History:
    """The operations and marks of one shard."""

    def __init__(self, events):
        self.ops = []
        self.marks = []
        self._pending = {}
        self._last = {}
        for number, event in enumerate(events, 1):
            try:
                self._take(event)
            except (KeyError, TypeError) as error:
                raise HistoryError(f"event {number}: {type(error).__name__} {error}: {event}") from error
            except HistoryError as error:
                raise HistoryError(f"event {number}: {error}: {event}") from error
        self._check_finals()

    def writes(self):
        return [op for op in self.ops if op.f in WRITES]

    def acks(self):
        """Acknowledged writes in the order in which they were acknowledged."""
        return sorted((op for op in self.writes() if op.acked), key=lambda op: op.ended)

    def finals(self):
        """{key: values as read after everything}"""
        return {op.key: op.value for op in self.ops if op.f == "final" and op.acked}

    def _take(self, event):
        client, t, kind, f = event["p"], event["t"], event["ty"], event["f"]
        if not isinstance(t, int):
            raise HistoryError("t is no number of nanoseconds")
        if f == "mark":
            self.marks.append(Mark(t, event["v"], event.get("run"), event.get("epoch")))
            return
        if f not in (*WRITES, "final"):
            raise HistoryError(f"operation {f} is unknown")
        if t < self._last.get(client, t):
            raise HistoryError(f"the clock of {client} went back")
        self._last[client] = t
        if kind == "invoke":
            self._begin(client, event)
        elif kind in OUTCOMES:
            self._end(client, event)
        else:
            raise HistoryError(f"type {kind} is unknown")

    def _begin(self, client, event):
        if client in self._pending:
            raise HistoryError(f"{client} began an operation while its last one was under way")
        op = Op(client, event["f"], event["k"], event.get("v"), event["t"])
        self._pending[client] = op
        self.ops.append(op)

    def _end(self, client, event):
        op = self._pending.pop(client, None)
        if op is None:
            raise HistoryError(f"{client} ended an operation that it had not begun")
        if (op.f, op.key) != (event["f"], event["k"]) or (op.f != "final" and op.value != event["v"]):
            raise HistoryError(f"{client} ended another operation than it had begun")
        op.outcome = event["ty"]
        if op.outcome != "info":
            op.ended = event["t"]
        if op.f == "final":
            op.value = event["v"]
        op.node, op.run, op.epoch = event.get("node"), event.get("run"), event.get("epoch")
        op.wait = event.get("wait") or 0

    def _check_finals(self):
        reads = {}
        for op in self.ops:
            if op.f == "final" and op.acked:
                if op.key in reads:
                    raise HistoryError(f"key {op.key} has two final reads")
                reads[op.key] = op
        for op in self.writes():
            read = reads.get(op.key)
            if read is None:
                raise HistoryError(f"key {op.key} was written and never read in the end")
            if op.invoked > read.invoked or (op.ended or 0) > read.invoked:
                raise HistoryError(f"key {op.key} was written after its final read: {op}")


def read_history(*paths):
    """The history of the files together, by time."""
    events = []
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    event = json.loads(line)
                except ValueError as error:
                    raise HistoryError(f"{path}:{number}: no JSON: {error}") from error
                if not isinstance(event, dict) or "t" not in event:
                    raise HistoryError(f"{path}:{number}: no event")
                events.append(event)
    return History(sorted(events, key=lambda event: event["t"]))
