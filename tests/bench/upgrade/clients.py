"""Clients beside the writer of tests/bench/failover: one that reads, and a configuration that is changed under a client."""
import multiprocessing

from routes import command
from writer import Writer

_fork = multiprocessing.get_context("fork")


class Reader(Writer):
    """Reads one key at a steady rate as a Writer writes; an answer without its value is a failure."""

    def _use(self, connection, number):
        if not connection.ask_bulk(command("GET", self.key)):
            raise ConnectionError("no value")


class Repointed:
    """A client's configuration: one address until another is written into it, seen by clients in processes of their own."""

    def __init__(self, addresses):
        self._addresses = addresses
        self._index = _fork.RawValue("i", 0)

    def address(self):
        return self._addresses[self._index.value]

    def point_to(self, address):
        self._index.value = self._addresses.index(address)
