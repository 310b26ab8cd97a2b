"""The event log and those who follow it."""
import json
import queue
import re
import signal
import subprocess
import threading

from harness import wait_until


class Follower:
    """cachectl events --follow, read as it prints."""

    def __init__(self, cachectl, token):
        words = cachectl.command("events", "--follow", "--resume-token", token)
        self._process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self._lines = queue.Queue()
        self.seen = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self._process.stdout:
            self._lines.put(json.loads(line))

    def until(self, message, cluster):
        """Reads on to the event that begins like this."""
        while True:
            event = self._lines.get(timeout=20)
            self.seen.append(event)
            if event["cluster"] == cluster and event["message"].startswith(message):
                return

    def stop(self):
        """As Ctrl-C; returns what was said at the end."""
        self._process.send_signal(signal.SIGINT)
        code = self._process.wait(20)
        errors = self._process.stderr.read()
        self._process.stderr.close()
        assert code == 130, errors
        return errors


def tokens(events):
    return [event["resume_token"] for event in events]


def make_and_delete(installation, name):
    installation.create(name)
    installation.delete(name)


def test_following_goes_on_without_gap_or_duplicate_across_restarts(installation):
    make_and_delete(installation, "zero")
    start = tokens(installation.events())[-1]
    follower = Follower(installation.cachectl, start)
    make_and_delete(installation, "one")
    follower.until("Replication group one deleted", "one")
    installation.control_plane.kill()
    installation.control_plane.start()
    installation.wait_connected()
    make_and_delete(installation, "two")
    follower.until("Replication group two deleted", "two")
    assert tokens(follower.seen)[-1] in follower.stop()

    # Another one takes it up where the first stopped; nobody listened meanwhile.
    make_and_delete(installation, "three")
    second = Follower(installation.cachectl, tokens(follower.seen)[-1])
    second.until("Replication group three deleted", "three")
    second.stop()
    everything = tokens(installation.events())
    assert tokens(follower.seen) + tokens(second.seen) == everything[everything.index(start) + 1:]


def test_the_life_of_a_cluster_is_told_in_order(shared):
    shared.create("tale", replicas=1)
    shared.cachectl("cluster", "modify", "tale", description="changed").expect(0)
    shared.delete("tale")
    told = [event["message"] for event in shared.events("tale") if event["source_type"] == "replication-group"]
    chapters = ["Creation of .* requested", ".* created", ".* modified: description", "Deletion of .* requested", ".* deleted"]
    assert len(told) == len(chapters), told
    for message, chapter in zip(told, chapters):
        assert "tale" in message and re.fullmatch(chapter, message), (message, chapter)
    nodes = {event["source"] for event in shared.events("tale") if event["source_type"] == "cache-cluster"}
    assert nodes == {"tale-001", "tale-002"}


def test_a_token_that_was_never_given_is_refused(shared):
    shared.cachectl("events", "--follow", resume_token="yesterday").expect(7)


def test_an_operation_tells_how_far_it_is(shared):
    started = shared.cachectl("cluster", "create", "steps", "--no-wait", node_type="cache.t4g.micro", replicas=1).expect(0)
    identifier = started.json["current_operation"]
    ended = shared.cachectl("operation", "wait", identifier).expect(0).json
    assert (ended["status"], ended["progress_percent"], ended["kind"]) == ("succeeded", 100, "create-cluster")
    assert ended["steps"] and all(step["status"] == "done" for step in ended["steps"])
    details = {step["name"]: step["detail"] for step in ended["steps"]}
    assert details["start engines"] == "2 of 2 engines answer"
    assert details["synchronise replicas"] == "1 of 1 replicas in sync"
    assert shared.cluster("steps").described["current_operation"] == ""
    shared.delete("steps")
    deletion = shared.cachectl("operation", "list", cluster="steps").expect(0).json["operations"][0]
    assert (deletion["kind"], deletion["steps"][-1]["detail"]) == ("delete-cluster", "2 of 2 nodes erased")
    wait_until("nothing is left", lambda: "steps" not in shared.cluster_names())
