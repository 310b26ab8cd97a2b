"""kill -9 of the control plane, at many moments of what it has under way."""
import subprocess
import threading
import time
import uuid

from harness import Hammer, holds_for, wait_until

MOMENTS = 9


class Persistent:
    """A script that repeats a call until it is answered, with one request id, as its author was told to."""

    def __init__(self, cachectl, *words):
        request_id = uuid.uuid4().hex
        self._call = lambda: cachectl(*words, "--no-wait", "--request-id", request_id)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.answer = None
        self._thread.start()

    def _run(self):
        unreachable = 6
        while True:
            self.answer = self._call()
            if self.answer.code != unreachable:
                return

    def wait(self):
        self._thread.join(30)
        assert self.answer is not None
        return self.answer


def how_long(function):
    started = time.monotonic()
    function()
    return time.monotonic() - started


def test_what_was_asked_for_is_finished_whenever_it_is_killed(installation):
    """At each moment a creation and a deletion are under way; a while after the kill both are as if nothing had been."""
    free = installation.free_addresses()
    whole = how_long(lambda: installation.create("moment-0", replicas=1, multi_az=True))
    for number in range(1, MOMENTS + 1):
        old, new = f"moment-{number - 1}", f"moment-{number}"
        creation = Persistent(installation.cachectl, "cluster", "create", new, "--node-type", "cache.t4g.micro",
                              "--replicas", 1, "--multi-az")
        deletion = Persistent(installation.cachectl, "cluster", "delete", old, "--yes")
        time.sleep(whole * (number - 1) / (MOMENTS - 1))  # the moment itself; nothing is assumed to have happened by then
        installation.control_plane.kill()
        installation.control_plane.start()
        creation.wait().expect(0)
        deletion.wait().expect(0)
        cluster = installation.wait_status(new, "available")
        wait_until(f"{old} is gone", lambda old=old: installation.cachectl("cluster", "describe", old).code == 3)
        with cluster.connect() as client:
            assert client.set("a", number) and client.info("replication")["connected_slaves"] == 1
        assert len(installation.engines()) == 2, installation.engines()
        assert len(installation.node_directories()) == 2, installation.node_directories()
    installation.delete(f"moment-{MOMENTS}")
    assert installation.cluster_names() == [] and installation.free_addresses() == free
    assert installation.engines() == {} and installation.node_directories() == []


def test_a_waiting_cachectl_outlasts_the_restart(installation):
    waiting = subprocess.Popen(installation.cachectl.command("cluster", "create", "patient", "--node-type",
                                                             "cache.t4g.micro", "--replicas", 2),
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_until("the cluster is known", lambda: "patient" in installation.cluster_names())
    installation.control_plane.kill()
    installation.control_plane.start()
    text, errors = waiting.communicate(timeout=60)
    assert waiting.returncode == 0, errors
    assert '"status": "available"' in text


def test_no_client_notices_that_the_control_plane_is_gone(installation):
    cluster = installation.create("calm", replicas=1)
    pids = cluster.pids()
    with Hammer(cluster.primary_endpoint) as writer, Hammer(cluster.reader_endpoint, write=False) as reader:
        installation.control_plane.kill()
        # Leases of a second end five times; nothing but time would show that one was not renewed.
        holds_for("served without a control plane", lambda: not writer.errors and not reader.errors, seconds=5)
        installation.control_plane.start()
        installation.wait_connected()
        installation.wait_status("calm", "available")
        writer.wait_for(50)
    assert writer.errors == [] and reader.errors == []
    assert max(writer.longest_wait, reader.longest_wait) < 0.9, (writer.longest_wait, reader.longest_wait)
    assert cluster.again().pids() == pids
    assert cluster.again().decisions == cluster.decisions


def test_nor_that_agents_are_restarted_meanwhile(installation):
    """The agents' promises to each other stand in for the control plane's leases."""
    cluster = installation.create("calmer", replicas=2, multi_az=True)
    with Hammer(cluster.primary_endpoint) as writer, Hammer(cluster.reader_endpoint, write=False) as reader:
        installation.control_plane.kill()
        holds_for("served by the promises of peers", lambda: not writer.errors, seconds=1.5)
        for agent in installation.agents.values():
            agent.kill()
            agent.start()
        holds_for("served by the promises of restarted peers", lambda: not writer.errors, seconds=3)
        installation.control_plane.start()
        installation.wait_connected()
        installation.wait_status("calmer", "available")
        writer.wait_for(50)
    assert writer.errors == [] and reader.errors == []
    assert max(writer.longest_wait, reader.longest_wait) < 0.9, (writer.longest_wait, reader.longest_wait)
    assert cluster.again().decisions == cluster.decisions
