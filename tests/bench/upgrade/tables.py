"""Trials as a table in Markdown and as JSON."""
import dataclasses
import json
import statistics

from report import aligned

UPGRADE = ["who", "trials", "failed", "gap ms", "longest ms", "worst ms", "lost", "most lost", "read gap ms", "whole s", "writes/s", "load", "busy"]
SCALING = ["who", "trials", "failed", "in sync s", "available s", "p99 ms before", "p99 ms meanwhile", "longest ms", "lost", "writes/s", "load", "busy"]


def upgrade_cells(trials):
    return [_median(trials, "gap_ms"), _median(trials, "longest_ms"), f"{max(trial.longest_ms for trial in trials):,.1f}",
            _median(trials, "lost", 0), f"{max(trial.lost for trial in trials):,}", _median(trials, "read_gap_ms"), _median(trials, "seconds")]


def scaling_cells(trials):
    return [_median(trials, "in_sync", 2), _median(trials, "seconds", 2), _median(trials, "p99_before_ms", 2), _median(trials, "p99_ms", 2),
            _median(trials, "longest_ms"), f"{sum(trial.lost for trial in trials):,}"]


def table(headings, cells, cases, trials):
    """A row for each case that took part."""
    rows = [headings]
    for case in cases:
        of_case = [trial for trial in trials if trial.way == case.name]
        good = [trial for trial in of_case if not trial.problem]
        if not of_case:
            continue
        figures = cells(good) + [_median(good, "writes_a_second", 0)] if good else ["-"] * (len(headings) - 5)
        noise = [_median(good, "load"), f"{statistics.median(trial.busy for trial in good):.0%}"] if good else ["-", "-"]
        rows.append([case.title, str(len(of_case)), str(len(of_case) - len(good)), *figures, *noise])
    return aligned(rows, 1)


def problems(trials):
    return [f"{trial.way}: {trial.problem}" for trial in trials if trial.problem]


def document(about, trials):
    return json.dumps({"about": about, "trials": [dataclasses.asdict(trial) for trial in trials]}, indent=1)


def _median(trials, field, digits=1):
    return f"{statistics.median(getattr(trial, field) for trial in trials):,.{digits}f}"
