"""Only a part of the network is cut, and no failover is needed: then there is none."""
import pytest
from promises import no_two_primaries, nobody_noticed, still_for


@pytest.mark.parametrize("direction", ["both", "in", "out"])
def test_a_primary_without_control_plane_goes_on_by_its_peers_promises(story, direction):
    host = story.lab.host_of(story.before.primary)
    story.fault(host.cuts.add, direction, [story.lab.control_host])
    still_for(6)
    story.lab.heal()
    story.wait_acked("through", 50)
    nobody_noticed(story, f"primary without control plane ({direction})")


@pytest.mark.parametrize("direction", ["both", "in", "out"])
def test_a_primary_without_replicas_goes_on_by_its_lease(story, direction):
    host = story.lab.host_of(story.before.primary)
    story.fault(host.cuts.add, direction, story.lab.peers_of(host))
    still_for(6)
    story.lab.heal()
    story.wait_acked("through", 50)
    nobody_noticed(story, f"primary without replicas ({direction})")


def test_a_primary_without_control_plane_and_one_replica_is_failed_over(story):
    """One peer cannot promise: it may be made primary. So the lease ends."""
    lab = story.lab
    host = lab.host_of(story.before.primary)
    story.fault(host.cuts.add, "both", [lab.control_host, lab.peers_of(host)[0]])
    story.wait_moved()
    story.wait_acked("through", 200)
    lab.heal()
    no_two_primaries(story, "primary without control plane and one replica")


def test_peers_that_start_anew_and_forget_their_promises_open_nothing_too_early(story):
    """The primary lives by promises; those who gave them are killed, and it cannot reach them any more."""
    lab = story.lab
    host = lab.host_of(story.before.primary)
    host.cuts.add("both", [lab.control_host])
    still_for(3)
    for peer in lab.others(host):
        peer.agent.kill()
    story.fault(lab.isolate, host)
    for peer in lab.others(host):
        peer.agent.start()
    story.wait_moved()
    story.wait_acked("through", 200)
    lab.heal()
    no_two_primaries(story, "primary isolated, peers' agents restarted")


def test_a_control_plane_that_starts_anew_respects_promises(story):
    lab = story.lab
    host = lab.host_of(story.before.primary)
    host.cuts.add("both", [lab.control_host])
    still_for(3)
    lab.control_plane.kill()
    lab.control_plane.start()
    still_for(3)
    story.fault(lab.isolate, host)
    story.wait_moved()
    story.wait_acked("through", 200)
    lab.heal()
    no_two_primaries(story, "primary by promises, control plane restarted, then isolated")


def test_a_link_that_comes_and_goes_causes_no_failover(story):
    host = story.lab.host_of(story.before.primary)
    for _ in range(6):
        story.fault(story.lab.isolate, host)
        still_for(0.3)
        story.lab.heal()
        still_for(0.5)
    nobody_noticed(story, "a link that comes and goes")


def test_a_lossy_network_causes_no_failover(story):
    host = story.lab.host_of(story.before.primary)
    story.fault(host.cuts.add, "both", [story.lab.control_host, *story.lab.peers_of(host)], 5)
    still_for(8)
    story.lab.heal()
    story.wait_acked("through", 50)
    nobody_noticed(story, "5 % of packets lost")


def test_a_router_that_does_not_hear_of_a_failover_leads_to_nobody(story):
    """Its map is old: clients are refused until it hears again, and never served by the old primary."""
    lab = story.lab
    lab.control_cuts.add("both", [lab.client_host])
    story.fault(lab.isolate, lab.host_of(story.before.primary))
    still_for(4)
    lab.heal()
    story.wait_moved()
    story.wait_acked("through", 50)
    no_two_primaries(story, "primary isolated, router cut off")
