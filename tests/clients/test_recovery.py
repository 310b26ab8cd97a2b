"""Clients as their authors publish them, given a host and a port and nothing else, find their way by themselves."""
import functools

import pytest

from fleet import DEADLINE, NAMES, Fleet
from harness import kill

SWITCHOVERS, KILLS = 3, 2


@pytest.fixture(scope="module")
def switched(installation, cluster, record):
    """[{client: outcome}], one for each planned switchover."""
    return observe(installation, cluster, record, [(f"switchover {number}", switch) for number in range(1, SWITCHOVERS + 1)])


@pytest.fixture(scope="module")
def killed(installation, cluster, record):
    return observe(installation, cluster, record, [(f"kill {number}", kill_primary) for number in range(1, KILLS + 1)])


def observe(installation, cluster, record, faults):
    seen = []
    with Fleet(cluster.primary_endpoint) as fleet:
        for title, fault in faults:
            before = installation.wait_status(cluster.name, "available")
            seen.append(fleet.through(title, functools.partial(fault, installation, before)))
            record(seen[-1])
    return seen


def switch(installation, before):
    installation.cachectl("cluster", "switchover", before.name).expect(0)
    assert installation.cluster(before.name).primary["name"] != before.primary["name"]


def kill_primary(installation, before):
    kill(installation.pid_of(before.primary))
    installation.wait_moved(before)


def check_recovered(outcome):
    assert outcome.recovered, f"no writes again within {DEADLINE} s of {outcome.fault}: {outcome.errors[-3:]}"
    assert outcome.gap < DEADLINE, outcome


@pytest.mark.parametrize("client", NAMES)
def test_a_client_recovers_from_a_planned_switchover_and_nothing_it_wrote_is_lost(switched, client):
    for outcome in [seen[client] for seen in switched]:
        check_recovered(outcome)
        assert outcome.after > outcome.before, "a counter went back"


@pytest.mark.parametrize("client", NAMES)
def test_a_client_recovers_from_a_killed_primary(killed, client):
    for outcome in [seen[client] for seen in killed]:
        check_recovered(outcome)
