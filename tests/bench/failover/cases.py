"""The cases: what is done to whoever keeps the primary, and who is compared in it."""
import dataclasses
import typing

from faults import hang, kill, stop

SENTINELS = ("sentinel-1000", "sentinel-5000")


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    title: str
    fault: typing.Callable  # of a way
    ways: tuple
    moves: bool = True      # whether another is primary afterwards
    watch: float = 0.5      # seconds that are looked at, at least
    megabytes: int = 0
    zone: bool = False      # of several shards, the primaries together


# So long that a lease of a second, unrenewed, would have ended well within it.
UNMOVED = {"moves": False, "watch": 3.0}

CASES = (
    Case("none", "no fault (the floor)", lambda way: None, ("ours", "direct"), moves=False, watch=2.0),
    Case("kill", "engine killed", lambda way: way.each_primary(kill), ("ours", *SENTINELS)),
    Case("kill-big", "engine killed, 1 GiB", lambda way: way.each_primary(kill), ("ours", *SENTINELS), megabytes=1024),
    Case("stop", "engine stopped", lambda way: way.each_primary(stop), ("ours", *SENTINELS)),
    Case("hang", "engine hangs", lambda way: way.each_primary(hang), ("ours", *SENTINELS)),
    Case("host-kill", "host gone, killed", lambda way: way.lose_hosts(kill), ("ours", *SENTINELS)),
    Case("host-stop", "host gone, silent", lambda way: way.lose_hosts(stop), ("ours", *SENTINELS)),
    Case("switchover", "planned switchover", lambda way: way.switch(), ("ours", "failover", "sentinel-1000")),
    Case("zone", "zone lost", lambda way: way.lose_hosts(kill), ("ours", *SENTINELS), zone=True),
    Case("agent", "agent killed", lambda way: way.lose_agents(), ("ours",), **UNMOVED),
    Case("control-plane", "control plane killed", lambda way: way.lose_control_plane(), ("ours",), **UNMOVED),
)

# A Sentinel's pause between failovers is what takes the time.
QUICK = {"kill": ("ours", "sentinel-1000"), "switchover": ("ours", "failover")}
