"""A primary that dies is replaced: what clients see, what is told, and when it does not happen by itself."""
import signal
import time

from harness import Hammer, address_of, connect, holds_for, info, kill, wait_until

CONFLICT = 4
PAUSE_AFTER = 3  # automatic failovers in a row


def follows(node, primary):
    seen = info(address_of(node), "replication")
    return seen["role"] == "slave" and (seen["master_host"], seen["master_port"]) == address_of(primary)


def create(installation, name, **options):
    """With something in it: an empty primary is started again instead, since nothing can be lost."""
    cluster = installation.create(name, **options)
    with cluster.connect() as client:
        client.set("kept", "yes")
        assert client.wait(len(cluster.replicas), 5000) == len(cluster.replicas)
    return cluster


def told(installation, name, since=0):
    return [(event["source_type"], event["message"]) for event in installation.events(name)[since:]]


def writes(cluster):
    with connect(cluster.primary_endpoint, socket_timeout=0.5, socket_connect_timeout=0.5) as client:
        return client.set("a", "1")


def wait_impaired(installation, name, why):
    """What it says at first may be about a replica that misses its primary."""
    def impaired():
        cluster = installation.cluster(name)
        assert cluster.status == "impaired" and why in cluster.reason, f"{cluster.status}: {cluster.reason}"
        return cluster
    return wait_until(f"{name} is impaired: {why}", impaired, seconds=5)


def check_told(installation, name, since, expected):
    """These events in this order, whatever others are among them."""
    seen = told(installation, name, since)
    assert [event for event in seen if event in expected] == expected, seen


def in_elasticaches_words(old, new):
    """What follows a failover from one node to another, in this order."""
    completed = f"Failover from primary node {old} to replica node {new} completed"
    return [("cache-cluster", completed), ("replication-group", completed),
            ("cache-cluster", f"Recovering cache nodes {old}"), ("cache-cluster", f"Finished recovery for cache nodes {old}")]


def check_replaced(installation, before):
    """Another is primary, the old one follows it at its address, and what is written reaches everybody."""
    again = installation.wait_moved(before)
    old = next(node for node in again.nodes if node["name"] == before.primary["name"])
    assert old["address"] == before.primary["address"]
    # Seen in the instant before its end is reported, the cluster is still available.
    wait_until(f"{old['name']} follows", lambda: follows(old, again.primary))
    again = installation.wait_status(before.name, "available")
    assert [node["address"] for node in again.nodes] == [node["address"] for node in before.nodes]
    assert (again.primary_endpoint, again.reader_endpoint) == (before.primary_endpoint, before.reader_endpoint)
    with again.connect() as client:
        assert client.get("kept") == "yes"
        assert client.set("after", "1") and client.wait(len(again.replicas), 5000) == len(again.replicas)
    return again


def test_a_killed_primary_is_replaced_while_clients_go_on(installation):
    cluster = create(installation, "orders", replicas=2, multi_az=True)
    since = len(installation.events("orders"))
    assert cluster.described["protection"] == ("kernel" if installation.data_path == "kernel" else "none")
    assert cluster.shard["failovers"] == 0
    with Hammer(cluster.primary_endpoint) as writer, Hammer(cluster.reader_endpoint, write=False) as reader:
        kill(installation.pid_of(cluster.primary))
        again = check_replaced(installation, cluster)
        writer.wait_for(100)
        reader.wait_for(100)
    assert writer.longest_wait < 1, (writer.longest_wait, writer.errors)
    assert reader.longest_wait < 1, (reader.longest_wait, reader.errors)
    assert again.shard["failovers"] == 1 and again.shard["last_failover_time"]
    assert again.epoch > cluster.epoch

    old, new = cluster.primary["name"], again.primary["name"]
    check_told(installation, "orders", since, in_elasticaches_words(old, new))
    impaired = next(message for _, message in told(installation, "orders", since) if "is impaired" in message)
    assert old in impaired and "not yet open" not in impaired, impaired
    promoted = next(message for _, message in told(installation, "orders", since) if "is promoted" in message)
    assert promoted.startswith(f"Replica node {new} is promoted in place of primary node {old}, because the primary {old} ended")
    others = {node["name"] for node in cluster.replicas} - {new}
    assert all(f"{other}: " in promoted.partition("Passed over: ")[2] for other in others), promoted


def test_a_stopped_primary_is_killed_and_replaced(installation):
    cluster = create(installation, "frozen", replicas=1, multi_az=True)
    pid = installation.pid_of(cluster.primary)
    try:
        kill(pid, signal.SIGSTOP)
        check_replaced(installation, cluster)
    finally:
        kill(pid, signal.SIGCONT)
    assert any("is killed: " in message for _, message in told(installation, "frozen"))
    assert installation.pid_of(cluster.primary) != pid


