"""Agents whose fence is a guard process, as where they may not change the kernel's packet filter."""
import os
import signal
import subprocess

import pytest

from harness import Hammer, alive, guards_below, kill, wait_until


@pytest.fixture
def guarded(make_installation):
    return make_installation(agent_options=("--fence", "guard"))


def guards(installation, zone):
    """The pids of that agent's guard processes."""
    return guards_below(installation.places.agent_home("agent-" + zone[-1]))


def test_it_is_shown_and_a_silent_host_is_failed_over(guarded):
    cluster = guarded.create("orders", replicas=2, multi_az=True)
    assert cluster.described["protection"] == "guard"
    assert guarded.agent("agent-a")["fence"] == "guard"
    primary = guarded.pid_of(cluster.primary)
    with cluster.connect() as client:
        assert client.set("kept", "yes") and client.wait(2, 5000) == 2
    agent = guarded.agents[cluster.primary["zone"]]
    os.kill(agent.pid, signal.SIGSTOP)
    wait_until("the guard kills the primary", lambda: not alive(primary))

    def moved():
        return cluster.again().primary["name"] != cluster.primary["name"]

    wait_until("another is primary", moved)
    os.kill(agent.pid, signal.SIGCONT)
    again = guarded.wait_status("orders", "available")
    assert again.shard["failovers"] == 1
    with again.connect() as client:
        assert client.get("kept") == "yes"
        assert client.wait(2, 5000) == 2, "the one that was killed follows again"


def test_an_agent_and_a_guard_that_are_killed_cost_nobody_anything(guarded):
    cluster = guarded.create("steady", replicas=2, multi_az=True)
    before = cluster.pids()
    zone = cluster.primary["zone"]
    (guard,) = guards(guarded, zone)
    with Hammer(cluster.primary_endpoint) as writer:
        # At once, as whatever watches over it does it: a lease lasts for a second.
        guarded.agents[zone].kill()
        guarded.agents[zone].start()
        guarded.wait_connected()
        assert guards(guarded, zone) == [guard], "the next agent found it"
        kill(guard)
        wait_until("another guards", lambda: guards(guarded, zone) not in ([], [guard]))
        writer.wait_for(200)
    assert writer.errors == []
    assert cluster.pids() == before and cluster.again().decisions == cluster.decisions
    # The new one was told whom to guard.
    guarded.agents[zone].kill()
    wait_until("it ends the primary of an agent that stays away", lambda: not alive(before[cluster.primary["name"]]))
    guarded.agents[zone].start()
    guarded.wait_moved(cluster)


def test_what_is_drained_has_saved_its_data_and_no_guard_is_left(guarded):
    cluster = guarded.create("saved", replicas=1, multi_az=True)
    with cluster.connect() as client:
        client.mset({f"key:{number}": number for number in range(500)})
        assert client.wait(1, 5000) == 1
    guarded.stop()
    assert guarded.engines() == {}
    wait_until("no guard is left", lambda: not any(guards(guarded, zone) for zone in guarded.agents))
    guarded.start()
    with guarded.wait_status("saved", "available").connect() as client:
        assert client.dbsize() == 500


def test_auto_is_a_guard_where_the_kernels_rules_may_not_be_changed(installation):
    for agent in installation.agents.values():
        agent.kill()
        agent.command[:0] = ["setpriv", "--bounding-set", "-net_admin"]
        agent.start()
    wait_until("they say so", lambda: all(installation.agent(name)["fence"] == "guard" for name in installation.agent_names()))
    cluster = installation.create("orders", replicas=1, multi_az=True)
    assert cluster.described["protection"] == "guard"


def test_one_kind_of_fence_at_a_time(guarded):
    cluster = guarded.create("orders", replicas=1, multi_az=True)
    for zone, agent in guarded.agents.items():
        agent.kill()
        agent.command[-1] = "kernel"
        agent.start()
        wait_until("its guard is gone", lambda zone=zone: guards(guarded, zone) == [])
    wait_until("the kernel fences", lambda: cluster.again().described["protection"] == "kernel")
    agent = guarded.agents[guarded.wait_status("orders", "available").primary["zone"]]
    agent.kill()
    refused = subprocess.run([*agent.command[:-1], "guard"], capture_output=True, text=True, timeout=20, check=False)
    assert refused.returncode == 1 and "--drain" in refused.stderr, refused
    agent.start()
    guarded.wait_status("orders", "available")
