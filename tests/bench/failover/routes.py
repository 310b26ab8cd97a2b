"""How a client finds the primary: by an endpoint that does not change, by asking Sentinels, by trying one node after another."""
import socket
import struct

ABORT = struct.pack("ii", 1, 0)


def command(*words):
    """A command as the engines' protocol has it."""
    words = [word if isinstance(word, bytes) else str(word).encode() for word in words]
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)


class Connection:
    """One connection without any patience of its own: OSError when nothing comes for `patience` seconds."""

    def __init__(self, address, patience):
        self._socket = socket.socket()
        try:
            self._socket.settimeout(patience)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            # A client that dials 2,000 times a second must not use up the ports by connections that linger.
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
            self._socket.connect(address)
        except OSError:
            self._socket.close()
            raise

    def ask(self, request):
        """The answer to one command whose answer is short."""
        self._socket.sendall(request)
        answer = self._socket.recv(4096)
        if not answer:
            raise ConnectionResetError("closed")
        return answer

    def ask_bulk(self, request):
        """The answer to one command that answers with a string of any length."""
        answer = self.ask(request)
        while b"\r\n" not in answer:
            answer += self._more()
        head, _, body = answer.partition(b"\r\n")
        if not head.startswith(b"$") or head == b"$-1":
            return b""
        length = int(head[1:])
        while len(body) < length:
            body += self._more()
        return body[:length]

    def _more(self):
        more = self._socket.recv(65536)
        if not more:
            raise ConnectionResetError("closed")
        return more

    def close(self):
        self._socket.close()


class Fixed:
    """An endpoint: always the same address."""

    def __init__(self, address):
        self._address = address

    def address(self):
        return self._address


class InTurn:
    """A client that knows every node and goes to the next whenever one does not take its write."""

    def __init__(self, addresses):
        self._addresses = list(addresses)

    def address(self):
        self._addresses.append(self._addresses.pop(0))
        return self._addresses[-1]


class ViaSentinel:
    """A client that asks a Sentinel before every connection, over a connection that it holds to it."""

    def __init__(self, sentinels, name, patience):
        self._sentinels = list(sentinels)
        self._request = command("SENTINEL", "get-master-addr-by-name", name)
        self._patience = patience
        self._connection = None

    def address(self):
        try:
            if self._connection is None:
                self._connection = Connection(self._sentinels[0], self._patience)
            words = self._connection.ask(self._request).split(b"\r\n")
            return words[2].decode(), int(words[4])
        except (OSError, IndexError, ValueError) as error:
            if self._connection is not None:
                self._connection.close()
            self._connection = None
            self._sentinels.append(self._sentinels.pop(0))
            raise ConnectionError("no Sentinel answers") from error


def to_primary(route, patience=1.0, tries=100):
    """A connection to whichever node says that it is the primary."""
    for _ in range(tries):
        try:
            connection = Connection(route.address(), patience)
            if b"master" in connection.ask(command("ROLE")):
                return connection
            connection.close()
        except OSError:
            continue
    raise ConnectionError("no node says that it is the primary")
