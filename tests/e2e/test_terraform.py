"""Terraform's AWS provider, unchanged: what it applies is there, and what is there needs no change.

It waits 30 seconds by itself after many a call, so there are few applies.
"""
import pytest

from harness import connect, images
from harness.aws import AwsApi, group, members
from harness.terraform import Terraform, skip

GROUP = """
variable "description" {}
variable "environment" {}
variable "nodes" {}
variable "engine_version" {}

resource "aws_elasticache_subnet_group" "cache" {
  name       = "cache-subnets"
  subnet_ids = ["subnet-us-east-1a", "subnet-us-east-1b", "subnet-us-east-1c"]
}

resource "aws_elasticache_parameter_group" "cache" {
  name   = "cache-parameters"
  family = "valkey8"
  parameter {
    name  = "maxmemory-policy"
    value = "noeviction"
  }
}

resource "aws_elasticache_replication_group" "cache" {
  replication_group_id       = "cache"
  description                = var.description
  engine                     = "valkey"
  engine_version             = var.engine_version
  node_type                  = "cache.t4g.micro"
  num_cache_clusters         = var.nodes
  automatic_failover_enabled = true
  multi_az_enabled           = true
  subnet_group_name          = aws_elasticache_subnet_group.cache.name
  parameter_group_name       = aws_elasticache_parameter_group.cache.name
  maintenance_window         = "sun:05:00-sun:09:00"
  snapshot_window            = "00:00-01:00"
  apply_immediately          = true
  tags                       = { env = var.environment }
}
"""
FIRST = {"description": "first", "environment": "dev", "nodes": 3, "engine_version": "8.0"}
SECOND = {"description": "second", "environment": "prod", "nodes": 2, "engine_version": "8.1"}


@pytest.fixture
def make_terraform(tmp_path, shared):
    def make(configuration):
        needed = {("valkey", "8.0"), ("valkey", "8.1"), ("redis", "7.0")}
        if not needed <= {(engine, full.rpartition(".")[0]) for engine, full in images()}:
            skip(f"there are not all images of {sorted(needed)}")
        return Terraform(tmp_path, AwsApi(shared), configuration)
    return make


def tags_of(client, arn):
    return {tag["Key"]: tag["Value"] for tag in client.list_tags_for_resource(ResourceName=arn)["TagList"]}


def check_is(client, wanted):
    assert group(client, "cache")["Description"] == wanted["description"]
    rows = members(client, "cache")
    assert len(rows) == wanted["nodes"]
    assert {row["EngineVersion"].rpartition(".")[0] for row in rows} == {wanted["engine_version"]}
    assert {(row["CacheSubnetGroupName"], row["CacheParameterGroup"]["CacheParameterGroupName"]) for row in rows} == \
        {("cache-subnets", "cache-parameters")}
    assert tags_of(client, group(client, "cache")["ARN"]) == {"env": wanted["environment"], "team": "core"}
    (subnets,) = client.describe_cache_subnet_groups(CacheSubnetGroupName="cache-subnets")["CacheSubnetGroups"]
    (parameters,) = client.describe_cache_parameter_groups(CacheParameterGroupName="cache-parameters")["CacheParameterGroups"]
    assert tags_of(client, subnets["ARN"]) == tags_of(client, parameters["ARN"]) == {"team": "core"}


def test_what_terraform_applies_is_there_and_stays_as_it_is(make_terraform, shared):
    terraform = make_terraform(GROUP)
    client = AwsApi(shared).client()
    try:
        terraform.apply(FIRST)
        check_is(client, FIRST)
        terraform.check_nothing_to_do(FIRST)
        assert "must be replaced" not in terraform.plan(SECOND).stdout
        terraform.apply(SECOND)
        check_is(client, SECOND)
        terraform.check_nothing_to_do(SECOND)
    finally:
        terraform.destroy(SECOND)
    assert "cache" not in shared.cluster_names()
    assert "cache-subnets" not in [row["CacheSubnetGroupName"] for row in client.describe_cache_subnet_groups()["CacheSubnetGroups"]]


OTHER_ENGINE = """
variable "engine" {}
variable "engine_version" {}
variable "family" {}
variable "node_type" {}
variable "policy" {}

resource "aws_elasticache_parameter_group" "engine" {
  name   = "engine-${var.family}"
  family = var.family
  parameter {
    name  = "maxmemory-policy"
    value = var.policy
  }
  lifecycle { create_before_destroy = true }
}

resource "aws_elasticache_replication_group" "engine" {
  replication_group_id       = "engine"
  description                = "an engine for another"
  engine                     = var.engine
  engine_version             = var.engine_version
  node_type                  = var.node_type
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  parameter_group_name       = aws_elasticache_parameter_group.engine.name
  apply_immediately          = true
}
"""
REDIS = {"engine": "redis", "engine_version": "7.0", "family": "redis7", "node_type": "cache.t4g.micro", "policy": "noeviction"}
VALKEY = {"engine": "valkey", "engine_version": "8.0", "family": "valkey8", "node_type": "cache.t4g.small", "policy": "allkeys-lru"}


