"""Engines and Sentinels started by hand from an engine image: what the peers are made of."""
import json
import os
import pathlib
import subprocess

import redis

from harness import wait_until
from harness.places import IMAGES

PORT, SENTINEL_PORT = 6379, 26379
PATIENCE = 120  # seconds that saving or loading the data may take


class Image:
    """One engine image by its directory's name."""

    def __init__(self, name):
        self.directory = IMAGES / name
        described = json.loads((self.directory / "image.json").read_text())
        self.engine, self.version = described["engine"], described["version"]
        self.program = self.directory / f"bin/{self.engine}-server"

    @property
    def minor(self):
        """8.0.1 -> 8.0, as cachectl wants it."""
        return ".".join(self.version.split(".")[:2])

    @property
    def diskless(self):
        """As cache-engine/drivers/engine_config.cc chooses it."""
        by_file = ("8.0", "8.1") if self.engine == "valkey" else ("6.0", "7.0")
        return "no" if self.minor in by_file else "yes"

    @property
    def numbers(self):
        return tuple(int(number) for number in self.version.split("."))


def ask(address, patience=2):
    """A redis-py client that raises at once when nobody is there, and after so many seconds when nobody answers."""
    return redis.Redis(host=address[0], port=address[1], socket_timeout=patience, socket_connect_timeout=2, decode_responses=True)


class Process:
    """A program with a directory of its own, started again at the same address with what that directory holds."""

    def __init__(self, directory, address):
        self.address = address
        self._directory = pathlib.Path(directory)
        self._directory.mkdir()
        self._process = None

    @property
    def pid(self):
        return self._process.pid

    @property
    def running(self):
        return self._process is not None and self._process.poll() is None

    def _start(self, words):
        # A session of its own: an interrupted benchmark ends its processes itself, in order.
        self._process = subprocess.Popen([str(word) for word in words], cwd=self._directory, stdin=subprocess.DEVNULL,
                                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={"LC_ALL": "C"},
                                         start_new_session=True)
        wait_until(f"{self.address} answers", lambda: ask(self.address).ping(), PATIENCE)

    def end(self):
        if self.running:
            self._process.kill()
        if self._process is not None:
            self._process.wait(30)
        self._process = None


class Engine(Process):
    """An engine with the settings that Cacheplane gives its own, as far as they matter for a failover."""

    def __init__(self, image, directory, host):
        super().__init__(directory, (host, PORT))
        self._image = image

    def start(self, primary=None):
        words = [self._image.program, "--bind", self.address[0], "--port", PORT, "--save", "", "--appendonly", "no",
                 "--protected-mode", "no", "--dir", self._directory, "--repl-diskless-sync", self._image.diskless,
                 "--repl-diskless-sync-delay", 0, "--replica-announce-ip", self.address[0]]
        if self._image.numbers >= (7,):
            words += ["--crash-memcheck-enabled", "no"]
        if primary is not None:
            words += ["--replicaof", f"{primary[0]} {primary[1]}"]
        self._start(words)

    def renew(self, image, primary=None, save=True):
        """Ends the process as its operator would, and starts one of another image with what it saved."""
        ask(self.address, PATIENCE).shutdown(save=save, nosave=not save)
        self._process.wait(30)
        self._image = image
        self.start(primary)

    def role(self):
        """"master", "slave", or "" of one that does not answer."""
        try:
            return ask(self.address).role()[0]
        except (redis.RedisError, OSError):
            return ""


class Sentinel(Process):
    def __init__(self, image, directory, host):
        super().__init__(directory, (host, SENTINEL_PORT))
        self._image = image
        self._file = self._directory / "sentinel.conf"

    def start(self):
        """It keeps what it learns in its file: started again, it is the same one."""
        if not self._file.exists():
            self._file.write_text(f"port {SENTINEL_PORT}\nbind {self.address[0]}\nprotected-mode no\ndir ./\n"
                                  f"sentinel announce-ip {self.address[0]}\n")
        self._start([self._image.program, self._file, "--sentinel"])

    def monitor(self, name, primary, down_after_ms, failover_timeout_ms):
        client = ask(self.address)
        client.sentinel_monitor(name, primary[0], primary[1], 2)
        for key, value in {"down-after-milliseconds": down_after_ms, "failover-timeout": failover_timeout_ms,
                           "parallel-syncs": 1}.items():
            client.sentinel_set(name, key, value)

    def primary_of(self, name):
        return ask(self.address).sentinel_get_master_addr_by_name(name)

    def sees(self, name, replicas, sentinels):
        """Whether it sees everything of a shard, and all of it well."""
        client = ask(self.address)
        primary, seen = client.sentinel_master(name), client.sentinel_slaves(name)
        return (primary["flags"] == "master" and primary["num-other-sentinels"] == sentinels - 1
                and len(seen) == replicas and all(replica["flags"] == "slave" for replica in seen))


def in_step(primary, replicas):
    """True when the primary lists so many replicas as online, each at its own offset; AssertionError with what it lists."""
    seen = ask(primary).info("replication")
    listed = [seen[f"slave{i}"] for i in range(seen["connected_slaves"])]
    assert seen["role"] == "master" and len(listed) == replicas and all(
        replica["state"] == "online" and replica["offset"] == seen["master_repl_offset"] for replica in listed), seen
    return True


def follow(address, primary):
    ask(address).slaveof(*primary)


def fill(address, megabytes, value_bytes=4096, batch=1000):
    """So much data by pipelined SETs: DEBUG POPULATE is not for clients of a managed cache."""
    # Random, or else a saved gigabyte would be a few megabytes.
    client, value = ask(address), os.urandom(value_bytes)
    count = megabytes * (1 << 20) // value_bytes
    for first in range(0, count, batch):
        with client.pipeline(transaction=False) as pipeline:
            for number in range(first, min(first + batch, count)):
                pipeline.set(f"fill:{number}", value)
            pipeline.execute()
