"""Engines and hosts that die, and come back."""
from netlab import faults
from promises import no_two_primaries, nobody_noticed, still_for


def test_a_killed_primary(story):
    story.fault(faults.kill, story.lab.pid_of(story.before.primary))
    story.wait_moved()
    story.wait_acked("through", 200)
    no_two_primaries(story, "primary killed")


def test_a_lost_host_and_its_return(story):
    host = story.lab.host_of(story.before.primary)
    story.fault(host.lose)
    story.wait_moved()
    story.wait_acked("through", 200)
    host.boot()
    no_two_primaries(story, "host lost")


def test_a_host_lost_and_back_within_a_lease(story):
    """Its engine starts empty: it must not be the one that the others follow."""
    host = story.lab.host_of(story.before.primary)
    story.fault(host.lose)
    host.boot()
    story.wait_acked("through", 50, 40)
    no_two_primaries(story, "host lost and back at once")


def test_an_agent_that_is_killed_and_back_at_once_is_missed_by_nobody(story):
    agent = story.lab.host_of(story.before.primary).agent
    for _ in range(3):
        story.fault(agent.kill)
        agent.start()
        still_for(1.5)
    nobody_noticed(story, "agent killed and back at once")


def test_the_replica_that_lags_is_passed_over(story):
    lab = story.lab
    host, lagging = (lab.host_of(node) for node in (story.before.primary, story.before.replicas[0]))
    host.cuts.add("both", [lagging.host])
    story.wait_acked("through", 100)
    story.fault(faults.kill, lab.pid_of(story.before.primary))
    story.wait_moved()
    story.wait_acked("through", 100)
    lab.heal()
    verdict = no_two_primaries(story, "primary killed, one replica behind")
    assert lab.cluster(story.name).primary["name"] == story.before.replicas[1]["name"]
    assert verdict.lost < 50, str(verdict)


def test_a_replica_that_dies_and_one_that_freezes_are_missed_by_no_writer(story):
    first, second = (story.lab.pid_of(node) for node in story.before.replicas)
    story.fault(faults.kill, first)
    story.fault(faults.freeze, second)
    still_for(3)
    faults.thaw(second)
    nobody_noticed(story, "replicas killed and frozen")
