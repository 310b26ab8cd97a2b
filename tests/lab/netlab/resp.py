"""A connection to an engine that tells sent from unsent and refused from unanswered, which clients in use hide."""
import socket


class Refused(Exception):
    """An error reply: the engine carried out nothing."""


class Unanswered(Exception):
    """Sent, perhaps, and no answer: nobody knows."""


class Connection:
    def __init__(self, made, timeout):
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        made.settimeout(timeout)
        self._socket = made
        self._buffer = b""

    def call(self, *words):
        self.send(*words)
        return self.reply()

    def send(self, *words):
        parts = [str(word).encode() for word in words]
        data = b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise Unanswered(str(error)) from error

    def reply(self):
        line = self._line()
        kind, rest = line[:1], line[1:]
        if kind == b"+":
            return rest.decode()
        if kind == b"-":
            raise Refused(rest.decode())
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return None if rest == b"-1" else self._bytes(int(rest)).decode()
        if kind == b"*":
            return None if rest == b"-1" else [self.reply() for _ in range(int(rest))]
        raise Unanswered(f"no RESP: {line!r}")

    def run_id(self):
        """Names this start of this engine; the same for as long as the connection lives."""
        for line in self.call("INFO", "server").splitlines():
            if line.startswith("run_id:"):
                return line.split(":")[1]
        raise Unanswered("INFO without run_id")

    def set_timeout(self, seconds):
        self._socket.settimeout(seconds)

    def abort(self):
        """From another thread: ends what waits for an answer."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # not connected any more

    def close(self):
        self._socket.close()

    def _line(self):
        while b"\r\n" not in self._buffer:
            self._receive()
        line, _, self._buffer = self._buffer.partition(b"\r\n")
        return line

    def _bytes(self, size):
        while len(self._buffer) < size + 2:
            self._receive()
        data, self._buffer = self._buffer[:size], self._buffer[size + 2:]
        return data

    def _receive(self):
        try:
            data = self._socket.recv(65536)
        except OSError as error:
            raise Unanswered(str(error)) from error
        if not data:
            raise Unanswered("closed")
        self._buffer += data
