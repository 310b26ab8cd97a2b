"""boto3 and the aws command, as their authors publish them, manage real clusters."""
import datetime

import pytest
from botocore.exceptions import ClientError

from harness import Recorder, connect, images, wait_until
from harness.aws import NODE_TYPE, QUICK, create_group, delete_group, group, members, primary_endpoint, roles, wait_available
from harness.needs import needs_81

VERSIONS = sorted({full.rpartition(".")[0] for engine, full in images() if engine == "valkey"})


@pytest.fixture
def make_group(client):
    """create_group, of groups that are gone when the test is over."""
    made = []

    def make(name, **options):
        made.append(name)
        return create_group(client, name, **options)
    yield make
    for name in made:
        if name.lower() in names(client):
            delete_group(client, name)


def refused(call, **options):
    """(code, HTTP status) of the call's fault."""
    with pytest.raises(ClientError) as raised:
        call(**options)
    answer = raised.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def names(client):
    return [row["ReplicationGroupId"] for row in client.describe_replication_groups()["ReplicationGroups"]]


# Replication groups


def test_a_group_is_created_and_serves(client, make_group):
    made = make_group("Orders", replicas=2, Port=6380)
    assert made["ReplicationGroupId"] == "orders" and made["Status"] == "available"
    assert sorted(made["MemberClusters"]) == ["orders-001", "orders-002", "orders-003"]
    assert sorted(roles(made).values()) == ["primary", "replica", "replica"]
    assert primary_endpoint(made)[1] == 6380
    with connect(primary_endpoint(made)) as engine:
        engine.set("kept", "yes")
        assert engine.get("kept") == "yes"


def test_its_members_are_cache_clusters(client, make_group):
    make_group("orders", replicas=2, EngineVersion=VERSIONS[0])
    rows = members(client, "orders")
    assert [row["CacheClusterId"] for row in rows] == ["orders-001", "orders-002", "orders-003"]
    for row in rows:
        assert row["CacheClusterStatus"] == "available" and row["NumCacheNodes"] == 1
        assert row["EngineVersion"].startswith(VERSIONS[0] + ".") and row["CacheNodeType"] == NODE_TYPE
        endpoint = row["CacheNodes"][0]["Endpoint"]
        with connect((endpoint["Address"], endpoint["Port"])) as engine:
            assert engine.ping()
    assert len({row["CacheNodes"][0]["CustomerAvailabilityZone"] for row in rows}) == 3


def test_replicas_come_and_go(client, make_group):
    made = make_group("orders", replicas=1)
    with Recorder(primary_endpoint(made)) as recorder:
        client.increase_replica_count(ReplicationGroupId="orders", NewReplicaCount=3, ApplyImmediately=True)
        assert group(client, "orders")["Status"] == "modifying"
        assert len(wait_available(client, "orders")["MemberClusters"]) == 4
        client.decrease_replica_count(ReplicationGroupId="orders", NewReplicaCount=2, ApplyImmediately=True)
        assert len(wait_available(client, "orders")["MemberClusters"]) == 3
        recorder.wait_for(20)
    assert recorder.errors == [] and recorder.lost() == []
    assert len(members(client, "orders")) == 3
    same = {"ReplicationGroupId": "orders", "NewReplicaCount": 2, "ApplyImmediately": True}
    assert refused(client.increase_replica_count, **same) == ("NoOperationFault", 400)


@needs_81
def test_an_upgrade_under_writers_loses_nothing(client, make_group):
    made = make_group("orders", replicas=2, EngineVersion="8.0")
    with Recorder(primary_endpoint(made)) as recorder:
        client.modify_replication_group(ReplicationGroupId="orders", EngineVersion="8.1", ApplyImmediately=True)
        wait_available(client, "orders")
        recorder.wait_for(20)
    assert recorder.lost() == []
    assert {row["EngineVersion"].rpartition(".")[0] for row in members(client, "orders")} == {"8.1"}


def test_a_modification_shows(client, make_group):
    make_group("orders")
    client.modify_replication_group(ReplicationGroupId="orders", ReplicationGroupDescription="changed", ApplyImmediately=True)
    assert wait_available(client, "orders")["Description"] == "changed"


def test_what_is_deleted_says_so_at_once_and_is_gone(client):
    create_group(client, "orders", replicas=1)
    # It may be gone before anybody can ask.
    deleted = client.delete_replication_group(ReplicationGroupId="orders")
    assert deleted["ReplicationGroup"]["Status"] == "deleting"
    client.get_waiter("replication_group_deleted").wait(ReplicationGroupId="orders", WaiterConfig=QUICK)
    assert "orders" not in names(client) and members(client, "orders") == []


