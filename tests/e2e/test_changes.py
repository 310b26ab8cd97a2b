"""Changing a cluster, and calls that are repeated, conditional or only tried."""
import time
import uuid

import pytest

from harness import ZONES, Recorder, kill_and_start

CONFLICT, INVALID, NOT_YET = 4, 7, 8


@pytest.fixture(scope="module")
def orders(shared):
    cluster = shared.create("orders", replicas=1, description="first", tag=["team=core", "owner=ada"])
    yield cluster
    shared.cachectl("cluster", "modify", "orders", deletion_protection=False)
    shared.delete("orders")


def modify(installation, **options):
    return installation.cachectl("cluster", "modify", "orders", **options)


def definition(installation):
    described = installation.cluster("orders").described
    return described["spec"], described["etag"]


def test_a_call_repeated_with_its_request_id_has_one_effect(shared):
    request_id = uuid.uuid4().hex
    calls = [shared.cachectl("cluster", "create", "once", node_type="cache.t4g.micro", request_id=request_id).expect(0).json
             for _ in range(3)]
    assert len({call["uid"] for call in calls}) == 1
    assert len(shared.cachectl("operation", "list", cluster="once").expect(0).json["operations"]) == 1
    other = shared.cachectl("cluster", "create", "other", node_type="cache.t4g.micro", request_id=request_id)
    other.expect(INVALID)
    request_id = uuid.uuid4().hex
    for _ in range(2):
        operation = shared.cachectl("cluster", "delete", "once", "--yes", request_id=request_id).expect(0).json
        assert operation["status"] == "succeeded"
    assert "once" not in shared.cluster_names() and "other" not in shared.cluster_names()


def test_a_definition_is_changed_at_once_and_engines_go_on(shared, orders):
    pids = orders.pids()
    changed = modify(shared, description="second", maintenance_window="sun:05:00-sun:07:00", snapshot_window="01:00-02:00",
                     snapshot_retention_days=3).expect(0).json
    assert changed["status"] == "available"
    spec = shared.cluster("orders").described["spec"]
    assert (spec["description"], spec["maintenance_window"]) == ("second", "sun:05:00-sun:07:00")
    assert (spec["snapshot_window"], spec["snapshot_retention_days"]) == ("01:00-02:00", 3)
    assert orders.pids() == pids


def test_tags_are_added_and_taken_away_one_by_one(shared, orders):
    modify(shared, tag=["team=edge", "tier=hot"], untag=["owner"]).expect(0)
    assert orders.again().described["spec"]["tags"] == {"team": "edge", "tier": "hot"}


def test_a_stale_etag_is_a_conflict_that_changes_nothing(shared, orders):
    stale = orders.again().described["etag"]
    modify(shared, description="third", etag=stale).expect(0)
    answer = modify(shared, description="fourth", etag=stale).expect(CONFLICT)
    assert "etag" in answer.errors
    shared.cachectl("cluster", "delete", "orders", "--yes", etag=stale).expect(CONFLICT)
    assert orders.again().described["spec"]["description"] == "third"
    assert orders.again().status == "available"


def test_validate_only_checks_and_changes_nothing(shared, orders):
    before = definition(shared)
    shown = modify(shared, description="shown", validate_only=True).expect(0).json
    assert shown["spec"]["description"] == "shown"
    modify(shared, maintenance_window="never", validate_only=True).expect(INVALID)
    shared.cachectl("cluster", "create", "idea", node_type="cache.t4g.micro", validate_only=True).expect(0)
    shared.cachectl("cluster", "create", "1dea", node_type="cache.t4g.micro", validate_only=True).expect(INVALID)
    shared.cachectl("cluster", "delete", "orders", "--yes", validate_only=True).expect(0)
    assert definition(shared) == before and "idea" not in shared.cluster_names()
    assert orders.again().status == "available"


@pytest.mark.parametrize("options", [{"shards": 2}, {"zones": "us-east-1a"}, {"shards": 2, "description": "both"}])
def test_what_is_not_built_yet_says_so_and_leaves_everything_as_it_was(shared, orders, options):
    before, pids = definition(shared), orders.pids()
    answer = modify(shared, **options).expect(NOT_YET)
    assert "not yet" in answer.errors and "nothing was changed" in answer.errors
    assert definition(shared) == before and orders.pids() == pids


