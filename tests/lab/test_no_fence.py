"""Negative controls: where nothing ends the old primary's writes there are two primaries, and the checker says so."""
import time

from checker import check, read_history
from harness.places import IMAGES
from harness.waiting import wait_until
from netlab import faults, network
from netlab.lab import why_not
from netlab.resp import Connection
from netlab.story import story_of
from netlab.writers import Writers, contents, write_final
import pytest


def test_without_a_fence_the_checker_catches_two_primaries(make_lab, tmp_path):
    lab = make_lab(agent_options=["--fence", "none", "--unsafe"])
    with story_of(lab, lab.create("orders"), tmp_path) as story:
        host = lab.host_of(story.before.primary)
        story.fault(lab.isolate, host)
        wait_until("another is primary", lambda: lab.cluster("orders").primary["agent"] != host.name)
        # Connections to the old one go on, which is the evil of it. Whoever dials anew is led to the new one.
        story.newcomers().wait_acked("newcomer", 50)
        story.wait_acked("direct", 50)
        lab.heal()
        verdict = story.verdict()
    assert {"deposed_ack", "two_primaries"} <= set(verdict.kinds), str(verdict)
    assert verdict.lost > 0, str(verdict)


class Bare:
    """An engine on a host of its own and nobody who looks after it."""

    def __init__(self, host, directory):
        self.address = (host.address, 6379)
        self._host = host
        server = next(IMAGES.glob("valkey-8.0*/bin/valkey-server"))
        words = [server, "--bind", host.address, "--protected-mode", "no", "--save", "", "--dir", directory, "--daemonize", "yes"]
        host.run(*words)
        wait_until("it answers", lambda: self.call("PING") == "PONG")

    def call(self, *words):
        connection = Connection(self._host.connect(self.address), 2.0)
        try:
            return connection.call(*words)
        finally:
            connection.close()


@pytest.fixture
def pair(tmp_path, request):
    """(client's host, cuts of the primary's host, primary, replica)"""
    if reason := why_not():
        pytest.fail(reason, pytrace=False)
    prefix = f"cplb{time.monotonic_ns() % 1_000_000}"
    hosts = network.Network(prefix)
    request.addfinalizer(lambda: network.remove(prefix))
    client, one, two = [hosts.add_host(f"h{number}", f"10.79.0.{number}", 16) for number in (1, 2, 3)]
    primary, replica = Bare(one, tmp_path), Bare(two, tmp_path)
    replica.call("REPLICAOF", *primary.address)
    wait_until("it follows", lambda: "master_link_status:up" in replica.call("INFO", "replication"))
    return client, faults.Cuts(one), two, primary, replica


def test_a_naive_promotion_is_caught(pair, tmp_path):
    """As failover without fencing does it, by hand: the replica hears nothing and is promoted. No product takes part."""
    client, cuts, replicas_host, primary, replica = pair
    writers = Writers(client, tmp_path)
    writers.add("old", primary.address)
    writers.add("new", replica.address)
    writers.begin()
    try:
        writers.wait_acked("old", 20)
        cuts.add("both", [replicas_host])
        replica.call("REPLICAOF", "NO", "ONE")
        writers.wait_acked("new", 20)
        writers.wait_acked("old", 20)
    finally:
        writers.end()
    cuts.heal()
    primary.call("REPLICAOF", *replica.address)
    began = time.monotonic_ns()
    connection = Connection(client.connect(replica.address), 2.0)
    write_final(tmp_path / "final.jsonl", began, contents(connection, writers.keys()))
    verdict = check(read_history(*writers.logs, tmp_path / "final.jsonl"))
    assert {"deposed_ack", "two_primaries", "lost"} <= set(verdict.kinds), str(verdict)
