"""Who asked for which change is told afterwards, of every way in; and what is captured cannot be sent again."""
import json

from harness.aws import AwsApi

SUBNETS = ["subnet-us-east-1a"]


def records(shared, resource):
    """Newest first."""
    return shared.cachectl("audit", "list", resource=resource).expect(0).json.get("records", [])


def changes(record):
    return {change["field"]: (change["before"], change["after"]) for change in record["changes"]}


def make(aws, name, description="d"):
    return aws.client().create_cache_subnet_group(CacheSubnetGroupName=name, CacheSubnetGroupDescription=description, SubnetIds=SUBNETS)


def test_every_way_in_is_recorded(shared, aws):
    make(aws, "Audited")
    status, text = shared.http("POST", "/v1/NetworkService/ModifySubnetGroup", json.dumps(
        {"subnet_group": {"name": "audited", "description": "other", "subnets": SUBNETS}}).encode(), {"Content-Type": "application/json"})
    assert status == 200, text
    shared.cachectl("subnet-group", "delete", "audited").expect(0)
    deleted, modified, created = records(shared, "subnet-group/audited")
    assert [row["interface"] for row in (created, modified, deleted)] == ["aws-query", "json", "grpc"]
    assert [row["outcome"] for row in (created, modified, deleted)] == ["ok"] * 3
    assert (created["caller"], created["role"], created["operation"]) == (aws.key, "admin", "CreateCacheSubnetGroup")
    assert {row["caller"] for row in (modified, deleted)} == {"local"}
    assert all(row["peer"].startswith("127.0.0.1:") for row in (created, modified, deleted))
    assert created["parameters"]["CacheSubnetGroupName"] == "Audited"
    assert changes(modified) == {"description": ("d", "other")}
    assert changes(deleted)["subnets"] == (SUBNETS[0], "none")


def test_refusals_are_recorded_without_secrets(shared, aws):
    stranger = AwsApi(shared)
    shared.cachectl("access-key", "revoke", stranger.key).expect(0)
    password = "hunter2hunter2hunter2"
    for api in (stranger, aws):
        status, _ = api.post("CreateReplicationGroup", ReplicationGroupId="refused", ReplicationGroupDescription="d",
                             AuthToken=password, CacheNodeType="cache.t4g.micro")
        assert 400 <= status < 500
    known, unknown = records(shared, "cluster/refused")
    assert (known["outcome"], known["admitted"]) == ("InvalidParameterCombination", True)
    assert (unknown["outcome"], unknown.get("admitted", False), unknown["caller"]) == ("InvalidClientTokenId", False, stranger.key)
    assert password not in json.dumps([known, unknown])


def test_what_is_captured_cannot_be_sent_again(shared, aws):
    make(aws, "captured")
    captured = aws.signed("DeleteCacheSubnetGroup", CacheSubnetGroupName="captured")

    def sent(invocation):
        captured.add_header("amz-sdk-invocation-id", invocation)
        return aws.send(captured)
    status, first = sent("one")
    assert status == 200, first
    make(aws, "captured", description="another call: this client tries none again that has the same signature")
    assert sent("one") == (200, first), "a retry gets the first answer, and does nothing"
    status, text = sent("two")
    assert status == 400 and "<Code>Throttling</Code>" in text, text
    shared.cachectl("subnet-group", "describe", "captured").expect(0)
    shared.cachectl("subnet-group", "delete", "captured").expect(0)
