"""Wrong requests: each is refused with a message that helps and an exit code to branch on, and leaves nothing."""
import json

import pytest

GOOD = {"node_type": "cache.t4g.micro"}
NOT_FOUND, CONFLICT, INVALID, NOT_YET, USAGE = 3, 4, 7, 8, 252


@pytest.fixture(scope="module")
def strict(make_module_installation):
    """Agents with two images only, a subnet group of one zone, and a cluster in it that is protected."""
    made = make_module_installation(only_images=["valkey-8.0.1", "redis-7.0.15"])
    made.cachectl("subnet-group", "create", "one-zone", subnets="subnet-us-east-1a").expect(0)
    made.create("taken", subnet_group="one-zone", deletion_protection=True)
    return made


@pytest.fixture(autouse=True)
def nothing_half_made(strict):
    before = state_of(strict)
    yield
    assert state_of(strict) == before


def state_of(installation):
    def ask(method, **body):
        status, text = installation.http("POST", f"/v1/{method}", body)
        assert status == 200, text
        return json.loads(text)

    clusters = ask("ClusterService/ListClusters")["clusters"]
    for node in [node for cluster in clusters for shard in cluster["shards"] for node in shard["nodes"]]:
        # What the engine reports of itself moves by itself.
        node.pop("replication_offset"), node.pop("used_memory_bytes")
    network = [ask(f"NetworkService/List{kind}") for kind in ("Subnets", "SubnetGroups", "SecurityGroups")]
    return clusters, network, len(ask("OperationService/ListOperations")["operations"]), installation.node_directories()


def refused(answer, code, *fragments):
    answer.expect(code)
    assert answer.text == "", answer
    assert answer.errors.startswith("error: "), answer
    for fragment in fragments:
        assert fragment in answer.errors, f"{fragment!r} is missing: {answer}"


@pytest.mark.parametrize("name", ["1orders", "orders-", "or--ders", "or_ders", "or.ders", "ördera", "a" * 41, "or ders", "../etc",
                                  "orders\n", "orders;id"])
def test_a_name_out_of_the_pattern_is_refused(strict, name):
    refused(strict.cachectl("cluster", "create", name, **GOOD), INVALID, "name", "1 to 40 letters, digits and hyphens")


@pytest.mark.parametrize("name", ["taken", "TAKEN"])
def test_a_name_that_is_taken_is_refused_whatever_its_case(strict, name):
    refused(strict.cachectl("cluster", "create", name, **GOOD), CONFLICT, "taken", "AlreadyExists")


@pytest.mark.parametrize("engine, version, fragments", [
    ("valkey", "7.9", ['allowed: "8.0"']),  # what there are images of
    ("valkey", "8.0.1", ['"8.0"']),
    ("valkey", "eight", ['"8.0"']),
    ("redis", "8.1", ['"7.0"']),
    ("memcache", "1.6", ['"valkey"', '"redis"']),
])
def test_a_version_that_does_not_exist_is_answered_with_those_that_do(strict, engine, version, fragments):
    refused(strict.cachectl("cluster", "create", "x", engine=engine, engine_version=version, **GOOD), INVALID, *fragments)


@pytest.mark.parametrize("engine, version, there", [("valkey", "9.1", '"8.0"'), ("redis", "6.0", '"7.0"')])
def test_a_version_without_an_image_is_answered_with_those_that_have_one(strict, engine, version, there):
    answer = strict.cachectl("cluster", "create", "x", engine=engine, engine_version=version, **GOOD)
    refused(answer, INVALID, "no image", f"allowed: {there}")


