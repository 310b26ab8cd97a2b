"""Cache clusters on their own, as boto3 and the aws command manage them, on real engines."""
import pytest
from botocore.exceptions import ClientError

from harness import Recorder, connect, images
from harness.aws import NODE_TYPE, QUICK, create_group, delete_group
from harness.needs import needs_81, needs_redis_70

ENGINES = sorted({engine for engine, _ in images()})


@pytest.fixture
def make(client):
    """Creates a cache cluster and waits for it, with the SDK's own waiter; it is gone when the test is over."""
    made = []

    def create(name, **options):
        made.append(name)
        client.create_cache_cluster(**{"CacheClusterId": name, "Engine": "valkey", "CacheNodeType": NODE_TYPE, "NumCacheNodes": 1, **options})
        return wait_available(client, name)
    yield create
    for name in made:
        if name.lower() in names(client):
            delete(client, name)


def wait_available(client, name):
    client.get_waiter("cache_cluster_available").wait(CacheClusterId=name, WaiterConfig=QUICK)
    return described(client, name)


def described(client, name):
    return client.describe_cache_clusters(CacheClusterId=name, ShowCacheNodeInfo=True)["CacheClusters"][0]


def delete(client, name):
    assert client.delete_cache_cluster(CacheClusterId=name)["CacheCluster"]["CacheClusterStatus"] == "deleting"
    client.get_waiter("cache_cluster_deleted").wait(CacheClusterId=name, WaiterConfig=QUICK)


def names(client, **options):
    pages = client.get_paginator("describe_cache_clusters").paginate(PaginationConfig={"PageSize": 2}, **options)
    return [row["CacheClusterId"] for page in pages for row in page["CacheClusters"]]


def groups(client):
    return [row["ReplicationGroupId"] for row in client.describe_replication_groups()["ReplicationGroups"]]


def endpoint(row):
    node = row["CacheNodes"][0]
    assert (node["CacheNodeId"], node["CacheNodeStatus"]) == ("0001", "available")
    return node["Endpoint"]["Address"], node["Endpoint"]["Port"]


def refused(call, **options):
    """(code, HTTP status) of the call's fault."""
    with pytest.raises(ClientError) as raised:
        call(**options)
    answer = raised.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


@pytest.mark.parametrize("engine", ENGINES)
def test_one_node_serves_on_its_own(client, make, engine):
    row = make("Alone", Engine=engine, Port=6390)
    assert row["CacheClusterId"] == "alone" and row["Engine"] == engine and row["NumCacheNodes"] == 1
    assert "ReplicationGroupId" not in row and "ConfigurationEndpoint" not in row
    assert row["ARN"].endswith(":cluster:alone") and row["CacheNodes"][0]["ParameterGroupStatus"] == "in-sync"
    assert endpoint(row)[1] == 6390
    with connect(endpoint(row)) as written:
        written.set("kept", "yes")
        assert written.get("kept") == "yes" and written.info("replication")["role"] == "master"
        version = written.info("server")
    assert row["EngineVersion"] == version.get("valkey_version", version["redis_version"])


@needs_redis_70
def test_elasticaches_own_number_is_told_and_what_it_is_runs(shared, client, make):
    row = make("numbered", Engine="redis", EngineVersion="7.1")
    assert row["EngineVersion"] == "7.1.0"
    with connect(endpoint(row)) as written:
        assert written.info("server")["redis_version"].startswith("7.0.")
    seen = shared.cachectl("cluster", "describe", "numbered").expect(0).json
    assert seen["spec"]["engine_version"] == "7.0" and any("7.1 was asked for" in notice for notice in seen["notices"])
    offered = client.describe_cache_engine_versions(Engine="redis", EngineVersion="7.1")["CacheEngineVersions"]
    assert len(offered) == 1 and ", which is redis version 7.0." in offered[0]["CacheEngineVersionDescription"]
    wrong = {"CacheClusterId": "wrong", "Engine": "valkey", "EngineVersion": "7.2", "CacheNodeType": NODE_TYPE, "NumCacheNodes": 1}
    with pytest.raises(ClientError) as raised:
        client.create_cache_cluster(**wrong)
    told = raised.value.response["Error"]["Message"]
    assert all(f'"{full.rpartition(".")[0]}"' in told for engine, full in images() if engine == "valkey"), told


def test_it_is_told_apart_from_groups_and_their_members(client, make):
    make("alone")
    create_group(client, "orders", replicas=1)
    try:
        assert names(client) == ["alone", "orders-001", "orders-002"]
        assert names(client, ShowCacheClustersNotInReplicationGroups=True) == ["alone"]
        assert groups(client) == ["orders"]
        assert refused(client.describe_replication_groups, ReplicationGroupId="alone") == ("ReplicationGroupNotFoundFault", 404)
        new = {"Engine": "valkey", "CacheNodeType": NODE_TYPE, "NumCacheNodes": 1}
        for taken in ("orders-001", "orders-005", "alone"):
            assert refused(client.create_cache_cluster, CacheClusterId=taken, **new) == ("CacheClusterAlreadyExists", 400)
        more = {"ReplicationGroupId": "alone", "NewReplicaCount": 1, "ApplyImmediately": True}
        assert refused(client.increase_replica_count, **more) == ("ReplicationGroupNotFoundFault", 404)
    finally:
        delete_group(client, "orders")
    two = {"CacheClusterId": "two", "Engine": "redis", "CacheNodeType": NODE_TYPE, "NumCacheNodes": 2}
    assert refused(client.create_cache_cluster, **two) == ("InvalidParameterValue", 400)
    memcached = {"CacheClusterId": "mem", "Engine": "memcached", "CacheNodeType": NODE_TYPE, "NumCacheNodes": 1}
    assert refused(client.create_cache_cluster, **memcached) == ("InvalidParameterCombination", 400)
    assert names(client) == ["alone"]