def test_a_test_failover_is_told_in_elasticaches_order(client, make_group):
    made = make_group("orders", replicas=2)
    with connect(primary_endpoint(made)) as engine:
        engine.set("kept", "yes")
        assert engine.wait(2, 5000) == 2
    start = datetime.datetime.now(datetime.timezone.utc)
    client.test_failover(ReplicationGroupId="orders", NodeGroupId="0001")

    def failed_over():
        now = group(client, "orders")
        assert roles(now) != roles(made) and now["Status"] == "available", now
        return now
    after = wait_until("another member is primary", failed_over)
    old, new = (next(name for name, role in roles(seen).items() if role == "primary") for seen in (made, after))
    chapters = [("replication-group", "Test Failover API called for node group 0001"),
                ("cache-cluster", f"Failover from primary node {old} to replica node {new} completed"),
                ("replication-group", f"Failover from primary node {old} to replica node {new} completed"),
                ("cache-cluster", f"Recovering cache nodes {old}"),
                ("cache-cluster", f"Finished recovery for cache nodes {old}")]

    def told():
        events = client.describe_events(StartTime=start - datetime.timedelta(seconds=1))["Events"]
        pairs = iter([(event["SourceType"], event["Message"]) for event in reversed(events)])
        missing = [chapter for chapter in chapters if not any(kind == chapter[0] and text.startswith(chapter[1]) for kind, text in pairs)]
        assert not missing, (missing, [event["Message"] for event in events])
        return True
    wait_until("the failover is told", told)
    of_member = client.describe_events(SourceType="cache-cluster", SourceIdentifier=old)["Events"]
    assert of_member and {event["SourceIdentifier"] for event in of_member} == {old}
    with connect(primary_endpoint(after)) as engine:
        assert engine.get("kept") == "yes"


# Tags and groups


def test_tags_go_round(client, make_group):
    arn = make_group("orders", Tags=[{"Key": "env", "Value": "dev"}])["ARN"]

    def tags(name=arn):
        return {tag["Key"]: tag["Value"] for tag in client.list_tags_for_resource(ResourceName=name)["TagList"]}
    assert tags() == {"env": "dev"}
    client.add_tags_to_resource(ResourceName=arn, Tags=[{"Key": "env", "Value": "prod"}, {"Key": "team", "Value": ""}])
    assert tags() == tags(members(client, "orders")[0]["ARN"]) == {"env": "prod", "team": ""}
    client.remove_tags_from_resource(ResourceName=arn, TagKeys=["env"])
    assert tags() == {"team": ""}
    assert refused(client.list_tags_for_resource, ResourceName="orders") == ("InvalidARN", 400)
    assert refused(client.list_tags_for_resource, ResourceName=arn + "x") == ("ReplicationGroupNotFoundFault", 404)


def set_in(client, name):
    """{parameter: value} of those that were set."""
    pages = client.get_paginator("describe_cache_parameters").paginate(CacheParameterGroupName=name, Source="user")
    return {row["ParameterName"]: row["ParameterValue"] for page in pages for row in page["Parameters"]}


def test_a_parameter_group_lives_its_life(client):
    made = client.create_cache_parameter_group(CacheParameterGroupName="Mine", CacheParameterGroupFamily="valkey8", Description="d")
    assert made["CacheParameterGroup"]["CacheParameterGroupName"] == "mine"
    values = [{"ParameterName": "maxmemory-policy", "ParameterValue": "noeviction"}, {"ParameterName": "timeout", "ParameterValue": "60"}]
    client.modify_cache_parameter_group(CacheParameterGroupName="mine", ParameterNameValues=values)
    assert set_in(client, "mine") == {"maxmemory-policy": "noeviction", "timeout": "60"}
    client.reset_cache_parameter_group(CacheParameterGroupName="mine", ParameterNameValues=values[:1])
    assert set_in(client, "mine") == {"timeout": "60"}
    client.delete_cache_parameter_group(CacheParameterGroupName="mine")
    with pytest.raises(client.exceptions.CacheParameterGroupNotFoundFault):
        client.describe_cache_parameter_groups(CacheParameterGroupName="mine")


