"""Newer patch levels of engines as boto3 and the aws command find, apply and stop them: service updates of the AWS API."""
import itertools

import pytest
from botocore.exceptions import ClientError

from harness import LATER, SNAPSHOTS_ELSEWHERE, Recorder, address_of, info, kill_and_start, wait_until
from harness.aws import NODE_TYPE, AwsApi, create_group, group, members, primary_endpoint, wait_available
from harness.patches import add_patch_level, oldest

QUIET = {"PreferredMaintenanceWindow": LATER, "SnapshotWindow": SNAPSHOTS_ELSEWHERE, "EngineVersion": "8.0"}


@pytest.fixture
def old(make_installation):
    """An installation whose hosts have one image alone; (it, its AWS API, that version)."""
    version = oldest("8.0")
    installation = make_installation(only_images=[f"valkey-{version}"])
    return installation, AwsApi(installation), version


def action(client, name, **options):
    (found,) = client.describe_update_actions(ReplicationGroupIds=[name], **options)["UpdateActions"]
    return found


def open_updates(client):
    return [row["ServiceUpdateName"] for row in client.describe_service_updates()["ServiceUpdates"]]


def versions(client, name):
    return {row["EngineVersion"] for row in members(client, name)}


def test_an_update_is_found_and_applied_under_load_and_loses_nothing(old):
    installation, aws, version = old
    client = aws.client()
    create_group(client, "orders", replicas=2, AutoMinorVersionUpgrade=False, **QUIET)
    client.create_cache_cluster(CacheClusterId="alone", Engine="valkey", EngineVersion="8.0", CacheNodeType=NODE_TYPE, NumCacheNodes=1,
                                PreferredMaintenanceWindow=LATER, SnapshotWindow=SNAPSHOTS_ELSEWHERE)
    client.get_waiter("cache_cluster_available").wait(CacheClusterId="alone", WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    assert open_updates(client) == []
    newer = add_patch_level(installation, version)
    name = f"valkey-{newer}"
    wait_available(client, "orders")

    (update,) = aws.command("describe-service-updates", "--service-update-status", "available")["ServiceUpdates"]
    assert (update["ServiceUpdateName"], update["Engine"], update["ServiceUpdateType"]) == (name, "valkey", "engine-update")
    assert newer in update["ServiceUpdateDescription"]
    before = action(client, "orders", ServiceUpdateName=name)
    assert (before["UpdateActionStatus"], before["NodesUpdated"]) == ("not-applied", "0/3")
    assert versions(client, "orders") == {version}

    told = []
    with Recorder(primary_endpoint(group(client, "orders"))) as recorder:
        answer = client.batch_apply_update_action(ServiceUpdateName=name, ReplicationGroupIds=["orders", "nobody"])
        assert [row["UpdateActionStatus"] for row in answer["ProcessedUpdateActions"]] == ["waiting-to-start"]
        assert [(row["ReplicationGroupId"], row["ErrorType"]) for row in answer["UnprocessedUpdateActions"]] == \
            [("nobody", "ReplicationGroupNotFoundFault")]

        def done():
            now = action(client, "orders", ShowNodeLevelUpdateStatus=True)
            told.append((now["UpdateActionStatus"], now["NodesUpdated"]))
            return now if now["UpdateActionStatus"] == "complete" else None

        after = wait_until("the update is complete", done, seconds=120)
        recorder.wait_for(20)
    assert recorder.lost() == []
    assert after["NodesUpdated"] == "3/3"
    nodes = after["NodeGroupUpdateStatus"][0]["NodeGroupMemberUpdateStatus"]
    assert [(node["CacheClusterId"], node["NodeUpdateStatus"], node["NodeUpdateInitiatedBy"]) for node in nodes] == \
        [(f"orders-{number:03}", "complete", "customer") for number in (1, 2, 3)]
    order = [status for status, _ in itertools.groupby(told, key=lambda row: row[0])]
    assert order == [status for status in ("waiting-to-start", "in-progress", "complete") if status in order] and "in-progress" in order, told
    assert len({updated for _, updated in told}) >= 3, told
    assert versions(client, "orders") == {newer}
    assert {info(address_of(node), "server")["valkey_version"] for node in installation.cluster("orders").nodes} == {newer}

    assert open_updates(client) == [name], "the cache cluster on its own has not taken it"
    applied = aws.command("batch-apply-update-action", "--service-update-name", name, "--cache-cluster-ids", "alone")
    assert [row["CacheClusterId"] for row in applied["ProcessedUpdateActions"]] == ["alone"]
    wait_until("it has", lambda: open_updates(client) == [], seconds=60)
    wait_until("it is complete", lambda: {row["UpdateActionStatus"] for row in client.describe_update_actions()["UpdateActions"]} == {"complete"},
               seconds=60)
    refused = client.batch_apply_update_action(ServiceUpdateName=name, ReplicationGroupIds=["orders"])["UnprocessedUpdateActions"]
    assert [row["ErrorType"] for row in refused] == ["InvalidReplicationGroupState"]


def test_one_that_is_stopped_gives_nodes_their_former_version_back(old):
    installation, aws, version = old
    client = aws.client()
    create_group(client, "orders", replicas=3, **QUIET)
    name = f"valkey-{add_patch_level(installation, version)}"
    wait_available(client, "orders")
    with pytest.raises(ClientError) as raised:
        client.batch_apply_update_action(ServiceUpdateName="valkey-8.0.999", ReplicationGroupIds=["orders"])
    assert raised.value.response["Error"]["Code"] == "ServiceUpdateNotFoundFault"
    client.batch_apply_update_action(ServiceUpdateName=name, ReplicationGroupIds=["orders"])
    stopped = client.batch_stop_update_action(ServiceUpdateName=name, ReplicationGroupIds=["orders"])  # an aws command takes as long as the update
    assert [row["UpdateActionStatus"] for row in stopped["ProcessedUpdateActions"]] == ["stopping"]
    wait_until("it is stopped", lambda: action(client, "orders")["UpdateActionStatus"] == "stopped", seconds=120)
    wait_available(client, "orders")
    assert action(client, "orders")["NodesUpdated"] == "0/4" and versions(client, "orders") == {version}
    assert open_updates(client) == [name]
    again = aws.command("batch-stop-update-action", "--service-update-name", name, "--replication-group-ids", "orders")
    assert [row["ErrorType"] for row in again["UnprocessedUpdateActions"]] == ["InvalidReplicationGroupState"]


def test_an_update_goes_on_after_a_kill_of_the_control_plane(old):
    installation, aws, version = old
    client = aws.client()
    cluster = installation.create("orders", engine_version="8.0", replicas=1, maintenance_window=LATER, snapshot_window=SNAPSHOTS_ELSEWHERE)
    newer = add_patch_level(installation, version)
    wait_available(client, "orders")
    plan = installation.cachectl("cluster", "update", "orders", "--validate-only").expect(0).json["plan"]
    assert [step["action"] for step in plan][-1] in ("renew the node", "remove the node")
    installation.cachectl("cluster", "update", "orders", "--no-wait", to=newer).expect(0)
    kill_and_start([installation.control_plane])
    installation.wait_status("orders", "available", seconds=120)
    assert {node["engine_version"] for node in cluster.again().nodes} == {newer}
    assert action(client, "orders")["UpdateActionStatus"] == "complete"
    again = installation.cachectl("cluster", "update", "orders")
    assert again.code != 0 and "has no node whose host has a newer patch level" in again.errors
