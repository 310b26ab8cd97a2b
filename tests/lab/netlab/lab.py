"""A whole Cacheplane on hosts of its own: control plane, agents, each in a zone of its own, and a client with the router."""
import contextlib
import os
import pathlib
import secrets
import shutil
import subprocess
import sys
import tempfile

from harness.cachectl import Cachectl
from harness.installation import Cluster
from harness.places import BIN, IMAGES
from harness.process import Program
from harness.waiting import wait_until

from . import faults, network
from .network import Network
from .resp import Connection
from .writers import HERE

PORT = 7070
PREFIX_LENGTH = 16
GIBIBYTE = 1 << 30


def why_not():
    """What this machine lacks to have a lab; empty when nothing."""
    if os.geteuid() != 0:
        return "the lab makes network namespaces: run it as root"
    missing = [name for name in ("ip", "nft", "nsenter") if not shutil.which(name)]
    if missing:
        return f"the lab needs {', '.join(missing)} (Debian: iproute2, nftables, util-linux)"
    if not (BIN / "cacheplaned").exists():
        return f"no programs in {BIN}: build them, or set CACHEPLANE_BIN"
    if not list(IMAGES.glob("valkey-8.0*/image.json")):
        return f"no engine image of valkey 8.0 in {IMAGES}: deploy/engine-image valkey 8.0"
    return ""


class LabCachectl(Cachectl):
    """Called on the control plane's own host, so that no cut is in its way."""

    def __init__(self, host):
        super().__init__(f"{host.address}:{PORT}")
        self._host = host

    def command(self, *words):
        return self._host.command(*super().command(*words))


class AgentHost:
    """A host with an agent, and what can go wrong with it."""

    def __init__(self, name, zone, host, program, home):
        self.name = name
        self.zone = zone
        self.host = host
        self.agent = program
        self.home = home
        self.cuts = faults.Cuts(host)

    def node_pid(self, node):
        return int((self.home / "nodes" / node["name"] / "engine.pid").read_text())

    def lose(self):
        """As if somebody had pulled the plug: everything on it is gone, and nobody is told."""
        faults.link(self.host, up=False)
        self.agent.kill()
        for pid in network.processes(self.host.namespace):
            faults.kill(pid)
        wait_until(f"nothing runs on {self.name}", lambda: not network.processes(self.host.namespace))

    def boot(self):
        faults.link(self.host, up=True)
        self.agent.start()


