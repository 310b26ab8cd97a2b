"""Hosts as network namespaces on one bridge, which is in a namespace of its own: the machine's own network stays as it is."""
import ctypes
import os
import signal
import socket
import subprocess
import threading
import time

CLONE_NEWNET = 0x40000000
NIC = "eth0"


class LabError(Exception):
    """The lab itself cannot do what it should."""


def call(words, stdin=None):
    done = subprocess.run([str(word) for word in words], input=stdin, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LabError(f"{' '.join(map(str, words))}: {done.returncode}\n{done.stderr}{stdin or ''}")
    return done.stdout


class Host:
    """A namespace with one network card. `local` are the ranges whose addresses are its own, to listen on and to answer."""

    def __init__(self, name, namespace, address, local=()):
        self.name = name
        self.namespace = namespace
        self.address = address
        self.local = tuple(local)

    def command(self, *words):
        """The words as a command inside. `ip netns exec` would hide /sys, where the control groups are."""
        return ["nsenter", f"--net=/run/netns/{self.namespace}", *map(str, words)]

    def run(self, *words, stdin=None):
        return call(self.command(*words), stdin)

    def nft(self, script):
        return self.run("nft", "-f", "-", stdin=script)

    @property
    def ranges(self):
        return (self.address, *self.local)

    def socket(self, kind=socket.SOCK_STREAM):
        """A socket of this host. Made by a thread that ends at once, so that no other work gets into the namespace."""
        made = []

        def make():
            try:
                with open(f"/run/netns/{self.namespace}", "rb") as namespace:
                    libc = ctypes.CDLL(None, use_errno=True)
                    if libc.setns(namespace.fileno(), CLONE_NEWNET) != 0:
                        raise OSError(ctypes.get_errno(), "setns")
                made.append(socket.socket(socket.AF_INET, kind))
            except OSError as error:
                made.append(error)

        thread = threading.Thread(target=make)
        thread.start()
        thread.join()
        if isinstance(made[0], OSError):
            raise LabError(f"a socket in {self.namespace}: {made[0]}")
        return made[0]

    def connect(self, address, timeout=2.0):
        """A connection from this host to (address, port)."""
        made = self.socket()
        made.settimeout(timeout)
        try:
            made.connect(address)
        except OSError:
            made.close()
            raise
        return made


class Network:
    def __init__(self, prefix):
        self.prefix = prefix
        self._switch = f"{prefix}-switch"
        self._hosts = []
        call(["ip", "netns", "add", self._switch])
        call(["ip", "-n", self._switch, "link", "add", "br0", "type", "bridge"])
        call(["ip", "-n", self._switch, "link", "set", "br0", "up"])

    def add_host(self, name, address, prefix_length, local=()):
        """The whole network is on the link, so `local` ranges of others are found by asking who has an address."""
        host = Host(name, f"{self.prefix}-{name}", address, local)
        inside = ["ip", "-n", host.namespace]
        port = f"p{len(self._hosts)}"
        call(["ip", "netns", "add", host.namespace])
        call(["ip", "-n", self._switch, "link", "add", port, "type", "veth", "peer", "name", NIC, "netns", host.namespace])
        call(["ip", "-n", self._switch, "link", "set", port, "master", "br0", "up"])
        call([*inside, "link", "set", "lo", "up"])
        call([*inside, "link", "set", NIC, "up"])
        call([*inside, "addr", "add", f"{address}/{prefix_length}", "dev", NIC])
        for cidr in local:
            call([*inside, "route", "add", "local", cidr, "dev", "lo"])
        self._hosts.append(host)
        return host


def namespaces(prefix):
    names = [line.split()[0] for line in call(["ip", "netns", "list"]).splitlines() if line.strip()]
    return [name for name in names if name.startswith(prefix + "-")]


def processes(namespace):
    """Ended ones that their parent has not collected are listed too."""
    return [int(pid) for pid in call(["ip", "netns", "pids", namespace]).split()]


def remove(prefix, seconds=20.0):
    """Kills everything in the namespaces of the prefix and removes these; namespaces take their devices along."""
    deadline = time.monotonic() + seconds
    left = namespaces(prefix)
    while pids := [pid for name in left for pid in processes(name)]:
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if time.monotonic() > deadline:
            raise LabError(f"processes of {prefix} do not end: {pids}")
        time.sleep(0.02)  # the kernel takes a moment to end them
    for name in left:
        call(["ip", "netns", "delete", name])
