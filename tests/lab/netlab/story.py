"""What clients go through while something happens to a cluster, and the verdict on it.

Some writers use the primary endpoint (`through`). Others (`direct`) go straight to the address of the node that is primary at
the beginning, past the endpoint, and half of these wait long for an answer: they meet an engine that was cut off, frozen or
deposed.
"""
import contextlib
import json
import pathlib
import time

from checker import check, read_history
from harness.installation import address_of
from harness.waiting import wait_until

from .writers import Writers, contents, write_final


class Story:
    def __init__(self, lab, cluster, directory):
        self.lab = lab
        self.before = cluster
        self.name = cluster.name
        self.writers = Writers(lab.client_host, directory)
        self.writers.add("through", cluster.primary_endpoint)
        self.writers.add("direct", address_of(cluster.primary))
        self._directory = pathlib.Path(directory)
        self._marks = []
        self._late = []

    def begin(self):
        self.writers.begin()
        self.wait_acked("through", 20)
        self.wait_acked("direct", 20)
        return self

    def newcomers(self):
        """Writers that dial the endpoint only now, while the others go on with the connections they have."""
        late = Writers(self.lab.client_host, self._directory)
        late.add(f"newcomer{len(self._late)}", self.before.primary_endpoint)
        self._late.append(late)
        late.begin()
        return late

    def end(self):
        for writers in self._all():
            writers.end()

    def _all(self):
        return [self.writers, *self._late]

    def fault(self, strike, *args):
        """Marked before it strikes, so that nothing it caused is older."""
        self._mark("fault")
        strike(*args)

    def note_primary(self):
        """For a history in which one engine is primary twice: who it is now, as decided."""
        cluster = self.lab.cluster(self.name)
        with self.lab.connection(address_of(cluster.primary)) as connection:
            self._mark("promote", run=connection.run_id(), epoch=int(cluster.described["shards"][0]["epoch"]))
        return cluster

    def _mark(self, what, **more):
        self._marks.append({"t": time.monotonic_ns(), "p": "lab", "ty": "info", "f": "mark", "v": what, **more})

    def wait_acked(self, kind, count, seconds=20.0):
        self.writers.wait_acked(kind, count, seconds)

    def wait_moved(self, seconds=20.0):
        """Until every client of the endpoint is served by another engine than at the beginning."""
        first = self.writers.acked("direct")[0]["run"]

        def moved():
            last = {event["p"]: event["run"] for event in self.writers.acked("through")}
            return first not in last.values()
        wait_until("the endpoint leads to another engine", moved, seconds)

    def wait_available(self, seconds=60.0):
        def available():
            cluster = self.lab.cluster(self.name)
            assert cluster.status == "available", f"{cluster.status}: {cluster.reason}"
            # A switchover that is taken up again closes connections once more.
            assert not cluster.described["current_operation"], cluster.described["current_operation"]
            return cluster
        return wait_until(f"{self.name} is available", available, seconds)

    def verdict(self):
        """Ends the writers, reads what is there when the cluster is whole again, and judges."""
        self.end()
        cluster = self.wait_available()
        final, marks = self._directory / "final.jsonl", self._directory / "marks.jsonl"
        began = time.monotonic_ns()
        write_final(final, began, self._read(cluster.primary_endpoint))
        marks.write_text("".join(json.dumps(mark) + "\n" for mark in self._marks))
        self._wait_same_everywhere(cluster)
        return check(read_history(*(log for each in self._all() for log in each.logs), marks, final))

    def _read(self, address):
        with self.lab.connection(address) as connection:
            return contents(connection, {key: words for each in self._all() for key, words in each.keys().items()})

    def _wait_same_everywhere(self, cluster):
        """What a deposed primary had for itself is gone when it follows again."""
        def comparable(node):
            return {key: sorted(values) if key.startswith("set") else values for key, values in self._read(address_of(node)).items()}
        wanted = comparable(cluster.primary)
        for node in cluster.replicas:
            wait_until(f"{node['name']} holds what the primary holds", lambda node=node: comparable(node) == wanted)


@contextlib.contextmanager
def story_of(lab, cluster, directory):
    story = Story(lab, cluster, directory)
    try:
        yield story.begin()
    finally:
        story.end()
