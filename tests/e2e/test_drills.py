"""Faults on purpose: what a drill reports is what happened, and nothing of it stays, whoever dies meanwhile."""
import pathlib
import subprocess

import pytest

from harness import address_of, alive, info, wait_until
from harness.clients import Errors

CONFLICT, INVALID, MISSING = 4, 7, 3
ALLOWED = "cacheplane:drills=allowed"


def create(installation, name, **options):
    """With something in it, and drills allowed."""
    cluster = installation.create(name, tag=ALLOWED, **options)
    with cluster.connect() as client:
        client.set("kept", "yes")
        assert client.wait(len(cluster.replicas), 5000) == len(cluster.replicas)
    return cluster


def drill(installation, kind, *words, **options):
    return installation.cachectl("drill", kind, *words, **options).expect(0).json


def start(installation, kind, seconds, **fields):
    """StartDrill alone, so that a test can do something meanwhile."""
    body = {"kind": kind, "duration": f"{seconds}s", **fields}
    status, text = installation.http("POST", "/v1/DrillService/StartDrill", body)
    assert status == 200, text


def is_stopped(pid):
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def cut_table(installation, agent):
    """As text; empty when there is none."""
    words = ["nft", "list", "table", "ip", installation.places.cut_table(agent)]
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout


def is_cut(installation, agent):
    return "expires" in cut_table(installation, agent)


def check_nothing_stays(installation):
    assert not any(is_stopped(pid) for pid in installation.engines() if alive(pid))
    assert [str(mark) for mark in installation.home.glob("agents/*/paused/*")] == []
    for zone in installation.agents:
        wait_until("no table of a cut is left", lambda zone=zone: cut_table(installation, "agent-" + zone[-1]) == "", 5)


def check_replaced(installation, before, report):
    """Another is primary, the old one follows it at its address, and the report says so."""
    again = installation.wait_status(before.name, "available")
    assert (report["cluster"], report["status"]) == (before.name, "available")
    assert report["primary_before"] == before.primary["name"]
    assert report["primary"] == again.primary["name"] != before.primary["name"]
    old = next(node for node in again.nodes if node["name"] == before.primary["name"])
    assert (old["address"], old["agent"]) == (before.primary["address"], before.primary["agent"])
    seen = info(address_of(old), "replication")
    assert seen["role"] == "slave" and (seen["master_host"], seen["master_port"]) == address_of(again.primary)
    assert report["acknowledged_writes"] > 100 and report["failed_writes"] >= 1
    assert 0 <= report["lost_writes"] <= report["acknowledged_writes"] / 10
    with again.connect() as client:
        assert client.get("kept") == "yes"
        assert client.set("after", "1") and client.wait(len(again.replicas), 5000) == len(again.replicas)
    check_nothing_stays(installation)
    return again


def test_a_paused_primary_is_replaced_and_comes_back_as_a_replica(installation):
    cluster = create(installation, "orders", replicas=2, multi_az=True)
    pid = installation.pid_of(cluster.primary)
    report = drill(installation, "pause-node", "orders", "--for", "2s")
    assert (report["drill"], report["seconds"], report["nodes"]) == ("pause-node", 2, [cluster.primary["name"]])
    assert 0 < report["longest_gap_ms"] < 1500
    check_replaced(installation, cluster, report)
    assert not alive(pid), "it might have acknowledged writes"
    told = [event["message"] for event in installation.events("orders")]
    assert f"Drill pause-node: the process of {cluster.primary['name']} on {cluster.primary['agent']} is stopped for 2 s" in told


def test_a_paused_replica_goes_on_and_the_primary_stays(installation):
    cluster = create(installation, "calm", replicas=2, multi_az=True)
    replica = cluster.replicas[1]
    before = cluster.pids()
    report = drill(installation, "pause-node", "calm", "--node", replica["name"], "--for", "1s")
    assert report["nodes"] == [replica["name"]]
    assert report["primary"] == report["primary_before"] == cluster.primary["name"]
    assert (report["failed_writes"], report["lost_writes"]) == (0, 0), report
    assert cluster.pids() == before
    check_nothing_stays(installation)


def test_a_paused_process_goes_on_with_the_next_agent(installation):
    """A lone node is nobody's to kill: only whoever stopped it would ever continue it."""
    cluster = create(installation, "lone")
    pid = installation.pid_of(cluster.primary)
    agent = installation.agents[cluster.primary["zone"]]
    start(installation, "pause-node", 60, cluster="lone")
    wait_until("it is stopped", lambda: is_stopped(pid))
    agent.kill()
    assert is_stopped(pid)
    agent.start()
    wait_until("it goes on long before the drill would end", lambda: not is_stopped(pid), seconds=10)
    again = installation.wait_status("lone", "available")
    assert installation.pid_of(again.primary) == pid
    with again.connect() as client:
        assert client.get("kept") == "yes"
    check_nothing_stays(installation)


def test_nor_does_it_stay_stopped_when_the_agent_drains(installation):
    cluster = create(installation, "drained")
    start(installation, "pause-node", 60, cluster="drained")
    wait_until("it is stopped", lambda: is_stopped(installation.pid_of(cluster.primary)))
    installation.stop()
    installation.start()
    installation.wait_status("drained", "available")
    with cluster.connect() as client:
        assert client.get("kept") == "yes"


def test_a_cut_off_primary_is_replaced_and_its_process_follows_later(installation):
    cluster = create(installation, "cuts", replicas=2, multi_az=True)
    before = cluster.pids()
    report = drill(installation, "cut-host", "cuts", "--for", "4s")
    assert (report["drill"], report["agents"]) == ("cut-host", [cluster.primary["agent"]])
    # A lease of a second is waited for.
    assert 500 < report["longest_gap_ms"] < 3000
    again = check_replaced(installation, cluster, report)
    assert again.pids() == before
    assert again.shard["failovers"] == 1


