"""kill -9 of agents: engines serve on and are taken over again."""
from harness import Hammer, holds_for, kill, wait_until


def test_no_client_notices_and_the_same_processes_are_taken_over(installation):
    cluster = installation.create("steady", replicas=2, multi_az=True)
    lone = installation.create("lone")
    before = {**cluster.pids(), **lone.pids()}
    events = len(installation.events("steady"))
    with Hammer(cluster.primary_endpoint) as writer, Hammer(cluster.reader_endpoint, write=False) as reader:
        for agent in installation.agents.values():
            agent.kill()
        # Well within the time that an agent is given to come back.
        holds_for("available while its agents are away", lambda: cluster.again().status == "available", seconds=2)
        writer.wait_for(100)
        reader.wait_for(100)
        for agent in installation.agents.values():
            agent.start()
        installation.wait_connected()
        writer.wait_for(100)
        reader.wait_for(100)
    assert writer.errors == [] and reader.errors == []
    installation.wait_status("steady", "available")
    assert {**cluster.pids(), **lone.pids()} == before
    assert len(installation.events("steady")) == events, installation.events("steady")
    wait_until("every engine reports again",
               lambda: all(node["status"] == "available" for node in cluster.again().nodes))


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
