"""Trials as an aligned table and as JSON."""
import dataclasses
import json
import math
import statistics


def percentile(values, share):
    """The nearest rank; of fewer than a hundred values, the 99th percentile is the largest."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


def row(case, way, trials):
    """What the trials of one way in one case came to."""
    good = [trial for trial in trials if not trial.problem]
    gaps = [trial.gap_ms for trial in good]
    return {"case": case.name, "way": way.name, "trials": len(trials), "failed": len(trials) - len(good),
            "median_ms": round(statistics.median(gaps), 1) if gaps else None,
            "p99_ms": round(percentile(gaps, 0.99), 1) if gaps else None,
            "acknowledged": sum(trial.acknowledged for trial in good), "lost": sum(trial.lost for trial in good),
            "load": round(statistics.median(trial.load for trial in trials), 1),
            "busy": round(statistics.median(trial.busy for trial in trials), 2)}


def cells(entry, cases, ways):
    def number(value):
        return f"{value:,.1f}" if value is not None else "-"
    return [cases[entry["case"]].title, ways[entry["way"]].title, str(entry["trials"]), str(entry["failed"]),
            number(entry["median_ms"]), number(entry["p99_ms"]), f"{entry['acknowledged']:,}", f"{entry['lost']:,}",
            f"{entry['load']:.1f}", f"{entry['busy']:.0%}"]


def summary(about):
    words = {key.replace("_", " "): ", ".join(value) if isinstance(value, list) else value for key, value in about.items()}
    return ", ".join(f"{key} {value}" for key, value in words.items()) + "."


HEADINGS = ["case", "who", "trials", "failed", "gap ms, median", "p99", "acknowledged", "lost", "load", "busy"]


def table(entries, cases, ways):
    return aligned([HEADINGS] + [cells(entry, cases, ways) for entry in entries], 2)


def aligned(rows, words):
    """Markdown of rows of text, the first of them the headings: so many columns of words to the left, figures to the right."""
    widths = [max(len(line[i]) for line in rows) for i in range(len(rows[0]))]

    def line(values):
        padded = [value.ljust(width) if i < words else value.rjust(width) for i, (value, width) in enumerate(zip(values, widths))]
        return "| " + " | ".join(padded) + " |"

    rule = "|" + "|".join("-" * (width + 2) if i < words else "-" * (width + 1) + ":" for i, width in enumerate(widths)) + "|"
    return "\n".join([line(rows[0]), rule, *(line(values) for values in rows[1:])])


def problems(trials):
    """Each way in which trials failed, once, with how often."""
    counts = {}
    for trial in trials:
        if trial.problem:
            key = (trial.case, trial.way, trial.problem)
            counts[key] = counts.get(key, 0) + 1
    return [f"{case}, {way}: {count} x {problem}" for (case, way, problem), count in counts.items()]


def document(about, entries, trials):
    return json.dumps({"about": about, "rows": entries, "trials": [dataclasses.asdict(trial) for trial in trials]}, indent=1)
