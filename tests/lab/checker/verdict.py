"""Everything that a history shows, as findings. Losses are counted; the other findings are breaches."""
import dataclasses

from . import primaries
from .elements import judge_contents
from .primaries import SLACK_NS

# What asynchronous replication may lose in a failover.
LOSSES = ("lost", "resurrected")


@dataclasses.dataclass
class Finding:
    kind: str
    count: int
    text: str

    @property
    def is_loss(self):
        return self.kind in LOSSES

    def __str__(self):
        return f"{self.kind}: {self.text}"


@dataclasses.dataclass
class Verdict:
    findings: list
    acked: int = 0
    confirmed: int = 0  # of these, with WAIT
    refused: int = 0
    unknown: int = 0
    lost: int = 0  # acknowledged, not confirmed, undone
    loss_window_ms: float = 0.0  # from the first to the last acknowledgement of what was lost
    lost_after_fault_ms: float | None = None  # the last one, from the fault before it
    runs: dict = dataclasses.field(default_factory=dict)  # run -> acknowledged

    @property
    def kinds(self):
        return sorted({finding.kind for finding in self.findings})

    @property
    def breaches(self):
        return [finding for finding in self.findings if not finding.is_loss]

    def __str__(self):
        loss = f"lost {self.lost} within {self.loss_window_ms:.1f} ms"
        if self.lost_after_fault_ms is not None:
            loss += f", the last one {self.lost_after_fault_ms:.1f} ms after the fault"
        lines = [f"{self.acked} acknowledged ({self.confirmed} confirmed), {self.refused} refused, {self.unknown} unknown; {loss}"]
        lines += [f"  {run}: {count} acknowledged" for run, count in self.runs.items()]
        lines += [f"  {'loss' if finding.is_loss else 'BREACH'} {finding}" for finding in self.findings]
        return "\n".join(lines)


def check(history, slack_ns=SLACK_NS):
    contents = judge_contents(history)
    verdict = Verdict(_content_findings(contents) + _primary_findings(history, slack_ns))
    _count(verdict, history)
    _measure_loss(verdict, history, contents)
    return verdict


def _some(things):
    return "; ".join(map(str, things[:3])) + (f"; … {len(things)} in all" if len(things) > 3 else "")


def _finding(kind, things):
    return [Finding(kind, len(things), _some(things))] if things else []


def _content_findings(contents):
    found = []
    for kind, ops in (("lost", contents.lost), ("resurrected", contents.resurrected)):
        found += _finding(kind, [op for op in ops if not op.wait])
        found += _finding(f"{kind}_confirmed", [op for op in ops if op.wait])
    for kind in ("duplicate", "phantom", "hole", "reordered"):
        found += _finding(kind, getattr(contents, kind))
    return found


def _primary_findings(history, slack_ns):
    tenures = primaries.follow(history, slack_ns)
    deposed = list(tenures.deposed.values())
    found = _finding("unappointed", tenures.unappointed)
    for each in deposed:
        found.append(Finding("deposed_ack", len(each.ops), str(each)))
        if each.new_went_on:
            found.append(Finding("two_primaries", len(each.ops), f"{each.old} and {each.new} acknowledged by turns"))
    shared = primaries.epochs_shared(history)
    found += _finding("two_primaries", [f"epoch {epoch}: {', '.join(runs)}" for epoch, runs in shared.items()])
    return found + _finding("epoch_back", primaries.epochs_back(history))


def _count(verdict, history):
    for op in history.writes():
        verdict.refused += op.outcome == "fail"
        verdict.unknown += op.outcome == "info"
    for op in history.acks():
        verdict.acked += 1
        verdict.confirmed += op.wait > 0
        run = op.run or op.node or "?"
        verdict.runs[run] = verdict.runs.get(run, 0) + 1


def _measure_loss(verdict, history, contents):
    lost = sorted(op.ended for op in contents.lost + contents.resurrected if not op.wait)
    if not lost:
        return
    verdict.lost = len(lost)
    verdict.loss_window_ms = (lost[-1] - lost[0]) / 1e6
    faults = [mark.t for mark in history.marks if mark.what == "fault" and mark.t <= lost[-1]]
    if faults:
        verdict.lost_after_fault_ms = (lost[-1] - max(faults)) / 1e6
