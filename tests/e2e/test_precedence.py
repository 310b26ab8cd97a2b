"""On a host that has more to do than it can, those that keep leases come first, and engines do not."""
import os


def priority(pid):
    return os.getpriority(os.PRIO_PROCESS, pid)


def test_agents_and_control_plane_come_before_engines(shared):
    usual = os.getpriority(os.PRIO_PROCESS, 0)
    cluster = shared.create("busy", replicas=1)
    try:
        assert [priority(program.pid) < usual for program in shared.programs()] == [True] * len(shared.programs())
        assert {priority(pid) for pid in cluster.pids().values()} == {0}
    finally:
        shared.delete("busy")
