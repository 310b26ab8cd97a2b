"""Every process of a shard ends at once: the newest data that a node saved come back, and an event says what is lost."""
import signal

import pytest

from harness import alive, connect, kill, wait_until


def fill(cluster, keys):
    with cluster.connect() as client:
        client.mset({f"key:{number}": number for number in keys})
        assert client.wait(len(cluster.replicas), 5000) == len(cluster.replicas)


def save(installation, node):
    with installation.as_agent(node) as client:
        assert client.save()


def given_two_saves(installation):
    """A cluster of three, of which one replica saved 200 of 300 keys, the other one 100, and the primary none."""
    cluster = installation.create("ashes", replicas=2, multi_az=True)
    early, late = cluster.replicas
    fill(cluster, range(100))
    save(installation, early)
    fill(cluster, range(100, 200))
    save(installation, late)
    fill(cluster, range(200, 300))
    return cluster, early, late


def kill_engines(installation, nodes):
    pids = [installation.pid_of(node) for node in nodes]
    # Stopped first: one that is killed a moment after the primary could be promoted in between.
    for how in (signal.SIGSTOP, signal.SIGKILL):
        for pid in pids:
            kill(pid, how)
    wait_until("they have ended", lambda: not any(map(alive, pids)))


def check_restored(installation, cluster, early, late):
    again = installation.wait_moved(cluster, 40)
    assert again.primary["name"] == late["name"]
    with again.connect() as client:
        assert client.dbsize() == 200 and client.get("key:199") == "199"
        assert client.set("after", "1") and client.wait(2, 10_000) == 2
    message = event_of(installation, late)
    assert f"becomes primary in place of {cluster.primary['name']}" in message
    assert f"{early['name']}: saved as of " in message and "bytes behind" in message
    assert f"{cluster.primary['name']}: saved nothing" in message
    # How many bytes, only if the primary had been asked after its last write.
    assert "whatever was written after" in message


def event_of(installation, node):
    messages = [event["message"] for event in installation.events("ashes")]
    told = [text for text in messages if f"node {node['name']} starts with what it saved" in text]
    assert len(told) == 1, messages
    return told[0]


def test_the_newest_come_back_after_everything_was_killed(installation):
    cluster, early, late = given_two_saves(installation)
    for program in (installation.control_plane, *installation.agents.values()):
        program.kill()
    kill_engines(installation, cluster.nodes)
    installation.start()
    check_restored(installation, cluster, early, late)
    assert installation.wait_status("ashes", "available").primary["name"] == late["name"]


def test_and_after_every_engine_was_killed(installation):
    cluster, early, late = given_two_saves(installation)
    kill_engines(installation, cluster.nodes)
    check_restored(installation, cluster, early, late)


@pytest.mark.parametrize("version", ["6.0", "8.0"])
def test_a_lone_node_comes_back_with_what_it_saved(installation, version):
    cluster = installation.create("ashes", engine="redis", engine_version=version)
    fill(cluster, range(100))
    save(installation, cluster.primary)
    fill(cluster, range(100, 200))
    kill_engines(installation, cluster.nodes)
    wait_until("the saved data are served", lambda: cluster.connect().dbsize() == 100)
    installation.wait_status("ashes", "available")
    assert "whatever was written after" in event_of(installation, cluster.primary)


def test_a_host_that_stays_away_is_given_up_for_what_others_saved(make_installation):
    installation = make_installation(control_plane_options=("--restore-after", "3s"))
    cluster, _, late = given_two_saves(installation)
    for node in cluster.replicas:
        installation.agents[node["zone"]].kill()
    installation.lose_host(cluster.primary["zone"])
    kill_engines(installation, cluster.replicas)
    for node in cluster.replicas:
        installation.agents[node["zone"]].start()

    def serves():
        with cluster.again().connect() as client:
            assert client.dbsize() == 200
            return client.set("key:199", "199")
    wait_until("what the others saved is served", serves, 40)
    assert f"{cluster.primary['agent']} is silent, and what it has is unknown" in event_of(installation, late)
    installation.agents[cluster.primary["zone"]].start()
    again = installation.wait_status("ashes", "available")
    assert again.primary["name"] == late["name"]
