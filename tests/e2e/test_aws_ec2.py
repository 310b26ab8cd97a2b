"""EC2's read-only calls, as boto3 makes them, tell of the installation's own network."""
import pytest
from botocore.exceptions import ClientError

from harness.aws import REGION

ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"]
VPC = "vpc-cacheplane"


@pytest.fixture(scope="module")
def ec2(aws):
    return aws.client("ec2")


def filters(**named):
    return [{"Name": name.replace("_", "-"), "Values": values} for name, values in named.items()]


def refused(call, **options):
    """(code, HTTP status) of the call's fault."""
    with pytest.raises(ClientError) as raised:
        call(**options)
    answer = raised.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def test_zones_are_those_of_the_subnets(ec2):
    rows = ec2.describe_availability_zones(Filters=filters(state=["available"]))["AvailabilityZones"]
    assert [row["ZoneName"] for row in rows] == ZONES
    assert {row["RegionName"] for row in rows} == {REGION}
    assert refused(ec2.describe_availability_zones, ZoneNames=["mars-1a"]) == ("InvalidParameterValue", 400)


def test_subnets_can_be_used_for_subnet_groups(aws, ec2):
    found = ec2.describe_subnets(Filters=filters(vpc_id=[VPC], availability_zone=ZONES[:2]))["Subnets"]
    assert [row["AvailabilityZone"] for row in found] == ZONES[:2]
    assert all(row["AvailableIpAddressCount"] > 0 and row["State"] == "available" for row in found)
    client, ids = aws.client(), [row["SubnetId"] for row in found]
    made = client.create_cache_subnet_group(CacheSubnetGroupName="found", CacheSubnetGroupDescription="d", SubnetIds=ids)
    client.delete_cache_subnet_group(CacheSubnetGroupName="found")
    assert made["CacheSubnetGroup"]["VpcId"] == VPC
    assert refused(ec2.describe_subnets, SubnetIds=["subnet-0"]) == ("InvalidSubnetID.NotFound", 400)
    assert refused(ec2.describe_subnets, Filters=filters(colour=["red"])) == ("InvalidParameterValue", 400)


def test_paginators_go_through_every_subnet(shared, ec2):
    made = [f"page-{number}" for number in range(4)]
    for number, name in enumerate(made):
        shared.cachectl("subnet", "create", name, "--zone", ZONES[0], "--cidr", f"10.77.{number}.0/24").expect(0)
    try:
        pages = list(ec2.get_paginator("describe_subnets").paginate(PaginationConfig={"PageSize": 5}))
        assert [len(page["Subnets"]) for page in pages] == [5, 2]
        assert len({row["SubnetId"] for page in pages for row in page["Subnets"]}) == 7
    finally:
        for name in made:
            shared.cachectl("subnet", "delete", name).expect(0)


def test_security_groups_have_their_rules(ec2):
    rows = ec2.describe_security_groups(Filters=filters(group_name=["def*"]))["SecurityGroups"]
    assert [(row["GroupId"], row["VpcId"]) for row in rows] == [("default", VPC)]
    assert rows[0]["IpPermissions"][0]["IpRanges"][0]["CidrIp"] == "0.0.0.0/0"
    assert refused(ec2.describe_security_groups, GroupIds=["sg-0"]) == ("InvalidGroup.NotFound", 400)


def test_the_network_is_the_default_vpc(ec2):
    rows = ec2.describe_vpcs(Filters=filters(is_default=["true"]))["Vpcs"]
    assert [(row["VpcId"], row["State"]) for row in rows] == [(VPC, "available")]
    assert ec2.describe_vpc_attribute(VpcId=VPC, Attribute="enableDnsSupport")["EnableDnsSupport"] == {"Value": False}


def test_nothing_of_ec2_is_ever_made(ec2):
    assert refused(ec2.create_vpc, CidrBlock="10.0.0.0/16") == ("InvalidAction", 400)
    assert refused(ec2.describe_instances) == ("InvalidAction", 400)
