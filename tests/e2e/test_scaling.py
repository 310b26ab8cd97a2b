"""Replicas come and go, and a lone node is made anew, while clients write."""
import pytest

from harness import Recorder, address_of, images, info, wait_until

CONFLICT, INVALID = 4, 7


def modify(installation, name, *words, **options):
    return installation.cachectl("cluster", "modify", name, *words, "--apply-immediately", **options)


def check_whole(installation, cluster, replicas):
    after = cluster.again()
    assert after.status == "available" and len(after.replicas) == replicas, after.described
    with after.connect() as client:
        assert client.info("replication")["connected_slaves"] == replicas
    # Neither a process nor a directory is left of those that went.
    wait_until("all of the others are erased", lambda: len(installation.engines()) == replicas + 1 and len(installation.node_directories()) == replicas + 1)
    return after


def test_replicas_from_one_to_five_and_back_lose_nothing(installation):
    cluster = installation.create("orders", replicas=1, multi_az=True)
    free = installation.free_addresses()
    primary = cluster.primary["name"]
    with Recorder(cluster.primary_endpoint) as recorder:
        for replicas in (3, 5, 2, 1):
            modify(installation, "orders", replicas=replicas).expect(0)
            after = check_whole(installation, cluster, replicas)
            assert after.primary["name"] == primary and len({node["zone"] for node in after.nodes}) == min(3, replicas + 1)
            recorder.wait_for(20)
    assert recorder.lost() == [] and recorder.errors == []
    wait_until("their addresses are free again", lambda: installation.free_addresses() == free)


def test_a_primary_does_not_fork_for_a_node_that_joins(shared):
    cluster = shared.create("calm", replicas=1, multi_az=True)
    with cluster.connect() as client:
        client.set("kept", "yes")
        before = client.info("stats")
    modify(shared, "calm", replicas=2).expect(0)
    after = cluster.again()
    with after.connect() as client:
        stats = client.info("stats")
    assert stats["sync_full"] == before["sync_full"] and stats["sync_partial_ok"] > before["sync_partial_ok"], stats
    assert after.status == "available" and len(after.replicas) == 2, after.described
    assert {info(address_of(node), "replication")["master_host"] for node in after.replicas} == {after.primary["address"]}
    shared.delete("calm")


def test_the_replica_that_was_named_goes_and_its_name_is_used_again(installation):
    cluster = installation.create("orders", replicas=3)
    named = cluster.replicas[0]["name"]
    refused = modify(installation, "orders", replicas=2, remove=cluster.primary["name"]).expect(CONFLICT)
    assert "is the primary" in refused.errors
    assert "no replica" in modify(installation, "orders", replicas=2, remove="orders-009").expect(INVALID).errors
    modify(installation, "orders", replicas=2, remove=named).expect(0)
    after = check_whole(installation, cluster, 2)
    assert named not in {node["name"] for node in after.nodes}
    modify(installation, "orders", replicas=3).expect(0)
    assert named in {node["name"] for node in check_whole(installation, cluster, 3).nodes}


def test_a_lone_node_gets_replicas_and_automatic_failover_and_loses_them_again(installation):
    cluster = installation.create("lone", replicas=0)
    with Recorder(cluster.primary_endpoint) as recorder:
        modify(installation, "lone", "--automatic-failover", replicas=1).expect(0)
        recorder.wait_for(20)
        assert check_whole(installation, cluster, 1).described["protection"] != "single-node"
        assert "automatic_failover" in modify(installation, "lone", replicas=0).expect(INVALID).errors.replace("-", "_")
        modify(installation, "lone", automatic_failover=False, replicas=0).expect(0)
        # Longer than the lease it had: nothing ends its writes any more.
        recorder.wait_for(2000, seconds=60)
        check_whole(installation, cluster, 0)
    assert recorder.lost() == [] and recorder.errors == []


def test_a_lone_node_is_lent_a_replica_that_takes_over(installation):
    if not any(engine == "valkey" and full.startswith("8.1.") for engine, full in images()):
        pytest.skip("no image of valkey 8.1")
    cluster = installation.create("lone", engine_version="8.0", replicas=0)
    with Recorder(cluster.primary_endpoint) as recorder:
        modify(installation, "lone", engine_version="8.1").expect(0)
        recorder.wait_for(2000, seconds=60)
    after = check_whole(installation, cluster, 0)
    assert recorder.lost() == [] and after.primary_endpoint == cluster.primary_endpoint
    assert str(info(address_of(after.primary), "server")["valkey_version"]).startswith("8.1.")


def test_what_no_host_has_room_for_is_refused(make_installation):
    installation = make_installation()
    installation.create("tight", replicas=1, node_type="cache.r6g.2xlarge")
    answer = modify(installation, "tight", replicas=5).expect(CONFLICT)
    assert "room for" in answer.errors and installation.cluster("tight").status == "available"
