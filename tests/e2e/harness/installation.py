"""A whole Cacheplane on this machine: control plane, agents, router, engines. Nothing of it outlives the test."""
import json
import os
import secrets
import signal
import subprocess
import urllib.error
import urllib.request

from . import process
from .cachectl import Cachectl
from .clients import connect
from .places import BIN, ZONES, Places
from .process import Program
from .waiting import wait_until

GIBIBYTE = 1 << 30


class Installation:
    live = []  # those whose logs a failing test shows

    def __init__(self, zones=ZONES, only_images=None, data_path="auto", control_plane_options=(), agent_options=(), memory=64 * GIBIBYTE):
        self.places = Places(only_images)
        self.home = self.places.home
        self._memory = memory
        self.cachectl = Cachectl(self.places.grpc)
        self.token_file = self._write_token("join-token")
        (self.home / "logs").mkdir()
        self.control_plane = self._control_plane(control_plane_options)
        self.agents = {zone: self.make_agent(zone, options=agent_options) for zone in zones}
        self.router = self._router(data_path)
        Installation.live.append(self)

    # Starting and ending

    def start(self):
        """Starts whatever does not run and returns when all of it is connected."""
        for program in self.programs():
            if not program.running:
                program.start()
        self.wait_connected()
        return self

    def programs(self):
        return [self.control_plane, *self.agents.values(), self.router]

    def victims(self, kind):
        """Those that a test kills: of "control plane" or "agents"."""
        return {"control plane": [self.control_plane], "agents": list(self.agents.values())}[kind]

    def wait_connected(self):
        self.wait_ready()
        for zone in self.agents:
            wait_until(f"the agent in {zone} is connected", lambda zone=zone: self.agent(agent_of(zone))["connected"])
        wait_until("the router is connected", lambda: all(row["connected"] for row in self.routers()))

    def wait_ready(self):
        wait_until("the control plane is ready", lambda: self.http("GET", "/readyz")[0] == 200)

    def stop(self):
        """As deploy/down: the router first, then agents and control plane, then the engines with their data saved."""
        for program in reversed(self.programs()):
            program.stop()
        for zone in self.agents:
            self.drain(zone)

    def drain(self, zone):
        agent = agent_of(zone)
        words = [BIN / "cacheplane-agent", "--drain", "--name", agent, "--zone", zone, "--home",
                 self.places.agent_home(agent), "--images", self.places.images]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, f"draining {agent}: {done.returncode}\n{done.stdout}{done.stderr}"

    def close(self):
        """Ends everything and checks that nothing is left, and that nothing had ended by itself."""
        ended = [text for program in self.programs() if (text := program.how_it_ended())]
        try:
            for program in self.programs():
                if program.running:
                    program.kill()
            for pid in [*process.processes_below(self.home), *process.guards_below(self.home)]:
                kill(pid)
            self.remove_table()
            self.remove_fences()
            wait_until("no process is left", lambda: not process.processes_below(self.home))
        finally:
            Installation.live.remove(self)
            self.places.release()
        assert not ended, "\n".join(ended)

    def remove_table(self):
        subprocess.run([BIN / "cacheplane-router", "--remove-table", "--table", self.places.table],
                       capture_output=True, check=False)

    def remove_fences(self):
        """The tables of agents that were killed: one that drains removes its own."""
        tables = [self.places.fence_table, self.places.cut_table]
        for table in (table_of(home.name) for home in (self.home / "agents").glob("*") for table_of in tables):
            # Made first, since only a table that is there can be deleted. Without rights there is none.
            subprocess.run(["nft", f"add table ip {table}; delete table ip {table}"], capture_output=True, check=False)

    # Programs

    def _write_token(self, name):
        path = self.home / name
        path.write_text(secrets.token_hex(32) + "\n")
        path.chmod(0o600)
        return path

    def _control_plane(self, options):
        words = [BIN / "cacheplaned", "--home", self.home / "control-plane", "--grpc", self.places.grpc,
                 "--http", self.places.http, "--token-file", self.token_file, *options]
        for zone in ZONES:
            words += ["--zone", f"{zone}={self.places.cidr(zone)}"]
        return self._program("cacheplaned", words)

    def make_agent(self, zone, name=None, token_file=None, options=()):
        name = name or agent_of(zone)
        words = [BIN / "cacheplane-agent", "--name", name, "--zone", zone, "--control-plane", self.places.grpc,
                 "--token-file", token_file or self.token_file, "--home", self.places.agent_home(name),
                 "--images", self.places.images, "--memory-bytes", self._memory,
                 "--uid-base", self.places.uid_base(zone), *options]
        return self._program(name, words)

    def make_impostor(self, zone):
        """An agent with a join token of its own making."""
        return self.make_agent(zone, "impostor", self._write_token("wrong-token"))

    def _router(self, data_path):
        words = [BIN / "cacheplane-router", "--name", "router-a", "--control-plane", self.places.grpc, "--token-file",
                 self.token_file, "--home", self.home / "routers/router-a", "--data-path", data_path,
                 "--table", self.places.table]
        return self._program("router-a", words)

    def _program(self, name, words):
        return Program(name, words, self.home / "logs" / f"{name}.log")

    def lose_host(self, zone):
        """The agent there and everything it runs end at once; starting the agent again is the host's return."""
        self.agents[zone].kill()
        for pid in process.processes_below(self.places.agent_home(agent_of(zone))):
            kill(pid)

    # What it says

    def agent(self, name):
        return self.cachectl("agent", "describe", name).expect(0).json

    def agent_names(self):
        return [row["name"] for row in self.cachectl("agent", "list").expect(0).json["agents"]]

    def routers(self):
        routers = self.cachectl("router", "list").expect(0).json["routers"]
        assert routers, "no router has joined"
        return routers

    @property
    def data_path(self):
        return self.routers()[0]["data_path"]

    def events(self, cluster=None):
        return self.cachectl("events", "list", cluster=cluster).expect(0).json["events"]

    def free_addresses(self):
        subnets = self.cachectl("subnet", "list").expect(0).json["subnets"]
        return {row["name"]: row["available_addresses"] for row in subnets}

    def http(self, method, path, body=None, headers=None):
        """(status, text) of a request to the HTTP API; a body that is no text is sent as JSON."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **(headers or {})}
        request = urllib.request.Request(f"http://{self.places.http}{path}", data, headers, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=10) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    # Clusters

    def create(self, name, **options):
        """Creates a cluster as cachectl does, waiting until it serves."""
        options = {"node_type": "cache.t4g.micro", **options}
        return Cluster(self, self.cachectl("cluster", "create", name, **options).expect(0).json)

    def cluster(self, name):
        return Cluster(self, self.cachectl("cluster", "describe", name).expect(0).json)

    def cluster_names(self):
        return [row["name"] for row in self.cachectl("cluster", "list").expect(0).json["clusters"]]

    def delete(self, name):
        return self.cachectl("cluster", "delete", name, "--yes").expect(0).json

    def wait_status(self, name, status, seconds=30.0):
        def described():
            cluster = self.cluster(name)
            assert cluster.status == status, f"{cluster.status}: {cluster.reason}"
            return cluster
        return wait_until(f"{name} is {status}", described, seconds)

    def wait_moved(self, before, seconds=20.0):
        """The cluster once another node is its primary than `before`, and all of it is verified."""
        def moved():
            now = self.cluster(before.name)
            assert now.primary["name"] != before.primary["name"], f"{now.status}: {now.reason}"
            # The cluster's own status follows the promotion by some milliseconds.
            assert {now.status, *(node["status"] for node in now.nodes)} == {"available"}, f"{now.status}: {now.reason}"
            return now
        return wait_until(f"{before.name} has another primary", moved, seconds)

    # What it left on the machine

    def engines(self):
        """{pid: command line}"""
        return process.processes_below(self.home / "agents")

    def node_directories(self):
        return sorted(str(path) for path in self.home.glob("agents/*/nodes/*"))

    def kernel_table(self):
        """The kernel's endpoint table as text; empty when there is none."""
        done = subprocess.run(["nft", "list", "table", "ip", self.places.table], capture_output=True, text=True, check=False)
        if done.returncode != 0 and "No such file" not in done.stderr:
            raise RuntimeError(f"nft: {done.stderr.strip()}")
        return done.stdout

    def as_agent(self, node):
        """A client of a node's engine as the internal user, who may do what is kept from others."""
        launch = next(self.places.agent_home(node["agent"]).glob(f"nodes/{node['name']}/*/launch.json"))
        password = json.loads(launch.read_text())["config"]["internal_password"]
        return connect(address_of(node), username="cacheplane", password=password)

    def pid_of(self, node):
        path = self.places.agent_home(node["agent"]) / "nodes" / node["name"] / "engine.pid"
        return int(path.read_text())

    def tails(self):
        return "\n".join(f"--- {program.name}\n{program.tail()}" for program in self.programs())


