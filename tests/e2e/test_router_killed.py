"""kill -9 of the router, on both data paths."""
import statistics
import time

import pytest

from harness import Hammer, connect, wait_until


def test_kernel_path_serves_all_clients_while_the_router_is_away(installation):
    if installation.data_path != "kernel":
        pytest.skip("the kernel path needs CAP_NET_ADMIN")
    cluster = installation.create("kernel", replicas=1)
    with Hammer(cluster.primary_endpoint) as writer, Hammer(cluster.reader_endpoint, write=False) as reader:
        installation.router.kill()
        writer.wait_for(200)
        reader.wait_for(200)
        installation.router.start()
        installation.wait_connected()
        writer.wait_for(50)
        reader.wait_for(50)
    assert writer.errors == [] and reader.errors == []


def test_kernel_path_keeps_up_with_what_happened_while_the_router_was_away(installation):
    if installation.data_path != "kernel":
        pytest.skip("the kernel path needs CAP_NET_ADMIN")
    old = installation.create("old")
    installation.router.kill()
    installation.cachectl("cluster", "create", "new", "--no-wait", node_type="cache.t4g.micro").expect(0)
    installation.cachectl("cluster", "delete", "old", "--yes").expect(0)
    installation.router.start()
    cluster = installation.wait_status("new", "available")
    with cluster.connect() as client:
        assert client.ping()
    wait_until("the old endpoint is gone",
               lambda: old.primary_endpoint[0] + " ." not in installation.kernel_table())


def test_proxy_path_serves_and_spreads(make_installation):
    installation = make_installation(data_path="proxy")
    assert installation.data_path == "proxy"
    cluster = installation.create("proxied", replicas=2)
    with cluster.connect() as writer:
        writer.set("a", "1")
        assert writer.wait(2, 5000) == 2
    readers = set()
    for _ in range(8):
        with cluster.connect_reader() as reader:
            assert reader.get("a") == "1"
            readers.add(reader.info("server")["run_id"])
    assert len(readers) == 2
    assert installation.kernel_table() == ""


def test_proxy_path_is_back_within_a_second_from_its_last_map_without_a_control_plane(make_installation):
    installation = make_installation(data_path="proxy")
    cluster = installation.create("proxied", replicas=1)
    installation.control_plane.kill()
    absences = []
    for _ in range(3):
        installation.router.kill()
        started = time.monotonic()
        installation.router.start()
        wait_until("the endpoint serves", lambda: answers(cluster.primary_endpoint))
        absences.append(time.monotonic() - started)
    assert statistics.median(absences) < 1, absences
    with Hammer(cluster.primary_endpoint) as writer:
        installation.control_plane.start()
        installation.wait_connected()
        writer.wait_for(100)
    assert writer.errors == []


def answers(endpoint):
    with connect(endpoint, socket_connect_timeout=0.2, socket_timeout=0.2) as client:
        return client.ping()