@pytest.mark.parametrize("options, fragments", [
    ({"replicas": 6}, ["--replicas", "0 to 5"]),
    ({"replicas": -1}, ["--replicas", "0 to 5"]),
    ({"shards": 0}, ["--shards"]),
    ({"multi_az": True}, ["needs a replica"]),
    ({"automatic_failover": True}, ["needs a replica"]),
    ({"multi_az": True, "replicas": 1, "automatic_failover": False}, ["--automatic-failover"]),
    ({"multi_az": True, "replicas": 1, "subnet_group": "one-zone"}, ["two zones", "us-east-1a"]),
    ({"replicas": 1, "zones": "us-east-1a"}, ["--zones"]),
    ({"replicas": 1, "zones": "us-east-1a,mars-1a"}, ["mars-1a", "us-east-1b"]),
    ({"port": 80}, ["--port", "1024"]),
    ({"port": 65536}, ["--port", "65535"]),
    ({"snapshot_retention_days": 36}, ["--snapshot-retention-days", "0 to 35"]),
    ({"description": "d" * 256}, ["--description", "255"]),
    ({"tag": [f"k{i}=v" for i in range(51)]}, ["--tag", "50"]),
    ({"tag": ["aws:made=by"]}, ["--tag", "aws:"]),
    ({"parameter_group": "default.redis7"}, ["--parameter-group", "valkey8"]),
])
def test_a_definition_out_of_bounds_is_refused_with_the_bounds(strict, options, fragments):
    refused(strict.cachectl("cluster", "create", "x", **{**GOOD, **options}), INVALID, *fragments)


@pytest.mark.parametrize("options, fragments", [
    ({"subnet_group": "nowhere"}, ["--subnet-group", "nowhere"]),
    ({"security_groups": "default,strangers"}, ["--security-groups", "strangers"]),
    ({"parameter_group": "mine"}, ["--parameter-group", "mine"]),
])
def test_a_group_that_does_not_exist_is_named(strict, options, fragments):
    refused(strict.cachectl("cluster", "create", "x", **GOOD, **options), NOT_FOUND, *fragments)


@pytest.mark.parametrize("options", [
    {"maintenance_window": "sun:05:00-sun:05:30"}, {"maintenance_window": "someday"},
    {"maintenance_window": "sun:25:00-sun:26:00"}, {"snapshot_window": "05:00-05:10"}, {"snapshot_window": "5-6"},
    {"maintenance_window": "sun:05:00-sun:07:00", "snapshot_window": "06:00-08:00"},
    {"maintenance_window": "sun:23:00-mon:02:00", "snapshot_window": "01:00-02:30"},
])
def test_windows_that_are_malformed_too_short_or_overlap_are_refused(strict, options):
    refused(strict.cachectl("cluster", "create", "x", **GOOD, **options), INVALID, "-window", "allowed: ")


@pytest.mark.parametrize("node_type, fragments", [
    ("cache.huge", ["is unknown", "cache."]),
    ("", ["is required"]),
    ("cache.r7g.16xlarge", ["fits nowhere", "64.00 GiB"]),
    ("cache.m1.small", ["not offered to new clusters"]),
])
def test_a_node_type_that_exists_or_fits_nowhere_is_refused(strict, node_type, fragments):
    refused(strict.cachectl("cluster", "create", "x", node_type=node_type), INVALID, "--node-type", *fragments)


def test_more_shards_than_one_are_not_yet(strict):
    refused(strict.cachectl("cluster", "create", "x", shards=2, replicas=1, **GOOD), NOT_YET, "not yet")


def test_a_protected_cluster_is_not_deleted(strict):
    refused(strict.cachectl("cluster", "delete", "taken", "--yes"), CONFLICT, "--deletion-protection")


def test_groups_and_subnets_in_use_are_not_deleted(strict):
    refused(strict.cachectl("subnet-group", "delete", "one-zone"), CONFLICT, "one-zone")
    refused(strict.cachectl("subnet", "delete", "subnet-us-east-1a"), CONFLICT, "subnet-us-east-1a")
    refused(strict.cachectl("security-group", "delete", "default"), CONFLICT, "default")


@pytest.mark.parametrize("cidr, fragments", [
    ("127.{n}.0.0/24", ["overlaps", "subnet-us-east-1a"]), ("10.0.0.0/8", ["/16 to /28"]), ("10.0.0.0/29", ["/16 to /28"]),
    ("10.0.0.1/24", ["--cidr"]), ("everywhere", ["--cidr"]),
])
def test_a_subnet_that_overlaps_or_is_no_range_is_refused(strict, cidr, fragments):
    answer = strict.cachectl("subnet", "create", "more", zone="us-east-1a", cidr=cidr.format(n=strict.places.number))
    refused(answer, INVALID, *fragments)


