"""Nodes are made of something else while clients write and read: one switchover, nothing lost, reads never fail."""
import time

import pytest

from harness import GIBIBYTE, LATER, OPEN_NOW, SNAPSHOTS_ELSEWHERE, Hammer, Recorder, address_of, images, info, kill, kill_and_start, wait_until
from harness.needs import needs_81

CONFLICT, INVALID = 4, 7


def versions():
    """By engine, the "major.minor" of its images, oldest first."""
    found = {}
    for engine, full in sorted(images(), key=lambda image: [int(part) for part in image[1].split(".")]):
        minor = full.rpartition(".")[0]
        if minor not in found.setdefault(engine, []):
            found[engine].append(minor)
    return found


def modify(installation, name, *words, **options):
    return installation.cachectl("cluster", "modify", name, *words, "--apply-immediately", **options)


def running(cluster):
    """(engine, "major.minor") as every process itself says."""
    said = set()
    for node in cluster.nodes:
        server = info(address_of(node), "server")
        engine = "valkey" if "valkey_version" in server else "redis"
        said.add((engine, str(server.get("valkey_version", server["redis_version"])).rpartition(".")[0]))
    return said


def switchovers(installation, name):
    told = [event["message"] for event in installation.events(name) if event["source_type"] == "replication-group"]
    return sum(message.startswith("Switchover from") and message.endswith("completed") for message in told)


WAYS = [("valkey", "8.0", "valkey", "8.1"), ("valkey", "8.1", "valkey", "9.1"), ("valkey", "8.0", "valkey", "9.1"),
        ("redis", "6.0", "redis", "7.0"), ("redis", "7.0", "valkey", "8.1"), ("redis", "6.0", "valkey", "8.0"), ("redis", "7.0", "redis", "8.0")]


@pytest.mark.parametrize("engine, old, new_engine, new", WAYS, ids=lambda value: value)
def test_an_upgrade_loses_nothing_and_costs_one_switchover(shared, engine, old, new_engine, new):
    for wanted, version in ((engine, old), (new_engine, new)):
        if version not in versions().get(wanted, []):
            pytest.skip(f"no image of {wanted} {version}")
    name = f"up-{engine}-{old}-{new_engine}-{new}".replace(".", "-")
    cluster = shared.create(name, engine=engine, engine_version=old, replicas=2, multi_az=True)
    before = cluster.again()
    with Recorder(cluster.primary_endpoint) as recorder, Hammer(cluster.reader_endpoint, write=False) as reader:
        modify(shared, name, engine=new_engine, engine_version=new).expect(0)
        recorder.wait_for(20)
    after = cluster.again()
    operation = shared.cachectl("operation", "list", cluster=name).expect(0).json["operations"][0]
    lost = recorder.lost()
    print(f"{name}: {recorder.count} acknowledged writes, {len(recorder.errors)} errors, {reader.served} reads, {reader.errors}, {operation['steps']}")
    assert lost == [], f"{len(lost)} of {recorder.count}: {lost[:5]}"
    assert operation["kind"] == "modify-cluster" and operation["status"] == "succeeded" and operation["progress_percent"] == 100
    assert after.status == "available" and running(after) == {(new_engine, new)}
    assert {node["name"] for node in after.nodes} == {node["name"] for node in before.nodes}
    assert after.primary["name"] != before.primary["name"] and switchovers(shared, name) == 1
    assert all(node["engine_version"].startswith(new + ".") for node in after.nodes)
    # A connection ends with the process it leads to; whoever dials anew is served.
    assert len(reader.errors) <= 2 * len(after.nodes) and all("reset" in error or "closed" in error for error in reader.errors), reader.errors
    shared.delete(name)


def test_a_smaller_and_a_larger_node_type_keep_the_data(shared):
    cluster = shared.create("sized", replicas=1, node_type="cache.t4g.small")
    for node_type in ("cache.t4g.medium", "cache.t4g.micro"):
        with Recorder(cluster.primary_endpoint) as recorder:
            modify(shared, "sized", node_type=node_type).expect(0)
            recorder.wait_for(20)
        assert recorder.lost() == [] and cluster.again().described["spec"]["node_type"] == node_type
        limits = {info(address_of(node), "memory")["maxmemory"] for node in cluster.again().nodes}
        assert len(limits) == 1, limits
    shared.delete("sized")


def broken(installation, version, script):
    """An image of that version whose server does what the script says."""
    root = installation.places.images
    good = next(root.glob(f"valkey-{version}*")).resolve()
    next(root.glob(f"valkey-{version}*")).unlink()
    image = root / good.name
    (image / "bin").mkdir(parents=True)
    (image / "lib").symlink_to(good / "lib")
    (image / "image.json").write_text((good / "image.json").read_text())
    for program in (good / "bin").iterdir():
        if program.name != "valkey-server":
            (image / "bin" / program.name).symlink_to(program)
    server = image / "bin" / "valkey-server"
    server.write_text(f"#!/bin/sh\n{script}\n")
    server.chmod(0o755)


