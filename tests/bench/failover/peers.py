"""The peers: the same engines under Sentinel, and under the engine's own FAILOVER command.

A way (Ours too) has: build(shards, megabytes), settle() = everything as before a fault, gather() = the primaries in
one zone, routes() and primaries() by shard, the faults, clear() = without shards, and close().
"""
import pathlib
import shutil
import tempfile
import time

from engines import Engine, Sentinel, ask, fill, follow, in_step
from faults import Hurt, stop
from harness import wait_until
from routes import Fixed, InTurn, ViaSentinel

REPLICAS = 2
SENTINELS = 3
# A Sentinel does not fail a shard over again before twice this has passed; the gap itself does not depend on it.
FAILOVER_TIMEOUT_MS = 3000
MAX_DESYNC = 1.0


class Shard:
    """A primary with its replicas."""

    def __init__(self, name, engines):
        self.name = name
        self.engines = engines

    def start(self):
        self.engines[0].start()
        for engine in self.engines[1:]:
            engine.start(self.engines[0].address)

    def engine_at(self, address):
        return next(engine for engine in self.engines if engine.address == tuple(address))

    def restart_around(self, primary):
        """Those that do not run come back as replicas, those that follow another follow this one."""
        for engine in self.engines:
            if not engine.running:
                engine.start(primary)
            elif engine.address != primary and follows(engine) != primary:
                follow(engine.address, primary)
        wait_until(f"{self.name}: both replicas are in step", lambda: in_step(primary, REPLICAS), 120)


def follows(engine):
    seen = ask(engine.address).info("replication")
    return (seen.get("master_host"), seen.get("master_port"))


class ByHand:
    """Engines without anything that watches them."""

    def __init__(self, places, image, net):
        self._image, self._net = image, f"127.{places.number}.{net}"
        self._directory = pathlib.Path(tempfile.mkdtemp(prefix="cacheplane-bench-"))
        self._hurt = Hurt()
        self._shards, self._megabytes = [], 0

    def build(self, shards, megabytes):
        self._megabytes = megabytes
        for number in range(shards):
            hosts = [f"{self._net}.{10 * number + i + 1}" for i in range(REPLICAS + 1)]
            engines = [Engine(self._image, self._directory / host, host) for host in hosts]
            self._shards.append(Shard(f"shard-{number}", engines))
        for shard in self._shards:
            shard.start()
            fill(shard.engines[0].address, megabytes)

    def settle(self):
        self._hurt.bury()
        for shard, primary in zip(self._shards, self.primaries()):
            shard.restart_around(primary)

    def gather(self):
        """Nothing to do: by hand, a zone is whatever is lost together."""

    def primaries(self):
        """The address of each."""
        return [next(engine.address for engine in shard.engines if engine.role() == "master") for shard in self._shards]

    def each_primary(self, fault):
        for engine in [shard.engine_at(primary) for shard, primary in zip(self._shards, self.primaries())]:
            fault(self._hurt.add(engine.pid))

    def clear(self):
        self._hurt.bury()
        for shard in self._shards:
            for engine in shard.engines:
                engine.end()
        self._shards.clear()
        shutil.rmtree(self._directory)
        self._directory.mkdir()

    def rebuild(self):
        shards = len(self._shards)
        self.clear()
        self.build(shards, self._megabytes)

    def close(self):
        self.clear()
        self._directory.rmdir()


class Direct(ByHand):
    """A client that dials the node itself: what the writer measures when nothing happens."""

    name, title = "direct", "no endpoint"

    def routes(self):
        return [Fixed(primary) for primary in self.primaries()]


class Failover(ByHand):
    """The engine's own FAILOVER; its clients know all nodes."""

    name, title = "failover", "FAILOVER"

    def routes(self):
        return [InTurn([engine.address for engine in shard.engines]) for shard in self._shards]

    def switch(self):
        for shard, primary in zip(self._shards, self.primaries()):
            target = next(engine.address for engine in shard.engines if engine.address != primary)
            ask(primary).execute_command("FAILOVER", "TO", *target)
            wait_until("the target is the primary", lambda target=target: shard.engine_at(target).role() == "master")


class UnderSentinel(ByHand):
    """Three Sentinels, as their documentation recommends, with quorum two."""

    def __init__(self, places, image, net, down_after_ms, patience):
        super().__init__(places, image, net)
        self.name = f"sentinel-{down_after_ms}"
        self.title = f"Sentinel {down_after_ms / 1000:g} s"
        self._down_after_ms, self._patience = down_after_ms, patience
        self._sentinels = []
        self._not_before = 0.0

    def build(self, shards, megabytes):
        super().build(shards, megabytes)
        hosts = [f"{self._net}.{200 + i}" for i in range(SENTINELS)]
        self._sentinels = [Sentinel(self._image, self._directory / host, host) for host in hosts]
        for sentinel in self._sentinels:
            sentinel.start()
            for shard in self._shards:
                sentinel.monitor(shard.name, shard.engines[0].address, self._down_after_ms, FAILOVER_TIMEOUT_MS)

    def routes(self):
        addresses = [sentinel.address for sentinel in self._sentinels]
        # The last one stays when a host is lost.
        return [ViaSentinel(addresses[::-1], shard.name, self._patience) for shard in self._shards]

    def primaries(self):
        return [tuple(self._sentinels[-1].primary_of(shard.name)) for shard in self._shards]

    def settle(self):
        self._hurt.bury()
        for sentinel in self._sentinels:
            if not sentinel.running:
                sentinel.start()
        for shard, primary in zip(self._shards, self.primaries()):
            shard.restart_around(primary)
        for shard in self._shards:
            wait_until(f"every Sentinel sees all of {shard.name}", lambda shard=shard: all(
                sentinel.sees(shard.name, REPLICAS, SENTINELS) for sentinel in self._sentinels), 60)
        time.sleep(max(0.0, self._not_before - time.monotonic()))  # its own pause between failovers

    def _note_failover(self):
        self._not_before = time.monotonic() + 2 * FAILOVER_TIMEOUT_MS / 1000 + MAX_DESYNC + self._down_after_ms / 1000

    def each_primary(self, fault):
        self._note_failover()
        super().each_primary(fault)

    def lose_hosts(self, fault):
        """The primary's host takes one Sentinel with it, as in an installation of three hosts."""
        stop(self._hurt.add(self._sentinels[0].pid))
        self.each_primary(fault)

    def switch(self):
        self._note_failover()
        before = self.primaries()
        for shard in self._shards:
            ask(self._sentinels[-1].address).sentinel_failover(shard.name)
        wait_until("the primaries are others", lambda: not set(self.primaries()) & set(before))

    def clear(self):
        self._hurt.bury()
        for sentinel in self._sentinels:
            sentinel.end()
        self._sentinels.clear()
        super().clear()
