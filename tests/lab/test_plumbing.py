"""The lab itself: cuts cut what they say and no more, frozen is frozen, and nothing is left behind."""
import os
import pathlib
import signal
import socket
import subprocess
import sys

import pytest
from harness.waiting import holds_for, wait_until
from netlab import faults, network
from netlab.lab import PREFIX_LENGTH

HERE = pathlib.Path(__file__).parent
QUIET = 0.3  # seconds in which a datagram on this machine would have arrived


class Ear:
    """Hears datagrams at a host."""

    def __init__(self, host):
        self._host = host
        self._socket = host.socket(socket.SOCK_DGRAM)
        self._socket.bind((host.address, 9999))
        self._socket.settimeout(QUIET)

    def hears(self, sender):
        # Anew each time: a refused datagram would leave an error behind in the sender's socket.
        with sender.socket(socket.SOCK_DGRAM) as mouth:
            try:
                mouth.sendto(b"hello", (self._host.address, 9999))
            except OSError:
                return False  # an output rule says it to the sender
        try:
            return bool(self._socket.recv(100))
        except TimeoutError:
            return False


@pytest.fixture
def three(request, tmp_path):
    from netlab.lab import why_not
    if reason := why_not():
        pytest.fail(reason, pytrace=False)
    prefix = f"cplt{os.getpid()}"
    made = network.Network(prefix)
    request.addfinalizer(lambda: network.remove(prefix))
    return [made.add_host(f"h{i}", f"10.78.0.{i}", PREFIX_LENGTH, [f"10.78.{i}.0/24"]) for i in (1, 2, 3)]


@pytest.mark.parametrize("direction, hears, is_heard", [("in", False, True), ("out", True, False), ("both", False, False)])
def test_a_cut_has_a_direction_and_an_end(three, direction, hears, is_heard):
    one, two, three_ = three
    cuts, ear_one, ear_two, ear_three = faults.Cuts(one), *map(Ear, three)
    assert ear_one.hears(two) and ear_two.hears(one)
    cuts.add(direction)
    assert (ear_one.hears(two), ear_two.hears(one)) == (hears, is_heard)
    assert ear_two.hears(three_) and ear_three.hears(two)
    assert ear_one.hears(one), "what a host says to itself passes"
    assert cuts.dropped() > 0
    cuts.heal()
    assert ear_one.hears(two) and ear_two.hears(one)


def test_a_cut_between_two_leaves_the_third(three):
    one, two, three_ = three
    cuts, ear_one, ear_two, ear_three = faults.Cuts(one), *map(Ear, three)
    cuts.add("both", [two])
    assert not ear_one.hears(two) and not ear_two.hears(one)
    assert ear_one.hears(three_) and ear_three.hears(one)


def test_a_host_answers_at_every_address_of_its_range(three):
    with three[0].socket() as listener:
        listener.bind(("10.78.1.77", 7000))
        listener.listen()
        three[1].connect(("10.78.1.77", 7000)).close()
    cuts = faults.Cuts(three[1])
    cuts.add("both", [three[0]])
    with three[0].socket() as listener:
        listener.bind(("10.78.1.77", 7001))
        listener.listen()
        with pytest.raises(TimeoutError):
            three[1].connect(("10.78.1.77", 7001), QUIET)


def test_clients_write_through_the_endpoint_and_past_it(story):
    story.wait_acked("through", 50)
    verdict = story.verdict()
    assert verdict.findings == []
    assert verdict.confirmed > 0 and len(verdict.runs) == 1


def test_the_control_plane_loses_an_isolated_host_and_has_it_back(lab):
    host = lab.agents[2]

    def connected():
        return lab.cachectl("agent", "describe", host.name).expect(0).json["connected"]
    lab.isolate(host)
    wait_until("the agent is lost", lambda: not connected())
    lab.heal()
    wait_until("the agent is back", connected)


def test_a_frozen_engine_answers_nobody_until_it_is_thawed(lab):
    cluster = lab.create("single", replicas=0, multi_az=False)
    host = lab.host_of(cluster.primary)
    pid = lab.pid_of(cluster.primary)
    faults.freeze(host.agent.pid)  # else it would see to the engine
    faults.freeze(pid)
    assert faults.is_frozen(pid)
    with lab.connection(cluster.primary_endpoint, 1.0) as connection:
        connection.send("PING")
        holds_for("it is frozen", lambda: faults.is_frozen(pid), QUIET)
        faults.thaw(pid)
        assert connection.reply() == "PONG"
    faults.thaw(host.agent.pid)


def test_a_lost_host_has_no_process_and_boots_again(lab):
    cluster = lab.create("single", replicas=0, multi_az=False)
    host = lab.host_of(cluster.primary)
    pid = lab.pid_of(cluster.primary)
    host.lose()
    assert network.processes(host.host.namespace) == []
    host.boot()
    wait_until("it serves again", lambda: lab.cluster("single").status == "available" and lab.pid_of(cluster.primary) != pid, 40)


def test_a_killed_test_run_leaves_nothing(lab):
    """`lab` is not used: it says first, and clearly, what this machine lacks."""
    program = ("import sys; sys.path[:0] = sys.argv[1:3]\nfrom netlab.lab import Lab\nmade = Lab().start(); made.create('orders')\n"
               "print(made.prefix, made.home, flush=True); sys.stdin.read()")
    child = subprocess.Popen([sys.executable, "-B", "-c", program, HERE, HERE.parent / "e2e"], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, text=True)
    prefix, home = child.stdout.readline().split()
    assert len(network.namespaces(prefix)) == 6 and pathlib.Path(home).exists()
    child.send_signal(signal.SIGKILL)
    child.wait()
    wait_until("it is gone", lambda: not network.namespaces(prefix) and not pathlib.Path(home).exists())
