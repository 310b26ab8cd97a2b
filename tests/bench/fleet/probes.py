"""Clients of many clusters at once: one write at a time, at a steady rate, each on a connection that is dialled anew when it fails."""
import socket
import threading
import time

PERIOD = 0.05   # seconds between writes
PATIENCE = 1.0  # an answer that takes longer has failed
AGAIN = 0.002   # after a failure


class Probe(threading.Thread):
    """Counts in the key `probe`: what was acknowledged last must be there in the end."""

    def __init__(self, address):
        super().__init__(daemon=True)
        self.address = address
        self.acknowledged = 0
        self.longest = 0.0
        self._last = None
        self._ended = threading.Event()
        self._connection = None

    def run(self):
        number = 0
        while not self._ended.is_set():
            number += 1
            if self._write(number):
                self._note(number)
            self._ended.wait(PERIOD if self._connection else AGAIN)

    def end(self):
        self._ended.set()
        self.join()
        self._hang_up()

    def lost(self):
        """Whether the primary has an older value than the last one acknowledged."""
        return int(self._ask(b"GET probe\r\n").split(b"\r\n")[1]) < self.acknowledged

    def _note(self, number):
        now = time.monotonic()
        if self._last is not None:
            self.longest = max(self.longest, now - self._last - PERIOD)
        self._last, self.acknowledged = now, number

    def _write(self, number):
        try:
            return self._ask(b"SET probe %d\r\n" % number) == b"+OK\r\n" or self._hang_up()
        except OSError:
            return self._hang_up()

    def _ask(self, command):
        if self._connection is None:
            self._connection = socket.create_connection(self.address, PATIENCE)
        self._connection.sendall(command)
        answer = self._connection.recv(4096)
        if not answer:
            raise ConnectionError("closed")
        return answer

    def _hang_up(self):
        if self._connection:
            self._connection.close()
        self._connection = None
        return False