def test_redis_becomes_valkey_with_its_data(make_terraform, shared):
    terraform = make_terraform(OTHER_ENGINE)
    client = AwsApi(shared).client()
    try:
        terraform.apply(REDIS)
        endpoint = shared.cluster("engine").primary_endpoint
        with connect(endpoint) as engine:
            engine.set("kept", "yes")
        terraform.check_nothing_to_do(REDIS)
        assert 'aws_elasticache_replication_group.engine must be replaced' not in terraform.plan(VALKEY).stdout
        terraform.apply(VALKEY)
        assert {(row["Engine"], row["CacheNodeType"]) for row in members(client, "engine")} == {("valkey", "cache.t4g.small")}
        with connect(endpoint) as engine:
            assert engine.get("kept") == "yes" and engine.info("server")["server_name"] == "valkey"
        for node in shared.cluster("engine").nodes:
            with shared.as_agent(node) as engine:
                assert engine.config_get("maxmemory-policy") == {"maxmemory-policy": "allkeys-lru"}
        terraform.check_nothing_to_do(VALKEY)
    finally:
        terraform.destroy(VALKEY)
    assert "engine" not in shared.cluster_names()


CACHE_CLUSTER = """
variable "environment" {}
variable "engine_version" {}
variable "node_type" {}

data "aws_availability_zones" "all" {
  state = "available"
}

data "aws_vpc" "network" {
  default = true
}

data "aws_subnets" "in_one_zone" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.network.id]
  }
  filter {
    name   = "availability-zone"
    values = [data.aws_availability_zones.all.names[1]]
  }
}

data "aws_security_group" "default" {
  name   = "default"
  vpc_id = data.aws_vpc.network.id
}

resource "aws_elasticache_subnet_group" "alone" {
  name       = "alone-subnets"
  subnet_ids = data.aws_subnets.in_one_zone.ids
}

resource "aws_elasticache_cluster" "alone" {
  cluster_id         = "alone"
  engine             = "valkey"
  engine_version     = var.engine_version
  node_type          = var.node_type
  num_cache_nodes    = 1
  port               = 6390
  availability_zone  = data.aws_availability_zones.all.names[1]
  subnet_group_name  = aws_elasticache_subnet_group.alone.name
  security_group_ids = [data.aws_security_group.default.id]
  maintenance_window = "sun:05:00-sun:09:00"
  apply_immediately  = true
  tags               = { env = var.environment }
}

# ElastiCache's own number.
resource "aws_elasticache_cluster" "numbered" {
  cluster_id      = "numbered"
  engine          = "redis"
  engine_version  = "7.1"
  node_type       = "cache.t4g.micro"
  num_cache_nodes = 1
}

resource "aws_elasticache_replication_group" "numbered" {
  replication_group_id = "numbered-group"
  description          = "of ElastiCache's own number"
  engine               = "redis"
  engine_version       = "7.1"
  node_type            = "cache.t4g.micro"
  num_cache_clusters   = 1
}

output "nodes" {
  value = aws_elasticache_cluster.alone.cache_nodes
}
output "zones" {
  value = data.aws_availability_zones.all.names
}
output "range" {
  value = data.aws_vpc.network.cidr_block
}
"""
SMALL = {"environment": "dev", "engine_version": "8.0", "node_type": "cache.t4g.micro"}
LARGE = {"environment": "prod", "engine_version": "8.1", "node_type": "cache.t4g.small"}


def check_alone_is(client, wanted, nodes):
    row = client.describe_cache_clusters(CacheClusterId="alone", ShowCacheNodeInfo=True)["CacheClusters"][0]
    assert row["EngineVersion"].rpartition(".")[0] == wanted["engine_version"] and row["CacheNodeType"] == wanted["node_type"]
    assert row["PreferredAvailabilityZone"] == "us-east-1b" and "ReplicationGroupId" not in row
    assert tags_of(client, row["ARN"]) == {"env": wanted["environment"], "team": "core"}
    assert [(node["id"], node["port"]) for node in nodes] == [("0001", 6390)]
    assert nodes[0]["address"] == row["CacheNodes"][0]["Endpoint"]["Address"]
    for numbered in ("numbered", "numbered-group-001"):
        assert client.describe_cache_clusters(CacheClusterId=numbered)["CacheClusters"][0]["EngineVersion"] == "7.1.0"


def test_a_cache_cluster_lives_its_life_where_data_sources_say(make_terraform, shared):
    terraform = make_terraform(CACHE_CLUSTER)
    client = AwsApi(shared).client()
    try:
        terraform.apply(SMALL)
        told = terraform.output()
        check_alone_is(client, SMALL, told["nodes"])
        assert told["zones"] == ["us-east-1a", "us-east-1b", "us-east-1c"] and told["range"]
        with connect((told["nodes"][0]["address"], 6390)) as engine:
            engine.set("kept", "yes")
        terraform.check_nothing_to_do(SMALL)
        assert "must be replaced" not in terraform.plan(LARGE).stdout
        terraform.apply(LARGE)
        check_alone_is(client, LARGE, terraform.output()["nodes"])
        with connect((told["nodes"][0]["address"], 6390)) as engine:
            assert engine.get("kept") == "yes"
        terraform.check_nothing_to_do(LARGE)
    finally:
        terraform.destroy(LARGE)
    assert shared.cluster_names() == []
