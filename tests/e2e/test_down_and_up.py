"""Everything stopped as deploy/down does, and started again."""
from harness import Hammer

KEYS = 500
SHAPES = {"lone": {}, "pair": {"replicas": 1}, "trio": {"replicas": 2, "multi_az": True}}


def fill(cluster):
    with cluster.connect() as client:
        client.mset({f"key:{number}": number for number in range(KEYS)})
        assert client.wait(len(cluster.replicas), 5000) == len(cluster.replicas)


def check_data(cluster):
    for client in (cluster.connect(), cluster.connect_reader()):
        with client:
            assert client.dbsize() == KEYS
            assert client.get(f"key:{KEYS - 1}") == str(KEYS - 1)


def test_clusters_come_back_with_their_data_and_endpoints(installation):
    before = {name: installation.create(name, **shape) for name, shape in SHAPES.items()}
    for cluster in before.values():
        fill(cluster)
    for _ in range(2):
        installation.stop()
        assert installation.engines() == {}
        installation.start()
        for name, cluster in before.items():
            again = installation.wait_status(name, "available")
            assert (again.primary_endpoint, again.reader_endpoint) == (cluster.primary_endpoint, cluster.reader_endpoint)
            assert [node["address"] for node in again.nodes] == [node["address"] for node in cluster.nodes]
            assert again.described["uid"] == cluster.described["uid"]
            check_data(again)
    for name in SHAPES:
        with installation.cluster(name).connect() as client:
            client.set("written", "after")
    for name in SHAPES:
        installation.delete(name)
    assert installation.engines() == {} and installation.node_directories() == []


def test_a_kernel_table_that_was_removed_is_put_back(installation):
    cluster = installation.create("lone")
    installation.router.stop()
    installation.remove_table()
    assert installation.kernel_table() == ""
    installation.router.start()
    installation.wait_connected()
    with Hammer(cluster.primary_endpoint) as writer:
        writer.wait_for(50)
    assert writer.errors == []


def test_stopping_agents_and_router_stops_no_engine(installation):
    cluster = installation.create("pair", replicas=1)
    pids = cluster.pids()
    fill(cluster)
    for program in reversed(installation.programs()):
        program.stop()
    assert set(installation.engines()) == set(pids.values())
    installation.start()
    installation.wait_status("pair", "available")
    assert cluster.pids() == pids
    check_data(cluster)
