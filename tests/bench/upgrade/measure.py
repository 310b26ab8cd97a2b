"""One upgrade, or one replica added, while clients write and read: what it cost them."""
import contextlib
import dataclasses
import os
import time

from harness import info
from report import percentile
from routes import command, to_primary
from trial import busy_share, cpu_times, recovered, wait
from writer import Writer

from clients import Reader

WRITES, READS = "bench:upgrade", "fill:0"  # the latter is among what fill() wrote
KEYS_A_MEBIBYTE = 256                      # of fill()
WARM = 500    # uses of each client before the operation
WARMING = 60  # seconds that they may take
PAUSE = 0.01  # seconds; longer without an acknowledgement is a pause
BEFORE = 3.0  # seconds of latencies to compare with
REPLICAS = 3


@dataclasses.dataclass
class Trial:
    way: str
    seconds: float = 0.0          # until the operation had ended
    load: float = 0.0
    busy: float = 0.0             # of all CPUs, while it was measured
    writes_a_second: float = 0.0  # that the writer really made, pauses included
    acknowledged: int = 0
    lost: int = 0
    errors: dict = dataclasses.field(default_factory=dict)  # of the writer
    # Milliseconds, of an upgrade
    gap_ms: float = 0.0           # all pauses of the writer together
    longest_ms: float = 0.0
    read_gap_ms: float = 0.0      # the longest
    # Milliseconds, of a replica added; the seconds until the primary lists it as online
    in_sync: float = 0.0
    p99_before_ms: float = 0.0
    p99_ms: float = 0.0
    problem: str = ""             # why it does not count


def measure_upgrade(name, way, image, options):
    trial = Trial(name)
    writer = Writer(way.writer_route(), WRITES, options.rate, options.patience / 1000)
    reader = Reader(way.reader_route(), READS, options.read_rate, options.patience / 1000)
    with _using(trial, writer, reader) as since:
        way.upgrade(image)
        trial.seconds = time.monotonic() - since
        served = recovered([writer, reader], time.monotonic(), 0, options.deadline)
        _expect(served, f"clients are not served without pauses within {options.deadline} s")
    pauses = [gap for gap in writer.gaps(since) if gap > PAUSE]
    trial.gap_ms, trial.longest_ms = 1000 * sum(pauses), 1000 * writer.longest_gap(since)
    trial.read_gap_ms = 1000 * reader.longest_gap(since)
    _look_back(trial, way, writer, image, options)
    return trial


def measure_scaling(name, way, image, options):
    trial = Trial(name)
    writer = Writer(way.writer_route(), WRITES, options.rate, options.patience / 1000)
    with _using(trial, writer, seconds=BEFORE) as since:
        trial.in_sync, trial.seconds = way.add_replica(REPLICAS)
    trial.p99_before_ms = _p99_ms(writer, since - BEFORE, since, 1 / options.rate)
    trial.p99_ms = _p99_ms(writer, since, since + trial.in_sync, 1 / options.rate)
    trial.longest_ms = 1000 * max(writer.took(since, since + trial.in_sync))
    _look_back(trial, way, writer, image, options)
    return trial


@contextlib.contextmanager
def _using(trial, writer, *others, seconds=0.0):
    """Clients at work for so long, and then while the block runs, which is given the time at which it began."""
    clients = (writer, *others)
    with contextlib.ExitStack() as stack:
        for client in clients:
            stack.enter_context(client)
        warm = wait(lambda: all(client.acknowledged >= WARM for client in clients), time.monotonic() + WARMING)
        _expect(warm, f"clients are not served {WARM} times in {WARMING} s beforehand")
        time.sleep(seconds)
        cpu, since = cpu_times(), time.monotonic()
        yield since
        trial.busy, trial.load = busy_share(cpu, cpu_times()), os.getloadavg()[0]
    trial.acknowledged, trial.errors = len(writer.times), dict(writer.errors)
    trial.writes_a_second = len(writer.times) / (writer.times[-1] - writer.times[0])


def _look_back(trial, way, writer, image, options):
    """Counts what is lost of the acknowledged writes; anything else that is not as it must be afterwards is a problem."""
    trial.lost = len(writer.lost())
    keys = _count_keys(writer.route)
    _expect(keys == options.mib * KEYS_A_MEBIBYTE, f"{keys} keys instead of {options.mib * KEYS_A_MEBIBYTE}")
    versions = {info(address, "server")[f"{image.engine}_version"] for address in way.addresses()}
    _expect(versions == {image.version}, f"nodes are of {', '.join(sorted(versions))} instead of {image.version}")


def _count_keys(route):
    connection = to_primary(route)
    try:
        return int(connection.ask(command("DBSIZE"))[1:])
    finally:
        connection.close()


def _p99_ms(writer, since, until, period):
    """As a client sees it whose requests come at a steady rate: whoever would have asked during a long write has waited, too."""
    waits = []
    for took in writer.took(since, until):
        waits += [took - missed * period for missed in range(max(1, int(took / period)))]
    return 1000 * percentile(waits, 0.99)


def _expect(condition, problem):
    if not condition:
        raise RuntimeError(problem)
