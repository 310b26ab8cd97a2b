"""Calls of the AWS API, signed beforehand, and the program that sends them."""
import dataclasses
import json
import pathlib
import subprocess
import tempfile
import urllib.parse

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from harness.aws import REGION, VERSION
from harness.places import BIN


@dataclasses.dataclass(frozen=True)
class Server:
    """Where calls go, and who makes them."""
    name: str
    address: str  # "host:port"
    key: str
    secret: str

    def call(self, action, **parameters):
        """The bytes of a signed call."""
        body = urllib.parse.urlencode({"Action": action, "Version": VERSION, **parameters})
        request = AWSRequest("POST", f"http://{self.address}/", {"Content-Type": "application/x-www-form-urlencoded"}, body)
        SigV4Auth(Credentials(self.key, self.secret), "elasticache", REGION).add_auth(request)
        return self._written("POST / HTTP/1.1", dict(request.headers), body.encode())

    def get(self, path):
        return self._written(f"GET {path} HTTP/1.1", {}, b"")

    def _written(self, first, headers, body):
        lines = [first, f"Host: {self.address}", f"Content-Length: {len(body)}", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode() + body


@dataclasses.dataclass(frozen=True)
class Found:
    """What bench_load tells."""
    answers: int
    seconds: float
    cpu_seconds: float
    p50_ms: float
    p99_ms: float
    longest_ms: float
    bytes: int
    dialled: int

    @property
    def rate(self):
        return self.answers / self.seconds

    @property
    def client_share(self):
        """Of one CPU, that the client used."""
        return self.cpu_seconds / self.seconds


def load(server, requests, connections=1, seconds=0):
    """Sends each request once, or all over and over for so many seconds."""
    host, port = server.address.split(":")
    with tempfile.NamedTemporaryFile(prefix="cacheplane-bench-") as file:
        for request in requests:
            file.write(f"{len(request)}\n".encode() + request)
        file.flush()
        words = [BIN / "bench_load", host, port, connections, seconds, file.name]
        done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, timeout=seconds + 600)
    if done.returncode != 0:
        raise SystemExit(f"{server.name}: {done.stderr.strip()}")
    return Found(**json.loads(done.stdout))




def cpu_seconds(pid):
    """User and system time of a process so far."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def resident_mib(pid):
    line = next(line for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024
