"""Ansible's elasticache modules, unchanged: what a playbook asks for is there, and a second run changes nothing."""
import pytest

from harness import connect, images
from harness.ansible import Ansible, skip
from harness.aws import NODE_TYPE, QUICK, AwsApi

SUBNETS = ["subnet-us-east-1a", "subnet-us-east-1b"]
GROUP = {"name": "playbook", "group_family": "redis6.x", "description": "of a playbook"}
CACHE = {"name": "alone", "engine": "redis", "node_type": NODE_TYPE, "num_nodes": 1, "cache_port": 6380, "cache_subnet_group": "playbook",
         "security_group_ids": ["default"]}
VALKEY = {"name": "valkey", "engine": "valkey", "node_type": NODE_TYPE, "cache_subnet_group": "playbook"}


def task(title, module, **options):
    return {"name": title, f"community.aws.{module}": options}


def tried(title, module, **options):
    """That may fail."""
    return {**task(title, module, **options), "ignore_errors": True}


def present(description="two zones", policy="noeviction"):
    return [task("subnet group", "elasticache_subnet_group", state="present", name="playbook", description=description, subnets=SUBNETS),
            task("parameter group", "elasticache_parameter_group", state="present", values={"maxmemory-policy": policy, "timeout": 300}, **GROUP),
            task("cache cluster", "elasticache", state="present", **CACHE),
            task("valkey", "elasticache", state="present", **VALKEY),
            task("info", "elasticache_info", name="alone")]


ABSENT = [task("valkey", "elasticache", state="absent", name="valkey"),
          task("cache cluster", "elasticache", state="absent", name="alone"),
          task("parameter group", "elasticache_parameter_group", state="absent", name="playbook"),
          task("subnet group", "elasticache_subnet_group", state="absent", name="playbook"),
          task("info", "elasticache_info", name="alone")]


@pytest.fixture
def api(shared):
    if not any(engine == "redis" for engine, _ in images()):
        skip("there is no image of Redis")
    return AwsApi(shared)


@pytest.fixture
def ansible(tmp_path, api):
    """What it made is gone when the test is over."""
    yield Ansible(tmp_path, api)
    client = api.client()
    names = [row["CacheClusterId"] for row in client.describe_cache_clusters()["CacheClusters"]]
    for name in names:
        client.delete_cache_cluster(CacheClusterId=name)
    for name in names:
        client.get_waiter("cache_cluster_deleted").wait(CacheClusterId=name, WaiterConfig=QUICK)


def changes(results):
    return [result["name"] for result in results if result["changed"]]


def test_a_playbook_is_carried_out_once(ansible, api):
    client = api.client()
    first = ansible.play(present())
    assert changes(first) == ["subnet group", "parameter group", "cache cluster", "valkey"]
    (described,) = client.describe_cache_clusters(CacheClusterId="alone", ShowCacheNodeInfo=True)["CacheClusters"]
    assert (described["Engine"], described["CacheSubnetGroupName"], described["CacheClusterStatus"]) == ("redis", "playbook", "available")
    endpoint = described["CacheNodes"][0]["Endpoint"]
    with connect((endpoint["Address"], endpoint["Port"])) as engine:
        engine.set("kept", "yes")
        assert endpoint["Port"] == 6380 and engine.get("kept") == "yes"
    (told,) = first[-1]["elasticache_clusters"]
    assert (told["cache_cluster_id"], told["cache_cluster_status"], told["tags"]) == ("alone", "available", {})

    assert changes(ansible.play(present())) == []

    subnets, parameters, *_ = present(description="zones", policy="allkeys-lru")
    reset = task("reset", "elasticache_parameter_group", state="reset", name="playbook", values={"timeout": 0})
    assert changes(ansible.play([subnets, parameters, reset])) == ["subnet group", "parameter group", "reset"]
    (group,) = client.describe_cache_subnet_groups(CacheSubnetGroupName="playbook")["CacheSubnetGroups"]
    assert group["CacheSubnetGroupDescription"] == "zones"
    kept = client.describe_cache_parameters(CacheParameterGroupName="playbook", Source="user")["Parameters"]
    assert {row["ParameterName"]: row["ParameterValue"] for row in kept} == {"maxmemory-policy": "allkeys-lru"}

    ended = ansible.play(ABSENT)
    assert changes(ended) == ["valkey", "cache cluster", "parameter group", "subnet group"]
    assert ended[-1]["elasticache_clusters"] == []
    assert changes(ansible.play(ABSENT[:-1])) == []


def test_a_cache_cluster_is_rebooted_and_made_anew_and_what_is_not_built_is_told(ansible, api):
    cache = {"name": "alone", "engine": "redis", "node_type": NODE_TYPE, "cache_port": 6380}
    moved = {**cache, "cache_port": 6381}
    made, rebooted, memcached, snapshot, refused, remade = ansible.play([
        task("make", "elasticache", state="present", **cache),
        task("reboot", "elasticache", state="rebooted", name="alone", wait=False),
        tried("memcached", "elasticache", state="present", name="old", engine="memcached", node_type=NODE_TYPE),
        tried("snapshot", "elasticache_snapshot", state="present", name="kept", replication_id="alone", cluster_id="alone"),
        tried("another port", "elasticache", state="present", **moved),
        task("another port, made anew", "elasticache", state="present", hard_modify=True, **moved)])
    assert changes([made, rebooted, remade]) == ["make", "reboot", "another port, made anew"]
    assert "Failed to create cache cluster" in memcached["msg"] and "memcached" in memcached["error"]["message"]
    assert "not built" in snapshot["msg"] or "not built" in snapshot["error"]["message"]
    assert "requires destructive modification" in refused["msg"]
    (described,) = api.client().describe_cache_clusters(CacheClusterId="alone", ShowCacheNodeInfo=True)["CacheClusters"]
    assert described["CacheNodes"][0]["Endpoint"]["Port"] == 6381
