"""A host is cut off from control plane and peers while clients still reach it: the case that needs a fence."""
import pytest
from promises import no_two_primaries, nobody_noticed, still_for


@pytest.mark.parametrize("direction", ["both", "in", "out"])
def test_an_isolated_primary_is_fenced_before_another_serves(story, direction):
    host = story.lab.host_of(story.before.primary)
    story.fault(story.lab.isolate, host, direction)
    story.wait_moved()
    story.wait_acked("through", 200)
    story.lab.heal()
    no_two_primaries(story, f"primary isolated ({direction})")


def test_a_primary_that_nobody_reaches_not_even_clients(story):
    host = story.lab.host_of(story.before.primary)
    story.fault(host.cuts.add)
    story.wait_moved()
    story.wait_acked("through", 200)
    story.lab.heal()
    no_two_primaries(story, "primary isolated, from clients too")


@pytest.mark.parametrize("leases", [0.5, 1.0, 1.1, 1.5])
def test_a_primary_that_is_back_while_it_is_decided(story, leases):
    """Whatever is decided meanwhile, one of them serves."""
    host = story.lab.host_of(story.before.primary)
    story.fault(story.lab.isolate, host)
    still_for(leases)
    story.lab.heal()
    story.wait_acked("through", 50)
    no_two_primaries(story, f"primary isolated for {leases} leases")


@pytest.mark.parametrize("again", [False, True])
def test_an_isolated_primary_whose_agent_is_killed_stays_fenced(story, again):
    """Nor does an agent that starts again open what its predecessor had fenced, not even for an instant."""
    host = story.lab.host_of(story.before.primary)
    story.fault(story.lab.isolate, host)
    host.agent.kill()
    still_for(1.2)
    if again:
        host.agent.start()
    story.wait_moved()
    story.wait_acked("through", 200)
    if not again:
        host.agent.start()
    story.lab.heal()
    no_two_primaries(story, f"primary isolated, agent killed{' and back' if again else ''}")


def test_an_isolated_replica_is_missed_by_no_writer(story):
    story.fault(story.lab.isolate, story.lab.host_of(story.before.replicas[0]))
    still_for(3)
    story.lab.heal()
    nobody_noticed(story, "replica isolated")
