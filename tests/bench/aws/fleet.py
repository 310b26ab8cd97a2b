"""Many groups in a store: copies of one that was created through the API, since 30,000 nodes are more than the quota of a region."""
import re
import sqlite3
import uuid

SAMPLE = "sample"
# Tables with a cluster's rows, parents first, and which of their rows are the sample's.
TABLES = {
    "cluster": "uid = :uid",
    "cluster_security_group": "cluster = :uid",
    "cluster_revision": "cluster = :uid",
    "shard": "cluster = :uid",
    "node": "cluster = :uid",
    "endpoint": "cluster = :uid",
    "address": "endpoint_cluster = :uid OR node IN (SELECT incarnation FROM node WHERE cluster = :uid)",
    "operation": "cluster = :uid",
}


class Sample:
    """The rows of the group to copy, and the words in them that no other group may have."""

    def __init__(self, database):
        self._database = database
        uid, = self._only("SELECT uid FROM cluster WHERE name = ?", SAMPLE)
        self.tables = {table: self._rows(table, where, uid) for table, where in TABLES.items()}
        self.ids = [uid, *self._column("SELECT incarnation FROM node WHERE cluster = ?", uid),
                    *self._column("SELECT id FROM operation WHERE cluster = ?", uid)]
        self.agents = self._column("SELECT agent FROM node WHERE cluster = ?", uid)
        self.addresses = [row[0] for row in self.tables["address"]]
        words = [SAMPLE, *self.ids, *self.agents, *self.addresses]
        self._words = re.compile("|".join(rf"(?<![\w.]){re.escape(word)}(?![\w.])" for word in sorted(words, key=len, reverse=True)))

    def _only(self, query, *values):
        row, = self._database.execute(query, values).fetchall()
        return row

    def _column(self, query, *values):
        return [row[0] for row in self._database.execute(query, values)]

    def _rows(self, table, where, uid):
        return self._database.execute(f"SELECT * FROM {table} WHERE {where}", {"uid": uid}).fetchall()

    def copy(self, new):
        """Inserts a copy in which each word is what `new` has for it."""
        def renamed(value):
            return self._words.sub(lambda found: new[found.group()], value) if isinstance(value, str) else value
        for table, rows in self.tables.items():
            marks = ", ".join("?" * len(rows[0])) if rows else ""
            self._database.executemany(f"INSERT INTO {table} VALUES ({marks})", [tuple(map(renamed, row)) for row in rows])


def fill(path, count, agents_per_zone):
    """Copies the sample until there are so many groups, over all agents of its nodes' zones."""
    database = sqlite3.connect(path)
    try:
        database.execute("PRAGMA foreign_keys = ON")
        with database:
            sample = Sample(database)
            _make_copies(sample, count, agents_per_zone)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        database.close()


def _make_copies(sample, count, agents_per_zone):
    free = {subnet_of(address): int(address.split(".")[2]) * 256 + 256 for address in sample.addresses}
    for number in range(1, count):
        new = {SAMPLE: name_of(number)}
        for word in sample.ids:
            new[word] = f"{word.partition('-')[0]}-{uuid.uuid4().hex}"
        for agent in sample.agents:
            new[agent] = f"{agent.rpartition('-')[0]}-{number % agents_per_zone:02}"
        for address in sample.addresses:
            subnet = subnet_of(address)
            new[address] = f"{subnet}.{free[subnet] // 256}.{free[subnet] % 256}"
            free[subnet] += 1
        sample.copy(new)


def subnet_of(address):
    return address.rpartition(".")[0].rpartition(".")[0]


def name_of(number):
    return f"group-{number:05}"
