"""Many clusters beside each other, and what is left of them: nothing."""
import concurrent.futures

from harness import alive

SHAPES = [{}, {"replicas": 1}, {"replicas": 2, "multi_az": True}]


def shape_of(number):
    """Of twenty, ten are lone nodes and four have two replicas."""
    return SHAPES[(0, 1, 0, 2, 0, 1, 0, 1, 0, 2)[number % 10]]


def at_once(function, values, workers=10):
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, values))


def check_serves(cluster):
    assert cluster.status == "available"
    assert cluster.primary_endpoint[1] == cluster.reader_endpoint[1] == 6379
    with cluster.connect() as client:
        client.set("name", cluster.name)
        assert client.get("name") == cluster.name


def check_apart(clusters):
    addresses = [node["address"] for cluster in clusters for node in cluster.nodes]
    addresses += [endpoint[0] for cluster in clusters for endpoint in (cluster.primary_endpoint, cluster.reader_endpoint)]
    assert len(addresses) == len(set(addresses))
    for cluster in clusters:
        with cluster.connect() as client:
            assert client.get("name") == cluster.name


def check_nothing_left(installation, clusters, free_before):
    assert installation.cluster_names() == []
    assert installation.engines() == {}
    assert installation.node_directories() == []
    assert installation.free_addresses() == free_before
    assert installation.cachectl("node", "list").expect(0).json["nodes"] == []
    for cluster in clusters:
        assert cluster.primary_endpoint[0] + " ." not in installation.kernel_table()
    for row in installation.cachectl("agent", "list").expect(0).json["agents"]:
        assert (row["node_count"], row["memory_reserved_bytes"], row["unknown_nodes"]) == (0, "0", [])


def test_twenty_created_in_a_row_all_serve_on_the_same_port_and_leave_nothing(shared):
    free = shared.free_addresses()
    clusters = []
    for number in range(20):
        clusters.append(shared.create(f"row-{number}", **shape_of(number)))
        check_serves(clusters[-1])
    check_apart(clusters)
    pids = [pid for cluster in clusters for pid in cluster.pids().values()]
    at_once(shared.delete, [cluster.name for cluster in clusters])
    check_nothing_left(shared, clusters, free)
    assert not any(alive(pid) for pid in pids)


def test_ten_created_at_once_all_serve_and_leave_nothing(shared):
    free = shared.free_addresses()
    clusters = at_once(lambda number: shared.create(f"once-{number}", **shape_of(number)), range(10))
    for cluster in clusters:
        check_serves(cluster)
    check_apart(clusters)
    at_once(shared.delete, [cluster.name for cluster in clusters])
    check_nothing_left(shared, clusters, free)


def test_a_name_is_free_again_after_deletion_and_holds_nothing_of_before(shared):
    first = shared.create("again", replicas=1)
    with first.connect() as client:
        client.set("old", "data")
    shared.delete("again")
    second = shared.create("again", replicas=1)
    assert second.described["uid"] != first.described["uid"]
    with second.connect() as client:
        assert client.dbsize() == 0
    shared.delete("again")


def test_a_cluster_can_be_deleted_while_it_is_created(shared):
    free = shared.free_addresses()
    shared.cachectl("cluster", "create", "brief", "--no-wait", node_type="cache.t4g.micro", replicas=2).expect(0)
    assert shared.delete("brief")["status"] == "succeeded"
    check_nothing_left(shared, [], free)
