"""One trial: writers run, something happens, and they are watched until they write again."""
import contextlib
import dataclasses
import math
import os
import pathlib
import time

from writer import Writer

KEY = "bench:failover"
WARM = 200       # acknowledged writes before the fault
FLOWS = 0.3      # seconds of writing without a pause, after which a trial is over
PAUSE = 0.05     # longer without a write is one
LOOK = 0.01
LOST_TOLD = 20


@dataclasses.dataclass
class Trial:
    case: str
    way: str
    # The longest gap of each shard in milliseconds; none when it did not write again.
    gaps_ms: list = dataclasses.field(default_factory=list)
    acknowledged: int = 0
    lost: int = 0
    lost_at_ms: list = dataclasses.field(default_factory=list)  # acknowledged so long after the fault; the first ones
    errors: dict = dataclasses.field(default_factory=dict)
    load: float = 0.0
    busy: float = 0.0       # of all CPUs, while it was measured
    problem: str = ""       # why it does not count

    @property
    def gap_ms(self):
        """Until the last shard writes again."""
        return max(self.gaps_ms)


def run_trial(case, way, rate, patience, deadline):
    trial = Trial(case.name, way.name)
    way.settle()
    if case.zone:
        way.gather()
    before = way.primaries()
    writers = [Writer(route, f"{KEY}:{number}", rate, patience) for number, route in enumerate(way.routes())]
    since = _measure(trial, case, way, writers, deadline)
    if trial.problem:
        return trial
    trial.gaps_ms = [round(gap, 2) for gap in trial.gaps_ms]
    lost = sorted(at for writer in writers for at in writer.lost())
    trial.lost, trial.lost_at_ms = len(lost), [round((at - since) * 1000, 2) for at in lost[:LOST_TOLD]]
    way.settle()
    moved = [old != new for old, new in zip(before, way.primaries())]
    if any(one != case.moves for one in moved):
        trial.problem = "the primary did not change" if case.moves else "the primary changed"
    return trial


def _measure(trial, case, way, writers, deadline):
    """Returns the time of the fault."""
    with contextlib.ExitStack() as stack:
        for writer in writers:
            stack.enter_context(writer)
        wait(lambda: all(writer.acknowledged >= WARM for writer in writers), time.monotonic() + 10)
        if any(writer.acknowledged < WARM for writer in writers):
            trial.problem = "no writes before the fault"
            return 0.0
        cpu, since = cpu_times(), time.monotonic()
        case.fault(way)
        if not recovered(writers, since, case.watch, deadline):
            trial.problem = f"no writes within {deadline:g} s"
        trial.busy, trial.load = busy_share(cpu, cpu_times()), os.getloadavg()[0]
    trial.gaps_ms = [writer.longest_gap(since) * 1000 for writer in writers]
    trial.acknowledged = sum(len(writer.times) for writer in writers)
    for writer in writers:
        for error, count in writer.errors.items():
            trial.errors[error] = trial.errors.get(error, 0) + count
    if not trial.problem and any(math.isinf(gap) for gap in trial.gaps_ms):
        trial.problem = "no writes after the fault"
    return since


def recovered(writers, since, watch, deadline):
    """Waits until all have written for a while without a pause, the end of the watch has come, or the deadline."""
    flowing = [since]

    def done():
        now = time.monotonic()
        if any(now - writer.last > PAUSE for writer in writers):
            flowing[0] = now
        return now - since >= watch and now - flowing[0] >= FLOWS

    return wait(done, since + deadline)


def wait(condition, deadline):
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(LOOK)
    return True


def cpu_times():
    """(busy, all) of all CPUs since the start."""
    fields = [int(field) for field in pathlib.Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return sum(fields) - fields[3] - fields[4], sum(fields)


def busy_share(before, after):
    return round((after[0] - before[0]) / max(1, after[1] - before[1]), 2)
