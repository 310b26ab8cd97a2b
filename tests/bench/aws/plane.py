"""Servers of the ElastiCache API that start no engine: the control plane before hosts without any, and a mock."""
import contextlib
import secrets
import shutil
import socket
import subprocess
import time

import boto3
from botocore.config import Config
from calls import Server
from harness.aws import NODE_TYPE, REGION
from harness.cachectl import Cachectl
from harness.places import BIN, ZONES, Places
from harness.process import Program
from harness.waiting import wait_until

ENGINE, VERSION = "valkey", "8.0.1"
PATIENCE = 1800  # seconds, until everything of a fleet is available


def client_of(server):
    config = Config(proxies={}, retries={"max_attempts": 0}, connect_timeout=5, read_timeout=120, max_pool_connections=32)
    return boto3.client("elasticache", region_name=REGION, endpoint_url=f"http://{server.address}", config=config,
                        aws_access_key_id=server.key, aws_secret_access_key=server.secret)


def group_options(name, replicas):
    several = replicas > 0
    return {"ReplicationGroupId": name, "ReplicationGroupDescription": "of a benchmark", "Engine": ENGINE, "CacheNodeType": NODE_TYPE,
            "NumCacheClusters": 1 + replicas, "AutomaticFailoverEnabled": several, "MultiAZEnabled": several}


def creation(server, name, replicas):
    """The signed call."""
    parameters = group_options(name, replicas)
    return server.call("CreateReplicationGroup", **{name: str(value).lower() if isinstance(value, bool) else value for name, value in parameters.items()})


class Plane:
    """cacheplaned and a store of its own, with hosts that have no engines."""

    def __init__(self, agents_per_zone):
        self.places = Places()
        self.home = self.places.home
        token = self.home / "join-token"
        token.write_text(secrets.token_hex(32) + "\n")
        words = [BIN / "cacheplaned", "--home", self.home / "control-plane", "--grpc", self.places.grpc, "--http", self.places.http,
                 "--token-file", token]
        # Nothing listens at these addresses, so that they need not be ours.
        for number, zone in enumerate(ZONES):
            words += ["--zone", f"{zone}=10.{number}.0.0/16"]
        self.control_plane = Program("cacheplaned", words, self.home / "cacheplaned.log")
        self._hosts_words = [BIN / "bench_hosts", self.places.grpc, token, agents_per_zone, f"{ENGINE}={VERSION}", *ZONES]
        self._hosts = None
        self.server = None

    def __enter__(self):
        self.start()
        created = Cachectl(self.places.grpc)("access-key", "create", role="admin").expect(0).json
        self.server = Server("Cacheplane", self.places.http, created["access_key"]["id"], created["secret_access_key"])
        return self

    def start(self):
        self.control_plane.start()
        host, port = self.places.http.split(":")
        wait_until("the control plane listens", lambda: socket.create_connection((host, int(port)), 1).close() is None)
        self._hosts = subprocess.Popen([str(word) for word in self._hosts_words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if not self._hosts.stdout.readline():
            raise SystemExit("the hosts did not start")

    def stop(self):
        if self._hosts is not None:
            self._hosts.stdin.close()
            self._hosts.wait(30)
            self._hosts.stdout.close()
            self._hosts = None
        if self.control_plane.running:
            self.control_plane.stop()

    def __exit__(self, *_):
        try:
            self.stop()
        finally:
            self.places.release()

    def wait_all_available(self, count):
        """Seconds until so many groups are, and no other is there."""
        started = time.monotonic()
        wait_until(f"{count} groups are available", lambda: self.statuses() == {"available": count}, PATIENCE)
        return time.monotonic() - started

    def statuses(self):
        found = {}
        for page in client_of(self.server).get_paginator("describe_replication_groups").paginate():
            for group in page["ReplicationGroups"]:
                found[group["Status"]] = found.get(group["Status"], 0) + 1
        return found


@contextlib.contextmanager
def mock():
    """A running moto_server, or None where there is none."""
    program = shutil.which("moto_server")
    if program is None:
        yield None
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([program, "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               start_new_session=True)
    try:
        wait_until("moto_server listens", lambda: socket.create_connection(("127.0.0.1", port), 1).close() is None, 60)
        yield Server("moto", f"127.0.0.1:{port}", "AKIAIOSFODNN7EXAMPLE", "none")
    finally:
        process.kill()
        process.wait()


def moto_version():
    """Of the moto_server on this machine; empty when there is none."""
    program = shutil.which("moto_server")
    if program is None:
        return ""
    asked = subprocess.run(["python3", "-c", "import moto; print(moto.__version__)"], capture_output=True, text=True, check=False)
    return asked.stdout.strip() or "of an unknown version"
