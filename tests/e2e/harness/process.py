"""Processes of the programs under test: started, killed and started again as a test wants it."""
import os
import pathlib
import signal
import subprocess


class Program:
    """One program with one log over all its lives. It may not end unless a test ends it."""

    def __init__(self, name, command, log):
        self.name = name
        self.command = [str(word) for word in command]
        self.log = pathlib.Path(log)
        self._process = None

    def start(self):
        assert not self.running, f"{self.name} runs already"
        with open(self.log, "ab") as log:
            # A session of its own: nothing that is sent to the tests' terminal reaches it.
            self._process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log,
                                             stderr=subprocess.STDOUT, start_new_session=True)
        return self

    @property
    def running(self):
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self):
        return self._process.pid

    def kill(self):
        """kill -9; returns when it is gone."""
        self._end(signal.SIGKILL)

    def stop(self):
        """Asks it to end; returns when it has, with status 0."""
        self._end(signal.SIGTERM)

    def _end(self, how):
        assert self.running, self.how_it_ended()
        self._process.send_signal(how)
        code = self._process.wait(20)
        self._process = None
        assert code == (-how if how == signal.SIGKILL else 0), f"{self.name} ended with {code}\n{self.tail()}"

    def how_it_ended(self):
        """Why it does not run although no test ended it; empty when that is not so."""
        if self._process is None or self._process.poll() is None:
            return ""
        return f"{self.name} ended by itself with {self._process.returncode}\n{self.tail()}"

    def tail(self, lines=25):
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def processes_below(directory):
    """{pid: command line} of all processes that work below the directory. Ended ones that nobody collected are none."""
    found = {}
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if pathlib.Path(os.readlink(entry / "cwd")).is_relative_to(directory):
                found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue  # gone, or about to be
    return found


def guards_below(directory):
    """Pids of guard processes, which are known by their log: they work in no directory."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and pathlib.Path(os.readlink(entry / "fd/1")).is_relative_to(directory) \
                    and os.readlink(entry / "exe").split(" ")[0].endswith("cacheplane-guard"):
                found.append(int(entry.name))
        except OSError:
            continue  # gone, or about to be
    return found


def alive(pid):
    """Whether the process runs; one that ended and waits to be collected does not."""
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def kill_and_start(programs):
    """All of them are gone before the first is back."""
    for program in programs:
        program.kill()
    for program in programs:
        program.start()
