"""Ansible's elasticache modules, unchanged: what a playbook asks for is there, and a second run changes nothing."""
import pytest

from harness import connect, images
from harness.ansible import Ansible, skip
from harness.aws import NODE_TYPE, AwsApi

SUBNETS = ["subnet-us-east-1a", "subnet-us-east-1b"]
GROUP = {"name": "playbook", "group_family": "redis6.x", "description": "of a playbook"}
CACHE = {"name": "alone", "engine": "redis", "node_type": NODE_TYPE, "num_nodes": 1, "cache_port": 6380, "cache_subnet_group": "playbook",
         "security_group_ids": ["default"]}
VALKEY = {"name": "valkey", "engine": "valkey", "node_type": NODE_TYPE, "cache_subnet_group": "playbook"}


def task(title, module, **options):
    return {"name": title, f"community.aws.{module}": options}


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
    made = Ansible(tmp_path, api)
    yield made
    made.play(ABSENT)


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
    assert changes(ansible.play(present(description="zones", policy="allkeys-lru"))) == ["subnet group", "parameter group"]
    (group,) = client.describe_cache_subnet_groups(CacheSubnetGroupName="playbook")["CacheSubnetGroups"]
    assert group["CacheSubnetGroupDescription"] == "zones"
    parameters = {row["ParameterName"]: row.get("ParameterValue")
                  for row in client.describe_cache_parameters(CacheParameterGroupName="playbook", Source="user")["Parameters"]}
    assert parameters == {"maxmemory-policy": "allkeys-lru", "timeout": "300"}
    reset = ansible.play([task("reset", "elasticache_parameter_group", state="reset", name="playbook", values={"timeout": 0})])
    assert changes(reset) == ["reset"]

    ended = ansible.play(ABSENT)
    assert changes(ended) == ["valkey", "cache cluster", "parameter group", "subnet group"]
    assert ended[-1]["elasticache_clusters"] == []
    assert changes(ansible.play(ABSENT)) == []


def test_a_cache_cluster_is_rebooted_and_remade(ansible, api):
    client = api.client()
    ansible.play(present())
    rebooted = ansible.play([task("reboot", "elasticache", state="rebooted", name="alone", wait=False)])
    assert changes(rebooted) == ["reboot"]
    client.get_waiter("cache_cluster_available").wait(CacheClusterId="alone", WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    (refused,) = ansible.play([task("port", "elasticache", state="present", **{**CACHE, "cache_port": 6381})], allowed=(2,))
    assert "requires destructive modification" in refused["msg"]
    remade = ansible.play([task("port", "elasticache", state="present", hard_modify=True, **{**CACHE, "cache_port": 6381})])
    assert changes(remade) == ["port"]
    assert client.describe_cache_clusters(CacheClusterId="alone", ShowCacheNodeInfo=True)["CacheClusters"][0]["CacheNodes"][0]["Endpoint"]["Port"] == 6381


def test_what_is_not_built_is_told_in_the_modules_words(ansible):
    (memcached,) = ansible.play([task("memcached", "elasticache", state="present", name="old", engine="memcached", node_type=NODE_TYPE)], allowed=(2,))
    assert "Failed to create cache cluster" in memcached["msg"] and "memcached" in memcached["msg"].lower()
    (snapshot,) = ansible.play([task("snapshot", "elasticache_snapshot", state="present", name="s", replication_id="alone", cluster_id="alone")], allowed=(2,))
    assert "not built" in snapshot["msg"], snapshot["msg"]
