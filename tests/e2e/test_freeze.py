"""A frozen cluster is left as it is, whatever happens to it, until it is asked for something or is not frozen any more."""
from harness import Recorder, holds_for, kill, wait_until


def freeze(installation, name, frozen):
    installation.cachectl("cluster", "modify", name, frozen=frozen).expect(0)


def test_a_dead_primary_stays_dead_until_somebody_asks(installation):
    cluster = installation.create("orders", replicas=1, multi_az=True)
    freeze(installation, "orders", True)
    assert any("it is frozen" in notice for notice in cluster.again().described["notices"])
    before = cluster.again()
    with Recorder(cluster.primary_endpoint) as recorder:
        recorder.wait_for(20)
        kill(installation.pid_of(before.primary))
        wait_until("the status says why nothing is done", lambda: "because the cluster is frozen" in cluster.again().reason)
        holds_for("nobody takes over", lambda: cluster.again().primary["name"] == before.primary["name"], 2)
        # What is asked for is done.
        installation.cachectl("cluster", "switchover", "orders").expect(0)
        recorder.wait_for(20)
    assert recorder.lost() == []
    assert cluster.again().primary["name"] != before.primary["name"]


def test_unfrozen_it_is_repaired_at_once(installation):
    cluster = installation.create("orders", replicas=1, multi_az=True, frozen=True)
    host = cluster.primary["agent"]
    kill(installation.pid_of(cluster.primary))
    wait_until("it is impaired", lambda: cluster.again().status == "impaired")
    freeze(installation, "orders", False)
    installation.wait_status("orders", "available")
    assert cluster.again().primary["agent"] != host
