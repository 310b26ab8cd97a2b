"""The primary changes because somebody asked: nothing that was acknowledged is lost, on any engine."""
import os
import signal

import pytest

from harness import Recorder, address_of, images, info

NOT_FOUND, CONFLICT = 3, 4
TIMES = 10


def switchover(installation, name, **options):
    return installation.cachectl("cluster", "switchover", name, **options)


def full_syncs(cluster):
    return sum(info(address_of(node), "stats")["sync_full"] for node in cluster.nodes)


@pytest.mark.parametrize("engine, full_version", images(), ids=lambda value: value)
def test_no_acknowledged_write_is_lost_and_nothing_is_copied_anew(shared, record_property, engine, full_version):
    minor = full_version.rpartition(".")[0]
    name = f"{engine}-{full_version.replace('.', '-')}"
    cluster = shared.create(name, engine=engine, engine_version=minor, replicas=2, multi_az=True)
    copies = full_syncs(cluster)
    with Recorder(cluster.primary_endpoint) as recorder:
        for number in range(1, TIMES + 1):
            before = cluster.again()
            switchover(shared, name).expect(0)
            after = cluster.again()
            assert after.status == "available" and after.primary["name"] != before.primary["name"]
            assert after.epoch > before.epoch
            recorder.wait_for(20)
    lost, count = recorder.lost(), recorder.count
    record_property("acknowledged", count)
    print(f"{engine} {full_version}: {count} acknowledged writes, {len(recorder.errors)} errors, {number} switchovers")
    assert lost == [], f"{len(lost)} of {count}: {lost[:5]}"
    assert full_syncs(cluster) == copies
    assert cluster.again().shard["failovers"] == 0
    shared.delete(name)


@pytest.fixture(scope="module")
def orders(shared):
    cluster = shared.create("orders", replicas=2, multi_az=True)
    yield cluster
    shared.delete("orders")


@pytest.mark.parametrize("data_path", ["auto", "proxy"])
def test_no_connection_is_left_at_a_node_that_is_no_primary_any_more(make_installation, data_path):
    """However soon a client dials again: it would be refused its writes for as long as it lives."""
    installation = make_installation(data_path=data_path)
    cluster = installation.create("quick", replicas=2, multi_az=True)
    with Recorder(cluster.primary_endpoint, redial=False) as recorder:
        for _ in range(5):
            switchover(installation, "quick").expect(0)
            recorder.wait_for(20, seconds=3)
    assert recorder.lost() == []


def test_the_node_that_was_named_becomes_primary(shared, orders):
    for node in (*orders.again().replicas, orders.again().primary):
        before, since = orders.again().primary["name"], len(shared.events("orders"))
        answer = switchover(shared, "orders", to=node["name"]).expect(0).json
        assert answer["operation"]["kind"] == "switchover" and answer["operation"]["status"] == "succeeded"
        after = orders.again()
        assert after.primary["name"] == node["name"]
        completed = f"Switchover from primary node {before} to replica node {node['name']} completed"
        told = [(event["source_type"], event["message"]) for event in shared.events("orders")[since:]]
        assert [event for event in told if "completed" in event[1]] == [("cache-cluster", completed), ("replication-group", completed)]
        with after.connect() as client:
            assert client.info("server")["process_id"] == shared.pid_of(node)


def test_what_cannot_be_is_refused_and_changes_nothing(shared, orders):
    before = orders.again()
    stale = before.described["etag"]
    shared.cachectl("cluster", "modify", "orders", description="newer").expect(0)
    for options, code, fragment in (
            ({"to": before.primary["name"]}, CONFLICT, "already the primary"), ({"to": "orders-009"}, NOT_FOUND, "orders-001"),
            ({"shard": "0002"}, NOT_FOUND, "0001"), ({"etag": stale}, CONFLICT, "etag")):
        answer = switchover(shared, "orders", **options).expect(code)
        assert fragment in answer.errors, answer
    assert orders.again().decisions == before.decisions
    switchover(shared, "orders", etag=orders.again().described["etag"]).expect(0)


def test_of_two_who_decided_by_the_same_view_the_second_is_refused(shared, orders):
    before = orders.again()
    view = {"from": before.primary["name"]}
    switchover(shared, "orders", **view).expect(0)
    after = orders.again()
    assert after.described["etag"] == before.described["etag"]
    assert f'--from: "{view["from"]}" is not the primary' in switchover(shared, "orders", **view).expect(CONFLICT).errors
    refused = shared.cachectl("cluster", "test-failover", "orders", **view).expect(CONFLICT)
    assert after.primary["name"] in refused.errors
    assert orders.again().decisions == after.decisions


def test_a_lone_node_has_nobody_to_hand_over_to(shared):
    shared.create("lone")
    assert "no replica" in switchover(shared, "lone").expect(CONFLICT).errors
    shared.delete("lone")


def test_validate_only_checks_and_changes_nothing(shared, orders):
    before = orders.again()
    operations = shared.cachectl("operation", "list", cluster="orders").expect(0).json["operations"]
    named = before.replicas[-1]["name"]
    for answer, reason in ((switchover(shared, "orders", validate_only=True), "hold"),
                           (switchover(shared, "orders", to=named, validate_only=True), "asked for"),
                           (shared.cachectl("cluster", "test-failover", "orders", validate_only=True), "hold")):
        succession = answer.expect(0).json["succession"]
        assert succession["primary"] == before.primary["name"] and reason in succession["reason"], answer
        assert len(succession["passed_over"]) == 1 and succession["passed_over"][0].partition(":")[0] != succession["successor"]
    assert switchover(shared, "orders", to=named, validate_only=True).json["succession"]["successor"] == named
    switchover(shared, "orders", to="orders-009", validate_only=True).expect(NOT_FOUND)
    assert orders.again().decisions == before.decisions
    assert shared.cachectl("operation", "list", cluster="orders").expect(0).json["operations"] == operations


def test_a_candidate_whose_agent_is_stopped_is_given_up_and_meanwhile_others_are_refused(installation):
    cluster = installation.create("patient", replicas=2, multi_az=True)
    candidate = cluster.replicas[0]
    agent = next(agent for agent in installation.agents.values() if agent.name == candidate["agent"])
    with Recorder(cluster.primary_endpoint) as recorder:
        os.kill(agent.pid, signal.SIGSTOP)
        try:
            # Before its silence is noticed: it lasts for less than a second.
            started = switchover(installation, "patient", to=candidate["name"], no_wait=True).expect(0).json
            for words in (["switchover"], ["test-failover"]):
                answer = installation.cachectl("cluster", *words, "patient").expect(CONFLICT)
                assert "under way" in answer.errors and "switchover" in answer.errors, answer
            ended = installation.cachectl("operation", "wait", started["operation"]["id"])
        finally:
            os.kill(agent.pid, signal.SIGCONT)
        assert "failed" in ended.text, ended
        recorder.wait_for(50)
        installation.wait_status("patient", "available")
    assert recorder.errors == [] and recorder.lost() == []
    assert cluster.again().primary["name"] == cluster.primary["name"]
    assert any("stays primary, because the handover was given up" in event["message"] for event in installation.events("patient"))
