"""Hosts that come later, and hosts that must not come."""
from harness import ZONES, wait_until


def test_a_cluster_that_cannot_be_placed_says_why_until_a_host_comes(make_installation):
    installation = make_installation(zones=ZONES[:2])
    installation.cachectl("cluster", "create", "early", "--no-wait", node_type="cache.t4g.micro", replicas=2,
                          multi_az=True).expect(0)

    def reason():
        return installation.cluster("early").reason

    wait_until("the reason names the zone", lambda: "us-east-1c" in reason())
    assert "cannot place early-003" in reason()
    assert installation.cluster("early").status == "creating"
    assert any("cannot place" in event["message"] for event in installation.events("early"))
    assert installation.engines() == {}, "a part of a cluster that cannot be placed runs"
    waiting = installation.cachectl("operation", "list", cluster="early").expect(0).json["operations"][0]
    assert waiting["status"] == "running" and "cannot place" in waiting["reason"]

    installation.agents["us-east-1c"] = installation.make_agent("us-east-1c").start()
    cluster = installation.wait_status("early", "available")
    assert sorted(node["zone"] for node in cluster.nodes) == sorted(ZONES)


def test_a_cluster_asked_for_before_any_host_is_there_is_made_when_they_come(make_installation):
    installation = make_installation(zones=())
    installation.cachectl("cluster", "create", "first", "--no-wait", node_type="cache.t4g.micro", replicas=1).expect(0)
    wait_until("it says why it waits", lambda: "no agent" in installation.cluster("first").reason)
    installation.agents["us-east-1b"] = installation.make_agent("us-east-1b").start()
    cluster = installation.wait_status("first", "available")
    assert {node["zone"] for node in cluster.nodes} == {"us-east-1b"}


def test_an_agent_without_the_join_token_is_refused_and_told(make_installation):
    installation = make_installation(zones=ZONES[:1])
    impostor = installation.make_impostor("us-east-1b").start()
    try:
        wait_until("it says so in its log", lambda: "token" in impostor.tail())
        assert impostor.running
        assert installation.agent_names() == ["agent-a"]
        installation.cachectl("agent", "describe", "impostor").expect(3)
    finally:
        impostor.kill()


def test_an_agent_that_joins_is_shown_with_what_it_offers(shared):
    for zone, name in zip(ZONES, ("agent-a", "agent-b", "agent-c")):
        agent = shared.agent(name)
        assert (agent["zone"], agent["connected"], agent["memory_bytes"]) == (zone, True, str(64 << 30))
        assert "valkey-8.0.1" in agent["images"]


def test_node_types_are_placed_only_where_memory_is_left(shared):
    free = shared.free_addresses()
    # One of these needs more than half of a host.
    first = shared.create("large-1", node_type="cache.m7g.4xlarge", zones="us-east-1a")
    shared.cachectl("cluster", "create", "large-2", "--no-wait", node_type="cache.m7g.4xlarge", zones="us-east-1a").expect(0)
    wait_until("it says what is missing", lambda: "GiB free" in shared.cluster("large-2").reason)
    assert "agent-a" in shared.cluster("large-2").reason
    shared.delete(first.name)
    shared.wait_status("large-2", "available")
    shared.delete("large-2")
    assert shared.free_addresses() == free