def test_nor_does_one_that_holds_nothing_stay_stopped(installation):
    """Whether it is replaced or started again is one to its clients."""
    cluster = installation.create("empty", replicas=1, multi_az=True)
    pid = installation.pid_of(cluster.primary)
    try:
        kill(pid, signal.SIGSTOP)
        wait_until("the endpoint takes writes", lambda: writes(cluster), seconds=5)
    finally:
        kill(pid, signal.SIGCONT)


def test_without_automatic_failover_it_waits_for_a_switchover(installation):
    cluster = create(installation, "manual", replicas=1, automatic_failover=False)
    kill(installation.pid_of(cluster.primary))
    wait_impaired(installation, "manual", "cannot fail over, because automatic failover is off")
    # That nobody is promoted can only be watched.
    holds_for("the primary is the same", lambda: cluster.again().primary["name"] == cluster.primary["name"], seconds=1.5)
    with cluster.connect_reader() as reader:
        assert reader.get("kept") == "yes"

    installation.cachectl("cluster", "switchover", "manual").expect(0)
    assert check_replaced(installation, cluster).shard["failovers"] == 0, "what was asked for does not count"


def test_after_three_failovers_in_a_row_the_next_waits_and_says_so(installation):
    cluster = create(installation, "flapping", replicas=1, multi_az=True)
    for number in range(1, PAUSE_AFTER + 1):
        kill(installation.pid_of(cluster.primary))
        cluster = check_replaced(installation, cluster)
        assert cluster.shard["failovers"] == number
    kill(installation.pid_of(cluster.primary))
    impaired = wait_impaired(installation, "flapping", f"failed over {PAUSE_AFTER} times in a row")
    assert impaired.primary["name"] == cluster.primary["name"]
    # The pause is ten seconds from the third.
    assert installation.wait_moved(cluster, seconds=20).shard["failovers"] == PAUSE_AFTER + 1


def test_a_primary_that_dies_while_the_control_plane_is_away_is_replaced_when_it_returns(installation):
    cluster = create(installation, "orphan", replicas=2, multi_az=True)
    installation.control_plane.kill()
    kill(installation.pid_of(cluster.primary))
    installation.control_plane.start()
    started = time.monotonic()
    wait_until("the endpoint takes writes", lambda: writes(cluster))
    took = time.monotonic() - started
    assert took < 3, took
    check_replaced(installation, cluster)


def test_a_failover_as_a_test_is_told_in_elasticaches_order_and_words(installation):
    cluster = create(installation, "drilled", replicas=2, multi_az=True)
    since = len(installation.events("drilled"))
    answer = installation.cachectl("cluster", "test-failover", "drilled").expect(0).json
    assert (answer["operation"]["kind"], answer["operation"]["status"]) == ("test-failover", "succeeded")
    again = installation.cluster("drilled")
    old, new = cluster.primary["name"], again.primary["name"]
    assert old != new and again.status == "available"
    assert again.shard["failovers"] == 0 and "last_failover_time" not in again.shard, "what was asked for does not count"
    expected = [("replication-group", "Test Failover API called for node group 0001"), *in_elasticaches_words(old, new)]
    check_told(installation, "drilled", since, expected)


def test_nor_need_a_cluster_hold_anything_for_a_failover_as_a_test(installation):
    cluster = installation.create("empty", replicas=1, multi_az=True)
    installation.cachectl("cluster", "test-failover", "empty", timeout="5s").expect(0)
    assert installation.cluster("empty").primary["name"] != cluster.primary["name"]


def test_a_failover_as_a_test_is_refused_where_nothing_would_take_over(shared):
    shared.create("manual", replicas=1, automatic_failover=False)
    shared.create("lone")
    for name, fragment in (("manual", "--automatic-failover: false"), ("lone", "no replica")):
        answer = shared.cachectl("cluster", "test-failover", name).expect(CONFLICT)
        assert fragment in answer.errors, answer
        assert shared.cluster(name).status == "available"
        shared.delete(name)


def test_a_drill_needs_the_tag_and_reports_what_it_cost(installation):
    cluster = create(installation, "drills", replicas=2, multi_az=True)
    refused = installation.cachectl("drill", "kill-node", "drills").expect(CONFLICT)
    assert "does not allow drills" in refused.errors and "cacheplane:drills=allowed" in refused.errors
    assert cluster.again().decisions == cluster.decisions

    installation.cachectl("cluster", "modify", "drills", tag="cacheplane:drills=allowed").expect(0)
    report = installation.cachectl("drill", "kill-node", "drills").expect(0).json
    again = installation.cluster("drills")
    assert (report["status"], report["killed"]) == ("succeeded", cluster.primary["name"])
    assert report["primary"] == again.primary["name"] != cluster.primary["name"]
    # It writes for half a second before and after.
    assert report["acknowledged_writes"] > 100 and report["failed_writes"] >= 1
    assert 0 < report["longest_gap_ms"] < 1000
    assert 0 <= report["lost_writes"] <= report["acknowledged_writes"] / 10
    print(report)