@pytest.mark.parametrize("agent_dies", ["", "and returns at once", "and returns later"])
def test_a_cut_lasts_and_ends_in_time_whatever_its_agent_does(installation, agent_dies):
    """Longer than the kernel waits for an answer on the agent's connection: it would dial anew."""
    cluster = create(installation, "cuts", replicas=2, multi_az=True)
    pids = cluster.pids()
    name = cluster.primary["agent"]
    agent = installation.agents[cluster.primary["zone"]]
    start(installation, "cut-host", 8, cluster="cuts")
    wait_until("another is primary", lambda: cluster.again().primary["name"] != cluster.primary["name"], seconds=5)
    if agent_dies:
        agent.kill()
    if agent_dies.endswith("at once"):
        agent.start()
    heard = installation.agent(name)["last_heard_time"]
    assert is_cut(installation, name)
    while is_cut(installation, name):
        assert installation.agent(name)["last_heard_time"] == heard or not is_cut(installation, name)
    if agent_dies.endswith("later"):
        assert cut_table(installation, name), "nobody is there who could remove it"
        agent.start()
    again = installation.wait_status("cuts", "available")
    assert again.primary["name"] != cluster.primary["name"] and again.pids() == pids
    check_nothing_stays(installation)


def test_engines_of_a_cut_host_hear_nobody_but_their_agent(installation):
    cluster = create(installation, "mute")
    pids = cluster.pids()
    address = address_of(cluster.primary)
    start(installation, "cut-host", 5, cluster="mute")
    wait_until("it is cut off", lambda: is_cut(installation, cluster.primary["agent"]))
    with pytest.raises(Errors):
        with cluster.connect(socket_timeout=0.3, socket_connect_timeout=0.3) as client:
            client.ping()
    wait_until("it is heard again", lambda: info(address), seconds=15)
    # Had its agent not heard it either, it would have been reported as hung, and killed at worst.
    assert cluster.again().pids() == pids
    log = installation.agents[cluster.primary["zone"]].tail(1000)
    assert "no answer" not in log, log


def test_a_lost_zone_is_all_that_is_in_it_and_everybody_there_must_allow_it(installation):
    cluster = create(installation, "orders", replicas=2, multi_az=True)
    other = installation.create("private")
    refused = installation.cachectl("drill", "lose-zone", other.primary["zone"], "--for", "3s").expect(CONFLICT)
    assert '"private" would be hit and does not allow drills' in refused.errors
    assert cluster.again().decisions == cluster.decisions
    check_nothing_stays(installation)

    installation.cachectl("cluster", "modify", "private", tag=ALLOWED).expect(0)
    report = drill(installation, "lose-zone", "--cluster", "orders", "--for", "4s")
    assert report["drill"] == "lose-zone" and cluster.primary["name"] in report["nodes"]
    assert 500 < report["longest_gap_ms"] < 3000
    check_replaced(installation, cluster, report)
    installation.wait_status("private", "available")


def test_bad_drills_are_refused_with_what_is_allowed(shared):
    cluster = shared.create("plain", replicas=1)
    refused = shared.cachectl("drill", "cut-host", "plain").expect(CONFLICT)
    assert "does not allow drills" in refused.errors and ALLOWED in refused.errors
    shared.cachectl("cluster", "modify", "plain", tag=ALLOWED).expect(0)
    for words, code, fragment in (
            (("pause-node", "plain", "--for", "61s"), INVALID, "allowed: 1 s to 60 s"),
            (("pause-node", "plain", "--for", "0"), INVALID, "allowed: 1 s to 60 s"),
            (("pause-node", "plain", "--node", "nobody"), MISSING, cluster.primary["name"]),
            (("cut-host", "plain", "--host", "nowhere"), MISSING, "agent-a"),
            (("lose-zone", "moon"), MISSING, "us-east-1a"),
            (("lose-zone",), 252, "ZONE or --cluster is missing"),
            (("pause-node", "nobody"), MISSING, "nobody")):
        answer = shared.cachectl("drill", *words).expect(code)
        assert fragment in answer.errors, answer
    assert cluster.again().decisions == cluster.decisions
    assert not any("Drill" in event["message"] for event in shared.events("plain"))
    check_nothing_stays(shared)
    shared.delete("plain")


def test_one_drill_at_a_time(shared):
    cluster = create(shared, "busy")
    start(shared, "pause-node", 3, cluster="busy")
    refused = shared.cachectl("drill", "pause-node", "busy")
    assert refused.code == CONFLICT, refused
    wait_until("it serves again", lambda: info(address_of(cluster.primary)), seconds=10)
    shared.wait_status("busy", "available")
    check_nothing_stays(shared)
    shared.delete("busy")


def test_without_the_right_a_host_is_not_cut_and_the_error_says_why(make_installation):
    installation = make_installation(zones=("us-east-1a",))
    agent = installation.agents["us-east-1a"]
    agent.stop()
    agent.command = ["setpriv", "--bounding-set", "-net_admin", "--inh-caps", "-net_admin", *agent.command]
    agent.start()
    installation.wait_connected()
    create(installation, "weak")
    refused = installation.cachectl("drill", "cut-host", "weak").expect(CONFLICT)
    assert "agent-a: the host cannot be cut off without the kernel's packet filter" in refused.errors, refused
    told = [event["message"] for event in installation.events("weak")]
    assert any(text.startswith("Drill cut-host is not made as ordered: agent-a: ") for text in told), told
    drill(installation, "pause-node", "weak", "--for", "1s")
    check_nothing_stays(installation)