def test_a_name_that_nothing_has_is_not_found(strict):
    for words in (["cluster", "describe", "x"], ["cluster", "delete", "x", "--yes"], ["subnet-group", "describe", "x"],
                  ["cluster", "modify", "x", "--description", "d"], ["operation", "get", "op-x"], ["agent", "describe", "x"]):
        refused(strict.cachectl(*words), NOT_FOUND)


def test_deletion_without_yes_asks_and_does_nothing_without_a_terminal(strict):
    answer = strict.cachectl("cluster", "delete", "taken")
    assert answer.code not in (0, 1) and "--yes" in answer.errors


@pytest.mark.parametrize("words, fragment", [
    (["cluster", "create", "x", "--nod-type", "t"], "--node-type"), (["cluster", "create"], "NAME"),
    (["cluster", "create", "x", "--replicas", "many"], "--replicas"), (["clusters", "list"], "cluster"),
])
def test_a_command_line_that_cannot_be_understood_is_a_usage_error(strict, words, fragment):
    refused(strict.cachectl(*words), USAGE, fragment)


def test_an_unknown_field_in_a_file_is_named(strict):
    spec = json.dumps({"node_type": "cache.t4g.micro", "replica_count": 2})
    refused(strict.cachectl("cluster", "create", "x", "--file", "-", stdin=spec), USAGE, "replica_count")


def call(installation, method, body, **options):
    status, text = installation.http("POST", f"/v1/{method}", body, **options)
    return status, json.loads(text).get("error", {})


def test_a_file_is_answered_in_its_own_words_and_so_is_the_http_api(strict):
    spec = {"node_type": "cache.t4g.micro", "replicas_per_shard": 6}
    refused(strict.cachectl("cluster", "create", "x", "--file", "-", stdin=json.dumps(spec)), INVALID, "spec.replicas_per_shard")
    status, error = call(strict, "ClusterService/CreateCluster", {"name": "x", "spec": spec})
    assert status == 400 and error["message"].startswith("spec.replicas_per_shard: 6 ")


def test_an_unknown_field_in_json_is_named_by_the_http_api(strict):
    body = {"name": "x", "spec": {"node_type": "cache.t4g.micro", "replica_count": 2}}
    status, error = call(strict, "ClusterService/CreateCluster", body)
    assert (status, error["code"]) == (400, "INVALID_ARGUMENT") and "replica_count" in error["message"]


def test_an_oversized_request_is_refused_by_the_http_api(strict):
    body = {"name": "x", "spec": {"node_type": "cache.t4g.micro", "description": "d" * 3_000_000}}
    status, error = call(strict, "ClusterService/CreateCluster", body)
    assert status == 413 and error["message"]


def test_an_oversized_request_is_refused_by_the_grpc_api(strict):
    spec = json.dumps({"node_type": "cache.t4g.micro", "description": "d" * 5_000_000})
    answer = strict.cachectl("cluster", "create", "x", "--file", "-", stdin=spec)
    assert answer.code in (1, INVALID) and answer.errors.startswith("error: "), answer.code
    assert len(answer.errors) < 2000


@pytest.mark.parametrize("path, body, headers, status", [
    ("/v1/ClusterService/CreateCluster", b"{", {}, 400),
    ("/v1/ClusterService/CreateCluster", b"[]", {}, 400),
    ("/v1/ClusterService/ExplodeCluster", b"{}", {}, 404),
    ("/v1/ClusterService/ListClusters", b"page_size=1", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ("/v1/ClusterService/GetCluster", b'{"name": "x"}', {}, 404),
    ("/v1/ClusterService/CreateCluster", b'{"name": "taken", "spec": {"node_type": "cache.t4g.micro"}}', {}, 409),
    ("/v1/ClusterService/ListClusters", b"{}", {"Host": "rebound.example"}, 403),
])
def test_the_http_api_answers_wrong_requests_with_their_status(strict, path, body, headers, status):
    seen, text = strict.http("POST", path, body, headers)
    assert seen == status, text
    assert json.loads(text)["error"]["message"]


def test_the_http_api_answers_right_ones(strict):
    status, text = strict.http("POST", "/v1/ClusterService/GetCluster", {"name": "Taken"})
    assert status == 200 and json.loads(text)["cluster"]["name"] == "taken"
    assert strict.http("GET", "/healthz")[0] == 200
    assert 'cacheplane_' in strict.http("GET", "/metrics")[1]