def test_a_subnet_group_lives_its_life(client):
    every = client.describe_cache_subnet_groups(CacheSubnetGroupName="default")["CacheSubnetGroups"][0]["Subnets"]
    assert len(every) == 3
    two = [subnet["SubnetIdentifier"] for subnet in every[:2]]
    made = client.create_cache_subnet_group(CacheSubnetGroupName="mine", CacheSubnetGroupDescription="d", SubnetIds=two)
    assert [subnet["SubnetIdentifier"] for subnet in made["CacheSubnetGroup"]["Subnets"]] == two
    changed = client.modify_cache_subnet_group(CacheSubnetGroupName="mine", SubnetIds=two[:1])
    assert changed["CacheSubnetGroup"]["Subnets"] == every[:1]
    arn = made["CacheSubnetGroup"]["ARN"]
    client.add_tags_to_resource(ResourceName=arn, Tags=[{"Key": "env", "Value": "dev"}])
    assert client.list_tags_for_resource(ResourceName=arn)["TagList"] == [{"Key": "env", "Value": "dev"}]
    client.delete_cache_subnet_group(CacheSubnetGroupName="mine")
    assert refused(client.describe_cache_subnet_groups, CacheSubnetGroupName="mine") == ("CacheSubnetGroupNotFoundFault", 400)


# What is listed


def test_paginators_go_through_every_page(client, make_group):
    for name in ("one", "three", "two"):
        make_group(name)
    pages = list(client.get_paginator("describe_replication_groups").paginate(PaginationConfig={"PageSize": 1}))
    assert [row["ReplicationGroupId"] for page in pages for row in page["ReplicationGroups"]] == ["one", "three", "two"]
    assert len(pages) == 3
    parameters = client.get_paginator("describe_engine_default_parameters")
    found = parameters.paginate(CacheParameterGroupFamily="valkey8", PaginationConfig={"PageSize": 20}).build_full_result()
    assert len({row["ParameterName"] for row in found["EngineDefaults"]["Parameters"]}) > 40


def test_engine_versions_are_those_of_this_installations_images(client):
    rows = client.get_paginator("describe_cache_engine_versions").paginate().build_full_result()["CacheEngineVersions"]
    assert {row["EngineVersion"] for row in rows if row["Engine"] == "valkey"} == set(VERSIONS)
    assert {row["Engine"] for row in rows} == {engine for engine, _ in images()}


def test_what_there_is_none_of_is_listed_empty(client):
    assert client.describe_users()["Users"] == client.describe_snapshots()["Snapshots"] == []
    assert refused(client.describe_users, UserId="ann") == ("UserNotFound", 404)


# Who is not let in, and what is not understood


def test_only_a_true_signature_is_let_in(aws):
    assert refused(aws.client(aws_secret_access_key="wrong").describe_replication_groups) == ("SignatureDoesNotMatch", 403)
    assert refused(aws.client(aws_access_key_id="AKIAUNKNOWN000000000").describe_replication_groups)[1] == 403
    status, text = aws.installation.http("POST", "/", b"Action=DescribeEvents&Version=2015-02-02",
                                         {"Content-Type": "application/x-www-form-urlencoded"})
    assert status == 403 and "<Code>MissingAuthenticationToken</Code>" in text, text


def test_what_is_not_understood_is_the_callers_fault(aws, client):
    for action in ("LaunchRocket", "StartMigration"):
        status, text = aws.post(action, ReplicationGroupId="x")
        assert status == 400 and "<Code>InvalidAction</Code>" in text, text
    status, text = aws.post("DescribeReplicationGroups", MaxRecords="many")
    assert status == 400 and "MaxRecords" in text and "many" in text, text
    status, text = aws.post("CreateReplicationGroup", ReplicationGroupId="x")
    assert status == 400 and "<Code>MissingParameter</Code>" in text and "ReplicationGroupDescription" in text, text
    assert refused(client.describe_replication_groups, ReplicationGroupId="none") == ("ReplicationGroupNotFoundFault", 404)
    wrong = {"ReplicationGroupId": "x", "ReplicationGroupDescription": "d", "CacheNodeType": "cache.t9.huge"}
    assert refused(client.create_replication_group, **wrong) == ("InvalidParameterValue", 400)
    assert "x" not in names(client)


# The aws command


def test_the_aws_command_manages_a_group(aws, client):
    command = aws.command
    created = command("create-replication-group", "--replication-group-id", "cli", "--replication-group-description", "made by hand",
                      "--engine", "valkey", "--cache-node-type", NODE_TYPE, "--num-cache-clusters", 2, "--automatic-failover-enabled")
    assert created["ReplicationGroup"]["Status"] == "creating"
    command("wait", "replication-group-available", "--replication-group-id", "cli")
    described = command("describe-replication-groups", "--replication-group-id", "cli")["ReplicationGroups"][0]
    assert described["Status"] == "available" and len(described["MemberClusters"]) == 2
    with connect(primary_endpoint(described)) as engine:
        assert engine.set("by", "hand")
    command("delete-replication-group", "--replication-group-id", "cli")
    command("wait", "replication-group-deleted", "--replication-group-id", "cli")
    assert "cli" not in names(client)
