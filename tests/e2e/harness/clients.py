"""Clients of engines: connections as an application has them, and one that never rests."""
import threading
import time

import redis

Errors = (redis.RedisError, OSError)


def connect(endpoint, **options):
    """A redis-py client of (address, port)."""
    address, port = endpoint
    defaults = {"socket_timeout": 5, "socket_connect_timeout": 5, "decode_responses": True}
    return redis.Redis(host=address, port=port, **{**defaults, **options})


def info(endpoint, section=None):
    with connect(endpoint) as client:
        return client.info(section) if section else client.info()


class Hammer:
    """Uses an endpoint without rest while the block runs, through a connection that it holds and through new ones.

    `errors` has what clients saw; nothing is tried again behind the test's back. `longest_wait` is the longest time in
    seconds in which none of them was served.
    """

    def __init__(self, endpoint, write=True):
        self._endpoint = endpoint
        self._write = write
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._last = time.monotonic()
        self.errors = []
        self.served = 0
        self.longest_wait = 0.0
        self._threads = [threading.Thread(target=run, daemon=True) for run in (self._hold_one, self._make_new)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        self.wait_for(20)
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, count, seconds=20.0):
        """Returns after so many further answers."""
        wanted = self.served + count
        deadline = time.monotonic() + seconds
        while self.served < wanted:
            assert time.monotonic() < deadline, f"no {count} answers in {seconds} s; errors: {self.errors[-3:]}"
            time.sleep(0.005)

    def _hold_one(self):
        # One connection for good: a pool would replace a closed one in silence.
        client = connect(self._endpoint, single_connection_client=True)
        number = 0
        while not self._stop.is_set():
            number += 1
            self._use(client, number)
        client.close()

    def _make_new(self):
        while not self._stop.is_set():
            try:
                with connect(self._endpoint) as client:
                    client.ping()
                self._note()
            except Errors as error:
                self._fail("new", error)

    def _use(self, client, number):
        try:
            if self._write:
                client.set("hammer", number)
                assert client.get("hammer") == str(number), "a value written was not read again"
            else:
                client.get("hammer")
            self._note()
        except (*Errors, AssertionError) as error:
            self._fail("held", error)

    def _note(self):
        now = time.monotonic()
        with self._lock:
            self.served += 1
            self.longest_wait = max(self.longest_wait, now - self._last)
            self._last = now
        time.sleep(0.002)

    def _fail(self, which, error):
        with self._lock:
            self.errors.append(f"{which} connection: {type(error).__name__}: {error}")
        time.sleep(0.01)


class Recorder:
    """Clients that write without rest while the block runs, each write a bit of its own, and remember what was acknowledged.

    They dial anew after every error, unless they are told to trust that a connection which refuses them is closed.
    """

    def __init__(self, endpoint, clients=4, redial=True):
        self._endpoint = endpoint
        self._redial = redial
        self._stop = threading.Event()
        self._acknowledged = {f"recorder:{number}": [] for number in range(clients)}
        self._threads = [threading.Thread(target=self._write, args=item, daemon=True) for item in self._acknowledged.items()]
        self.errors = []

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        self.wait_for(10)
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    @property
    def count(self):
        return sum(map(len, self._acknowledged.values()))

    def wait_for(self, count, seconds=20.0):
        """Returns after so many further acknowledged writes of each."""
        wanted = {key: len(bits) + count for key, bits in self._acknowledged.items()}
        deadline = time.monotonic() + seconds
        while any(len(self._acknowledged[key]) < least for key, least in wanted.items()):
            assert time.monotonic() < deadline, f"no {count} writes of each in {seconds} s; errors: {self.errors[-3:]}"
            time.sleep(0.005)

    def _write(self, key, acknowledged):
        client = self._dial()
        bit = 0
        while client and not self._stop.is_set():
            bit += 1  # one that failed is not tried again: it may have been carried out
            try:
                client.setbit(key, bit, 1)
                acknowledged.append(bit)
                time.sleep(0.001)  # paces the clients: two cores are shared with what is under test
            except Errors as error:
                self.errors.append(f"{type(error).__name__}: {error}")
                time.sleep(0.005)  # as an application waits before it tries again
                if self._redial:
                    client.close()
                    client = self._dial()
        if client:
            client.close()

    def _dial(self):
        """Whoever cannot connect tries again, and remembers why; None at the end."""
        while not self._stop.is_set():
            try:
                return connect(self._endpoint, single_connection_client=True)
            except Errors as error:
                self.errors.append(f"{type(error).__name__}: {error}")
                time.sleep(0.005)

    def lost(self):
        """(key, bit) of acknowledged writes that the endpoint does not have."""
        with connect(self._endpoint, decode_responses=False) as client:
            kept = {key: client.get(key) or b"" for key in self._acknowledged}
        return [(key, bit) for key, bits in self._acknowledged.items() for bit in bits if not _has(kept[key], bit)]


def _has(bitmap, bit):
    return bit // 8 < len(bitmap) and bitmap[bit // 8] >> 7 - bit % 8 & 1 == 1
