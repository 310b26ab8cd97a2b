"""Writers that log a history: python3 -m netlab.writer '[{…}]', with the arguments of Writer below.

Each is a thread with one connection, which it replaces after every error. It appends to a list and adds to a set of its
own, removes some of what it added, and has some of its writes confirmed with WAIT. Ends when standard input does.
"""
import json
import socket
import sys
import threading
import time

from .resp import Connection, Refused, Unanswered

PAUSE = 0.002  # seconds between operations: two processors have engines to run, too
AGAIN = 0.005  # what is refused at once would be asked again at once
WAIT_MS = 200
REMOVE_BEHIND = 40


class Writer:
    def __init__(self, client, address, port, timeout, wait_every, log):
        self._client = client
        self._wait_every = wait_every
        self._target = (address, port)
        self._timeout = timeout
        self._log = open(log, "w", encoding="utf-8", buffering=1)  # by lines: tests look at it while it grows
        self._stopping = threading.Event()
        self._connection = None
        self._run = None
        self._count = 0
        self.thread = threading.Thread(target=self._work)

    def stop(self):
        self._stopping.set()
        if connection := self._connection:
            connection.abort()

    def _work(self):
        while not self._stopping.is_set():
            if self._connection is None and not self._connect():
                time.sleep(AGAIN)
                continue
            for op in self._round():
                if self._connection is None or self._stopping.is_set():
                    break
                self._write(*op)
                time.sleep(PAUSE)
        self._log.close()

    def _connect(self):
        try:
            made = Connection(socket.create_connection(self._target, min(self._timeout, 0.5)), min(self._timeout, 0.5))
        except OSError:
            return False
        try:
            self._run = made.run_id()
        except (Refused, Unanswered):
            made.close()
            return False
        made.set_timeout(self._timeout)
        self._connection = made
        return True

    def _round(self):
        self._count += 1
        yield "append", f"list-{self._client}", self._count
        yield "add", f"set-{self._client}", self._count
        if self._count > REMOVE_BEHIND and self._count % 3 == 0:
            yield "remove", f"set-{self._client}", self._count - REMOVE_BEHIND

    def _write(self, f, key, value):
        command = {"append": "RPUSH", "add": "SADD", "remove": "SREM"}[f]
        invoked = time.monotonic_ns()
        base = {"p": self._client, "f": f, "k": key, "v": value}
        self._note({**base, "t": invoked, "ty": "invoke"})
        answer = {"ty": "ok", "run": self._run, "node": self._target[0]}
        try:
            self._connection.call(command, key, value)
            answer["t"] = time.monotonic_ns()
            if self._wait_every and value % self._wait_every == 0:
                answer["wait"] = self._confirmed()
        except Refused as error:
            answer.update(ty="fail", why=str(error)[:60])
            self._drop()
            time.sleep(AGAIN)
        except Unanswered as error:
            answer.update(ty="info", why=str(error)[:60])
            self._drop()
        answer.setdefault("t", time.monotonic_ns())
        self._note({**base, **answer})

    def _confirmed(self):
        """Replicas that have the write. What follows the acknowledgement cannot undo it."""
        try:
            return self._connection.call("WAIT", 1, WAIT_MS)
        except (Refused, Unanswered):
            self._drop()
            return 0

    def _drop(self):
        self._connection.close()
        self._connection = None

    def _note(self, event):
        self._log.write(json.dumps(event) + "\n")


def main():
    writers = [Writer(**each) for each in json.loads(sys.argv[1])]
    for writer in writers:
        writer.thread.start()
    sys.stdin.read()
    for writer in writers:
        writer.stop()
    for writer in writers:
        writer.thread.join()


if __name__ == "__main__":
    main()
