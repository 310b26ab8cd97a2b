"""kill -9 of agents: engines serve on and are taken over again."""
from harness import Hammer, holds_for, kill, wait_until


def test_no_client_notices_and_the_same_processes_are_taken_over(installation):
    cluster = installation.create("steady", replicas=2, multi_az=True)
    lone = installation.create("lone")
    before = {**cluster.pids(), **lone.pids()}
    events = len(installation.events("steady"))
    with Hammer(cluster.primary_endpoint) as writer, Hammer(cluster.reader_endpoint, write=False) as reader:
        # At once, as whatever watches over them does it: a lease lasts for a second.
        for agent in installation.agents.values():
            agent.kill()
            agent.start()
        installation.wait_connected()
        holds_for("available while its leases end unless they are renewed", lambda: cluster.again().status == "available",
                  seconds=2)
        writer.wait_for(100)
        reader.wait_for(100)
    assert writer.errors == [] and reader.errors == []
    assert max(writer.longest_wait, reader.longest_wait) < 0.9, (writer.longest_wait, reader.longest_wait)
    assert {**cluster.pids(), **lone.pids()} == before
    assert cluster.again().decisions == cluster.decisions
    assert len(installation.events("steady")) == events, installation.events("steady")
    wait_until("every engine reports again",
               lambda: all(node["status"] == "available" for node in cluster.again().nodes))


def test_without_agents_a_lone_node_and_readers_are_served_and_a_primary_waits_for_its_lease(installation):
    """Nobody can promote another meanwhile, but a primary whose agent is gone cannot know that."""
    cluster = installation.create("leased", replicas=1, multi_az=True)
    lone = installation.create("lone")
    for agent in installation.agents.values():
        agent.kill()
    with Hammer(lone.primary_endpoint) as writer, Hammer(cluster.reader_endpoint, write=False) as reader:
        # Nobody says when the lease has ended: time passes, and these are served all along.
        holds_for("both are served", lambda: not writer.errors and not reader.errors, seconds=3)
        for agent in installation.agents.values():
            agent.start()
        wait_until("the primary takes writes again", lambda: cluster.connect(socket_timeout=0.5).set("a", "1"))
    assert writer.errors == [] and reader.errors == []
    # Whoever is heard first may find the other silent: who is primary then is open.
    installation.wait_status("leased", "available")


def test_a_primary_whose_agent_stays_away_is_replaced_and_its_process_follows_later(installation):
    cluster = installation.create("handed", replicas=2, multi_az=True)
    agent = installation.agents[cluster.primary["zone"]]
    pids = cluster.pids()
    with cluster.connect() as client:
        assert client.set("kept", "yes") and client.wait(2, 5000) == 2

    def writes():
        # The silent host closes no connection: clients depend on their own patience, and this one has little.
        with cluster.connect(socket_timeout=0.2, socket_connect_timeout=0.2) as client:
            return cluster.again().primary["name"] != cluster.primary["name"] and client.set("a", "1")

    agent.kill()
    wait_until("another takes writes once the lease has ended", writes, seconds=3)
    agent.start()
    again = installation.wait_status("handed", "available")
    assert again.shard["failovers"] == 1 and again.pids() == pids
    assert again.primary["name"] != cluster.primary["name"]


def test_an_agent_that_stays_away_is_named_and_its_engine_serves_on(installation):
    cluster = installation.create("patient", replicas=1, multi_az=True)
    zone = cluster.replicas[0]["zone"]
    with Hammer(cluster.primary_endpoint) as writer:
        installation.agents[zone].kill()
        impaired = installation.wait_status("patient", "impaired")
        assert cluster.replicas[0]["agent"] in impaired.reason
        installation.agents[zone].start()
        installation.wait_status("patient", "available")
    assert writer.errors == []


def test_an_engine_that_dies_while_its_agent_is_away_is_started_by_the_next(installation):
    cluster = installation.create("absent", replicas=1)
    replica = cluster.replicas[0]
    agent = installation.agents[replica["zone"]]
    old = installation.pid_of(replica)
    agent.kill()
    kill(old)
    agent.start()
    wait_until("a new engine runs", lambda: installation.pid_of(replica) != old)
    again = installation.wait_status("absent", "available")
    assert again.replicas[0]["address"] == replica["address"]


def test_deletion_waits_for_an_agent_that_is_away(installation):
    cluster = installation.create("stranded", replicas=1, multi_az=True)
    zone = cluster.replicas[0]["zone"]
    installation.agents[zone].kill()
    operation = installation.cachectl("cluster", "delete", "stranded", "--yes", "--timeout", "1s").expect(5)
    assert cluster.replicas[0]["agent"] in operation.errors, operation
    installation.agents[zone].start()
    wait_until("the cluster is gone", lambda: installation.cluster_names() == [])
    assert installation.engines() == {} and installation.node_directories() == []
