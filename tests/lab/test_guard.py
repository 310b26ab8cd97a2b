"""Where the kernel's rules are not allowed, a guard process ends the engine at the lease's end."""
import pytest
from netlab import faults
from netlab.story import story_of
from promises import no_two_primaries


@pytest.fixture
def guarded(make_lab, tmp_path):
    lab = make_lab(agent_options=["--fence", "guard"])
    with story_of(lab, lab.create("orders"), tmp_path) as told:
        yield told


def test_an_isolated_primary_is_ended_before_another_serves(guarded):
    guarded.fault(guarded.lab.isolate, guarded.lab.host_of(guarded.before.primary))
    guarded.wait_moved()
    guarded.wait_acked("through", 200)
    guarded.lab.heal()
    no_two_primaries(guarded, "guard: primary isolated")


def test_a_primary_whose_agent_is_frozen_is_ended(guarded):
    host = guarded.lab.host_of(guarded.before.primary)
    guarded.fault(faults.freeze, host.agent.pid)
    guarded.wait_moved()
    guarded.wait_acked("through", 200)
    faults.thaw(host.agent.pid)
    no_two_primaries(guarded, "guard: agent frozen")
