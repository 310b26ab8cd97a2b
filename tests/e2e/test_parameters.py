"""Parameter groups, from the API to the engines' own configuration."""
import shutil

import pytest

from harness import Recorder, images, kill, wait_until

NOT_FOUND, CONFLICT, INVALID, NOT_YET = 3, 4, 7, 8


def group(installation, verb, *words, **options):
    return installation.cachectl("parameter-group", verb, *words, **options)


def configured(installation, node, parameter):
    """What the engine itself says."""
    with installation.as_agent(node) as client:
        return client.config_get(parameter)[parameter]


def wait_configured(installation, cluster, parameter, value):
    def everywhere():
        found = {node["name"]: configured(installation, node, parameter) for node in cluster.nodes}
        assert set(found.values()) == {value}, found
        return True
    wait_until(f"{parameter} is {value} on every node", everywhere)


@pytest.fixture(scope="module")
def carts(shared):
    group(shared, "create", "carts", family="valkey8", description="for tests").expect(0)
    group(shared, "modify", "carts", set=["maxmemory-policy=noeviction", "notify-keyspace-events=KEA"]).expect(0)
    cluster = shared.create("orders", replicas=2, multi_az=True, parameter_group="Carts")
    yield cluster
    shared.delete("orders")
    group(shared, "delete", "carts").expect(0)


def test_a_new_clusters_engines_run_with_the_groups_values(shared, carts):
    assert carts.described["spec"]["parameter_group"] == "carts"
    for node in carts.nodes:
        assert configured(shared, node, "maxmemory-policy") == "noeviction"
        assert set(configured(shared, node, "notify-keyspace-events")) == set("AKE")
        assert configured(shared, node, "maxmemory-samples") == "3"


def test_a_change_reaches_every_node_of_every_cluster_without_a_restart(shared, carts):
    other = shared.create("others", parameter_group="carts")
    pids, before = {**carts.pids(), **other.pids()}, carts.decisions
    group(shared, "modify", "carts", set=["maxmemory-samples=9", "reserved-memory-percent=50"]).expect(0)
    for cluster in (carts, other):
        wait_configured(shared, cluster, "maxmemory-samples", "9")
    group(shared, "reset", "carts", parameters="maxmemory-samples,reserved-memory-percent").expect(0)
    for cluster in (carts, other):
        wait_configured(shared, cluster, "maxmemory-samples", "3")
    assert {**carts.again().pids(), **other.again().pids()} == pids
    assert carts.again().status == "available" and carts.again().decisions == before
    messages = [event["message"] for event in shared.events("others")]
    assert "Parameters of cluster others changed by parameter group carts: maxmemory-samples, reserved-memory-percent" in messages
    shared.delete("others")


def test_a_change_made_while_agent_and_control_plane_were_away_is_made_up_for(installation):
    group(installation, "create", "carts", family="valkey8").expect(0)
    cluster = installation.create("orders", replicas=1, parameter_group="carts")
    agent = installation.agents[cluster.primary["zone"]]
    agent.kill()
    group(installation, "modify", "carts", set=["timeout=60"]).expect(0)
    installation.control_plane.kill()
    installation.control_plane.start()
    agent.start()
    installation.wait_connected()
    wait_configured(installation, installation.cluster("orders"), "timeout", "60")


def test_what_needs_a_restart_waits_for_one_and_says_so(shared):
    group(shared, "create", "old", family="redis6.x").expect(0)
    cluster = shared.create("legacy", engine="redis", engine_version="6.0", replicas=1, parameter_group="old")
    group(shared, "modify", "old", set="activerehashing=no").expect(0)

    def pending():
        return {node["name"]: node["pending_restart_parameters"] for node in shared.cluster("legacy").nodes}

    def wait_pending(expected):
        def seen():
            assert pending() == expected, pending()
            return True
        wait_until(f"{expected} wait for a restart", seen)

    wait_pending({"legacy-001": ["activerehashing"], "legacy-002": ["activerehashing"]})
    replica = cluster.replicas[0]
    assert configured(shared, replica, "activerehashing") == "yes"
    kill(shared.pid_of(replica))
    wait_pending({cluster.primary["name"]: ["activerehashing"], replica["name"]: []})
    shared.wait_status("legacy", "available")
    assert configured(shared, replica, "activerehashing") == "no"
    group(shared, "reset", "old", "--all").expect(0)
    wait_pending({cluster.primary["name"]: [], replica["name"]: ["activerehashing"]})
    shared.wait_status("legacy", "available")
    shared.delete("legacy")
    group(shared, "delete", "old").expect(0)


def test_wrong_values_and_groups_are_refused(shared, carts):
    answer = group(shared, "modify", "carts", set="maxmemory-polcy=noeviction").expect(INVALID)
    assert "did you mean 'maxmemory-policy'" in answer.errors
    assert "allowed: 1-64" in group(shared, "modify", "carts", set="maxmemory-samples=99").expect(INVALID).errors
    group(shared, "modify", "carts", set="timeout=60\nrequirepass x").expect(INVALID)
    group(shared, "modify", "carts", set="databases=32").expect(CONFLICT)
    group(shared, "modify", "default.valkey8", set="timeout=60").expect(CONFLICT)
    group(shared, "create", "x", family="valkey7").expect(INVALID)
    group(shared, "describe", "nowhere").expect(NOT_FOUND)
    assert "orders" in group(shared, "delete", "carts").expect(CONFLICT).errors
    answer = shared.cachectl("cluster", "create", "wrong", node_type="cache.t4g.micro", engine="redis",
                             parameter_group="carts").expect(INVALID)
    assert "valkey8" in answer.errors and "redis7" in answer.errors
    shared.cachectl("cluster", "create", "wrong", node_type="cache.t4g.micro",
                    parameter_group="default.valkey8.cluster.on").expect(NOT_YET)


