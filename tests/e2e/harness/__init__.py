"""What the end-to-end tests need to run a whole Cacheplane of their own. See README.md."""
from .clients import Hammer, Recorder, connect, info
from .installation import GIBIBYTE, Cluster, Installation, address_of, kill
from .places import ZONES, images
from .process import alive, guards_below, kill_and_start
from .waiting import holds_for, wait_until
from .windows import LATER, OPEN_NOW, SNAPSHOTS_ELSEWHERE

__all__ = ["Cluster", "GIBIBYTE", "Hammer", "Installation", "LATER", "OPEN_NOW", "Recorder", "SNAPSHOTS_ELSEWHERE", "ZONES", "address_of", "alive", "connect", "guards_below", "holds_for", "images",
           "info", "kill", "kill_and_start", "wait_until"]