class Lab:
    live = []  # those whose logs a failing test shows

    def __init__(self, hosts=3, agent_options=()):
        self.prefix = f"cpl{secrets.token_hex(3)}"
        self.home = pathlib.Path(tempfile.mkdtemp(prefix=f"{self.prefix}-"))
        self.home.chmod(0o711)  # engines, users of their own, have their directories below
        self._reaper = subprocess.Popen([sys.executable, "-B", "-m", "netlab.reaper", self.prefix, self.home], cwd=HERE,
                                        stdin=subprocess.PIPE, start_new_session=True)
        try:
            self._make(hosts, agent_options)
        except BaseException:
            self.remove()
            raise
        Lab.live.append(self)

    def _make(self, hosts, agent_options):
        (self.home / "logs").mkdir()
        self.token_file = self.home / "join-token"
        self.token_file.write_text(secrets.token_hex(32) + "\n")
        self.token_file.chmod(0o600)
        # A network that has no way out: its addresses may be in use elsewhere.
        self.network = Network(self.prefix)
        self.control_host = self.network.add_host("control", "10.77.255.1", PREFIX_LENGTH)
        self.control_cuts = faults.Cuts(self.control_host)
        self.client_host = self.network.add_host("client", "10.77.255.2", PREFIX_LENGTH)
        self._uid_base = 1_000_000 + 1000 * secrets.randbelow(100_000)
        self.agents = [self._agent_host(number, agent_options) for number in range(hosts)]
        self.control_plane = self._control_plane()
        self.router = self._router()
        self.cachectl = LabCachectl(self.control_host)

    # Starting and ending

    def start(self):
        for program in self.programs():
            program.start()
        wait_until("everything is connected", lambda: self._ended() or self._all_connected())
        assert not self._ended(), self._ended()
        return self

    def _all_connected(self):
        return self._connected("agent", len(self.agents)) and self._connected("router", 1)

    def _ended(self):
        """What ended by itself, and how."""
        return "\n".join(text for program in self.programs() if (text := program.how_it_ended()))

    def programs(self):
        return [self.control_plane, *(each.agent for each in self.agents), self.router]

    def close(self):
        """Ends everything; what ended by itself is an error."""
        ended = self._ended()
        self.remove()
        assert not ended, ended

    def remove(self):
        if self in Lab.live:
            Lab.live.remove(self)
        network.remove(self.prefix)
        shutil.rmtree(self.home, ignore_errors=True)
        self._reaper.stdin.close()
        self._reaper.wait(20)

    def _connected(self, noun, wanted):
        rows = self.cachectl(noun, "list").expect(0).json[f"{noun}s"]
        return sum(row["connected"] for row in rows) >= wanted

    # Programs

    def cidr(self, number):
        return f"10.77.{16 * number}.0/20"

    def _program(self, name, host, words):
        return Program(name, host.command(*words), self.home / "logs" / f"{name}.log")

    def _control_plane(self):
        words = [BIN / "cacheplaned", "--home", self.home / "control-plane", "--grpc", f"{self.control_host.address}:{PORT}",
                 "--http", f"{self.control_host.address}:{PORT + 10}", "--token-file", self.token_file]
        for number, each in enumerate(self.agents):
            words += ["--zone", f"{each.zone}={self.cidr(number)}"]
        return self._program("cacheplaned", self.control_host, words)

    def _agent_host(self, number, agent_options):
        letter = "abcdefgh"[number]
        zone, name = f"us-east-1{letter}", f"agent-{letter}"
        # A zone has one host here, which therefore owns every address of the zone's range: the product takes addresses from
        # the range and leaves it to the network that they lead to the host it picked.
        host = self.network.add_host(name, f"10.77.255.{11 + number}", PREFIX_LENGTH, [self.cidr(number)])
        home = self.home / "agents" / name
        words = [BIN / "cacheplane-agent", "--name", name, "--zone", zone, "--control-plane", f"{self.control_host.address}:{PORT}",
                 "--token-file", self.token_file, "--home", home, "--images", IMAGES, "--memory-bytes", 64 * GIBIBYTE,
                 "--uid-base", self._uid_base + 300 * number, *agent_options]
        return AgentHost(name, zone, host, self._program(name, host, words), home)

    def _router(self):
        words = [BIN / "cacheplane-router", "--name", "router-a", "--control-plane", f"{self.control_host.address}:{PORT}",
                 "--token-file", self.token_file, "--home", self.home / "routers/router-a"]
        return self._program("router-a", self.client_host, words)

    # Clusters

    def create(self, name, **options):
        options = {"node_type": "cache.t4g.micro", "replicas": 2, "multi_az": True, **options}
        return Cluster(self, self.cachectl("cluster", "create", name, **options).expect(0).json)

    def cluster(self, name):
        return Cluster(self, self.cachectl("cluster", "describe", name).expect(0).json)

    def pid_of(self, node):
        return self.host_of(node).node_pid(node)

    def host_of(self, node):
        return next(each for each in self.agents if each.name == node["agent"])

    def others(self, agent_host):
        return [each for each in self.agents if each is not agent_host]

    def events(self, cluster=None):
        return self.cachectl("events", "list", cluster=cluster).expect(0).json["events"]

    @contextlib.contextmanager
    def connection(self, address, timeout=2.0):
        """To (address, port), from the client's host."""
        made = Connection(self.client_host.connect(address, timeout), timeout)
        try:
            yield made
        finally:
            made.close()

    # Faults

    def isolate(self, agent_host, direction="both"):
        """From the control plane and the other agents' hosts. Clients reach it as before: that is the dangerous case."""
        agent_host.cuts.add(direction, [self.control_host, *self.peers_of(agent_host)])

    def peers_of(self, agent_host):
        return [each.host for each in self.others(agent_host)]

    def heal(self):
        self.control_cuts.heal()
        for each in self.agents:
            each.cuts.heal()
            faults.link(each.host, up=True)

    def tails(self):
        return "\n".join(f"--- {program.name}\n{program.tail()}" for program in self.programs())
