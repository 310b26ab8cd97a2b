"""What a created cluster is: verified when it says available, and shaped as documented."""
import pytest

from harness import address_of, alive, info


@pytest.fixture(scope="module")
def orders(shared):
    """Described right after create returned; nobody waited for anything else."""
    cluster = shared.create("orders", engine="valkey", engine_version="8.0", replicas=2, multi_az=True)
    yield cluster
    shared.delete("orders")


def test_available_means_that_everything_is_true_already(orders):
    assert orders.status == "available" and orders.reason == ""
    primary = info(address_of(orders.primary), "replication")
    assert primary["role"] == "master" and primary["connected_slaves"] == 2
    listed = {(primary[f"slave{i}"]["ip"], primary[f"slave{i}"]["port"]) for i in (0, 1)}
    assert listed == {address_of(node) for node in orders.replicas}
    assert all(primary[f"slave{i}"]["state"] == "online" for i in (0, 1))
    for node in orders.replicas:
        replica = info(address_of(node), "replication")
        assert replica["role"] == "slave" and replica["master_link_status"] == "up"
        assert (replica["master_host"], replica["master_port"]) == address_of(orders.primary)


def test_three_processes_run_in_three_zones(shared, orders):
    assert sorted(node["zone"] for node in orders.nodes) == ["us-east-1a", "us-east-1b", "us-east-1c"]
    pids = set(orders.pids().values())
    assert len(pids) == 3 and all(alive(pid) for pid in pids)
    for node in orders.nodes:
        assert info(address_of(node), "server")["process_id"] == shared.pid_of(node)


def test_every_node_runs_the_version_asked_for(orders):
    for node in orders.nodes:
        seen = info(address_of(node), "server")
        assert seen["valkey_version"] == "8.0.1" == node["engine_version"]


def test_what_is_written_to_the_primary_endpoint_is_read_from_the_reader_endpoint(orders):
    assert orders.primary_endpoint[1] == orders.reader_endpoint[1] == 6379
    assert orders.primary_endpoint[0] != orders.reader_endpoint[0]
    with orders.connect() as writer:
        assert writer.info("replication")["role"] == "master"
        writer.set("greeting", "hello")
        assert writer.wait(2, 5000) == 2
    for _ in range(6):
        with orders.connect_reader() as reader:
            assert reader.info("replication")["role"] == "slave"
            assert reader.get("greeting") == "hello"


def test_the_json_of_a_cluster_has_the_documented_shape(orders):
    assert set(orders.described["primary_endpoint"]) == {"address", "port"} == set(orders.described["reader_endpoint"])
    [shard] = orders.described["shards"]
    assert shard["slots"] == "0-16383"
    assert [node["name"] for node in shard["nodes"]] == ["orders-001", "orders-002", "orders-003"]
    assert [node["role"] for node in shard["nodes"]] == ["primary", "replica", "replica"]
    for node in shard["nodes"]:
        assert {"name", "role", "zone", "address", "port", "engine_version", "status"} <= set(node)
        assert node["status"] == "available" and node["port"] == 6379


def test_what_is_not_enforced_yet_is_said(orders):
    assert any("not enforced" in notice for notice in orders.described["notices"]), orders.described["notices"]


def test_a_port_of_its_own_is_taken_by_nodes_and_endpoints(shared):
    cluster = shared.create("ported", port=7001, replicas=1)
    assert {cluster.primary_endpoint[1], cluster.reader_endpoint[1], *(node["port"] for node in cluster.nodes)} == {7001}
    with cluster.connect() as client:
        assert client.ping()
    shared.delete("ported")


def test_the_reader_endpoint_of_a_lone_node_leads_to_it(shared):
    cluster = shared.create("lone")
    with cluster.connect() as writer, cluster.connect_reader() as reader:
        writer.set("a", "1")
        assert reader.get("a") == "1"
    shared.delete("lone")


def test_a_cluster_may_have_the_nodes_in_the_zones_named(shared):
    cluster = shared.create("zoned", replicas=2, zones="us-east-1c,us-east-1a,us-east-1a")
    assert [node["zone"] for node in cluster.nodes] == ["us-east-1c", "us-east-1a", "us-east-1a"]
    shared.delete("zoned")
