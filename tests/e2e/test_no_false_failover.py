"""A primary that is merely busy stays primary."""
import os
import subprocess
import sys
import time

import pytest

from harness import Hammer, address_of, holds_for, info, kill, wait_until

SECONDS = 10  # longer than every patience: that nothing happens is all there is to see
MEMBERS = 3_000_000
HUNDRED_THOUSAND = """
for first = ARGV[1] * 100000, ARGV[1] * 100000 + 99000, 1000 do
  local members = {}
  for i = 1, 1000 do members[i] = 'm' .. first + i end
  redis.call('sadd', KEYS[1], unpack(members))
end
"""
BUSY = """
local start = redis.call('TIME')[1]
while redis.call('TIME')[1] - start < tonumber(ARGV[1]) do end
return 'done'
"""
BURN = """
import contextlib, os, sys, time
with contextlib.suppress(PermissionError):
    os.setpriority(os.PRIO_PROCESS, 0, 0)  # however nice the tests are, and with them all that they started
end = time.monotonic() + float(sys.argv[1])
while time.monotonic() < end:
    pass
"""


def fill_set(cluster, key, members=MEMBERS):
    with cluster.connect(socket_timeout=30) as client:
        for number in range(members // 100_000):
            client.eval(HUNDRED_THOUSAND, 1, key, number)
        assert client.wait(len(cluster.replicas), 30_000) == len(cluster.replicas)


@pytest.fixture(scope="module")
def large(shared):
    """A cluster with a few million members in a set; deleted by hand they go one by one (Redis 7.0: DEL is synchronous)."""
    cluster = shared.create("large", engine="redis", engine_version="7.0", replicas=2, multi_az=True,
                            node_type="cache.t4g.medium")
    fill_set(cluster, "members")
    yield cluster
    shared.delete("large")


@pytest.fixture
def unmoved(shared, large):
    """The cluster; afterwards nobody has decided anything about who is primary."""
    before = large.again()
    yield before
    shared.wait_status("large", "available")
    assert large.again().decisions == before.decisions


def test_a_replica_that_copies_and_loads_moves_nothing(shared, unmoved):
    """Its copy begins with a save of the primary (BGSAVE), under writes."""
    replica = unmoved.replicas[0]
    saves = info(address_of(unmoved.primary), "stats")["sync_full"]
    with Hammer(unmoved.primary_endpoint) as writer:
        kill(shared.pid_of(replica))
        wait_until("it is away", lambda: unmoved.again().status == "impaired")
        shared.wait_status("large", "available", seconds=60)
        writer.wait_for(50)
    assert writer.errors == []
    assert info(address_of(unmoved.primary), "stats")["sync_full"] == saves + 1, "nothing was saved"


def test_a_script_of_ten_seconds_moves_nothing(unmoved):
    with unmoved.connect(socket_timeout=SECONDS + 20) as client:
        started = time.monotonic()
        assert client.eval(BUSY, 0, SECONDS) == "done"
        assert time.monotonic() - started > SECONDS - 1


def test_processors_that_are_busy_with_something_else_move_nothing(unmoved):
    burners = [subprocess.Popen([sys.executable, "-c", BURN, str(SECONDS)]) for _ in range(os.cpu_count())]
    try:
        for burner in burners:
            burner.wait(SECONDS + 20)
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()


def test_a_restarted_control_plane_moves_nothing(shared, unmoved):
    for _ in range(3):
        shared.control_plane.kill()
        shared.control_plane.start()
        shared.wait_connected()
    # It counts the silence of agents from its start: whatever it might do wrong it does within seconds.
    holds_for("the primary stays", lambda: unmoved.again().decisions == unmoved.decisions, seconds=2)


def test_the_deletion_of_millions_moves_nothing(unmoved):
    with unmoved.connect(socket_timeout=60) as client:
        assert client.scard("members") == MEMBERS
        started = time.monotonic()
        client.delete("members")
        print(f"{MEMBERS} members deleted in {time.monotonic() - started:.2f} s")
        assert client.wait(2, 30_000) == 2
