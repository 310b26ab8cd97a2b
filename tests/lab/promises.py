"""What every scenario ends with, and its figures for the summary."""
import time

LEASE_MS = 1000
ASYNC_LOSS_MS = 2 * LEASE_MS  # what an isolated primary acknowledges until its lease ends, and the scheduling of a busy machine

figures = []


def no_two_primaries(story, scenario):
    """One primary at a time, nothing from a deposed one, nothing lost that WAIT had confirmed; other losses bounded."""
    verdict = story.verdict()
    figures.append(f"{scenario}: gap {story.writers.gap_ms('through'):.0f} ms; {verdict}")
    assert verdict.breaches == [], str(verdict)
    if verdict.lost_after_fault_ms is not None:
        assert verdict.lost_after_fault_ms <= ASYNC_LOSS_MS, str(verdict)
    return verdict


def nobody_noticed(story, scenario):
    """No failover, and no client of the endpoint was refused or left without an answer."""
    assert story.writers.errors("through") == [], story.writers.errors("through")[:3]
    verdict = no_two_primaries(story, scenario)
    after = story.lab.cluster(story.name)
    assert decisions(after) == decisions(story.before)
    assert len(verdict.runs) == 1 and verdict.lost == 0, str(verdict)


def decisions(cluster):
    """What changes with every decision about who is primary."""
    shard = cluster.described["shards"][0]
    return shard["epoch"], shard["failovers"], cluster.primary["name"]


def still_for(leases):
    """Time passes with things as they are. Nothing is waited for: what is to be seen is that nothing happens."""
    time.sleep(leases * LEASE_MS / 1000)
