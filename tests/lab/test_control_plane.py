"""The control plane is away: clients notice nothing, and nothing is promoted on old knowledge when it is back."""
from netlab import faults
from promises import no_two_primaries, nobody_noticed, still_for


def test_nothing_changes_for_clients_while_the_control_plane_is_down(story):
    story.fault(story.lab.control_plane.kill)
    still_for(6)
    story.lab.control_plane.start()
    still_for(3)
    nobody_noticed(story, "control plane killed and back")


def test_nothing_changes_for_clients_while_the_control_plane_is_frozen(story):
    story.fault(faults.freeze, story.lab.control_plane.pid)
    still_for(6)
    faults.thaw(story.lab.control_plane.pid)
    still_for(3)
    nobody_noticed(story, "control plane frozen")


def test_a_control_plane_that_starts_anew_waits_for_leases_it_does_not_remember(story):
    """The primary was cut off with a fresh lease, which the control plane forgot by being killed."""
    lab = story.lab
    story.fault(lab.isolate, lab.host_of(story.before.primary))
    lab.control_plane.kill()
    lab.control_plane.start()
    story.wait_moved()
    story.wait_acked("through", 200)
    lab.heal()
    no_two_primaries(story, "primary isolated, control plane restarted")


def test_a_primary_that_dies_meanwhile_is_replaced_when_the_control_plane_is_back(story):
    lab = story.lab
    story.fault(lab.control_plane.kill)
    faults.kill(lab.pid_of(story.before.primary))
    still_for(2)
    lab.control_plane.start()
    story.wait_moved()
    story.wait_acked("through", 200)
    no_two_primaries(story, "primary killed, control plane down")
