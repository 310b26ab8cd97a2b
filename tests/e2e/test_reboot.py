"""Processes give way to others of the same make while clients write and read, and what is under way is cancelled."""
import time

import pytest

from harness import Hammer, Recorder, address_of, info, kill_and_start, wait_until
from harness.needs import needs_81

CONFLICT = 4


def reboot(installation, name, *words, **options):
    return installation.cachectl("cluster", "reboot", name, *words, **options)


def latest(installation, name):
    return installation.cachectl("operation", "list", cluster=name).expect(0).json["operations"][0]


def configured(installation, node, parameter):
    with installation.as_agent(node) as client:
        return client.config_get(parameter)[parameter]


def test_a_reboot_restarts_every_process_and_loses_nothing(shared):
    cluster = shared.create("again", replicas=2, multi_az=True)
    before = cluster.again()
    pids = before.pids()
    with Recorder(cluster.primary_endpoint) as recorder, Hammer(cluster.reader_endpoint, write=False) as reader:
        reboot(shared, "again").expect(0)
        recorder.wait_for(20)
    after = cluster.again()
    operation = latest(shared, "again")
    print(f"{recorder.count} acknowledged writes, {len(recorder.errors)} errors, {reader.served} reads, {reader.errors}, {operation['steps']}")
    assert recorder.lost() == []
    assert operation["kind"] == "reboot-cluster" and operation["status"] == "succeeded"
    assert operation["steps"][0]["detail"].startswith("3 of 3 nodes restarted; writes were paused for "), operation
    assert all(after.pids()[name] != pid for name, pid in pids.items())
    assert after.status == "available" and after.primary["name"] != before.primary["name"]
    # A connection ends with the process it leads to; whoever dials anew is served.
    assert len(reader.errors) <= 2 * len(after.nodes) and all("reset" in error or "closed" in error for error in reader.errors), reader.errors
    shared.delete("again")


def test_a_replica_alone_is_rebooted_and_nobody_else(shared):
    cluster = shared.create("one-of", replicas=2)
    pids = cluster.again().pids()
    replica = cluster.again().replicas[1]["name"]
    with Recorder(cluster.primary_endpoint) as recorder:
        reboot(shared, "one-of", node=replica).expect(0)
        recorder.wait_for(20)
    after = cluster.again()
    assert recorder.lost() == [] and recorder.errors == []
    assert {name for name, pid in after.pids().items() if pid != pids[name]} == {replica}
    refused = reboot(shared, "one-of", node="one-of-009")
    assert refused.code != 0 and '"one-of-001", "one-of-002", "one-of-003"' in refused.errors, refused
    shared.delete("one-of")


def test_a_lone_node_keeps_its_data(shared):
    cluster = shared.create("single")
    with Recorder(cluster.primary_endpoint) as recorder:
        reboot(shared, "single").expect(0)
        recorder.wait_for(20)
    after = cluster.again()
    assert recorder.lost() == [] and len(after.nodes) == 1 and after.status == "available"
    shared.delete("single")


def test_parameters_that_wait_for_a_restart_are_taken(shared):
    shared.cachectl("parameter-group", "create", "static", family="redis6.x").expect(0)
    cluster = shared.create("waits", engine="redis", engine_version="6.0", replicas=1, parameter_group="static")
    shared.cachectl("parameter-group", "modify", "static", set="activerehashing=no").expect(0)

    def pending():
        return [node["pending_restart_parameters"] for node in shared.cluster("waits").nodes]

    wait_until("both wait for a restart", lambda: pending() == [["activerehashing"]] * 2)
    with Recorder(cluster.primary_endpoint) as recorder:
        reboot(shared, "waits").expect(0)
        recorder.wait_for(20)
    assert recorder.lost() == []
    wait_until("nobody waits any more", lambda: pending() == [[]] * 2)
    assert {configured(shared, node, "activerehashing") for node in cluster.again().nodes} == {"no"}
    shared.delete("waits")
    shared.cachectl("parameter-group", "delete", "static").expect(0)


