"""The ways to upgrade a primary and two replicas: Cacheplane's, and what people do by hand.

A way has: build(shards, megabytes), settle(), writer_route() and reader_route(), upgrade(image), addresses() of all nodes,
clear() and close().
"""
import time

from engines import ask, follow
from harness import address_of, wait_until
from ours import Ours
from peers import ByHand
from routes import Fixed, InTurn

from clients import Repointed

REPOINTED_AFTER = 0.02  # seconds from the promotion until clients are led to the new primary
PATIENCE = 300          # seconds that cachectl may wait for its operation


class Managed(Ours):
    def writer_route(self):
        return self.routes()[0]

    def reader_route(self):
        return Fixed(address_of(self._described(self._names[0])["reader_endpoint"]))

    def addresses(self):
        return [address_of(node) for node in self._nodes(self._names[0])]

    def upgrade(self, image):
        self._modify(engine=image.engine, engine_version=image.minor)

    def add_replica(self, number):
        """Seconds until the primary lists so many replicas as online, and until the cluster is available with them."""
        primary, started = address_of(self._primary(self._names[0])), time.monotonic()
        self._modify("--no-wait", replicas=number)
        wait_until("the new replica is online", lambda: online(primary, number), PATIENCE)
        in_sync = time.monotonic() - started
        wait_until("the cluster is available", lambda: self._described(self._names[0])["status"] == "available", PATIENCE)
        return in_sync, time.monotonic() - started

    def _modify(self, *words, **options):
        self._installation.cachectl("cluster", "modify", self._names[0], *words, "--apply-immediately", seconds=PATIENCE, **options).expect(0)


class Untouched:
    """What the clients themselves measure while nothing is upgraded."""

    def __init__(self, managed, seconds):
        self._managed, self._seconds = managed, seconds

    def __getattr__(self, name):
        return getattr(self._managed, name)

    def upgrade(self, _):
        time.sleep(self._seconds)


class Manual(ByHand):
    """Engines without a control plane. Readers know both replicas and go to the next when one does not answer."""

    def __init__(self, places, image, net):
        super().__init__(places, image, net)
        self._route = None

    @property
    def _engines(self):
        return self._shards[0].engines

    def addresses(self):
        return [engine.address for engine in self._engines]

    def writer_route(self):
        self._route = Repointed(self.addresses())
        return self._route

    def reader_route(self):
        return InTurn(self.addresses()[1:])

    def _renew_replicas(self, image):
        """One after the other, each with what it saved."""
        primary, *replicas = self._engines
        for replica in replicas:
            replica.renew(image, primary.address)
            wait_until("the replica is in sync", lambda replica=replica: linked(replica.address), PATIENCE)

    def _renew_former(self, image, primary, replica):
        """The former primary, whose history is another's by now, and the replica that had not been promoted follow the new one."""
        former = self._engines[0]
        follow(replica.address, primary.address)
        former.renew(image, primary.address, save=False)
        wait_until("both are in sync", lambda: linked(replica.address) and linked(former.address), PATIENCE)


class InPlace(Manual):
    """The primary is stopped with its data saved and started anew, then the replicas."""

    def upgrade(self, image):
        self._engines[0].renew(image)
        self._renew_replicas(image)


class Promote(Manual):
    """Replicas first; one is promoted, and a moment later clients are led to it."""

    def upgrade(self, image):
        self._renew_replicas(image)
        old, new, other = self._engines
        at_old = ask(old.address)
        at_old.ping()  # so that its connection costs no time below
        ask(new.address).slaveof()
        time.sleep(REPOINTED_AFTER)
        self._route.point_to(new.address)
        at_old.execute_command("CLIENT", "KILL", "TYPE", "normal")  # as clients dial anew when they are configured anew
        self._renew_former(image, new, other)


class Handover(Manual):
    """Replicas first, then the engine's own FAILOVER. Clients know all nodes and go to the next when one refuses."""

    def writer_route(self):
        return InTurn(self.addresses())

    def upgrade(self, image):
        self._renew_replicas(image)
        old, new, other = self._engines
        ask(old.address).execute_command("FAILOVER", "TO", *new.address)
        wait_until("the target is the primary", lambda: new.role() == "master", PATIENCE)
        self._renew_former(image, new, other)


def linked(replica):
    return ask(replica).info("replication")["master_link_status"] == "up"


def online(primary, number):
    """Whether the primary lists so many replicas, each of them online."""
    seen = ask(primary).info("replication")
    return seen["connected_slaves"] == number and all(seen[f"slave{i}"]["state"] == "online" for i in range(number))
