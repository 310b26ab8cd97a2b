"""Hosts are cordoned and drained while clients write and read: nobody notices more than a switchover."""
import re

from harness import Hammer, Recorder, kill_and_start, wait_until

CONFLICT = 4


def agent(installation, *words, **options):
    return installation.cachectl("agent", *words, **options)


def described(installation, name):
    return agent(installation, "describe", name).expect(0).json


def on(cluster, name):
    return [node["name"] for node in cluster.again().nodes if node["agent"] == name]


def moves(installation, name):
    listed = installation.cachectl("operation", "list", cluster=name).expect(0).json["operations"]
    return [operation for operation in listed if operation["kind"] == "move-nodes"]


def test_a_drained_host_is_left_without_a_lost_write_or_a_failed_read(installation):
    orders = installation.create("orders", replicas=2, multi_az=True)
    carts = installation.create("carts", replicas=1)
    drained = orders.primary["agent"]
    with Recorder(orders.primary_endpoint) as recorder, Hammer(orders.reader_endpoint, write=False) as reader, Recorder(carts.primary_endpoint) as other:
        agent(installation, "drain", drained).expect(0)
        recorder.wait_for(20)
        other.wait_for(20)
    after = orders.again()
    print(f"{recorder.count} + {other.count} acknowledged writes, {len(recorder.errors)} errors, {reader.served} reads, {reader.errors}")
    assert recorder.lost() == [] and other.lost() == []
    assert on(orders, drained) == [] == on(carts, drained) and described(installation, drained)["node_count"] == 0
    assert after.status == "available" and len(after.nodes) == 3 and len({node["zone"] for node in after.nodes}) == 2
    move, = moves(installation, "orders")
    assert move["status"] == "succeeded", move
    # Nobody knows the pause when the former primary is gone before it has told it.
    assert re.fullmatch(r"(writes were paused for [\d.]+ ms)?", move["steps"][0]["detail"]), move
    # A connection ends with the process it leads to; whoever dials anew is served.
    assert all("reset" in error or "closed" in error for error in reader.errors), reader.errors
    wait_until("nothing is left there", lambda: not [path for path in installation.node_directories() if drained in str(path)])
    # Nothing comes back while it is drained, and it may once it is open.
    installation.create("later", replicas=1)
    assert on(installation.cluster("later"), drained) == []
    assert agent(installation, "uncordon", drained).expect(0).json["admission"] == "open"
    after = installation.create("fresh", replicas=2)
    assert drained in {node["agent"] for node in after.nodes}


def test_a_lone_node_leaves_with_its_data_and_a_cordon_moves_nobody(installation):
    single = installation.create("single")
    host = single.nodes[0]["agent"]
    pids = single.pids()
    agent(installation, "cordon", host).expect(0)
    installation.create("elsewhere")
    assert single.again().pids() == pids and on(installation.cluster("elsewhere"), host) == []
    with Recorder(single.primary_endpoint) as recorder:
        agent(installation, "drain", host).expect(0)
        recorder.wait_for(20)
    after = single.again()
    assert recorder.lost() == [] and len(after.nodes) == 1 and after.nodes[0]["agent"] != host


def test_programs_killed_in_the_middle_change_nothing_of_the_end(installation):
    cluster = installation.create("orders", replicas=2, multi_az=True)
    drained = cluster.primary["agent"]
    with Recorder(cluster.primary_endpoint) as recorder:
        agent(installation, "drain", drained, "--no-wait").expect(0)
        wait_until("a node joins", lambda: len(cluster.again().nodes) == 4)
        kill_and_start(installation.programs())
        wait_until("it is drained", lambda: described(installation, drained)["node_count"] == 0, seconds=60)
        installation.wait_status("orders", "available")
        recorder.wait_for(20)
    assert recorder.lost() == [] and len(cluster.again().nodes) == 3
    assert [move["status"] for move in moves(installation, "orders")] == ["succeeded"]


def test_what_has_no_place_elsewhere_is_refused(make_installation):
    installation = make_installation(zones=("us-east-1a", "us-east-1b"))
    cluster = installation.create("orders", replicas=1, multi_az=True)
    refused = agent(installation, "drain", cluster.primary["agent"]).expect(CONFLICT)
    assert "would leave all nodes in one zone (Multi-AZ)" in refused.errors, refused
    assert described(installation, cluster.primary["agent"])["admission"] == "open"
    assert agent(installation, "drain", "agent-z").code != 0
