"""Where programs, engine images, addresses and files of a test are."""
import itertools
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
BIN = pathlib.Path(os.environ.get("CACHEPLANE_BIN") or ROOT / "build/release/bin")
ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")
FIRST_RANGE, RANGES = 60, 60


def _images_root():
    if os.environ.get("CACHEPLANE_IMAGES"):
        return pathlib.Path(os.environ["CACHEPLANE_IMAGES"])
    if os.geteuid() == 0:
        return pathlib.Path("/var/cache/cacheplane/images")
    return pathlib.Path(os.environ.get("CACHEPLANE_HOME") or ROOT / ".cacheplane") / "images"


IMAGES = _images_root()


def images():
    """(engine, full version) of every engine image on this machine, sorted."""
    found = []
    for description in IMAGES.glob("*/image.json"):
        image = json.loads(description.read_text())
        found.append((image["engine"], image["version"]))
    return sorted(found)


_turn = itertools.count(os.getpid())


def _claim_range():
    """A number N that makes 127.N.0.0/16 ours while the socket is open: parallel runs find its address taken.

    Each time another one: the kernel remembers for two minutes where a connection of the former installation was led, and leads one
    from the same port there again.
    """
    for _ in range(RANGES):
        number = FIRST_RANGE + next(_turn) % RANGES
        claim = socket.socket()
        try:
            claim.bind((f"127.{number}.255.254", 20000))
            return number, claim
        except OSError:
            claim.close()
    raise AssertionError("every address range for tests is taken")


class Places:
    """Addresses, user ids, a kernel table and a home directory that nobody else has."""

    def __init__(self, only_images=None):
        self.number, self._claim = _claim_range()
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="cacheplane-e2e-"))
        self.grpc = f"127.{self.number}.240.1:7070"
        self.http = f"127.{self.number}.240.1:7080"
        self.table = f"cacheplane_e2e_{os.getpid()}_{self.number}"
        self._remove_stale_fences()
        self.images = IMAGES if only_images is None else self._select(only_images)

    def _remove_stale_fences(self):
        """The range is ours: whatever guards an address in it was left by a run that was killed, and would block our engines."""
        listed = subprocess.run(["nft", "list", "tables"], capture_output=True, text=True, check=False).stdout.split()
        for table in (word for word in listed if word.startswith(("cacheplane_fence_", "cacheplane_cut_"))):
            rules = subprocess.run(["nft", "list", "table", "ip", table], capture_output=True, text=True, check=False).stdout
            if f" 127.{self.number}." in rules:
                subprocess.run(["nft", "delete", "table", "ip", table], capture_output=True, check=False)

    def _select(self, names):
        """An images root that shows some images only, such as ["valkey-8.0.1"]."""
        root = self.home / "images"
        root.mkdir()
        # Engines run as users of their own and must be able to reach their image.
        self.home.chmod(0o711)
        for name in names:
            (root / name).symlink_to(IMAGES / name)
        return root

    def cidr(self, zone):
        return f"127.{self.number}.{16 * ZONES.index(zone)}.0/20"

    def uid_base(self, zone):
        """Agents on one host need ranges apart; so do installations."""
        return 200_000 + 1000 * self.number + 300 * ZONES.index(zone)

    def agent_home(self, agent):
        return self.home / "agents" / agent

    def fence_table(self, agent):
        """The kernel table with which an agent guards its primaries: FenceTable of nodeagent/app/leases.cc."""
        return f"cacheplane_fence_{self._hash_of_home(agent)}"

    def cut_table(self, agent):
        """The one with which it cuts itself off for a drill: CutTable there."""
        return f"cacheplane_cut_{self._hash_of_home(agent)}"

    def _hash_of_home(self, agent):
        value = 14695981039346656037
        for byte in str(self.agent_home(agent)).encode():
            value = (value ^ byte) * 1099511628211 % 2 ** 64
        return f"{value:016x}"

    def release(self):
        shutil.rmtree(self.home)
        self._claim.close()
