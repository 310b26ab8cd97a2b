"""A newer patch level on the hosts is taken in the maintenance window."""
from harness import LATER, OPEN_NOW, SNAPSHOTS_ELSEWHERE, Recorder, address_of, info, wait_until
from harness.patches import add_patch_level, oldest


def test_a_newer_patch_level_is_taken_in_the_window_and_loses_nothing(make_installation):
    version = oldest("8.0")
    installation = make_installation(only_images=[f"valkey-{version}"])
    options = {"engine_version": "8.0", "replicas": 1, "maintenance_window": LATER, "snapshot_window": SNAPSHOTS_ELSEWHERE}
    cluster = installation.create("orders", **options)
    kept = installation.create("kept", auto_minor_version_upgrade=False, **options)
    newer = add_patch_level(installation, version)
    for name in ("orders", "kept"):
        installation.wait_status(name, "available")
    with Recorder(cluster.primary_endpoint) as recorder:
        for name in ("orders", "kept"):
            installation.cachectl("cluster", "modify", name, maintenance_window=OPEN_NOW).expect(0)

        def done():
            return {node["engine_version"] for node in cluster.again().nodes} == {newer} and cluster.again().status == "available"

        wait_until("every node has it", done, seconds=120)
        recorder.wait_for(20)
    assert recorder.lost() == []
    assert {info(address_of(node), "server")["valkey_version"] for node in cluster.again().nodes} == {newer}
    operation = installation.cachectl("operation", "list", cluster="orders").expect(0).json["operations"][0]
    assert operation["kind"] == "update-nodes" and operation["status"] == "succeeded", operation
    assert {node["engine_version"] for node in kept.again().nodes} == {version}
