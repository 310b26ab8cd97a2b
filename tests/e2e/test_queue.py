"""Changes that are asked for while another is under way are done one after the other, while clients write."""
import time

import pytest
from botocore.exceptions import ClientError

from harness import Recorder, address_of, info, kill_and_start
from harness.aws import AwsApi
from harness.needs import needs_81

MOMENTS = 4


def asks(installation, name, **options):
    """The change's operation, which nobody waits for."""
    installation.cachectl("cluster", "modify", name, "--apply-immediately", "--no-wait", **options).expect(0)
    described = installation.cluster(name).described
    return (described.get("queued_operations") or [described["current_operation"]])[-1]


def operation(installation, identifier):
    return installation.cachectl("operation", "get", identifier).expect(0).json


def check_done(installation, name, version, replicas):
    after = installation.wait_status(name, "available", seconds=90)
    assert len(after.replicas) == replicas and not after.described.get("queued_operations"), after.described
    assert {str(info(address_of(node), "server")["valkey_version"]).rpartition(".")[0] for node in after.nodes} == {version}
    return after


@needs_81
def test_changes_are_done_in_the_order_of_their_calls(shared):
    cluster = shared.create("line", engine_version="8.0", replicas=1, multi_az=True)
    with Recorder(cluster.primary_endpoint) as recorder:
        ids = [asks(shared, "line", engine_version="8.1"), asks(shared, "line", replicas=3), asks(shared, "line", replicas=2)]
        assert len(set(ids)) == 3
        shared.cachectl("operation", "wait", ids[-1]).expect(0)
        recorder.wait_for(20)
    check_done(shared, "line", "8.1", 2)
    done = [operation(shared, each) for each in ids]
    assert [each["status"] for each in done] == ["succeeded"] * 3, done
    assert all(before["end_time"] <= after["start_time"] for before, after in zip(done, done[1:])), done
    assert recorder.lost() == []
    shared.delete("line")


@needs_81
@pytest.mark.parametrize("victim", ["control plane", "agents"])
def test_what_waits_is_done_whatever_is_killed_meanwhile(make_installation, victim):
    installation = make_installation()
    for moment in range(MOMENTS):
        name = f"patient-{moment}"
        cluster = installation.create(name, engine_version="8.0", replicas=1, multi_az=True)
        with Recorder(cluster.primary_endpoint) as recorder:
            ids = [asks(installation, name, engine_version="8.1"), asks(installation, name, replicas=2)]
            time.sleep(0.25 * moment)  # the moment itself; nothing is assumed to have happened by then
            kill_and_start(installation.victims(victim))
            check_done(installation, name, "8.1", 2)
            recorder.wait_for(20)
        assert recorder.lost() == [] and [operation(installation, each)["status"] for each in ids] == ["succeeded"] * 2, moment
        installation.delete(name)


@needs_81
def test_one_that_waits_is_cancelled_and_the_aws_api_queues_none(installation):
    cluster = installation.create("regret", engine_version="8.0", replicas=2, multi_az=True)
    away = installation.agents[cluster.again().replicas[1]["zone"]]
    away.kill()  # so that the upgrade waits for the second replica
    upgrade = asks(installation, "regret", engine_version="8.1")
    growth, shrinking = asks(installation, "regret", replicas=3), asks(installation, "regret", replicas=1)
    assert installation.cluster("regret").described["queued_operations"] == [growth, shrinking]
    assert operation(installation, shrinking)["reason"] == f"operation {growth} comes first"
    with pytest.raises(ClientError) as refused:
        AwsApi(installation).client().increase_replica_count(ReplicationGroupId="regret", NewReplicaCount=4, ApplyImmediately=True)
    assert refused.value.response["Error"]["Code"] == "InvalidReplicationGroupState", refused.value.response
    installation.cachectl("operation", "cancel", growth).expect(0)
    cancelled = installation.cachectl("operation", "wait", growth)
    assert cancelled.code != 0 and "it was cancelled before its turn came" in cancelled.errors, cancelled
    away.start()
    installation.cachectl("operation", "wait", shrinking).expect(0)
    check_done(installation, "regret", "8.1", 1)
    assert operation(installation, upgrade)["status"] == "succeeded"