MOMENTS = 4


@pytest.mark.parametrize("victim", ["control plane", "agents"])
def test_a_reboot_is_finished_whatever_is_killed_in_the_middle(make_installation, victim):
    installation = make_installation()
    for moment in range(MOMENTS):
        name = f"firm-{moment}"
        cluster = installation.create(name, replicas=1, multi_az=True)
        before = cluster.again().pids()
        with Recorder(cluster.primary_endpoint) as recorder:
            reboot(installation, name, "--no-wait").expect(0)
            time.sleep(0.15 * moment)  # the moment itself; nothing is assumed to have happened by then
            kill_and_start(installation.victims(victim))
            after = installation.wait_status(name, "available", seconds=90)
            recorder.wait_for(20)
        assert recorder.lost() == [] and latest(installation, name)["status"] == "succeeded"
        assert all(after.pids()[node] != pid for node, pid in before.items()), (moment, before, after.pids())
        installation.delete(name)


@needs_81
def test_a_cancelled_upgrade_goes_back(make_installation):
    installation = make_installation()
    cluster = installation.create("regret", engine_version="8.0", replicas=2, multi_az=True)
    before = cluster.again()
    away = installation.agents[before.replicas[1]["zone"]]
    with Recorder(cluster.primary_endpoint) as recorder:
        away.kill()  # so that the upgrade waits for the second replica
        modified = installation.cachectl("cluster", "modify", "regret", "--apply-immediately", "--no-wait", engine_version="8.1")
        modified.expect(0)
        operation = installation.cluster("regret").described["current_operation"]
        installation.cachectl("operation", "cancel", operation).expect(0)
        away.start()
        waited = installation.cachectl("operation", "wait", operation)
        recorder.wait_for(20)
    assert waited.code != 0 and "it was cancelled" in waited.errors, waited
    after = installation.wait_status("regret", "available")
    assert recorder.lost() == [] and recorder.errors == []
    assert {str(info(address_of(node), "server")["valkey_version"]).rpartition(".")[0] for node in after.nodes} == {"8.0"}
    assert after.described["spec"]["engine_version"] == "8.0" and after.primary["name"] == before.primary["name"]
    again = installation.cachectl("operation", "cancel", operation)
    assert again.code == CONFLICT and "has failed already" in again.errors, again


@needs_81
@pytest.mark.parametrize("victim", ["control plane", "agents"])
def test_a_cancelled_upgrade_goes_back_whatever_is_killed_meanwhile(make_installation, victim):
    installation = make_installation()
    for moment in range(MOMENTS):
        name = f"torn-{moment}"
        cluster = installation.create(name, engine_version="8.0", replicas=2, multi_az=True)
        with Recorder(cluster.primary_endpoint) as recorder:
            installation.cachectl("cluster", "modify", name, "--apply-immediately", "--no-wait", engine_version="8.1").expect(0)
            time.sleep(0.1 * moment)  # the moment itself; nothing is assumed to have happened by then
            cancelled = installation.cachectl("operation", "cancel", latest(installation, name)["id"])
            kill_and_start(installation.victims(victim))
            after = installation.wait_status(name, "available", seconds=90)
            recorder.wait_for(20)
        # Past the point of no return a cancel is refused, and the upgrade goes on.
        end = "8.0" if cancelled.code == 0 else "8.1"
        versions = {str(info(address_of(node), "server")["valkey_version"]).rpartition(".")[0] for node in after.nodes}
        assert recorder.lost() == [] and versions == {end}, (moment, cancelled, versions)
        assert after.described["spec"]["engine_version"] == end and len(after.nodes) == 3, (moment, after.described)
        installation.delete(name)


def test_what_has_ended_cannot_be_cancelled(shared):
    shared.create("over")
    refused = shared.cachectl("operation", "cancel", latest(shared, "over")["id"])
    assert refused.code == CONFLICT and "has succeeded already" in refused.errors, refused
    shared.delete("over")