class Cluster:
    """A cluster as the API described it at one instant."""

    def __init__(self, installation, described):
        self.installation = installation
        self.described = described
        self.name = described["name"]
        self.status = described["status"]
        self.reason = described["status_reason"]

    @property
    def shard(self):
        return self.described["shards"][0]

    @property
    def epoch(self):
        return int(self.shard["epoch"])

    @property
    def decisions(self):
        """What changes with every decision about who is primary."""
        return self.epoch, self.shard["failovers"], self.primary["name"]

    @property
    def nodes(self):
        return [node for shard in self.described["shards"] for node in shard["nodes"]]

    @property
    def primary(self):
        return next(node for node in self.nodes if node["role"] == "primary")

    @property
    def replicas(self):
        return [node for node in self.nodes if node["role"] == "replica"]

    @property
    def primary_endpoint(self):
        return address_of(self.described["primary_endpoint"])

    @property
    def reader_endpoint(self):
        return address_of(self.described["reader_endpoint"])

    def connect(self, **options):
        return connect(self.primary_endpoint, **options)

    def connect_reader(self, **options):
        return connect(self.reader_endpoint, **options)

    def pids(self):
        return {node["name"]: self.installation.pid_of(node) for node in self.nodes}

    def again(self):
        return self.installation.cluster(self.name)


def address_of(endpoint):
    """Of a node or an endpoint: what a client dials."""
    return endpoint["address"], endpoint["port"]


def agent_of(zone):
    """us-east-1a -> agent-a"""
    return "agent-" + zone[-1]


def kill(pid, how=signal.SIGKILL):
    """kill -9, of an engine; or another signal."""
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        pass