def test_groups_and_parameters_are_listed(shared, carts):
    names = [row["name"] for row in group(shared, "list").expect(0).json["parameter_groups"]]
    assert names == sorted(names) and {"carts", "default.valkey8", "default.redis7.cluster.on"} <= set(names)
    rows = group(shared, "parameters", "carts", source="user").expect(0).json["parameters"]
    assert {row["name"]: row["value"] for row in rows} == {"maxmemory-policy": "noeviction", "notify-keyspace-events": "KEA"}
    assert len(group(shared, "engine-defaults", "valkey9").expect(0).json["parameters"]) > 60
    status, text = shared.http("POST", "/v1/ParameterGroupService/GetParameterGroup", {"name": "carts"})
    assert status == 200 and '"family": "valkey8"' in text.replace('":"', '": "')


def test_a_cluster_takes_another_group_and_an_upgrade_a_group_of_its_family(shared):
    if not {"8.0", "9.1"} <= {full.rpartition(".")[0] for engine, full in images() if engine == "valkey"}:
        pytest.skip("no images of valkey 8.0 and 9.1")
    for name, family, timeout in (("eight", "valkey8", 61), ("eight-too", "valkey8", 62), ("nine", "valkey9", 63)):
        group(shared, "create", name, family=family).expect(0)
        group(shared, "modify", name, set=f"timeout={timeout}").expect(0)
    cluster = shared.create("swaps", engine_version="8.0", replicas=1, parameter_group="eight")
    wait_configured(shared, cluster, "timeout", "61")
    before = cluster.again().pids()
    shared.cachectl("cluster", "modify", "swaps", "--apply-immediately", parameter_group="eight-too").expect(0)
    wait_configured(shared, cluster, "timeout", "62")
    assert cluster.again().pids() == before
    refused = shared.cachectl("cluster", "modify", "swaps", "--apply-immediately", engine_version="9.1")
    assert refused.code != 0 and '"eight-too" is of family "valkey8"' in refused.errors, refused
    with Recorder(cluster.primary_endpoint) as recorder:
        shared.cachectl("cluster", "modify", "swaps", "--apply-immediately", engine_version="9.1", parameter_group="nine").expect(0)
        recorder.wait_for(20)
    assert recorder.lost() == []
    wait_configured(shared, cluster, "timeout", "63")
    shared.delete("swaps")
    for name in ("eight", "eight-too", "nine"):
        group(shared, "delete", name).expect(0)


STRICTER = r"""#!/bin/sh
config=$(cat)
case $config in
  *'timeout "4242"'*)
    printf '%s\n' '*** FATAL CONFIG FILE ERROR (Version 8.0) ***' '>>> '"'timeout \"4242\"'" 'argument must be smaller'
    exit 1;;
esac
printf '%s\n' "$config" >config && exec PROGRAM - <config
"""


def make_stricter(image):
    """An image of the same version whose engine takes less than the catalogue allows."""
    real = image.resolve()
    image.unlink()
    (image / "bin").mkdir(parents=True)
    (image / "image.json").write_text((real / "image.json").read_text())
    program = image / "bin" / "valkey-server"
    # Agents know an engine that they find again by its program's place.
    shutil.copy(real / "bin" / "valkey-server", image / "bin" / "real-server")
    program.write_text(STRICTER.replace("PROGRAM", str(image / "bin" / "real-server")))
    program.chmod(0o755)


def test_what_an_engine_refuses_is_seen_by_no_serving_node_and_what_none_can_try_is_said(make_installation):
    full = next((full for engine, full in images() if engine == "valkey" and full.startswith("8.0.")), None)
    if full is None:
        pytest.skip("no image of valkey 8.0")
    made = make_installation(only_images=[f"valkey-{full}"])
    make_stricter(made.places.images / f"valkey-{full}")
    group(made, "create", "carts", family="valkey8").expect(0)
    cluster = made.create("orders", replicas=1, engine_version="8.0", parameter_group="carts")
    before = [event["message"] for event in made.events()]

    answer = group(made, "modify", "carts", set="timeout=4242").expect(INVALID)
    assert f"valkey {full} refuses \"timeout=4242\": 'timeout \"4242\"': argument must be smaller" in answer.errors, answer
    assert [event["message"] for event in made.events()] == before
    assert group(made, "parameters", "carts", source="user").expect(0).json["parameters"] == []
    for node in cluster.nodes:
        assert configured(made, node, "timeout") == "0"

    answer = group(made, "modify", "carts", set="timeout=60").expect(0)
    assert answer.errors.startswith(f"an engine of valkey {full} on agent-"), answer
    wait_configured(made, cluster, "timeout", "60")
    assert f"Parameter group carts modified: timeout; tried by valkey {full}" in [event["message"] for event in made.events()]
    assert not list(made.home.glob("agents/*/trial"))

    for agent in made.agents.values():
        agent.kill()
    answer = group(made, "modify", "carts", set="timeout=90").expect(0)
    assert "no engine of valkey 8.0 has tried the values: " in answer.errors, answer
    assert [event["severity"] for event in made.events("orders")
            if "changed by parameter group carts: timeout; no engine has tried the values: valkey 8.0: " in event["message"]] == ["warning"]
    made.start()
    wait_configured(made, cluster, "timeout", "90")
