"""Planned changes of the primary: nothing is lost, whatever comes in between."""
from harness.waiting import wait_until
from netlab import faults
from promises import no_two_primaries


def switch(lab, story, *more, code=0):
    return lab.cachectl("cluster", "switchover", story.name, *more).expect(code)


def test_there_and_back_without_a_lost_write(story):
    first = story.note_primary().primary["name"]
    for name in [node["name"] for node in story.before.replicas]:
        switch(story.lab, story, "--to", name)
        story.note_primary()
        story.wait_acked("through", 50)
    switch(story.lab, story, "--to", first)
    assert story.note_primary().primary["name"] == first
    story.wait_acked("direct", 50)  # the node that they know is primary again
    verdict = no_two_primaries(story, "three switchovers, the last one back")
    assert verdict.lost == 0, str(verdict)


def test_a_candidate_that_cannot_be_reached_changes_nothing(story):
    """The old primary waits for it no longer than the budget for the pause, and goes on."""
    lab = story.lab
    host, candidate = lab.host_of(story.before.primary), story.before.replicas[0]
    story.fault(host.cuts.add, "both", [lab.host_of(candidate).host])
    answer = lab.cachectl("cluster", "switchover", story.name, "--to", candidate["name"], "--timeout", "20s")
    assert answer.code != 0, str(answer)
    story.wait_acked("through", 50)
    lab.heal()
    verdict = no_two_primaries(story, "switchover, candidate cut off")
    assert verdict.lost == 0 and len(verdict.runs) == 1, str(verdict)


def test_a_primary_that_dies_while_it_hands_over_to_a_replica_that_lags(story):
    """The candidate was asked for, and the other replica holds more: what WAIT confirmed decides."""
    lab = story.lab
    host, candidate = lab.host_of(story.before.primary), story.before.replicas[0]
    host.cuts.add("both", [lab.host_of(candidate).host])
    story.wait_acked("through", 50)
    lab.cachectl("cluster", "switchover", story.name, "--to", candidate["name"], "--no-wait")
    story.fault(faults.kill, lab.pid_of(story.before.primary))
    story.wait_moved()
    story.wait_acked("through", 50)
    lab.heal()
    no_two_primaries(story, "switchover to a lagging replica, primary killed")


def test_a_control_plane_that_dies_in_the_middle_finishes_later(story):
    lab = story.lab
    operation = lab.cachectl("cluster", "switchover", story.name, "--no-wait").expect(0)
    story.fault(lab.control_plane.kill)
    lab.control_plane.start()
    assert operation.text
    wait_until("no operation is under way", lambda: not lab.cluster(story.name).described["current_operation"], 40)
    story.wait_acked("through", 50)
    verdict = no_two_primaries(story, "switchover, control plane killed")
    assert verdict.lost == 0, str(verdict)
