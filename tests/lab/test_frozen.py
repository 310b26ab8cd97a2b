"""Processes that stop and go on later, with what they had read before: pauses are as bad as cuts."""
from netlab import faults
from promises import no_two_primaries, still_for


def test_a_primary_whose_agent_is_frozen_is_fenced_by_the_kernel(story):
    host = story.lab.host_of(story.before.primary)
    story.fault(faults.freeze, host.agent.pid)
    story.wait_moved()
    story.wait_acked("through", 200)
    faults.thaw(host.agent.pid)
    no_two_primaries(story, "agent frozen")


def test_a_frozen_engine_is_replaced_and_does_not_wake_as_primary(story):
    pid = story.lab.pid_of(story.before.primary)
    story.fault(faults.freeze, pid)
    story.wait_moved()
    still_for(1)  # so that no answer of its can pass for one in flight
    faults.thaw(pid)
    story.wait_acked("through", 200)
    no_two_primaries(story, "engine frozen")


def test_an_engine_that_sleeps_through_its_end_acknowledges_nothing_when_it_wakes(story):
    """Agent and engine stop together, as on a host that is paused. Clients' commands wait in the engine's sockets."""
    host = story.lab.host_of(story.before.primary)
    pid = host.node_pid(story.before.primary)
    story.fault(faults.freeze, host.agent.pid)
    faults.freeze(pid)
    story.wait_moved()
    still_for(1)  # as above
    faults.thaw(pid)
    story.wait_acked("through", 200)
    faults.thaw(host.agent.pid)
    no_two_primaries(story, "agent and engine frozen")


def test_an_agent_frozen_for_less_than_a_lease_costs_nothing(story):
    host = story.lab.host_of(story.before.primary)
    story.fault(faults.freeze, host.agent.pid)
    still_for(0.4)
    faults.thaw(host.agent.pid)
    story.wait_acked("through", 100)
    verdict = no_two_primaries(story, "agent frozen for 0.4 leases")
    assert len(verdict.runs) == 1
