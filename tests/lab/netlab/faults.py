"""What can go wrong with a host: cuts in its network, processes that freeze or die. All of it can be taken back."""
import os
import signal

from harness.waiting import wait_until

from .network import NIC, call

TABLE = "inet lab_cut"
DIRECTIONS = {"in": ("in",), "out": ("out",), "both": ("in", "out")}
_CHAINS = {"in": ("input", "iifname", "saddr"), "out": ("output", "oifname", "daddr")}


class Cuts:
    """The cuts of one host, as nftables rules in its namespace; packets are dropped without a word.

    Not for a host with a router: in its namespace packets carry endpoints' addresses. Cut at the other end there.
    """

    def __init__(self, host):
        self._host = host
        self._cut = set()  # (direction, range of a peer or "" for everybody, percent of packets)

    def add(self, direction="both", peers=None, percent=100):
        """`in`: the host hears nothing; `out`: nobody hears it. `peers`: only from and to these hosts. `percent` of the packets."""
        ranges = [""] if peers is None else [each for peer in peers for each in peer.ranges]
        self._cut |= {(way, each, percent) for way in DIRECTIONS[direction] for each in ranges}
        self._render()

    def heal(self):
        if self._cut:
            self._cut.clear()
            self._render()

    def dropped(self):
        """Packets that met a cut."""
        words = self._host.run("nft", "list", "table", *TABLE.split()).split()
        return sum(int(words[i + 1]) for i, word in enumerate(words) if word == "packets")

    def _render(self):
        # One transaction: no packet ever passes between the old rules and the new.
        lines = [f"table {TABLE}", f"delete table {TABLE}"]
        if self._cut:
            lines += [f"table {TABLE} {{", *(self._chain(way) for way in _CHAINS), "}"]
        self._host.nft("\n".join(lines) + "\n")

    def _chain(self, way):
        hook, card, field = _CHAINS[way]
        rules = [f'{card} "{NIC}" {f"ip {field} {peer} " if peer else ""}{_chance(percent)}counter drop'
                 for each, peer, percent in sorted(self._cut) if each == way]
        # Before the product's own rules, and never for what the host says to itself.
        return f"chain {hook} {{ type filter hook {hook} priority -400; policy accept; {'; '.join(rules)}{';' if rules else ''} }}"


def _chance(percent):
    return "" if percent == 100 else f"numgen random mod 100 < {percent} "


def freeze(pid):
    """Returns when it has stopped; the signal alone takes a moment."""
    os.kill(pid, signal.SIGSTOP)
    wait_until(f"{pid} is frozen", lambda: is_frozen(pid))


def thaw(pid):
    try:
        os.kill(pid, signal.SIGCONT)
    except ProcessLookupError:
        pass  # killed while it was frozen


def kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def is_frozen(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
        return stat.read().rpartition(")")[2].split()[0] == "T"


def link(host, up):
    call(["ip", "-n", host.namespace, "link", "set", NIC, "up" if up else "down"])
