"""Terraform's AWS provider, unchanged: what it applies is there, and what is there needs no change.

It waits 30 seconds by itself after many a call, so there are few applies.
"""
import os
import pathlib
import shutil
import subprocess
import warnings

import pytest

from harness import images
from harness.aws import AwsApi, group, members

PROVIDER = "registry.terraform.io/hashicorp/aws"
CONFIGURATION = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

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
NO_CHANGES, CHANGES = 0, 2  # exit codes of plan -detailed-exitcode


def mirrors():
    """Folders with provider plugins, laid out as `terraform providers mirror` does, wherever they are kept."""
    named = os.environ.get("TF_PLUGIN_MIRROR")
    usual = [named] if named else []
    usual += ["/usr/share/terraform/plugins", "/usr/local/share/terraform/plugins", pathlib.Path.home() / ".terraform.d/plugins"]
    usual += sorted(pathlib.Path("/opt").glob("*")) + sorted(pathlib.Path("/opt").glob("*/plugins"))
    return [pathlib.Path(folder) for folder in usual if (pathlib.Path(folder) / PROVIDER).is_dir()]


def skip(reason):
    warnings.warn(f"TERRAFORM WAS NOT TESTED: {reason}")
    pytest.skip(reason)


class Terraform:
    def __init__(self, folder, aws, mirror):
        self._folder = folder
        (folder / "main.tf").write_text(CONFIGURATION)
        settings = folder / "terraform.rc"
        settings.write_text(f'provider_installation {{\n  filesystem_mirror {{ path = "{mirror}" }}\n}}\n')
        self._environment = {**aws.environment(), "TF_CLI_CONFIG_FILE": str(settings), "TF_IN_AUTOMATION": "1",
                             "CHECKPOINT_DISABLE": "1"}

    def run(self, *words, allowed=(0,), **variables):
        words = ["terraform", *words, *(f"-var={name}={value}" for name, value in variables.items())]
        done = subprocess.run(words, cwd=self._folder, env=self._environment, capture_output=True, text=True, timeout=600, check=False)
        assert done.returncode in allowed, f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done

    def apply(self, variables):
        self.run("apply", "-auto-approve", "-input=false", "-no-color", **variables)

    def plan(self, variables):
        return self.run("plan", "-detailed-exitcode", "-input=false", "-no-color", allowed=(NO_CHANGES, CHANGES), **variables)

    def check_nothing_to_do(self, variables):
        done = self.plan(variables)
        assert done.returncode == NO_CHANGES, done.stdout


@pytest.fixture
def terraform(tmp_path, shared):
    if shutil.which("terraform") is None:
        skip("there is no terraform")
    found = mirrors()
    if not found:
        skip(f"there is no mirror with {PROVIDER}; TF_PLUGIN_MIRROR may name one")
    if not {"8.0", "8.1"} <= {full.rpartition(".")[0] for engine, full in images() if engine == "valkey"}:
        skip("there are no images of valkey 8.0 and 8.1")
    made = Terraform(tmp_path, AwsApi(shared), found[0])
    made.run("init", "-input=false", "-no-color")
    return made


def check_is(client, wanted):
    assert group(client, "cache")["Description"] == wanted["description"]
    rows = members(client, "cache")
    assert len(rows) == wanted["nodes"]
    assert {row["EngineVersion"].rpartition(".")[0] for row in rows} == {wanted["engine_version"]}
    assert {(row["CacheSubnetGroupName"], row["CacheParameterGroup"]["CacheParameterGroupName"]) for row in rows} == \
        {("cache-subnets", "cache-parameters")}
    tags = client.list_tags_for_resource(ResourceName=group(client, "cache")["ARN"])["TagList"]
    assert tags == [{"Key": "env", "Value": wanted["environment"]}]


def test_what_terraform_applies_is_there_and_stays_as_it_is(terraform, shared):
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
        terraform.run("destroy", "-auto-approve", "-input=false", "-no-color", **SECOND)
    assert "cache" not in shared.cluster_names()
    assert "cache-subnets" not in [row["CacheSubnetGroupName"] for row in client.describe_cache_subnet_groups()["CacheSubnetGroups"]]
