"""What people and applications see who use a cluster with the ordinary tools."""
import subprocess

import pytest
import redis

from harness import wait_until


@pytest.fixture(scope="module")
def shop(shared):
    cluster = shared.create("shop", replicas=1)
    yield cluster
    shared.delete("shop")


def redis_cli(cluster, *words):
    address, port = cluster.primary_endpoint
    done = subprocess.run(["redis-cli", "-h", address, "-p", str(port), *words], capture_output=True, text=True,
                          timeout=20, check=False)
    return (done.stdout + done.stderr).strip()


def test_redis_cli_writes_and_reads(shop):
    assert redis_cli(shop, "ping") == "PONG"
    assert redis_cli(shop, "set", "user:1", "ada") == "OK"
    assert redis_cli(shop, "get", "user:1") == "ada"
    assert redis_cli(shop, "rpush", "queue", "a", "b") == "2"
    assert redis_cli(shop, "keys", "user:*") == "user:1"
    assert redis_cli(shop, "type", "queue") == "list"
    assert "role:master" in redis_cli(shop, "info", "replication")


def test_monitor_shows_what_others_do(shop):
    address, port = shop.primary_endpoint
    with subprocess.Popen(["redis-cli", "-h", address, "-p", str(port), "monitor"], stdout=subprocess.PIPE, text=True) as watching:
        try:
            assert watching.stdout.readline().strip() == "OK"
            redis_cli(shop, "set", "seen", "by-monitor")
            lines = iter(watching.stdout.readline, "")
            assert any('"by-monitor"' in line for line in lines)
        finally:
            watching.kill()


def test_redis_py_uses_every_kind_of_value(shop):
    with shop.connect() as client:
        client.hset("cart:7", mapping={"apples": 3, "pears": 1})
        client.zadd("scores", {"ada": 10, "bob": 7})
        client.set("fleeting", "x", px=50)
        with client.pipeline() as pipeline:
            pipeline.incr("visits").incr("visits")
            assert pipeline.execute() == [1, 2]
        assert client.hgetall("cart:7") == {"apples": "3", "pears": "1"}
        assert client.zrevrange("scores", 0, 0) == ["ada"]
        assert client.type("cart:7") == "hash"
        assert client.eval("return redis.call('incrby', KEYS[1], 40)", 1, "visits") == 42
        wait_until("the key with an expiry is gone", lambda: client.get("fleeting") is None)


@pytest.mark.parametrize("words", ["config get maxmemory", "config set maxmemory 1", "replicaof no one", "slaveof no one",
                                   "shutdown nosave", "debug sleep 0", "bgsave", "acl list", "client pause 1000"])
def test_commands_withheld_from_users_are_refused(shop, words):
    with shop.connect() as client:
        with pytest.raises(redis.exceptions.ResponseError, match="no permissions|not allowed"):
            client.execute_command(*words.split())
        assert client.ping()


def test_memory_is_bounded_by_the_node_type(shared, shop):
    rows = shared.cachectl("node-type", "list").expect(0).json["node_types"]
    offered = next(int(row["memory_bytes"]) for row in rows if row["name"] == "cache.t4g.micro")
    with shop.connect() as client:
        memory = client.info("memory")
        assert 0.7 * offered <= memory["maxmemory"] <= offered
        assert memory["maxmemory_policy"] == "volatile-lru"