def test_deletion_protection_is_taken_off_before_deletion(shared):
    shared.create("guarded", deletion_protection=True)
    shared.cachectl("cluster", "delete", "guarded", "--yes").expect(CONFLICT)
    assert shared.cluster("guarded").status == "available"
    shared.cachectl("cluster", "modify", "guarded", deletion_protection=False).expect(0)
    shared.delete("guarded")


def test_subnets_groups_and_rules_are_made_and_removed(shared):
    number = shared.places.number
    shared.cachectl("subnet", "create", "apps-a", zone="us-east-1a", cidr=f"127.{number}.64.0/24").expect(0)
    shared.cachectl("subnet-group", "create", "apps", subnets="apps-a").expect(0)
    shared.cachectl("security-group", "create", "hosts", ingress="tcp:6379-6379:127.0.0.0/8").expect(0)
    cluster = shared.create("placed", subnet_group="apps", security_groups="default,hosts")
    assert cluster.primary["address"].startswith(f"127.{number}.64.")
    assert cluster.primary_endpoint[0].startswith(f"127.{number}.64.")
    for words in (["security-group", "delete", "hosts"], ["subnet-group", "delete", "apps"], ["subnet", "delete", "apps-a"]):
        shared.cachectl(*words).expect(CONFLICT)
    shared.delete("placed")
    for words in (["security-group", "delete", "hosts"], ["subnet-group", "delete", "apps"], ["subnet", "delete", "apps-a"]):
        shared.cachectl(*words).expect(0)


def test_another_port_replaces_every_node_and_then_the_endpoints(shared):
    cluster = shared.create("ported", replicas=1, multi_az=True)
    with cluster.connect() as client:
        client.set("kept", "yes")
    refused = shared.cachectl("cluster", "modify", "ported", port=6390)
    assert refused.code == INVALID and "cannot wait for the maintenance window" in refused.errors, refused
    shared.cachectl("cluster", "modify", "ported", "--apply-immediately", port=6390).expect(0)
    after = cluster.again()
    assert after.status == "available" and after.primary_endpoint == (cluster.primary_endpoint[0], 6390)
    assert {node["port"] for node in after.nodes} == {6390} and after.reader_endpoint[1] == 6390
    for client in (after.connect(), after.connect_reader()):
        with client:
            assert client.get("kept") == "yes"
    shared.delete("ported")


def test_another_subnet_group_moves_nodes_and_leaves_the_endpoints(shared):
    cluster = shared.create("netted", replicas=1)
    kept = {node["zone"] for node in cluster.nodes}
    zone = next(zone for zone in ZONES if zone not in kept)
    shared.cachectl("subnet-group", "create", "one-zone", subnets=f"subnet-{zone}").expect(0)
    with Recorder(cluster.primary_endpoint) as recorder:
        shared.cachectl("cluster", "modify", "netted", "--apply-immediately", subnet_group="one-zone").expect(0)
        recorder.wait_for(20)
    after = cluster.again()
    assert recorder.lost() == [] and {node["zone"] for node in after.nodes} == {zone}
    assert after.primary_endpoint == cluster.primary_endpoint and after.status == "available"
    shared.delete("netted")
    shared.cachectl("subnet-group", "delete", "one-zone").expect(0)


@pytest.mark.parametrize("victim", ["control plane", "agents"])
def test_nodes_move_to_another_subnet_group_whatever_is_killed_meanwhile(make_installation, victim):
    installation = make_installation()
    for moment in range(3):
        name = f"torn-{moment}"
        cluster = installation.create(name, replicas=1)
        kept = {node["zone"] for node in cluster.nodes}
        zone = next(zone for zone in ZONES if zone not in kept)
        installation.cachectl("subnet-group", "create", name, subnets=f"subnet-{zone}").expect(0)
        with Recorder(cluster.primary_endpoint) as recorder:
            installation.cachectl("cluster", "modify", name, "--apply-immediately", "--no-wait", subnet_group=name).expect(0)
            time.sleep(0.25 * moment)  # the moment itself; nothing is assumed to have happened by then
            kill_and_start(installation.victims(victim))
            after = installation.wait_status(name, "available", seconds=90)
            recorder.wait_for(20)
        assert recorder.lost() == [] and {node["zone"] for node in after.nodes} == {zone}, (moment, after.described)
        assert len(after.nodes) == 2 and after.primary_endpoint == cluster.primary_endpoint
        installation.delete(name)
