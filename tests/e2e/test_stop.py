"""Clusters are stopped with their data kept, and started again."""
import time

import pytest

from harness import Recorder, holds_for, images, kill_and_start, wait_until

CONFLICT = 4


def stop(installation, name):
    installation.cachectl("cluster", "stop", name, "--yes").expect(0)


def start(installation, name):
    installation.cachectl("cluster", "start", name).expect(0)


def test_nothing_runs_and_nothing_is_lost(installation):
    cluster = installation.create("orders", replicas=2, multi_az=True)
    before = cluster.again()
    with Recorder(cluster.primary_endpoint) as recorder:
        recorder.wait_for(200)
        stop(installation, "orders")
    stopped = cluster.again()
    assert stopped.status == "stopped" and {node["status"] for node in stopped.nodes} == {"stopped"}
    assert installation.engines() == {} and len(installation.node_directories()) == 3
    told = [event["message"] for event in installation.events("orders") if "is stopped" in event["message"]]
    assert told == ["Cluster orders is stopped; its data are kept"], told
    # Neither agents nor the control plane bring anything up that is to be down.
    kill_and_start(installation.programs())
    installation.wait_connected()
    holds_for("it stays stopped", lambda: cluster.again().status == "stopped" and installation.engines() == {}, 2)
    assert "is stopped" in installation.cachectl("cluster", "reboot", "orders").expect(CONFLICT).errors
    start(installation, "orders")
    after = cluster.again()
    print(f"{recorder.count} acknowledged writes")
    assert recorder.lost() == []
    assert after.status == "available" and after.primary["name"] == before.primary["name"]
    assert after.primary_endpoint == before.primary_endpoint and after.reader_endpoint == before.reader_endpoint


@pytest.mark.parametrize("engine, full", images(), ids=lambda value: value)
def test_every_version_comes_back_with_its_data(shared, engine, full):
    name = f"of-{engine}-{full.rpartition('.')[0]}".replace(".", "-")
    cluster = shared.create(name, engine=engine, engine_version=full.rpartition(".")[0])
    with cluster.connect() as client:
        client.set("kept", "yes")
    stop(shared, name)
    start(shared, name)
    with cluster.connect() as client:
        assert client.get("kept") == "yes"
    shared.delete(name)


@pytest.mark.parametrize("victim", ["control plane", "agents"])
def test_who_is_killed_in_the_middle_changes_nothing_of_the_end(make_installation, victim):
    installation = make_installation()
    cluster = installation.create("orders", replicas=1, multi_az=True)
    for moment in range(3):
        with Recorder(cluster.primary_endpoint) as recorder:
            recorder.wait_for(50)
            installation.cachectl("cluster", "stop", "orders", "--yes", "--no-wait").expect(0)
            time.sleep(0.1 * moment)  # the moment itself; nothing is assumed to have happened by then
            kill_and_start(installation.victims(victim))
            wait_until("it is stopped", lambda: cluster.again().status == "stopped", seconds=60)
        installation.cachectl("cluster", "start", "orders", "--no-wait").expect(0)
        time.sleep(0.1 * moment)  # as above
        kill_and_start(installation.victims(victim))
        installation.wait_status("orders", "available", seconds=60)
        assert recorder.lost() == [], moment


def test_programs_killed_in_the_middle_change_nothing_of_the_end(installation):
    cluster = installation.create("orders", replicas=1, multi_az=True)
    with Recorder(cluster.primary_endpoint) as recorder:
        recorder.wait_for(50)
        installation.cachectl("cluster", "stop", "orders", "--yes", "--no-wait").expect(0)
        kill_and_start(installation.programs())
        wait_until("it is stopped", lambda: cluster.again().status == "stopped", seconds=60)
    installation.cachectl("cluster", "start", "orders", "--no-wait").expect(0)
    kill_and_start(installation.programs())
    installation.wait_status("orders", "available", seconds=60)
    assert recorder.lost() == []


def test_a_stopped_cluster_can_be_deleted(installation):
    installation.create("orders", replicas=1)
    stop(installation, "orders")
    installation.delete("orders")
    wait_until("nothing is left", lambda: installation.node_directories() == [])
