"""Cacheplane as a way to keep a primary: an installation of its own, its faults, and what it takes to be whole again."""
import json
import pathlib
import subprocess

from engines import fill, in_step
from faults import Hurt, kill, stop
from harness import Installation, address_of, wait_until
from harness.places import BIN, ZONES
from harness.process import processes_below
from routes import Fixed

REPLICAS = 2
ROOMY, SMALL = "cache.t4g.medium", "cache.t4g.micro"  # 3.1 GiB for data, 0.5 GiB for many shards without
FREE_FAILOVERS = 3              # in a row, before the flap guard makes pauses
NEVER = 1_000_000


def relaxes_flap_guard():
    done = subprocess.run([BIN / "cacheplaned", "--help"], capture_output=True, text=True, check=True)
    return "--flap-free" in done.stdout


class Ours:
    name, title = "ours", "Cacheplane"

    def __init__(self, image):
        self._image = image
        self._installation = Installation()
        self._relaxed = relaxes_flap_guard()
        if self._relaxed:
            self._installation.control_plane.command += ["--flap-free", str(NEVER)]
        self._hurt = Hurt()
        self._stopped = []  # agents
        self._names, self._megabytes, self._made = [], 0, 0

    @property
    def places(self):
        return self._installation.places

    def start(self):
        self._installation.start()

    def about(self):
        """What the figures depend on."""
        return {"data_path": self._installation.data_path, "flap_guard": "relaxed" if self._relaxed else "as usual"}

    # Clusters

    def build(self, shards, megabytes):
        """One cluster for each shard, the primaries all in the first zone."""
        self._megabytes = megabytes
        for _ in range(shards):
            self._names.append(self._make())

    def _make(self):
        self._made += 1
        name = f"bench-{self._made}"
        cluster = self._installation.create(name, engine=self._image.engine, engine_version=self._image.minor, multi_az=True,
                                            replicas=REPLICAS, node_type=ROOMY if self._megabytes else SMALL, zones=",".join(ZONES))
        fill(cluster.primary_endpoint, self._megabytes)
        self._wait_whole(name, 120)
        return name

    def clear(self):
        """Without clusters, whatever state they are in."""
        self.revive()
        for name in self._names:
            self._installation.delete(name)
        self._names.clear()

    def rebuild(self):
        shards = len(self._names)
        self.clear()
        self.build(shards, self._megabytes)

    def _described(self, name):
        status, text = self._installation.http("POST", "/v1/ClusterService/GetCluster", {"name": name})
        if status != 200:
            raise RuntimeError(f"{name}: {text}")
        return json.loads(text)["cluster"]

    def _nodes(self, name):
        return [node for shard in self._described(name)["shards"] for node in shard["nodes"]]

    def _primary(self, name):
        return next(node for node in self._nodes(name) if node["role"] == "primary")

    def protection(self):
        """What keeps a silent host's primary from taking writes: kernel, guard or none."""
        return sorted({self._described(name).get("protection", "unknown") for name in self._names})

    # Before and after a fault

    def settle(self):
        self.revive()
        for name in self._names:
            self._wait_whole(name, 30 + self._megabytes / 20)
        if not self._relaxed and any(self._flapping(name) for name in self._names):
            self.rebuild()

    def revive(self):
        """What a fault took away runs again, and what it stopped does not."""
        self._bury()
        if any(not program.running for program in self._installation.programs()):
            self._installation.start()

    def _wait_whole(self, name, seconds):
        wait_until(f"{name} is available", lambda: self._described(name)["status"] == "available", seconds)
        wait_until(f"{name}'s replicas are in step", lambda: in_step(address_of(self._primary(name)), REPLICAS), seconds)

    def _flapping(self, name):
        return any(int(shard.get("failovers", 0)) >= FREE_FAILOVERS for shard in self._described(name)["shards"])

    def gather(self):
        """The primaries all in one zone again."""
        if len(self._hosts()) > 1:
            self.rebuild()

    def routes(self):
        return [Fixed(address_of(self._described(name)["primary_endpoint"])) for name in self._names]

    def primaries(self):
        return [self._primary(name)["name"] for name in self._names]

    # Faults

    def each_primary(self, fault):
        for node in [self._primary(name) for name in self._names]:
            fault(self._hurt.add(self._installation.pid_of(node)))

    def _hosts(self):
        """The agents that run a primary."""
        names = {self._primary(name)["agent"] for name in self._names}
        return [agent for agent in self._installation.agents.values() if agent.name in names]

    def lose_hosts(self, fault):
        """Every host with a primary: agent, guard and engines at once. Nobody starts them again during the trial."""
        hosts = self._hosts()
        # Their process numbers first: no time is to pass between the first fault and the last.
        doomed = {agent: self._beside(agent) for agent in hosts}
        for agent in hosts:
            stop(agent.pid)
        for pid in (pid for others in doomed.values() for pid in others):
            fault(self._hurt.add(pid))
        self._stopped += hosts
        if fault is kill:
            self._end_stopped()

    def _beside(self, agent):
        """The processes of an agent's host besides itself."""
        return set(processes_below(self.places.agent_home(agent.name))) | children_of(agent.pid)

    def lose_agents(self):
        """Started again at once, as its keeper or systemd does it. One that stays away is a lost host."""
        for agent in self._hosts():
            agent.kill()
            agent.start()

    def lose_control_plane(self):
        self._installation.control_plane.kill()

    def switch(self):
        for name in self._names:
            self._installation.cachectl("cluster", "switchover", name).expect(0)

    def _end_stopped(self):
        for agent in self._stopped:
            agent.kill()
        self._stopped.clear()

    def _bury(self):
        self._end_stopped()
        self._hurt.bury()

    def close(self):
        self._bury()
        self._installation.close()


def children_of(pid):
    found = set()
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        found |= {int(child) for child in (task / "children").read_text().split()}
    return found
