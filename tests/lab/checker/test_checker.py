"""The checker finds what is wrong, and nothing where nothing is."""
import json
import pathlib
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))

from checker import History, HistoryError, check, notation  # noqa: E402
from checker.clean import CLEAN  # noqa: E402
from checker.doctored import DOCTORED, NO_HISTORIES  # noqa: E402
from checker.mutations import MUTATIONS, failover_story, kinds_that_must_show  # noqa: E402


def verdict_on(text, **options):
    return check(History(notation.events(text)), **options)


@pytest.mark.parametrize("name", CLEAN)
def test_nothing_is_found_in_a_clean_history(name):
    assert verdict_on(CLEAN[name]).kinds == []


@pytest.mark.parametrize("name", DOCTORED)
def test_a_doctored_history_is_found_out(name):
    kinds, text = DOCTORED[name]
    assert verdict_on(text).kinds == kinds


def test_there_are_enough_doctored_histories():
    assert len(DOCTORED) >= 30


@pytest.mark.parametrize("name", NO_HISTORIES)
def test_what_is_no_history_gets_no_verdict(name):
    reason, text = NO_HISTORIES[name]
    with pytest.raises(HistoryError, match=reason):
        verdict_on(text)


@pytest.mark.parametrize("events", [
    [{"t": 1, "p": "w", "ty": "ok", "f": "add", "k": "s", "v": 1}],
    [{"t": 1, "p": "w", "ty": "invoke", "f": "add", "k": "s", "v": 1}, {"t": 2, "p": "w", "ty": "ok", "f": "add", "k": "s", "v": 2}],
    [{"t": 5, "p": "w", "ty": "invoke", "f": "add", "k": "s", "v": 1}, {"t": 4, "p": "w", "ty": "ok", "f": "add", "k": "s", "v": 1}],
    [{"t": 1, "p": "w", "ty": "maybe", "f": "add", "k": "s", "v": 1}],
    [{"t": 1, "p": "w", "ty": "invoke", "f": "flush", "k": "s", "v": 1}],
    [{"t": 1.5, "p": "w", "ty": "invoke", "f": "add", "k": "s", "v": 1}],
    [{"t": 1, "ty": "invoke", "f": "add", "k": "s", "v": 1}],
])
def test_events_that_cannot_be_are_refused(events):
    with pytest.raises(HistoryError):
        History(events)


def test_only_losses_are_no_breach():
    verdict = verdict_on(DOCTORED["an acknowledged write is missing"][1])
    assert verdict.breaches == [] and verdict.lost == 1
    for name, (kinds, text) in DOCTORED.items():
        if set(kinds) - {"lost", "resurrected"}:
            assert verdict_on(text).breaches, name


def test_losses_are_counted_and_placed():
    verdict = verdict_on("""
        w1 1-2 add s 1 ok A
        w1 3-100 add s 2 fail A
        -- 150 fault
        w1 200-202 add s 3 ok A
        w1 300-352 add s 4 ok A
        w1 400-? add s 5 info
        w2 1400-1401 add s 6 ok B wait=1
        -- 1500 fault
        -- final s 1 6""")
    assert (verdict.acked, verdict.confirmed, verdict.refused, verdict.unknown) == (4, 1, 1, 1)
    assert (verdict.lost, verdict.loss_window_ms, verdict.lost_after_fault_ms) == (2, 150.0, 202.0)
    assert verdict.runs == {"A": 3, "B": 1}


def test_what_may_be_in_flight_is_a_parameter():
    text = DOCTORED["an engine that woke, just beyond what may be in flight"][1]
    assert verdict_on(text, slack_ns=300_000_000).kinds == []


@pytest.mark.parametrize("seed", range(5))
def test_a_long_history_of_a_failover_is_clean(seed):
    assert check(History(failover_story(seed))).kinds == []


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", MUTATIONS)
def test_one_wrong_thing_in_a_long_history_is_found(name, seed):
    events = MUTATIONS[name](failover_story(seed), seed)
    found = set(check(History(events)).kinds)
    assert kinds_that_must_show(name) <= found, found


def test_the_program_says_the_verdict_of_a_file(tmp_path):
    def run(text):
        path = tmp_path / "history.jsonl"
        path.write_text("".join(json.dumps(event) + "\n" for event in notation.events(text)))
        return subprocess.run([sys.executable, "-B", "-m", "checker", path], cwd=pathlib.Path(__file__).parents[1],
                              capture_output=True, text=True, check=False)

    clean, doctored = run(CLEAN["a failover without loss"]), run(DOCTORED["two primaries by turns"][1])
    none = run("-- final s 1\n-- final s 1")
    assert clean.returncode == 0 and "BREACH" not in clean.stdout
    assert doctored.returncode == 1 and "BREACH two_primaries" in doctored.stdout
    assert none.returncode == 2 and "no verdict" in none.stderr


def test_a_line_that_is_no_event_is_named(tmp_path):
    from checker import read_history
    path = tmp_path / "torn.jsonl"
    path.write_text('{"t": 1, "p"')
    with pytest.raises(HistoryError, match="torn.jsonl:1"):
        read_history(path)