@needs_81
def test_an_upgrade_keeps_the_data_and_the_endpoint(client, make):
    before = make("alone", EngineVersion="8.0")
    with Recorder(endpoint(before)) as recorder:
        client.modify_cache_cluster(CacheClusterId="alone", EngineVersion="8.1", CacheNodeType="cache.t4g.small", ApplyImmediately=True)
        assert described(client, "alone")["CacheClusterStatus"] == "modifying"
        after = wait_available(client, "alone")
        recorder.wait_for(20)
    assert recorder.lost() == []
    assert after["EngineVersion"].startswith("8.1.") and after["CacheNodeType"] == "cache.t4g.small"
    assert endpoint(after) == endpoint(before)
    assert names(client) == ["alone"]


@needs_81
def test_what_waits_is_pending_until_it_is_called_off(client, make):
    make("alone", EngineVersion="8.0")
    client.modify_cache_cluster(CacheClusterId="alone", EngineVersion="8.1", PreferredMaintenanceWindow="sun:05:00-sun:06:00")
    row = described(client, "alone")
    assert row["PendingModifiedValues"] == {"EngineVersion": "8.1"} and row["CacheClusterStatus"] == "available"
    assert row["PreferredMaintenanceWindow"] == "sun:05:00-sun:06:00" and row["EngineVersion"].startswith("8.0.")
    client.modify_cache_cluster(CacheClusterId="alone", EngineVersion="8.0")
    assert described(client, "alone")["PendingModifiedValues"] == {}


def test_a_reboot_gives_it_another_process_with_the_same_data(client, make):
    before = make("alone")
    with connect(endpoint(before)) as written:
        written.set("kept", "yes")
        process = written.info("server")["process_id"]
    client.reboot_cache_cluster(CacheClusterId="alone", CacheNodeIdsToReboot=["0001"])
    after = wait_available(client, "alone")
    assert endpoint(after) == endpoint(before)
    with connect(endpoint(after)) as written:
        assert written.get("kept") == "yes" and written.info("server")["process_id"] != process
    assert refused(client.reboot_cache_cluster, CacheClusterId="alone", CacheNodeIdsToReboot=["0002"]) == ("InvalidParameterValue", 400)


def test_tags_and_events_are_its_own(client, make):
    arn = make("alone", Tags=[{"Key": "env", "Value": "dev"}])["ARN"]
    client.add_tags_to_resource(ResourceName=arn, Tags=[{"Key": "team", "Value": "core"}])
    client.remove_tags_from_resource(ResourceName=arn, TagKeys=["env"])
    assert client.list_tags_for_resource(ResourceName=arn)["TagList"] == [{"Key": "team", "Value": "core"}]
    told = client.describe_events(SourceType="cache-cluster", SourceIdentifier="alone")["Events"]
    assert "Cache cluster created" in [event["Message"] for event in told]
    assert "alone" not in [event["SourceIdentifier"] for event in client.describe_events(SourceType="replication-group")["Events"]]


def test_cachectl_shows_what_it_is_and_makes_one_too(shared, client):
    shared.cachectl("cluster", "create", "byhand", "--node-type", NODE_TYPE, "--form", "cache-cluster").expect(0)
    try:
        assert shared.cachectl("cluster", "describe", "byhand").expect(0).json["form"] == "cache-cluster"
        assert described(client, "byhand")["CacheClusterStatus"] == "available"
        more = shared.cachectl("cluster", "modify", "byhand", "--replicas", "1", "--apply-immediately").expect(7)
        assert "--replicas: 1 for a cache cluster" in more.errors
    finally:
        delete(client, "byhand")
    assert "byhand" not in shared.cluster_names()


def test_the_aws_command_manages_one(aws, client):
    command = aws.command
    created = command("create-cache-cluster", "--cache-cluster-id", "cli", "--engine", "redis", "--cache-node-type", NODE_TYPE,
                      "--num-cache-nodes", 1)
    assert created["CacheCluster"]["CacheClusterStatus"] == "creating"
    command("wait", "cache-cluster-available", "--cache-cluster-id", "cli")
    row = command("describe-cache-clusters", "--cache-cluster-id", "cli", "--show-cache-node-info")["CacheClusters"][0]
    with connect(endpoint(row)) as written:
        assert written.set("by", "hand")
    command("delete-cache-cluster", "--cache-cluster-id", "cli")
    command("wait", "cache-cluster-deleted", "--cache-cluster-id", "cli")
    assert "cli" not in names(client)
