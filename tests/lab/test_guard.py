"""Hosts on which the kernel is no fence: a guard process kills the engine when its lease ends."""
import pytest
from harness.process import alive
from harness.waiting import wait_until
from netlab import faults
from netlab.story import story_of
from promises import no_two_primaries, nobody_noticed, still_for


@pytest.fixture
def guarded(make_lab, tmp_path):
    lab = make_lab(agent_options=["--fence", "guard"])
    with story_of(lab, lab.create("orders"), tmp_path) as told:
        assert told.before.described["protection"] == "guard"
        yield told


def test_a_primary_whose_agent_is_frozen_is_killed_before_another_serves(guarded):
    host, pid = guarded.lab.host_of(guarded.before.primary), guarded.lab.pid_of(guarded.before.primary)
    guarded.fault(faults.freeze, host.agent.pid)
    wait_until("its guard kills it", lambda: not alive(pid))
    guarded.wait_moved()
    guarded.wait_acked("through", 200)
    faults.thaw(host.agent.pid)
    no_two_primaries(guarded, "guard: agent frozen")


def test_an_engine_that_is_frozen_with_its_agent_does_not_wake(guarded):
    host, pid = guarded.lab.host_of(guarded.before.primary), guarded.lab.pid_of(guarded.before.primary)
    guarded.fault(faults.freeze, host.agent.pid)
    faults.freeze(pid)
    guarded.wait_moved()
    still_for(1)  # so that no answer of its can pass for one in flight
    faults.thaw(pid)
    guarded.wait_acked("through", 200)
    faults.thaw(host.agent.pid)
    no_two_primaries(guarded, "guard: agent and engine frozen")


def test_an_isolated_primary_is_killed_before_another_serves(guarded):
    pid = guarded.lab.pid_of(guarded.before.primary)
    guarded.fault(guarded.lab.isolate, guarded.lab.host_of(guarded.before.primary))
    guarded.wait_moved()
    assert not alive(pid)
    guarded.wait_acked("through", 200)
    guarded.lab.heal()
    no_two_primaries(guarded, "guard: primary isolated")


@pytest.mark.parametrize("again", [False, True])
def test_an_isolated_primary_whose_agent_is_killed_is_killed_too(guarded, again):
    host = guarded.lab.host_of(guarded.before.primary)
    guarded.fault(guarded.lab.isolate, host)
    host.agent.kill()
    if again:
        host.agent.start()
    guarded.wait_moved()
    guarded.wait_acked("through", 200)
    if not again:
        host.agent.start()
    guarded.lab.heal()
    no_two_primaries(guarded, f"guard: primary isolated, agent killed{' and back' if again else ''}")


def test_an_agent_that_is_killed_and_back_within_the_lease_is_missed_by_nobody(guarded):
    host, pid = guarded.lab.host_of(guarded.before.primary), guarded.lab.pid_of(guarded.before.primary)
    guarded.fault(host.agent.kill)
    host.agent.start()
    still_for(1.5)
    assert guarded.lab.pid_of(guarded.before.primary) == pid and alive(pid)
    nobody_noticed(guarded, "guard: agent killed and back at once")


def test_nothing_changes_for_clients_while_the_control_plane_is_down(guarded):
    guarded.fault(guarded.lab.control_plane.kill)
    still_for(4)
    guarded.lab.control_plane.start()
    still_for(2)
    nobody_noticed(guarded, "guard: control plane killed and back")
