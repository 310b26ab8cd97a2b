"""Two things that people run a cache for: sessions shared by application servers, and answers of a slow database."""
import json
import pathlib
import sqlite3
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

APP = pathlib.Path(__file__).parent / "apps" / "session_app.py"


@pytest.fixture(scope="module")
def store(shared):
    cluster = shared.create("store", replicas=1)
    yield cluster
    shared.delete("store")


class WebServer:
    """One process of the application, on a port of its own."""

    def __init__(self, endpoint):
        words = [sys.executable, "-B", str(APP), "0", endpoint[0], str(endpoint[1])]
        self._process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        self._port = int(self._process.stdout.readline())

    def request(self, method, path):
        request = urllib.request.Request(f"http://127.0.0.1:{self._port}{path}", method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=10) as response:
            return json.loads(response.read())

    def kill(self):
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()


def test_sessions_are_shared_by_two_servers_and_outlive_the_restart_of_one(store):
    first, second = WebServer(store.primary_endpoint), WebServer(store.primary_endpoint)
    try:
        session = first.request("POST", "/login?user=ada")["session"]
        second.request("POST", f"/add?session={session}&item=tea")
        first.kill()
        second.request("POST", f"/add?session={session}&item=milk")
        first = WebServer(store.primary_endpoint)
        assert first.request("GET", f"/cart?session={session}") == {"user": "ada", "cart": ["tea", "milk"]}
        with pytest.raises(urllib.error.HTTPError, match="401"):
            first.request("GET", "/cart?session=guessed")
        with store.connect() as client:
            assert 0 < client.ttl(f"session:{session}") <= 1800
    finally:
        first.kill()
        second.kill()


class Reports:
    """Answers about a database, out of the cache where they are in it."""

    SLOW = "SELECT a.region, COUNT(*), SUM(a.amount * b.amount % 97) FROM sales a JOIN sales b GROUP BY a.region ORDER BY 1"

    def __init__(self, path, cache):
        self._path = path
        self._cache = cache
        self.queries = 0

    def by_region(self):
        cached = self._cache.get("report:by-region")
        if cached is not None:
            return json.loads(cached)
        rows = self._query()
        self._cache.set("report:by-region", json.dumps(rows), ex=300)
        return rows

    def _query(self):
        self.queries += 1
        # Read-only, so that a database that is not there is an error and not a new one.
        connection = sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)
        try:
            return [list(row) for row in connection.execute(self.SLOW)]
        finally:
            connection.close()


def make_database(path):
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE sales (region TEXT, amount INTEGER)")
    connection.executemany("INSERT INTO sales VALUES (?, ?)", [(("north", "south")[i % 2], i * 37 % 101) for i in range(1000)])
    connection.commit()
    connection.close()


def timed(function):
    started = time.monotonic()
    value = function()
    return value, time.monotonic() - started


def test_a_slow_query_is_answered_by_the_cache_the_second_time(store, tmp_path, record_property):
    database = tmp_path / "sales.db"
    make_database(database)
    with store.connect() as cache:
        reports = Reports(database, cache)
        row, miss = timed(reports.by_region)
        assert reports.queries == 1 and row[0][0] == "north"
        database.rename(tmp_path / "moved-away.db")
        hits = []
        for _ in range(5):
            again, seconds = timed(reports.by_region)
            assert again == row
            hits.append(seconds)
        assert reports.queries == 1, "the database was asked again"
        hit = statistics.median(hits)
        record_property("miss_ms", round(miss * 1000, 1))
        record_property("hit_ms", round(hit * 1000, 2))
        print(f"{row[0]}: {miss * 1000:.1f} ms from the database, {hit * 1000:.2f} ms from the cache")
        assert hit < miss / 10
        cache.delete("report:by-region")
        with pytest.raises(sqlite3.OperationalError):
            reports.by_region()
