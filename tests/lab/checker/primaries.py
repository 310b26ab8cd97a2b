"""Who acknowledged writes, and when: never two engines by turns.

Every acknowledged write was carried out by the engine that answered, at an instant between its beginning and its end. The
engines of a shard have to take over from each other: once a newer one has acknowledged a write, an older one
acknowledges nothing that begins later, and nothing late.

In flight is not late: an answer that the older one gave in time may be read by its client after the newer one's first.
`slack` bounds that; a write which *began* after the newer one's first answer needs no bound.
"""
import dataclasses

SLACK_NS = 250_000_000


@dataclasses.dataclass
class Deposed:
    """Writes that one engine acknowledged after another had taken over."""
    old: str
    new: str
    took_over: int
    ops: list = dataclasses.field(default_factory=list)
    new_went_on: bool = False  # the newer one acknowledged, too, after the first of these

    def __str__(self):
        last = (self.ops[-1].ended - self.took_over) / 1e6
        return (f"{self.old} acknowledged {len(self.ops)} writes after {self.new} had taken over, until {last:.1f} ms after it; "
                f"first: {self.ops[0]}")


class Tenures:
    """Follows the acknowledgements through the order of primaries that is allowed.

    The order comes from the marks `promote`; without any, each engine is primary once, by its first acknowledgement.
    """

    def __init__(self, order, slack):
        self._order = order
        self._slack = slack
        self._now = 0
        self._began = {}  # position in the order -> first acknowledgement
        self.deposed = {}  # (old, new) -> Deposed
        self.unappointed = []

    def take(self, op):
        if op.run not in self._order:
            self.unappointed.append(op)
            return
        if not self._began or op.run == self._order[self._now]:
            self._advance_to(op.run, op)
            self._note_went_on(op)
            return
        if self._in_flight(op):
            return
        if op.run in self._order[self._now:]:
            self._advance_to(op.run, op)
        else:
            self._note_deposed(op)

    def _advance_to(self, run, op):
        self._now = self._order.index(run, self._now)
        self._began.setdefault(self._now, op.ended)

    def _in_flight(self, op):
        """Of the tenure before, and answered before or as the present one began."""
        began = self._began[self._now]
        return (op.run in self._order[:self._now] and op.invoked <= self._successor(op.run)
                and op.ended <= began + self._slack)

    def _successor(self, run):
        """When the first engine after the run's last tenure that is over took over."""
        last = max(i for i in range(self._now) if self._order[i] == run)
        return min(t for i, t in self._began.items() if i > last)

    def _note_deposed(self, op):
        new = self._order[self._now]
        key = (op.run, new)
        self.deposed.setdefault(key, Deposed(op.run, new, self._successor(op.run))).ops.append(op)

    def _note_went_on(self, op):
        for deposed in self.deposed.values():
            if deposed.new == op.run:
                deposed.new_went_on = True


def order_of(history, acks):
    promoted = sorted((mark for mark in history.marks if mark.what == "promote"), key=lambda mark: mark.epoch)
    if promoted:
        return [mark.run for mark in promoted]
    return list(dict.fromkeys(op.run for op in acks))


def follow(history, slack=SLACK_NS):
    """Tenures after the whole history. Acknowledgements whose engine is not known say nothing."""
    acks = [op for op in history.acks() if op.run is not None]
    tenures = Tenures(order_of(history, acks), slack)
    for op in acks:
        tenures.take(op)
    return tenures


def epochs_shared(history):
    """{epoch: runs} of epochs in which several engines acknowledged."""
    runs = {}
    for op in history.acks():
        if op.epoch is not None and op.run is not None:
            runs.setdefault(op.epoch, set()).add(op.run)
    return {epoch: sorted(names) for epoch, names in runs.items() if len(names) > 1}


def epochs_back(history):
    """Writes acknowledged in an epoch below one that had been acknowledged before they began."""
    wrong = []
    passed = []  # (when an epoch was first acknowledged, epoch), rising in both
    for op in history.acks():
        if op.epoch is None:
            continue
        if any(when < op.invoked and epoch > op.epoch for when, epoch in passed):
            wrong.append(op)
        if not passed or op.epoch > passed[-1][1]:
            passed.append((op.ended, op.epoch))
    return wrong
