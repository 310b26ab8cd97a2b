"""What must be in a key in the end, what must not, and what was lost.

Replication is a log of which a failover may cut off the tail. So an acknowledged write that nobody confirmed with WAIT
may be lost, and this counts it; but it is never lost while a later one through the same primary survived (a hole).
"""
import bisect
import collections
import dataclasses

from .history import Op


@dataclasses.dataclass
class Element:
    """One value of one key: who wrote it, and how often it is there in the end."""
    key: str
    value: object
    adds: list = dataclasses.field(default_factory=list)
    removes: list = dataclasses.field(default_factory=list)
    count: int = 0

    def binding_add(self):
        """An acknowledged add after which no remove can have come; the best confirmed one."""
        removes = [op for op in self.removes if op.effective]
        binding = [add for add in self.adds if add.acked and all(op.surely_before(add) for op in removes)]
        return max(binding, key=lambda op: op.wait, default=None)

    def binding_remove(self):
        """An acknowledged remove after which no add can have come; the best confirmed one."""
        adds = [op for op in self.adds if op.effective]
        binding = [op for op in self.removes if op.acked and all(add.surely_before(op) for add in adds)]
        return max(binding, key=lambda op: op.wait, default=None)


@dataclasses.dataclass
class Contents:
    """What the elements of a history came to. Lists of operations; of values where there is no operation."""
    lost: list[Op] = dataclasses.field(default_factory=list)
    resurrected: list[Op] = dataclasses.field(default_factory=list)  # the removes that were undone
    duplicate: list = dataclasses.field(default_factory=list)
    phantom: list = dataclasses.field(default_factory=list)
    hole: list[Op] = dataclasses.field(default_factory=list)
    reordered: list[Op] = dataclasses.field(default_factory=list)


def elements_of(history):
    found = {}

    def element(key, value):
        return found.setdefault((key, value), Element(key, value))

    for op in history.writes():
        target = element(op.key, op.value)
        (target.removes if op.f == "remove" else target.adds).append(op)
    for key, values in history.finals().items():
        for value, count in collections.Counter(values).items():
            element(key, value).count = count
    return list(found.values())


def judge_contents(history):
    contents = Contents()
    kept = []
    for element in elements_of(history):
        _judge(element, contents, kept)
    contents.hole = _holes(contents.lost + contents.resurrected, kept, history.acks())
    contents.reordered = _reordered(history)
    return contents


def _judge(element, contents, kept):
    possible = [op for op in element.adds if op.effective]
    name = f"{element.key} {element.value}"
    if element.count and not possible:
        contents.phantom.append(name + (" (refused, and there)" if element.adds else " (never written)"))
    elif element.count > len(possible):
        contents.duplicate.append(f"{name} ({element.count} times, written {len(possible)} times)")
    add, remove = element.binding_add(), element.binding_remove()
    if add:
        (kept if element.count else contents.lost).append(add)
    elif remove and possible:
        # That it is not there is no proof that the remove survived: the add may have been lost with it.
        if element.count:
            contents.resurrected.append(remove)


def _holes(lost, kept, acks):
    """Lost although a later write through the same primary survived, before any other primary acknowledged."""
    others = {}
    survivors = collections.defaultdict(list)
    for op in kept:
        survivors[op.run].append(op.invoked)
    for times in survivors.values():
        times.sort()
    holes = []
    for op in lost:
        if op.run is None or op.run not in survivors:
            continue
        if op.run not in others:
            others[op.run] = [ack.ended for ack in acks if ack.run != op.run]
        position = bisect.bisect_right(others[op.run], op.ended)
        until = others[op.run][position] if position < len(others[op.run]) else float("inf")
        next_kept = bisect.bisect_right(survivors[op.run], op.ended)
        if next_kept < len(survivors[op.run]) and survivors[op.run][next_kept] < until:
            holes.append(op)
    return holes


def _reordered(history):
    """Appends that stand behind one which began after they had been acknowledged."""
    appends = {(op.key, op.value): op for op in history.ops if op.f == "append" and op.acked}
    wrong = []
    for key, values in history.finals().items():
        latest = 0
        for value in values:
            op = appends.get((key, value))
            if op is None:
                continue
            if op.ended < latest:
                wrong.append(op)
            latest = max(latest, op.invoked)
    return wrong
