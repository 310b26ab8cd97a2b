"""The client whose gaps are measured: it writes at a steady rate and, once a write fails, tries again every 0.5 ms.

Each attempt sets a bit of its own in one string, so that one GET tells afterwards which acknowledged writes are still
there, however late or out of order they arrived. A process of its own: nothing the benchmark does holds it up.
"""
import array
import bisect
import collections
import ctypes
import gc
import multiprocessing
import signal
import time

from routes import Connection, command, to_primary

RETRY = 0.0005
PR_SET_PDEATHSIG, PR_SET_TIMERSLACK = 1, 29

_fork = multiprocessing.get_context("fork")


class Writer:
    """Writes while the block runs; its result is there afterwards."""

    def __init__(self, route, key, rate, patience):
        self.route = route
        self.key = key
        self._period = 1 / rate
        self._patience = patience
        self._stop = _fork.RawValue("b", 0)
        self._count = _fork.RawValue("L", 0)
        self._last = _fork.RawValue("d", 0.0)
        self._results, theirs = _fork.Pipe(duplex=False)
        self._process = _fork.Process(target=self._run, args=(theirs,), daemon=True)
        self.times, self.seconds, self.numbers = array.array("d"), array.array("d"), array.array("L")
        self.errors = collections.Counter()

    def __enter__(self):
        self._process.start()
        return self

    def __exit__(self, *_):
        self._stop.value = 1
        if self._results.poll(10):
            self.times, self.seconds, self.numbers, self.errors = self._results.recv()
        self._process.join(10)

    @property
    def acknowledged(self):
        return self._count.value

    @property
    def last(self):
        """When the latest acknowledgement came, by time.monotonic()."""
        return self._last.value

    # What came of it

    def longest_gap(self, since):
        """Seconds between two acknowledged writes, of which the second came after `since`."""
        return max(self.gaps(since), default=float("inf"))

    def gaps(self, since):
        """Seconds between each two acknowledged writes in a row, of which the second came after `since`."""
        first = max(1, bisect.bisect_right(self.times, since))
        return [self.times[i] - self.times[i - 1] for i in range(first, len(self.times))]

    def took(self, since, until):
        """Seconds that each write took which was acknowledged between the two."""
        return self.seconds[bisect.bisect_right(self.times, since):bisect.bisect_right(self.times, until)]

    def lost(self):
        """When the writes were acknowledged that the present primary does not have."""
        connection = to_primary(self.route)
        try:
            bits = connection.ask_bulk(command("GET", self.key))
            connection.ask(command("UNLINK", self.key))
        finally:
            connection.close()
        return [at for at, number in zip(self.times, self.numbers) if not has_bit(bits, number)]

    # In the process

    def _run(self, results):
        prepare_process()
        connection, number, due = None, 0, time.monotonic()
        while not self._stop.value:
            number += 1
            try:
                connection = connection or Connection(self.route.address(), self._patience)
                self._attempt(connection, number)
            except OSError as error:
                self.errors[describe(error)] += 1
                if connection is not None:
                    connection.close()
                connection = None
                time.sleep(RETRY)
                due = time.monotonic()
                continue
            due = max(due + self._period, self._last.value)
            time.sleep(max(0.0, due - time.monotonic()))
        results.send((self.times, self.seconds, self.numbers, self.errors))

    def _attempt(self, connection, number):
        asked = time.monotonic()
        self._use(connection, number)
        now = time.monotonic()
        self.times.append(now)
        self.seconds.append(now - asked)
        self.numbers.append(number)
        self._last.value = now
        self._count.value += 1

    def _use(self, connection, number):
        """One use of the connection, that counts as acknowledged unless it raises an OSError."""
        answer = connection.ask(command("SETBIT", self.key, number, 1))
        if not answer.startswith(b":"):
            raise ConnectionError(answer.split()[0].decode(errors="replace"))


def prepare_process():
    """No pauses of its own making; an interrupt at the terminal is the parent's business, and it ends with the parent."""
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    prctl = ctypes.CDLL(None).prctl
    prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0)
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def has_bit(bits, number):
    return number // 8 < len(bits) and bits[number // 8] >> (7 - number % 8) & 1


def describe(error):
    return error.strerror or str(error) or type(error).__name__
