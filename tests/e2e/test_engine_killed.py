"""kill -9 of engines: what comes back by itself, and what must not."""
import pytest

from harness import Hammer, address_of, alive, connect, info, kill, wait_until

KEYS = 1000


def fill(cluster):
    with cluster.connect() as client:
        with client.pipeline(transaction=False) as pipeline:
            for number in range(KEYS):
                pipeline.set(f"key:{number}", number)
            pipeline.execute()
        assert client.wait(len(cluster.replicas), 5000) == len(cluster.replicas)


def size(node):
    with connect(address_of(node)) as client:
        return client.dbsize()


def test_a_replica_is_back_at_its_address_in_its_role_and_reads_never_stop(installation):
    cluster = installation.create("books", replicas=2, multi_az=True)
    fill(cluster)
    victim = cluster.replicas[0]
    with Hammer(cluster.primary_endpoint) as writer, Hammer(cluster.reader_endpoint, write=False) as reader:
        old = installation.pid_of(victim)
        kill(old)
        wait_until("its process runs again", lambda: installation.pid_of(victim) != old)
        wait_until("it follows its primary again", lambda: follows(victim, cluster.primary))
        again = installation.wait_status("books", "available")
        reader.wait_for(50)
    assert writer.errors == []
    # Connections to the dead process break; whoever dials again is served by the others.
    assert reader.longest_wait < 2, (reader.longest_wait, reader.errors)
    assert [node["address"] for node in again.nodes] == [node["address"] for node in cluster.nodes]
    assert again.replicas[0]["role"] == "replica" and size(victim) >= KEYS


def follows(replica, primary):
    seen = info(address_of(replica), "replication")
    return (seen["master_host"], seen["master_port"]) == address_of(primary) and seen["master_link_status"] == "up"


def test_a_lone_node_is_back_and_takes_writes(installation):
    cluster = installation.create("lone")
    old = installation.pid_of(cluster.primary)
    kill(old)
    wait_until("its process runs again", lambda: installation.pid_of(cluster.primary) != old)
    wait_until("it takes writes", lambda: cluster.connect().set("a", "1"))
    again = installation.wait_status("lone", "available")
    assert again.primary["address"] == cluster.primary["address"]


def check_replaced_with_its_data(installation, cluster):
    again = installation.wait_moved(cluster)
    assert [size(node) for node in again.nodes] == [KEYS] * len(again.nodes)
    assert again.epoch > cluster.epoch
    with again.connect() as client:
        assert client.get(f"key:{KEYS - 1}") == str(KEYS - 1)
        assert client.set("after", "1") and client.wait(len(again.replicas), 5000) == len(again.replicas)
    return again


def test_a_killed_primary_never_costs_its_replicas_their_data(installation):
    cluster = installation.create("precious", replicas=2, multi_az=True)
    fill(cluster)
    pids = cluster.pids()
    kill(pids[cluster.primary["name"]])
    check_replaced_with_its_data(installation, cluster)
    assert all(installation.pid_of(node) == pids[node["name"]] for node in cluster.replicas)
    installation.delete("precious")
    assert installation.engines() == {} and installation.node_directories() == []


@pytest.mark.parametrize("also", ["its agent", "the control plane", "every agent and the control plane"])
def test_nor_does_it_when_others_die_with_it(installation, also):
    cluster = installation.create("precious", replicas=1, multi_az=True)
    fill(cluster)
    agent = installation.agents[cluster.primary["zone"]]
    victims = {"its agent": [agent], "the control plane": [installation.control_plane],
               "every agent and the control plane": [installation.control_plane, *installation.agents.values()]}[also]
    pid = installation.pid_of(cluster.primary)
    for program in victims:
        program.kill()
    kill(pid)
    wait_until("the primary is gone", lambda: not alive(pid))
    for program in victims:
        program.start()
    installation.wait_connected()
    check_replaced_with_its_data(installation, cluster)


def test_a_cluster_whose_processes_all_died_serves_again_and_says_what_was_lost(installation):
    cluster = installation.create("phoenix", replicas=2, multi_az=True)
    fill(cluster)
    old = cluster.pids()
    for pid in old.values():
        kill(pid)
    wait_until("every process is a new one", lambda: not set(cluster.pids().values()) & set(old.values()))
    again = installation.wait_status("phoenix", "available")
    with again.connect() as client:
        assert client.dbsize() == 0 and client.set("a", "1") and client.wait(2, 5000) == 2
    assert any("what the shard held in memory is lost" in event["message"] for event in installation.events("phoenix"))


def test_a_data_directory_that_cannot_be_used_is_said(installation):
    cluster = installation.create("sick")
    directory = next((installation.places.agent_home(cluster.primary["agent"]) / "nodes" / "sick-001").glob("node-*/data"))
    old = installation.pid_of(cluster.primary)
    directory.rename(directory.with_name("elsewhere"))
    directory.write_text("not a directory")
    kill(old)
    impaired = installation.wait_status("sick", "impaired")
    assert "sick-001" in impaired.reason, impaired.reason
    directory.unlink()
    directory.with_name("elsewhere").rename(directory)
    installation.wait_status("sick", "available")
