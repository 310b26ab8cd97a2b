"""Definitions that a cluster had: listed, and brought back while clients write."""
from harness import Recorder, kill_and_start
from harness.needs import needs_81

NOT_FOUND, CONFLICT, INVALID = 3, 4, 7


def call(installation, verb, name, *words, **options):
    return installation.cachectl("cluster", verb, name, *words, **options)


def history(installation, name):
    return call(installation, "history", name).expect(0).json["revisions"]


def test_what_changed_is_listed_and_brought_back_without_losing_a_write(installation):
    cluster = installation.create("orders", replicas=1, multi_az=True, description="first", tag=["team=core"])
    with cluster.connect() as client:
        client.set("kept", "from the beginning")
    call(installation, "modify", "orders", tag=["team=edge", "tier=hot"]).expect(0)
    with Recorder(cluster.primary_endpoint) as recorder:
        call(installation, "modify", "orders", "--apply-immediately", node_type="cache.t4g.small", replicas=2).expect(0)
        recorder.wait_for(20)
    assert recorder.lost() == []

    revisions = history(installation, "orders")
    assert [row["revision"] for row in revisions] == ["3", "2", "1"]
    assert [row["cause"] for row in revisions] == ["modify-cluster", "modify-cluster", "create-cluster"]
    assert revisions[0]["changes"] == ["node_type: cache.t4g.micro → cache.t4g.small", "replicas_per_shard: 1 → 2"]
    assert revisions[1]["changes"] == ['tags.team: "core" → "edge"', 'tags.tier: none → "hot"']
    assert revisions[0]["spec"] == cluster.again().described["spec"]
    operations = {row["id"]: row for row in installation.cachectl("operation", "list", cluster="orders").expect(0).json["operations"]}
    assert operations[revisions[2]["operation"]]["kind"] == "create-cluster"
    assert operations[revisions[0]["operation"]]["status"] == "succeeded"

    plan = call(installation, "rollback", "orders", "--apply-immediately", "--validate-only", to_revision=1).expect(0).json
    assert plan["base_revision"] == "3" and "node_type: cache.t4g.small → cache.t4g.micro" in plan["changes"]
    assert [step["action"] for step in plan["plan"]].count("remove the node") == 1
    with Recorder(cluster.primary_endpoint) as recorder:
        call(installation, "rollback", "orders", "--apply-immediately", to_revision=1, check_revision=plan["base_revision"]).expect(0)
        recorder.wait_for(20)
    after = cluster.again()
    print(f"{recorder.count} acknowledged writes, {len(recorder.errors)} errors")
    assert recorder.lost() == []
    assert after.described["spec"] == revisions[2]["spec"] and after.status == "available" and len(after.nodes) == 2
    with after.connect() as client:
        assert client.get("kept") == "from the beginning" and client.info("replication")["connected_slaves"] == 1
    newest = history(installation, "orders")[0]
    assert (newest["revision"], newest["cause"], newest["restored_revision"]) == ("4", "rollback-cluster", "1")
    assert newest["spec"] == revisions[2]["spec"]
    messages = [event["message"] for event in installation.events("orders")]
    assert "Cluster orders rolled back to revision 1: tags, node_type, replicas_per_shard" in messages

    # It outlives the process that wrote it, and JSON over HTTP has it too.
    before = history(installation, "orders")
    kill_and_start([installation.control_plane])
    installation.wait_connected()
    assert history(installation, "orders") == before
    status, text = installation.http("POST", "/v1/ClusterService/ListClusterRevisions", {"name": "orders", "page_size": 1})
    assert status == 200 and '"rollback-cluster"' in text and "next_page_token" in text, text


def test_a_plan_is_carried_out_only_while_its_revision_is_the_present_one(shared):
    shared.create("planned")
    plan = call(shared, "plan", "planned", description="as planned").expect(0).json
    assert plan["changes"] == ['description: "" → "as planned"'] and plan["plan"] == []
    call(shared, "modify", "planned", description="in between").expect(0)
    late = call(shared, "modify", "planned", description="as planned", check_revision=plan["base_revision"]).expect(CONFLICT)
    assert "--check-revision: 1 is not the present one" in late.errors and "current: 2" in late.errors
    late = call(shared, "modify", "planned", tag="a=b", check_revision=plan["base_revision"]).expect(CONFLICT)
    late = call(shared, "rollback", "planned", to_revision=1, check_revision=plan["base_revision"]).expect(CONFLICT)
    assert shared.cluster("planned").described["spec"]["description"] == "in between"
    plan = call(shared, "plan", "planned", description="as planned").expect(0).json
    call(shared, "modify", "planned", description="as planned", check_revision=plan["base_revision"]).expect(0)
    assert shared.cluster("planned").described["spec"]["description"] == "as planned"
    missing = call(shared, "rollback", "planned", to_revision=9).expect(NOT_FOUND)
    assert "allowed: 1 to 3" in missing.errors
    call(shared, "rollback", "planned", to_revision=0).expect(INVALID)
    shared.delete("planned")


@needs_81
def test_an_older_engine_does_not_come_back(shared):
    cluster = shared.create("forward", engine_version="8.0", replicas=1)
    call(shared, "modify", "forward", "--apply-immediately", engine_version="8.1").expect(0)
    refused = call(shared, "rollback", "forward", "--apply-immediately", to_revision=1).expect(CONFLICT)
    assert "downgrade" in refused.errors and "hint:" in refused.errors, refused
    assert cluster.again().described["spec"]["engine_version"] == "8.1" and cluster.again().status == "available"
    shared.delete("forward")
