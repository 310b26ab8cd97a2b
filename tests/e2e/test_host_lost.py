"""Hosts that are lost for longer than a reboot takes: their nodes live on elsewhere under their names."""
import pytest

from harness import Hammer, address_of, connect, wait_until


@pytest.fixture
def hasty(make_installation):
    """One that does not wait as long as it should for a host that reboots."""
    return make_installation(control_plane_options=("--replace-after", "3s"))


def fill(cluster):
    with cluster.connect() as client:
        client.set("greeting", "hello")
        assert client.wait(len(cluster.replicas), 5000) == len(cluster.replicas)


def moved(installation, cluster, node):
    """The cluster, once that node is elsewhere and everything is verified again."""
    def described():
        again = cluster.again()
        now = next(row for row in again.nodes if row["name"] == node["name"])
        assert now["agent"] != node["agent"] and again.status == "available", (now["agent"], again.reason)
        return again
    return wait_until(f"{node['name']} is elsewhere", described, 30)


def where(node):
    return {word: node[word] for word in ("name", "role", "agent", "address")}


def incarnations(installation, zone):
    return list(installation.places.agent_home("agent-" + zone[-1]).glob("nodes/*/*/"))


def test_a_replica_is_replaced_and_erased_where_it_was(hasty):
    cluster = hasty.create("orders", replicas=2, multi_az=True)
    fill(cluster)
    lost = cluster.replicas[1]
    with Hammer(cluster.primary_endpoint) as writer:
        hasty.lose_host(lost["zone"])
        again = moved(hasty, cluster, lost)
        writer.wait_for(100)
    assert writer.errors == []
    assert where(again.primary) == where(cluster.primary)
    now = next(node for node in again.nodes if node["name"] == lost["name"])
    assert now["role"] == "replica" and now["address"] != lost["address"] and now["agent"] != cluster.primary["agent"]
    with connect(address_of(now)) as client:
        assert client.get("greeting") in ("hello", b"hello")
    messages = [event["message"] for event in hasty.events("orders")]
    assert any(text.startswith(f"Recovering cache nodes {lost['name']}: replaced on {now['agent']}") for text in messages)
    assert f"Finished recovery for cache nodes {lost['name']}" in messages
    assert incarnations(hasty, lost["zone"])
    hasty.agents[lost["zone"]].start()
    wait_until("what it left is erased", lambda: not incarnations(hasty, lost["zone"]))
    assert [where(node) for node in cluster.again().nodes] == [where(node) for node in again.nodes]
    assert cluster.again().status == "available"


def test_a_primary_is_failed_over_and_then_replaced(hasty):
    cluster = hasty.create("carts", replicas=2, multi_az=True)
    fill(cluster)
    hasty.lose_host(cluster.primary["zone"])
    again = moved(hasty, cluster, cluster.primary)
    assert again.primary["name"] != cluster.primary["name"]
    with again.connect() as client:
        assert client.get("greeting") in ("hello", b"hello")
        assert client.wait(2, 5000) == 2
    hasty.agents[cluster.primary["zone"]].start()
    wait_until("what it left is erased", lambda: not incarnations(hasty, cluster.primary["zone"]))
    assert where(cluster.again().primary) == where(again.primary)


def test_a_cluster_with_a_lost_host_is_deleted_and_its_rest_erased_later(hasty):
    cluster = hasty.create("stranded", replicas=1, multi_az=True)
    zone = cluster.replicas[0]["zone"]
    hasty.lose_host(zone)
    hasty.delete("stranded")
    assert incarnations(hasty, zone)
    hasty.agents[zone].start()
    wait_until("what it left is erased", lambda: not incarnations(hasty, zone))
    wait_until("no directory of a node is left", lambda: hasty.node_directories() == [])