@needs_81
@pytest.mark.parametrize("room", [True, False], ids=("spare", "without room"))
@pytest.mark.parametrize("script, why", [("exit 3", "exit status 3"), ("exec sleep 1000", "does not answer")], ids=("ends", "hangs"))
def test_a_version_that_does_not_come_up_is_taken_back_and_nobody_notices(make_installation, script, why, room):
    old, new = (next(full for engine, full in images() if engine == "valkey" and full.startswith(minor)) for minor in ("8.0.", "8.1."))
    memory = 64 * GIBIBYTE if room else 3 * GIBIBYTE // 4  # for one node on each host
    installation = make_installation(only_images=[f"valkey-{old}", f"valkey-{new}"], memory=memory)
    broken(installation, new, script)
    cluster = installation.create("careful", engine_version="8.0", replicas=2, multi_az=True)
    before = cluster.again()
    pids = before.pids()
    with Recorder(cluster.primary_endpoint) as recorder:
        answer = modify(installation, "careful", engine_version="8.1")
        recorder.wait_for(20)
    assert answer.code != 0 and why in answer.errors and ("careful-004" if room else "careful-002") in answer.errors, answer
    assert recorder.errors == [] and recorder.lost() == []
    after = cluster.again()
    assert after.status == "available" and running(after) == {("valkey", "8.0")} and after.primary["name"] == before.primary["name"]
    untouched = pids if room else {"careful-003": pids["careful-003"]}
    assert after.described["spec"]["engine_version"] == "8.0" and untouched.items() <= after.pids().items()
    with after.connect() as client:
        assert client.info("replication")["connected_slaves"] == 2


MOMENTS = 6


@needs_81
@pytest.mark.parametrize("victim", ["control plane", "agents"])
def test_an_upgrade_is_finished_whatever_is_killed_in_the_middle(make_installation, victim):
    installation = make_installation()
    for moment in range(MOMENTS):
        name = f"tough-{moment}"
        cluster = installation.create(name, engine_version="8.0", replicas=1, multi_az=True)
        with Recorder(cluster.primary_endpoint) as recorder:
            modify(installation, name, "--no-wait", engine_version="8.1").expect(0)
            time.sleep(0.15 * moment)  # the moment itself; nothing is assumed to have happened by then
            kill_and_start(installation.victims(victim))
            after = installation.wait_status(name, "available", seconds=90)
            recorder.wait_for(20)
        # Handovers that agents could not end may take it back; a control plane that dies changes nothing of the end.
        ends = [{("valkey", "8.1")}] if victim == "control plane" else [{("valkey", "8.1")}, {("valkey", "8.0")}]
        assert recorder.lost() == [] and running(after) in ends, (moment, running(after))
        installation.delete(name)


@needs_81
def test_a_failover_in_the_middle_ends_with_the_new_version(shared):
    cluster = shared.create("both", engine_version="8.0", replicas=2, multi_az=True)
    modify(shared, "both", "--no-wait", engine_version="8.1").expect(0)
    kill(shared.pid_of(cluster.primary))
    after = shared.wait_status("both", "available", seconds=90)
    assert running(after) == {("valkey", "8.1")}
    shared.delete("both")


@needs_81
def test_what_cannot_be_is_refused_and_changes_nothing(shared):
    shared.create("strict", engine_version="8.1", replicas=1)
    before = shared.cluster("strict").described["etag"]
    for options, code, fragment in (
            ({"engine_version": "8.0"}, CONFLICT, "downgrade"), ({"engine_version": "7.9"}, INVALID, "7.9"), ({"engine": "redis", "engine_version": "7.0"}, CONFLICT, "Redis cannot read"),
            ({"engine_version": "8.1.1"}, INVALID, "patch"), ({"node_type": "cache.none"}, INVALID, "cache.none"), ({"engine_version": "9.1", "etag": "stale"}, CONFLICT, "stale")):
        answer = modify(shared, "strict", **options).expect(code)
        assert fragment in answer.errors, answer
    assert shared.cluster("strict").described["etag"] == before and shared.cluster("strict").status == "available"
    shared.delete("strict")


@needs_81
def test_what_waits_is_shown_and_done_in_the_maintenance_window(shared):
    cluster = shared.create("patient", engine_version="8.0", replicas=1, maintenance_window=LATER, snapshot_window=SNAPSHOTS_ELSEWHERE)
    pids = cluster.pids()
    shared.cachectl("cluster", "modify", "patient", engine_version="8.1").expect(0)
    waiting = cluster.again()
    assert waiting.described["pending"]["engine_version"] == "8.1" and waiting.status == "available"
    assert waiting.pids() == pids and waiting.described["spec"]["engine_version"] == "8.0"
    with Recorder(cluster.primary_endpoint) as recorder:
        shared.cachectl("cluster", "modify", "patient", maintenance_window=OPEN_NOW).expect(0)

        def done():
            return running(cluster.again()) == {("valkey", "8.1")} and cluster.again().status == "available"

        wait_until("what waited is done", done, seconds=120)
        recorder.wait_for(20)
    after = cluster.again()
    assert not after.described.get("pending") and after.described["spec"]["engine_version"] == "8.1" and recorder.lost() == []
    assert any("Maintenance of cluster patient begins" in event["message"] for event in shared.events("patient"))
    shared.delete("patient")
